#include "reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "plan.h"

namespace propolis::quarter {
namespace {

constexpr Instant kSecond = 1'000'000;
constexpr Instant kMinute = 60 * kSecond;
constexpr Instant kGrace = 7 * 86'400 * kSecond;

// Whether the desk works, for every minute of the time that matters.
class Minutes {
 public:
  explicit Minutes(const CalendarPlan& plan) : first_(ToMicros(QuarterBegins()) / kMinute - 3 * 1440) {
    setenv("TZ", plan.zone.c_str(), 1);
    tzset();
    const std::int64_t last = ToMicros(QuarterSettled()) / kMinute + 90 * 1440;
    std::int64_t sum = 0;
    for (std::int64_t minute = first_; minute < last; ++minute) {
      const std::time_t at = minute * 60;
      std::tm local{};
      localtime_r(&at, &local);
      open_.push_back(IsOpen(plan, local));
      before_.push_back(sum);
      sum += open_.back() ? 1 : 0;
    }
    before_.push_back(sum);
  }

  [[nodiscard]] Instant Open(Instant from, Instant to) const { return Upto(to) - Upto(from); }

  // The earliest instant by which `amount` of open time has passed since `from`; nothing left: the next open instant.
  [[nodiscard]] std::optional<Instant> Reach(Instant from, Instant amount) const {
    for (std::int64_t minute = from / kMinute;; ++minute) {
      const auto index = static_cast<std::size_t>(minute - first_);
      if (index >= open_.size()) {
        return std::nullopt;
      }
      if (!open_[index]) {
        continue;
      }
      const Instant begins = std::max(from, minute * kMinute);
      const Instant here = (minute + 1) * kMinute - begins;
      if (amount <= here) {
        return begins + amount;
      }
      amount -= here;
    }
  }

 private:
  static bool IsOpen(const CalendarPlan& plan, const std::tm& local) {
    const std::string date = fmt::format("{:04}-{:02}-{:02}", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
    const int minute = local.tm_hour * 60 + local.tm_min;
    const auto within = [&](const std::vector<MinuteWindow>& windows) {
      return std::ranges::any_of(windows,
                                 [&](const MinuteWindow& w) { return w.first <= minute && minute < w.second; });
    };
    if (const auto other = plan.exceptions.find(date); other != plan.exceptions.end()) {
      return within(other->second);
    }
    return !plan.holidays.contains(date) && within(plan.week[static_cast<std::size_t>(local.tm_wday)]);
  }

  [[nodiscard]] Instant Upto(Instant at) const {
    const auto index = static_cast<std::size_t>(at / kMinute - first_);
    return before_[index] * kMinute + (open_[index] ? at % kMinute : 0);
  }

  std::int64_t first_;
  std::vector<bool> open_;
  std::vector<std::int64_t> before_;
};

const Minutes& MinutesOf(std::size_t customer) {
  static const std::vector<Minutes> all(Calendars().begin(), Calendars().end());
  return all[customer];
}

enum class Mode { kCounts, kPaused, kResolved };

struct Watch {
  ClockKind kind = ClockKind::kFirstResponse;
  int instance = 1;
  Instant started = 0;
  std::vector<std::pair<Instant, Mode>> modes;
  std::size_t customer = 0;  // whose calendar counts
  bool had_target = false;
  std::optional<std::int64_t> target;
  std::optional<Instant> due;
  std::optional<Instant> stopped;
  bool met = false;
  std::optional<Instant> breached;
  std::string cause;
  int reopens = 0;

  [[nodiscard]] bool IsOpen() const { return !stopped; }

  template <class Visit>  // (from, to or nothing)
  void ForEachCounted(Visit visit) const {
    for (std::size_t i = 0; i < modes.size(); ++i) {
      if (modes[i].second == Mode::kCounts) {
        visit(modes[i].first, i + 1 < modes.size() ? std::optional(modes[i + 1].first) : stopped);
      }
    }
  }

  [[nodiscard]] Instant Elapsed(Instant until) const {
    Instant sum = 0;
    ForEachCounted([&](Instant from, std::optional<Instant> to) {
      const Instant end = std::min(until, to.value_or(until));
      if (had_target && from < end) {
        sum += MinutesOf(customer).Open(from, end);
      }
    });
    return sum;
  }

  // When the counted time reaches the amount, whether that lies behind or ahead.
  [[nodiscard]] std::optional<Instant> Moment(Instant amount) const {
    std::optional<Instant> found;
    ForEachCounted([&](Instant from, std::optional<Instant> to) {
      if (found || !had_target) {
        return;
      }
      const auto at = MinutesOf(customer).Reach(from, amount);
      if (!to || (at && *at <= *to)) {
        found = at;
      } else {
        amount -= MinutesOf(customer).Open(from, *to);
      }
    });
    return found;
  }

  void Reckon() {
    if (!breached) {
      due = target && modes.back().second == Mode::kCounts ? Moment(*target * kSecond) : std::nullopt;
    }
  }
  void Enter(Mode mode, Instant at) {
    if (modes.back().second == mode) {
      return;
    }
    if (modes.back().first == at) {
      modes.back().second = mode;
    } else {
      modes.emplace_back(at, mode);
    }
    Reckon();
  }
  [[nodiscard]] std::string Name() const { return fmt::format("{}/{}", NameOf(kind), instance); }
};

class Ticket {
 public:
  ReferenceResult Run(const std::vector<Line>& lines, Instant now) {
    for (const Line& line : lines) {
      PassTime(line.at);
      Happen(line);
      looked_ = line.at;
    }
    PassTime(now);
    return Result(now);
  }

 private:
  [[nodiscard]] const PolicyPlan& Policy() const { return Policies()[PolicyOf(customer_)]; }

  // The step is reached between the last event and now, while the clock was watched.
  void Reach(const Watch& watch, const std::string& step, Instant amount, Instant now) {
    const auto at = watch.Moment(amount);
    if (at && *at > looked_ && *at <= now && (!watch.stopped || *at <= *watch.stopped)) {
      steps_.try_emplace({watch.Name(), step}, *at);
    }
  }

  // What happens by itself: steps are reached, clocks run over.
  void PassTime(Instant now) {
    for (Watch& watch : watches_) {
      if (!watch.target) {
        continue;
      }
      const PolicyPlan& plan = PlanOf(watch);
      const Instant target = *watch.target * kSecond;
      Reach(watch, fmt::format("{}%", plan.warn_percent), target * plan.warn_percent / 100, now);
      Reach(watch, fmt::format("-{}s", plan.warn_before), std::max<Instant>(0, target - plan.warn_before * kSecond),
            now);
      Reach(watch, fmt::format("+{}s", plan.escalate_after), target + plan.escalate_after * kSecond, now);
      const bool stands = watch.modes.back().second == Mode::kResolved;
      if (watch.IsOpen() && !watch.breached && !stands && watch.due && *watch.due < now) {
        watch.breached = watch.due;
        watch.cause = "time";
        steps_.try_emplace({watch.Name(), "breach"}, *watch.due);
      }
    }
  }

  [[nodiscard]] static const PolicyPlan& PlanOf(const Watch& watch) { return Policies()[PolicyOf(watch.customer)]; }

  void Happen(const Line& line) {
    at_ = line.at;
    const bool final = state_ == TicketState::kClosed || state_ == TicketState::kSpam;
    if (final && line.what != Line::kState) {
      return;
    }
    switch (line.what) {
      case Line::kCreated:
        customer_ = line.customer;
        priority_ = line.priority;
        Start(ClockKind::kResolution);
        return Start(ClockKind::kFirstResponse);
      case Line::kAnswer:
        waiting_message_.reset();
        Meet(ClockKind::kFirstResponse);
        Meet(ClockKind::kNextResponse);
        Meet(ClockKind::kKeepInformed);
        return Start(ClockKind::kKeepInformed);
      case Line::kCustomer:
        waiting_message_ = waiting_message_.value_or(at_);
        return AskForNextResponse();
      case Line::kState:
        return Move(line.state);
      case Line::kPriority:
        priority_ = line.priority;
        return Retarget("priority_change");
      case Line::kCustomerIs:
        customer_ = line.customer;
        return Retarget("policy_change");
    }
  }

  Watch* Open(ClockKind kind) {
    const auto at = std::ranges::find_if(watches_, [&](const Watch& w) { return w.kind == kind && w.IsOpen(); });
    return at == watches_.end() ? nullptr : &*at;
  }

  [[nodiscard]] Mode ModeOf(ClockKind kind) const {
    return !propolis::IsOpen(state_)                  ? Mode::kResolved
           : Policy().pauses.contains({kind, state_}) ? Mode::kPaused
                                                      : Mode::kCounts;
  }

  void Target(Watch& watch) const {
    const auto target = Policy().targets.find({watch.kind, priority_});
    watch.target = target == Policy().targets.end() ? std::nullopt : std::optional(target->second);
    if (watch.target) {
      watch.had_target = true;
      watch.customer = customer_;
    }
  }

  void Start(ClockKind kind) {
    Watch watch;
    watch.kind = kind;
    watch.instance = 1 + static_cast<int>(std::ranges::count(watches_, kind, &Watch::kind));
    watch.started = at_;
    watch.modes = {{at_, ModeOf(kind)}};
    Target(watch);
    watch.Reckon();
    watches_.push_back(watch);
  }

  void Meet(ClockKind kind) {
    if (Watch* watch = Open(kind)) {
      watch->stopped = at_;
      watch->met = true;
    }
  }

  void AskForNextResponse() {
    const Watch* first = Open(ClockKind::kFirstResponse);
    if (Open(ClockKind::kNextResponse) != nullptr || (first != nullptr && first->target)) {
      return;
    }
    Start(ClockKind::kNextResponse);
    Watch& watch = watches_.back();
    if (*waiting_message_ < watch.started) {  // it waited while a first response was owed
      watch.started = *waiting_message_;
      if (watch.modes.front().second == Mode::kCounts) {
        watch.modes.front().first = watch.started;
      } else {
        watch.modes.insert(watch.modes.begin(), {watch.started, Mode::kCounts});
      }
      watch.Reckon();
      CheckChange(watch, "policy_change");
    }
  }

  void CheckChange(Watch& watch, const std::string& cause) const {
    const bool over = watch.due ? *watch.due < at_ : watch.target && watch.Elapsed(at_) > *watch.target * kSecond;
    if (!watch.breached && watch.IsOpen() && over) {
      if (!watch.due) {
        watch.due = watch.Moment(*watch.target * kSecond);
      }
      watch.breached = at_;
      watch.cause = cause;
    }
  }

  void Retarget(const std::string& cause) {
    for (Watch& watch : watches_) {
      if (!watch.IsOpen() || watch.breached) {
        continue;
      }
      const bool had = watch.target.has_value();
      Target(watch);
      watch.cause = had && !watch.target ? cause : "";
      watch.Enter(ModeOf(watch.kind), at_);
      watch.Reckon();
      CheckChange(watch, cause);
    }
    if (waiting_message_) {
      AskForNextResponse();
    }
  }

  void Move(TicketState to) {
    if (to == state_) {
      return;
    }
    const bool was_open = propolis::IsOpen(state_);
    state_ = to;
    if (propolis::IsOpen(to) && !was_open) {
      Reopen();
    }
    if (!propolis::IsOpen(to)) {
      ended_ = was_open ? at_ : ended_;
      if (to == TicketState::kResolved || to == TicketState::kClosed) {
        Meet(ClockKind::kResolution);
      }
      if (to != TicketState::kResolved) {
        for (Watch& watch : watches_) {
          if (watch.IsOpen()) {
            watch.stopped = at_;
            watch.cause = watch.breached ? watch.cause : to == TicketState::kSpam ? "spam" : "closed";
          }
        }
      }
    }
    for (Watch& watch : watches_) {
      if (watch.IsOpen()) {
        watch.Enter(ModeOf(watch.kind), at_);
      }
    }
  }

  void Reopen() {
    const auto last = std::ranges::find_if(watches_.rbegin(), watches_.rend(),
                                           [](const Watch& w) { return w.kind == ClockKind::kResolution; });
    if (at_ - ended_ <= kGrace && last->met && *last->stopped >= ended_) {
      const Instant gap = *last->stopped;
      last->stopped.reset();
      last->met = false;
      ++last->reopens;
      last->Enter(Mode::kPaused, gap);
    } else if (Open(ClockKind::kResolution) == nullptr) {
      Start(ClockKind::kResolution);
    }
  }

  [[nodiscard]] ReferenceResult Result(Instant now) const {
    ReferenceResult result{.clocks = {}, .steps = steps_};
    for (const Watch& watch : watches_) {
      if (!watch.had_target) {
        continue;
      }
      ReferenceClock clock;
      clock.kind = watch.kind;
      clock.instance = watch.instance;
      clock.started = watch.started;
      clock.due = watch.due;
      clock.target = watch.target.value_or(0);
      clock.elapsed = watch.Elapsed(watch.stopped.value_or(now)) / kSecond;
      clock.reopens = watch.reopens;
      clock.cause = watch.cause;
      clock.state = watch.breached                                   ? "breached"
                    : !watch.target || (watch.stopped && !watch.met) ? "cancelled"
                    : watch.met                                      ? "met"
                    : watch.modes.back().second == Mode::kCounts     ? "running"
                                                                     : "paused";
      if (watch.met && watch.target) {
        clock.met = watch.stopped;
      }
      result.clocks.push_back(clock);
    }
    return result;
  }

  std::vector<Watch> watches_;
  std::map<std::pair<std::string, std::string>, Instant> steps_;
  TicketState state_ = TicketState::kNew;
  Priority priority_ = Priority::kP4;
  std::size_t customer_ = 0;
  std::optional<Instant> waiting_message_;
  Instant at_ = 0;
  Instant looked_ = 0;
  Instant ended_ = 0;
};

}  // namespace

ReferenceResult Reckon(const std::vector<Line>& lines, Instant now) { return Ticket().Run(lines, now); }

}  // namespace propolis::quarter
