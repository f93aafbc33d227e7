#include "base/p256.h"

#include <openssl/core_names.h>

#include <cstdlib>

#include "base/crypto.h"
#include "base/openssl_owned.h"

namespace propolis::crypto::p256 {
namespace {

using namespace openssl;  // the holders

constexpr std::string_view kGroup = "P-256";

unsigned char* Out(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

SecretNumber ToNumber(std::string_view secret) {
  SecretNumber number(BN_secure_new());
  return number && BN_bin2bn(In(secret), static_cast<int>(secret.size()), number.get()) != nullptr ? std::move(number)
                                                                                                   : nullptr;
}

// The key of a point, with the secret behind it unless that is empty; empty when they are not sound.
Key ToKey(std::string_view point, std::string_view secret) {
  const Builder builder(OSSL_PARAM_BLD_new());
  const SecretNumber number = secret.empty() ? nullptr : ToNumber(secret);
  if (point.size() != kPoint || point.front() != '\x04' || !builder || (!secret.empty() && !number) ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, kGroup.data(), kGroup.size()) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1 ||
      (number && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, number.get()) != 1)) {
    return nullptr;
  }
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext making(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* made = nullptr;
  if (!params || !making || EVP_PKEY_fromdata_init(making.get()) != 1 ||
      EVP_PKEY_fromdata(making.get(), &made, number ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  Key key(made);
  const KeyContext checking(EVP_PKEY_CTX_new_from_pkey(nullptr, made, nullptr));
  return checking && EVP_PKEY_public_check(checking.get()) == 1 ? std::move(key) : nullptr;
}

Key OwnKey(std::string_view secret) {
  const auto point = PointOf(secret);
  return point ? ToKey(*point, secret) : nullptr;
}

}  // namespace

std::string NewSecret() {
  constexpr int kTries = 100;  // of 2^32 random numbers less than one is not below the order
  for (int i = 0; i < kTries; ++i) {
    if (std::string secret = RandomBytes(kSecret); PointOf(secret)) {
      return secret;
    }
  }
  std::abort();
}

std::optional<std::string> PointOf(std::string_view secret) {
  if (secret.size() != kSecret) {
    return std::nullopt;
  }
  const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const Point point(group ? EC_POINT_new(group.get()) : nullptr);
  const SecretNumber number = ToNumber(secret);
  std::string bytes(kPoint, '\0');
  const bool good =
      point && number && BN_is_zero(number.get()) == 0 && BN_cmp(number.get(), EC_GROUP_get0_order(group.get())) < 0 &&
      EC_POINT_mul(group.get(), point.get(), number.get(), nullptr, nullptr, nullptr) == 1 &&
      EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, Out(bytes), kPoint, nullptr) ==
          kPoint;
  return good ? std::optional(std::move(bytes)) : std::nullopt;
}

bool IsPoint(std::string_view point) { return ToKey(point, {}) != nullptr; }

std::optional<std::string> Agree(std::string_view secret, std::string_view point) {
  const Key own = OwnKey(secret);
  const Key other = ToKey(point, {});
  const KeyContext context(own && other ? EVP_PKEY_CTX_new_from_pkey(nullptr, own.get(), nullptr) : nullptr);
  std::string agreed(kSecret, '\0');
  std::size_t size = agreed.size();
  const bool good = context && EVP_PKEY_derive_init(context.get()) == 1 &&
                    EVP_PKEY_derive_set_peer(context.get(), other.get()) == 1 &&
                    EVP_PKEY_derive(context.get(), Out(agreed), &size) == 1 && size == kSecret;
  return good ? std::optional(std::move(agreed)) : std::nullopt;
}

std::optional<std::string> Sign(std::string_view secret, std::string_view message) {
  const Key key = OwnKey(secret);
  const DigestContext context(EVP_MD_CTX_new());
  constexpr std::size_t kLongestDer = 80;
  std::string der(kLongestDer, '\0');
  std::size_t size = der.size();
  if (!key || !context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), Out(der), &size, In(message), message.size()) != 1) {
    return std::nullopt;
  }
  const unsigned char* from = In(der);
  const Pair pair(d2i_ECDSA_SIG(nullptr, &from, static_cast<long>(size)));
  std::string signature(kSignature, '\0');
  constexpr int kHalf = kSignature / 2;
  const bool good = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), Out(signature), kHalf) == kHalf &&
                    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), Out(signature) + kHalf, kHalf) == kHalf;
  return good ? std::optional(std::move(signature)) : std::nullopt;
}

}  // namespace propolis::crypto::p256
