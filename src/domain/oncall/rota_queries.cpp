#include "domain/oncall/rota_queries.h"

#include <map>

#include "domain/oncall/rota_sql.h"
#include "domain/stored.h"

namespace propolis::oncall {
namespace {

using auth::Permission;

// People by the text of their id.
class People {
 public:
  explicit People(store::ReadTx& tx) {
    tx.ForEach(sql::kNames, [&](const store::Row& row) {
      names_[row.Id<StaffId>(0).ToString()] = row.String(1);
      return true;
    });
  }
  [[nodiscard]] Ref Find(const std::string& id) const {
    const auto found = names_.find(id);
    return {id, found == names_.end() ? "" : found->second};
  }
  [[nodiscard]] std::vector<Ref> FindAll(const std::vector<std::string>& ids) const {
    std::vector<Ref> refs;
    for (const auto& id : ids) {
      refs.push_back(Find(id));
    }
    return refs;
  }

 private:
  std::map<std::string, std::string> names_;
};

struct RotaRow {
  RotaId id;
  std::string name;
  Rota rota;
  std::int64_t version = 0;
  bool has_feed = false;
};

RotaRow ToRow(const store::Row& row) {
  return {.id = row.Id<RotaId>(0),
          .name = row.String(1),
          .rota = {.zone = row.String(2), .layers = stored::FromJson<std::vector<Layer>>(row.Text(3)), .overrides = {}},
          .version = row.Int(4),
          .has_feed = row.Bool(5)};
}

struct OverrideRow {
  OverrideId id;
  Override rule;
  std::string reason;
  std::string made_by;
  Time made_at;
};

OverrideRow ToOverride(const store::Row& row) {
  const auto person = [&](int column) {
    const auto id = row.OptId<StaffId>(column);
    return id ? std::optional(id->ToString()) : std::nullopt;
  };
  return {.id = row.Id<OverrideId>(0),
          .rule = {.from = row.Time(1), .to = row.Time(2), .in = person(3), .out = person(4)},
          .reason = row.String(5),
          .made_by = row.String(6),
          .made_at = row.Time(7)};
}

std::vector<OverrideRow> OverridesOf(store::ReadTx& tx, RotaId id, Time from, Time to) {
  return tx.All(sql::kOverrides, ToOverride, id, from, to);
}

void TakeOverrides(Rota& rota, const std::vector<OverrideRow>& rows) {
  for (const auto& row : rows) {
    rota.overrides.push_back(row.rule);
  }
}

DeskRota Complete(store::ReadTx& tx, RotaRow row, const People& people, Time now) {
  const auto overrides = OverridesOf(tx, row.id, now, Time::max());
  TakeOverrides(row.rota, overrides);
  DeskRota rota{.id = row.id,
                .name = std::move(row.name),
                .zone = row.rota.zone,
                .layers = {},
                .overrides = {},
                .on_call = people.FindAll(OnCall(row.rota, now).people),
                .next = std::nullopt,
                .has_feed = row.has_feed,
                .version = row.version};
  if (const auto next = NextHandOver(row.rota, now)) {
    rota.next = NextOnCall{next->at, people.FindAll(next->people)};
  }
  for (const Layer& layer : row.rota.layers) {
    rota.layers.push_back({layer.name, layer.rotation, people.FindAll(layer.people), layer.restrictions});
  }
  for (const auto& override : overrides) {
    const auto ref = [&](const std::optional<std::string>& id) {
      return id ? std::optional(people.Find(*id)) : std::nullopt;
    };
    rota.overrides.push_back({.id = override.id,
                              .from = override.rule.from,
                              .to = override.rule.to,
                              .in = ref(override.rule.in),
                              .out = ref(override.rule.out),
                              .reason = override.reason,
                              .made_by = override.made_by,
                              .made_at = override.made_at});
  }
  return rota;
}

}  // namespace

std::optional<Rota> StoredRota(store::ReadTx& tx, RotaId id, Time from, Time to) {
  auto row = tx.One(sql::kRota, ToRow, id);
  if (!row) {
    return std::nullopt;
  }
  TakeOverrides(row->rota, OverridesOf(tx, id, from, to));
  return std::move(row->rota);
}

Result<std::vector<DeskRota>> Rotas(store::ReadTx& tx, const auth::Actor& actor, Time now) {
  TRY(auth::Require(actor, Permission::kRotaRead));
  const People people(tx);
  std::vector<DeskRota> rotas;
  for (auto& row : tx.All(sql::kRotas, ToRow)) {
    rotas.push_back(Complete(tx, std::move(row), people, now));
  }
  return rotas;
}

Result<DeskRota> GetRota(store::ReadTx& tx, const auth::Actor& actor, RotaId id, Time now) {
  TRY(auth::Require(actor, Permission::kRotaRead));
  auto row = tx.One(sql::kRota, ToRow, id);
  if (!row) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return Complete(tx, *std::move(row), People(tx), now);
}

Result<DeskSchedule> GetSchedule(store::ReadTx& tx, const auth::Actor& actor, RotaId id, const Period& period) {
  TRY(auth::Require(actor, Permission::kRotaRead));
  const auto rota = StoredRota(tx, id, period.from, period.to);
  if (!rota) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  const People people(tx);
  DeskSchedule schedule{.from = period.from, .to = period.to, .layers = {}, .duties = {}};
  for (const Duty& duty : TRY(Schedule(*rota, period.from, period.to))) {
    schedule.duties.push_back({duty.from, duty.to, people.FindAll(duty.people), duty.overridden});
  }
  for (const Layer& layer : rota->layers) {
    LayerTurns turns{layer.name, {}};
    for (const Turn& turn : Turns(*rota, layer, period.from, period.to)) {
      turns.turns.push_back({turn.from, turn.to, people.Find(turn.person)});
    }
    schedule.layers.push_back(std::move(turns));
  }
  return schedule;
}

}  // namespace propolis::oncall
