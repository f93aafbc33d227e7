// Cryptography, all of it libsodium's: hashes, keyed hashes, random, passwords. Nothing here is of our own making.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace propolis::crypto {

// Must run once before anything else here; aborts when the library cannot start. Safe to call again.
void Start();

using Digest = std::array<std::uint8_t, 32>;

Digest Sha256(std::string_view bytes);
std::string Hex(const Digest& digest);

// SHA-256 of a stream.
class Sha256Stream {
 public:
  Sha256Stream();
  void Add(std::string_view bytes);
  Digest Finish();

 private:
  alignas(8) std::array<std::uint8_t, 128> state_;
};

// HMAC-SHA-256 (RFC 2104).
Digest Hmac(std::string_view key, std::string_view message);
// Same length and same bytes, in time that does not depend on the bytes.
bool Equal(std::string_view a, std::string_view b);
std::string RandomBytes(std::size_t count);
// `bytes` random bytes as base64url: 32 gives 43 characters and 256 bits.
std::string RandomToken(std::size_t bytes = 32);

// Argon2id (RFC 9106) in libsodium's string form; costs tens of milliseconds and 64 MiB on purpose.
std::optional<std::string> HashPassword(std::string_view password);
bool VerifyPassword(std::string_view hash, std::string_view password);

}  // namespace propolis::crypto
