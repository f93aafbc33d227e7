// Rotas as they are stored, who may change them, and their calendar links.
#include <gmock/gmock.h>

#include "domain/desk_test_support.h"
#include "domain/oncall/calendar_feed.h"
#include "domain/oncall/feed_link.h"
#include "domain/oncall/rota_commands.h"
#include "domain/oncall/rota_queries.h"

namespace propolis::oncall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> NamesOf(const std::vector<Ref>& people) {
  std::vector<std::string> names;
  for (const Ref& person : people) {
    names.push_back(person.name);
  }
  return names;
}

std::string Unfolded(std::string feed) {
  for (auto at = feed.find("\r\n "); at != std::string::npos; at = feed.find("\r\n ", at)) {
    feed.erase(at, 3);
  }
  return feed;
}

class RotaStoreTest : public testing::Test {
 protected:
  template <class Fn>
  auto Write(Fn fn) {
    return desk_.store->Write(fn);
  }
  template <class Fn>
  auto Read(Fn fn) {
    return desk_.store->Read(fn);
  }

  NewRota Request(std::vector<auth::Actor> people) {
    Layer layer;
    layer.name = "First line";
    layer.rotation = {.unit = ShiftUnit::kDay, .length = 1, .start = LocalTime::Parse("2026-01-01T09:00").value()};
    for (const auto& person : people) {
      layer.people.push_back(person.staff().ToString());
    }
    return {.name = "Security on call", .zone = "Etc/UTC", .layers = {layer}};
  }
  DeskRota Add(std::vector<auth::Actor> people) {
    auto made = Write([&](store::WriteTx& tx) { return AddRota(tx, manager_, Request(std::move(people))); });
    EXPECT_TRUE(made) << Describe(made.error());
    return *made;
  }
  Time Now() { return now_; }
  // From now on, for a day.
  NewOverride Swap(std::optional<StaffId> in, std::optional<StaffId> out) {
    return {.from = Now(), .to = Now() + std::chrono::hours{24}, .in = in, .out = out, .reason = "Dentist"};
  }
  auto Put(const auth::Actor& actor, RotaId rota, const NewOverride& request) {
    return Write([&](store::WriteTx& tx) { return AddOverride(tx, actor, rota, request); });
  }
  Result<std::string> Feed(const std::string& secret) {
    return Read([&](store::ReadTx& tx) { return ReadFeed(tx, secret, Now()); });
  }

  TestDesk desk_;
  const Time now_ = desk_.store->Write([](store::WriteTx& tx) -> Result<Time> { return tx.Now(); }).value();
  auth::Actor manager_ = desk_.AddStaff("Mia", auth::Role::kManager);
  auth::Actor ana_ = desk_.AddStaff("Ana");
  auth::Actor rui_ = desk_.AddStaff("Rui");
};

TEST_F(RotaStoreTest, ARotaIsVersionedAndGuarded) {
  const DeskRota rota = Add({ana_, rui_});
  EXPECT_EQ(rota.version, 1);
  EXPECT_EQ(rota.on_call.size(), 1);
  EXPECT_TRUE(rota.next);
  const auto change = [&](const auth::Actor& actor, std::optional<std::int64_t> version) {
    return Write([&](store::WriteTx& tx) {
      return ChangeRota(tx, actor, rota.id, {.name = "Night", .zone = {}, .layers = {}}, version);
    });
  };
  EXPECT_EQ(change(ana_, 1).error().code, Code::kForbidden);
  EXPECT_EQ(change(manager_, 7).error().code, Code::kStaleVersion);
  const auto changed = change(manager_, 1);
  ASSERT_TRUE(changed) << Describe(changed.error());
  EXPECT_EQ(changed->name, "Night");
  EXPECT_EQ(changed->version, 2);
  EXPECT_EQ(NamesOf(changed->layers.at(0).people), NamesOf(rota.layers.at(0).people));
}

TEST_F(RotaStoreTest, WhatIsWrongIsNamedAndNotStored) {
  NewRota request = Request({ana_});
  request.zone = "Mars/Olympus";
  request.layers[0].people = {"nobody", StaffId::New(Now()).ToString()};
  request.layers.push_back(request.layers[0]);
  request.layers[1].people.clear();
  const auto made = Write([&](store::WriteTx& tx) { return AddRota(tx, manager_, request); });
  ASSERT_FALSE(made);
  std::vector<std::string> fields;
  for (const auto& field : made.error().fields) {
    fields.push_back(field.field + " " + field.message);
  }
  EXPECT_THAT(fields, ElementsAre("zone field.not_zone", "layers/1/people rota.layer_without_people",
                                  "layers/0/people/0 field.not_id", "layers/0/people/1 field.not_found"));
  EXPECT_TRUE(Read([&](store::ReadTx& tx) { return Rotas(tx, manager_, Now()); }).value().empty());
}

TEST_F(RotaStoreTest, ANameIsTakenOnce) {
  Add({ana_});
  const auto again = Write([&](store::WriteTx& tx) { return AddRota(tx, manager_, Request({rui_})); });
  EXPECT_EQ(again.error().fields.at(0).message, "field.taken");
}

TEST_F(RotaStoreTest, WhoLeftTheDeskStaysInARotaButCannotBePutIntoOne) {
  const DeskRota rota = Add({ana_, rui_});
  ASSERT_TRUE(Write([&](store::WriteTx& tx) -> Result<bool> {
    tx.Exec("UPDATE staff SET active = 0 WHERE id = $1", rui_.staff());
    return true;
  }));
  RotaChange change;
  change.layers = Request({rui_, ana_}).layers;
  EXPECT_TRUE(Write([&](store::WriteTx& tx) { return ChangeRota(tx, manager_, rota.id, change, {}); }));
  NewRota other = Request({rui_});
  other.name = "Other";
  EXPECT_EQ(Write([&](store::WriteTx& tx) { return AddRota(tx, manager_, other); }).error().fields.at(0).field,
            "layers/0/people/0");
}

TEST_F(RotaStoreTest, AnOverrideCountsAtOnceAndNoLongerWhenTakenBack) {
  const DeskRota rota = Add({ana_});
  const auto put = Put(manager_, rota.id, Swap(rui_.staff(), ana_.staff()));
  ASSERT_TRUE(put) << Describe(put.error());
  EXPECT_THAT(NamesOf(put->on_call), ElementsAre("Rui"));
  ASSERT_EQ(put->overrides.size(), 1);
  EXPECT_EQ(put->overrides[0].made_by, "Mia");
  const auto end = [&](const auth::Actor& actor) {
    return Write([&](store::WriteTx& tx) { return EndOverride(tx, actor, rota.id, put->overrides[0].id); });
  };
  EXPECT_EQ(end(ana_).error().code, Code::kForbidden);
  EXPECT_THAT(NamesOf(end(manager_)->on_call), ElementsAre("Ana"));
  EXPECT_EQ(end(manager_).error().code, Code::kNotFound);
}

TEST_F(RotaStoreTest, AnybodyMayComeOnCallHerselfAndNobodyElse) {
  const DeskRota rota = Add({ana_});
  EXPECT_EQ(Put(rui_, rota.id, Swap(std::nullopt, ana_.staff())).error().code, Code::kForbidden);
  EXPECT_EQ(Put(ana_, rota.id, Swap(rui_.staff(), ana_.staff())).error().code, Code::kForbidden);
  const auto mine = Put(rui_, rota.id, Swap(rui_.staff(), ana_.staff()));
  ASSERT_TRUE(mine) << Describe(mine.error());
  EXPECT_TRUE(Write([&](store::WriteTx& tx) { return EndOverride(tx, rui_, rota.id, mine->overrides.at(0).id); }));
  const auth::Actor auditor = desk_.AddStaff("Paulo", auth::Role::kAuditor);
  EXPECT_EQ(Put(auditor, rota.id, Swap(auditor.staff(), ana_.staff())).error().code, Code::kForbidden);
}

TEST_F(RotaStoreTest, AnOverrideThatOverlapsOrIsOverIsRefused) {
  const DeskRota rota = Add({ana_});
  ASSERT_TRUE(Put(manager_, rota.id, Swap(rui_.staff(), ana_.staff())));
  EXPECT_EQ(Put(manager_, rota.id, Swap(rui_.staff(), std::nullopt)).error().fields.at(0).message,
            "rota.overrides_overlap");
  NewOverride over = Swap(rui_.staff(), std::nullopt);
  over.from = Now() - std::chrono::hours{48};
  over.to = Now() - std::chrono::hours{24};
  EXPECT_EQ(Put(manager_, rota.id, over).error().fields.at(0).message, "field.not_future");
}

TEST_F(RotaStoreTest, ItsScheduleIsReadBetweenTwoMoments) {
  const DeskRota rota = Add({ana_, rui_});
  const Time from = ParseTime("2026-01-05T00:00:00Z").value();
  const auto schedule = Read([&](store::ReadTx& tx) {
    return GetSchedule(tx, ana_, rota.id, {.from = from, .to = from + std::chrono::days{2}});
  });
  ASSERT_TRUE(schedule) << Describe(schedule.error());
  std::vector<std::string> names;
  for (const auto& duty : schedule->duties) {
    names.push_back(duty.people.at(0).name);
  }
  EXPECT_THAT(names, ElementsAre("Rui", "Ana", "Rui"));
  EXPECT_EQ(schedule->layers.at(0).turns.size(), 3);
  const auto backwards =
      Read([&](store::ReadTx& tx) { return GetSchedule(tx, ana_, rota.id, {.from = from, .to = from}); });
  EXPECT_EQ(backwards.error().fields.at(0).field, "to");
}

TEST_F(RotaStoreTest, ALinkReadsTheTurnsUntilItIsEndedOrReplaced) {
  const DeskRota rota = Add({ana_, rui_});
  const auto make = [&] {
    return Write([&](store::WriteTx& tx) { return MakeRotaFeed(tx, manager_, rota.id); }).value();
  };
  const std::string first = make();
  EXPECT_THAT(Feed(first).value(), HasSubstr("SUMMARY:Ana (Security on call)"));
  const std::string second = make();
  EXPECT_EQ(Feed(first).error().code, Code::kNotFound);
  EXPECT_TRUE(Feed(second));
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return EndRotaFeed(tx, manager_, rota.id); }));
  EXPECT_EQ(Feed(second).error().code, Code::kNotFound);
  EXPECT_EQ(Feed("").error().code, Code::kNotFound);
  EXPECT_EQ(Write([&](store::WriteTx& tx) { return MakeRotaFeed(tx, ana_, rota.id); }).error().code, Code::kForbidden);
}

TEST_F(RotaStoreTest, ThePersonsLinkHasHerTurnsOnlyAndEndsWhenSheLeaves) {
  Add({ana_, rui_});
  const std::string secret = Write([&](store::WriteTx& tx) { return MakeOwnFeed(tx, ana_); }).value();
  const std::string feed = Unfolded(Feed(secret).value());
  EXPECT_THAT(feed, HasSubstr(ana_.staff().ToString()));
  EXPECT_THAT(feed, Not(HasSubstr(rui_.staff().ToString())));
  ASSERT_TRUE(Write([&](store::WriteTx& tx) -> Result<bool> {
    tx.Exec("UPDATE staff SET active = 0 WHERE id = $1", ana_.staff());
    return true;
  }));
  EXPECT_EQ(Feed(secret).error().code, Code::kNotFound);
}

TEST_F(RotaStoreTest, ADeletedRotaTakesItsOverridesAndLinkWithIt) {
  const DeskRota rota = Add({ana_});
  ASSERT_TRUE(Put(manager_, rota.id, Swap(rui_.staff(), std::nullopt)));
  const std::string secret = Write([&](store::WriteTx& tx) { return MakeRotaFeed(tx, manager_, rota.id); }).value();
  const auto remove = [&](const auth::Actor& actor) {
    return Write([&](store::WriteTx& tx) -> Result<bool> {
      TRY(DeleteRota(tx, actor, rota.id));
      return true;
    });
  };
  EXPECT_EQ(remove(ana_).error().code, Code::kForbidden);
  EXPECT_TRUE(remove(manager_));
  EXPECT_EQ(Feed(secret).error().code, Code::kNotFound);
  EXPECT_EQ(remove(manager_).error().code, Code::kNotFound);
}

TEST(CalendarFeed, FoldsLinesAndEscapesText) {
  const Time at = ParseTime("2026-03-02T09:00:00Z").value();
  const std::string long_name(30, 'x');
  const std::string feed =
      ToICalendar("A; B, C\nD\x01",
                  {{"id@propolis", at, at + std::chrono::hours{1}, "ñandú ☎ " + long_name + "ñ☎ñ☎ñ☎ñ☎ñ☎ñ☎ñ☎"}}, at);
  EXPECT_THAT(feed, HasSubstr("X-WR-CALNAME:A\\; B\\, C\\nD\r\n"));
  EXPECT_THAT(feed, HasSubstr("DTSTART:20260302T090000Z\r\nDTEND:20260302T100000Z\r\n"));
  std::size_t begin = 0;
  while (begin < feed.size()) {
    const std::size_t end = feed.find("\r\n", begin);
    ASSERT_NE(end, std::string::npos);
    const std::string_view line = std::string_view(feed).substr(begin, end - begin);
    EXPECT_LE(line.size(), 75);
    ASSERT_FALSE(line.empty());
    EXPECT_NE(static_cast<unsigned char>(line[0]) & 0xc0U, 0x80U) << "a character is torn";
    begin = end + 2;
  }
  EXPECT_THAT(Unfolded(feed), HasSubstr("☎ " + long_name + "ñ☎ñ☎ñ☎ñ☎ñ☎ñ☎ñ☎"));
}

}  // namespace
}  // namespace propolis::oncall
