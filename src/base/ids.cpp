#include "base/ids.h"

#include <sodium.h>

#include <mutex>

namespace propolis {

std::string Uuid::ToString() const {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) {
      text += '-';
    }
    text += kHex[bytes[i] >> 4];
    text += kHex[bytes[i] & 15];
  }
  return text;
}

std::optional<Uuid> Uuid::Parse(std::string_view text) {
  if (text.size() != 36) {
    return std::nullopt;
  }
  Uuid uuid;
  std::size_t nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') {
        return std::nullopt;
      }
      continue;
    }
    int digit = 0;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else {
      return std::nullopt;
    }
    auto& byte = uuid.bytes[nibble / 2];
    byte = static_cast<std::uint8_t>(byte << 4 | digit);
    ++nibble;
  }
  return uuid;
}

std::optional<Uuid> Uuid::FromBytes(std::string_view bytes) {
  if (bytes.size() != 16) {
    return std::nullopt;
  }
  Uuid uuid;
  std::memcpy(uuid.bytes.data(), bytes.data(), 16);
  return uuid;
}

Uuid NewUuid(Time now) {
  static std::mutex mutex;
  static std::uint64_t last_stamp = 0;  // 48 bits of milliseconds and 12 bits of counter
  auto stamp =
      static_cast<std::uint64_t>(std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count());
  stamp <<= 12;
  {
    const std::lock_guard lock(mutex);
    // RFC 9562 section 6.2, method 1: the counter in rand_a keeps ids of one process in order.
    last_stamp = stamp = stamp > last_stamp ? stamp : last_stamp + 1;
  }
  Uuid uuid;
  randombytes_buf(uuid.bytes.data() + 8, 8);
  for (std::size_t i = 0; i < 6; ++i) {
    uuid.bytes[i] = static_cast<std::uint8_t>(stamp >> (52 - 8 * i));
  }
  uuid.bytes[6] = static_cast<std::uint8_t>(0x70 | (stamp >> 8 & 0x0f));
  uuid.bytes[7] = static_cast<std::uint8_t>(stamp);
  uuid.bytes[8] = static_cast<std::uint8_t>(0x80 | (uuid.bytes[8] & 0x3f));
  return uuid;
}

}  // namespace propolis
