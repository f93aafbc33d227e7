// sla.recurrence: days and times of a recurrence rule.
#include "domain/recurrence/recurrence.h"

#include "app/try/rules.h"
#include "domain/oncall/rotation.h"

namespace propolis::app {
namespace {

using oncall::LocalTime;

struct Input {
  std::string rule;
  LocalTime start;
  std::optional<LocalTime> from;
  int most = 100;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<Input>("SlaRecurrenceInput", "")
            .Required("rule", &Input::rule, "RFC 5545, without RRULE: before it.", dto::Text(1, 2000))
            .Required("start", &Input::start, "Wall clock: DTSTART.")
            .Optional("from", &Input::from, "Leave out what is earlier; COUNT counts it all the same.")
            .Optional("most", &Input::most, "How many at most; 100 when left out.", dto::Range(1, 10000))
            .Done();
    return type;
  }
};

struct Output {
  std::vector<LocalTime> times;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<Output>("SlaRecurrenceOutput", "")
                                      .Required("times", &Output::times, "In order, wall clock.", dto::Items(0, 10000))
                                      .Done();
    return type;
  }
};

Result<Output> Recurrence(const Input& input) {
  const auto rule = TRY(recurrence::ParseRule(input.rule));
  Output output;
  const auto from = input.from.value_or(input.start).at;
  for (const auto at : recurrence::Occurrences(rule, input.start.at, from, static_cast<std::size_t>(input.most))) {
    output.times.push_back({at});
  }
  return output;
}

}  // namespace

std::vector<Rule> RecurrenceRules() {
  return {MakeRule("sla.recurrence", "The days and times that a recurrence rule gives.",
                   R"({"rule":"FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO","start":"2026-05-25T00:00","most":3})", Recurrence)};
}

}  // namespace propolis::app
