// The audit log's tree in the store. Entries are written with what they record; the tree takes them in afterwards,
// within a second, and signs how far it has come. What was signed once cannot be changed, removed, put in between or
// reordered without being found by whoever holds the checkpoint.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/note.h"
#include "store/store.h"

namespace propolis::audit {

// Takes in at most `most` entries. Answers how many.
std::int64_t Extend(store::WriteTx& tx, std::int64_t most);
// Signs the tree as it stands, when it has grown since the last time.
void Sign(store::WriteTx& tx, const SigningKey& key);
// The newest signed checkpoint; empty for none.
std::string NewestCheckpoint(store::ReadTx& tx);

// Each entry that the tree has taken in, in order, as the line that is hashed: JSON without line breaks. The visitor
// answers false to stop.
void ForEachEntry(store::ReadTx& tx, const std::function<bool(std::string_view line)>& visit);

// An entry's proof in C2SP's tlog-proof form, under the newest checkpoint. `index` counts from 0. Errors: kNotFound
// when no checkpoint covers it.
Result<std::string> ProofOf(store::ReadTx& tx, std::uint64_t index);

// That the tree of `size1` entries is the beginning of the one of `size2`, which were taken in (RFC 9162 2.1.4). Empty
// when they are equal or the first is empty. Error: kInvalid when the numbers make no sense.
Result<std::vector<Hash>> ConsistencyProof(store::ReadTx& tx, std::uint64_t size1, std::uint64_t size2);
// The lines of entries from number `from` (from 0) on, each with its line break: as many as fit into `most` bytes, at
// least one, and none from number `to` on. How many there are.
std::uint64_t EntryLines(store::ReadTx& tx, std::uint64_t from, std::uint64_t to, std::size_t most, std::string& lines);
// Puts what a witness signed under the checkpoint of that size, if that is still kept.
void AddCosignature(store::WriteTx& tx, std::uint64_t size, std::string_view line);

// What does not fit together, one line each; nothing means sound.
//
// `lines` calls back with each entry in order; every checkpoint must be signed by one of the `verifiers` and be a
// beginning of these entries.
std::vector<std::string> Verify(const std::function<void(const std::function<bool(std::string_view)>&)>& lines,
                                const std::vector<std::string>& checkpoints, const std::vector<std::string>& verifiers);
// The store's own entries against its own checkpoints, subtrees and position, and against `checkpoints` that were kept
// elsewhere.
std::vector<std::string> VerifyStore(store::ReadTx& tx, std::vector<std::string> checkpoints,
                                     const std::vector<std::string>& verifiers);

}  // namespace propolis::audit
