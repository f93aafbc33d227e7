// Trying service levels on past tickets.
#include "api/resource.h"
#include "api/resources.h"
#include "domain/ticket/simulation.h"

namespace propolis::api {

using auth::Permission;
using net::Method;

namespace {
constexpr std::chrono::seconds kLongest{8};
}

void AddSimulations(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/simulations",
           .id = "simulate",
           .tag = "calendars",
           .summary = "Try a policy or a calendar on past tickets",
           .access = Permission::kPolicyWrite,
           .doc = "Nothing is stored. At most 10,000 tickets and eight seconds; `complete` says whether that was "
                  "enough for the period.",
           .replayable = false,
           .pool = net::Pool::kSlow},
          [](Call& call, const ticket::Simulate& request) -> Result<ticket::Simulation> {
            const auto end = std::chrono::steady_clock::now() + kLongest;
            const ticket::SimulationBounds bounds{.tickets = 10'000,
                                                  .goes_on = [end] { return std::chrono::steady_clock::now() < end; }};
            return ticket::RunSimulation(call.desk.store, call.actor, request, call.Now(), bounds);
          });
}

}  // namespace propolis::api
