#include "audit/tree.h"

#include <fmt/format.h>

#include <map>

#include "base/base64.h"
#include "base/json.h"
#include "base/text.h"

namespace propolis::audit {
namespace {

constexpr std::string_view kEntries =
    "SELECT seq, at, actor_kind, actor, actor_name, act, outcome, ticket, subject, details FROM audit "
    "WHERE seq > $1 ORDER BY seq LIMIT $2";
constexpr std::string_view kTree = "SELECT size, last_seq, peaks FROM audit_tree WHERE one = 1";
constexpr std::string_view kSaveTree =
    "INSERT INTO audit_tree (one, size, last_seq, peaks) VALUES (1, $1, $2, $3) "
    "ON CONFLICT (one) DO UPDATE SET size = excluded.size, last_seq = excluded.last_seq, peaks = excluded.peaks";
constexpr std::string_view kSaveNode = "INSERT INTO audit_node (level, position, hash) VALUES ($1, $2, $3)";
constexpr std::string_view kNodes = "SELECT level, position, hash FROM audit_node";
constexpr std::string_view kNode = "SELECT hash FROM audit_node WHERE level = $1 AND position = $2";
constexpr std::string_view kNewest = "SELECT size, note FROM audit_checkpoint ORDER BY size DESC LIMIT 1";
constexpr std::string_view kCheckpoints = "SELECT size, note FROM audit_checkpoint ORDER BY size";
// Of each minute the newest is enough: whoever holds an older one can still be shown that it is a beginning.
constexpr std::string_view kForgetMinute = "DELETE FROM audit_checkpoint WHERE at >= $1";
constexpr std::string_view kSaveCheckpoint = "INSERT INTO audit_checkpoint (size, at, note) VALUES ($1, $2, $3)";

constexpr std::string_view kAddCosignature = "UPDATE audit_checkpoint SET note = note || $2 WHERE size = $1";

constexpr int kKeptLevel = 8;  // subtrees of fewer than 256 entries are made from the entries
constexpr std::int64_t kAll = INT64_MAX;

std::string LineOf(const store::Row& row) {
  json::Writer line;
  line.BeginObject()
      .Field("seq", row.Int(0))
      .Field("at", FormatTime(row.Time(1)))
      .Field("actor_kind", row.Text(2))
      .Field("actor", row.IsNull(3) ? std::string() : text::HexEncode(row.Bytes(3)))
      .Field("actor_name", row.Text(4))
      .Field("act", row.Text(5))
      .Field("outcome", row.Text(6))
      .Field("ticket", row.Int(7))
      .Field("subject", row.Text(8))
      .Field("details", row.Text(9))
      .EndObject();
  return line.Take();
}

Hash ToHash(std::string_view bytes) {
  const auto hash = HashFrom(bytes);
  if (!hash) {
    throw store::EngineFailure("a hash of the audit log has the wrong length");
  }
  return *hash;
}

struct State {
  std::int64_t last_seq = 0;
  Growing tree;
};

State Load(store::ReadTx& tx) {
  return tx
      .One(kTree,
           [](const store::Row& row) {
             std::vector<Hash> peaks;
             const std::string_view bytes = row.Bytes(2);
             for (std::size_t at = 0; at + sizeof(Hash) <= bytes.size(); at += sizeof(Hash)) {
               peaks.push_back(ToHash(bytes.substr(at, sizeof(Hash))));
             }
             return State{row.Int(1), Growing(static_cast<std::uint64_t>(row.Int(0)), std::move(peaks))};
           })
      .value_or(State{});
}

// The hash of a complete subtree: kept, or made from its entries. Entry numbers follow each other, because none is ever
// taken away.
Hash NodeAt(store::ReadTx& tx, const NodeId& id) {
  if (id.level >= kKeptLevel) {
    const auto kept = tx.One(
        kNode, [](const store::Row& row) { return ToHash(row.Bytes(0)); }, id.level,
        static_cast<std::int64_t>(id.index));
    return kept.value_or(Hash{});
  }
  const std::uint64_t width = std::uint64_t{1} << id.level;
  Growing tree;
  tx.ForEach(
      kEntries,
      [&](const store::Row& row) {
        tree.Add(LeafHash(LineOf(row)));
        return true;
      },
      static_cast<std::int64_t>(id.index * width), static_cast<std::int64_t>(width));
  return tree.Root();
}

std::vector<Hash> HashesOf(store::ReadTx& tx, const std::vector<Element>& elements) {
  std::vector<Hash> hashes;
  for (const Element& element : elements) {
    std::vector<Hash> peaks;
    for (const NodeId& id : element) {
      peaks.push_back(NodeAt(tx, id));
    }
    hashes.push_back(RootOf(peaks));
  }
  return hashes;
}

std::string NameOfCheckpoint(std::uint64_t size) { return fmt::format("the checkpoint of {} entries", size); }

}  // namespace

std::int64_t Extend(store::WriteTx& tx, std::int64_t most) {
  State state = Load(tx);
  std::vector<Growing::Completed> kept;
  std::int64_t taken = 0;
  tx.ForEach(
      kEntries,
      [&](const store::Row& row) {
        for (const auto& done : state.tree.Add(LeafHash(LineOf(row)))) {
          if (done.id.level >= kKeptLevel) {
            kept.push_back(done);
          }
        }
        state.last_seq = row.Int(0);
        ++taken;
        return true;
      },
      state.last_seq, most);
  if (taken == 0) {
    return 0;
  }
  for (const auto& node : kept) {
    tx.Exec(kSaveNode, node.id.level, static_cast<std::int64_t>(node.id.index), store::Blob{Bytes(node.hash)});
  }
  std::string peaks;
  for (const Hash& hash : state.tree.peaks()) {
    peaks += Bytes(hash);
  }
  tx.Exec(kSaveTree, static_cast<std::int64_t>(state.tree.size()), state.last_seq, store::Blob{peaks});
  return taken;
}

void Sign(store::WriteTx& tx, const SigningKey& key) {
  const State state = Load(tx);
  const auto newest = tx.One(kNewest, [](const store::Row& row) { return row.Int(0); }).value_or(0);
  const auto size = static_cast<std::int64_t>(state.tree.size());
  if (size <= newest) {
    return;
  }
  const Time minute = std::chrono::floor<std::chrono::minutes>(tx.Now());
  tx.Exec(kForgetMinute, minute);
  tx.Exec(kSaveCheckpoint, size, tx.Now(), WriteCheckpoint({state.tree.size(), state.tree.Root()}, key));
}

std::string NewestCheckpoint(store::ReadTx& tx) {
  return tx.One(kNewest, [](const store::Row& row) { return row.String(1); }).value_or("");
}

void ForEachEntry(store::ReadTx& tx, const std::function<bool(std::string_view line)>& visit) {
  const std::uint64_t size = Load(tx).tree.size();
  tx.ForEach(kEntries, [&](const store::Row& row) { return visit(LineOf(row)); }, 0, static_cast<std::int64_t>(size));
}

Result<std::string> ProofOf(store::ReadTx& tx, std::uint64_t index) {
  const std::string note = NewestCheckpoint(tx);
  const auto checkpoint = ReadCheckpoint(note);
  if (!checkpoint || index >= checkpoint->size) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  std::string proof = fmt::format("c2sp.org/tlog-proof@v1\nindex {}\n", index);
  for (const Hash& hash : HashesOf(tx, TRY(InclusionElements(index, checkpoint->size)))) {
    proof += text::Base64Encode(Bytes(hash)) + "\n";
  }
  return proof + "\n" + note;
}

Result<std::vector<Hash>> ConsistencyProof(store::ReadTx& tx, std::uint64_t size1, std::uint64_t size2) {
  if (size1 == 0 || size1 == size2) {
    return std::vector<Hash>();
  }
  return HashesOf(tx, TRY(ConsistencyElements(size1, size2)));
}

std::uint64_t EntryLines(store::ReadTx& tx, std::uint64_t from, std::uint64_t to, std::size_t most,
                         std::string& lines) {
  std::uint64_t count = 0;
  tx.ForEach(
      kEntries,
      [&](const store::Row& row) {
        const std::string line = LineOf(row) + "\n";
        if (count > 0 && lines.size() + line.size() > most) {
          return false;
        }
        lines += line;
        ++count;
        return true;
      },
      static_cast<std::int64_t>(from), static_cast<std::int64_t>(to - from));
  return count;
}

void AddCosignature(store::WriteTx& tx, std::uint64_t size, std::string_view line) {
  tx.Exec(kAddCosignature, static_cast<std::int64_t>(size), line);
}

std::vector<std::string> Verify(const std::function<void(const std::function<bool(std::string_view)>&)>& lines,
                                const std::vector<std::string>& checkpoints,
                                const std::vector<std::string>& verifiers) {
  std::vector<std::string> findings;
  std::multimap<std::uint64_t, Hash> wanted;
  for (const std::string& note : checkpoints) {
    const auto checkpoint = ReadCheckpoint(note);
    if (!checkpoint) {
      findings.emplace_back("a checkpoint cannot be read");
      continue;
    }
    if (std::ranges::none_of(verifiers, [&](const std::string& key) { return IsSignedBy(note, key); })) {
      findings.push_back(NameOfCheckpoint(checkpoint->size) + " is not signed by a key that was given");
    }
    wanted.emplace(checkpoint->size, checkpoint->root);
  }
  Growing tree;
  const auto compare = [&] {
    const auto [from, to] = wanted.equal_range(tree.size());
    for (auto at = from; at != to; ++at) {
      if (at->second != tree.Root()) {
        findings.push_back(NameOfCheckpoint(at->first) + " was of other entries");
      }
    }
  };
  compare();
  lines([&](std::string_view line) {
    tree.Add(LeafHash(line));
    if (wanted.contains(tree.size())) {
      compare();
    }
    return true;
  });
  if (!wanted.empty() && wanted.rbegin()->first > tree.size()) {
    findings.push_back(
        fmt::format("entries are missing: {} are here, {} were signed", tree.size(), wanted.rbegin()->first));
  }
  return findings;
}

std::vector<std::string> VerifyStore(store::ReadTx& tx, std::vector<std::string> checkpoints,
                                     const std::vector<std::string>& verifiers) {
  std::vector<std::string> findings;
  tx.ForEach(kCheckpoints, [&](const store::Row& row) {
    const auto read = ReadCheckpoint(row.Text(1));
    if (read && static_cast<std::int64_t>(read->size) != row.Int(0)) {
      findings.push_back("a checkpoint stands under another size");
    }
    checkpoints.push_back(row.String(1));
    return true;
  });
  std::map<NodeId, Hash> nodes;
  tx.ForEach(kNodes, [&](const store::Row& row) {
    nodes[{static_cast<int>(row.Int(0)), static_cast<std::uint64_t>(row.Int(1))}] = ToHash(row.Bytes(2));
    return true;
  });
  // All that is there, also what the tree has not taken in yet: it may belong to a checkpoint kept elsewhere.
  Growing again;
  std::int64_t before = 0;
  const State state = Load(tx);
  const auto lines = [&](const std::function<bool(std::string_view)>& visit) {
    tx.ForEach(
        kEntries,
        [&](const store::Row& row) {
          if (row.Int(0) != before + 1) {
            findings.push_back(fmt::format("entry {} follows entry {}", row.Int(0), before));
          }
          before = row.Int(0);
          const std::string line = LineOf(row);
          for (const auto& done : again.Add(LeafHash(line))) {
            const bool kept = done.id.level >= kKeptLevel && again.size() <= state.tree.size();
            if (kept && (!nodes.contains(done.id) || nodes[done.id] != done.hash)) {
              findings.push_back(fmt::format("the subtree of level {} at {} differs", done.id.level, done.id.index));
            }
          }
          if (again.size() == state.tree.size() && again.Root() != state.tree.Root()) {
            findings.push_back("the tree was grown from other entries");
          }
          return visit(line);
        },
        0, kAll);
  };
  auto more = Verify(lines, checkpoints, verifiers);
  if (again.size() < state.tree.size()) {
    findings.push_back(
        fmt::format("entries are missing: {} are here, {} were taken in", again.size(), state.tree.size()));
  }
  std::ranges::move(more, std::back_inserter(findings));
  return findings;
}

}  // namespace propolis::audit
