// Authenticated encryption by OpenSSL, and the derivation of keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace propolis::crypto {

constexpr std::size_t kGcmTag = 16;         // bytes behind the ciphertext
constexpr std::size_t kGcmNonce = 12;       // bytes, for what the desk seals itself (NIST SP 800-38D, 5.2.1.1)
constexpr std::size_t kLongestNonce = 128;  // bytes: what OpenSSL takes
constexpr std::size_t kMostHkdf = std::size_t{255} * 32;  // bytes (RFC 5869 section 2.3)

// AES-GCM (NIST SP 800-38D) with a key of 16, 24 or 32 bytes: the ciphertext and its tag. A nonce may serve a key once.
// nullopt for another length of key, or a nonce that is empty or longer than kLongestNonce.
std::optional<std::string> GcmSeal(std::string_view key, std::string_view nonce, std::string_view associated,
                                   std::string_view plain);
// The plaintext; nullopt unless key, nonce, associated data, ciphertext and tag are the ones of GcmSeal, bit by bit.
std::optional<std::string> GcmOpen(std::string_view key, std::string_view nonce, std::string_view associated,
                                   std::string_view sealed);

// HKDF with SHA-256 (RFC 5869). nullopt for no bytes, or more than kMostHkdf.
std::optional<std::string> Hkdf(std::string_view secret, std::string_view salt, std::string_view info,
                                std::size_t size);

}  // namespace propolis::crypto
