// Passkeys of staff (W3C Web Authentication): registering, naming, removing, and signing in with one. The verification
// itself is webauthn.h; here are challenges, rows and the audit log.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/actor.h"
#include "auth/factor.h"
#include "auth/session.h"
#include "base/dto.h"
#include "base/result.h"
#include "store/store.h"

namespace propolis::auth {

using PasskeyId = Id<struct PasskeyTag>;

constexpr Seconds kChallengeValid{300};
constexpr std::size_t kChallengeBytes = 32;
constexpr std::int64_t kMostChallenges = 100;  // open at the same time, of one network address
constexpr std::size_t kMostPasskeys = 20;      // one person's

// The desk as browsers know it.
struct Site {
  std::string rp_id;   // "desk.example"
  std::string origin;  // "https://desk.example"
};
// From the desk's public address. Error: kConflict when it has no name (passkeys do not work for numbers).
Result<Site> SiteOf(std::string_view public_url);

struct Passkey {
  PasskeyId id;
  std::string name;
  Time created_at;
  std::optional<Time> last_used_at;
  bool device_bound = false;
  bool backed_up = false;
  std::string model;
  std::vector<std::string> transports;
  static const dto::Type& Dto();
};
// Oldest first.
std::vector<Passkey> Passkeys(store::ReadTx& tx, StaffId staff);

// --- registering

struct KnownPasskey {
  std::string id;  // base64url, as are all bytes below
  std::vector<std::string> transports;
  static const dto::Type& Dto();
};
struct PasskeyRequest {
  std::string challenge;
  std::string rp_id;
  std::string user_id;
  std::string user_name;
  std::string user_display_name;
  std::vector<int> algorithms;
  std::vector<KnownPasskey> exclude;
  static const dto::Type& Dto();
};
// Error: kConflict when she has too many already.
Result<PasskeyRequest> AskForPasskey(store::WriteTx& tx, const Actor& actor, const Site& site,
                                     std::string_view address);

struct NewPasskey {
  std::string name;
  std::string challenge;
  std::string id;
  std::string client_data;
  std::string attestation_object;
  std::vector<std::string> transports;
  static const dto::Type& Dto();
};
// Errors: field errors on what is no base64url, and on `challenge` that is unknown, old, used or somebody else's;
// kInvalid "passkey.refused".
Result<BackupCodes> AddPasskey(store::Store& store, const Actor& actor, const Site& site, const NewPasskey& request);

struct PasskeyName {
  std::string name;
  static const dto::Type& Dto();
};
// Error: kNotFound.
Result<Passkey> RenamePasskey(store::WriteTx& tx, const Actor& actor, PasskeyId id, const PasskeyName& request);
// Errors: kNotFound; kConflict when it is the last factor and a role asks for one.
Status RemovePasskey(store::WriteTx& tx, const Actor& actor, PasskeyId id);

// --- signing in

struct SignInRequest {
  std::string challenge;
  std::string rp_id;
  static const dto::Type& Dto();
};
// Error: kRateLimited when this address has too many open.
Result<SignInRequest> AskForAnswer(store::WriteTx& tx, const Site& site, std::string_view address);

struct PasskeyAnswer {
  std::string challenge;
  std::string id;
  std::string client_data;
  std::string authenticator_data;
  std::string signature;
  std::string user_handle;
  static const dto::Type& Dto();
};
// A passkey with user verification is two factors by itself: no password, no code. Errors: kUnauthenticated
// "passkey.refused", whatever the reason (the audit log has it); kRateLimited.
struct PasskeySignIn {
  Site site;
  std::string address;
  std::string old_token;
};
Result<NewSession> SignInWithPasskey(store::Store& store, const PasskeySignIn& how, const PasskeyAnswer& answer,
                                     Time now);

// For another act than signing in: is this a passkey of `staff`? `then` is what follows, in the transaction that uses
// the answer up. Errors: as above.
struct PasskeyUse {
  Site site;
  std::string address;
  std::string_view act;  // for the audit log
};
Status VerifyPasskey(store::Store& store, const PasskeyUse& use, StaffId staff, const PasskeyAnswer& answer, Time now,
                     const std::function<void(store::WriteTx&)>& then);

}  // namespace propolis::auth
