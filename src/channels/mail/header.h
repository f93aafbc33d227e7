// Header fields of mail (RFC 5322) as senders write them, not only as the standards have it: encoded words (RFC 2047),
// parameters with continuations and charsets (RFC 2231, 5987), raw 8-bit, comments, groups, broken quotes. All total.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace propolis::mail {

// One mailbox. `email` has its domain in lower case; empty when the header named only a person or a group.
struct Address {
  std::string name;
  std::string email;
  bool operator==(const Address&) const = default;
};

struct HeaderField {
  std::string name;   // as written
  std::string value;  // unfolded, valid UTF-8, encoded words still encoded
};

// A value with a main token and parameters: Content-Type, Content-Disposition, Authentication-Results and the like.
struct Parameters {
  std::string value;                                      // lower case: "text/plain", "attachment"
  std::vector<std::pair<std::string, std::string>> list;  // names in lower case, values decoded
  [[nodiscard]] std::string Find(std::string_view name) const;
};

// Joins folded lines, drops NUL and other controls, and reads raw 8-bit bytes.
std::string Unfold(std::string_view raw);
// Encoded words to text. Neighbours of the same charset are joined before they are decoded, so that a character cut in
// two by a careless sender is whole again.
std::string DecodeWords(std::string_view value);
std::vector<Address> ParseAddresses(std::string_view value);
// "<a@b> <c@d>" to {"a@b", "c@d"}; tolerates missing brackets, commas, comments and junk between.
std::vector<std::string> ParseMessageIds(std::string_view value);
Parameters ParseParameters(std::string_view value);

// Whether mail can be sent to it: RFC 5321 section 4.1.2 with RFC 6531 (UTF-8) but without address literals, comments
// or blanks; at most 254 bytes (RFC 3696 erratum 1690).
bool IsDeliverable(std::string_view email);
// Lower-case domain of an address; empty without one.
std::string DomainOf(std::string_view email);

// What a file may be called in the desk and on a downloader's disk: no path, no controls, no bidi tricks, at most 150
// characters (the extension is kept); empty stays empty.
std::string SafeFilename(std::string_view name);

}  // namespace propolis::mail
