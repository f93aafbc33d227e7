// Reports about mails of ours: bounces (RFC 3464, and the many that are not), automatic answers (RFC 3834) and
// complaints (ARF, RFC 5965). Pure.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.h"
#include "channels/mail/parse.h"

namespace propolis::mail {

enum class ReportKind { kNone, kBounce, kVacation, kFeedback };

struct ReportedRecipient {
  std::string recipient;   // without brackets; empty when the report does not say
  std::string status;      // enhanced status code (RFC 3463): "5.1.1"; empty when there is none
  std::string reply_code;  // SMTP reply code: "550"; empty when there is none
  std::string reason;      // "userunknown", "mailboxfull" ...: see ReasonOf
  std::string diagnostic;  // what the other side said
  bool hard = false;       // it makes no sense to try this address again
};

struct Report {
  ReportKind kind = ReportKind::kNone;
  std::vector<ReportedRecipient> recipients;  // at least one unless kind is kNone
  std::string original_message_id;            // without brackets
  // Those of the first recipient.
  std::string recipient;
  std::string status;
  std::string reply_code;
  std::string reason;
  bool hard = false;
};

Report ReadReport(const ParsedMail& mail);

// The reason, from an enhanced status, a reply code and the other side's words; empty strings where unknown.
std::string ReasonOf(std::string_view status, std::string_view reply_code, std::string_view diagnostic);
// Whether that reason means that the address is dead: it does for userunknown, hostunknown, hasmoved and notaccept.
bool IsHard(std::string_view reason);

}  // namespace propolis::mail

namespace propolis {
template <>
struct Names<mail::ReportKind> {
  using K = mail::ReportKind;
  using S = std::string_view;
  static constexpr std::array kTable = {std::pair{K::kNone, S("none")}, std::pair{K::kBounce, S("bounce")},
                                        std::pair{K::kVacation, S("vacation")}, std::pair{K::kFeedback, S("feedback")}};
};
}  // namespace propolis
