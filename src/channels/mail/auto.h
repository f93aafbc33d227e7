// Automatic mail: recognised so that it is kept but never answered, and so that two machines never talk to each other
// (RFC 3834; RFC 2076 for Precedence; RFC 2919 and 2369 for lists; [MS-OXCMAIL] for X-Auto-Response-Suppress).
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/names.h"
#include "channels/mail/parse.h"
#include "channels/mail/settings.h"

namespace propolis::mail {

enum class AutoKind {
  kPerson,     // nothing says that a machine wrote it
  kAutoReply,  // out of office, "we have received your mail"
  kBounce,     // a delivery report
  kFeedback,   // an abuse report
  kList,       // a mailing list or a bulk sending
  kMachine,    // another automatic mail: a monitor, a newsletter tool
  kLoop,       // our own, come back
};

struct AutoVerdict {
  AutoKind kind = AutoKind::kPerson;
  std::string reason;  // the header, or rule, that decided: "Auto-Submitted: auto-replied"
  // May the desk answer by itself? Never, unless a person wrote it to an address that takes answers.
  [[nodiscard]] bool MayAnswer() const { return kind == AutoKind::kPerson && !no_reply_address; }
  bool no_reply_address = false;  // a person may have caused it, but nobody reads that address
};

// `envelope_from` is the SMTP sender without brackets, "<>" for the null sender, empty when it is not known.
AutoVerdict JudgeAuto(const ParsedMail& mail, std::string_view envelope_from, const Desk& desk);

}  // namespace propolis::mail

namespace propolis {
template <>
struct Names<mail::AutoKind> {
  using K = mail::AutoKind;
  using S = std::string_view;
  static constexpr std::array kTable = {std::pair{K::kPerson, S("person")}, std::pair{K::kAutoReply, S("auto_reply")},
                                        std::pair{K::kBounce, S("bounce")}, std::pair{K::kFeedback, S("feedback")},
                                        std::pair{K::kList, S("list")},     std::pair{K::kMachine, S("machine")},
                                        std::pair{K::kLoop, S("loop")}};
};
}  // namespace propolis
