#include "app/defaults.h"

#include "domain/calendars/calendar_commands.h"
#include "domain/calendars/defaults.h"
#include "domain/calendars/policy_commands.h"
#include "domain/people/team_commands.h"

namespace propolis::app {
namespace {

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 24 * kHour;

calendars::NewPolicy StandardPolicy() {
  calendars::NewPolicy policy;
  policy.name = "Standard";
  const auto add = [&](Priority priority, std::int64_t first, std::int64_t next, std::int64_t resolution) {
    policy.targets.push_back({priority, ClockKind::kFirstResponse, first});
    policy.targets.push_back({priority, ClockKind::kNextResponse, next});
    policy.targets.push_back({priority, ClockKind::kResolution, resolution});
  };
  add(Priority::kP1, 15 * kMinute, kHour, 4 * kHour);
  add(Priority::kP2, kHour, 4 * kHour, kDay);
  add(Priority::kP3, 4 * kHour, kDay, 3 * kDay);
  add(Priority::kP4, kDay, 2 * kDay, 7 * kDay);
  return policy;
}

}  // namespace

Status FillDefaults(store::WriteTx& tx) {
  if (calendars::DeskDefaults(tx)) {
    return {};
  }
  const auth::Actor system = auth::SystemActor();
  const auto around_the_clock =
      TRY(calendars::AddCalendar(tx, system, calendars::FromHours("24x7", sla::AroundTheClock())));
  const auto policy = TRY(calendars::AddPolicy(tx, system, StandardPolicy()));
  TRY(calendars::SetDeskDefaults(tx, system, policy.id, around_the_clock.id));
  people::NewTeam team;
  team.name = "Support";
  team.calendar_id = around_the_clock.id;
  TRY(people::AddTeam(tx, system, team));
  return {};
}

}  // namespace propolis::app
