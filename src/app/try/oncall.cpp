// oncall.*: rotations, weekly hours and rotas.
#include "app/try/rules.h"
#include "domain/oncall/rota.h"
#include "domain/wall_clock.h"

namespace propolis::app {
namespace {

using oncall::Rota;
using oncall::Rotation;
using oncall::Shifts;

Result<const date::time_zone*> Zone(const std::string& name) {
  if (const auto* zone = FindZone(name)) {
    return zone;
  }
  return FailField("zone", "field.not_zone");
}

struct ShiftInput {
  std::string zone;
  Rotation rotation;
  Time at;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<ShiftInput>("OncallShiftInput", "")
                                      .Required("zone", &ShiftInput::zone, "IANA time zone.", dto::Text(1, 64, "zone"))
                                      .Required("rotation", &ShiftInput::rotation, "When turns are handed over.")
                                      .Required("at", &ShiftInput::at, "The moment asked about.")
                                      .Done();
    return type;
  }
};
struct ShiftOutput {
  std::int64_t number = 0;
  Time from;
  Time to;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<ShiftOutput>("OncallShiftOutput", "")
            .Required("number", &ShiftOutput::number, "0 begins at the start; earlier ones are negative.")
            .Required("from", &ShiftOutput::from, "When the shift began.")
            .Required("to", &ShiftOutput::to, "When it ends.")
            .Done();
    return type;
  }
};
Result<ShiftOutput> Shift(const ShiftInput& input) {
  const Shifts shifts(*TRY(Zone(input.zone)), input.rotation);
  const std::int64_t number = shifts.NumberAt(input.at);
  return ShiftOutput{number, shifts.Begin(number), shifts.Begin(number + 1)};
}

struct HandOversInput {
  std::string zone;
  Rotation rotation;
  Time from;
  Time to;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<HandOversInput>("OncallHandOversInput", "")
            .Required("zone", &HandOversInput::zone, "IANA time zone.", dto::Text(1, 64, "zone"))
            .Required("rotation", &HandOversInput::rotation, "When turns are handed over.")
            .Required("from", &HandOversInput::from, "Beginning.")
            .Required("to", &HandOversInput::to, "End.")
            .Done();
    return type;
  }
};
struct HandOversOutput {
  std::vector<Time> times;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<HandOversOutput>("OncallHandOversOutput", "")
            .Required("times", &HandOversOutput::times,
                      "From the start of the shift that is on at `from` to the end of the one at `to`.",
                      dto::Items(0, oncall::kMostHandOvers))
            .Done();
    return type;
  }
};
Result<HandOversOutput> HandOvers(const HandOversInput& input) {
  const Shifts shifts(*TRY(Zone(input.zone)), input.rotation);
  return HandOversOutput{TRY(shifts.HandOvers(input.from, input.to))};
}

struct ActiveInput {
  std::string zone;
  oncall::Window hours;
  Time at;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<ActiveInput>("OncallActiveInput", "")
                                      .Required("zone", &ActiveInput::zone, "IANA time zone.", dto::Text(1, 64, "zone"))
                                      .Required("hours", &ActiveInput::hours, "Weekdays and hours.")
                                      .Required("at", &ActiveInput::at, "The moment asked about.")
                                      .Done();
    return type;
  }
};
struct ActiveOutput {
  bool active = false;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<ActiveOutput>("OncallActiveOutput", "")
                                      .Required("active", &ActiveOutput::active, "Whether the hours hold then.")
                                      .Done();
    return type;
  }
};
Result<ActiveOutput> Active(const ActiveInput& input) {
  return ActiveOutput{oncall::IsActive(input.hours, *TRY(Zone(input.zone)), input.at)};
}

Status Valid(const Rota& rota) {
  auto errors = oncall::Validate(rota);
  for (FieldError& error : errors) {
    error.field.insert(0, "rota/");
  }
  if (!errors.empty()) {
    return std::unexpected(Error{Code::kInvalid, "error.invalid", {}, std::move(errors)});
  }
  return {};
}

struct NowInput {
  Rota rota;
  Time at;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<NowInput>("OncallNowInput", "")
                                      .Required("rota", &NowInput::rota, "Layers and overrides.")
                                      .Required("at", &NowInput::at, "The moment asked about.")
                                      .Done();
    return type;
  }
};
struct NowOutput {
  std::vector<std::string> people;
  std::optional<oncall::Coming> next;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<NowOutput>("OncallNowOutput", "")
                                      .Required("people", &NowOutput::people, "Who is on call then.")
                                      .Optional("next", &NowOutput::next, "The next hand-over to other people.")
                                      .Done();
    return type;
  }
};
Result<NowOutput> Now(const NowInput& input) {
  TRY(Valid(input.rota));
  return NowOutput{oncall::OnCall(input.rota, input.at).people, oncall::NextHandOver(input.rota, input.at)};
}

struct ScheduleInput {
  Rota rota;
  Time from;
  Time to;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<ScheduleInput>("OncallScheduleInput", "")
                                      .Required("rota", &ScheduleInput::rota, "Layers and overrides.")
                                      .Required("from", &ScheduleInput::from, "Beginning.")
                                      .Required("to", &ScheduleInput::to, "End.")
                                      .Done();
    return type;
  }
};
struct ScheduleOutput {
  std::vector<oncall::Duty> duties;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<ScheduleOutput>("OncallScheduleOutput", "")
            .Required("duties", &ScheduleOutput::duties, "In order, without gaps.", dto::Items(0, 100000))
            .Done();
    return type;
  }
};
Result<ScheduleOutput> Schedule(const ScheduleInput& input) {
  TRY(Valid(input.rota));
  return ScheduleOutput{TRY(oncall::Schedule(input.rota, input.from, input.to))};
}

constexpr const char* kWeekly = R"("rotation":{"unit":"week","length":1,"start":"2026-03-02T09:00"})";

}  // namespace

std::vector<Rule> OncallRules() {
  const std::string rotation = kWeekly;
  const std::string zoned = R"({"zone":"Europe/Madrid",)" + rotation;
  const std::string rota = R"({"rota":{"zone":"Europe/Madrid","layers":[{"name":"First line","people":["ana","rui"],)" +
                           rotation +
                           R"(}],"overrides":[{"from":"2026-03-03T08:00:00Z","to":"2026-03-04T08:00:00Z","out":"ana",)"
                           R"("in":"eva"}]})";
  return {
      MakeRule("oncall.shift", "The shift of a rotation that is on at a moment.",
               zoned + R"(,"at":"2026-03-30T06:59:59Z"})", Shift),
      MakeRule("oncall.hand_overs", "Every hand-over of a rotation between two moments.",
               zoned + R"(,"from":"2026-03-20T00:00:00Z","to":"2026-04-10T00:00:00Z"})", HandOvers),
      MakeRule("oncall.active", "Whether weekly hours hold at a moment.",
               R"({"zone":"Europe/Madrid","hours":{"days":["mon","fri"],"from":"20:00","to":"08:00"},)"
               R"("at":"2026-03-03T06:00:00Z"})",
               Active),
      MakeRule("oncall.now", "Who is on call at a moment, and who is next.", rota + R"(,"at":"2026-03-03T10:00:00Z"})",
               Now),
      MakeRule("oncall.schedule", "Who is on call between two moments.",
               rota + R"(,"from":"2026-03-02T00:00:00Z","to":"2026-03-16T00:00:00Z"})", Schedule),
  };
}

}  // namespace propolis::app
