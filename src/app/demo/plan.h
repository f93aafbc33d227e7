// What happens to each of the demo's tickets, and when: pure planning, nothing is stored here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/demo/cast.h"
#include "app/demo/random.h"
#include "app/demo/stories.h"
#include "domain/vocabulary.h"

namespace propolis::demo {

enum class Act {
  kOpen,
  kTake,    // an engineer takes what nobody has
  kTriage,  // and corrects what the machine proposed
  kAnswer,  // the first answer, with a promise of the next one
  kPromiseEta,
  kReply,  // the customer's detail
  kCall,
  kNote,
  kWork,
  kEvidence,     // a file of the engineer's
  kUpdate,       // an answer while the work goes on
  kMovePromise,  // the ETA does not hold
  kAsk,          // for approval
  kReject,
  kApprove,
  kResolve,  // what needs no approval
  kWaitForCustomer,
  kWaitForThirdParty,
  kSleep,
  kWake,
  kComplain,  // opens it again
  kConfirm,   // the customer says that it works
  kRate,      // and how it was
  kClose,
  kSpam,
  kMerge,
  kTick,  // of the desk's own timers
};

// One ticket's part.
struct Life {
  Story text;
  std::size_t customer = 0;  // in Cast::customers
  std::size_t contact = 0;
  std::string technology;  // path
  bool says_technology = false;
  TicketKind kind = TicketKind::kRequest;
  int impact = 3;
  int urgency = 3;
  Channel channel = Channel::kMail;
  bool spam = false;
  std::optional<std::size_t> into;   // merged into that life's ticket
  std::optional<std::size_t> taker;  // in Cast::staff, who takes it whoever it was routed to
  std::optional<Time> sleeps_until;
  int score = 5;
  bool unfinished = false;  // at the end of the plan: what waits in it waits for the desk's lead

  // Filled in while it is played.
  std::int64_t number = 0;
  StaffId engineer;
  ApprovalId approval;
};

struct Step {
  Time at;
  std::size_t life = 0;
  Act act = Act::kTick;
  std::size_t order = 0;  // among those of the same time
};

struct Plan {
  std::vector<Life> lives;
  std::vector<Step> steps;  // in order of time
};

constexpr int kTickets = 200;
constexpr std::chrono::days kSpan{90};

// The same for the same cast and end. No step is after `ends`.
Plan MakePlan(const Cast& cast, Time ends);

}  // namespace propolis::demo
