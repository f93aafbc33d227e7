// Who is signed in, as the interface wants to know it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "domain/ref.h"
#include "store/store.h"

namespace propolis::people {

struct Me {
  auth::ActorKind kind = auth::ActorKind::kStaff;
  std::string id;
  std::string name;
  std::string email;
  Language language = Language::kEn;
  std::string zone;
  std::vector<auth::Role> roles;
  std::vector<auth::Permission> permissions;
  std::string csrf;  // for the header X-Propolis-CSRF; empty with an API key
  std::optional<Ref> organisation;
  std::vector<Ref> teams;
  bool must_enrol = false;  // a role asks for a second factor that she has not
  dto::Raw preferences;
  static const dto::Type& Dto();
};

Me Describe(store::ReadTx& tx, const auth::Actor& actor, std::string csrf);

}  // namespace propolis::people
