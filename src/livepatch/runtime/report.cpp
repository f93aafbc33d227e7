#include "livepatch/runtime/report.h"

#include "livepatch/runtime/patcher.h"
#include "livepatch/runtime/threads.h"

namespace propolis::livepatch {
namespace {

constexpr size_t kHolders = 16;
constexpr uint64_t kMicro = 1000;
constexpr uint64_t kMilli = 1'000'000;

const char* NameOf(Phase phase) {
  switch (phase) {
    case Phase::kConverging:
      return "switching";
    case Phase::kBackingOut:
      return "backing out";
    case Phase::kNone:
      break;
  }
  return "settled";
}

void WriteHolders(Answer* answer) {
  const PatcherState& state = State();
  Holder holders[kHolders];
  size_t count = 0;
  if (state.phase != Phase::kNone) {
    count = Holders(state.phase == Phase::kBackingOut ? state.epoch : 0, holders, kHolders);
    if (count < kHolders) {
      count += Unregistered(holders + count, kHolders - count);
    }
  }
  answer->Add(",\"holders\":[");
  for (size_t i = 0; i < count && i < kHolders; ++i) {
    answer->Add("%s{\"kind\":\"%s\",\"what\":", i == 0 ? "" : ",", holders[i].kind);
    answer->Quote(holders[i].what);
    answer->Add(",\"thread\":%d,\"since_ms\":%llu}", holders[i].thread,
                static_cast<unsigned long long>((Now() - holders[i].since_ns) / kMilli));
  }
  answer->Add("],\"held\":%zu", count);
}

void WritePatch(Answer* answer, const Patch& patch) {
  const bool runs = &patch == State().running;
  answer->Add("{\"digest\":\"%s\",\"level\":%u,\"state\":\"%s\",\"bytes\":%u,\"functions\":[", patch.digest,
              patch.plan->level, runs ? "active" : (&patch == State().wanted ? "switching" : "resident"),
              patch.plan->image.count);
  for (uint32_t i = 0; i < patch.plan->functions.count && !answer->full(); ++i) {
    answer->Add("%s", i == 0 ? "" : ",");
    answer->Quote(patch.Name(patch.Functions()[i]));
  }
  answer->Add("]}");
}

}  // namespace

void WriteStatus(Answer* answer, bool superseded) {
  const PatcherState& state = State();
  const ThreadCounts counts = CountThreads();
  const Patch* running = state.running;
  answer->Add("{\"state\":\"%s\",\"level\":%u,\"digest\":\"%s\",\"build\":\"", NameOf(state.phase),
              running == nullptr ? 0 : running->plan->level, running == nullptr ? "" : running->digest);
  for (uint32_t i = 0; i < state.program.build_id_size; ++i) {
    answer->Add("%02x", state.program.build_id[i]);
  }
  answer->Add("\",\"epoch\":%u,\"threads\":%zu,\"idle\":%zu,\"requests\":%zu,\"switches\":%llu,\"room\":%llu",
              CommittedEpoch(), counts.threads, counts.idle, counts.requests,
              static_cast<unsigned long long>(state.transitions), static_cast<unsigned long long>(NearLeft()));
  answer->Add(",\"superseded\":%s,\"last\":\"%s\"", superseded ? "true" : "false", state.last);
  answer->Add(",\"load_us\":%llu,\"arm_us\":%llu,\"converge_us\":%llu,\"finish_us\":%llu",
              static_cast<unsigned long long>(state.timing.load / kMicro),
              static_cast<unsigned long long>(state.timing.arm / kMicro),
              static_cast<unsigned long long>(state.timing.converge / kMicro),
              static_cast<unsigned long long>(state.timing.finish / kMicro));
  answer->Add(",\"stopped_us\":0");
  WriteHolders(answer);
  answer->Add("}");
}

void WriteList(Answer* answer) {
  answer->Add("{\"patches\":[");
  for (const Patch* patch = State().resident; patch != nullptr && !answer->full(); patch = patch->next) {
    answer->Add("%s", patch == State().resident ? "" : ",");
    WritePatch(answer, *patch);
  }
  answer->Add("]}");
}

}  // namespace propolis::livepatch
