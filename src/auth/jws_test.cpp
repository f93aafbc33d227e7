#include "auth/jws.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "auth/signature.h"
#include "base/corpora_test_support.h"
#include "base/gzip_test_support.h"
#include "base/text.h"

namespace propolis::auth::jose {
namespace {

std::vector<Algorithm> All() {
  std::vector<Algorithm> all;
  for (const auto& [algorithm, name] : Names<Algorithm>::kTable) {
    all.push_back(algorithm);
  }
  return all;
}

std::string Outcome(const Checked<Verified>& verified) {
  return verified ? "accepted" : std::string(NameOf(verified.error()));
}

std::string Verify(std::string_view token, std::string_view keys, const std::vector<Algorithm>& allowed = All()) {
  const auto set = ReadKeySet(keys);
  return set ? Outcome(VerifyCompact(token, *set, allowed)) : std::string(NameOf(set.error()));
}

std::string Unhex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

std::string Texts(json::View json, std::string_view name) {
  const auto member = json.Find(name);
  return std::string(member ? member->AsString().value_or("") : "");
}

struct Case {
  json::View group;
  json::View test;
  bool valid;
};
int ForEachCase(std::string_view file, const std::function<void(const Case&)>& visit) {
  const auto folder = Corpora("crypto");
  const auto document = json::Document::Parse(folder ? ReadGzip(*folder / "wycheproof" / file) : "");
  int count = 0;
  const auto groups = document ? document->Root().Find("testGroups") : std::nullopt;
  for (std::size_t g = 0; groups && g < groups->Size(); ++g) {
    const json::View tests = *groups->At(g).Find("tests");
    for (std::size_t t = 0; t < tests.Size(); ++t, ++count) {
      SCOPED_TRACE(tests.At(t).ToText());
      visit({groups->At(g), tests.At(t), Texts(tests.At(t), "result") == "valid"});
    }
  }
  return count;
}

#define NEEDS_CORPORA()                           \
  if (!Corpora("crypto")) {                       \
    GTEST_SKIP() << "no corpora on this machine"; \
  }

// Some groups have the key's numbers only.
std::string KeyOf(json::View group) {
  if (const auto jwk = group.Find("publicKeyJwk")) {
    return jwk->ToText();
  }
  const std::string point = Unhex(Texts(*group.Find("publicKey"), "uncompressed"));
  return R"({"kty":"EC","crv":"P-256","x":")" + text::Base64UrlEncode(point.substr(1, 32)) + R"(","y":")" +
         text::Base64UrlEncode(point.substr(33)) + "\"}";
}

TEST(Signature, DoesWhatTheCorporaSay) {
  NEEDS_CORPORA();
  const auto check = [](Algorithm algorithm) {
    return [algorithm](const Case& one) {
      const auto set = ReadKeySet(KeyOf(one.group));
      const bool holds =
          set && VerifySignature(algorithm, set->keys[0], Unhex(Texts(one.test, "msg")), Unhex(Texts(one.test, "sig")));
      EXPECT_EQ(holds, one.valid);
    };
  };
  EXPECT_GT(ForEachCase("ed25519_test.json.gz", check(Algorithm::kEdDsa)), 100);
  EXPECT_GT(ForEachCase("ecdsa_secp256r1_sha256_p1363_test.json.gz", check(Algorithm::kEs256)), 200);
}

TEST(Jws, DoesWhatTheCorporaSay) {
  NEEDS_CORPORA();
  int encrypted = 0;
  const auto check = [&](const Case& one) {
    const auto token = one.test.Find("jws");
    if (!token) {
      ++encrypted;  // encryption is not offered: whatever its tests say, there is nothing to ask
      return;
    }
    const auto keys = one.group.Find("public");
    const std::string text = token->AsString() ? std::string(*token->AsString()) : token->ToText();
    const std::string got = Verify(text, (keys ? *keys : *one.group.Find("private")).ToText());
    EXPECT_EQ(got == "accepted", one.valid) << got;
  };
  EXPECT_GT(ForEachCase("json_web_crypto_test.json.gz", check), 40);
  EXPECT_EQ(ForEachCase("json_web_key_test.json.gz", check), 26);
  EXPECT_GT(encrypted, 0);
}

TEST(Jws, TheExamplesOfTheRfcsHold) {
  NEEDS_CORPORA();
  int verified = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*Corpora("crypto") / "jose_cookbook")) {
    if (!entry.is_regular_file()) {
      continue;
    }
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const auto document = json::Document::Parse(text.str());
    const auto input = document ? document->Root().Find("input") : std::nullopt;
    const auto output = document ? document->Root().Find("output") : std::nullopt;
    const auto key = input ? input->Find("key") : std::nullopt;
    const std::string token = output ? Texts(*output, "compact") : "";
    if (!key || key->kind() != json::Kind::kObject || token.find("..") != std::string::npos ||
        std::ranges::count(token, '.') != 2) {
      continue;  // a key alone, encryption, or a form that the desk does not take
    }
    SCOPED_TRACE(entry.path().filename().string());
    EXPECT_EQ(Verify(token, key->ToText()), "accepted");
    std::string changed = token;
    changed[token.find('.') + 3] = changed[token.find('.') + 3] == 'A' ? 'B' : 'A';
    EXPECT_EQ(Verify(changed, key->ToText()), "signature");
    ++verified;
  }
  EXPECT_GE(verified, 5);
}

// RFC 8037, appendix A.4.
constexpr std::string_view kEdKey =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
constexpr std::string_view kEdToken =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

TEST(Jws, OnlyWhatTheCallerAllows) {
  EXPECT_EQ(Verify(kEdToken, kEdKey), "accepted");
  EXPECT_EQ(Verify(kEdToken, kEdKey, {Algorithm::kEs256, Algorithm::kRs256}), "algorithm");
  EXPECT_EQ(Verify(kEdToken, kEdKey, {}), "algorithm");
  const auto with = [](std::string_view header) {
    return text::Base64UrlEncode(header) + std::string(kEdToken.substr(kEdToken.find('.')));
  };
  EXPECT_EQ(Verify(with(R"({"alg":"none"})"), kEdKey), "algorithm");
  EXPECT_EQ(Verify(with(R"({"alg":"None"})"), kEdKey), "algorithm");
  EXPECT_EQ(Verify(with(R"({"alg":"HS256"})"), kEdKey), "no_key");
  EXPECT_EQ(Verify(with(R"({"alg":"EdDSA","crit":["exp"]})"), kEdKey), "critical");
  EXPECT_EQ(Verify(with(R"({"alg":"EdDSA","b64":false})"), kEdKey), "critical");
  EXPECT_EQ(Verify(with(R"({"alg":"EdDSA","alg":"EdDSA"})"), kEdKey), "form");
  EXPECT_EQ(Verify(with(R"({"alg":7})"), kEdKey), "form");
  EXPECT_EQ(Verify(with(R"({})"), kEdKey), "form");
  EXPECT_EQ(Verify(with(R"(["EdDSA"])"), kEdKey), "form");
}

TEST(Jws, OneFormOnly) {
  for (const std::string& wrong :
       {std::string(), std::string("."), std::string(".."), std::string(kEdToken) + ".", std::string(kEdToken) + "=",
        " " + std::string(kEdToken), std::string(kEdToken) + "\n", "{\"payload\":\"" + std::string(kEdToken) + "\"}"}) {
    EXPECT_EQ(Verify(wrong, kEdKey), "form") << wrong;
  }
  EXPECT_EQ(Verify(std::string(kLargestToken + 1, 'A'), kEdKey), "too_large");
  EXPECT_EQ(Verify(std::string(kLargestHeader + 1, 'A') + ".A.A", kEdKey), "too_large");
}

TEST(Jwk, ASetHasOneKeyForEachName) {
  const auto key = [](std::string_view more) {
    return std::string(kEdKey.substr(0, kEdKey.size() - 1)) + std::string(more) + "}";
  };
  const auto set = [](const std::string& keys) { return "{\"keys\":[" + keys + "]}"; };
  EXPECT_EQ(Verify(kEdToken, set(key("") + "," + key(""))), "ambiguous");
  EXPECT_EQ(Verify(kEdToken, set(key(R"(,"use":"enc")"))), "no_key");
  EXPECT_EQ(Verify(kEdToken, set(R"({"kty":"new"},)" + key(""))), "accepted");
  EXPECT_EQ(Verify(kEdToken, set(key(R"(,"alg":"ES256")"))), "no_key");
  EXPECT_EQ(Verify(kEdToken, set(key(R"(,"key_ops":["encrypt"])"))), "no_key");
  EXPECT_EQ(Verify(kEdToken, set(key(R"(,"key_ops":["verify"])"))), "accepted");
  const std::string secret = R"({"kty":"oct","k":")" + text::Base64UrlEncode(std::string(32, 's')) + "\"}";
  EXPECT_EQ(Verify(kEdToken, set(key("") + "," + secret)), "mixed_set");
  EXPECT_EQ(Verify(kEdToken, R"({"keys":{}})"), "form");
  EXPECT_EQ(Verify(kEdToken, "[]"), "form");
  std::string many;
  for (std::size_t i = 0; i <= kMostKeys; ++i) {
    many += (i == 0 ? "" : ",") + key("");
  }
  EXPECT_EQ(Verify(kEdToken, set(many)), "too_large");
}

TEST(Jwk, WeakKeysAreNone) {
  const auto refused = [](std::string_view json) {
    const auto document = json::Document::Parse(json);
    return document && !ReadKey(document->Root());
  };
  EXPECT_FALSE(refused(kEdKey));
  const std::string n = text::Base64UrlEncode("\x80" + std::string(255, '\x01'));
  EXPECT_FALSE(refused(R"({"kty":"RSA","e":"AQAB","n":")" + n + "\"}"));
  for (const std::string_view exponent : {"AQ", "Aw", "AQAA", "AAEAAQ", ""}) {
    EXPECT_TRUE(refused(R"({"kty":"RSA","e":")" + std::string(exponent) + R"(","n":")" + n + "\"}")) << exponent;
  }
  const std::string small = text::Base64UrlEncode("\x7f" + std::string(255, '\x01'));
  EXPECT_TRUE(refused(R"({"kty":"RSA","e":"AQAB","n":")" + small + "\"}"));
  const std::string zeros = text::Base64UrlEncode(std::string(32, '\0'));
  EXPECT_TRUE(refused(R"({"kty":"EC","crv":"P-256","x":")" + zeros + R"(","y":")" + zeros + "\"}"));
  EXPECT_TRUE(refused(R"({"kty":"oct","alg":"HS256","k":")" + text::Base64UrlEncode(std::string(31, 's')) + "\"}"));
  EXPECT_TRUE(refused(R"({"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"));
}

}  // namespace
}  // namespace propolis::auth::jose
