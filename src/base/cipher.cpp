#include "base/cipher.h"

#include <openssl/evp.h>

#include <climits>
#include <memory>

#include "base/crypto.h"

namespace propolis::crypto {
namespace {

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

constexpr std::size_t kDigest = 32;

const unsigned char* In(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* Out(std::string& bytes, std::size_t at = 0) {
  return reinterpret_cast<unsigned char*>(bytes.data()) + at;
}

std::string Text(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

const EVP_CIPHER* CipherFor(std::size_t key_bytes) {
  switch (key_bytes) {
    case 16:
      return EVP_aes_128_gcm();
    case 24:
      return EVP_aes_192_gcm();
    case 32:
      return EVP_aes_256_gcm();
    default:
      return nullptr;
  }
}

bool FitsInt(std::string_view bytes) { return bytes.size() <= INT_MAX - kGcmTag; }

// A context with key, nonce and associated data; empty when they cannot be.
Context Begin(std::string_view key, std::string_view nonce, std::string_view associated, bool seal) {
  Context context(nullptr, &EVP_CIPHER_CTX_free);
  const EVP_CIPHER* cipher = CipherFor(key.size());
  if (cipher == nullptr || nonce.empty() || nonce.size() > kLongestNonce || !FitsInt(associated)) {
    return context;
  }
  context.reset(EVP_CIPHER_CTX_new());
  int ignored = 0;
  const bool good =
      context && EVP_CipherInit_ex(context.get(), cipher, nullptr, nullptr, nullptr, seal ? 1 : 0) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_IVLEN, static_cast<int>(nonce.size()), nullptr) == 1 &&
      EVP_CipherInit_ex(context.get(), nullptr, nullptr, In(key), In(nonce), seal ? 1 : 0) == 1 &&
      (associated.empty() ||
       EVP_CipherUpdate(context.get(), nullptr, &ignored, In(associated), static_cast<int>(associated.size())) == 1);
  if (!good) {
    context.reset();
  }
  return context;
}

}  // namespace

std::optional<std::string> GcmSeal(std::string_view key, std::string_view nonce, std::string_view associated,
                                   std::string_view plain) {
  const Context context = Begin(key, nonce, associated, true);
  if (!context || !FitsInt(plain)) {
    return std::nullopt;
  }
  std::string sealed(plain.size() + kGcmTag, '\0');
  int written = 0;
  int more = 0;
  const bool good = (plain.empty() || EVP_CipherUpdate(context.get(), Out(sealed), &written, In(plain),
                                                       static_cast<int>(plain.size())) == 1) &&
                    EVP_CipherFinal_ex(context.get(), Out(sealed, static_cast<std::size_t>(written)), &more) == 1 &&
                    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kGcmTag, Out(sealed, plain.size())) == 1;
  return good ? std::optional(std::move(sealed)) : std::nullopt;
}

std::optional<std::string> GcmOpen(std::string_view key, std::string_view nonce, std::string_view associated,
                                   std::string_view sealed) {
  if (sealed.size() < kGcmTag || !FitsInt(sealed)) {
    return std::nullopt;
  }
  const Context context = Begin(key, nonce, associated, false);
  if (!context) {
    return std::nullopt;
  }
  const std::string_view body = sealed.substr(0, sealed.size() - kGcmTag);
  std::string tag(sealed.substr(body.size()));
  std::string plain(body.size() + kGcmTag, '\0');
  int written = 0;
  int more = 0;
  const bool good = (body.empty() || EVP_CipherUpdate(context.get(), Out(plain), &written, In(body),
                                                      static_cast<int>(body.size())) == 1) &&
                    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kGcmTag, Out(tag)) == 1 &&
                    EVP_CipherFinal_ex(context.get(), Out(plain, static_cast<std::size_t>(written)), &more) == 1;
  if (!good) {
    return std::nullopt;
  }
  plain.resize(body.size());
  return plain;
}

std::optional<std::string> Hkdf(std::string_view secret, std::string_view salt, std::string_view info,
                                std::size_t size) {
  if (size == 0 || size > kMostHkdf) {
    return std::nullopt;
  }
  const std::string no_salt(kDigest, '\0');
  const std::string key = Text(Hmac(salt.empty() ? std::string_view(no_salt) : salt, secret));
  std::string out;
  std::string block;
  for (unsigned char count = 1; out.size() < size; ++count) {
    block.append(info).push_back(static_cast<char>(count));
    block = Text(Hmac(key, block));
    out += block;
  }
  out.resize(size);
  return out;
}

}  // namespace propolis::crypto
