#include "domain/people/skill.h"

namespace propolis::people {

const dto::Type& Skill::Dto() {
  static const dto::Type type =
      dto::Object<Skill>("Skill", "What a person of the desk can do, and what proves it.")
          .Required("id", &Skill::id, "")
          .Required("technology", &Skill::technology, "")
          .Required("level", &Skill::level, "1 can help, 2 works alone, 3 leads.")
          .Optional("certification", &Skill::certification, "")
          .Optional("certified_until", &Skill::certified_until, "The last day on which it counts, YYYY-MM-DD.")
          .Optional("proof", &Skill::proof, "Where the certificate can be checked.")
          .Required("valid", &Skill::valid, "Certified, and not expired today.")
          .Done();
  return type;
}

const dto::Type& NewSkill::Dto() {
  static const dto::Type type =
      dto::Object<NewSkill>("NewSkill", "A skill of a person; replaces the one of the same technology.")
          .Required("technology_id", &NewSkill::technology_id, "")
          .Required("level", &NewSkill::level, "1 can help, 2 works alone, 3 leads.", dto::Range(1, kHighestSkill))
          .Optional("certification", &NewSkill::certification, "", dto::Text(1, 120))
          .Optional("certified_until", &NewSkill::certified_until, "The last day on which it counts, YYYY-MM-DD.",
                    dto::Text(10, 10))
          .Optional("proof", &NewSkill::proof, "Where the certificate can be checked.", dto::Text(1, 500))
          .Done();
  return type;
}

bool CertificationCounts(const std::optional<std::string>& certification,
                         const std::optional<std::string>& certified_until, std::string_view today) {
  return certification.has_value() && (!certified_until || *certified_until >= today);
}

}  // namespace propolis::people
