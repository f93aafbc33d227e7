#include "channels/push/push.h"

#include "base/cipher.h"
#include "base/json.h"
#include "base/p256.h"
#include "base/text.h"

namespace propolis::push {
namespace {

namespace p256 = crypto::p256;

constexpr std::size_t kKey = 16;      // AES-128
constexpr std::size_t kSecret = 32;   // what the keys of a message are derived from
constexpr char kLastRecord = '\x02';  // RFC 8188 section 2

// Derived texts end with a zero byte.
std::string Named(std::string_view name, std::string_view more = {}) {
  return std::string(name) + '\0' + std::string(more);
}

// Salt, the size of a record (4096), and the key that the sender made for this message.
std::string Header(std::string_view salt, std::string_view point) {
  return std::string(salt) + std::string("\0\0\x10\0", 4) + static_cast<char>(point.size()) + std::string(point);
}

}  // namespace

std::optional<std::string> Seal(const Browser& browser, std::string_view once, std::string_view salt,
                                std::string_view text) {
  if (browser.auth.size() != kAuth || salt.size() != kSalt || text.size() > kMostText) {
    return std::nullopt;
  }
  const auto own = p256::PointOf(once);
  const auto agreed = own ? p256::Agree(once, browser.point) : std::nullopt;
  if (!agreed) {
    return std::nullopt;
  }
  const auto secret = crypto::Hkdf(*agreed, browser.auth, Named("WebPush: info", browser.point + *own), kSecret);
  const auto key = crypto::Hkdf(*secret, salt, Named("Content-Encoding: aes128gcm"), kKey);
  const auto nonce = crypto::Hkdf(*secret, salt, Named("Content-Encoding: nonce"), crypto::kGcmNonce);
  const auto record = crypto::GcmSeal(*key, *nonce, "", std::string(text) + kLastRecord);
  return record ? std::optional(Header(salt, *own) + *record) : std::nullopt;
}

std::optional<std::string> Authorize(std::string_view secret, std::string_view origin, std::string_view contact,
                                     Time now) {
  const auto point = p256::PointOf(secret);
  if (!point) {
    return std::nullopt;
  }
  const Time until = now + kTokenValid;
  json::Writer claims;
  claims.BeginObject()
      .Field("aud", origin)
      .Field("exp", std::chrono::floor<Seconds>(until).time_since_epoch().count())
      .Field("sub", contact)
      .EndObject();
  const std::string signed_text =
      text::Base64UrlEncode(R"({"typ":"JWT","alg":"ES256"})") + "." + text::Base64UrlEncode(claims.Take());
  const auto signature = p256::Sign(secret, signed_text);
  return signature ? std::optional("vapid t=" + signed_text + "." + text::Base64UrlEncode(*signature) +
                                   ", k=" + text::Base64UrlEncode(*point))
                   : std::nullopt;
}

}  // namespace propolis::push
