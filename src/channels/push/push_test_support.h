// The other end of a message: a browser that subscribed, and reads what it gets (RFC 8291 section 4, RFC 8188).
#pragma once

#include <optional>
#include <string>

#include "base/cipher.h"
#include "base/crypto.h"
#include "base/p256.h"
#include "base/text.h"
#include "channels/push/push.h"

namespace propolis::push::testing {

struct Subscriber {
  std::string secret = crypto::p256::NewSecret();
  std::string auth = crypto::RandomBytes(kAuth);

  [[nodiscard]] std::string Point() const { return *crypto::p256::PointOf(secret); }
  // nullopt: it is not for this browser, or not whole.
  [[nodiscard]] std::optional<std::string> Read(std::string_view body) const {
    constexpr std::size_t kRecordSize = 4;
    constexpr std::size_t kHead = kSalt + kRecordSize + 1;
    if (body.size() < kHead || body.substr(kSalt, kRecordSize) != std::string_view("\0\0\x10\0", 4)) {
      return std::nullopt;
    }
    const auto id_size = static_cast<unsigned char>(body[kHead - 1]);
    const std::string sender(body.substr(kHead, id_size));
    const auto agreed = crypto::p256::Agree(secret, sender);
    if (!agreed) {
      return std::nullopt;
    }
    const std::string salt(body.substr(0, kSalt));
    const auto derive = [&](const std::string& info, std::size_t size) {
      const std::string key = *crypto::Hkdf(*agreed, auth, std::string("WebPush: info\0", 14) + Point() + sender, 32);
      return *crypto::Hkdf(key, salt, info, size);
    };
    const auto record =
        crypto::GcmOpen(derive(std::string("Content-Encoding: aes128gcm\0", 28), 16),
                        derive(std::string("Content-Encoding: nonce\0", 24), 12), "", body.substr(kHead + id_size));
    if (!record) {
      return std::nullopt;
    }
    const std::size_t end = record->find_last_not_of('\0');  // padding
    return end != std::string::npos && (*record)[end] == '\x02' ? std::optional(record->substr(0, end)) : std::nullopt;
  }
};

}  // namespace propolis::push::testing
