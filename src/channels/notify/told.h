// What one delivery says, in the words of who gets it; the same for every channel.
#pragma once

#include <optional>
#include <string>

#include "base/text.h"
#include "channels/mail/settings.h"
#include "domain/notify/notice.h"
#include "store/store.h"

namespace propolis::notify {

struct Told {
  std::string name;  // of who gets it; empty for a gateway alone
  std::string email;
  Language language = Language::kEn;
  std::string zone = "Etc/UTC";
  std::int64_t number = 0;  // the ticket; 0 for none
  std::string subject;
  std::string priority;
  std::string headline;
  std::string body;        // paragraphs
  std::string ticket_url;  // in the console
  std::string answer_url;  // of a page, for the person herself

  [[nodiscard]] std::string Ticket() const;   // "PR-12-K", or nothing
  [[nodiscard]] std::string InShort() const;  // one line, for a phone
};

// nullopt: the person or the ticket is there no more.
Result<std::optional<Told>> Describe(store::WriteTx& tx, const mail::Desk& desk, const Delivery& delivery);

}  // namespace propolis::notify
