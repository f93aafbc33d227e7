// Skills: staff x technology x level, backed by a certification with proof and a last day on which it counts.
#pragma once

#include <optional>
#include <string>

#include "base/dto.h"
#include "base/ids.h"
#include "domain/ref.h"

namespace propolis::people {

constexpr int kHighestSkill = 3;

struct Skill {
  SkillId id;
  Ref technology;
  int level = 1;  // 1 can help, 2 works alone, 3 leads
  std::optional<std::string> certification;
  std::optional<std::string> certified_until;  // YYYY-MM-DD, the last day it counts
  std::optional<std::string> proof;            // where the certificate can be checked
  bool valid = false;                          // certified, and not expired on the day of asking
  static const dto::Type& Dto();
};

struct NewSkill {
  TechnologyId technology_id;
  int level = 1;
  std::optional<std::string> certification;
  std::optional<std::string> certified_until;
  std::optional<std::string> proof;
  static const dto::Type& Dto();
};

// Does a certification count on `today` (both YYYY-MM-DD)? One without an end counts for ever; none at all never does.
bool CertificationCounts(const std::optional<std::string>& certification,
                         const std::optional<std::string>& certified_until, std::string_view today);

}  // namespace propolis::people
