// Writes mails (RFC 5322, 2045-2047, 2231): every value is encoded or refused here, so nothing that a person typed can
// add a header or end a part.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "channels/mail/header.h"

namespace propolis::mail {

struct OutgoingFile {
  std::string name;
  std::string type = "application/octet-stream";
  std::string bytes;
};

// Header fields in order, each folded and encoded.
class HeaderWriter {
 public:
  // Free text: controls go, other than ASCII becomes encoded words of at most 75 characters.
  HeaderWriter& Text(std::string_view name, std::string_view value);
  // Addresses; those that cannot be delivered to are left out, and with none left the field.
  HeaderWriter& Addresses(std::string_view name, const std::vector<Address>& addresses);
  // Message-IDs, without brackets; those with blanks, brackets or controls are left out.
  HeaderWriter& Ids(std::string_view name, const std::vector<std::string>& ids);
  HeaderWriter& Date(std::string_view name, Time at);
  // A constant of ours; throws std::logic_error when it is not printable ASCII.
  HeaderWriter& Plain(std::string_view name, std::string_view value);
  [[nodiscard]] std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

// Content headers and body: text and HTML as alternatives, files behind them. `seed` makes the boundaries of this mail.
std::string WriteBody(std::string_view text, std::string_view html, const std::vector<OutgoingFile>& files,
                      std::string_view seed);

}  // namespace propolis::mail
