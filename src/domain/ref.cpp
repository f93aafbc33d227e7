#include "domain/ref.h"

namespace propolis {

const dto::Type& Ref::Dto() {
  static const dto::Type type = dto::Object<Ref>("Ref", "A thing by id and name.")
                                    .Required("id", &Ref::id, "Its id.")
                                    .Required("name", &Ref::name, "Its name, for people.")
                                    .Done();
  return type;
}

std::optional<Ref> OptRef(const store::Row& row, int column) {
  const auto id = Uuid::FromBytes(row.Bytes(column));
  if (!id) {
    return std::nullopt;
  }
  return Ref{id->ToString(), row.String(column + 1)};
}

}  // namespace propolis
