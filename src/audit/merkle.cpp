#include "audit/merkle.h"

#include <bit>
#include <cstring>

namespace propolis::audit {
namespace {

Hash HashOf(unsigned char kind, std::string_view first, std::string_view second) {
  crypto::Sha256Stream stream;
  const char prefix = static_cast<char>(kind);
  stream.Add({&prefix, 1});
  stream.Add(first);
  stream.Add(second);
  return stream.Finish();
}

// The subtrees of [begin, end), of a tree whose subtrees begin at multiples of their width.
void Cover(std::uint64_t begin, std::uint64_t end, Element& out) {
  while (begin < end) {
    const int by_place = begin == 0 ? 63 : std::countr_zero(begin);
    const int level = std::min(by_place, static_cast<int>(std::bit_width(end - begin)) - 1);
    out.push_back({level, begin >> level});
    begin += std::uint64_t{1} << level;
  }
}

// Where a tree of more than one leaf is split: the largest power of two below its size.
std::uint64_t SplitOf(std::uint64_t size) { return std::bit_floor(size - 1); }

}  // namespace

std::optional<Hash> HashFrom(std::string_view bytes) {
  Hash hash{};
  if (bytes.size() != hash.size()) {
    return std::nullopt;
  }
  std::memcpy(hash.data(), bytes.data(), hash.size());
  return hash;
}

Hash LeafHash(std::string_view entry) { return HashOf(0, entry, {}); }
Hash NodeHash(const Hash& left, const Hash& right) { return HashOf(1, Bytes(left), Bytes(right)); }
Hash EmptyRoot() { return crypto::Sha256({}); }

bool VerifyInclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof,
                     const Hash& root) {
  if (index >= size) {
    return false;
  }
  std::uint64_t fn = index;
  std::uint64_t sn = size - 1;
  Hash r = leaf;
  for (const Hash& p : proof) {
    if (sn == 0) {
      return false;
    }
    if ((fn & 1U) != 0 || fn == sn) {
      r = NodeHash(p, r);
      while ((fn & 1U) == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      r = NodeHash(r, p);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  return sn == 0 && r == root;
}

bool VerifyConsistency(std::uint64_t size1, const Hash& root1, std::uint64_t size2, const Hash& root2,
                       std::span<const Hash> proof) {
  if (size1 == 0 || size1 > size2) {
    return false;
  }
  if (size1 == size2) {
    return proof.empty() && root1 == root2;
  }
  std::vector<Hash> path(proof.begin(), proof.end());
  if (path.empty()) {
    return false;
  }
  if (std::has_single_bit(size1)) {
    path.insert(path.begin(), root1);
  }
  std::uint64_t fn = size1 - 1;
  std::uint64_t sn = size2 - 1;
  while ((fn & 1U) != 0) {
    fn >>= 1U;
    sn >>= 1U;
  }
  Hash fr = path.front();
  Hash sr = path.front();
  for (const Hash& c : std::span(path).subspan(1)) {
    if (sn == 0) {
      return false;
    }
    if ((fn & 1U) != 0 || fn == sn) {
      fr = NodeHash(c, fr);
      sr = NodeHash(c, sr);
      while ((fn & 1U) == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      sr = NodeHash(sr, c);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  return sn == 0 && fr == root1 && sr == root2;
}

std::vector<NodeId> Peaks(std::uint64_t size) {
  Element peaks;
  Cover(0, size, peaks);
  return peaks;
}

Hash RootOf(std::span<const Hash> peaks) {
  if (peaks.empty()) {
    return EmptyRoot();
  }
  Hash root = peaks.back();
  for (std::size_t i = peaks.size() - 1; i-- > 0;) {
    root = NodeHash(peaks[i], root);
  }
  return root;
}

std::vector<Growing::Completed> Growing::Add(const Hash& leaf) {
  std::vector<Completed> completed = {{{0, size_}, leaf}};
  // As often as the number so far ends in a one there is a peak of the same width to join with.
  for (std::uint64_t n = size_; (n & 1U) != 0; n >>= 1U) {
    const Completed& last = completed.back();
    completed.push_back({{last.id.level + 1, last.id.index >> 1U}, NodeHash(peaks_.back(), last.hash)});
    peaks_.pop_back();
  }
  peaks_.push_back(completed.back().hash);
  ++size_;
  return completed;
}

Result<std::vector<Element>> InclusionElements(std::uint64_t index, std::uint64_t size) {
  if (index >= size) {
    return FailField("index", "field.out_of_range", {{"min", "0"}, {"max", std::to_string(size)}});
  }
  std::vector<Element> elements;
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  while (end - begin > 1) {
    const std::uint64_t middle = begin + SplitOf(end - begin);
    Element other;
    if (index < middle) {
      Cover(middle, end, other);
      end = middle;
    } else {
      Cover(begin, middle, other);
      begin = middle;
    }
    elements.insert(elements.begin(), std::move(other));
  }
  return elements;
}

Result<std::vector<Element>> ConsistencyElements(std::uint64_t size1, std::uint64_t size2) {
  if (size1 == 0 || size1 > size2) {
    return FailField("size1", "field.out_of_range", {{"min", "1"}, {"max", std::to_string(size2)}});
  }
  std::vector<Element> elements;
  std::uint64_t begin = 0;
  std::uint64_t end = size2;
  bool known = true;  // the subtree looked at is all that its verifier knows of the first tree
  while (size1 != end) {
    const std::uint64_t middle = begin + SplitOf(end - begin);
    Element other;
    if (size1 <= middle) {
      Cover(middle, end, other);
      end = middle;
    } else {
      Cover(begin, middle, other);
      begin = middle;
      known = false;
    }
    elements.insert(elements.begin(), std::move(other));
  }
  if (!known) {
    Element rest;
    Cover(begin, end, rest);
    elements.insert(elements.begin(), std::move(rest));
  }
  return elements;
}

}  // namespace propolis::audit
