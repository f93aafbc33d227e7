// The desk's side of its witness (audit/witness.h): shows it each checkpoint, hands it the entries, and keeps what it
// signed.
#pragma once

#include <string>
#include <thread>

#include "base/metrics.h"
#include "store/store.h"

namespace propolis::app {

struct WitnessAddress {
  std::string url;  // http(s)://host:port, as the operator gave it
  std::string key;  // its verifier key: what it signs otherwise is not kept. Empty: not looked at
};

// Pushes once a second while there is something new, and every ten seconds to say that it is there. Trouble is logged
// and counted; nothing of the desk waits for the witness. Ends with the thread's stop.
std::jthread StartWitnessPush(store::Store& store, WitnessAddress witness, metrics::Registry& metrics);

}  // namespace propolis::app
