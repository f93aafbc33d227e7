#include "api/clock_view.h"

#include "base/i18n.h"
#include "domain/ticket/clocks.h"

namespace propolis::api {
namespace {

// A clock's policy and calendar are told as "id/version/..." (ticket/clock_history.h).
std::vector<std::string_view> Parts(const std::string& key) { return text::Split(key, '/'); }

// Names of policies and calendars, each read once.
class NamesOf {
 public:
  explicit NamesOf(store::ReadTx& tx) : tx_(&tx) {}
  const std::string& Find(std::string_view sql, std::string_view id) {
    const auto [at, fresh] = known_.try_emplace(std::string(id));
    const auto uuid = fresh ? Uuid::Parse(id) : std::nullopt;
    if (uuid) {
      at->second = tx_->One(sql, [](const store::Row& row) { return row.String(0); }, *uuid).value_or("");
    }
    return at->second;
  }

 private:
  store::ReadTx* tx_;
  std::map<std::string, std::string> known_;
};

// Dots for slashes: an id that can stand in a path.
std::string PathId(std::string id) {
  std::ranges::replace(id, '/', '-');
  return id;
}

ClockView View(NamesOf& names, const sla::TicketClock& clock) {
  ClockView view;
  view.id = PathId(clock.id);
  view.kind = clock.kind;
  view.state = clock.state == sla::ClockState::kMerged ? "cancelled" : std::string(NameOf(clock.state));
  view.started_at = clock.started_at;
  view.due_at = clock.due_at;
  view.met_at = clock.met_at;
  view.target_seconds = clock.target;
  view.elapsed_seconds = clock.elapsed;
  view.remaining_seconds = clock.remaining;
  if (clock.cause) {
    view.breach_cause = NameOf(*clock.cause);
  }
  view.steps = clock.steps;
  for (const sla::StepTime& step : clock.steps) {
    const bool warns = !clock.due_at || step.at <= clock.due_at;
    if (step.at && warns && (!view.warn_at || *step.at < *view.warn_at)) {
      view.warn_at = step.at;
    }
  }
  if (clock.manual) {
    view.manual_reason = clock.manual_reason;
    view.manual_approver = clock.manual_approver;
  }
  const auto policy = Parts(clock.policy);
  view.policy.id = policy[0];
  view.policy.name = names.Find("SELECT name FROM sla_policy WHERE id = $1", policy[0]);
  view.policy.version = policy.size() > 1 ? std::strtoll(std::string(policy[1]).c_str(), nullptr, 10) : 0;
  const auto calendar = Parts(clock.calendar);
  view.calendar = {std::string(calendar[0]), names.Find("SELECT name FROM calendar WHERE id = $1", calendar[0])};
  return view;
}

std::string WhyText(const sla::Segment& segment, Language language) {
  const std::string state =
      segment.state ? i18n::Translate(language, "state." + std::string(NameOf(*segment.state))) : "";
  return i18n::Translate(language, "clock.why." + std::string(NameOf(segment.why)),
                         {{"state", state}, {"name", segment.name}});
}

}  // namespace

Result<std::vector<ClockView>> ViewClocks(store::ReadTx& tx, std::int64_t number, const ticket::Detail& detail,
                                          Time now) {
  std::vector<ClockView> views;
  NamesOf names(tx);
  for (const auto& clock : TRY(ticket::ClocksOf(tx, number, detail, now, /*explain=*/false))) {
    if (clock.state != sla::ClockState::kSuppressed) {
      views.push_back(View(names, clock));
    }
  }
  return views;
}

Result<Explanation> ExplainClock(store::ReadTx& tx, std::int64_t number, std::string_view clock, Time now,
                                 Language language) {
  const auto clocks = TRY(ticket::ClocksOf(tx, number, now, /*explain=*/true));
  const auto found =
      std::ranges::find_if(clocks, [&](const sla::TicketClock& each) { return PathId(each.id) == clock; });
  if (found == clocks.end()) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  Explanation explanation;
  NamesOf names(tx);
  explanation.clock = View(names, *found);
  std::string last_event;
  for (const sla::Segment& segment : found->trace) {
    const bool counted = segment.counted > 0;
    const auto seconds = std::chrono::duration_cast<Seconds>(segment.to - segment.from).count();
    explanation.segments.push_back({segment.from, segment.to, counted ? segment.counted : seconds, counted,
                                    std::string(NameOf(segment.why)), WhyText(segment, language)});
    if (!segment.event.empty() && segment.event != last_event) {
      last_event = segment.event;
      explanation.events.push_back(
          {segment.from, i18n::Translate(language, "clock.event", {{"entry", segment.event}})});
    }
  }
  explanation.text = i18n::Translate(language, "clock.explained",
                                     {{"clock", i18n::Translate(language, "clock." + std::string(NameOf(found->kind)))},
                                      {"elapsed", std::to_string(found->elapsed)},
                                      {"target", std::to_string(found->target)},
                                      {"policy", explanation.clock.policy.name},
                                      {"version", std::to_string(explanation.clock.policy.version)},
                                      {"calendar", explanation.clock.calendar.name}});
  return explanation;
}

const dto::Type& PolicyRef::Dto() {
  static const dto::Type type = dto::Object<PolicyRef>("PolicyRef", "A version of an SLA policy.")
                                    .Required("id", &PolicyRef::id, "The policy.")
                                    .Required("name", &PolicyRef::name, "Its name.")
                                    .Required("version", &PolicyRef::version, "Which version of it.")
                                    .Done();
  return type;
}

const dto::Type& ClockView::Dto() {
  using T = ClockView;
  static const dto::Type type =
      dto::Object<T>("Clock", "One running promise of time on a ticket.")
          .Required("id", &T::id, "Kind and the how many-th of it.")
          .Required("kind", &T::kind, "Which clock.")
          .Required("state", &T::state, "running, paused, met, breached or cancelled.")
          .Required("started_at", &T::started_at, "When it started.")
          .Optional("due_at", &T::due_at, "The deadline; absent while paused.")
          .Optional("met_at", &T::met_at, "When it was met, in time or late.")
          .Required("target_seconds", &T::target_seconds, "Working seconds promised.")
          .Required("elapsed_seconds", &T::elapsed_seconds, "Working seconds counted.")
          .Optional("remaining_seconds", &T::remaining_seconds, "Working seconds left; negative when over.")
          .Required("policy", &T::policy, "The policy version that set it.")
          .Required("calendar", &T::calendar, "The calendar it counts in.")
          .Optional("breach_cause", &T::breach_cause, "Why it was breached.")
          .Optional("warn_at", &T::warn_at, "When it warns first.")
          .Required("steps", &T::steps, "Its warnings and escalations.")
          .Optional("manual_reason", &T::manual_reason, "Why the due time was set by hand.")
          .Optional("manual_approver", &T::manual_approver, "Who approved that.")
          .Done();
  return type;
}

const dto::Type& SegmentView::Dto() {
  using T = SegmentView;
  static const dto::Type type = dto::Object<T>("ClockSegment", "A piece of a clock's time.")
                                    .Required("from", &T::from, "Its beginning.")
                                    .Required("to", &T::to, "Its end.")
                                    .Required("seconds", &T::seconds, "How long: counted, or skipped.")
                                    .Required("counted", &T::counted, "Whether it counts.")
                                    .Required("why", &T::why, "The reason, for machines.")
                                    .Required("text", &T::text, "The reason, for people.")
                                    .Done();
  return type;
}

const dto::Type& ClockEventView::Dto() {
  using T = ClockEventView;
  static const dto::Type type = dto::Object<T>("ClockEvent", "Something that changed a clock.")
                                    .Required("at", &T::at, "When.")
                                    .Required("what", &T::what, "What, for people.")
                                    .Done();
  return type;
}

const dto::Type& Explanation::Dto() {
  using T = Explanation;
  static const dto::Type type = dto::Object<T>("ClockExplanation", "How a deadline came about. Counted pieces add up.")
                                    .Required("clock", &T::clock, "The clock.")
                                    .Required("segments", &T::segments, "Its time, piece by piece.")
                                    .Required("events", &T::events, "What changed it.")
                                    .Required("text", &T::text, "All of it in one sentence.")
                                    .Done();
  return type;
}

}  // namespace propolis::api
