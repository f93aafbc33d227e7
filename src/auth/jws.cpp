#include "auth/jws.h"

#include <algorithm>

#include "auth/signature.h"
#include "base/text.h"

namespace propolis::auth::jose {
namespace {

struct Header {
  std::string json;
  Algorithm algorithm = Algorithm::kEdDsa;
  std::optional<std::string> key;
};

Checked<Header> ReadHeader(std::string_view encoded, std::span<const Algorithm> allowed) {
  const auto text = text::Base64UrlDecode(encoded);
  const auto document = text ? json::Document::Parse(*text) : std::unexpected(Error{});
  if (!document || document->Root().kind() != json::Kind::kObject) {
    return std::unexpected(Refusal::kForm);
  }
  const json::View root = document->Root();
  if (root.Find("crit") || root.Find("b64")) {
    return std::unexpected(Refusal::kCritical);
  }
  const auto name = root.Find("alg");
  const auto key = root.Find("kid");
  if (!name || !name->AsString() || (key && !key->AsString())) {
    return std::unexpected(Refusal::kForm);
  }
  const auto algorithm = FromName<Algorithm>(*name->AsString());
  if (!algorithm || std::ranges::find(allowed, *algorithm) == allowed.end()) {
    return std::unexpected(Refusal::kAlgorithm);
  }
  return Header{*text, *algorithm, key ? std::optional(std::string(*key->AsString())) : std::nullopt};
}

Checked<const Jwk*> Choose(const KeySet& set, const Header& header) {
  if (header.key && set.doubled.contains(*header.key)) {
    return std::unexpected(Refusal::kAmbiguous);
  }
  const Jwk* chosen = nullptr;
  for (const Jwk& key : set.keys) {
    if (!Fits(key, header.algorithm) || (header.key && !key.id.empty() && key.id != *header.key)) {
      continue;
    }
    if (chosen != nullptr) {
      return std::unexpected(Refusal::kAmbiguous);
    }
    chosen = &key;
  }
  return chosen != nullptr ? Checked<const Jwk*>(chosen) : std::unexpected(Refusal::kNoKey);
}

}  // namespace

Checked<Verified> VerifyCompact(std::string_view token, const KeySet& keys, std::span<const Algorithm> allowed) {
  if (token.size() > kLargestToken) {
    return std::unexpected(Refusal::kTooLarge);
  }
  const auto parts = text::Split(token, '.');
  if (parts.size() != 3) {
    return std::unexpected(Refusal::kForm);
  }
  if (parts[0].size() > kLargestHeader) {
    return std::unexpected(Refusal::kTooLarge);
  }
  auto header = ReadHeader(parts[0], allowed);
  if (!header) {
    return std::unexpected(header.error());
  }
  auto payload = text::Base64UrlDecode(parts[1]);
  const auto signature = text::Base64UrlDecode(parts[2]);
  if (!payload || !signature) {
    return std::unexpected(Refusal::kForm);
  }
  const auto key = Choose(keys, *header);
  if (!key) {
    return std::unexpected(key.error());
  }
  const std::string_view message = token.substr(0, parts[0].size() + 1 + parts[1].size());
  if (!VerifySignature(header->algorithm, **key, message, *signature)) {
    return std::unexpected(Refusal::kSignature);
  }
  return Verified{header->algorithm, (*key)->id, std::move(header->json), *std::move(payload)};
}

}  // namespace propolis::auth::jose
