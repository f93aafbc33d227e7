// Plays a plan: every step by the command that people and channels use, at its own time.
#pragma once

#include "app/demo/plan.h"
#include "base/result.h"
#include "blob/blob_store.h"
#include "store/store.h"

namespace propolis::demo {

// The file that an engineer takes as evidence: what the device wrote.
std::string EvidenceText(const Life& life, Time at);

// Does one step in the transaction whose time is the step's. `file`: where the blob of its evidence lies, for
// Act::kEvidence. The error names the step.
Status Play(store::WriteTx& tx, const Cast& cast, Plan& plan, const Step& step,
            const std::optional<blob::Stored>& file);

// Everybody of the desk has read what is older than `before`.
Status MarkOldAsRead(store::WriteTx& tx, const Cast& cast, const Plan& plan, Time before);

}  // namespace propolis::demo
