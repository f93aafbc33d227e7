// A page: an escalation policy that runs for a ticket until somebody answers.
//
//   calling -> acknowledged | unanswered (no step is left) | ended
//   acknowledged -> calling (handed back: the next step is taken at once) | ended
//
// There is one at most that has not ended for each ticket. Its plan is what the policy was when it began.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/dto.h"
#include "base/ids.h"
#include "base/names.h"
#include "domain/escalation/policy.h"
#include "domain/notify/notice.h"
#include "domain/ref.h"
#include "domain/vocabulary.h"

namespace propolis::escalation {

using notify::PageId;

enum class PageState { kCalling, kAcknowledged, kUnanswered, kEnded };
enum class PageCause {
  kPriority,  // the ticket became P1
  kClock,     // a deadline was missed
  kHand       // a person asked for it
};
enum class PageAct {
  kStarted,
  kStep,
  kAcknowledged,
  kHandedBack,
  kUnanswered,  // no step is left
  kAnswered,    // ends: somebody of the desk wrote to the customer
  kResolved,    // ends: the ticket is done
  kReplaced     // ends: a newer page began
};

// How late a step may be before it is said to be.
constexpr Seconds kLate{60};
// How long the people of the last step have.
constexpr Seconds kLastWait{300};

struct PageLine {
  Time at;
  PageAct act = PageAct::kStarted;
  std::optional<std::int64_t> step;  // of the plan, from 1
  bool late = false;
  std::string by;  // empty: the desk itself
  std::string note;
  std::vector<Ref> called;
  static const dto::Type& Dto();
};

struct PageTicket {
  std::string number;
  std::string subject;
  Priority priority = Priority::kP4;
  static const dto::Type& Dto();
};

struct Page {
  PageId id;
  PageTicket ticket;
  PageState state = PageState::kCalling;
  PageCause cause = PageCause::kHand;
  std::string policy;  // its name
  std::string note;    // of who asked for it
  Time started_at;
  std::int64_t steps = 0;       // of its plan
  std::int64_t steps_left = 0;  // that have not been taken
  std::optional<Time> step_at;  // when the next is due, while calling
  std::vector<Ref> next;        // whom it would call now
  std::optional<Ref> acknowledged_by;
  std::optional<Time> acknowledged_at;
  std::optional<Time> ended_at;
  std::vector<PageLine> lines;
  static const dto::Type& Dto();
};

struct StartPage {
  std::string note;
  std::optional<EscalationId> policy_id;
  static const dto::Type& Dto();
};

struct HandBack {
  std::string note;
  static const dto::Type& Dto();
};

// What the link in a mail shows to who was called, and what she may answer by it.
struct PageByLink {
  PageTicket ticket;
  std::string name;  // hers
  Language language = Language::kEn;
  PageState state = PageState::kCalling;
  std::string note;
  Time started_at;
  std::optional<Ref> acknowledged_by;
  bool mine = false;  // she acknowledged it
  static const dto::Type& Dto();
};

enum class LinkAct { kAcknowledge, kHandBack };

struct AnswerPage {
  LinkAct act = LinkAct::kAcknowledge;
  std::string note;
  static const dto::Type& Dto();
};

}  // namespace propolis::escalation

namespace propolis {

template <>
struct Names<escalation::PageState> {
  using E = escalation::PageState;
  using S = std::string_view;
  static constexpr std::array kTable = {std::pair{E::kCalling, S("calling")},
                                        std::pair{E::kAcknowledged, S("acknowledged")},
                                        std::pair{E::kUnanswered, S("unanswered")}, std::pair{E::kEnded, S("ended")}};
};

template <>
struct Names<escalation::PageCause> {
  using E = escalation::PageCause;
  using S = std::string_view;
  static constexpr std::array kTable = {std::pair{E::kPriority, S("priority")}, std::pair{E::kClock, S("clock")},
                                        std::pair{E::kHand, S("hand")}};
};

template <>
struct Names<escalation::PageAct> {
  using E = escalation::PageAct;
  using S = std::string_view;
  static constexpr std::array kTable = {
      std::pair{E::kStarted, S("started")},           std::pair{E::kStep, S("step")},
      std::pair{E::kAcknowledged, S("acknowledged")}, std::pair{E::kHandedBack, S("handed_back")},
      std::pair{E::kUnanswered, S("unanswered")},     std::pair{E::kAnswered, S("answered")},
      std::pair{E::kResolved, S("resolved")},         std::pair{E::kReplaced, S("replaced")}};
};

template <>
struct Names<escalation::LinkAct> {
  using E = escalation::LinkAct;
  using S = std::string_view;
  static constexpr std::array kTable = {std::pair{E::kAcknowledge, S("acknowledge")},
                                        std::pair{E::kHandBack, S("hand_back")}};
};

}  // namespace propolis
