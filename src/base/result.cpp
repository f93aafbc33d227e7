#include "base/result.h"

#include <fmt/format.h>

namespace propolis {

std::string_view CodeName(Code code) {
  switch (code) {
    case Code::kInvalid:
      return "invalid";
    case Code::kUnauthenticated:
      return "unauthenticated";
    case Code::kForbidden:
      return "forbidden";
    case Code::kNotFound:
      return "not_found";
    case Code::kConflict:
      return "conflict";
    case Code::kStaleVersion:
      return "stale_version";
    case Code::kRateLimited:
      return "rate_limited";
    case Code::kTooLarge:
      return "too_large";
    case Code::kUnsupported:
      return "unsupported";
    case Code::kUnavailable:
      return "unavailable";
    case Code::kTimeout:
      return "timeout";
    case Code::kInternal:
      return "internal";
  }
  return "internal";
}

std::string Describe(const Error& error) {
  std::string text = fmt::format("{}: {}", CodeName(error.code), error.message);
  for (const Arg& arg : error.args) {
    text += fmt::format(" {}={}", arg.name, arg.value);
  }
  for (const FieldError& field : error.fields) {
    text += fmt::format(" [{}: {}]", field.field, field.message);
  }
  return text;
}

}  // namespace propolis
