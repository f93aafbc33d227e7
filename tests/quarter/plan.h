// What people do in the simulated quarter, from a seed: the same list every time.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"

namespace propolis::quarter {

struct Act {
  enum What {
    kOpen,
    kAnswer,
    kAskCustomer,  // an answer, and the ticket waits for the customer
    kWaitForOthers,
    kGoOn,
    kSchedule,
    kCustomerWrites,
    kNote,
    kCall,
    kLevels,
    kOverride,
    kOrganisation,
    kAskApproval,
    kReject,
    kApprove,
    kConfirm,
    kSpam,
  } what = kOpen;
  Time at;
  std::size_t ticket = 0;  // the n-th to be opened
  std::uint64_t dice = 0;  // for what the act leaves open
};

// The quarter: 1 March to 31 May 2026, over the changes of clocks in America, Europe, Chile and Australia.
Time QuarterBegins();
// Until when everything is settled: the grace time after the last resolution has passed.
Time QuarterSettled();

std::vector<Act> MakePlan(std::uint64_t seed, std::size_t tickets);

}  // namespace propolis::quarter
