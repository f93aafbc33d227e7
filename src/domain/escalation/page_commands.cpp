#include "domain/escalation/page_commands.h"

#include "base/json.h"
#include "domain/escalation/calls.h"
#include "domain/escalation/page_row.h"
#include "domain/escalation/page_sql.h"
#include "domain/escalation/policy_queries.h"
#include "domain/stored.h"
#include "domain/ticket/ticket.h"
#include "jobs/jobs.h"

namespace propolis::escalation {
namespace {

using auth::Permission;

std::string NamesOf(const std::vector<Ref>& people) {
  std::string names;
  for (const Ref& person : people) {
    names += (names.empty() ? "" : ", ") + person.name;
  }
  return names;
}

// One act on a page: its line, the ticket's entry, the audit leaf, the event.
struct Act {
  PageAct act = PageAct::kStarted;
  std::optional<std::int64_t> step = {};
  bool late = false;
  std::string note = {};
  std::vector<Ref> called = {};
};

std::string EntryData(const PageRow& page, const Act& act) {
  json::Writer data;
  data.BeginObject()
      .Field("act", "page")
      .Field("what", NameOf(act.act))
      .Field("page", page.id.ToString())
      .Field("policy", page.policy);
  if (act.act == PageAct::kStarted) {
    data.Field("cause", NameOf(page.cause));
  }
  if (act.step) {
    data.Field("step", *act.step).Field("names", NamesOf(act.called));
  }
  if (act.late) {
    data.Field("late", true);
  }
  if (!act.note.empty()) {
    data.Field("reason", act.note);
  }
  data.EndObject();
  return data.Take();
}

Status Write(store::WriteTx& tx, const auth::Actor& actor, const PageRow& page, const Act& act) {
  const bool person = actor.Is(auth::ActorKind::kStaff);
  tx.Exec(sql::kInsertLine, page.id, tx.Now(), act.act, act.step, act.late,
          person ? std::optional(actor.staff()) : std::nullopt, person ? actor.name : std::string(), act.note,
          stored::ToJson(act.called));
  auto edit = TRY(ticket::Edit::Begin(tx, actor, page.ticket, Permission::kPageHandle));
  edit.Quietly();
  edit.Append({.kind = EntryKind::kSystem, .data = EntryData(page, act)});
  TRY(edit.Finish("page." + std::string(NameOf(act.act))));
  return {};
}

void Plan(store::WriteTx& tx, const PageRow& page) {
  jobs::Enqueue(tx, {.kind = std::string(kStepJob), .key = page.id.ToString(), .run_at = *page.step_at});
}

void Save(store::WriteTx& tx, const PageRow& page) {
  const auto by = page.acknowledged_by ? StaffId::Parse(page.acknowledged_by->id) : std::nullopt;
  tx.Exec(sql::kSavePage, page.id, page.state, page.step, page.step_at, by, page.acknowledged_at, page.ended_at);
  if (page.step_at) {
    Plan(tx, page);
  } else {
    jobs::Cancel(tx, kStepJob, page.id.ToString());
  }
}

Status Finish(store::WriteTx& tx, const auth::Actor& actor, PageRow page, PageAct why) {
  page.state = PageState::kEnded;
  page.step_at.reset();
  page.ended_at = tx.Now();
  Save(tx, page);
  return Write(tx, actor, page, {.act = why});
}

struct Beginning {
  std::int64_t ticket = 0;
  EscalationId policy;
  Occasion occasion;
};

Result<PageId> Create(store::WriteTx& tx, const auth::Actor& actor, const Beginning& beginning) {
  const Policies policies = StoredPolicies(tx);
  PageRow page;
  page.id = PageId::New(tx.Now());
  page.ticket = beginning.ticket;
  page.policy = policies.at(beginning.policy).name;
  page.plan = TRY(Unfold(policies, beginning.policy));
  page.cause = beginning.occasion.cause;
  page.note = beginning.occasion.note;
  page.step_at = tx.Now() + Seconds{page.plan.front().after};
  tx.Exec(sql::kInsertPage, page.id, page.ticket, page.policy, stored::ToJson(page.plan), page.cause,
          beginning.occasion.key, page.note, page.step_at, tx.Now(),
          actor.Is(auth::ActorKind::kStaff) ? std::optional(actor.staff()) : std::nullopt);
  Save(tx, page);
  TRY(Write(tx, actor, page, {.act = PageAct::kStarted, .note = page.note}));
  return page.id;
}

std::optional<PageRow> LivePage(store::ReadTx& tx, std::int64_t ticket) {
  return tx.One(sql::kLivePage, ToPageRow, ticket);
}

Result<PageRow> Load(store::ReadTx& tx, PageId id) {
  auto page = tx.One(sql::kPage, ToPageRow, id);
  if (!page) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return *std::move(page);
}

Result<PageRow> LoadFor(store::ReadTx& tx, const auth::Actor& actor, PageId id) {
  TRY(auth::Require(actor, Permission::kPageHandle, {.organisation = actor.organisation}));
  PageRow page = TRY(Load(tx, id));
  if (page.state == PageState::kEnded) {
    return Fail(Code::kConflict, "page.ended");
  }
  return page;
}

bool IsHis(const PageRow& page, const auth::Actor& actor) {
  return page.acknowledged_by && page.acknowledged_by->id == actor.staff().ToString();
}

// Somebody has it, or will be asked next: the occasion adds nothing.
bool Covers(const PageRow& page, PageCause cause) {
  return page.state == PageState::kCalling || (page.state == PageState::kAcknowledged && cause == PageCause::kPriority);
}

// When the step after the one just taken is due. A step that reached nobody is not waited for.
Time NextDue(const PageRow& page, bool reached, Time now) {
  if (!page.HasSteps()) {
    return now + kLastWait;
  }
  const PlannedStep& next = page.plan[static_cast<std::size_t>(page.step)];
  return next.step > 1 && !reached ? now : now + Seconds{next.after};
}

// Tells everybody whom a step calls. Answers whether a webhook is among them.
bool Call(store::WriteTx& tx, const PageRow& page, const Act& act, const std::vector<Target>& targets) {
  json::Writer data;
  data.BeginObject().Field("step", *act.step).Field("late", act.late).EndObject();
  notify::NewNotice notice{.key = {},
                           .staff = {},
                           .kind = notify::NoticeKind::kPage,
                           .ticket = page.ticket,
                           .page = page.id,
                           .data = data.Take()};
  const std::string key = fmt::format("page:{}:{}:", page.id.ToString(), *act.step);
  for (const Ref& person : act.called) {
    notice.key = key + person.id;
    notice.staff = StaffId::Parse(person.id).value_or(StaffId{});
    notify::Notify(tx, notice);
  }
  bool webhook = false;
  for (const Target& target : targets) {
    if (target.kind == TargetKind::kGateway && NameOfTarget(tx, target)) {
      notice.key = key + target.id;
      notify::NotifyGateway(tx, notice, target.id);
      webhook = true;
    }
  }
  return webhook;
}

}  // namespace

Result<Began> Begin(store::WriteTx& tx, std::int64_t ticket, const Occasion& occasion) {
  const auto found = ticket::Load(tx, ticket);
  const bool seen = tx.One(sql::kSeenCause, [](const store::Row&) { return true; }, occasion.key).has_value();
  const auto live = LivePage(tx, ticket);
  if (!found || seen || (live && Covers(*live, occasion.cause))) {
    return Began::kUnderWay;
  }
  const auto policy = PolicyFor(tx, found->team);
  if (!policy) {
    return Began::kNoPolicy;
  }
  const auth::Actor system = auth::SystemActor();
  if (live) {
    TRY(Finish(tx, system, *live, PageAct::kReplaced));
  }
  TRY(Create(tx, system, {.ticket = ticket, .policy = *policy, .occasion = occasion}));
  return Began::kStarted;
}

Result<PageId> Start(store::WriteTx& tx, const auth::Actor& actor, std::int64_t ticket, const StartPage& request) {
  const auto found = ticket::Load(tx, ticket);
  TRY(auth::Require(actor, Permission::kPageHandle,
                    {.organisation = found ? found->organisation : actor.organisation}));
  if (!found) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  if (!IsOpen(found->state)) {
    return Fail(Code::kConflict, "page.not_open");
  }
  const auto live = LivePage(tx, ticket);
  if (live && live->state == PageState::kCalling) {
    return Fail(Code::kConflict, "page.calling");
  }
  if (request.policy_id && !StoredPolicies(tx).contains(*request.policy_id)) {
    return FailField("policy_id", "field.not_found");
  }
  const auto policy = request.policy_id ? request.policy_id : PolicyFor(tx, found->team);
  if (!policy) {
    return Fail(Code::kConflict, "page.no_policy");
  }
  if (live) {
    TRY(Finish(tx, actor, *live, PageAct::kReplaced));
  }
  return Create(
      tx, actor,
      {.ticket = ticket,
       .policy = *policy,
       .occasion = {.cause = PageCause::kHand, .key = "hand:" + NewUuid(tx.Now()).ToString(), .note = request.note}});
}

Status TakeStep(store::WriteTx& tx, PageId id) {
  PageRow page = TRY(Load(tx, id));
  const Time now = tx.Now();
  if (page.state != PageState::kCalling || !page.step_at) {
    return {};
  }
  if (*page.step_at > now) {  // the clock was put back since the job was due
    Plan(tx, page);
    return {};
  }
  const bool late = now - *page.step_at > kLate;
  const auth::Actor system = auth::SystemActor();
  if (!page.HasSteps()) {
    page.state = PageState::kUnanswered;
    page.step_at.reset();
    Save(tx, page);
    return Write(tx, system, page, {.act = PageAct::kUnanswered, .late = late});
  }
  const PlannedStep& step = page.plan[static_cast<std::size_t>(page.step)];
  Act act{.act = PageAct::kStep, .step = page.step + 1, .late = late, .called = PeopleOf(tx, step.targets, now)};
  const bool webhook = Call(tx, page, act, step.targets);
  ++page.step;
  page.step_at = NextDue(page, webhook || !act.called.empty(), now);
  Save(tx, page);
  return Write(tx, system, page, act);
}

Status Acknowledge(store::WriteTx& tx, const auth::Actor& actor, PageId id) {
  PageRow page = TRY(LoadFor(tx, actor, id));
  if (!actor.Is(auth::ActorKind::kStaff)) {
    return Fail(Code::kForbidden, "error.permission_missing", {{"permission", "page.handle"}});
  }
  if (IsHis(page, actor)) {
    return {};
  }
  if (page.acknowledged_by) {
    return Fail(Code::kConflict, "page.acknowledged_by", {{"name", page.acknowledged_by->name}});
  }
  page.state = PageState::kAcknowledged;
  page.step_at.reset();
  page.acknowledged_by = Ref{actor.staff().ToString(), actor.name};
  page.acknowledged_at = tx.Now();
  Save(tx, page);
  return Write(tx, actor, page, {.act = PageAct::kAcknowledged});
}

Status Return(store::WriteTx& tx, const auth::Actor& actor, PageId id, const HandBack& request) {
  PageRow page = TRY(LoadFor(tx, actor, id));
  if (!IsHis(page, actor)) {
    return Fail(Code::kConflict, "page.not_yours");
  }
  page.state = PageState::kCalling;
  page.acknowledged_by.reset();
  page.acknowledged_at.reset();
  page.step_at = tx.Now();
  Save(tx, page);
  return Write(tx, actor, page, {.act = PageAct::kHandedBack, .note = request.note});
}

Status End(store::WriteTx& tx, std::int64_t ticket, PageAct why) { return EndBefore(tx, ticket, why, Time::max()); }

Status EndBefore(store::WriteTx& tx, std::int64_t ticket, PageAct why, Time moment) {
  const auto live = LivePage(tx, ticket);
  if (!live || live->started_at > moment) {
    return {};
  }
  const auth::Actor system = auth::SystemActor();
  return Finish(tx, system, *live, why);
}

}  // namespace propolis::escalation
