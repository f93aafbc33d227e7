// The curve P-256 (FIPS 186-5, SEC 2: secp256r1), over OpenSSL: keys, agreement on a secret, signatures.
//
// A secret is a number of 32 bytes, the largest first; a point is uncompressed (SEC 1 section 2.3.3), 65 bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace propolis::crypto::p256 {

constexpr std::size_t kSecret = 32;     // bytes
constexpr std::size_t kPoint = 65;      // bytes
constexpr std::size_t kSignature = 64;  // bytes

// A new secret. Aborts when the library cannot make one.
std::string NewSecret();
// Its public point; nullopt for what is no secret: another length, zero, or not below the order of the curve.
std::optional<std::string> PointOf(std::string_view secret);
// Is it a point of the curve, other than infinity?
bool IsPoint(std::string_view point);

// What two agree on (ECDH, SP 800-56A section 5.7.1.2): 32 bytes. nullopt unless both are sound.
std::optional<std::string> Agree(std::string_view secret, std::string_view point);

// ECDSA with SHA-256, both numbers side by side (RFC 7518 section 3.4). nullopt for what is no secret.
std::optional<std::string> Sign(std::string_view secret, std::string_view message);

}  // namespace propolis::crypto::p256
