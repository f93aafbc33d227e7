// The Merkle tree of the audit log: hashes, roots and proofs as RFC 9162 section 2.1 (RFC 6962 section 2.1) has them.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/result.h"

namespace propolis::audit {

using Hash = crypto::Digest;

// Borrowed: live as long as the hash.
inline std::string_view Bytes(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }
// nullopt unless there are as many as a hash has.
std::optional<Hash> HashFrom(std::string_view bytes);

Hash LeafHash(std::string_view entry);
Hash NodeHash(const Hash& left, const Hash& right);
// The root of a tree without leaves.
Hash EmptyRoot();

// Whether `leaf` is the leaf number `index` (from 0) of the tree of `size` leaves with that root (RFC 9162 2.1.3.2).
bool VerifyInclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof,
                     const Hash& root);
// Whether the tree of `size2` leaves begins with all of the tree of `size1`, which is not empty (RFC 9162 2.1.4.2).
bool VerifyConsistency(std::uint64_t size1, const Hash& root1, std::uint64_t size2, const Hash& root2,
                       std::span<const Hash> proof);

// A complete subtree: `level` 0 is the leaves; it covers the leaves [index << level, (index + 1) << level).
struct NodeId {
  int level = 0;
  std::uint64_t index = 0;
  auto operator<=>(const NodeId&) const = default;
};

// The complete subtrees of a tree of `size` leaves, the largest first: its root is made of them.
std::vector<NodeId> Peaks(std::uint64_t size);
// The root from their hashes, in that order.
Hash RootOf(std::span<const Hash> peaks);

// A tree that only grows. Keeps its peaks, nothing else.
class Growing {
 public:
  Growing() = default;
  // As it stood at `size`, with its peaks' hashes. Undefined when their number is wrong.
  Growing(std::uint64_t size, std::vector<Hash> peaks) : size_(size), peaks_(std::move(peaks)) {}

  struct Completed {
    NodeId id;
    Hash hash;
  };
  // Adds a leaf; answers the subtrees that it completed, from the leaf upwards.
  std::vector<Completed> Add(const Hash& leaf);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Hash Root() const { return RootOf(peaks_); }
  [[nodiscard]] const std::vector<Hash>& peaks() const { return peaks_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> peaks_;
};

// What a proof is made of, for whoever keeps the complete subtrees: of each element the subtrees whose combined root it
// is (one when it is complete itself). Errors: kInvalid when the numbers make no sense.
using Element = std::vector<NodeId>;
Result<std::vector<Element>> InclusionElements(std::uint64_t index, std::uint64_t size);
Result<std::vector<Element>> ConsistencyElements(std::uint64_t size1, std::uint64_t size2);

}  // namespace propolis::audit
