// Names of enumerators: one table for API, store and logs. Specialise Names<E> with `kTable`.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace propolis {

template <class E>
struct Names;  // struct Names<E> { static constexpr std::array kTable = {std::pair{E::kA, std::string_view("a")}, ...};
               // };

template <class E>
concept Named = requires { Names<E>::kTable; };

template <Named E>
constexpr std::string_view NameOf(E value) {
  for (const auto& [candidate, name] : Names<E>::kTable) {
    if (candidate == value) {
      return name;
    }
  }
  return "";
}

template <Named E>
constexpr std::optional<E> FromName(std::string_view text) {
  for (const auto& [candidate, name] : Names<E>::kTable) {
    if (name == text) {
      return candidate;
    }
  }
  return std::nullopt;
}

}  // namespace propolis
