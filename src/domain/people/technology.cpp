#include "domain/people/technology.h"

namespace propolis::people {

const dto::Type& Technology::Dto() {
  static const dto::Type type = dto::Object<Technology>("Technology", "A node of the technology tree.")
                                    .Required("id", &Technology::id, "")
                                    .Optional("parent_id", &Technology::parent_id, "Absent for a domain.")
                                    .Required("name", &Technology::name, "")
                                    .Required("path", &Technology::path, "Names from the root, for people.")
                                    .Required("level", &Technology::level, "")
                                    .Required("keywords", &Technology::keywords, "Words in a request that point at it.")
                                    .Required("version", &Technology::version, "")
                                    .Done();
  return type;
}

const dto::Type& NewTechnology::Dto() {
  static const dto::Type type =
      dto::Object<NewTechnology>("NewTechnology", "A new node of the technology tree.")
          .Required("name", &NewTechnology::name, "", dto::Text(1, 80))
          .Optional("parent_id", &NewTechnology::parent_id, "Left out for a domain.")
          .Optional("level", &NewTechnology::level, "One below the parent's when left out.")
          .Optional("keywords", &NewTechnology::keywords, "Words in a request that point at it.", dto::Items(0, 50))
          .Done();
  return type;
}

const dto::Type& TechnologyChange::Dto() {
  static const dto::Type type = dto::Object<TechnologyChange>("TechnologyChange", "What to change of a technology.")
                                    .Optional("name", &TechnologyChange::name, "", dto::Text(1, 80))
                                    .Optional("keywords", &TechnologyChange::keywords, "", dto::Items(0, 50))
                                    .Done();
  return type;
}

}  // namespace propolis::people
