#include "auth/cbor.h"

#include <cbor.h>

#include <cstdlib>

namespace propolis::auth::cbor {
namespace {

enum class Major : std::uint8_t { kUnsigned, kNegative, kBytes, kText, kArray, kMap, kTag, kSimple };

struct Head {
  Major major;
  std::uint64_t argument;
};

// Reads one head at `at` and moves past it.
std::optional<Head> ReadHead(std::string_view bytes, std::size_t& at) {
  if (at >= bytes.size()) {
    return std::nullopt;
  }
  const auto first = static_cast<std::uint8_t>(bytes[at++]);
  Head head{.major = static_cast<Major>(first >> 5U), .argument = first & 0x1FU};
  if (head.argument < 24) {
    return head;
  }
  if (head.argument > 27) {
    return std::nullopt;  // reserved, or of indefinite length
  }
  const std::size_t width = std::size_t{1} << (head.argument - 24);
  if (bytes.size() - at < width) {
    return std::nullopt;
  }
  head.argument = 0;
  for (std::size_t i = 0; i < width; ++i) {
    head.argument = (head.argument << 8U) | static_cast<std::uint8_t>(bytes[at++]);
  }
  return head;
}

// Moves past one item. Recursion is bounded by kDeepest, memory by nothing being kept.
bool Skip(std::string_view bytes, std::size_t& at, int depth) {
  const auto head = ReadHead(bytes, at);
  if (!head || depth > kDeepest) {
    return false;
  }
  const std::size_t left = bytes.size() - at;
  std::uint64_t children = 0;
  switch (head->major) {
    case Major::kUnsigned:
    case Major::kNegative:
    case Major::kSimple:
      return true;
    case Major::kBytes:
    case Major::kText:
      if (head->argument > left) {
        return false;
      }
      at += head->argument;
      return true;
    case Major::kArray:
      children = head->argument;
      break;
    case Major::kMap:
      // Each pair takes two bytes at least, so that doubling cannot overflow.
      if (head->argument > left / 2) {
        return false;
      }
      children = head->argument * 2;
      break;
    case Major::kTag:
      return false;
  }
  if (children > left) {
    return false;
  }
  for (std::uint64_t i = 0; i < children; ++i) {
    if (!Skip(bytes, at, depth + 1)) {
      return false;
    }
  }
  return true;
}

std::string_view TextOf(const cbor_item_t* item) {
  return {reinterpret_cast<const char*>(cbor_string_handle(item)), cbor_string_length(item)};
}

std::optional<std::int64_t> IntegerOf(const cbor_item_t* item) {
  if (!cbor_is_int(item)) {
    return std::nullopt;
  }
  const std::uint64_t value = cbor_get_int(item);
  if (value > static_cast<std::uint64_t>(INT64_MAX)) {
    return std::nullopt;
  }
  const auto number = static_cast<std::int64_t>(value);
  return cbor_isa_negint(item) ? -1 - number : number;
}

}  // namespace

std::optional<std::size_t> SizeOfFirst(std::string_view bytes) {
  std::size_t at = 0;
  if (bytes.size() > kMostBytes || !Skip(bytes, at, 0)) {
    return std::nullopt;
  }
  return at;
}

std::optional<Item> Item::Parse(std::string_view bytes) {
  if (SizeOfFirst(bytes) != bytes.size()) {
    return std::nullopt;
  }
  cbor_load_result result{};
  cbor_item_t* item = cbor_load(reinterpret_cast<cbor_data>(bytes.data()), bytes.size(), &result);
  if (item == nullptr) {
    return std::nullopt;
  }
  Owner root(item, [](cbor_item_t* held) { cbor_decref(&held); });
  return Item(std::move(root), item);
}

std::optional<std::string_view> Item::AsBytes() const {
  if (!cbor_isa_bytestring(item_)) {
    return std::nullopt;
  }
  return std::string_view(reinterpret_cast<const char*>(cbor_bytestring_handle(item_)), cbor_bytestring_length(item_));
}

std::optional<std::string_view> Item::AsText() const {
  return cbor_isa_string(item_) ? std::optional(TextOf(item_)) : std::nullopt;
}

std::optional<std::int64_t> Item::AsInteger() const { return IntegerOf(item_); }

bool Item::IsMap() const { return cbor_isa_map(item_); }

std::size_t Item::Size() const {
  if (cbor_isa_map(item_)) {
    return cbor_map_size(item_);
  }
  return cbor_isa_array(item_) ? cbor_array_size(item_) : 0;
}

template <class Matches>
std::optional<Item> Item::FindIf(const Matches& matches) const {
  std::optional<Item> found;
  for (std::size_t i = 0; IsMap() && i < cbor_map_size(item_); ++i) {
    const cbor_pair& pair = cbor_map_handle(item_)[i];
    if (!matches(pair.key)) {
      continue;
    }
    if (found) {
      return std::nullopt;  // a key twice: nobody can say which one counts
    }
    found = Item(root_, pair.value);
  }
  return found;
}

std::optional<Item> Item::Find(std::string_view key) const {
  return FindIf([&](const cbor_item_t* item) { return cbor_isa_string(item) && TextOf(item) == key; });
}

std::optional<Item> Item::Find(std::int64_t key) const {
  return FindIf([&](const cbor_item_t* item) { return IntegerOf(item) == key; });
}

std::optional<Item> Item::At(std::size_t index) const {
  if (!cbor_isa_array(item_) || index >= cbor_array_size(item_)) {
    return std::nullopt;
  }
  return Item(root_, cbor_array_handle(item_)[index]);
}

std::string Item::Encode() const {
  unsigned char* buffer = nullptr;
  std::size_t capacity = 0;
  const std::size_t size = cbor_serialize_alloc(item_, &buffer, &capacity);
  const std::unique_ptr<unsigned char, decltype(&std::free)> held(buffer, &std::free);
  return {reinterpret_cast<const char*>(buffer), size};
}

}  // namespace propolis::auth::cbor
