#include "domain/calendars/calendar_commands.h"

#include "auth/record.h"
#include "domain/calendars/calendar_queries.h"
#include "domain/calendars/calendar_sql.h"
#include "domain/calendars/ical_import.h"
#include "domain/stored.h"
#include "jobs/jobs.h"

namespace propolis::calendars {
namespace {

using auth::Permission;

Status CheckName(store::ReadTx& tx, const std::string& name, std::optional<CalendarId> self) {
  const auto taken = tx.One(sql::kCalendarByName, [](const store::Row& row) { return row.Id<CalendarId>(0); }, name);
  if (taken && taken != self) {
    return FailField("name", "field.taken");
  }
  return {};
}

// A day named twice would make the paths of errors ambiguous.
Status CheckWeek(const std::vector<Day>& week) {
  for (std::size_t i = 0; i < week.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (week[i].day == week[j].day) {
        return FailField("week/" + std::to_string(i) + "/day", "field.taken");
      }
    }
  }
  return {};
}

// Each version counts until the next does: hours cannot be put in before others that wait already.
Result<Time> CheckFrom(store::WriteTx& tx, CalendarId id, const std::optional<Time>& applies_from) {
  const auto newest = tx.One(sql::kNewestFrom, [](const store::Row& row) { return row.Time(0); }, id);
  const Time from = applies_from.value_or(std::max(tx.Now(), newest.value_or(tx.Now())));
  if (from < tx.Now()) {
    return FailField("applies_from", "field.not_future");
  }
  if (newest && from < *newest) {
    return FailField("applies_from", "calendar.others_wait", {{"at", FormatTime(*newest)}});
  }
  return from;
}

}  // namespace

Result<Calendar> AddCalendar(store::WriteTx& tx, const auth::Actor& actor, const NewCalendar& request) {
  TRY(auth::Require(actor, Permission::kCalendarWrite));
  TRY(CheckName(tx, request.name, std::nullopt));
  TRY(CheckWeek(request.week));
  const std::string body = stored::ToJson(TRY(ToHours(request)));
  const auto id = CalendarId::New(tx.Now());
  tx.Exec(sql::kInsertCalendar, id, 1, request.name, body);
  tx.Exec(sql::kInsertCalendarVersion, id, 1, tx.Now(), body);
  auth::Record(tx, actor, "calendar.create", request.name);
  tx.Emit({.kind = "calendar.changed", .organisation = std::nullopt});
  return GetCalendar(tx, auth::SystemActor(), id, tx.Now());
}

Result<Calendar> ChangeCalendar(store::WriteTx& tx, const auth::Actor& actor, CalendarId id,
                                const CalendarChange& change, std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kCalendarWrite));
  const Calendar before = TRY(GetCalendar(tx, auth::SystemActor(), id, tx.Now()));
  const auto version = TRY(stored::NextVersion(before.version, if_version));
  const NewCalendar next{.name = change.name.value_or(before.name),
                         .zone = change.zone.value_or(before.zone),
                         .week = change.week.value_or(before.week),
                         .exceptions = change.exceptions.value_or(before.exceptions),
                         .holidays = change.holidays.value_or(before.holidays),
                         .holiday_sets = change.holiday_sets.value_or(before.holiday_sets)};
  TRY(CheckName(tx, next.name, id));
  TRY(CheckWeek(next.week));
  const Time from = TRY(CheckFrom(tx, id, change.applies_from));
  const std::string body = stored::ToJson(TRY(ToHours(next)));
  tx.Exec(sql::kUpdateCalendar, id, version, next.name, body);
  tx.Exec(sql::kInsertCalendarVersion, id, version, from, body);
  jobs::Enqueue(tx, {.kind = std::string(kHoursChanged), .key = id.ToString(), .run_at = tx.Now()});
  auth::Record(tx, actor, "calendar.update", next.name);
  tx.Emit({.kind = "calendar.changed", .organisation = std::nullopt});
  return GetCalendar(tx, auth::SystemActor(), id, tx.Now());
}

Result<Calendar> ImportHolidays(store::WriteTx& tx, const auth::Actor& actor, CalendarId id,
                                const HolidayImport& request) {
  TRY(auth::Require(actor, Permission::kCalendarWrite));
  const Calendar before = TRY(GetCalendar(tx, auth::SystemActor(), id, tx.Now()));
  constexpr int kYears = 5;
  const auto year = std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(tx.Now())}.year();
  const sla::Date first{std::chrono::local_days{year / 1 / 1}};
  const sla::Date last{std::chrono::local_days{(year + std::chrono::years{kYears - 1}) / 12 / 31}};
  std::vector<Holiday> holidays = before.holidays;
  for (const sla::Holiday& day : TRY(DaysOffOf(request.ics, first, last))) {
    const bool known = std::ranges::any_of(
        holidays, [&](const Holiday& kept) { return kept.date == day.date && kept.yearly == day.yearly; });
    if (!known) {
      holidays.push_back({day.date, day.yearly, day.name});
    }
  }
  if (holidays.size() > kMostImported) {
    return FailField("ics", "field.too_many", {{"max", std::to_string(kMostImported)}});
  }
  CalendarChange change;
  change.holidays = std::move(holidays);
  return ChangeCalendar(tx, actor, id, change, std::nullopt);
}

}  // namespace propolis::calendars
