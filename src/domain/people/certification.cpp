#include "domain/people/certification.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "domain/day.h"
#include "domain/people/skill.h"
#include "domain/people/technology_queries.h"
#include "domain/routing/ranking.h"

namespace propolis::people {
namespace {

constexpr std::string_view kSkills =
    "SELECT s.id, s.name, t.id, t.path, k.level, k.certification, k.certified_until FROM skill k "
    "JOIN staff s ON s.id = k.staff JOIN technology t ON t.id = k.technology WHERE s.active = 1 ORDER BY s.name, "
    "t.path";

std::int64_t DaysBetween(std::string_view from, std::string_view to) {
  const auto at = [](std::string_view day) { return *ParseTime(std::string(day) + "T00:00:00Z"); };
  return std::chrono::duration_cast<std::chrono::days>(at(to) - at(from)).count();
}

Certified Judge(const HeldSkill& skill, std::string_view today) {
  Certified certified{.staff = skill.staff,
                      .technology = {skill.technology.ToString(), skill.technology_path},
                      .level = skill.level,
                      .certification = skill.certification,
                      .certified_until = skill.certified_until,
                      .days_left = std::nullopt,
                      .state = CertificationState::kNone};
  if (!skill.certification) {
    return certified;
  }
  certified.state = CertificationState::kValid;
  if (skill.certified_until) {
    certified.days_left = DaysBetween(today, *skill.certified_until);
    certified.state = *certified.days_left < 0                ? CertificationState::kExpired
                      : *certified.days_left <= kExpiringDays ? CertificationState::kExpiring
                                                              : CertificationState::kValid;
  }
  return certified;
}

}  // namespace

CertificationBoard MakeBoard(const std::vector<Technology>& technologies, const std::vector<HeldSkill>& skills,
                             std::string_view today) {
  CertificationBoard board;
  for (const HeldSkill& skill : skills) {
    board.certifications.push_back(Judge(skill, today));
  }
  std::ranges::sort(board.certifications, {}, [](const Certified& one) {
    return std::tuple(!one.days_left, one.days_left.value_or(0), one.staff.name, one.technology.name);
  });

  std::map<TechnologyId, std::optional<TechnologyId>> parents;
  std::set<TechnologyId> inner;
  for (const Technology& technology : technologies) {
    parents[technology.id] = technology.parent_id;
    if (technology.parent_id) {
      inner.insert(*technology.parent_id);
    }
  }
  for (const Technology& technology : technologies) {
    if (inner.contains(technology.id)) {
      continue;
    }
    std::set<TechnologyId> lineage;
    for (std::optional<TechnologyId> node = technology.id; node && lineage.insert(*node).second;) {
      node = parents[*node];
    }
    Cover cover{.technology = {technology.id.ToString(), technology.path}, .holders = {}, .level_2 = 0};
    std::map<std::string, int> level_of;
    for (const HeldSkill& skill : skills) {
      if (!lineage.contains(skill.technology) ||
          !CertificationCounts(skill.certification, skill.certified_until, today)) {
        continue;
      }
      int& level = level_of[skill.staff.id];
      if (level == 0) {
        cover.holders.push_back(skill.staff);
      }
      level = std::max(level, skill.level);
    }
    cover.level_2 = std::ranges::count_if(
        level_of, [](const auto& of) { return of.second >= routing::LevelNeeded(Priority::kP1); });
    board.products.push_back(std::move(cover));
  }
  std::ranges::sort(board.products, {}, [](const Cover& cover) {
    return std::tuple(cover.holders.size(), cover.level_2, cover.technology.name);
  });
  return board;
}

Result<CertificationBoard> Certifications(store::ReadTx& tx, const auth::Actor& actor, Time now) {
  TRY(auth::Require(actor, auth::Permission::kStaffRead));
  const auto technologies = TRY(Technologies(tx, auth::SystemActor()));
  const auto skills = tx.All(kSkills, [](const store::Row& row) {
    return HeldSkill{.staff = *OptRef(row, 0),
                     .technology = row.Id<TechnologyId>(2),
                     .technology_path = row.String(3),
                     .level = static_cast<int>(row.Int(4)),
                     .certification = row.OptString(5),
                     .certified_until = row.OptString(6)};
  });
  return MakeBoard(technologies, skills, DayIn("Etc/UTC", now));
}

const dto::Type& Certified::Dto() {
  static const dto::Type type =
      dto::Object<Certified>("Certified", "What one person is certified for.")
          .Required("staff", &Certified::staff, "")
          .Required("technology", &Certified::technology, "By its path.")
          .Required("level", &Certified::level, "1 can help, 2 works alone, 3 leads.")
          .Optional("certification", &Certified::certification, "")
          .Optional("certified_until", &Certified::certified_until, "YYYY-MM-DD, the last day it counts.")
          .Optional("days_left", &Certified::days_left, "To that day; negative when it is over.")
          .Required("state", &Certified::state, "`expiring`: within 60 days.")
          .Done();
  return type;
}

const dto::Type& Cover::Dto() {
  static const dto::Type type =
      dto::Object<Cover>("Cover", "Who may be given tickets about a product.")
          .Required("technology", &Cover::technology, "By its path.")
          .Required("holders", &Cover::holders, "With a certification that counts, for it or above it.")
          .Required("level_2", &Cover::level_2, "Of them, those who may take a P1.")
          .Done();
  return type;
}

const dto::Type& CertificationBoard::Dto() {
  static const dto::Type type =
      dto::Object<CertificationBoard>("CertificationBoard", "What runs out when, and what hangs on a single person.")
          .Required("certifications", &CertificationBoard::certifications, "The soonest end first.")
          .Required("products", &CertificationBoard::products, "The fewest holders first.")
          .Done();
  return type;
}

}  // namespace propolis::people
