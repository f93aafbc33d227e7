// audit.*: proofs over the audit log's tree.
#include "app/try/rules.h"
#include "audit/merkle.h"
#include "base/base64.h"

namespace propolis::app {
namespace {

constexpr std::size_t kMostProof = 64;  // hashes: one a level

std::optional<audit::Hash> ToHash(std::string_view base64) {
  const auto bytes = text::Base64Decode(base64);
  return bytes ? audit::HashFrom(*bytes) : std::nullopt;
}

std::optional<std::vector<audit::Hash>> ToHashes(const std::optional<std::vector<std::string>>& list) {
  std::vector<audit::Hash> hashes;
  for (const std::string& each : list.value_or(std::vector<std::string>())) {
    const auto hash = ToHash(each);
    if (!hash) {
      return std::nullopt;
    }
    hashes.push_back(*hash);
  }
  return hashes;
}

struct Verdict {
  bool valid = false;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<Verdict>("AuditVerdict", "")
                                      .Required("valid", &Verdict::valid, "Whether the proof proves it.")
                                      .Done();
    return type;
  }
};

struct InclusionInput {
  std::string leaf;
  std::int64_t index = 0;
  std::int64_t size = 0;
  std::optional<std::vector<std::string>> proof;
  std::string root;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<InclusionInput>("AuditInclusionInput", "Hashes in base64.")
            .Required("leaf", &InclusionInput::leaf, "The leaf's hash.", dto::Text(0, 200))
            .Required("index", &InclusionInput::index, "Its place, from 0.", dto::Range(0, INT64_MAX))
            .Required("size", &InclusionInput::size, "How many leaves the tree has.", dto::Range(0, INT64_MAX))
            .Optional("proof", &InclusionInput::proof, "From the leaf's sibling up.", dto::Items(0, kMostProof))
            .Required("root", &InclusionInput::root, "The tree's root.", dto::Text(0, 200))
            .Done();
    return type;
  }
};
Result<Verdict> Inclusion(const InclusionInput& input) {
  const auto leaf = ToHash(input.leaf);
  const auto root = ToHash(input.root);
  const auto proof = ToHashes(input.proof);
  return Verdict{leaf && root && proof &&
                 audit::VerifyInclusion(*leaf, static_cast<std::uint64_t>(input.index),
                                        static_cast<std::uint64_t>(input.size), *proof, *root)};
}

struct ConsistencyInput {
  std::int64_t size1 = 0;
  std::string root1;
  std::int64_t size2 = 0;
  std::string root2;
  std::optional<std::vector<std::string>> proof;
  static const dto::Type& Dto() {
    using T = ConsistencyInput;
    static const dto::Type type =
        dto::Object<T>("AuditConsistencyInput", "Hashes in base64.")
            .Required("size1", &T::size1, "Leaves of the earlier tree.", dto::Range(0, INT64_MAX))
            .Required("root1", &T::root1, "Its root.", dto::Text(0, 200))
            .Required("size2", &T::size2, "Leaves of the later tree.", dto::Range(0, INT64_MAX))
            .Required("root2", &T::root2, "Its root.", dto::Text(0, 200))
            .Optional("proof", &T::proof, "The hashes that lead from one to the other.", dto::Items(0, kMostProof))
            .Done();
    return type;
  }
};
Result<Verdict> Consistency(const ConsistencyInput& input) {
  const auto root1 = ToHash(input.root1);
  const auto root2 = ToHash(input.root2);
  const auto proof = ToHashes(input.proof);
  return Verdict{root1 && root2 && proof &&
                 audit::VerifyConsistency(static_cast<std::uint64_t>(input.size1), *root1,
                                          static_cast<std::uint64_t>(input.size2), *root2, *proof)};
}

}  // namespace

std::vector<Rule> AuditRules() {
  constexpr std::string_view kHash = "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=";
  return {
      MakeRule("audit.inclusion", "Whether an entry is in the audit log's tree.",
               fmt::format(R"({{"leaf":"{0}","index":0,"size":1,"proof":[],"root":"{0}"}})", kHash), Inclusion),
      MakeRule("audit.consistency", "Whether the audit log only grew.",
               fmt::format(R"({{"size1":1,"root1":"{0}","size2":1,"root2":"{0}","proof":[]}})", kHash), Consistency)};
}

}  // namespace propolis::app
