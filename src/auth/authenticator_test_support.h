// An authenticator of our own for tests: makes keys with OpenSSL and answers as a browser with such a key would.
#pragma once

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <string_view>

#include "auth/webauthn.h"
#include "base/crypto.h"
#include "base/text.h"

namespace propolis::auth::webauthn {

class SoftAuthenticator {
 public:
  static constexpr std::uint8_t kPresent = 0x01;
  static constexpr std::uint8_t kVerified = 0x04;
  static constexpr std::uint8_t kEligible = 0x08;
  static constexpr std::uint8_t kBackedUp = 0x10;
  static constexpr std::uint8_t kHasCredential = 0x40;
  static constexpr std::uint8_t kHasExtensions = 0x80;

  explicit SoftAuthenticator(Algorithm algorithm = Algorithm::kEs256)
      : algorithm_(algorithm), key_(NewKey(algorithm), &EVP_PKEY_free) {}

  // What the next answer says; tests change what they are about.
  std::string rp_id = "desk.example";
  std::string origin = "https://desk.example";
  std::string challenge = "sixteen bytes or";
  std::uint8_t flags = kPresent | kVerified;
  std::uint32_t sign_count = 0;
  std::string id = "a credential's id";
  std::string client_extra;  // more members of the client data, from a comma on
  std::string extensions;    // CBOR; sets the flag

  [[nodiscard]] std::string ClientData(std::string_view type) const {
    return R"({"type":")" + std::string(type) + R"(","challenge":")" + text::Base64UrlEncode(challenge) +
           R"(","origin":")" + origin + "\"" + client_extra + "}";
  }

  [[nodiscard]] std::string AuthenticatorData(bool registering) const {
    std::string data = Digest(rp_id);
    auto bits = static_cast<std::uint8_t>(flags | (registering ? kHasCredential : 0));
    bits = static_cast<std::uint8_t>(bits | (extensions.empty() ? 0 : kHasExtensions));
    data += static_cast<char>(bits);
    for (int shift = 24; shift >= 0; shift -= 8) {
      data += static_cast<char>(sign_count >> shift);
    }
    if (registering) {
      data += std::string(16, '\x07');
      data += static_cast<char>(id.size() >> 8U);
      data += static_cast<char>(id.size());
      data += id + CoseKey();
    }
    return data + extensions;
  }

  // Self: a packed self attestation; otherwise none.
  [[nodiscard]] Registration Register(bool self = false) const {
    Registration made{.id = id, .client_data = ClientData("webauthn.create"), .attestation_object = ""};
    const std::string data = AuthenticatorData(true);
    std::string statement = "\xA0";
    if (self) {
      statement = "\xA2" + Text("alg") + Number(static_cast<int>(algorithm_)) + Text("sig") +
                  Bytes(Sign(data + Digest(made.client_data)));
    }
    made.attestation_object = "\xA3" + Text("fmt") + Text(self ? "packed" : "none") + Text("attStmt") + statement +
                              Text("authData") + Bytes(data);
    return made;
  }

  [[nodiscard]] Assertion Assert() const {
    Assertion made{.id = id,
                   .client_data = ClientData("webauthn.get"),
                   .authenticator_data = AuthenticatorData(false),
                   .signature = "",
                   .user_handle = std::nullopt};
    made.signature = Sign(made.authenticator_data + Digest(made.client_data));
    return made;
  }

  [[nodiscard]] Expected Asked() const {
    return {.rp_id = "desk.example", .origins = {"https://desk.example"}, .challenge = "sixteen bytes or"};
  }

  static std::string Text(std::string_view text) { return static_cast<char>(0x60 + text.size()) + std::string(text); }
  static std::string Bytes(std::string_view bytes) {
    return std::string("\x59") + static_cast<char>(bytes.size() >> 8U) + static_cast<char>(bytes.size()) +
           std::string(bytes);
  }
  static std::string Number(int number) {
    if (number >= 0) {
      return {static_cast<char>(number)};
    }
    const auto bits = static_cast<unsigned>(-1 - number);
    if (bits < 24) {
      return {static_cast<char>(0x20U + bits)};
    }
    return {'\x39', static_cast<char>(bits >> 8U), static_cast<char>(bits)};
  }

 private:
  static EVP_PKEY* NewKey(Algorithm algorithm) {
    switch (algorithm) {
      case Algorithm::kEs256:
        return EVP_EC_gen("P-256");
      case Algorithm::kEs384:
        return EVP_EC_gen("P-384");
      case Algorithm::kEdDsa:
        return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
      case Algorithm::kRs256:
        return EVP_RSA_gen(2048U);
    }
    return nullptr;
  }

  static std::string Digest(std::string_view bytes) {
    const auto digest = crypto::Sha256(bytes);
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
  }

  [[nodiscard]] std::string Sign(const std::string& message) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    const EVP_MD* hash = algorithm_ == Algorithm::kEdDsa   ? nullptr
                         : algorithm_ == Algorithm::kEs384 ? EVP_sha384()
                                                           : EVP_sha256();
    EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, key_.get());
    std::string signature(1024, '\0');
    std::size_t size = signature.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(message.data()), message.size());
    signature.resize(size);
    return signature;
  }

  [[nodiscard]] std::string NumberParam(const char* name, int bytes) const {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &number);
    std::string out(static_cast<std::size_t>(bytes), '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), bytes);
    BN_free(number);
    return out;
  }

  [[nodiscard]] std::string CoseKey() const {
    const std::string alg = Number(3) + Number(static_cast<int>(algorithm_));
    if (algorithm_ == Algorithm::kEdDsa) {
      std::string x(32, '\0');
      std::size_t size = x.size();
      EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(x.data()), &size);
      return "\xA4" + Number(1) + Number(1) + alg + Number(-1) + Number(6) + Number(-2) + Bytes(x);
    }
    if (algorithm_ == Algorithm::kRs256) {
      return "\xA4" + Number(1) + Number(3) + alg + Number(-1) + Bytes(NumberParam("n", 256)) + Number(-2) +
             Bytes(NumberParam("e", 3));
    }
    const bool es256 = algorithm_ == Algorithm::kEs256;
    const int bytes = es256 ? 32 : 48;
    return "\xA5" + Number(1) + Number(2) + alg + Number(-1) + Number(es256 ? 1 : 2) + Number(-2) +
           Bytes(NumberParam("qx", bytes)) + Number(-3) + Bytes(NumberParam("qy", bytes));
  }

  Algorithm algorithm_;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

}  // namespace propolis::auth::webauthn
