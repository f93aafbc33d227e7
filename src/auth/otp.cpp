#include "auth/otp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/crypto.h"

namespace propolis::auth::otp {
namespace {

const EVP_MD* Hash(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kSha1:
      return EVP_sha1();
    case Algorithm::kSha256:
      return EVP_sha256();
    case Algorithm::kSha512:
      return EVP_sha512();
  }
  return nullptr;
}

std::array<std::uint8_t, 8> BigEndian(std::uint64_t number) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(number >> (8 * (bytes.size() - 1 - i)));
  }
  return bytes;
}

// RFC 4226 section 5.3: 31 bits from where the last nibble points.
std::uint32_t Truncate(std::span<const std::uint8_t> mac) {
  const std::size_t offset = mac.back() & 0x0FU;
  std::uint32_t number = 0;
  for (const std::uint8_t byte : mac.subspan(offset, 4)) {
    number = (number << 8U) | byte;
  }
  return number & 0x7FFFFFFFU;
}

std::string Percent(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

}  // namespace

Result<std::string> Hotp(std::string_view secret, std::uint64_t counter, Algorithm algorithm, int digits) {
  if (secret.empty() || secret.size() > kLongestSecret) {
    return FailField("secret", "field.out_of_range", {{"min", "1"}, {"max", std::to_string(kLongestSecret)}});
  }
  if (digits < kFewestDigits || digits > kMostDigits) {
    return FailField("digits", "field.out_of_range",
                     {{"min", std::to_string(kFewestDigits)}, {"max", std::to_string(kMostDigits)}});
  }
  const auto message = BigEndian(counter);
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  if (HMAC(Hash(algorithm), secret.data(), static_cast<int>(secret.size()), message.data(), message.size(), mac.data(),
           &size) == nullptr) {
    return Fail(Code::kUnavailable, "error.unavailable");
  }
  std::uint32_t modulus = 1;
  for (int i = 0; i < digits; ++i) {
    modulus *= 10;
  }
  return fmt::format("{:0{}}", Truncate(std::span(mac).first(size)) % modulus, digits);
}

Result<std::int64_t> StepAt(const Scheme& scheme, std::int64_t unix_time) {
  if (scheme.step < 1 || scheme.step > kLongestStep) {
    return FailField("step_seconds", "field.out_of_range", {{"min", "1"}, {"max", std::to_string(kLongestStep)}});
  }
  std::int64_t elapsed = 0;
  if (unix_time < scheme.t0 || __builtin_sub_overflow(unix_time, scheme.t0, &elapsed)) {
    return FailField("unix_time", "field.out_of_range", {{"min", std::to_string(scheme.t0)}, {"max", "-"}});
  }
  return elapsed / scheme.step;
}

Result<std::string> Totp(std::string_view secret, const Scheme& scheme, std::int64_t unix_time) {
  const std::int64_t step = TRY(StepAt(scheme, unix_time));
  return Hotp(secret, static_cast<std::uint64_t>(step), scheme.algorithm, scheme.digits);
}

Result<Checked> CheckTotp(std::string_view secret, const Scheme& scheme, std::string_view code, std::int64_t unix_time,
                          std::optional<std::int64_t> last_used_step) {
  const std::int64_t now = TRY(StepAt(scheme, unix_time));
  // The newest step that has this code: should two share it, it cannot be used a second time.
  std::optional<std::int64_t> matched;
  for (const std::int64_t step : {now - 1, now, now + 1}) {
    const std::string expected = TRY(Hotp(secret, static_cast<std::uint64_t>(step), scheme.algorithm, scheme.digits));
    if (crypto::Equal(expected, code) && step >= 0) {
      matched = step;
    }
  }
  if (!matched) {
    return Checked{};
  }
  if (last_used_step && *matched <= *last_used_step) {
    return Checked{.verdict = Verdict::kReplay, .step = *matched};
  }
  return Checked{.verdict = Verdict::kAccepted, .step = *matched};
}

std::string Base32(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    held += 8;
    while (held >= 5) {
      held -= 5;
      out += kAlphabet[(bits >> held) & 31U];
    }
  }
  if (held > 0) {
    out += kAlphabet[(bits << (5 - held)) & 31U];
  }
  return out;
}

std::string KeyUri(std::string_view issuer, std::string_view account, std::string_view secret) {
  return fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}", Percent(issuer), Percent(account), Base32(secret),
                     Percent(issuer));
}

}  // namespace propolis::auth::otp
