#include "audit/merkle.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "base/base64.h"
#include "base/corpora_test_support.h"
#include "base/json.h"

namespace propolis::audit {
namespace {

// The definition itself (RFC 9162 section 2.1.1).
Hash Defined(std::span<const Hash> leaves) {
  if (leaves.empty()) {
    return EmptyRoot();
  }
  if (leaves.size() == 1) {
    return leaves[0];
  }
  std::size_t split = 1;
  while (split * 2 < leaves.size()) {
    split *= 2;
  }
  return NodeHash(Defined(leaves.first(split)), Defined(leaves.subspan(split)));
}

class Grown : public testing::Test {
 protected:
  void SetUp() override {
    Growing tree;
    for (std::uint64_t i = 0; i < kMost; ++i) {
      leaves_.push_back(LeafHash("entry " + std::to_string(i)));
      for (const auto& done : tree.Add(leaves_.back())) {
        nodes_[done.id] = done.hash;
      }
      roots_.push_back(tree.Root());
    }
  }
  Hash RootAt(std::uint64_t size) { return roots_[size - 1]; }
  std::vector<Hash> Proof(const Result<std::vector<Element>>& elements) {
    std::vector<Hash> proof;
    for (const Element& element : elements.value()) {
      std::vector<Hash> peaks;
      for (const NodeId& id : element) {
        peaks.push_back(nodes_.at(id));
      }
      proof.push_back(RootOf(peaks));
    }
    return proof;
  }

  static constexpr std::uint64_t kMost = 70;
  std::vector<Hash> leaves_;
  std::vector<Hash> roots_;
  std::map<NodeId, Hash> nodes_;
};

TEST(Merkle, AnEmptyTreeHasTheRootOfTheRfc) {
  EXPECT_EQ(crypto::Hex(EmptyRoot()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Growing().Root(), EmptyRoot());
}

TEST_F(Grown, HasTheDefinedRootAtEverySize) {
  for (std::uint64_t size = 1; size <= kMost; ++size) {
    EXPECT_EQ(RootAt(size), Defined(std::span(leaves_).first(size))) << size;
  }
}

TEST_F(Grown, GoesOnFromItsPeaks) {
  for (std::uint64_t size = 1; size < kMost; ++size) {
    std::vector<Hash> peaks;
    for (const NodeId& id : Peaks(size)) {
      peaks.push_back(nodes_.at(id));
    }
    Growing tree(size, peaks);
    EXPECT_EQ(tree.Root(), RootAt(size));
    tree.Add(leaves_[size]);
    EXPECT_EQ(tree.Root(), RootAt(size + 1));
  }
}

TEST_F(Grown, ProvesEveryLeafAndNoOther) {
  for (std::uint64_t size = 1; size <= kMost; ++size) {
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto proof = Proof(InclusionElements(i, size));
      EXPECT_TRUE(VerifyInclusion(leaves_[i], i, size, proof, RootAt(size))) << i << " of " << size;
      EXPECT_FALSE(VerifyInclusion(LeafHash("another"), i, size, proof, RootAt(size)));
      EXPECT_FALSE(VerifyInclusion(leaves_[i], (i + 1) % (size + 1), size, proof, RootAt(size)));
    }
  }
  EXPECT_FALSE(InclusionElements(3, 3));
}

TEST_F(Grown, ProvesThatItOnlyGrew) {
  for (std::uint64_t size2 = 1; size2 <= kMost; ++size2) {
    for (std::uint64_t size1 = 1; size1 <= size2; ++size1) {
      const auto proof = Proof(ConsistencyElements(size1, size2));
      EXPECT_TRUE(VerifyConsistency(size1, RootAt(size1), size2, RootAt(size2), proof)) << size1 << " " << size2;
      EXPECT_FALSE(VerifyConsistency(size1, LeafHash("forged"), size2, RootAt(size2), proof));
      EXPECT_FALSE(VerifyConsistency(size1, RootAt(size1), size2, LeafHash("forged"), proof));
    }
  }
  EXPECT_FALSE(ConsistencyElements(0, 3));
  EXPECT_FALSE(ConsistencyElements(4, 3));
}

std::optional<Hash> HashIn(const json::View& object, std::string_view name) {
  const auto member = object.Find(name);
  const auto bytes = member && member->AsString() ? text::Base64Decode(*member->AsString()) : std::nullopt;
  Hash hash;
  if (!bytes || bytes->size() != hash.size()) {
    return std::nullopt;
  }
  std::memcpy(hash.data(), bytes->data(), hash.size());
  return hash;
}

bool Verifies(const json::View& row) {
  const auto number = [&](std::string_view name) {
    return static_cast<std::uint64_t>(row.Find(name)->AsInteger().value_or(0));
  };
  std::vector<Hash> proof;
  const auto list = row.Find("proof");
  for (std::size_t i = 0; list && list->kind() == json::Kind::kArray && i < list->Size(); ++i) {
    const auto bytes = text::Base64Decode(list->At(i).AsString().value_or(""));
    if (!bytes || bytes->size() != sizeof(Hash)) {
      return false;
    }
    std::memcpy(proof.emplace_back().data(), bytes->data(), sizeof(Hash));
  }
  if (row.Find("leafHash")) {
    const auto leaf = HashIn(row, "leafHash");
    const auto root = HashIn(row, "root");
    return leaf && root && VerifyInclusion(*leaf, number("leafIdx"), number("treeSize"), proof, *root);
  }
  const auto root1 = HashIn(row, "root1");
  const auto root2 = HashIn(row, "root2");
  return root1 && root2 && VerifyConsistency(number("size1"), *root1, number("size2"), *root2, proof);
}

TEST(MerkleCorpus, EveryProofIsJudgedAsItsAuthorsJudgeIt) {
  const auto folder = Corpora("crypto");
  if (!folder) {
    GTEST_SKIP() << "the corpora are not here";
  }
  std::ifstream file(*folder / "merkle_proofs.jsonl");
  int cases = 0;
  for (std::string line; std::getline(file, line); ++cases) {
    const auto document = json::Document::Parse(line);
    ASSERT_TRUE(document);
    const bool wanted = !document->Root().Find("wantErr")->AsBool().value_or(true);
    EXPECT_EQ(Verifies(document->Root()), wanted) << line;
  }
  EXPECT_GT(cases, 0);
}

}  // namespace
}  // namespace propolis::audit
