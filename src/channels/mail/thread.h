// To which ticket a mail belongs. Pure. In order of trust:
//   1. a reply address that we signed      reply+12345.SIG@desk.example
//   2. a Message-ID that we made           <pr-12345.7.SIG@desk.example> in References (newest first) or In-Reply-To
//   3. another Message-ID of the ticket    in References (newest first) or In-Reply-To
//   4. the tag in the subject              [PR-12345-K], with its check character
// 3 and 4 can be known to strangers or forged: they count only when the sender takes part in the ticket or writes from
// a verified domain of its organisation; else a new, linked ticket is opened. A subject's words alone never count.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/actor.h"
#include "base/names.h"
#include "channels/mail/parse.h"

namespace propolis::mail {

// --- what we sign. SIG is base32, because some systems change the case of local parts.

std::string ReplyAddress(std::string_view key, std::string_view domain, std::int64_t number);
// The ticket number, when the signature is right.
std::optional<std::int64_t> OwnReply(std::string_view key, std::string_view domain, std::string_view email);

// Without brackets. `entry` is what the mail is about, letters and digits only: "7" or "7a3".
std::string MakeMessageId(std::string_view key, std::string_view domain, std::int64_t number, std::string_view entry);
struct OwnId {
  std::int64_t number = 0;
  std::string entry;
};
std::optional<OwnId> OwnMessage(std::string_view key, std::string_view domain, std::string_view message_id);

std::string SubjectTag(std::int64_t number);  // "[PR-12345-K]"
// The first tag whose check character is right.
std::optional<std::int64_t> FindSubjectTag(std::string_view subject);

// --- the decision

enum class ClueKind { kReplyAddress, kOwnMessageId, kReference, kSubjectTag };
struct Clue {
  ClueKind kind;
  std::int64_t number = 0;
};

// Which ticket a foreign Message-ID was stored with.
using FindMessage = std::function<std::optional<std::int64_t>(std::string_view message_id)>;

// All clues, strongest first, each ticket once. `envelope_to`: the SMTP recipients.
std::vector<Clue> FindClues(const ParsedMail& mail, const std::vector<std::string>& envelope_to, std::string_view key,
                            std::string_view domain, const FindMessage& find);

// What the rule needs to know of a ticket.
struct TicketSide {
  std::vector<std::string> participants;  // requester and cc, any case
  std::vector<std::string> domains;       // of its organisation, verified
};
using FindTicket = std::function<std::optional<TicketSide>(std::int64_t number)>;

enum class ThreadAction { kNew, kAppend, kNewLinked };
struct ThreadDecision {
  ThreadAction action = ThreadAction::kNew;
  std::int64_t number = 0;  // the ticket appended to, or linked with
  std::string reason;       // "reply_address", "message_id", "reference", "subject_tag", "stranger", "no_clue"
  auth::Assurance assurance = auth::Assurance::kUnknown;
  bool signed_clue = false;  // 1 or 2: not by an address alone, which anybody can forge
};

ThreadDecision DecideThread(const std::vector<Clue>& clues, std::string_view sender, const FindTicket& find);

}  // namespace propolis::mail

namespace propolis {
template <>
struct Names<mail::ThreadAction> {
  static constexpr std::array kTable = {std::pair{mail::ThreadAction::kNew, std::string_view("new")},
                                        std::pair{mail::ThreadAction::kAppend, std::string_view("append")},
                                        std::pair{mail::ThreadAction::kNewLinked, std::string_view("new_linked")}};
};
template <>
struct Names<mail::ClueKind> {
  static constexpr std::array kTable = {std::pair{mail::ClueKind::kReplyAddress, std::string_view("reply_address")},
                                        std::pair{mail::ClueKind::kOwnMessageId, std::string_view("message_id")},
                                        std::pair{mail::ClueKind::kReference, std::string_view("reference")},
                                        std::pair{mail::ClueKind::kSubjectTag, std::string_view("subject_tag")}};
};
}  // namespace propolis
