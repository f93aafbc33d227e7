// /calendars and /policies: when the desk works, and what it promises.
#include "api/resource.h"
#include "api/resources.h"
#include "domain/calendars/calendar_commands.h"
#include "domain/calendars/calendar_queries.h"
#include "domain/calendars/choice_commands.h"
#include "domain/calendars/policy_commands.h"

namespace propolis::api {
namespace {

using auth::Permission;
using net::Method;

void AddHours(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/calendars",
           .id = "listCalendars",
           .tag = "calendars",
           .summary = "Calendars, by name",
           .access = Permission::kCalendarRead},
          [](Call& call) -> Result<std::vector<calendars::Calendar>> {
            return call.Read([&](store::ReadTx& tx) { return calendars::Calendars(tx, call.actor, call.Now()); });
          });
  api.Add({.method = Method::kPost,
           .path = "/calendars",
           .id = "addCalendar",
           .tag = "calendars",
           .summary = "Add a calendar",
           .access = Permission::kCalendarWrite,
           .status = 201,
           .example = R"({"name":"Office, Lisbon","zone":"Europe/Lisbon","week":[{"day":"mon","windows":)"
                      R"([{"from":"09:00","to":"13:00"},{"from":"14:00","to":"18:00"}]}]})"},
          [](Call& call, const calendars::NewCalendar& body) -> Result<calendars::Calendar> {
            return call.Write([&](store::WriteTx& tx) { return calendars::AddCalendar(tx, call.actor, body); });
          });
  api.Add({.method = Method::kGet,
           .path = "/calendars/{id}",
           .id = "getCalendar",
           .tag = "calendars",
           .summary = "One calendar",
           .access = Permission::kCalendarRead},
          [](Call& call) -> Result<calendars::Calendar> {
            const auto id = TRY(call.PathId<CalendarId>("id"));
            return call.Read([&](store::ReadTx& tx) { return calendars::GetCalendar(tx, call.actor, id, call.Now()); });
          });
  api.Add({.method = Method::kPatch,
           .path = "/calendars/{id}",
           .id = "changeCalendar",
           .tag = "calendars",
           .summary = "Make the next version of a calendar",
           .access = Permission::kCalendarWrite,
           .versioned = true},
          [](Call& call, const calendars::CalendarChange& body) -> Result<calendars::Calendar> {
            const auto id = TRY(call.PathId<CalendarId>("id"));
            const auto version = TRY(call.IfMatch());
            return call.Write(
                [&](store::WriteTx& tx) { return calendars::ChangeCalendar(tx, call.actor, id, body, version); });
          });
  api.Add({.method = Method::kPost,
           .path = "/calendars/{id}/holidays",
           .id = "importHolidays",
           .tag = "calendars",
           .summary = "Add the days off of an iCalendar file",
           .access = Permission::kCalendarWrite,
           .doc = "Those of this year and the four to come; days that are off already stay as they are."},
          [](Call& call, const calendars::HolidayImport& body) -> Result<calendars::Calendar> {
            const auto id = TRY(call.PathId<CalendarId>("id"));
            return call.Write([&](store::WriteTx& tx) { return calendars::ImportHolidays(tx, call.actor, id, body); });
          });
}

void AddPolicies(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/policies",
           .id = "listPolicies",
           .tag = "calendars",
           .summary = "SLA policies, by name",
           .access = Permission::kPolicyRead},
          [](Call& call) -> Result<std::vector<calendars::Policy>> {
            return call.Read([&](store::ReadTx& tx) { return calendars::Policies(tx, call.actor); });
          });
  api.Add({.method = Method::kPost,
           .path = "/policies",
           .id = "addPolicy",
           .tag = "calendars",
           .summary = "Add an SLA policy",
           .access = Permission::kPolicyWrite,
           .status = 201},
          [](Call& call, const calendars::NewPolicy& body) -> Result<calendars::Policy> {
            return call.Write([&](store::WriteTx& tx) { return calendars::AddPolicy(tx, call.actor, body); });
          });
  api.Add({.method = Method::kGet,
           .path = "/policies/{id}",
           .id = "getPolicy",
           .tag = "calendars",
           .summary = "One SLA policy",
           .access = Permission::kPolicyRead},
          [](Call& call) -> Result<calendars::Policy> {
            const auto id = TRY(call.PathId<PolicyId>("id"));
            return call.Read([&](store::ReadTx& tx) { return calendars::GetPolicy(tx, call.actor, id); });
          });
  api.Add({.method = Method::kPatch,
           .path = "/policies/{id}",
           .id = "changePolicy",
           .tag = "calendars",
           .summary = "Make the next version of an SLA policy",
           .access = Permission::kPolicyWrite,
           .versioned = true},
          [](Call& call, const calendars::PolicyChange& body) -> Result<calendars::Policy> {
            const auto id = TRY(call.PathId<PolicyId>("id"));
            const auto version = TRY(call.IfMatch());
            return call.Write(
                [&](store::WriteTx& tx) { return calendars::ChangePolicy(tx, call.actor, id, body, version); });
          });
}

void AddPolicyRules(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/policy-rules",
           .id = "getPolicyRules",
           .tag = "calendars",
           .summary = "Which SLA policy a ticket gets",
           .access = Permission::kPolicyRead,
           .doc = "The first rule that holds decides; where none does it is the policy of the contract."},
          [](Call& call) -> Result<calendars::Choice> {
            return call.Read([&](store::ReadTx& tx) { return calendars::GetChoice(tx, call.actor); });
          });
  api.Add(
      {.method = Method::kPut,
       .path = "/policy-rules",
       .id = "putPolicyRules",
       .tag = "calendars",
       .summary = "Make the next version of the rules that choose a policy",
       .access = Permission::kPolicyWrite,
       .doc = "A rule that can never hold, and one that an earlier rule leaves nothing to, are refused.",
       .versioned = true},
      [](Call& call, const calendars::Choice& choice) -> Result<calendars::Choice> {
        const auto version = TRY(call.IfMatch());
        return call.Write([&](store::WriteTx& tx) { return calendars::PutChoice(tx, call.actor, choice, version); });
      });
}

}  // namespace

void AddCalendars(Api& api) {
  AddHours(api);
  AddPolicies(api);
  AddPolicyRules(api);
}

}  // namespace propolis::api
