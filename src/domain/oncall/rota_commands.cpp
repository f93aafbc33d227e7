#include "domain/oncall/rota_commands.h"

#include "auth/record.h"
#include "domain/oncall/rota_queries.h"
#include "domain/oncall/rota_sql.h"
#include "domain/stored.h"

namespace propolis::oncall {
namespace {

using auth::Permission;

Status CheckName(store::ReadTx& tx, const std::string& name, std::optional<RotaId> self) {
  const auto taken = tx.One(sql::kRotaByName, [](const store::Row& row) { return row.Id<RotaId>(0); }, name);
  if (taken && taken != self) {
    return FailField("name", "field.taken");
  }
  return {};
}

bool IsActive(store::ReadTx& tx, StaffId staff) {
  return tx.One(sql::kActiveStaff, [](const store::Row&) { return true; }, staff).has_value();
}

// The rota as the rules know it, with every wrong field named. People already in it may have left the desk since.
Status CheckRota(store::ReadTx& tx, const NewRota& rota, const std::vector<DeskLayer>& before) {
  std::vector<FieldError> errors = Validate(Rota{rota.zone, rota.layers, {}});
  const auto was_there = [&](const std::string& person) {
    return std::ranges::any_of(before, [&](const DeskLayer& layer) {
      return std::ranges::find(layer.people, person, &Ref::id) != layer.people.end();
    });
  };
  for (std::size_t i = 0; i < rota.layers.size(); ++i) {
    for (std::size_t p = 0; p < rota.layers[i].people.size(); ++p) {
      const auto id = StaffId::Parse(rota.layers[i].people[p]);
      if (!id || (!IsActive(tx, *id) && !was_there(id->ToString()))) {
        errors.push_back({fmt::format("layers/{}/people/{}", i, p), id ? "field.not_found" : "field.not_id", {}});
      }
    }
  }
  if (!errors.empty()) {
    return std::unexpected(Error{Code::kInvalid, "error.invalid", {}, std::move(errors)});
  }
  return {};
}

// Ids as the desk writes them, so that they can be compared as text.
std::vector<Layer> WithPlainIds(std::vector<Layer> layers) {
  for (Layer& layer : layers) {
    for (std::string& person : layer.people) {
      person = StaffId::Parse(person).value_or(StaffId{}).ToString();
    }
  }
  return layers;
}

std::vector<Layer> LayersOf(const DeskRota& rota) {
  std::vector<Layer> layers;
  for (const DeskLayer& layer : rota.layers) {
    Layer plain{layer.name, layer.rotation, {}, layer.restrictions};
    for (const Ref& person : layer.people) {
      plain.people.push_back(person.id);
    }
    layers.push_back(std::move(plain));
  }
  return layers;
}

void EmitChange(store::WriteTx& tx) { tx.Emit({.kind = "rota.changed", .organisation = std::nullopt}); }

// Who writes rotas puts anybody on call; others come on call themselves, where their role handles anything at all.
Status CheckMayOverride(const auth::Actor& actor, bool own) {
  if (own && auth::May(actor, Permission::kRotaCover)) {
    return {};
  }
  return auth::Require(actor, Permission::kRotaWrite);
}

Status CheckPeople(store::ReadTx& tx, const NewOverride& request) {
  for (const auto& [field, person] : {std::pair{"in", request.in}, std::pair{"out", request.out}}) {
    if (person && !IsActive(tx, *person)) {
      return FailField(field, "field.not_found");
    }
  }
  return {};
}

}  // namespace

Result<DeskRota> AddRota(store::WriteTx& tx, const auth::Actor& actor, const NewRota& request) {
  TRY(auth::Require(actor, Permission::kRotaWrite));
  TRY(CheckName(tx, request.name, std::nullopt));
  TRY(CheckRota(tx, request, {}));
  const auto id = RotaId::New(tx.Now());
  tx.Exec(sql::kInsertRota, id, request.name, request.zone, stored::ToJson(WithPlainIds(request.layers)));
  auth::Record(tx, actor, "rota.create", request.name);
  EmitChange(tx);
  return GetRota(tx, auth::SystemActor(), id, tx.Now());
}

Result<DeskRota> ChangeRota(store::WriteTx& tx, const auth::Actor& actor, RotaId id, const RotaChange& change,
                            std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kRotaWrite));
  const DeskRota before = TRY(GetRota(tx, auth::SystemActor(), id, tx.Now()));
  const auto version = TRY(stored::NextVersion(before.version, if_version));
  const NewRota next{.name = change.name.value_or(before.name),
                     .zone = change.zone.value_or(before.zone),
                     .layers = change.layers ? *change.layers : LayersOf(before)};
  TRY(CheckName(tx, next.name, id));
  TRY(CheckRota(tx, next, before.layers));
  tx.Exec(sql::kUpdateRota, id, version, next.name, next.zone, stored::ToJson(WithPlainIds(next.layers)));
  auth::Record(tx, actor, "rota.update", next.name);
  EmitChange(tx);
  return GetRota(tx, auth::SystemActor(), id, tx.Now());
}

Status DeleteRota(store::WriteTx& tx, const auth::Actor& actor, RotaId id) {
  TRY(auth::Require(actor, Permission::kRotaWrite));
  const DeskRota rota = TRY(GetRota(tx, auth::SystemActor(), id, tx.Now()));
  tx.Exec(sql::kDeleteOverridesOf, id);
  tx.Exec(sql::kDeleteFeedOfRota, id);
  tx.Exec(sql::kDeleteRota, id);
  auth::Record(tx, actor, "rota.delete", rota.name);
  EmitChange(tx);
  return {};
}

Result<DeskRota> AddOverride(store::WriteTx& tx, const auth::Actor& actor, RotaId id, const NewOverride& request) {
  TRY(auth::Require(actor, Permission::kRotaRead));
  const bool herself = request.in == actor.staff() && actor.Is(auth::ActorKind::kStaff);
  TRY(CheckMayOverride(actor, herself));
  const auto rota = StoredRota(tx, id, tx.Now(), Time::max());
  if (!rota) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  if (request.to <= tx.Now()) {
    return FailField("to", "field.not_future");
  }
  TRY(CheckPeople(tx, request));
  const auto text = [](const std::optional<StaffId>& person) {
    return person ? std::optional(person->ToString()) : std::nullopt;
  };
  const Override rule{request.from, request.to, text(request.in), text(request.out)};
  if (auto errors = CheckOverride(rule, rota->overrides, ""); !errors.empty()) {
    return std::unexpected(Error{Code::kInvalid, "error.invalid", {}, std::move(errors)});
  }
  if (rota->overrides.size() >= kMostOverrides) {
    return Fail(Code::kConflict, "rota.too_many_overrides", {{"max", std::to_string(kMostOverrides)}});
  }
  const auto override = OverrideId::New(tx.Now());
  tx.Exec(sql::kInsertOverride, override, id, request.from, request.to, request.in, request.out, request.reason,
          actor.person, actor.name, tx.Now());
  DeskRota after = TRY(GetRota(tx, auth::SystemActor(), id, tx.Now()));
  auth::Record(tx, actor, "rota.override", after.name);
  EmitChange(tx);
  return after;
}

Result<DeskRota> EndOverride(store::WriteTx& tx, const auth::Actor& actor, RotaId id, OverrideId override) {
  TRY(auth::Require(actor, Permission::kRotaRead));
  struct Made {
    RotaId rota;
    Uuid by;
  };
  const auto made = tx.One(
      sql::kOverride, [](const store::Row& row) { return Made{row.Id<RotaId>(0), row.Id<StaffId>(1).uuid}; }, override);
  if (!made || made->rota != id) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  TRY(CheckMayOverride(actor, made->by == actor.person));
  tx.Exec(sql::kDeleteOverride, override);
  DeskRota after = TRY(GetRota(tx, auth::SystemActor(), id, tx.Now()));
  auth::Record(tx, actor, "rota.override_end", after.name);
  EmitChange(tx);
  return after;
}

}  // namespace propolis::oncall
