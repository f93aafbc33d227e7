// Gateways: HTTP requests with places to fill in, by which the desk reaches an SMS or voice service, or a room of a
// chat. An administrator sets them; their secret goes out where {{secret}} stands and is never told back.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "base/ids.h"
#include "base/names.h"
#include "store/store.h"

namespace propolis::notify {

using GatewayId = Id<struct GatewayTag>;

enum class HttpMethod { kGet, kPost, kPut };

struct GatewayHeader {
  std::string name;
  std::string value;
  static const dto::Type& Dto();
};

struct Gateway {
  GatewayId id;
  std::string name;
  HttpMethod method = HttpMethod::kPost;
  std::string url;
  std::vector<GatewayHeader> headers;
  std::string content_type;
  std::string body;
  bool has_secret = false;
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

struct NewGateway {
  std::string name;
  HttpMethod method = HttpMethod::kPost;
  std::string url;
  std::vector<GatewayHeader> headers;
  std::string content_type = "application/json";
  std::string body;
  std::optional<std::string> secret;
  static const dto::Type& Dto();
};

struct GatewayChange {
  std::optional<std::string> name;
  std::optional<HttpMethod> method;
  std::optional<std::string> url;
  std::optional<std::vector<GatewayHeader>> headers;
  std::optional<std::string> content_type;
  std::optional<std::string> body;
  dto::Patch<std::string> secret;
  static const dto::Type& Dto();
};

// What may stand in a template, in double braces.
inline constexpr std::array<std::string_view, 7> kPlaceholders = {"to",     "name",     "text",  "link",
                                                                  "ticket", "priority", "secret"};

// Every wrong field: a URL that is no http or https address, a header that is none or that the desk sets itself, a
// place that nothing can fill, a body that goes with no request. Pure.
std::vector<FieldError> Validate(const NewGateway& gateway);

// Errors: kForbidden, kNotFound; field errors as Validate gives them, and on name (taken).
Result<std::vector<Gateway>> ListGateways(store::ReadTx& tx, const auth::Actor& actor);
Result<Gateway> GetGateway(store::ReadTx& tx, const auth::Actor& actor, GatewayId id);
Result<Gateway> AddGateway(store::WriteTx& tx, const auth::Actor& actor, const NewGateway& request);
Result<Gateway> ChangeGateway(store::WriteTx& tx, const auth::Actor& actor, GatewayId id, const GatewayChange& change,
                              std::optional<std::int64_t> if_version);
// Error: kConflict while an escalation policy or a person names it.
Status DeleteGateway(store::WriteTx& tx, const auth::Actor& actor, GatewayId id);

// As it is sent, with its secret; for the channel alone. nullopt: it was taken back. Errors: those of
// auth::secrets::Get.
Result<std::optional<NewGateway>> StoredGateway(store::ReadTx& tx, GatewayId id);

}  // namespace propolis::notify

namespace propolis {

template <>
struct Names<notify::HttpMethod> {
  static constexpr std::array kTable = {std::pair{notify::HttpMethod::kGet, std::string_view("GET")},
                                        std::pair{notify::HttpMethod::kPost, std::string_view("POST")},
                                        std::pair{notify::HttpMethod::kPut, std::string_view("PUT")}};
};

}  // namespace propolis
