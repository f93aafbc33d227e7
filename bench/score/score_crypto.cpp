// crypto: signatures, MACs, derived keys and sealed texts of Wycheproof, by the type that each group of cases names,
// and the signed texts of RFC 7520's cookbook. Cases of encryption (JWE) are left out: the desk has none.
#include <map>

#include "auth/jws.h"
#include "auth/signature.h"
#include "base/cipher.h"
#include "base/crypto.h"
#include "base/gzip_test_support.h"
#include "base/text.h"
#include "score/score.h"

namespace propolis::score {
namespace {

namespace fs = std::filesystem;
namespace jose = auth::jose;

std::string Member(json::View json, std::string_view name) {
  const auto member = json.Find(name);
  return std::string(member ? member->AsString().value_or("") : "");
}

std::string Unhex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

std::string Bytes(json::View json, std::string_view name) { return Unhex(Member(json, name)); }

std::size_t Number(json::View json, std::string_view name) {
  const auto member = json.Find(name);
  return member ? static_cast<std::size_t>(member->AsInteger().value_or(0)) : 0;
}

bool Accepts(std::string_view token, std::string_view keys) {
  static const auto all = [] {
    std::vector<jose::Algorithm> list;
    for (const auto& [algorithm, name] : Names<jose::Algorithm>::kTable) {
      list.push_back(algorithm);
    }
    return list;
  }();
  const auto set = jose::ReadKeySet(keys);
  return set && jose::VerifyCompact(token, *set, all).has_value();
}

// Some groups have the key's numbers only.
std::string KeyOf(json::View group) {
  const auto jwk = group.Find("publicKeyJwk");
  const auto key = group.Find("publicKey");
  const std::string point = key ? Bytes(*key, "uncompressed") : "";
  if (jwk || point.size() != 65) {
    return jwk ? jwk->ToText() : "{}";
  }
  return R"({"kty":"EC","crv":"P-256","x":")" + text::Base64UrlEncode(point.substr(1, 32)) + R"(","y":")" +
         text::Base64UrlEncode(point.substr(33)) + "\"}";
}

bool Signed(jose::Algorithm algorithm, json::View group, json::View test) {
  const auto set = jose::ReadKeySet(KeyOf(group));
  return set && jose::VerifySignature(algorithm, set->keys[0], Bytes(test, "msg"), Bytes(test, "sig"));
}

bool Opens(json::View test) {
  const auto opened = crypto::GcmOpen(Bytes(test, "key"), Bytes(test, "iv"), Bytes(test, "aad"),
                                      Bytes(test, "ct") + Bytes(test, "tag"));
  return opened && *opened == Bytes(test, "msg");
}

// Whether the case is taken for a valid one; nullopt for what the desk does not do.
std::optional<bool> Judge(const std::string& type, json::View group, json::View test) {
  if (type == "EddsaVerify") {
    return Signed(jose::Algorithm::kEdDsa, group, test);
  }
  if (type == "EcdsaP1363Verify") {
    return Signed(jose::Algorithm::kEs256, group, test);
  }
  if (type == "AeadTest") {
    return Opens(test);
  }
  if (type == "HkdfTest") {
    const auto key = crypto::Hkdf(Bytes(test, "ikm"), Bytes(test, "salt"), Bytes(test, "info"), Number(test, "size"));
    return key && *key == Bytes(test, "okm");
  }
  if (type == "MacTest") {
    const auto mac = crypto::Hmac(Bytes(test, "key"), Bytes(test, "msg"));
    const std::size_t bytes = std::min(mac.size(), Number(group, "tagSize") / 8);
    return crypto::Equal(std::string_view(reinterpret_cast<const char*>(mac.data()), bytes), Bytes(test, "tag"));
  }
  const auto token = test.Find("jws");
  const auto given = group.Find("public");
  const auto keys = given ? given : group.Find("private");
  if (!token || !keys) {
    return std::nullopt;
  }
  return Accepts(token->AsString() ? std::string(*token->AsString()) : token->ToText(), keys->ToText());
}

Set ScoreWycheproof(const fs::path& file) {
  Set set{file.filename().string(), 0, {}};
  set.name = set.name.substr(0, set.name.find("_test.json"));
  const auto document = json::Document::Parse(ReadGzip(file));
  const auto groups = document ? document->Root().Find("testGroups") : std::nullopt;
  for (std::size_t g = 0; groups && g < groups->Size(); ++g) {
    const json::View group = groups->At(g);
    const auto tests = group.Find("tests");
    for (std::size_t t = 0; tests && t < tests->Size(); ++t) {
      const json::View test = tests->At(t);
      const std::string wanted = Member(test, "result");
      const auto valid = Judge(Member(group, "type"), group, test);
      if (valid && wanted != "acceptable") {
        set.Check(std::to_string(Number(test, "tcId")) + " " + Member(test, "comment"), wanted,
                  *valid ? "valid" : "invalid");
      }
    }
  }
  return set;
}

Set ScoreCookbook(const fs::path& folder) {
  Set set{"jose_cookbook", 0, {}};
  for (const fs::path& file : Files(folder, ".json")) {
    const auto document = json::Document::Parse(ReadFile(file));
    const auto input = document ? document->Root().Find("input") : std::nullopt;
    const auto output = document ? document->Root().Find("output") : std::nullopt;
    const auto key = input ? input->Find("key") : std::nullopt;
    const std::string token = output ? Member(*output, "compact") : "";
    if (key && std::ranges::count(token, '.') == 2 && !token.contains("..")) {
      set.Check(file.filename().string(), "accepted", Accepts(token, key->ToText()) ? "accepted" : "refused");
    }
  }
  return set;
}

}  // namespace

std::vector<Set> ScoreSignatures(const fs::path& folder) {
  std::vector<Set> sets;
  for (const fs::path& file : Files(folder, ".gz")) {
    sets.push_back(ScoreWycheproof(file));
  }
  sets.push_back(ScoreCookbook(folder));
  return sets;
}

}  // namespace propolis::score
