// The demo: a believable desk with three months behind it.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "blob/blob_store.h"
#include "store/store.h"

namespace propolis::demo {

// Fills an empty desk. `clock` must be the one that the store was opened with; it is walked through the ninety days
// that end at `ends`. Every person of the desk gets `password`. Error: kConflict when there are people already.
Status FillDemo(store::Store& store, blob::Store& blobs, ManualClock& clock, Time ends, const std::string& password);

}  // namespace propolis::demo

namespace propolis::app {

// A demo desk in `folder`, which ends now. Nothing is done when the folder holds a desk already.
Status MakeDemo(const std::string& folder);
// With what to sign in to the desk that MakeDemo made, for people.
std::string DemoSignIn();

}  // namespace propolis::app
