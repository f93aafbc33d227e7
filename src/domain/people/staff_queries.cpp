#include "domain/people/staff_queries.h"

#include <map>

#include "domain/calendars/calendar_queries.h"
#include "domain/calendars/defaults.h"
#include "domain/day.h"
#include "domain/people/staff_sql.h"

namespace propolis::people {
namespace {

using auth::Permission;

// What several people share, read once for a list.
class Desk {
 public:
  Desk(store::ReadTx& tx, Time now) : tx_(tx), now_(now) {
    tx_.ForEach(sql::kOpenByAssignee, [&](const store::Row& row) {
      open_[row.Id<StaffId>(0)] = row.Int(1);
      return true;
    });
    if (const auto defaults = calendars::DeskDefaults(tx_)) {
      default_calendar_ = defaults->calendar;
    }
  }

  void Complete(Staff& staff) {
    std::optional<CalendarId> of_team;
    tx_.ForEach(
        sql::kMembershipOf,
        [&](const store::Row& row) {
          staff.teams.push_back(*OptRef(row, 0));
          if (!of_team) {
            of_team = row.OptId<CalendarId>(2);
          }
          return true;
        },
        staff.id);
    const auto own = staff.calendar ? CalendarId::Parse(staff.calendar->id) : std::nullopt;
    staff.on_shift = staff.active && IsOpen(own ? own : of_team ? of_team : default_calendar_);
    const auto load = open_.find(staff.id);
    staff.open_tickets = load == open_.end() ? 0 : load->second;
  }

 private:
  // Nobody said when she works: always.
  bool IsOpen(const std::optional<CalendarId>& calendar) {
    if (!calendar) {
      return true;
    }
    const auto known = open_now_.find(*calendar);
    return known != open_now_.end()
               ? known->second
               : open_now_.emplace(*calendar, calendars::IsOpen(tx_, *calendar, now_)).first->second;
  }

  store::ReadTx& tx_;
  Time now_;
  std::map<StaffId, std::int64_t> open_;
  std::map<CalendarId, bool> open_now_;
  std::optional<CalendarId> default_calendar_;
};

}  // namespace

Result<std::vector<Staff>> AllStaff(store::ReadTx& tx, const auth::Actor& actor, Time now) {
  TRY(auth::Require(actor, Permission::kStaffRead));
  auto all = tx.All(sql::kAllStaff, sql::ToStaff);
  Desk desk(tx, now);
  for (auto& staff : all) {
    desk.Complete(staff);
  }
  return all;
}

Result<Staff> GetStaff(store::ReadTx& tx, const auth::Actor& actor, StaffId id, Time now) {
  TRY(auth::Require(actor, Permission::kStaffRead));
  auto staff = tx.One(sql::kStaff, sql::ToStaff, id);
  if (!staff) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  Desk(tx, now).Complete(*staff);
  return *std::move(staff);
}

Result<std::vector<StaffName>> StaffNames(store::ReadTx& tx, const auth::Actor& actor, Time now) {
  std::vector<StaffName> names;
  for (const Staff& staff : TRY(AllStaff(tx, actor, now))) {
    if (staff.active) {
      names.push_back({.id = staff.id, .name = staff.name, .on_shift = staff.on_shift});
    }
  }
  return names;
}

Result<std::vector<Skill>> Skills(store::ReadTx& tx, const auth::Actor& actor, StaffId staff, Time now) {
  TRY(auth::Require(actor, Permission::kStaffRead));
  const auto person = tx.One(sql::kStaff, sql::ToStaff, staff);
  if (!person) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  const std::string today = DayIn(person->zone, now);
  return tx.All(
      sql::kSkillsOf,
      [&](const store::Row& row) {
        Skill skill;
        skill.id = row.Id<SkillId>(0);
        skill.technology = *OptRef(row, 1);
        skill.level = static_cast<int>(row.Int(3));
        skill.certification = row.OptString(4);
        skill.certified_until = row.OptString(5);
        skill.proof = row.OptString(6);
        skill.valid = CertificationCounts(skill.certification, skill.certified_until, today);
        return skill;
      },
      staff);
}

std::string Preferences(store::ReadTx& tx, const auth::Actor& actor) {
  const auto kept = actor.Is(auth::ActorKind::kStaff)
                        ? tx.One(
                              sql::kPreferences, [](const store::Row& row) { return row.String(0); }, actor.staff())
                        : std::nullopt;
  return kept.value_or("{}");
}

}  // namespace propolis::people
