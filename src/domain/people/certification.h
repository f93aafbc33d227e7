// The certification board: what runs out when, and what hangs on a single person.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "domain/people/technology.h"
#include "domain/ref.h"
#include "store/store.h"

namespace propolis::people {

// A certification that ends within so many days is expiring.
inline constexpr int kExpiringDays = 60;

enum class CertificationState { kValid, kExpiring, kExpired, kNone };

// One skill of one person who works at the desk.
struct Certified {
  Ref staff;
  Ref technology;
  int level = 1;
  std::optional<std::string> certification;
  std::optional<std::string> certified_until;  // YYYY-MM-DD, the last day it counts
  std::optional<std::int64_t> days_left;       // to that day; negative: over
  CertificationState state = CertificationState::kNone;
  static const dto::Type& Dto();
};

// Who may be given tickets about a product: by a certification that counts, for it, its vendor or its domain.
struct Cover {
  Ref technology;
  std::vector<Ref> holders;
  std::int64_t level_2 = 0;  // of them, those who may take a P1
  static const dto::Type& Dto();
};

struct CertificationBoard {
  std::vector<Certified> certifications;  // the soonest end first; those without one last
  std::vector<Cover> products;            // the fewest holders first
  static const dto::Type& Dto();
};

struct HeldSkill {
  Ref staff;
  TechnologyId technology;
  std::string technology_path;
  int level = 1;
  std::optional<std::string> certification;
  std::optional<std::string> certified_until;
};

// Pure. `today` is YYYY-MM-DD; a product is a technology that nothing stands below.
CertificationBoard MakeBoard(const std::vector<Technology>& technologies, const std::vector<HeldSkill>& skills,
                             std::string_view today);

Result<CertificationBoard> Certifications(store::ReadTx& tx, const auth::Actor& actor, Time now);

}  // namespace propolis::people

template <>
struct propolis::Names<propolis::people::CertificationState> {
  using S = propolis::people::CertificationState;
  static constexpr std::array kTable = {
      std::pair{S::kValid, std::string_view("valid")}, std::pair{S::kExpiring, std::string_view("expiring")},
      std::pair{S::kExpired, std::string_view("expired")}, std::pair{S::kNone, std::string_view("none")}};
};
