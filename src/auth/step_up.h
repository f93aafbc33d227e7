// Step-up: before an act by which whoever sits at an open session could take the desk over, or make herself a way back
// in, the person shows once more that it is she (ASVS 5.0 7.5.1, 7.5.3). It holds for five minutes. Which acts these
// are is declared beside their permission (api::Operation::step_up); API keys cannot do it, and were made under it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/actor.h"
#include "auth/passkey.h"
#include "base/dto.h"
#include "base/result.h"
#include "store/store.h"

namespace propolis::auth {

constexpr Seconds kFresh{5 * 60};

// What an act answers that needs it, with Code::kForbidden; a problem document has "step_up_needed" as its code.
inline constexpr std::string_view kStepUpNeeded = "step_up.needed";

// Was it `verified` lately? A clock that was set back does not make it hold for longer. Pure.
constexpr bool IsFresh(Time verified, Time now) { return now < verified + kFresh && verified < now + kFresh; }

// One of the three.
struct StepUp {
  std::optional<std::string> password;  // of who has no second factor
  std::optional<std::string> code;      // of an app, or a backup code
  std::optional<PasskeyAnswer> passkey;
  static const dto::Type& Dto();
};

struct StepUpHow {
  std::string public_url;     // of the desk, for passkeys
  std::string address;        // of the client, for slowing down
  std::string session_token;  // for which it holds
};
// Who has a second factor shows one of hers; who has none her password. Errors: field errors on what is missing or
// wrong; kUnauthenticated "passkey.not_accepted"; kRateLimited after too many wrong tries, which count as those of
// signing in do.
Status TakeStepUp(store::Store& store, const Actor& actor, const StepUpHow& how, const StepUp& shown, Time now);

}  // namespace propolis::auth
