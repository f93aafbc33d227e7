#include "auth/link.h"

#include "auth/digest.h"
#include "base/crypto.h"

namespace propolis::auth {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO one_time_link (token, purpose, person, expires_at) VALUES ($1, $2, $3, $4)";
constexpr std::string_view kEndOfPerson = "DELETE FROM one_time_link WHERE purpose = $1 AND person = $2";
constexpr std::string_view kEndOfNobody = "DELETE FROM one_time_link WHERE purpose = $1 AND person IS NULL";
constexpr std::string_view kEndExpired = "DELETE FROM one_time_link WHERE expires_at <= $1";
constexpr std::string_view kIsThere =
    "SELECT 1 FROM one_time_link WHERE token = $1 AND purpose = $2 AND expires_at > $3";
constexpr std::string_view kUse =
    "DELETE FROM one_time_link WHERE token = $1 AND purpose = $2 AND expires_at > $3 RETURNING person";

}  // namespace

std::string CreateLink(store::WriteTx& tx, LinkPurpose purpose, const std::optional<Uuid>& person, Seconds valid) {
  tx.Exec(kEndExpired, tx.Now());
  if (person) {
    tx.Exec(kEndOfPerson, purpose, *person);
  } else {
    tx.Exec(kEndOfNobody, purpose);
  }
  std::string token = crypto::RandomToken();
  tx.Exec(kInsert, Bytes(crypto::Sha256(token)), purpose, person, tx.Now() + valid);
  return token;
}

bool IsLink(store::ReadTx& tx, LinkPurpose purpose, std::string_view token, Time now) {
  const auto there = [](const store::Row&) { return true; };
  return tx.One(kIsThere, there, Bytes(crypto::Sha256(token)), purpose, now).has_value();
}

std::optional<Link> UseLink(store::WriteTx& tx, LinkPurpose purpose, std::string_view token) {
  return tx.One(
      kUse,
      [](const store::Row& row) { return Link{row.IsNull(0) ? std::nullopt : std::optional(row.Id<StaffId>(0).uuid)}; },
      Bytes(crypto::Sha256(token)), purpose, tx.Now());
}

}  // namespace propolis::auth
