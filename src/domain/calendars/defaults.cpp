#include "domain/calendars/defaults.h"

#include "auth/record.h"
#include "domain/calendars/calendar_sql.h"

namespace propolis::calendars {
namespace {

constexpr std::string_view kPolicySetting = "desk.policy";
constexpr std::string_view kCalendarSetting = "desk.calendar";

template <class IdType>
std::optional<IdType> Setting(store::ReadTx& tx, std::string_view name) {
  const auto text = tx.One(sql::kSetting, [](const store::Row& row) { return row.String(0); }, name);
  return text ? IdType::Parse(*text) : std::nullopt;
}

}  // namespace

Result<Defaults> DeskDefaults(store::ReadTx& tx) {
  const auto policy = Setting<PolicyId>(tx, kPolicySetting);
  const auto calendar = Setting<CalendarId>(tx, kCalendarSetting);
  const auto version =
      policy ? tx.One(sql::kPolicyVersionNow, [](const store::Row& row) { return row.Int(0); }, *policy) : std::nullopt;
  if (!version || !calendar) {
    return Fail(Code::kInternal, "desk.not_initialised");
  }
  return Defaults{.policy = *policy, .policy_version = *version, .calendar = *calendar};
}

Status SetDeskDefaults(store::WriteTx& tx, const auth::Actor& actor, PolicyId policy, CalendarId calendar) {
  TRY(auth::Require(actor, auth::Permission::kPolicyWrite));
  const auto there = [](const store::Row&) { return true; };
  if (!tx.One(sql::kPolicyVersionNow, there, policy)) {
    return FailField("policy_id", "field.not_found");
  }
  if (!tx.One(sql::kCalendarVersionNow, there, calendar)) {
    return FailField("calendar_id", "field.not_found");
  }
  tx.Exec(sql::kSaveSetting, kPolicySetting, policy.ToString());
  tx.Exec(sql::kSaveSetting, kCalendarSetting, calendar.ToString());
  auth::Record(tx, actor, "desk.defaults");
  return {};
}

}  // namespace propolis::calendars
