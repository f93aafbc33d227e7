#include "plan.h"

#include <algorithm>
#include <tuple>

#include "app/demo/random.h"

namespace propolis::quarter {
namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr auto kLastOpened = days{85};

class Life {
 public:
  Life(demo::Random& random, std::vector<Act>& acts, std::size_t ticket, Time at)
      : random_(random), acts_(acts), ticket_(ticket), at_(at) {}

  void Live() {
    Do(Act::kOpen);
    for (std::int64_t n = random_.Between(0, 6); n > 0; --n) {
      Wait();
      Do(Anything());
    }
    if (random_.Chance(2)) {
      Wait();
      Do(Act::kSpam);
    }
    Resolve();
    while (random_.Chance(20)) {
      Wait();
      Do(Act::kCustomerWrites);  // it does not work: open again
      Wait();
      Do(Act::kAnswer);
      Resolve();
    }
    if (random_.Chance(40)) {
      Wait();
      Do(Act::kConfirm);
    }
  }

 private:
  void Do(Act::What what) { acts_.push_back({what, at_, ticket_, random_.Next()}); }

  // Minutes mostly, at times days; never a whole second.
  void Wait() {
    const std::int64_t longest = random_.Chance(60) ? 5'000 : random_.Chance(80) ? 40'000 : 300'000;
    at_ += seconds{random_.Between(1, longest)} + Micros{random_.Below(1'000'000)};
  }

  Act::What Anything() {
    const std::int64_t die = random_.Below(100);
    return die < 28   ? Act::kAnswer
           : die < 38 ? Act::kAskCustomer
           : die < 44 ? Act::kWaitForOthers
           : die < 52 ? Act::kGoOn
           : die < 57 ? Act::kSchedule
           : die < 75 ? Act::kCustomerWrites
           : die < 82 ? Act::kNote
           : die < 87 ? Act::kCall
           : die < 93 ? Act::kLevels
           : die < 96 ? Act::kOverride
                      : Act::kOrganisation;
  }

  void Resolve() {
    Wait();
    if (random_.Chance(15)) {
      Do(Act::kAskApproval);
      Wait();
      Do(Act::kReject);
      Wait();
    }
    Do(Act::kAskApproval);
    Wait();
    Do(Act::kApprove);
  }

  demo::Random& random_;
  std::vector<Act>& acts_;
  std::size_t ticket_;
  Time at_;
};

}  // namespace

Time QuarterBegins() { return *ParseTime("2026-03-01T00:00:00Z"); }
Time QuarterSettled() { return QuarterBegins() + days{180}; }

std::vector<Act> MakePlan(std::uint64_t seed, std::size_t tickets) {
  demo::Random random(seed);
  std::vector<Time> openings;
  for (std::size_t n = 0; n < tickets; ++n) {
    openings.push_back(QuarterBegins() + Micros{random.Below(std::chrono::duration_cast<Micros>(kLastOpened).count())});
  }
  std::ranges::sort(openings);
  std::vector<Act> acts;
  for (std::size_t n = 0; n < tickets; ++n) {
    Life(random, acts, n, openings[n]).Live();
  }
  std::ranges::sort(acts, {}, [](const Act& act) { return std::tuple(act.at, act.ticket, act.what); });
  return acts;
}

}  // namespace propolis::quarter
