#include "play.h"

#include <fmt/format.h>

#include <map>

#include "app/demo/random.h"
#include "base/json.h"
#include "desk.h"
#include "domain/approval/approval_commands.h"
#include "domain/ticket/commands.h"
#include "domain/ticket/number.h"
#include "domain/ticket/steps.h"
#include "domain/ticket/timers.h"
#include "plan.h"
#include "store/store.h"

namespace propolis::quarter {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kProgress = "quarter.progress";
constexpr auto kTick = minutes{30};
constexpr int kMost = 20;
constexpr std::int64_t kLongestDowntime = 8LL * 3600;
constexpr int kPercentBeforeTheTimer = 3;  // acts that come before the timer looked at what is due

// What a process leaves to the next, written with each act.
struct Progress {
  std::int64_t done = 0;  // acts
  std::int64_t refused = 0;
  std::int64_t restarts = -1;
  Time now = QuarterBegins();
};

class Player {
 public:
  Player(store::Store& store, ManualClock& clock, std::uint64_t seed, std::size_t tickets)
      : store_(store), clock_(clock), acts_(MakePlan(seed, tickets)), random_(seed) {}

  Result<Played> Run() {
    TRY(Continue());
    for (; progress_.done < std::ssize(acts_);) {
      const Act& act = acts_[static_cast<std::size_t>(progress_.done)];
      if (random_.Chance(kPercentBeforeTheTimer)) {
        clock_.Set(std::max(clock_.Now(), act.at));
      } else {
        TRY(PassTime(act.at));
      }
      TRY(Do(act));
    }
    TRY(PassTime(QuarterSettled()));
    return Played{.acts = progress_.done, .refused = progress_.refused, .restarts = progress_.restarts};
  }

 private:
  Status Continue() {
    TRY(store_.Write([&](store::WriteTx& tx) -> Status {
      const auto kept = tx.One(
          "SELECT value FROM setting WHERE name = $1", [](const store::Row& row) { return row.String(0); }, kProgress);
      if (kept) {
        std::int64_t now = 0;
        std::istringstream(*kept) >> progress_.done >> progress_.refused >> progress_.restarts >> now;
        progress_.now = FromMicros(now);
      } else {
        TRY(MakeDesk(tx));
      }
      ++progress_.restarts;
      random_ = demo::Random(static_cast<std::uint64_t>(progress_.restarts * 1'000'003 + progress_.done));
      Keep(tx, kept ? progress_.now + seconds{random_.Below(kLongestDowntime)} : progress_.now);
      return {};
    }));
    clock_.Set(progress_.now);
    next_tick_ = progress_.now;
    people_ = TRY(store_.Read([](store::ReadTx& tx) -> Result<People> { return FindPeople(tx); }));
    return store_.Read([&](store::ReadTx& tx) -> Status {
      tx.ForEach("SELECT number, subject FROM ticket ORDER BY number DESC", [&](const store::Row& row) {
        numbers_[row.String(1)] = row.Int(0);
        return true;
      });
      return {};
    });
  }

  void Keep(store::WriteTx& tx, Time now) {
    progress_.now = now;
    tx.Exec("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            kProgress,
            fmt::format("{} {} {} {}", progress_.done, progress_.refused, progress_.restarts, ToMicros(progress_.now)));
  }

  // What the desk does by itself until then: clocks within half a second, the slow timers each half hour.
  Status PassTime(Time until) {
    for (;;) {
      const auto look_at = TRY(store_.Read([](store::ReadTx& tx) -> Result<std::optional<Time>> {
        return tx.One("SELECT min(look_at) FROM ticket_detail", [](const store::Row& row) { return row.OptTime(0); })
            .value_or(std::nullopt);
      }));
      const bool clock_first = look_at && *look_at <= next_tick_;
      const Time next = clock_first ? *look_at + Micros{random_.Below(500'000)} : next_tick_;
      if (next > until) {
        clock_.Set(std::max(clock_.Now(), until));
        return {};
      }
      clock_.Set(std::max(clock_.Now(), next));
      TRY(store_.Write([&](store::WriteTx& tx) -> Status {
        if (clock_first) {
          TRY(ticket::ActOnDueSteps(tx, kMost));
        } else {
          TRY(ticket::WakeScheduled(tx, kMost));
          TRY(ticket::CloseResolved(tx, kMost));
        }
        Keep(tx, tx.Now());
        return {};
      }));
      if (!clock_first) {
        next_tick_ = std::max(next_tick_ + kTick, clock_.Now());
      }
    }
  }

  Status Do(const Act& act) {
    const auto progress = progress_;
    ++progress_.done;
    const Status done = store_.Write([&](store::WriteTx& tx) -> Status {
      TRY(Perform(tx, act));
      Keep(tx, tx.Now());
      return {};
    });
    if (done) {
      return {};
    }
    if (done.error().code != Code::kConflict && done.error().code != Code::kForbidden) {
      return done;
    }
    progress_ = progress;
    ++progress_.done;
    ++progress_.refused;
    return store_.Write([&](store::WriteTx& tx) -> Status {
      Keep(tx, tx.Now());
      return {};
    });
  }

  template <class T>
  static Status Ok(Result<T> result) {
    return result ? Status{} : std::unexpected(std::move(result.error()));
  }

  static std::string SubjectOf(std::size_t ticket) { return fmt::format("Case {}", ticket); }

  const auth::Actor& Engineer(std::uint64_t n) const { return people_.engineers[n % people_.engineers.size()]; }

  Status MoveTo(store::WriteTx& tx, const Act& act, std::int64_t number, TicketState to) {
    ticket::Transition move{.to = to, .reason = "As said.", .until = {}, .into = {}};
    if (to == TicketState::kScheduled) {
      move.until = tx.Now() + minutes{10 + static_cast<std::int64_t>(act.dice % 5000)};
    }
    return Ok(ticket::Move(tx, Engineer(act.ticket), number, move, std::nullopt));
  }

  Status Perform(store::WriteTx& tx, const Act& act) {
    if (act.what == Act::kOpen) {
      return OpenOne(tx, act);
    }
    const std::int64_t number = numbers_.at(SubjectOf(act.ticket));
    const auth::Actor& engineer = Engineer(act.ticket + act.dice % 3);
    switch (act.what) {
      case Act::kAnswer:
      case Act::kAskCustomer: {
        ticket::PostMessage message;
        message.body = "We are looking into it.";
        if (act.what == Act::kAskCustomer) {
          message.set_state = TicketState::kWaitingCustomer;
        }
        return Ok(ticket::Post(tx, engineer, number, message));
      }
      case Act::kWaitForOthers:
        return MoveTo(tx, act, number, TicketState::kWaitingThirdParty);
      case Act::kGoOn:
        return MoveTo(tx, act, number, TicketState::kOpen);
      case Act::kSchedule:
        return MoveTo(tx, act, number, TicketState::kScheduled);
      case Act::kSpam:
        return MoveTo(tx, act, number, TicketState::kSpam);
      case Act::kCustomerWrites: {
        ticket::PostMessage message;
        message.body = "It is still so.";
        const auto ticket = ticket::Load(tx, number);
        return Ok(ticket::Post(tx, ContactOf(*ticket), number, message));
      }
      case Act::kNote:
        return Ok(ticket::Note(tx, engineer, number, {.body = "Seen before.", .mentions = {}}));
      case Act::kCall:
        return Ok(
            ticket::Call(tx, engineer, number,
                         {.direction = "out", .contact_made = act.dice % 2 == 0, .seconds = 60, .body = "Called."}));
      default:
        return Decide(tx, act, number, engineer);
    }
  }

  Status Decide(store::WriteTx& tx, const Act& act, std::int64_t number, const auth::Actor& engineer) {
    ticket::UpdateTicket change;
    switch (act.what) {
      case Act::kLevels:
        change.impact = 1 + static_cast<int>(act.dice % 4);
        change.urgency = 1 + static_cast<int>(act.dice / 4 % 4);
        change.reason = "More of them are affected.";
        return Ok(ticket::Update(tx, engineer, number, change, std::nullopt));
      case Act::kOverride:
        change.priority_override = {
            .given = true, .value = ticket::PriorityOverride{static_cast<Priority>(1 + act.dice % 4), "As agreed."}};
        return Ok(ticket::Update(tx, engineer, number, change, std::nullopt));
      case Act::kOrganisation:
        change.organisation_id = people_.organisations[act.dice % kCustomers];
        return Ok(ticket::Update(tx, engineer, number, change, std::nullopt));
      case Act::kAskApproval:
        TRY(ticket::AddWork(
            tx, engineer, number,
            {.action = "Restarted it.", .before = {}, .after = {}, .command = {}, .result = "Works.", .ok = true}));
        return Ok(approval::AskFor(tx, Engineer(act.ticket), number,
                                   {.summary = "Restarted.", .resolution = "It works again.", .approver_id = {}}));
      case Act::kReject:
      case Act::kApprove: {
        const auth::Actor& approver = Engineer(act.ticket + 7);
        const auto newest = approval::NewestOf(tx, approver, number);
        if (!newest) {
          return Fail(Code::kConflict, "error.conflict");
        }
        const bool approve = act.what == Act::kApprove;
        return Ok(approval::Settle(tx, approver, newest->id,
                                   {.decision = approve ? approval::Decision::kApprove : approval::Decision::kReject,
                                    .reason = approve ? std::nullopt : std::optional<std::string>("Not yet.")}));
      }
      case Act::kConfirm:
        return Ok(ticket::Confirm(tx, ContactOf(*ticket::Load(tx, number)), number, true, ""));
      default:
        return Fail(Code::kInternal, "error.internal");
    }
  }

  const auth::Actor& ContactOf(const ticket::Ticket& ticket) const {
    const auto at = std::ranges::find(people_.contacts, ticket.organisation, &auth::Actor::organisation);
    return at == people_.contacts.end() ? people_.contacts.front() : *at;
  }

  Status OpenOne(store::WriteTx& tx, const Act& act) {
    const std::size_t customer = act.dice % kCustomers;
    ticket::OpenTicket request;
    request.subject = SubjectOf(act.ticket);
    request.body = "The gateway does not answer.";
    request.requester = {.email = CustomerAddress(customer), .name = "Person"};
    request.kind = TicketKind::kFault;
    request.impact = 1 + static_cast<int>(act.dice / 16 % 4);
    request.urgency = 1 + static_cast<int>(act.dice / 64 % 4);
    request.language = Language::kEn;
    const auto opened = TRY(ticket::Open(tx, auth::SystemActor(), request, {}));
    numbers_[request.subject] = opened.ticket.number;
    return {};
  }

  store::Store& store_;
  ManualClock& clock_;
  std::vector<Act> acts_;
  demo::Random random_;
  Progress progress_;
  Time next_tick_;
  People people_;
  std::map<std::string, std::int64_t> numbers_;  // by subject: a follow-up has its first ticket's
};

}  // namespace

Result<Played> Play(const std::string& folder, std::uint64_t seed, std::size_t tickets) {
  const auto clock = std::make_shared<ManualClock>(QuarterBegins());
  const auto store = TRY(store::Open({.location = folder, .clock = clock, .durability = store::Durability::kNone}));
  return Player(*store, *clock, seed, tickets).Run();
}

}  // namespace propolis::quarter
