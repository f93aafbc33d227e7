#include "api/resource.h"
#include "auth/step_up.h"
#include "base/i18n.h"
#include "base/log.h"

namespace propolis::api {

int HttpStatus(Code code) {
  switch (code) {
    case Code::kInvalid:
      return 422;
    case Code::kUnauthenticated:
      return 401;
    case Code::kForbidden:
      return 403;
    case Code::kNotFound:
      return 404;
    case Code::kConflict:
      return 409;
    case Code::kStaleVersion:
      return 412;
    case Code::kRateLimited:
      return 429;
    case Code::kTooLarge:
      return 413;
    case Code::kUnsupported:
      return 415;
    case Code::kUnavailable:
      return 503;
    case Code::kTimeout:
      return 504;
    case Code::kInternal:
      return 500;
  }
  return 500;
}

namespace {

net::Response Document(int status, std::string_view code, const std::string& detail,
                       const std::vector<FieldError>& fields, Language language, std::string_view request_id) {
  json::Writer writer;
  writer.BeginObject()
      .Field("type", "https://propolis.example/problems/" + std::string(code))
      .Field("title", net::ReasonPhrase(status))
      .Field("status", status)
      .Field("detail", detail)
      .Field("code", code)
      .Field("request_id", request_id);
  if (!fields.empty()) {
    writer.Key("errors").BeginArray();
    for (const FieldError& field : fields) {
      writer.BeginObject()
          .Field("field", field.field)
          .Field("message", i18n::Translate(language, field.message, field.args))
          .EndObject();
    }
    writer.EndArray();
  }
  writer.EndObject();
  net::Response response = net::Response::Json(status, writer.Take());
  response.With("Content-Type", "application/problem+json").With("Cache-Control", "no-store");
  response.With("Content-Language", NameOf(language));
  return response;
}

}  // namespace

net::Response Problem(const Error& error, Language language, std::string_view request_id) {
  const int status = HttpStatus(error.code);
  const bool of_the_inside = error.message == "store.constraint";
  if (of_the_inside) {
    log::Warning("store.constraint",
                 {{"request", request_id}, {"why", i18n::Translate(Language::kEn, error.message, error.args)}});
  }
  const std::string detail = of_the_inside ? i18n::Translate(language, "error.conflict")
                                           : i18n::Translate(language, error.message, error.args);
  // One that a program can do something about: step up, and ask again.
  const std::string_view code = error.message == auth::kStepUpNeeded ? "step_up_needed" : CodeName(error.code);
  net::Response response = Document(status, code, detail, error.fields, language, request_id);
  if (error.code == Code::kUnavailable) {
    response.With("Retry-After", "1");
  }
  if (error.code == Code::kRateLimited) {
    for (const Arg& arg : error.args) {
      if (arg.name == "seconds") {
        response.With("Retry-After", arg.value);
      }
    }
  }
  return response;
}

std::string PlainText(const Error& error, Language language) {
  std::string text = i18n::Translate(language, error.message, error.args);
  for (const FieldError& field : error.fields) {
    text += " " + field.field + ": " + i18n::Translate(language, field.message, field.args);
  }
  return text;
}

net::Response ProtocolProblem(const net::ProtocolError& error, const net::Request& request) {
  const Language language = i18n::Negotiate(request.headers.Find("Accept-Language").value_or(""));
  return Document(error.status, "http_" + std::to_string(error.status),
                  i18n::Translate(language, error.message, error.args), {}, language, request.id);
}

}  // namespace propolis::api
