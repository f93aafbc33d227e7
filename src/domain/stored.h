// Lists and described structs as JSON text in a column, and the checks that every changing command shares.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dto.h"
#include "base/result.h"
#include "store/store.h"

namespace propolis::stored {

template <class T>
std::string ToJson(const T& value) {
  json::Writer writer;
  dto::Codec<T>::Write(writer, value);
  return writer.Take();
}

// What ToJson wrote. Throws EngineFailure when the column holds anything else: that is a damaged store.
template <class T>
T FromJson(std::string_view text) {
  const auto document = json::Document::Parse(text);
  T value{};
  dto::Problems problems;
  if (document) {
    dto::Codec<T>::Read(document->Root(), value, "", dto::Rules{}, problems);
  }
  if (!document || !problems.fields.empty()) {
    throw store::EngineFailure("a JSON column cannot be read");
  }
  return value;
}

// The version that a changed row gets. Error: kStaleVersion when the caller has seen another one.
inline Result<std::int64_t> NextVersion(std::int64_t current, std::optional<std::int64_t> if_version) {
  if (if_version && *if_version != current) {
    return Fail(Code::kStaleVersion, "error.stale_version");
  }
  return current + 1;
}

// The given ids that no row of `exists` ("SELECT 1 FROM ... WHERE id = $1") answers for, as field errors "<field>/<n>".
template <class IdType>
Status CheckReferences(store::ReadTx& tx, std::string_view exists, const std::vector<IdType>& ids,
                       std::string_view field) {
  Error error{Code::kInvalid, "error.invalid", {}, {}};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!tx.One(exists, [](const store::Row&) { return true; }, ids[i])) {
      error.fields.push_back({std::string(field) + "/" + std::to_string(i), "field.not_found", {}});
    }
  }
  if (!error.fields.empty()) {
    return std::unexpected(std::move(error));
  }
  return {};
}

template <class IdType>
Status CheckReference(store::ReadTx& tx, std::string_view exists, const IdType& id, std::string_view field) {
  if (!tx.One(exists, [](const store::Row&) { return true; }, id)) {
    return FailField(std::string(field), "field.not_found");
  }
  return {};
}

// Removes repeated values, keeping the first of each.
template <class T>
void KeepFirsts(std::vector<T>& values) {
  std::vector<T> firsts;
  for (auto& value : values) {
    if (std::ranges::find(firsts, value) == firsts.end()) {
      firsts.push_back(std::move(value));
    }
  }
  values = std::move(firsts);
}

}  // namespace propolis::stored
