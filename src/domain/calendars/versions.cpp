#include "domain/calendars/versions.h"

#include <algorithm>
#include <map>

#include "base/mutex.h"
#include "domain/calendars/calendar_sql.h"
#include "domain/stored.h"

namespace propolis::calendars {
namespace {

using Versions = std::vector<Version>;

// A desk has tens of calendars; a cache that is full is emptied, which costs one read each.
constexpr std::size_t kMostKept = 512;

std::shared_ptr<const Versions> Read(store::ReadTx& tx, CalendarId id) {
  auto versions = std::make_shared<Versions>();
  tx.ForEach(
      sql::kCalendarVersions,
      [&](const store::Row& row) {
        auto calendar = stored::FromJson<sla::Calendar>(row.Text(2));
        auto working = sla::WorkingTime::From(calendar);
        if (working) {
          versions->push_back({row.Int(0), row.Time(1),
                               std::make_shared<const Hours>(Hours{std::move(calendar), *std::move(working)})});
        }
        return true;
      },
      id);
  return versions;
}

}  // namespace

std::shared_ptr<const Versions> VersionsOf(store::ReadTx& tx, CalendarId id) {
  static Mutex mutex;
  static std::map<std::pair<CalendarId, std::int64_t>, std::shared_ptr<const Versions>> kept;  // by the newest
  const auto newest =
      tx.One(sql::kCalendarVersionNow, [](const store::Row& row) { return row.Int(0); }, id).value_or(0);
  {
    const MutexLock lock(mutex);
    if (const auto found = kept.find({id, newest}); found != kept.end()) {
      return found->second;
    }
  }
  auto versions = Read(tx, id);
  const MutexLock lock(mutex);
  if (kept.size() >= kMostKept) {
    kept.clear();
  }
  kept[{id, newest}] = versions;
  return versions;
}

std::shared_ptr<const Hours> HoursAt(store::ReadTx& tx, CalendarId id, Time at) {
  const auto versions = VersionsOf(tx, id);
  if (versions->empty()) {
    return nullptr;
  }
  const auto later = std::ranges::upper_bound(*versions, at, {}, &Version::from);
  return (later == versions->begin() ? later : std::prev(later))->hours;
}

}  // namespace propolis::calendars
