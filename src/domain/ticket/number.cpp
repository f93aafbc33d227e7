#include "domain/ticket/number.h"

#include <fmt/format.h>

#include "base/text.h"

namespace propolis::ticket {
namespace {

constexpr std::string_view kCheck = "TRWAGMYFPDXBNJZSQVHLCKE";
constexpr std::size_t kMostDigits = 15;

}  // namespace

std::string FormatNumber(std::int64_t number) {
  return fmt::format("PR-{}-{}", number, kCheck[static_cast<std::size_t>(number % 23)]);
}

std::optional<std::int64_t> ParseNumber(std::string_view text) {
  const std::string lower = text::AsciiLower(text::Trim(text));
  std::string_view rest = lower;
  if (rest.starts_with("pr-")) {
    rest.remove_prefix(3);
  }
  std::size_t digits = 0;
  std::int64_t number = 0;
  while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9' && digits <= kMostDigits) {
    number = number * 10 + (rest[digits] - '0');
    ++digits;
  }
  if (digits == 0 || digits > kMostDigits || number == 0) {
    return std::nullopt;
  }
  rest.remove_prefix(digits);
  if (rest.empty()) {
    return number;
  }
  const char check = text::AsciiLower(kCheck.substr(static_cast<std::size_t>(number % 23), 1)).front();
  if (rest.size() != 2 || rest[0] != '-' || rest[1] != check) {
    return std::nullopt;
  }
  return number;
}

}  // namespace propolis::ticket
