// Who is on call in the demo.
#pragma once

#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "store/store.h"

namespace propolis::demo {

// `staff` as MakeCast made them; `ends` is the day on which the demo's three months end: an override lies after it.
Status MakeRotas(store::WriteTx& tx, const std::vector<StaffId>& staff, Time ends);

}  // namespace propolis::demo
