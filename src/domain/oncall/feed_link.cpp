#include "domain/oncall/feed_link.h"

#include "auth/record.h"
#include "base/crypto.h"
#include "domain/oncall/calendar_feed.h"
#include "domain/oncall/rota_queries.h"
#include "domain/oncall/rota_sql.h"

namespace propolis::oncall {
namespace {

using auth::Permission;

constexpr std::chrono::days kBack{31};
constexpr std::chrono::days kAhead{92};
constexpr std::size_t kLongestSecret = 200;

std::string MakeLink(store::WriteTx& tx, std::optional<RotaId> rota, std::optional<StaffId> staff) {
  const std::string secret = crypto::RandomToken();
  const auto digest = crypto::Sha256(secret);
  tx.Exec(sql::kInsertFeed, store::Blob{{reinterpret_cast<const char*>(digest.data()), digest.size()}}, rota, staff,
          tx.Now());
  return secret;
}

Status RequireStaff(const auth::Actor& actor) {
  TRY(auth::Require(actor, Permission::kRotaRead));
  if (!actor.Is(auth::ActorKind::kStaff)) {
    return Fail(Code::kForbidden, "error.permission_missing",
                {{"permission", std::string(NameOf(Permission::kRotaRead))}});
  }
  return {};
}

// A name for a turn that stays as the feed's period moves on: by the end of it that the period does not cut.
std::string NameOfTurn(const DeskSchedule& schedule, const DeskDuty& duty) {
  if (duty.from != schedule.from) {
    return std::to_string(ToMicros(duty.from));
  }
  return duty.to != schedule.to ? "until-" + std::to_string(ToMicros(duty.to)) : "always";
}

// The turns on call of everybody, or of one person.
void AddEvents(const DeskRota& rota, const DeskSchedule& schedule, const std::optional<std::string>& only,
               std::vector<FeedEvent>& events) {
  for (const DeskDuty& duty : schedule.duties) {
    for (const Ref& person : duty.people) {
      if (!only || person.id == *only) {
        events.push_back(
            {.uid = fmt::format("{}-{}-{}@propolis", rota.id.ToString(), person.id, NameOfTurn(schedule, duty)),
             .from = duty.from,
             .to = duty.to,
             .summary = only ? rota.name : person.name + " (" + rota.name + ")"});
      }
    }
  }
}

struct Feed {
  std::optional<RotaId> rota;
  std::optional<StaffId> staff;
};

}  // namespace

Result<std::string> MakeRotaFeed(store::WriteTx& tx, const auth::Actor& actor, RotaId id) {
  TRY(auth::Require(actor, Permission::kRotaWrite));
  const DeskRota rota = TRY(GetRota(tx, auth::SystemActor(), id, tx.Now()));
  tx.Exec(sql::kDeleteFeedOfRota, id);
  auth::Record(tx, actor, "rota.feed", rota.name);
  return MakeLink(tx, id, std::nullopt);
}

Status EndRotaFeed(store::WriteTx& tx, const auth::Actor& actor, RotaId id) {
  TRY(auth::Require(actor, Permission::kRotaWrite));
  const DeskRota rota = TRY(GetRota(tx, auth::SystemActor(), id, tx.Now()));
  tx.Exec(sql::kDeleteFeedOfRota, id);
  auth::Record(tx, actor, "rota.feed_end", rota.name);
  return {};
}

Result<std::string> MakeOwnFeed(store::WriteTx& tx, const auth::Actor& actor) {
  TRY(RequireStaff(actor));
  tx.Exec(sql::kDeleteFeedOfStaff, actor.staff());
  auth::Record(tx, actor, "rota.feed", actor.name);
  return MakeLink(tx, std::nullopt, actor.staff());
}

Status EndOwnFeed(store::WriteTx& tx, const auth::Actor& actor) {
  TRY(RequireStaff(actor));
  tx.Exec(sql::kDeleteFeedOfStaff, actor.staff());
  auth::Record(tx, actor, "rota.feed_end", actor.name);
  return {};
}

Result<std::string> ReadFeed(store::ReadTx& tx, std::string_view secret, Time now) {
  const auto unknown = Fail(Code::kNotFound, "error.not_found");
  if (secret.empty() || secret.size() > kLongestSecret) {
    return unknown;
  }
  const auto digest = crypto::Sha256(secret);
  const auto feed = tx.One(
      sql::kFeed, [](const store::Row& row) { return Feed{row.OptId<RotaId>(0), row.OptId<StaffId>(1)}; },
      store::Blob{{reinterpret_cast<const char*>(digest.data()), digest.size()}});
  if (!feed) {
    return unknown;
  }
  const auth::Actor desk = auth::SystemActor();
  const Period period{.from = now - kBack, .to = now + kAhead};
  std::vector<FeedEvent> events;
  if (feed->rota) {
    const DeskRota rota = TRY(GetRota(tx, desk, *feed->rota, now));
    AddEvents(rota, TRY(GetSchedule(tx, desk, rota.id, period)), std::nullopt, events);
    return ToICalendar(rota.name, events, now);
  }
  const auto name = tx.One(sql::kActiveName, [](const store::Row& row) { return row.String(0); }, *feed->staff);
  if (!name) {
    return unknown;
  }
  for (const DeskRota& rota : TRY(Rotas(tx, desk, now))) {
    AddEvents(rota, TRY(GetSchedule(tx, desk, rota.id, period)), feed->staff->ToString(), events);
  }
  return ToICalendar(*name, events, now);
}

}  // namespace propolis::oncall
