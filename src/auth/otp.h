// One-time passwords: HOTP (RFC 4226) and TOTP (RFC 6238). Pure: the secret, the time and what was used before come in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/names.h"
#include "base/result.h"
#include "base/time.h"

namespace propolis::auth::otp {

enum class Algorithm { kSha1, kSha256, kSha512 };  // of the HMAC (RFC 6238 section 1.2)

constexpr int kFewestDigits = 6;  // RFC 4226 section 5.3
constexpr int kMostDigits = 8;
constexpr std::size_t kSecretBytes = 20;       // of a new secret (RFC 4226 section 4, R6)
constexpr std::size_t kLongestSecret = 1024;   // bytes
constexpr std::int64_t kLongestStep = 86'400;  // seconds

// The code of a counter, with leading zeros. Error: kInvalid for an empty or too long secret, or digits outside 6 to 8.
Result<std::string> Hotp(std::string_view secret, std::uint64_t counter, Algorithm algorithm = Algorithm::kSha1,
                         int digits = 6);

// How a secret counts time. What the desk enrols is the default, which every authenticator app knows.
struct Scheme {
  Algorithm algorithm = Algorithm::kSha1;
  int digits = 6;
  std::int64_t step = 30;  // seconds
  std::int64_t t0 = 0;     // Unix time of step 0, seconds
};

// The step that a time lies in (RFC 6238 section 4.2). Error: kInvalid for a step length outside 1 second to a day, or
// a time before t0.
Result<std::int64_t> StepAt(const Scheme& scheme, std::int64_t unix_time);
// The code of a time.
Result<std::string> Totp(std::string_view secret, const Scheme& scheme, std::int64_t unix_time);

enum class Verdict {
  kAccepted,
  kWrong,   // the code of none of the three steps
  kReplay,  // right, but that step or a later one was used already (RFC 6238 section 5.2)
};
struct Checked {
  Verdict verdict = Verdict::kWrong;
  std::int64_t step = 0;  // accepted: what to remember as last used
};

// Is `code` good at `unix_time`? One step before and after counts too, for clocks that differ (RFC 6238 section 6).
// Takes as long for a wrong code as for a right one. Errors as of StepAt and Hotp.
Result<Checked> CheckTotp(std::string_view secret, const Scheme& scheme, std::string_view code, std::int64_t unix_time,
                          std::optional<std::int64_t> last_used_step);

// RFC 4648 section 6, without padding: how a secret is typed in by hand.
std::string Base32(std::string_view bytes);
// What an authenticator app reads from a picture: otpauth://totp/ISSUER:ACCOUNT?secret=...&issuer=...
std::string KeyUri(std::string_view issuer, std::string_view account, std::string_view secret);

}  // namespace propolis::auth::otp

template <>
struct propolis::Names<propolis::auth::otp::Algorithm> {
  using A = propolis::auth::otp::Algorithm;
  static constexpr std::array kTable = {std::pair{A::kSha1, std::string_view("SHA1")},
                                        std::pair{A::kSha256, std::string_view("SHA256")},
                                        std::pair{A::kSha512, std::string_view("SHA512")}};
};

template <>
struct propolis::Names<propolis::auth::otp::Verdict> {
  using V = propolis::auth::otp::Verdict;
  static constexpr std::array kTable = {std::pair{V::kAccepted, std::string_view("accepted")},
                                        std::pair{V::kWrong, std::string_view("wrong")},
                                        std::pair{V::kReplay, std::string_view("replay")}};
};
