// A thing by id and name, as answers refer to it.
#pragma once

#include <optional>
#include <string>

#include "base/dto.h"
#include "store/store.h"

namespace propolis {

struct Ref {
  std::string id;  // UUID
  std::string name;
  static const dto::Type& Dto();
};

// Columns `column` (id) and `column + 1` (name); nullopt when the id is NULL.
std::optional<Ref> OptRef(const store::Row& row, int column);

}  // namespace propolis
