// Technologies: a tree of domain / vendor / product that tickets, skills and organisations point into.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/dto.h"
#include "base/ids.h"

namespace propolis::people {

enum class TechnologyLevel { kDomain, kVendor, kProduct };

struct Technology {
  TechnologyId id;
  std::optional<TechnologyId> parent_id;
  std::string name;
  std::string path;  // "Network security / Basalt / Edge 400"
  TechnologyLevel level = TechnologyLevel::kDomain;
  std::vector<std::string> keywords;
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

struct NewTechnology {
  std::string name;
  std::optional<TechnologyId> parent_id;
  std::optional<TechnologyLevel> level;  // left out: one below the parent's
  std::vector<std::string> keywords;
  static const dto::Type& Dto();
};

struct TechnologyChange {
  std::optional<std::string> name;
  std::optional<std::vector<std::string>> keywords;
  static const dto::Type& Dto();
};

constexpr std::string_view kPathSeparator = " / ";

}  // namespace propolis::people

template <>
struct propolis::Names<propolis::people::TechnologyLevel> {
  using L = propolis::people::TechnologyLevel;
  static constexpr std::array kTable = {std::pair{L::kDomain, std::string_view("domain")},
                                        std::pair{L::kVendor, std::string_view("vendor")},
                                        std::pair{L::kProduct, std::string_view("product")}};
};
