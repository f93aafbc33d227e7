#include "domain/calendars/calendar_queries.h"

#include "domain/calendars/calendar_sql.h"
#include "domain/calendars/versions.h"
#include "domain/sla/working_time.h"
#include "domain/stored.h"

namespace propolis::calendars {
namespace {

using auth::Permission;

// The next opening or closing; nullopt when it goes on as it is. A window that ends where the next one begins
// (midnight, in a calendar that is open day and night) is no change.
std::optional<Time> NextChange(const sla::WorkingTime& hours, Time now) {
  if (!hours.IsOpen(now)) {
    return hours.NextOpen(now);
  }
  constexpr int kLookAhead = 10;
  auto end = hours.NextClose(now);
  for (int i = 0; end && i < kLookAhead; ++i) {
    if (!hours.IsOpen(*end)) {
      return end;
    }
    end = hours.NextClose(*end);
  }
  return std::nullopt;
}

// While the newest hours do not count yet, the desk is open by those before them.
Calendar WithHoursInForce(store::ReadTx& tx, Calendar calendar, Time now) {
  const auto from = tx.One(sql::kNewestFrom, [](const store::Row& row) { return row.Time(0); }, calendar.id);
  if (!from || *from <= now) {
    return calendar;
  }
  calendar.applies_from = from;
  const auto body = tx.One(sql::kBodyInForce, [](const store::Row& row) { return row.String(0); }, calendar.id, now);
  if (const auto working = sla::WorkingTime::From(stored::FromJson<sla::Calendar>(body.value_or("{}")))) {
    calendar.open_now = working->IsOpen(now);
    calendar.next_change = NextChange(*working, now);
  }
  return calendar;
}

Calendar ToCalendar(const store::Row& row, Time now) {
  const auto hours = stored::FromJson<sla::Calendar>(row.Text(3));
  NewCalendar edited = FromHours(row.String(2), hours);
  Calendar calendar;
  calendar.id = row.Id<CalendarId>(0);
  calendar.version = row.Int(1);
  calendar.name = std::move(edited.name);
  calendar.zone = std::move(edited.zone);
  calendar.week = std::move(edited.week);
  calendar.exceptions = std::move(edited.exceptions);
  calendar.holidays = std::move(edited.holidays);
  calendar.holiday_sets = std::move(edited.holiday_sets);
  if (const auto working = sla::WorkingTime::From(hours)) {
    calendar.open_now = working->IsOpen(now);
    calendar.next_change = NextChange(*working, now);
  }
  return calendar;
}

}  // namespace

Result<std::vector<Calendar>> Calendars(store::ReadTx& tx, const auth::Actor& actor, Time now) {
  TRY(auth::Require(actor, Permission::kCalendarRead));
  auto all = tx.All(sql::kCalendars, [&](const store::Row& row) { return ToCalendar(row, now); });
  for (Calendar& calendar : all) {
    calendar = WithHoursInForce(tx, std::move(calendar), now);
  }
  return all;
}

Result<Calendar> GetCalendar(store::ReadTx& tx, const auth::Actor& actor, CalendarId id, Time now) {
  TRY(auth::Require(actor, Permission::kCalendarRead));
  auto found = tx.One(sql::kCalendar, [&](const store::Row& row) { return ToCalendar(row, now); }, id);
  if (!found) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return WithHoursInForce(tx, *std::move(found), now);
}

bool IsOpen(store::ReadTx& tx, CalendarId id, Time now) {
  const auto hours = HoursAt(tx, id, now);
  return hours && hours->working.IsOpen(now);
}

}  // namespace propolis::calendars
