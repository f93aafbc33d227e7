#include "api/resource.h"

#include "api/admission.h"
#include "api/session_cookie.h"
#include "auth/key.h"
#include "auth/session.h"
#include "auth/step_up.h"
#include "base/crypto.h"
#include "base/i18n.h"
#include "base/log.h"

namespace propolis::api {

inline constexpr std::string_view kCsrfHeader = "X-Propolis-CSRF";

namespace detail {

net::Response JsonAnswer(int status, std::string json, std::optional<std::int64_t> version) {
  net::Response response = net::Response::Json(status, std::move(json));
  response.With("Cache-Control", "no-store");
  if (version) {
    response.With("ETag", "\"" + std::to_string(*version) + "\"");
  }
  return response;
}

namespace {

// The JSON text of a query value, by the kind its member has in the schema.
std::string AsJson(const dto::Member& member, std::string_view value) {
  json::Writer schema;
  member.schema(schema, member.rules, "");
  const std::string text = schema.Take();
  const bool bare = text.find("\"type\":\"integer\"") != std::string::npos ||
                    text.find("\"type\":\"boolean\"") != std::string::npos ||
                    text.find("\"type\":\"number\"") != std::string::npos;
  // A bare value that is not one token of JSON stays text, and the member's reader refuses it by name.
  const bool safe = !value.empty() && value.find_first_not_of("0123456789+-.eEtrufals") == std::string_view::npos;
  return bare && safe && json::Document::Parse(value) ? std::string(value) : json::Quote(value);
}

}  // namespace

Status ReadQuery(const net::Request& request, const dto::Type& type, void* into) {
  json::Writer writer;
  writer.BeginObject();
  std::vector<std::string_view> seen;
  for (const auto& [name, value] : request.query.items()) {
    if (std::ranges::find(seen, name) != seen.end()) {
      return FailField(name, "field.too_many", {{"max", "1"}});
    }
    seen.push_back(name);
    const auto member = std::ranges::find(type.members, name, &dto::Member::name);
    writer.Key(name).Raw(member == type.members.end() ? json::Quote(value) : AsJson(*member, value));
  }
  writer.EndObject();
  const json::Document document = TRY(json::Document::Parse(writer.Take()));
  dto::Problems problems;
  type.Read(document.Root(), into, "", problems);
  if (!problems.fields.empty()) {
    return std::unexpected(Error{Code::kInvalid, "error.invalid", {}, std::move(problems.fields)});
  }
  return {};
}

Status CheckJson(const net::Request& request) {
  if (request.ContentType() != "application/json") {
    return Fail(Code::kUnsupported, "error.unsupported_media", {{"expected", "application/json"}});
  }
  return {};
}

}  // namespace detail

namespace {

bool IsForCustomers(const Operation& operation) {
  const auto* permission = std::get_if<auth::Permission>(&operation.access);
  return operation.customers || permission == nullptr || *permission == auth::Permission::kPortalUse;
}

// Who asks: a bearer key, or the session cookie (then writes need the CSRF token too).
Status Authenticate(Call& call) {
  const net::Request& request = call.request;
  if (const auto header = request.headers.Find("Authorization")) {
    if (!header->starts_with("Bearer ")) {
      return Fail(Code::kUnauthenticated, "error.bad_credentials");
    }
    auto use = auth::AuthenticateKey(call.desk.store, header->substr(7), call.Now());
    if (!use) {
      return Fail(Code::kUnauthenticated, "error.bad_credentials");
    }
    call.actor = std::move(use->actor);
    return {};
  }
  const auto cookie = request.Cookie(SessionCookie(request));
  if (!cookie) {
    return {};
  }
  auto session = auth::Authenticate(call.desk.store, *cookie, call.Now());
  if (!session) {
    return {};
  }
  const bool writes = request.method != net::Method::kGet && request.method != net::Method::kHead;
  if (writes && !crypto::Equal(request.headers.Find(kCsrfHeader).value_or(""), session->csrf)) {
    return Fail(Code::kForbidden, "error.csrf");
  }
  call.actor = std::move(session->actor);
  call.csrf = std::move(session->csrf);
  call.verified_at = session->verified_at;
  call.session_token = std::string(*cookie);
  return {};
}

// The door's own check. What the act is done to is checked again by the command, which knows it.
Status CheckAccess(const Operation& operation, const auth::Actor& actor) {
  if (const auto* permission = std::get_if<auth::Permission>(&operation.access)) {
    if (actor.Is(auth::ActorKind::kCustomer) && !IsForCustomers(operation)) {
      return Fail(Code::kForbidden, "error.permission_missing", {{"permission", std::string(NameOf(*permission))}});
    }
    return auth::Require(actor, *permission, {.organisation = actor.organisation});
  }
  if (std::get<Open>(operation.access) == Open::kSignedIn && actor.Is(auth::ActorKind::kAnonymous)) {
    return Fail(Code::kUnauthenticated, "error.sign_in_needed");
  }
  return {};
}

// Sensitive acts want a person who lately showed that it is she. Keys have nobody to ask; what they may was said when
// they were made, which is such an act itself.
Status CheckFresh(const Operation& operation, const Call& call) {
  if (!operation.step_up || call.session_token.empty() || auth::IsFresh(call.verified_at, call.Now())) {
    return {};
  }
  return Fail(Code::kForbidden, std::string(auth::kStepUpNeeded));
}

bool IsPublicEvenWithBadCsrf(const Operation& operation) {
  const auto* open = std::get_if<Open>(&operation.access);
  return open != nullptr && *open == Open::kAnyone;
}

}  // namespace

void Api::Register(Operation operation, Run run) {
  if (operation.pool == net::Pool::kRead && operation.method != net::Method::kGet) {
    operation.pool = net::Pool::kWrite;
  }
  operations_.push_back(std::make_unique<Operation>(std::move(operation)));
  runs_.push_back(std::move(run));
}

void Api::AddTo(net::Router& router) {
  for (std::size_t i = 0; i < operations_.size(); ++i) {
    const Operation& operation = *operations_[i];
    net::Route route;
    route.method = operation.method;
    route.pattern = "/api/v1" + operation.path;
    route.pool = operation.pool;
    route.max_body = operation.max_body;
    route.body = operation.multipart                     ? net::BodyMode::kSpool
                 : operation.method == net::Method::kGet ? net::BodyMode::kNone
                                                         : net::BodyMode::kMemory;
    if (operation.multipart) {
      route.timeout = std::chrono::minutes{10};
    }
    route.handler = [this, &operation, &run = runs_[i]](net::Request& request) {
      return Handle(operation, run, request);
    };
    router.Add(std::move(route));
  }
}

std::optional<net::Response> RefuseUnread(Desk& desk, net::Request& request) {
  Call call(desk, request);
  call.language = i18n::Negotiate(request.headers.Find("Accept-Language").value_or(""));
  try {
    auto status = Authenticate(call);
    if (status && call.actor.Is(auth::ActorKind::kAnonymous)) {
      status = Fail(Code::kUnauthenticated, "error.sign_in_needed");
    }
    return status ? std::nullopt : std::optional(Problem(status.error(), call.language, request.id));
  } catch (const std::exception& bug) {
    log::Error("admission failed", {{"request", request.id}, {"why", bug.what()}});
    return Problem({Code::kInternal, "error.internal", {}, {}}, call.language, request.id);
  }
}

net::Response Api::Handle(const Operation& operation, const Run& run, net::Request& request) const {
  Call call(*desk_, request);
  call.language = i18n::Negotiate(request.headers.Find("Accept-Language").value_or(""));
  const auto answer = [&]() -> Result<net::Response> {
    if (auto status = Authenticate(call); !status && !IsPublicEvenWithBadCsrf(operation)) {
      return std::unexpected(std::move(status).error());
    }
    if (!call.actor.Is(auth::ActorKind::kAnonymous) && !request.headers.Find("Accept-Language")) {
      call.language = call.actor.language;
    }
    TRY(CheckAccess(operation, call.actor));
    TRY(CheckFresh(operation, call));
    return run(call, operation);
  };
  try {
    auto result = answer();
    if (result) {
      return std::move(*result);
    }
    if (result.error().message == kReplay && call.replay) {
      return detail::JsonAnswer(operation.status, *call.replay, std::nullopt).With("Idempotent-Replayed", "true");
    }
    return Problem(result.error(), call.language, request.id);
  } catch (const std::exception& bug) {
    log::Error("handler failed", {{"request", request.id}, {"operation", operation.id}, {"why", bug.what()}});
    return Problem({Code::kInternal, "error.internal", {}, {}}, call.language, request.id);
  }
}

}  // namespace propolis::api
