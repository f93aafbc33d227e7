#include "domain/escalation/calls.h"

#include <algorithm>

#include "domain/escalation/policy_sql.h"
#include "domain/oncall/rota_queries.h"

namespace propolis::escalation {
namespace {

Ref ToRef(const store::Row& row) { return *OptRef(row, 0); }

std::optional<Ref> Find(store::ReadTx& tx, std::string_view sql, const std::string& id) {
  const auto uuid = Uuid::Parse(id);
  return uuid ? tx.One(sql, ToRef, *uuid) : std::nullopt;
}

std::vector<Ref> OnCallIn(store::ReadTx& tx, const std::string& id, Time at) {
  std::vector<Ref> people;
  const auto rota = oncall::RotaId::Parse(id);
  const auto stored = rota ? oncall::StoredRota(tx, *rota, at, at + Micros{1}) : std::nullopt;
  if (!stored) {
    return people;
  }
  for (const std::string& person : oncall::OnCall(*stored, at).people) {
    if (auto ref = Find(tx, sql::kStaff, person)) {
      people.push_back(*std::move(ref));
    }
  }
  return people;
}

std::string_view TableOf(TargetKind kind) {
  switch (kind) {
    case TargetKind::kPerson:
      return sql::kStaff;
    case TargetKind::kRota:
      return sql::kRota;
    case TargetKind::kTeam:
      return sql::kTeam;
    case TargetKind::kGateway:
      return sql::kGateway;
  }
  return sql::kStaff;
}

}  // namespace

std::optional<std::string> NameOfTarget(store::ReadTx& tx, const Target& target) {
  const auto ref = Find(tx, TableOf(target.kind), target.id);
  return ref ? std::optional(ref->name) : std::nullopt;
}

std::vector<Ref> PeopleOf(store::ReadTx& tx, const Target& target, Time at) {
  switch (target.kind) {
    case TargetKind::kPerson: {
      auto ref = Find(tx, sql::kStaff, target.id);
      return ref ? std::vector<Ref>{*std::move(ref)} : std::vector<Ref>{};
    }
    case TargetKind::kRota:
      return OnCallIn(tx, target.id, at);
    case TargetKind::kTeam: {
      const auto team = TeamId::Parse(target.id);
      return team ? tx.All(sql::kMembers, ToRef, *team) : std::vector<Ref>{};
    }
    case TargetKind::kGateway:
      return {};
  }
  return {};
}

std::vector<Ref> PeopleOf(store::ReadTx& tx, const std::vector<Target>& targets, Time at) {
  std::vector<Ref> people;
  for (const Target& target : targets) {
    for (Ref& person : PeopleOf(tx, target, at)) {
      if (std::ranges::find(people, person.id, &Ref::id) == people.end()) {
        people.push_back(std::move(person));
      }
    }
  }
  return people;
}

}  // namespace propolis::escalation
