#include "desk.h"

#include <fmt/format.h>

#include "auth/session.h"
#include "domain/calendars/calendar_commands.h"
#include "domain/calendars/defaults.h"
#include "domain/calendars/policy_commands.h"
#include "domain/people/contact_commands.h"
#include "domain/people/contract_commands.h"
#include "domain/people/organisation_commands.h"
#include "domain/people/staff_commands.h"
#include "domain/people/team_commands.h"

namespace propolis::quarter {
namespace {

constexpr int kEngineers = 40;
constexpr int kTeams = 4;

CalendarPlan Weekdays(std::string zone, std::vector<MinuteWindow> windows, std::set<std::string> holidays = {}) {
  CalendarPlan plan{.zone = std::move(zone), .week = {}, .holidays = std::move(holidays), .exceptions = {}};
  for (std::size_t day = 1; day <= 5; ++day) {
    plan.week[day] = windows;
  }
  return plan;
}

CalendarPlan EveryDay(std::string zone, std::vector<MinuteWindow> windows) {
  CalendarPlan plan{.zone = std::move(zone), .week = {}, .holidays = {}, .exceptions = {}};
  plan.week.fill(windows);
  return plan;
}

std::vector<CalendarPlan> MakeCalendars() {
  constexpr int kDay = 24 * 60;
  std::vector<CalendarPlan> all = {
      Weekdays("Europe/Madrid", {{9 * 60, 14 * 60}, {16 * 60, 19 * 60}}, {"2026-04-02", "2026-04-03", "2026-05-01"}),
      Weekdays("America/Sao_Paulo", {{8 * 60, 18 * 60}}, {"2026-04-03", "2026-04-21", "2026-05-01"}),
      Weekdays("America/New_York", {{9 * 60, 17 * 60}}, {"2026-05-25"}),
      Weekdays("America/Santiago", {{8 * 60 + 30, 17 * 60 + 45}}, {"2026-04-03", "2026-05-01", "2026-05-21"}),
      Weekdays("Europe/London", {{7 * 60, 22 * 60}}, {"2026-04-03", "2026-04-06", "2026-05-04"}),
      Weekdays("America/Mexico_City", {{9 * 60, 13 * 60}, {13 * 60, 18 * 60}}, {"2026-03-16", "2026-05-01"}),
      EveryDay("Etc/UTC", {{0, kDay}}),
      EveryDay("America/Lima", {{6 * 60, 12 * 60}, {12 * 60 + 30, 23 * 60 + 15}}),
      EveryDay("Europe/Berlin", {{0, 3 * 60}, {22 * 60, kDay}}),
      Weekdays("Asia/Kathmandu", {{10 * 60, 17 * 60}}),
      Weekdays("America/Argentina/Buenos_Aires", {{9 * 60, 18 * 60}}, {"2026-03-23", "2026-03-24", "2026-05-25"}),
      Weekdays("Australia/Lord_Howe", {{1 * 60, 5 * 60}, {20 * 60, kDay}}),
  };
  all[0].exceptions["2026-04-11"] = {{10 * 60, 13 * 60}};  // a Saturday on which they work
  all[2].exceptions["2026-03-09"] = {};
  all[8].exceptions["2026-03-29"] = {{1 * 60, 4 * 60}};  // the night in which an hour is missing
  all[6].exceptions["2026-05-10"] = {{0, 6 * 60}, {18 * 60, kDay}};
  return all;
}

std::vector<PolicyPlan> MakePolicies() {
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 3600;
  std::vector<PolicyPlan> all(4);
  const std::array priorities = {Priority::kP1, Priority::kP2, Priority::kP3, Priority::kP4};
  const std::array<std::int64_t, 4> first = {15 * kMinute, kHour, 4 * kHour, 8 * kHour};
  for (std::size_t p = 0; p < all.size(); ++p) {
    for (std::size_t i = 0; i < priorities.size(); ++i) {
      const auto scale = static_cast<std::int64_t>(p) + 1;
      all[p].targets[{ClockKind::kFirstResponse, priorities[i]}] = first[i] * scale;
      all[p].targets[{ClockKind::kResolution, priorities[i]}] = first[i] * scale * 8 + 7;
      if (p != 3 || i < 2) {
        all[p].targets[{ClockKind::kNextResponse, priorities[i]}] = first[i] * scale * 2;
      }
      if (p == 1 || (p == 2 && i == 0)) {
        all[p].targets[{ClockKind::kKeepInformed, priorities[i]}] = first[i] * 6;
      }
    }
    all[p].warn_percent = 60 + 10 * static_cast<int>(p);
    all[p].warn_before = 300;
    all[p].escalate_after = static_cast<std::int64_t>(p) * 2400 + 1;
    all[p].pauses = {{ClockKind::kResolution, TicketState::kWaitingCustomer},
                     {ClockKind::kResolution, TicketState::kScheduled}};
  }
  all[1].pauses.insert({ClockKind::kResolution, TicketState::kWaitingThirdParty});
  all[1].pauses.insert({ClockKind::kKeepInformed, TicketState::kWaitingCustomer});
  all[2].pauses = {{ClockKind::kFirstResponse, TicketState::kWaitingThirdParty},
                   {ClockKind::kNextResponse, TicketState::kScheduled},
                   {ClockKind::kResolution, TicketState::kWaitingCustomer}};
  return all;
}

sla::TimeOfDay At(int minute) { return {Seconds{60LL * minute}}; }

std::vector<calendars::Window> Windows(const std::vector<MinuteWindow>& windows) {
  std::vector<calendars::Window> made;
  for (const auto& [from, to] : windows) {
    made.push_back({.from = At(from), .to = At(to)});
  }
  return made;
}

calendars::NewCalendar ToCalendar(std::size_t n) {
  const CalendarPlan& plan = Calendars()[n];
  calendars::NewCalendar calendar;
  calendar.name = fmt::format("Calendar {}", n);
  calendar.zone = plan.zone;
  for (std::size_t day = 0; day < plan.week.size(); ++day) {
    if (!plan.week[day].empty()) {
      calendar.week.push_back({.day = static_cast<sla::Weekday>(day), .windows = Windows(plan.week[day])});
    }
  }
  for (const std::string& date : plan.holidays) {
    calendar.holidays.push_back({.date = sla::Date::Parse(date), .yearly = {}, .name = "Holiday"});
  }
  for (const auto& [date, windows] : plan.exceptions) {
    calendar.exceptions.push_back({.date = *sla::Date::Parse(date),
                                   .closed = windows.empty(),
                                   .windows = Windows(windows),
                                   .name = "Other hours"});
  }
  return calendar;
}

calendars::NewPolicy ToPolicy(std::size_t n) {
  const PolicyPlan& plan = Policies()[n];
  calendars::NewPolicy policy;
  policy.name = fmt::format("Policy {}", n);
  policy.steps.emplace();
  std::set<ClockKind> clocks;
  for (const auto& [of, seconds] : plan.targets) {
    policy.targets.push_back({.priority = of.second, .clock = of.first, .seconds = seconds});
    clocks.insert(of.first);
  }
  for (const ClockKind clock : clocks) {
    policy.steps->push_back({.clock = clock, .percent = plan.warn_percent, .before_seconds = {}, .after_seconds = {}});
    policy.steps->push_back({.clock = clock, .percent = {}, .before_seconds = plan.warn_before, .after_seconds = {}});
    policy.steps->push_back(
        {.clock = clock, .percent = {}, .before_seconds = {}, .after_seconds = plan.escalate_after});
  }
  std::map<ClockKind, std::vector<TicketState>> pauses;
  for (const auto& [clock, state] : plan.pauses) {
    pauses[clock].push_back(state);
  }
  policy.pauses.emplace();
  for (const auto& [clock, states] : pauses) {
    policy.pauses->push_back({.clock = clock, .states = states});
  }
  return policy;
}

Status MakeEngineers(store::WriteTx& tx) {
  const auth::Actor system = auth::SystemActor();
  std::vector<TeamId> teams;
  for (int i = 0; i < kTeams; ++i) {
    people::NewTeam team;
    team.name = fmt::format("Team {}", i);
    teams.push_back(TRY(people::AddTeam(tx, system, team)).id);
  }
  for (int i = 0; i < kEngineers; ++i) {
    TRY(people::AddStaff(tx, system,
                         {.name = fmt::format("Engineer {}", i),
                          .email = fmt::format("engineer{}@desk.example", i),
                          .language = Language::kEn,
                          .languages = {Language::kEn, Language::kEs, Language::kPt},
                          .zone = "Etc/UTC",
                          .roles = {auth::Role::kResponder, auth::Role::kApprover},
                          .team_ids = {teams[static_cast<std::size_t>(i % kTeams)]},
                          .capacity = people::kHighestCapacity,
                          .calendar_id = {},
                          .password = {}},
                         std::nullopt));
  }
  return {};
}

}  // namespace

const std::vector<CalendarPlan>& Calendars() {
  static const std::vector<CalendarPlan> all = MakeCalendars();
  return all;
}

const std::vector<PolicyPlan>& Policies() {
  static const std::vector<PolicyPlan> all = MakePolicies();
  return all;
}

std::size_t PolicyOf(std::size_t customer) { return customer % Policies().size(); }
std::string CustomerName(std::size_t customer) { return fmt::format("Customer {}", customer); }
std::string CustomerAddress(std::size_t customer) { return fmt::format("person@customer{}.example", customer); }

Status MakeDesk(store::WriteTx& tx) {
  const auth::Actor system = auth::SystemActor();
  std::vector<CalendarId> calendars;
  std::vector<PolicyId> policies;
  for (std::size_t n = 0; n < Calendars().size(); ++n) {
    calendars.push_back(TRY(calendars::AddCalendar(tx, system, ToCalendar(n))).id);
  }
  for (std::size_t n = 0; n < Policies().size(); ++n) {
    policies.push_back(TRY(calendars::AddPolicy(tx, system, ToPolicy(n))).id);
  }
  TRY(calendars::SetDeskDefaults(tx, system, policies[0], calendars[0]));
  TRY(MakeEngineers(tx));
  for (std::size_t n = 0; n < kCustomers; ++n) {
    people::NewOrganisation organisation;
    organisation.name = CustomerName(n);
    organisation.zone = Calendars()[n].zone;
    organisation.languages = {Language::kEn};
    organisation.domains = {fmt::format("customer{}.example", n)};
    const auto id = TRY(people::AddOrganisation(tx, system, organisation)).id;
    TRY(people::AddContract(tx, system, id,
                            {.name = "Contract",
                             .policy_id = policies[PolicyOf(n)],
                             .calendar_id = calendars[n],
                             .channels = {},
                             .languages = {},
                             .starts_on = "2026-01-01",
                             .ends_on = {}}));
    TRY(people::AddContact(tx, system, id,
                           {.name = fmt::format("Person {}", n),
                            .emails = {CustomerAddress(n)},
                            .phones = {},
                            .language = {},
                            .roles = {people::ContactRole::kRequester},
                            .portal = true}));
  }
  return {};
}

People FindPeople(store::ReadTx& tx) {
  People people;
  for (const StaffId id : tx.All("SELECT id FROM staff WHERE email LIKE 'engineer%' ORDER BY email",
                                 [](const store::Row& row) { return row.Id<StaffId>(0); })) {
    people.engineers.push_back(*auth::StaffActor(tx, id));
  }
  for (std::size_t n = 0; n < kCustomers; ++n) {
    people.organisations.push_back(*tx.One(
        "SELECT id FROM organisation WHERE name = $1", [](const store::Row& row) { return row.Id<OrganisationId>(0); },
        CustomerName(n)));
    const auto contact = *tx.One(
        "SELECT contact FROM contact_email WHERE email = $1",
        [](const store::Row& row) { return row.Id<ContactId>(0); }, CustomerAddress(n));
    people.contacts.push_back(*auth::ContactActor(tx, contact));
  }
  return people;
}

}  // namespace propolis::quarter
