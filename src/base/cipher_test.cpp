#include "base/cipher.h"

#include <gtest/gtest.h>

#include "base/corpora_test_support.h"
#include "base/crypto.h"
#include "base/gzip_test_support.h"
#include "base/json.h"

namespace propolis::crypto {
namespace {

std::string Unhex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

std::string Bytes(json::View test, std::string_view name) {
  const auto member = test.Find(name);
  return Unhex(member ? member->AsString().value_or("") : "");
}

// Calls visit(group, test, valid) for every test of a file; answers how many.
int ForEachTest(std::string_view file, const std::function<void(json::View, json::View, bool)>& visit) {
  const auto folder = Corpora("crypto");
  const auto text = folder ? ReadGzip(*folder / "wycheproof" / file) : std::string();
  const auto document = json::Document::Parse(text);
  if (!document) {
    return 0;
  }
  int count = 0;
  const json::View groups = *document->Root().Find("testGroups");
  for (std::size_t g = 0; g < groups.Size(); ++g) {
    const json::View tests = *groups.At(g).Find("tests");
    for (std::size_t t = 0; t < tests.Size(); ++t, ++count) {
      SCOPED_TRACE(tests.At(t).ToText());
      visit(groups.At(g), tests.At(t), tests.At(t).Find("result")->AsString() == "valid");
    }
  }
  return count;
}

#define NEEDS_CORPORA()                           \
  if (!Corpora("crypto")) {                       \
    GTEST_SKIP() << "no corpora on this machine"; \
  }

TEST(Cipher, AesGcmDoesWhatTheCorpusSays) {
  NEEDS_CORPORA();
  int too_long = 0;  // OpenSSL has no longer nonces: the only valid cases that are refused
  EXPECT_GT(
      ForEachTest("aes_gcm_test.json.gz",
                  [&](json::View, json::View test, bool valid) {
                    const bool offered = Bytes(test, "iv").size() <= kLongestNonce;
                    too_long += valid && !offered ? 1 : 0;
                    const std::string sealed = Bytes(test, "ct") + Bytes(test, "tag");
                    const auto opened = GcmOpen(Bytes(test, "key"), Bytes(test, "iv"), Bytes(test, "aad"), sealed);
                    EXPECT_EQ(opened.has_value(), valid && offered);
                    if (opened) {
                      EXPECT_EQ(*opened, Bytes(test, "msg"));
                      EXPECT_EQ(GcmSeal(Bytes(test, "key"), Bytes(test, "iv"), Bytes(test, "aad"), *opened), sealed);
                    }
                  }),
      300);
  EXPECT_LE(too_long, 3);
}

TEST(Cipher, HkdfDoesWhatTheCorpusSays) {
  NEEDS_CORPORA();
  EXPECT_GT(ForEachTest("hkdf_sha256_test.json.gz",
                        [](json::View, json::View test, bool valid) {
                          const auto size = static_cast<std::size_t>(*test.Find("size")->AsInteger());
                          const auto made = Hkdf(Bytes(test, "ikm"), Bytes(test, "salt"), Bytes(test, "info"), size);
                          EXPECT_EQ(made.has_value(), valid);
                          EXPECT_EQ(valid ? made.value_or("") : "", valid ? Bytes(test, "okm") : "");
                        }),
            80);
}

TEST(Cipher, HmacDoesWhatTheCorpusSays) {
  NEEDS_CORPORA();
  EXPECT_GT(ForEachTest("hmac_sha256_test.json.gz",
                        [](json::View group, json::View test, bool valid) {
                          const Digest mac = Hmac(Bytes(test, "key"), Bytes(test, "msg"));
                          const auto bytes = static_cast<std::size_t>(*group.Find("tagSize")->AsInteger()) / 8;
                          const std::string_view own(reinterpret_cast<const char*>(mac.data()), bytes);
                          EXPECT_EQ(Equal(own, Bytes(test, "tag")), valid);
                        }),
            150);
}

TEST(Cipher, AnyChangeOfABitIsNoticed) {
  const std::string key(32, 'k');
  const std::string nonce(kGcmNonce, 'n');
  const std::string sealed = *GcmSeal(key, nonce, "row 7", "a secret");
  EXPECT_EQ(GcmOpen(key, nonce, "row 7", sealed), "a secret");
  EXPECT_FALSE(GcmOpen(key, nonce, "row 8", sealed));
  EXPECT_FALSE(GcmOpen(key, std::string(kGcmNonce, 'm'), "row 7", sealed));
  EXPECT_FALSE(GcmOpen(std::string(32, 'x'), nonce, "row 7", sealed));
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(GcmOpen(key, nonce, "row 7", changed)) << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(GcmOpen(key, nonce, "row 7", sealed.substr(0, size))) << size;
  }
}

TEST(Cipher, RefusesWhatItCannotDo) {
  EXPECT_FALSE(GcmSeal(std::string(31, 'k'), "nonce", "", "x"));
  EXPECT_FALSE(GcmSeal(std::string(32, 'k'), "", "", "x"));
  EXPECT_FALSE(GcmOpen(std::string(32, 'k'), "", "", std::string(16, 'x')));
  EXPECT_EQ(GcmOpen(std::string(16, 'k'), "nonce", "", *GcmSeal(std::string(16, 'k'), "nonce", "", "")), "");
  EXPECT_FALSE(Hkdf("secret", "", "", 0));
  EXPECT_FALSE(Hkdf("secret", "", "", kMostHkdf + 1));
  EXPECT_EQ(Hkdf("secret", "", "", kMostHkdf)->size(), kMostHkdf);
}

}  // namespace
}  // namespace propolis::crypto
