// Include this and the test program has a key to seal secrets with: always the same, so that its children have it too.
#pragma once

#include "auth/secrets.h"

namespace propolis::auth::secrets {

inline const bool kTestKey = [] {
  Use(*Keyring::Parse("propolis secrets key 1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n"));
  return true;
}();

}  // namespace propolis::auth::secrets
