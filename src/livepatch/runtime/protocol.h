// How the command line talks to the agent of a running service: a request header and its bytes, an answer header and
// JSON, over a socket of the local machine.
#pragma once

#include <stdint.h>

namespace propolis::livepatch {

inline constexpr uint32_t kProtocolMagic = 0x31504c50;  // "PLP1"
inline constexpr char kSocketName[] = "agent";

enum class Verb : uint32_t { kApply = 1, kRevert, kList, kStatus, kVerify };
enum class Outcome : uint32_t { kDone = 0, kRefused = 1, kBackedOut = 2, kBusy = 3, kUnsound = 4 };

struct RequestHeader {
  uint32_t magic;
  Verb verb;
  uint64_t size;
};

struct AnswerHeader {
  uint32_t magic;
  Outcome outcome;
  uint64_t size;
};

}  // namespace propolis::livepatch
