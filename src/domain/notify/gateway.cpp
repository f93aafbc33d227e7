#include "domain/notify/gateway.h"

#include <algorithm>

#include "auth/record.h"
#include "auth/secrets.h"
#include "domain/notify/web_address.h"
#include "domain/stored.h"

namespace propolis::notify {
namespace {

using auth::Permission;
using auth::secrets::Kind;

#define PROPOLIS_GATEWAY_COLUMNS                                         \
  "SELECT id, name, method, url, headers, content_type, body, version, " \
  "EXISTS (SELECT 1 FROM secret s WHERE s.kind = 'gateway' AND s.owner = id) FROM gateway "
constexpr std::string_view kAll = PROPOLIS_GATEWAY_COLUMNS "ORDER BY name";
constexpr std::string_view kOne = PROPOLIS_GATEWAY_COLUMNS "WHERE id = $1";
#undef PROPOLIS_GATEWAY_COLUMNS
constexpr std::string_view kByName = "SELECT id FROM gateway WHERE name = $1";
constexpr std::string_view kInsert =
    "INSERT INTO gateway (id, version, name, method, url, headers, content_type, body) "
    "VALUES ($1, 1, $2, $3, $4, $5, $6, $7)";
constexpr std::string_view kUpdate =
    "UPDATE gateway SET version = $2, name = $3, method = $4, url = $5, headers = $6, content_type = $7, body = $8 "
    "WHERE id = $1";
constexpr std::string_view kDelete = "DELETE FROM gateway WHERE id = $1";
constexpr std::string_view kPeople =
    "SELECT DISTINCT s.name FROM contact_method m JOIN staff s ON s.id = m.staff WHERE m.gateway = $1 ORDER BY s.name";
constexpr std::string_view kPolicies = "SELECT name, steps FROM escalation_policy ORDER BY name";

constexpr std::size_t kMostHeaders = 20;
constexpr std::size_t kLongestUrl = 2000;
constexpr std::size_t kLongestHeader = 1000;
constexpr std::size_t kLongestBody = 8000;

bool IsToken(std::string_view name) {
  constexpr std::string_view kMore = "!#$%&'*+-.^_`|~";  // RFC 9110 section 5.6.2
  return !name.empty() && std::ranges::all_of(name, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kMore.contains(c);
  });
}

// What says where a request begins and ends is the desk's own affair.
bool IsReserved(std::string_view name) {
  constexpr std::array<std::string_view, 8> kReserved = {
      "host", "content-length", "transfer-encoding", "connection", "expect", "upgrade", "te", "content-type"};
  return std::ranges::find(kReserved, text::AsciiLower(name)) != kReserved.end();
}

bool HasControls(std::string_view value) {
  return std::ranges::any_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

void CheckPlaces(const std::string& text, const std::string& field, std::vector<FieldError>& errors) {
  for (std::size_t at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 2)) {
    const auto end = text.find("}}", at);
    const std::string name = end == std::string::npos ? text.substr(at + 2) : text.substr(at + 2, end - at - 2);
    if (end == std::string::npos || std::ranges::find(kPlaceholders, name) == kPlaceholders.end()) {
      errors.push_back({field, "notify.unknown_place", {{"place", std::string(text::Prefix(name, 40))}}});
      return;
    }
  }
}

struct GatewayRow {
  GatewayId id;
  NewGateway gateway;  // its secret is not read with it
  bool has_secret = false;
  std::int64_t version = 0;
};

GatewayRow ToRow(const store::Row& row) {
  return {.id = row.Id<GatewayId>(0),
          .gateway = {.name = row.String(1),
                      .method = row.Enum<HttpMethod>(2),
                      .url = row.String(3),
                      .headers = stored::FromJson<std::vector<GatewayHeader>>(row.Text(4)),
                      .content_type = row.String(5),
                      .body = row.String(6),
                      .secret = std::nullopt},
          .has_secret = row.Bool(8),
          .version = row.Int(7)};
}

Gateway Show(GatewayRow&& row) {
  return {.id = row.id,
          .name = std::move(row.gateway.name),
          .method = row.gateway.method,
          .url = std::move(row.gateway.url),
          .headers = std::move(row.gateway.headers),
          .content_type = std::move(row.gateway.content_type),
          .body = std::move(row.gateway.body),
          .has_secret = row.has_secret,
          .version = row.version};
}

Result<GatewayRow> Load(store::ReadTx& tx, GatewayId id) {
  auto row = tx.One(kOne, ToRow, id);
  if (!row) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return *std::move(row);
}

Status Check(store::ReadTx& tx, const NewGateway& gateway, GatewayId self) {
  auto errors = Validate(gateway);
  const auto taken = tx.One(kByName, [](const store::Row& row) { return row.Id<GatewayId>(0); }, gateway.name);
  if (taken && taken != self) {
    errors.push_back({"name", "field.taken", {}});
  }
  if (!errors.empty()) {
    return std::unexpected(Error{Code::kInvalid, "error.invalid", {}, std::move(errors)});
  }
  return {};
}

}  // namespace

std::vector<FieldError> Validate(const NewGateway& gateway) {
  std::vector<FieldError> errors;
  if (!IsWebAddress(gateway.url)) {
    errors.push_back({"url", "notify.not_web_address", {}});
  }
  CheckPlaces(gateway.url, "url", errors);
  for (std::size_t i = 0; i < gateway.headers.size(); ++i) {
    const GatewayHeader& header = gateway.headers[i];
    const std::string path = "headers/" + std::to_string(i);
    if (!IsToken(header.name) || IsReserved(header.name)) {
      errors.push_back({path + "/name", "notify.not_header", {}});
    }
    if (HasControls(header.value)) {
      errors.push_back({path + "/value", "notify.control_characters", {}});
    }
    CheckPlaces(header.value, path + "/value", errors);
  }
  if (HasControls(gateway.content_type) || gateway.content_type.empty()) {
    errors.push_back({"content_type", "notify.control_characters", {}});
  }
  if (gateway.method == HttpMethod::kGet && !gateway.body.empty()) {
    errors.push_back({"body", "notify.get_has_no_body", {}});
  }
  CheckPlaces(gateway.body, "body", errors);
  return errors;
}

Result<std::vector<Gateway>> ListGateways(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, Permission::kChannelWrite));
  std::vector<Gateway> gateways;
  for (auto& row : tx.All(kAll, ToRow)) {
    gateways.push_back(Show(std::move(row)));
  }
  return gateways;
}

Result<Gateway> GetGateway(store::ReadTx& tx, const auth::Actor& actor, GatewayId id) {
  TRY(auth::Require(actor, Permission::kChannelWrite));
  return Show(TRY(Load(tx, id)));
}

Result<Gateway> AddGateway(store::WriteTx& tx, const auth::Actor& actor, const NewGateway& request) {
  TRY(auth::Require(actor, Permission::kChannelWrite));
  const auto id = GatewayId::New(tx.Now());
  TRY(Check(tx, request, id));
  tx.Exec(kInsert, id, request.name, request.method, request.url, stored::ToJson(request.headers), request.content_type,
          request.body);
  if (request.secret) {
    TRY(auth::secrets::Put(tx, Kind::kGateway, id.uuid, *request.secret));
  }
  auth::Record(tx, actor, "gateway.create", request.name);
  return GetGateway(tx, auth::SystemActor(), id);
}

Result<Gateway> ChangeGateway(store::WriteTx& tx, const auth::Actor& actor, GatewayId id, const GatewayChange& change,
                              std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kChannelWrite));
  const GatewayRow before = TRY(Load(tx, id));
  const auto version = TRY(stored::NextVersion(before.version, if_version));
  NewGateway next{.name = change.name.value_or(before.gateway.name),
                  .method = change.method.value_or(before.gateway.method),
                  .url = change.url.value_or(before.gateway.url),
                  .headers = change.headers.value_or(before.gateway.headers),
                  .content_type = change.content_type.value_or(before.gateway.content_type),
                  .body = change.body.value_or(before.gateway.body),
                  .secret = std::nullopt};
  TRY(Check(tx, next, id));
  tx.Exec(kUpdate, id, version, next.name, next.method, next.url, stored::ToJson(next.headers), next.content_type,
          next.body);
  if (change.secret.given && change.secret.value) {
    TRY(auth::secrets::Put(tx, Kind::kGateway, id.uuid, *change.secret.value));
  } else if (change.secret.given || next.url != before.gateway.url) {
    // A secret goes only where who set it wanted it to go.
    auth::secrets::Drop(tx, Kind::kGateway, id.uuid);
  }
  auth::Record(tx, actor, "gateway.update", next.name);
  return GetGateway(tx, auth::SystemActor(), id);
}

Status DeleteGateway(store::WriteTx& tx, const auth::Actor& actor, GatewayId id) {
  TRY(auth::Require(actor, Permission::kChannelWrite));
  const GatewayRow row = TRY(Load(tx, id));
  std::string users;
  const auto add = [&](const std::string& name) { users += (users.empty() ? "" : ", ") + name; };
  for (const auto& name : tx.All(kPeople, [](const store::Row& r) { return r.String(0); }, id)) {
    add(name);
  }
  tx.ForEach(kPolicies, [&](const store::Row& r) {
    if (r.Text(1).contains(id.ToString())) {
      add(r.String(0));
    }
    return true;
  });
  if (!users.empty()) {
    return Fail(Code::kConflict, "escalation.in_use", {{"names", users}});
  }
  tx.Exec(kDelete, id);
  auth::secrets::Drop(tx, Kind::kGateway, id.uuid);
  auth::Record(tx, actor, "gateway.delete", row.gateway.name);
  return {};
}

Result<std::optional<NewGateway>> StoredGateway(store::ReadTx& tx, GatewayId id) {
  auto row = tx.One(kOne, ToRow, id);
  if (!row) {
    return std::optional<NewGateway>();
  }
  row->gateway.secret = TRY(auth::secrets::Get(tx, Kind::kGateway, id.uuid));
  return std::optional(std::move(row->gateway));
}

const dto::Type& GatewayHeader::Dto() {
  static const dto::Type type = dto::Object<GatewayHeader>("GatewayHeader", "A header of the request.")
                                    .Required("name", &GatewayHeader::name, "", dto::Text(1, 100))
                                    .Required("value", &GatewayHeader::value, "", dto::Text(0, kLongestHeader))
                                    .Done();
  return type;
}

const dto::Type& Gateway::Dto() {
  static const dto::Type type =
      dto::Object<Gateway>("Gateway", "An HTTP request with places to fill in: an SMS or voice service, a chat room.")
          .Required("id", &Gateway::id, "")
          .Required("name", &Gateway::name, "")
          .Required("method", &Gateway::method, "")
          .Required("url", &Gateway::url, "")
          .Required("headers", &Gateway::headers, "")
          .Required("content_type", &Gateway::content_type, "")
          .Required("body", &Gateway::body, "")
          .Required("has_secret", &Gateway::has_secret, "Whether it has a secret; it is never told.")
          .Required("version", &Gateway::version, "")
          .Done();
  return type;
}

const dto::Type& NewGateway::Dto() {
  static const dto::Type type =
      dto::Object<NewGateway>("NewGateway",
                              "A new gateway. {{to}}, {{name}}, {{text}}, {{link}}, {{ticket}}, {{priority}} and "
                              "{{secret}} are filled in, escaped as the place asks for.")
          .Required("name", &NewGateway::name, "", dto::Text(1, 80))
          .Optional("method", &NewGateway::method, "")
          .Required("url", &NewGateway::url, "", dto::Text(1, kLongestUrl))
          .Optional("headers", &NewGateway::headers, "", dto::Items(0, kMostHeaders))
          .Optional("content_type", &NewGateway::content_type, "Also says how the body's places are escaped.",
                    dto::Text(1, 100))
          .Optional("body", &NewGateway::body, "", dto::Text(0, kLongestBody, "multiline"))
          .Optional("secret", &NewGateway::secret, "Put where {{secret}} stands.", dto::Text(1, 2000))
          .Done();
  return type;
}

const dto::Type& GatewayChange::Dto() {
  static const dto::Type type =
      dto::Object<GatewayChange>("GatewayChange", "What to change. Another URL without a secret ends the old secret.")
          .Optional("name", &GatewayChange::name, "", dto::Text(1, 80))
          .Optional("method", &GatewayChange::method, "")
          .Optional("url", &GatewayChange::url, "", dto::Text(1, kLongestUrl))
          .Optional("headers", &GatewayChange::headers, "", dto::Items(0, kMostHeaders))
          .Optional("content_type", &GatewayChange::content_type, "", dto::Text(1, 100))
          .Optional("body", &GatewayChange::body, "", dto::Text(0, kLongestBody, "multiline"))
          .Optional("secret", &GatewayChange::secret, "null: none.", dto::Text(1, 2000))
          .Done();
  return type;
}

}  // namespace propolis::notify
