// Passwords of staff: what is accepted, how it is kept (Argon2id, RFC 9106), and how guessing is slowed down.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace propolis::auth {

// NIST SP 800-63B section 5.1.1.2: length counts, composition rules do not.
constexpr std::size_t kShortestPassword = 12;  // code points
constexpr std::size_t kLongestPassword = 200;  // code points; bounds the work of one hash

// Is this a password that the desk takes? Refused: too short, too long, one character repeated, the person's own
// address or name. Pure. Error: a field error on `field`.
Status CheckPassword(std::string_view password, std::string_view email, std::string_view name,
                     std::string_view field = "password");

// Hashing and verifying cost tens of milliseconds and 64 MiB: never inside a transaction. At most a handful run at the
// same time; the others wait.
Result<std::string> HashPassword(std::string_view password);
// With no hash (no such account) it works as long as with one, and answers false.
bool VerifyPassword(const std::optional<std::string>& hash, std::string_view password);

// --- slowing down

// How many wrong tries in a row are free, and for how long the next one waits: doubling from one second.
struct SlowDown {
  int free_tries = 5;
  Seconds longest{300};
};
constexpr SlowDown kPerAccount{.free_tries = 5, .longest = Seconds{300}};
constexpr SlowDown kPerAddress{.free_tries = 20, .longest = Seconds{900}};
constexpr SlowDown kPerMailbox{.free_tries = 3, .longest = Seconds{900}};  // links that a portal sign-in sends
// Failures older than this are forgotten.
constexpr Seconds kFailureMemory{3600};

// When the next try is taken after `failures` in a row, the newest at `last`. Pure.
Time NextTry(const SlowDown& rule, std::int64_t failures, Time last);

// Failures are kept by what was tried ("account:ana@example.org", whether she exists or not; "address:203.0.113.7"), in
// the store, so that a restart or another node does not forget them.
// Error: kRateLimited with the argument `seconds`.
Status MayTry(store::ReadTx& tx, std::string_view email, std::string_view address, Time now);
void CountFailure(store::WriteTx& tx, std::string_view email, std::string_view address);
void ForgetFailures(store::WriteTx& tx, std::string_view email);

// The same for any other act, by a name of its own ("portal:ana@example.org").
Status MayTry(store::ReadTx& tx, const SlowDown& rule, std::string_view subject, Time now);
void CountTry(store::WriteTx& tx, std::string_view subject);

}  // namespace propolis::auth
