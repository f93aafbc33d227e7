// Routing over stored people, teams and technologies.
#include "domain/routing/route.h"

#include <gtest/gtest.h>

#include "domain/calendars/calendar_commands.h"
#include "domain/desk_test_support.h"

namespace propolis::routing {
namespace {

class RouteTest : public testing::Test {
 protected:
  RouteTest() {
    Do([&](store::WriteTx& tx) {
      network_ = Technology(tx, {}, "domain", "Network");
      fortinet_ = Technology(tx, network_, "vendor", "Fortinet");
      gate_ = Technology(tx, fortinet_, "product", "FortiGate");
      team_ = Team(tx, "Network", "[\"" + network_.ToString() + "\"]");
      other_ = Team(tx, "Other", "[]");
    });
  }
  void Do(const std::function<void(store::WriteTx&)>& what) {
    ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) -> Result<bool> {
      what(tx);
      return true;
    }));
  }
  static TechnologyId Technology(store::WriteTx& tx, std::optional<TechnologyId> parent, std::string_view level,
                                 const std::string& name) {
    const auto id = TechnologyId::New(tx.Now());
    tx.Exec(
        "INSERT INTO technology (id, version, parent, level, name, path, keywords) VALUES ($1, 1, $2, $3, $4, $4, "
        "'[]')",
        id, parent, level, name);
    return id;
  }
  static TeamId Team(store::WriteTx& tx, const std::string& name, const std::string& technologies) {
    const auto id = TeamId::New(tx.Now());
    tx.Exec("INSERT INTO team (id, version, name, technologies) VALUES ($1, 1, $2, $3)", id, name, technologies);
    return id;
  }
  auth::Actor Member(const std::string& name, std::optional<TechnologyId> skill, auth::Role role = auth::Role::kAgent) {
    const auto actor = desk_.AddStaff(name, role);
    Do([&](store::WriteTx& tx) {
      tx.Exec("INSERT INTO team_member (team, staff) VALUES ($1, $2)", team_, actor.staff());
      if (skill) {
        tx.Exec(
            "INSERT INTO skill (id, staff, technology, level, certification, certified_until) VALUES ($1, $2, $3, 1, "
            "'NSE 4', '2026-12-31')",
            SkillId::New(tx.Now()), actor.staff(), *skill);
      }
    });
    return actor;
  }
  // From eight to five.
  calendars::Calendar WorkOnMondays(const auth::Actor& actor) {
    calendars::NewCalendar office;
    office.name = "Office";
    office.zone = "Etc/UTC";
    office.week = {
        {sla::Weekday::kMon, {{sla::TimeOfDay{std::chrono::hours(8)}, sla::TimeOfDay{std::chrono::hours(17)}}}}};
    auto made = desk_.store->Write([&](store::WriteTx& tx) { return calendars::AddCalendar(tx, admin_, office); });
    EXPECT_TRUE(made) << propolis::Describe(made.error());
    Do([&](store::WriteTx& tx) { tx.Exec("UPDATE staff SET calendar = $2 WHERE id = $1", actor.staff(), made->id); });
    return *made;
  }
  Routed RouteFor(std::optional<TechnologyId> technology, std::optional<Language> language = Language::kEn) {
    return desk_.store
        ->Read([&](store::ReadTx& tx) -> Result<Routed> {
          return Route(tx, {technology, Priority::kP3, language, desk_.organisation, {}, desk_.store.clock->Now()});
        })
        .value();
  }

  TestDesk desk_;
  auth::Actor admin_ = desk_.AddStaff("Ada", auth::Role::kAdmin);
  TechnologyId network_;
  TechnologyId fortinet_;
  TechnologyId gate_;
  TeamId team_;
  TeamId other_;
};

TEST_F(RouteTest, TheTeamOfTheNearestNodeAndItsBestCertifiedMember) {
  Member("Vera", fortinet_);
  const auto gate = Member("Gil", gate_);
  Member("Audi", gate_, auth::Role::kAuditor);
  const Routed routed = RouteFor(gate_);
  EXPECT_EQ(routed.team, team_);
  EXPECT_EQ(routed.assignee, gate.staff());
  EXPECT_EQ(routed.routing.ranking.size(), 2U) << "an auditor answers no tickets";
}

TEST_F(RouteTest, NamesTheGap) {
  Member("Nina", {});
  EXPECT_EQ(RouteFor(gate_).routing.gap, Gap::kNoOneCertified);
  Member("Gil", gate_);
  EXPECT_EQ(RouteFor(gate_, Language::kPt).routing.gap, Gap::kNoneSpeaksLanguage);
  desk_.store.clock->Advance(std::chrono::hours(24 * 365));
  EXPECT_EQ(RouteFor(gate_).routing.gap, Gap::kNoOneCertified) << "the certification ran out";
}

TEST_F(RouteTest, ShiftsFollowTheCalendar) {
  const auto gil = Member("Gil", gate_);
  WorkOnMondays(gil);
  EXPECT_EQ(RouteFor(gate_).assignee, gil.staff());  // Monday, 09:00
  desk_.store.clock->Advance(std::chrono::hours(9));
  EXPECT_EQ(RouteFor(gate_).routing.gap, Gap::kNoneOnShift);
}

TEST_F(RouteTest, HoursThatDoNotCountYetChangeNoShift) {
  const auto gil = Member("Gil", gate_);
  const auto office = WorkOnMondays(gil);
  calendars::CalendarChange never;
  never.week = std::vector<calendars::Day>{};
  never.applies_from = desk_.store.clock->Now() + std::chrono::hours(2);
  ASSERT_TRUE(desk_.store->Write(
      [&](store::WriteTx& tx) { return calendars::ChangeCalendar(tx, admin_, office.id, never, std::nullopt); }));
  EXPECT_EQ(RouteFor(gate_).assignee, gil.staff());
  desk_.store.clock->Advance(std::chrono::hours(2));
  EXPECT_EQ(RouteFor(gate_).routing.gap, Gap::kNoneOnShift);
}

TEST_F(RouteTest, WithoutATeamForItTheDefaultOneGetsIt) {
  EXPECT_EQ(RouteFor({}).team, std::nullopt);
  Do([&](store::WriteTx& tx) {
    tx.Exec("INSERT INTO setting (name, value) VALUES ('routing.default_team', $1)", other_.ToString());
  });
  EXPECT_EQ(RouteFor({}).team, other_);
  EXPECT_EQ(RouteFor(gate_).team, team_);
  EXPECT_EQ(RouteFor({}).assignee, std::nullopt);
}

}  // namespace
}  // namespace propolis::routing
