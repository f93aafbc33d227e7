#pragma once

#include "auth/actor.h"
#include "domain/escalation/page.h"
#include "store/store.h"

namespace propolis::escalation {

// The job that takes a page's next step: its key is the page's id.
inline constexpr std::string_view kStepJob = "page.step";

// Why a page begins by itself.
struct Occasion {
  PageCause cause = PageCause::kPriority;
  std::string key;   // the same for the same occasion: it begins one page at most
  std::string note;  // for who is called; may be empty
};
enum class Began {
  kStarted,
  kUnderWay,  // somebody is being called, or has it; or this occasion had its page
  kNoPolicy   // neither the team nor the desk names one
};
// By the desk itself. A clock's occasion replaces a page that was acknowledged; any replaces one that went unanswered.
Result<Began> Begin(store::WriteTx& tx, std::int64_t ticket, const Occasion& occasion);

// By a person. Errors: kConflict "page.calling" while people are being called, "page.not_open" when the ticket is done,
// "page.no_policy"; a field error on policy_id.
Result<PageId> Start(store::WriteTx& tx, const auth::Actor& actor, std::int64_t ticket, const StartPage& request);

// Takes the step that is due, once: calling it again does nothing, nor does it when somebody has answered meanwhile.
Status TakeStep(store::WriteTx& tx, PageId id);

// Errors: kNotFound; kConflict "page.ended", or "page.acknowledged_by" when somebody else has it.
Status Acknowledge(store::WriteTx& tx, const auth::Actor& actor, PageId id);
// By who acknowledged it: the next step is taken at once. Errors: kNotFound; kConflict "page.not_yours".
Status Return(store::WriteTx& tx, const auth::Actor& actor, PageId id, const HandBack& request);
// The ticket's page that has not ended, if any, ends; of EndBefore unless it began after `moment`.
Status End(store::WriteTx& tx, std::int64_t ticket, PageAct why);
Status EndBefore(store::WriteTx& tx, std::int64_t ticket, PageAct why, Time moment);

}  // namespace propolis::escalation
