// sla.*: working time and clocks.
#include "app/try/rules.h"
#include "domain/calendars/choice.h"
#include "domain/sla/clocks.h"
#include "domain/sla/working_time.h"

namespace propolis::app {
namespace {

using sla::WorkingTime;

struct AddInput {
  sla::Calendar calendar;
  Time start;
  std::int64_t seconds = 0;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<AddInput>("SlaAddInput", "")
            .Required("calendar", &AddInput::calendar, "When the desk works.")
            .Required("start", &AddInput::start, "Where to begin.")
            .Required("seconds", &AddInput::seconds, "Working seconds to add; negative: to go back.",
                      dto::Range(-sla::kMaxTargetSeconds, sla::kMaxTargetSeconds))
            .Done();
    return type;
  }
};
struct AddOutput {
  std::optional<Time> due;
  bool never = false;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<AddOutput>("SlaAddOutput", "")
                                      .Optional("due", &AddOutput::due, "When that much has been worked.")
                                      .Required("never", &AddOutput::never, "The calendar never opens that long.")
                                      .Done();
    return type;
  }
};
Result<AddOutput> Add(const AddInput& input) {
  const WorkingTime hours = TRY(WorkingTime::From(input.calendar));
  const auto due = input.seconds < 0 ? hours.Subtract(input.start, Seconds{-input.seconds})
                                     : hours.Add(input.start, Seconds{input.seconds});
  return AddOutput{due, !due};
}

struct WithinInput {
  sla::Calendar calendar;
  Time from;
  Time to;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<WithinInput>("SlaWithinInput", "")
                                      .Required("calendar", &WithinInput::calendar, "When the desk works.")
                                      .Required("from", &WithinInput::from, "Beginning.")
                                      .Required("to", &WithinInput::to, "End.")
                                      .Done();
    return type;
  }
};
struct WithinOutput {
  std::int64_t seconds = 0;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<WithinOutput>("SlaWithinOutput", "")
            .Required("seconds", &WithinOutput::seconds, "Whole working seconds between; negative when `to` is first.")
            .Done();
    return type;
  }
};
Result<WithinOutput> Within(const WithinInput& input) {
  const WorkingTime hours = TRY(WorkingTime::From(input.calendar));
  return WithinOutput{hours.Within(input.from, input.to) / Seconds{1}};
}

struct NextOpenInput {
  sla::Calendar calendar;
  Time at;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<NextOpenInput>("SlaNextOpenInput", "")
                                      .Required("calendar", &NextOpenInput::calendar, "When the desk works.")
                                      .Required("at", &NextOpenInput::at, "The moment asked about.")
                                      .Done();
    return type;
  }
};
struct NextOpenOutput {
  bool open = false;
  std::optional<Time> next_open;
  std::optional<Time> next_close;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<NextOpenOutput>("SlaNextOpenOutput", "")
            .Required("open", &NextOpenOutput::open, "Whether the desk works at that moment.")
            .Optional("next_open", &NextOpenOutput::next_open, "That moment when open, else the next opening.")
            .Optional("next_close", &NextOpenOutput::next_close, "The end of that window.")
            .Done();
    return type;
  }
};
Result<NextOpenOutput> NextOpen(const NextOpenInput& input) {
  const WorkingTime hours = TRY(WorkingTime::From(input.calendar));
  return NextOpenOutput{hours.IsOpen(input.at), hours.NextOpen(input.at), hours.NextClose(input.at)};
}

struct AddDaysInput {
  sla::Calendar calendar;
  sla::Date date;
  int days = 0;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<AddDaysInput>("SlaAddDaysInput", "")
            .Required("calendar", &AddDaysInput::calendar, "When the desk works.")
            .Required("date", &AddDaysInput::date, "Where to begin, YYYY-MM-DD.")
            .Required("days", &AddDaysInput::days, "Working dates to add; negative: to go back.",
                      dto::Range(-100000, 100000))
            .Done();
    return type;
  }
};
struct AddDaysOutput {
  std::optional<sla::Date> date;
  bool working_day = false;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<AddDaysOutput>("SlaAddDaysOutput", "")
            .Optional("date", &AddDaysOutput::date, "The date; absent: never.")
            .Required("working_day", &AddDaysOutput::working_day, "Whether the date given is a working day.")
            .Done();
    return type;
  }
};
Result<AddDaysOutput> AddDays(const AddDaysInput& input) {
  const WorkingTime hours = TRY(WorkingTime::From(input.calendar));
  return AddDaysOutput{hours.AddDays(input.date, input.days), hours.IsWorkingDay(input.date)};
}

struct ClocksOutput {
  std::vector<sla::TicketClock> clocks;
  std::optional<Time> next_deadline;
  std::optional<std::string> next_clock;
  std::optional<Time> next_moment;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<ClocksOutput>("SlaClocksOutput", "")
            .Required("clocks", &ClocksOutput::clocks, "Every clock the history ever started.", dto::Items(0, 100000))
            .Optional("next_deadline", &ClocksOutput::next_deadline, "The earliest due time of those that run.")
            .Optional("next_clock", &ClocksOutput::next_clock, "Whose it is.")
            .Optional("next_moment", &ClocksOutput::next_moment,
                      "When the next clock is over or reaches a step, after now.")
            .Done();
    return type;
  }
};
Result<ClocksOutput> Clocks(const sla::ClockHistory& history) {
  ClocksOutput output;
  output.clocks = TRY(sla::Evaluate(history));
  if (const auto next = sla::NextDeadline(output.clocks)) {
    output.next_deadline = next->due;
    output.next_clock = next->clock;
  }
  output.next_moment = sla::NextMoment(output.clocks, history.now);
  return output;
}

struct ChooseInput {
  std::vector<calendars::ChoiceRule> rules;
  calendars::ChoiceCase ticket;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<ChooseInput>("SlaChooseInput", "")
                                      .Required("rules", &ChooseInput::rules, "In order.", dto::Items(0, 200))
                                      .Required("ticket", &ChooseInput::ticket, "What they are asked about.")
                                      .Done();
    return type;
  }
};
struct ChooseOutput {
  std::optional<std::int64_t> place;
  std::optional<std::string> name;
  std::optional<PolicyId> policy;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<ChooseOutput>("SlaChooseOutput", "")
            .Optional("place", &ChooseOutput::place, "Of the first rule that holds, from 1; absent: none does.")
            .Optional("name", &ChooseOutput::name, "Its name.")
            .Optional("policy", &ChooseOutput::policy, "The policy it gives.")
            .Done();
    return type;
  }
};
Result<ChooseOutput> Choose(const ChooseInput& input) {
  const calendars::Chooser chooser(calendars::Choice{.version = 0, .rules = input.rules});
  const auto place = chooser.Find(input.ticket);
  if (!place) {
    return ChooseOutput{};
  }
  const calendars::ChoiceRule& rule = chooser.choice().rules[*place];
  return ChooseOutput{static_cast<std::int64_t>(*place) + 1, rule.name, rule.policy_id};
}

constexpr const char* kWeek =
    R"("calendar":{"zone":"Europe/Madrid","weekly":[{"day":"mon","opens":"09:00","closes":"17:00"}]})";

}  // namespace

std::vector<Rule> SlaRules() {
  const std::string week = kWeek;
  return {
      MakeRule("sla.add", "When a number of working seconds has passed.",
               "{" + week + R"(,"start":"2026-03-02T10:00:00Z","seconds":3600})", Add),
      MakeRule("sla.within", "Working seconds between two moments.",
               "{" + week + R"(,"from":"2026-03-02T10:00:00Z","to":"2026-03-09T10:00:00Z"})", Within),
      MakeRule("sla.next_open", "Whether the desk works, and when it next does.",
               "{" + week + R"(,"at":"2026-03-03T10:00:00Z"})", NextOpen),
      MakeRule("sla.add_days", "Working dates after (or before) a date.",
               "{" + week + R"(,"date":"2026-03-02","days":2})", AddDays),
      MakeRule("sla.clocks", "The clocks of a ticket from its history, with every second explained.",
               R"({"events":[{"at":"2026-03-02T10:00:00Z","kind":"created","priority":"P3","policy":"gold",)"
               R"("policy_version":1}],"policies":[{"id":"gold","version":1,"policy":{"calendar":"office","targets":[)"
               R"({"priority":"P3","clock":"first_response","seconds":3600}]}}],"calendars":[{"id":"office",)"
               R"("version":1,)" +
                   week + R"(}],"now":"2026-03-02T10:30:00Z"})",
               Clocks),
      MakeRule("sla.choose", "Which policy a ticket gets: the first rule that holds.",
               R"({"rules":[{"name":"Incidents","kinds":["incident"],"policy_id":)"
               R"("01900000-0000-7000-8000-000000000001"}],"ticket":{"kind":"incident","channel":"portal"}})",
               Choose),
  };
}

}  // namespace propolis::app
