#include "domain/calendars/versions.h"

#include <map>

#include "base/mutex.h"
#include "domain/calendars/calendar_sql.h"
#include "domain/stored.h"

namespace propolis::calendars {
namespace {

// A desk has tens of calendars; a cache that is full is emptied, which costs one read each.
constexpr std::size_t kMostKept = 512;

template <class IdType, class T>
class Cache {
 public:
  std::shared_ptr<const T> Find(IdType id, std::int64_t version) {
    const MutexLock lock(mutex_);
    const auto found = kept_.find({id, version});
    return found == kept_.end() ? nullptr : found->second;
  }
  void Keep(IdType id, std::int64_t version, std::shared_ptr<const T> value) {
    const MutexLock lock(mutex_);
    if (kept_.size() >= kMostKept) {
      kept_.clear();
    }
    kept_.insert_or_assign({id, version}, std::move(value));
  }

 private:
  Mutex mutex_;
  std::map<std::pair<IdType, std::int64_t>, std::shared_ptr<const T>> kept_ PROPOLIS_GUARDED_BY(mutex_);
};

}  // namespace

std::shared_ptr<const Hours> CalendarVersion(store::ReadTx& tx, CalendarId id, std::int64_t version) {
  static Cache<CalendarId, Hours> cache;
  if (auto kept = cache.Find(id, version)) {
    return kept;
  }
  auto calendar = tx.One(
      sql::kCalendarBody, [](const store::Row& row) { return stored::FromJson<sla::Calendar>(row.Text(0)); }, id,
      version);
  auto working = calendar ? sla::WorkingTime::From(*calendar) : Result<sla::WorkingTime>(Fail(Code::kNotFound, ""));
  if (!working) {
    return nullptr;
  }
  auto hours = std::make_shared<const Hours>(Hours{*std::move(calendar), *std::move(working)});
  cache.Keep(id, version, hours);
  return hours;
}

}  // namespace propolis::calendars
