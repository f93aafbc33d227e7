// CBOR (RFC 8949) from outside, as authenticators write it (CTAP2 canonical form): a guard that bounds what libcbor is
// given, and a look at what it read. Definite lengths only, no tags; nested at most kDeepest levels; no key twice.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct cbor_item_t;

namespace propolis::auth::cbor {

constexpr std::size_t kMostBytes = 64 * 1024;
constexpr int kDeepest = 8;

// How many bytes the first item of `bytes` takes. nullopt: not well-formed, cut off, or beyond the limits.
std::optional<std::size_t> SizeOfFirst(std::string_view bytes);

class Item {
 public:
  // `bytes` is one item and nothing after it.
  static std::optional<Item> Parse(std::string_view bytes);

  // nullopt when the item is of another kind.
  [[nodiscard]] std::optional<std::string_view> AsBytes() const;
  [[nodiscard]] std::optional<std::string_view> AsText() const;
  [[nodiscard]] std::optional<std::int64_t> AsInteger() const;
  [[nodiscard]] bool IsMap() const;
  [[nodiscard]] std::size_t Size() const;  // of a map or list; 0 for everything else

  // A member of a map, by its key.
  [[nodiscard]] std::optional<Item> Find(std::string_view key) const;
  [[nodiscard]] std::optional<Item> Find(std::int64_t key) const;
  // A member of a list.
  [[nodiscard]] std::optional<Item> At(std::size_t index) const;

  [[nodiscard]] std::string Encode() const;

 private:
  using Owner = std::shared_ptr<cbor_item_t>;
  Item(Owner root, cbor_item_t* item) : root_(std::move(root)), item_(item) {}
  template <class Matches>
  [[nodiscard]] std::optional<Item> FindIf(const Matches& matches) const;

  Owner root_;
  cbor_item_t* item_;
};

}  // namespace propolis::auth::cbor
