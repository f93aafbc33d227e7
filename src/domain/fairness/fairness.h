// Who carries the on-call: hours and nights on call, pages and night pages, by rota and person over a period.
//
// A night is 22:00 to 07:00 of the wall clock where the person is. A page counts for each rota that she was on call in
// at that instant; for none (no rota) when she was on call in none.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "domain/oncall/desk_rota.h"
#include "domain/ref.h"
#include "store/store.h"

namespace date {
class time_zone;
}

namespace propolis::fairness {

// --- the rule, pure; people and rotas are ids in text

struct RotaDuties {
  std::string rota;
  std::vector<oncall::Duty> duties;  // in order and apart
};
struct PageCall {
  Time at;
  std::string person;
};
using Zones = std::map<std::string, const date::time_zone*>;  // of people; without one: UTC

struct Load {
  std::string rota;  // empty: none
  std::string person;
  Seconds on_call{0};
  Seconds nights{0};  // of that, at night
  std::int64_t pages = 0;
  std::int64_t night_pages = 0;
  bool operator==(const Load&) const = default;
};
// By rota, as they come, then by person; those of no rota last. Nobody without anything.
std::vector<Load> Reckon(const std::vector<RotaDuties>& rotas, const std::vector<PageCall>& calls, const Zones& zones);

// --- as it is read

struct Line {
  std::optional<Ref> rota;
  Ref person;
  std::int64_t seconds = 0;
  std::int64_t night_seconds = 0;
  std::int64_t pages = 0;
  std::int64_t night_pages = 0;
  static const dto::Type& Dto();
};

// What is known of a period up to `now`: what is to come may still change. Errors: field errors on to.
Result<std::vector<Line>> Report(store::ReadTx& tx, const auth::Actor& actor, const oncall::Period& period, Time now);
// RFC 4180; hours with two decimals.
std::string ToCsv(const std::vector<Line>& lines);

}  // namespace propolis::fairness
