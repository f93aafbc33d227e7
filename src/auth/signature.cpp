#include "auth/signature.h"

#include <openssl/core_names.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <array>

#include "base/crypto.h"
#include "base/openssl_owned.h"

namespace propolis::auth::jose {
namespace {

using namespace crypto::openssl;  // the holders

Number ToNumber(std::string_view bytes) {
  return Number(BN_bin2bn(In(bytes), static_cast<int>(bytes.size()), nullptr));
}

const EVP_MD* HashOf(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kHs256:
    case Algorithm::kRs256:
    case Algorithm::kPs256:
    case Algorithm::kEs256:
      return EVP_sha256();
    case Algorithm::kHs384:
    case Algorithm::kRs384:
    case Algorithm::kPs384:
    case Algorithm::kEs384:
      return EVP_sha384();
    case Algorithm::kHs512:
    case Algorithm::kRs512:
    case Algorithm::kPs512:
    case Algorithm::kEs512:
      return EVP_sha512();
    case Algorithm::kEdDsa:
      return nullptr;  // has its own
  }
  return nullptr;
}

bool IsPss(Algorithm algorithm) {
  return algorithm == Algorithm::kPs256 || algorithm == Algorithm::kPs384 || algorithm == Algorithm::kPs512;
}

Key FromParams(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return Key(key);
}

Key RsaKey(const Jwk& key) {
  const Number n = ToNumber(key.modulus);
  const Number e = ToNumber(key.exponent);
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return nullptr;
  }
  return FromParams("RSA", builder.get());
}

Key CurveKey(const Jwk& key) {
  const Builder builder(OSSL_PARAM_BLD_new());
  const std::string group(NameOf(key.curve));
  const std::string point = "\x04" + key.x + key.y;  // uncompressed (SEC 1 section 2.3.3)
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group.c_str(), group.size()) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
    return nullptr;
  }
  Key made = FromParams("EC", builder.get());
  const KeyContext context(made ? EVP_PKEY_CTX_new_from_pkey(nullptr, made.get(), nullptr) : nullptr);
  return context && EVP_PKEY_public_check(context.get()) == 1 ? std::move(made) : nullptr;
}

Key ToPublicKey(const Jwk& key) {
  switch (key.type) {
    case KeyType::kRsa:
      return RsaKey(key);
    case KeyType::kCurve:
      return CurveKey(key);
    case KeyType::kEdwards:
      return Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, In(key.x), key.x.size()));
    case KeyType::kSecret:
      return nullptr;
  }
  return nullptr;
}

// r and s side by side as the DER that OpenSSL takes; empty when they are not of the curve's size.
std::string ToDer(const Jwk& key, std::string_view signature) {
  const std::size_t half = key.x.size();
  if (signature.size() != 2 * half) {
    return {};
  }
  const Pair pair(ECDSA_SIG_new());
  Number r = ToNumber(signature.substr(0, half));
  Number s = ToNumber(signature.substr(half));
  if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) {
    return {};
  }
  (void)r.release();  // the pair's now
  (void)s.release();
  const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
  std::string der(static_cast<std::size_t>(std::max(size, 0)), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  return size > 0 && i2d_ECDSA_SIG(pair.get(), &out) == size ? der : std::string();
}

bool VerifyMac(Algorithm algorithm, const Jwk& key, std::string_view message, std::string_view mac) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> own{};
  unsigned int size = 0;
  if (HMAC(HashOf(algorithm), key.secret.data(), static_cast<int>(key.secret.size()), In(message), message.size(),
           own.data(), &size) == nullptr) {
    return false;
  }
  return crypto::Equal(std::string_view(reinterpret_cast<const char*>(own.data()), size), mac);
}

}  // namespace

bool VerifySignature(Algorithm algorithm, const Jwk& key, std::string_view message, std::string_view signature) {
  if (!Fits(key, algorithm)) {
    return false;
  }
  if (key.type == KeyType::kSecret) {
    return VerifyMac(algorithm, key, message, signature);
  }
  const Key made = ToPublicKey(key);
  const DigestContext context(EVP_MD_CTX_new());
  const std::string der = key.type == KeyType::kCurve ? ToDer(key, signature) : std::string();
  const std::string_view given = key.type == KeyType::kCurve ? std::string_view(der) : signature;
  EVP_PKEY_CTX* options = nullptr;  // the digest context's own
  if (!made || !context || given.empty() ||
      EVP_DigestVerifyInit(context.get(), &options, HashOf(algorithm), nullptr, made.get()) != 1) {
    return false;
  }
  if (IsPss(algorithm) && (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
                           EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  return EVP_DigestVerify(context.get(), In(given), given.size(), In(message), message.size()) == 1;
}

bool IsSound(const Jwk& key) { return key.type == KeyType::kSecret || ToPublicKey(key) != nullptr; }

}  // namespace propolis::auth::jose
