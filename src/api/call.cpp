
#include "api/resource.h"
#include "base/crypto.h"
#include "base/number.h"

namespace propolis::api {

std::string_view Call::Path(std::string_view name) const { return request.params.Find(name).value_or(""); }

Result<std::optional<std::int64_t>> Call::IfMatch() const {
  const auto header = request.headers.Find("If-Match");
  if (!header || *header == "*") {
    return std::nullopt;
  }
  std::string_view digits = *header;
  if (digits.size() > 2 && digits.front() == '"' && digits.back() == '"') {
    digits = digits.substr(1, digits.size() - 2);
  }
  const auto version = text::ParseNumber<std::int64_t>(digits);
  if (!version) {
    return FailField("If-Match", "field.not_integer");
  }
  return version;
}

namespace {

constexpr std::size_t kLongestKey = 200;

std::string RequestDigest(const net::Request& request) {
  crypto::Sha256Stream hash;
  hash.Add(NameOf(request.method));
  hash.Add(request.path);
  hash.Add(std::string_view("\0", 1));
  hash.Add(request.body);
  const auto digest = hash.Finish();
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

bool Call::IsKept() const {
  return request.method == net::Method::kPost && request.headers.Find("Idempotency-Key").has_value();
}

Status Call::FindReplay(store::ReadTx& tx) {
  if (!IsKept()) {
    return {};
  }
  const auto key = request.headers.Find("Idempotency-Key");
  if (key->empty()) {
    return FailField("Idempotency-Key", "field.empty");
  }
  if (key->size() > kLongestKey) {
    return FailField("Idempotency-Key", "field.too_long", {{"max", std::to_string(kLongestKey)}});
  }
  struct Kept {
    std::string request;
    std::string answer;
  };
  const auto kept = tx.One(
      "SELECT request, answer FROM idempotency WHERE actor = $1 AND key = $2",
      [](const store::Row& row) { return Kept{std::string(row.Bytes(0)), row.String(1)}; }, actor.person, *key);
  if (!kept) {
    return {};
  }
  if (kept->request != RequestDigest(request)) {
    return Fail(Code::kConflict, "error.idempotency_reused");
  }
  replay = kept->answer;
  return Fail(Code::kConflict, std::string(kReplay));
}

void Call::KeepAnswer(store::WriteTx& tx, std::string_view json) const {
  const auto key = request.headers.Find("Idempotency-Key");
  const std::string digest = RequestDigest(request);
  tx.Exec("INSERT INTO idempotency (actor, key, request, status, answer, at) VALUES ($1, $2, $3, $4, $5, $6)",
          actor.person, *key, store::Blob{digest}, 201, json, tx.Now());
}

}  // namespace propolis::api
