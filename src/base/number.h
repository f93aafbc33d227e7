// Numbers in texts from outside.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>

namespace propolis::text {

// The whole text as one decimal number: a minus and digits, nothing before, between or after. nullopt when it is
// anything else or does not fit into T.
template <std::integral T>
std::optional<T> ParseNumber(std::string_view text) {
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// The same with a plus before it allowed, as rules of calendars write it.
template <std::integral T>
std::optional<T> ParseSigned(std::string_view text) {
  return ParseNumber<T>(text.starts_with('+') ? text.substr(1) : text);
}

}  // namespace propolis::text
