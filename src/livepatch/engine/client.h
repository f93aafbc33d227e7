// Talks to the agent of a running service.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "livepatch/runtime/protocol.h"

namespace propolis::livepatch {

struct AgentAnswer {
  Outcome outcome = Outcome::kDone;
  std::string json;
};

// `folder`: where the service keeps its patches. Unavailable ("livepatch.no_agent") when nobody listens there, Timeout
// when no answer comes within `patience_ms`.
Result<AgentAnswer> Ask(const std::string& folder, Verb verb, std::string_view payload, int patience_ms);

}  // namespace propolis::livepatch
