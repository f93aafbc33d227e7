// Who carries the on-call, over a period.
#include "domain/fairness/fairness.h"

#include <gmock/gmock.h>

#include "domain/wall_clock.h"

namespace propolis::fairness {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Time At(const std::string& text) { return ParseTime(text).value(); }
Seconds Hours(int hours) { return std::chrono::hours{hours}; }

oncall::Duty Duty(const std::string& from, const std::string& to, std::vector<std::string> people) {
  return {At(from), At(to), std::move(people), false};
}

TEST(Fairness, CountsHoursAndNightsWhereThePersonIs) {
  const std::vector<RotaDuties> rotas = {
      {"night", {Duty("2026-01-10T18:00:00Z", "2026-01-11T18:00:00Z", {"ana", "rui"})}}};
  const Zones zones = {{"ana", FindZone("Etc/UTC")}, {"rui", FindZone("Asia/Tokyo")}};
  EXPECT_THAT(Reckon(rotas, {}, zones), ElementsAre(Load{"night", "ana", Hours(24), Hours(9), 0, 0},
                                                    Load{"night", "rui", Hours(24), Hours(9), 0, 0}));
  // From 18:00 to 24:00 UTC it is 03:00 to 09:00 in Tokyo: four hours of the night.
  const std::vector<RotaDuties> evening = {
      {"night", {Duty("2026-01-10T18:00:00Z", "2026-01-11T00:00:00Z", {"ana", "rui"})}}};
  EXPECT_THAT(Reckon(evening, {}, zones), ElementsAre(Load{"night", "ana", Hours(6), Hours(2), 0, 0},
                                                      Load{"night", "rui", Hours(6), Hours(4), 0, 0}));
}

TEST(Fairness, ANightInWhichTheClockIsPutForwardIsShorter) {
  const std::vector<RotaDuties> rotas = {{"night", {Duty("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", {"ana"})}}};
  EXPECT_THAT(Reckon(rotas, {}, {{"ana", FindZone("Europe/Madrid")}}),
              ElementsAre(Load{"night", "ana", Hours(24), Hours(8), 0, 0}));
}

TEST(Fairness, APageCountsForEachRotaThatSheWasOnCallIn) {
  const std::vector<RotaDuties> rotas = {{"first",
                                          {Duty("2026-01-10T00:00:00Z", "2026-01-10T12:00:00Z", {"ana"}),
                                           Duty("2026-01-10T12:00:00Z", "2026-01-11T00:00:00Z", {"rui"})}},
                                         {"second", {Duty("2026-01-10T00:00:00Z", "2026-01-11T00:00:00Z", {"ana"})}}};
  const std::vector<PageCall> calls = {{At("2026-01-10T06:59:59Z"), "ana"},
                                       {At("2026-01-10T07:00:00Z"), "ana"},
                                       {At("2026-01-10T12:00:00Z"), "ana"},
                                       {At("2026-01-10T22:00:00Z"), "eva"}};
  EXPECT_THAT(
      Reckon(rotas, calls, {}),
      ElementsAre(Load{"first", "ana", Hours(12), Hours(7), 2, 1}, Load{"first", "rui", Hours(12), Hours(2), 0, 0},
                  Load{"second", "ana", Hours(24), Hours(9), 3, 1}, Load{"", "eva", Hours(0), Hours(0), 1, 1}));
}

TEST(Fairness, NothingGivesNothing) { EXPECT_THAT(Reckon({}, {}, {}), IsEmpty()); }

TEST(Fairness, TheTableIsSafeInASpreadsheet) {
  EXPECT_EQ(ToCsv({{Ref{"", "=1+1"}, Ref{"", "Ana \"A\", B"}, 5400, 0, 2, 1}}),
            "rota,person,hours,night_hours,pages,night_pages\r\n'=1+1,\"Ana \"\"A\"\", B\",1.50,0.00,2,1\r\n");
}

}  // namespace
}  // namespace propolis::fairness
