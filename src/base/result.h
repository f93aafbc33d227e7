// Result<T>: a value or an Error. Expected failures are values; exceptions are for bugs and exhaustion only.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace propolis {

// The kinds of failure a caller can act on. Mapped once to HTTP in src/api/problem.cpp and to exit codes in src/app.
enum class Code {
  kInvalid,          // the request is malformed or breaks a rule; `fields` says where
  kUnauthenticated,  // nobody is signed in, or the credentials are wrong
  kForbidden,        // signed in, but not allowed
  kNotFound,         // no such thing, or not visible to the actor
  kConflict,         // the state of the thing does not allow it
  kStaleVersion,     // somebody else changed it since it was read (If-Match)
  kRateLimited,
  kTooLarge,
  kUnsupported,  // media type, encoding, algorithm
  kUnavailable,  // store or queue full or down: try again later
  kTimeout,
  kInternal,
};

// A named value for the placeholders of a message.
struct Arg {
  std::string name;
  std::string value;
};

// One wrong field. `field` is a JSON pointer-like path: "requester/email". `message` is a catalogue id.
struct FieldError {
  std::string field;
  std::string message;
  std::vector<Arg> args;
};

// What went wrong. `message` is an id of the message catalogue (locales/*.json), translated only at the edge.
struct Error {
  Code code = Code::kInternal;
  std::string message;
  std::vector<Arg> args;
  std::vector<FieldError> fields;
};

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline std::unexpected<Error> Fail(Code code, std::string message, std::vector<Arg> args = {}) {
  return std::unexpected(Error{code, std::move(message), std::move(args), {}});
}

// One wrong field, as a whole error.
[[nodiscard]] inline std::unexpected<Error> FailField(std::string field, std::string message,
                                                      std::vector<Arg> args = {}) {
  return std::unexpected(
      Error{Code::kInvalid, "error.invalid", {}, {FieldError{std::move(field), std::move(message), std::move(args)}}});
}

// The catalogue-independent name of a code: "not_found".
std::string_view CodeName(Code code);

// For logs only, never for people: code, message id, arguments, fields.
std::string Describe(const Error& error);

}  // namespace propolis

// TRY(expr): the value of a Result, or return its error from the enclosing function.
#define TRY(expr)                                             \
  __extension__({                                             \
    auto&& try_result_ = (expr);                              \
    if (!try_result_) [[unlikely]] {                          \
      return std::unexpected(std::move(try_result_).error()); \
    }                                                         \
    std::move(try_result_).value();                           \
  })
