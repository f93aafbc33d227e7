// Sessions: who is signed in, by a cookie. The store keeps only the SHA-256 of the cookie's token.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/actor.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace propolis::auth {

constexpr Seconds kSessionIdle{12 * 3600};         // without a request
constexpr Seconds kSessionLongest{7 * 24 * 3600};  // whatever happens
constexpr Seconds kSeenGranularity{60};            // how often seen_at is written at most

// A session just made: the token goes into the cookie and nowhere else.
struct NewSession {
  std::string token;
  std::string csrf;
  Actor actor;
};

// A session found by its token.
struct SignedIn {
  Actor actor;
  std::string csrf;
  Time verified_at;    // when the person last showed that it is she (step_up.h)
  bool touch = false;  // seen_at is older than kSeenGranularity: call Touch
};

// The actor behind a person. nullopt: no such person, inactive staff, or a contact without portal access.
std::optional<Actor> StaffActor(store::ReadTx& tx, StaffId staff);
std::optional<Actor> ContactActor(store::ReadTx& tx, ContactId contact);

// nullopt: unknown, idle too long, expired, or the person may no longer sign in. Who must enrol a second factor first
// (factor.h) has no permission until she did.
std::optional<SignedIn> FindSession(store::ReadTx& tx, std::string_view token, Time now);
void Touch(store::WriteTx& tx, std::string_view token);
void MarkVerified(store::WriteTx& tx, std::string_view token);
// FindSession, and Touch when it is due.
std::optional<SignedIn> Authenticate(store::Store& store, std::string_view token, Time now);

// Starts a session. An older one (rotation at sign-in) ends; so do the expired ones.
NewSession StartSession(store::WriteTx& tx, const Actor& actor, std::string_view old_token = "");
void EndSession(store::WriteTx& tx, std::string_view token);
void EndSessionsOf(store::WriteTx& tx, const Uuid& person);

// The event that sessions or keys ended: whoever serves somebody for longer than one request asks again who she is.
inline constexpr std::string_view kAccessEnded = "access.ended";
void TellEnded(store::WriteTx& tx, std::int64_t how_many);

// Sign-in of staff with a password, and with a code when she has a second factor. Takes as long for an address that is
// not known as for one that is. Errors: kUnauthenticated "error.bad_credentials"; kRateLimited when it was tried too
// often; with the right password a field error on `code` that is missing or wrong. The audit log has every outcome.
struct Credentials {
  std::string email;
  std::string password;
  std::string address;                             // of the client, for slowing down
  std::string old_token;                           // a session that this one replaces
  std::optional<std::string> code = std::nullopt;  // of an authenticator app, or a backup code
};
Result<NewSession> SignIn(store::Store& store, const Credentials& credentials, Time now);
// A refused sign-in (or another such act), in the audit log.
void RecordRefusal(store::WriteTx& tx, std::string_view email, std::string_view why,
                   std::string_view act = "session.create");

}  // namespace propolis::auth
