// Who runs which code: the epochs of threads and requests.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace propolis::livepatch {

// Monotonic nanoseconds.
uint64_t Now();

// Turns the calls of threads and requests on; until then they do nothing.
void StartEpochs();
void StopEpochs();
// Where stubs find a thread's epoch: its distance from the thread pointer.
int32_t EpochOffset();
uint32_t CommittedEpoch();
// The commit: from here on threads adopt `epoch` at their safe points, and requests begin with it.
void CommitEpoch(uint32_t epoch);
// The agent's own epoch, to try the new code before anybody else.
void SetOwnEpoch(uint32_t epoch);

struct Holder {
  const char* kind;  // "thread", "request", "unregistered"
  char what[32];
  int32_t thread;
  uint64_t since_ns;
};
// Who still runs code of an epoch other than the committed one (`only` 0), or of exactly `only`. Answers how many there
// are; writes the first `room` of them.
size_t Holders(uint32_t only, Holder* holders, size_t room);
// Threads of the process that never registered, the agent aside.
size_t Unregistered(Holder* holders, size_t room);

struct ThreadCounts {
  size_t threads;
  size_t idle;
  size_t requests;
};
ThreadCounts CountThreads();

}  // namespace propolis::livepatch
