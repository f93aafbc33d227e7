#include <gmock/gmock.h>

#include <random>

#include "base/corpora_test_support.h"
#include "domain/oncall/oncall_corpus_test_support.h"

namespace propolis::oncall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Time At(std::string_view text) { return ParseTime(text).value(); }
sla::TimeOfDay Clock(std::string_view text) { return sla::TimeOfDay::Parse(text).value(); }

Rotation Every(int length, ShiftUnit unit, std::string_view start) {
  return {.unit = unit, .length = length, .start = LocalTime::Parse(start).value()};
}

Layer MakeLayer(std::vector<std::string> people, Rotation rotation, std::vector<Window> restrictions = {}) {
  return {.name = "layer", .rotation = rotation, .people = std::move(people), .restrictions = std::move(restrictions)};
}

Rota Weekly(std::vector<std::string> people) {
  return {.zone = "Europe/Madrid",
          .layers = {MakeLayer(std::move(people), Every(1, ShiftUnit::kWeek, "2026-03-02T09:00"))},
          .overrides = {}};
}

std::vector<std::string> Fields(const std::vector<FieldError>& errors) {
  std::vector<std::string> texts;
  for (const auto& error : errors) {
    texts.push_back(error.field + " " + error.message);
  }
  return texts;
}

TEST(Oncall, AgreesWithTheCorpora) {
  const auto folder = Corpora("oncall");
  if (!folder) {
    GTEST_SKIP() << "corpora not found: set PROPOLIS_CORPORA";
  }
  const auto outcomes = corpus::Run(*folder / "goalert.jsonl");
  EXPECT_FALSE(outcomes.empty());
  for (const auto& outcome : outcomes) {
    EXPECT_EQ(outcome.got, outcome.expected) << outcome.id;
  }
}

TEST(Rotation, KeepsTheWallClockOfAHandOverAcrossTheJumps) {
  const Shifts shifts(*FindZone("Europe/Madrid"), Every(1, ShiftUnit::kWeek, "2026-03-02T09:00"));
  EXPECT_EQ(shifts.EndOfShift(At("2026-03-23T09:00:00Z")), At("2026-03-30T07:00:00Z"));
  EXPECT_EQ(shifts.StartOfShift(At("2026-03-30T06:59:59Z")), At("2026-03-23T08:00:00Z"));
  EXPECT_EQ(shifts.NumberAt(At("2026-03-01T00:00:00Z")), -1);
}

TEST(Rotation, ASwallowedShiftIsEmptyAndItsTurnIsLost) {
  // In Madrid 02:00 becomes 03:00 on 29 March 2026: hour 2 never is.
  const Shifts shifts(*FindZone("Europe/Madrid"), Every(1, ShiftUnit::kHour, "2026-03-29T00:00"));
  EXPECT_EQ(shifts.Begin(2), shifts.Begin(3));
  EXPECT_EQ(shifts.NumberAt(At("2026-03-29T01:00:00Z")), 3);
  EXPECT_EQ(shifts.HandOvers(At("2026-03-29T00:30:00Z"), At("2026-03-29T01:30:00Z")).value(),
            (std::vector{At("2026-03-29T00:00:00Z"), At("2026-03-29T01:00:00Z"), At("2026-03-29T02:00:00Z")}));
}

TEST(Rotation, AMonthThatIsTooShortHandsOverOnItsLastDay) {
  const Shifts shifts(*FindZone("Etc/UTC"), Every(1, ShiftUnit::kMonth, "2026-01-31T08:00"));
  EXPECT_EQ(shifts.Begin(1), At("2026-02-28T08:00:00Z"));
  EXPECT_EQ(shifts.Begin(2), At("2026-03-31T08:00:00Z"));
  EXPECT_EQ(shifts.NumberAt(At("2026-02-28T07:59:59Z")), 0);
  EXPECT_EQ(shifts.NumberAt(At("2026-02-28T08:00:00Z")), 1);
}

TEST(Rotation, NumberAtAndBeginAgreeEverywhere) {
  std::mt19937_64 random(20260302);
  const auto number = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  const std::array zones = {"Europe/Madrid", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia",
                            "Africa/Casablanca"};
  for (int i = 0; i < 20000; ++i) {
    const Rotation rotation{.unit = static_cast<ShiftUnit>(number(0, 3)),
                            .length = static_cast<int>(number(1, 30)),
                            .start = {std::chrono::local_seconds{Seconds{number(1'000'000'000, 1'900'000'000)}}}};
    const Shifts shifts(*FindZone(zones[static_cast<std::size_t>(number(0, 4))]), rotation);
    const Time at{Seconds{number(1'000'000'000, 1'900'000'000)}};
    const std::int64_t shift = shifts.NumberAt(at);
    ASSERT_LE(shifts.Begin(shift), at);
    ASSERT_GT(shifts.Begin(shift + 1), at);
  }
}

TEST(Rotation, RefusesAWalkThatGoesBackOrNeverEnds) {
  const Shifts shifts(*FindZone("Etc/UTC"), Every(1, ShiftUnit::kHour, "2026-01-01T00:00"));
  EXPECT_EQ(shifts.HandOvers(At("2026-01-02T00:00:00Z"), At("2026-01-01T00:00:00Z")).error().fields[0].message,
            "rota.ends_before_start");
  EXPECT_EQ(shifts.HandOvers(At("2026-01-02T00:00:00Z"), At("2036-01-01T00:00:00Z")).error().fields[0].message,
            "rota.too_long");
}

TEST(LocalTime, IsReadWholeOrNotAtAll) {
  EXPECT_EQ(LocalTime::Parse("2026-03-02T09:00")->ToString(), "2026-03-02T09:00");
  for (const auto* wrong :
       {"", "2026-03-02", "2026-03-02 09:00", "2026-03-02T24:00", "2026-02-30T09:00", "2026-03-02T09:00Z"}) {
    EXPECT_FALSE(LocalTime::Parse(wrong)) << wrong;
  }
}

TEST(OncallWindow, RunsOverMidnightAndLastsAWholeDayWhenItsEndsAreOne) {
  const auto& utc = *FindZone("Etc/UTC");
  const Window night{.days = {sla::Weekday::kMon}, .from = Clock("20:00"), .to = Clock("08:00")};
  EXPECT_TRUE(IsActive(night, utc, At("2026-03-03T07:59:59Z")));
  EXPECT_FALSE(IsActive(night, utc, At("2026-03-03T08:00:00Z")));
  const Window whole{.days = {sla::Weekday::kMon}, .from = Clock("09:00"), .to = Clock("09:00")};
  EXPECT_THAT(Covered({whole}, utc, At("2026-03-01T00:00:00Z"), At("2026-03-08T00:00:00Z")),
              ElementsAre(Span{At("2026-03-02T09:00:00Z"), At("2026-03-03T09:00:00Z")}));
}

TEST(OncallWindow, ANightOfAJumpIsAnHourShorterOrLonger) {
  const auto& madrid = *FindZone("Europe/Madrid");
  const Window night{.days = {sla::Weekday::kSat}, .from = Clock("20:00"), .to = Clock("08:00")};
  const auto hours = [&](std::string_view from, std::string_view to) {
    const auto spans = Covered({night}, madrid, At(from), At(to));
    return (spans.at(0).to - spans.at(0).from) / std::chrono::hours{1};
  };
  EXPECT_EQ(hours("2026-03-28T00:00:00Z", "2026-03-30T00:00:00Z"), 11);
  EXPECT_EQ(hours("2026-10-24T00:00:00Z", "2026-10-26T00:00:00Z"), 13);
}

TEST(OncallWindow, CoveredIsWhereAWindowIsActive) {
  const auto& zone = *FindZone("America/Sao_Paulo");
  const std::vector<Window> windows = {
      {.days = {sla::Weekday::kMon, sla::Weekday::kThu}, .from = Clock("18:30"), .to = Clock("02:00")},
      {.days = {sla::Weekday::kSat}, .from = Clock("00:00"), .to = Clock("24:00")},
      {.days = {sla::Weekday::kSun}, .from = Clock("06:00"), .to = Clock("06:00")}};
  const Time from = At("2018-02-10T00:00:00Z");
  const Time to = At("2018-11-10T00:00:00Z");  // over a jump at midnight each way
  const auto spans = Covered(windows, zone, from, to);
  for (Time at = from; at < to; at += std::chrono::minutes{15}) {
    const bool covered = std::ranges::any_of(spans, [&](const Span& s) { return s.from <= at && at < s.to; });
    const bool active = std::ranges::any_of(windows, [&](const Window& w) { return IsActive(w, zone, at); });
    ASSERT_EQ(covered, active) << FormatTime(at);
  }
}

TEST(OncallWindow, NamesWhatIsWrong) {
  const std::vector<Window> windows = {
      {.days = {sla::Weekday::kSat}, .from = Clock("20:00"), .to = Clock("08:00")},
      {.days = {sla::Weekday::kSun}, .from = Clock("07:00"), .to = Clock("09:00")},
      {.days = {}, .from = Clock("24:00"), .to = Clock("09:00")},
      {.days = {sla::Weekday::kTue, sla::Weekday::kTue}, .from = Clock("07:00"), .to = Clock("09:00")}};
  EXPECT_THAT(Fields(Validate(windows, "r")),
              ElementsAre("r/1 rota.windows_overlap", "r/2/days rota.window_without_days", "r/2/from rota.begins_at_24",
                          "r/3/days/1 rota.day_twice"));
}

TEST(Rota, TakesTurnsAndGoesBackBeforeTheStart) {
  const Rota rota = Weekly({"ana", "rui", "eva"});
  EXPECT_THAT(OnCall(rota, At("2026-03-02T08:00:00Z")).people, ElementsAre("ana"));
  EXPECT_THAT(OnCall(rota, At("2026-03-02T07:59:59Z")).people, ElementsAre("eva"));
  EXPECT_THAT(OnCall(rota, At("2026-03-17T12:00:00Z")).people, ElementsAre("eva"));
  const auto next = NextHandOver(rota, At("2026-03-25T12:00:00Z"));
  EXPECT_EQ(next->at, At("2026-03-30T07:00:00Z"));  // still nine o'clock, in summer time
  EXPECT_THAT(next->people, ElementsAre("rui"));
}

TEST(Rota, OnePersonNeverHandsOver) { EXPECT_FALSE(NextHandOver(Weekly({"ana"}), At("2026-03-02T08:00:00Z"))); }

TEST(Rota, AnUpperLayerCoversTheLowerWhileItHolds) {
  Rota rota = Weekly({"ana"});
  rota.layers.push_back(MakeLayer({"noa"}, Every(1, ShiftUnit::kDay, "2026-03-02T20:00"),
                                  {{.days = {sla::Weekday::kMon}, .from = Clock("20:00"), .to = Clock("08:00")}}));
  const auto duties = Schedule(rota, At("2026-03-02T00:00:00Z"), At("2026-03-04T00:00:00Z")).value();
  EXPECT_THAT(duties, ElementsAre(Duty{At("2026-03-02T00:00:00Z"), At("2026-03-02T19:00:00Z"), {"ana"}, false},
                                  Duty{At("2026-03-02T19:00:00Z"), At("2026-03-03T07:00:00Z"), {"noa"}, false},
                                  Duty{At("2026-03-03T07:00:00Z"), At("2026-03-04T00:00:00Z"), {"ana"}, false}));
}

TEST(Rota, ShowsGaps) {
  Rota rota = Weekly({"ana"});
  rota.layers[0].restrictions = {{.days = {sla::Weekday::kMon}, .from = Clock("09:00"), .to = Clock("17:00")}};
  const auto duties = Schedule(rota, At("2026-03-02T00:00:00Z"), At("2026-03-03T00:00:00Z")).value();
  ASSERT_EQ(duties.size(), 3);
  EXPECT_THAT(duties[0].people, IsEmpty());
  EXPECT_THAT(duties[1].people, ElementsAre("ana"));
  EXPECT_THAT(duties[2].people, IsEmpty());
}

TEST(Rota, OverridesReplaceAddAndTakeOut) {
  Rota rota = Weekly({"ana", "rui"});
  const auto during = [](std::string_view day, std::optional<std::string> in, std::optional<std::string> out) {
    const Time from = At(std::string(day) + "T10:00:00Z");
    return Override{.from = from, .to = from + std::chrono::hours{2}, .in = std::move(in), .out = std::move(out)};
  };
  rota.overrides = {during("2026-03-03", "eva", "ana"), during("2026-03-04", "eva", std::nullopt),
                    during("2026-03-05", std::nullopt, "ana"), during("2026-03-06", "eva", "rui")};
  const auto at = [&](std::string_view text) { return OnCall(rota, At(text)).people; };
  EXPECT_THAT(at("2026-03-03T10:00:00Z"), ElementsAre("eva"));
  EXPECT_THAT(at("2026-03-03T12:00:00Z"), ElementsAre("ana"));
  EXPECT_THAT(at("2026-03-04T11:00:00Z"), ElementsAre("ana", "eva"));
  EXPECT_THAT(at("2026-03-05T11:00:00Z"), IsEmpty());
  EXPECT_THAT(at("2026-03-06T11:00:00Z"), ElementsAre("ana"));  // rui is not on call: nobody to replace
}

TEST(Rota, TheScheduleIsWhoIsOnCallAtEachInstant) {
  Rota rota = Weekly({"ana", "rui", "eva"});
  rota.layers.push_back(
      MakeLayer({"noa", "leo"}, Every(12, ShiftUnit::kHour, "2026-03-01T07:30"),
                {{.days = {sla::Weekday::kSat, sla::Weekday::kSun}, .from = Clock("22:00"), .to = Clock("06:00")}}));
  rota.overrides = {
      {.from = At("2026-03-28T20:00:00Z"), .to = At("2026-03-29T10:00:00Z"), .in = "ivo", .out = "noa"},
      {.from = At("2026-03-10T20:00:00Z"), .to = At("2026-03-12T10:00:00Z"), .in = "zoe", .out = std::nullopt}};
  const Time from = At("2026-03-05T03:17:00Z");
  const Time to = At("2026-04-15T00:00:00Z");
  const auto duties = Schedule(rota, from, to).value();
  EXPECT_EQ(duties.front().from, from);
  EXPECT_EQ(duties.back().to, to);
  std::size_t i = 0;
  for (Time at = from; at < to; at += std::chrono::minutes{10}) {
    while (duties[i].to <= at) {
      ASSERT_EQ(duties[i].to, duties[i + 1].from);
      ++i;
    }
    ASSERT_EQ(OnCall(rota, at).people, duties[i].people) << FormatTime(at);
  }
}

TEST(Rota, NamesWhatIsWrong) {
  Rota rota = Weekly({});
  rota.zone = "Europe/Atlantis";
  rota.overrides = {
      {.from = At("2026-03-03T10:00:00Z"), .to = At("2026-03-03T10:00:00Z"), .in = std::nullopt, .out = std::nullopt},
      {.from = At("2026-03-04T10:00:00Z"), .to = At("2026-03-05T10:00:00Z"), .in = "ana", .out = "ana"},
      {.from = At("2026-03-05T09:59:59Z"), .to = At("2026-03-06T10:00:00Z"), .in = "eva", .out = "ana"}};
  EXPECT_THAT(Fields(Validate(rota)),
              ElementsAre("zone field.not_zone", "layers/0/people rota.layer_without_people",
                          "overrides/0/to rota.ends_before_start", "overrides/0/in rota.override_names_nobody",
                          "overrides/1/in rota.override_same_person", "overrides/2/from rota.overrides_overlap"));
  rota.layers.clear();
  EXPECT_THAT(Fields(Validate(rota)), testing::Contains("layers rota.without_layers"));
}

TEST(Rota, RefusesAScheduleThatIsEmptyOrTooLong) {
  const Rota rota = Weekly({"ana"});
  const Time from = At("2026-03-03T10:00:00Z");
  EXPECT_EQ(Schedule(rota, from, from).error().fields[0].message, "rota.ends_before_start");
  EXPECT_EQ(Schedule(rota, from, from + kLongestSchedule + Micros{1}).error().fields[0].message,
            "rota.schedule_too_long");
}

}  // namespace
}  // namespace propolis::oncall
