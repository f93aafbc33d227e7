#include "app/demo/plan.h"

#include <algorithm>

namespace propolis::demo {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;

// How a story is to be triaged, and how often it is told.
struct Kindred {
  const char* technology;
  TicketKind kind;
  int impact;
  int urgency;
  int weight;
};

// In the order of the stories.
const std::vector<Kindred>& Kindreds() {
  using enum TicketKind;
  static const std::vector<Kindred> all = {
      {"Network security / Basalt / Edge 400", kFault, 2, 2, 11},            // tunnel
      {"Endpoint security / Corvid / EDR", kEvent, 3, 2, 13},                // alert
      {"Mail security / Larkspur / Mail gateway", kIncident, 2, 1, 6},       // phishing
      {"Detection / Halite / SIEM", kFault, 3, 2, 10},                       // silent
      {"Identity / Quoin / MFA", kRequest, 4, 2, 12},                        // lockout
      {"Network security / Basalt / Edge 900", kRequest, 3, 3, 11},          // rule
      {"Network security / Tarn / Web inspection", kRequest, 3, 3, 7},       // certificate
      {"Mail security / Larkspur / Mail gateway", kVulnerability, 2, 2, 6},  // vulnerability
      {"Web security / Fennel / WAF", kFault, 3, 3, 9},                      // noise
      {"Detection / Halite / Log collector", kQuestion, 4, 4, 8},            // report
      {"Endpoint security / Corvid / EDR", kOnboarding, 4, 3, 4},            // onboarding
      {"Cloud security / Nimbo / Posture", kEvent, 3, 2, 5},                 // cloud
  };
  return all;
}

std::size_t PickStory(Random& random) {
  std::int64_t total = 0;
  for (const auto& kindred : Kindreds()) {
    total += kindred.weight;
  }
  std::int64_t at = random.Below(total);
  for (std::size_t i = 0; i < Kindreds().size(); ++i) {
    at -= Kindreds()[i].weight;
    if (at < 0) {
      return i;
    }
  }
  return 0;
}

// Unwanted mail, in no story.
Story SpamText() {
  Story text;
  text.subject = "Your site on the first page, guaranteed";
  text.body = "Dear owner, we bring 10,000 visitors a day to your web site. Answer with YES for a free offer.";
  return text;
}

class Planner {
 public:
  Planner(const Cast& cast, Time ends) : cast_(cast), ends_(ends), random_(20'417) {}

  Plan Make() {
    for (int i = 0; i < kTickets; ++i) {
      AddLife(i);
    }
    for (Time at = ends_ - kSpan; at < ends_; at += 3h) {
      plan_.steps.push_back({.at = at, .life = 0, .act = Act::kTick});
    }
    std::erase_if(plan_.steps, [&](const Step& step) { return step.at > ends_; });
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      plan_.steps[i].order = i;
    }
    std::ranges::sort(plan_.steps, {}, [](const Step& step) { return std::pair(step.at, step.order); });
    for (Life& life : plan_.lives) {
      life.unfinished = true;
    }
    for (const Step& step : plan_.steps) {
      if (step.act == Act::kApprove || step.act == Act::kResolve) {
        plan_.lives[step.life].unfinished = false;
      }
    }
    return std::move(plan_);
  }

 private:
  void AddLife(int i) {
    constexpr int kSpamEvery = 41;
    constexpr int kMergeEvery = 37;
    const Time opened = OpenedAt(i);
    Life life;
    life.customer = static_cast<std::size_t>(random_.Below(static_cast<std::int64_t>(cast_.customers.size())));
    const Customer& customer = cast_.customers[life.customer];
    life.contact = static_cast<std::size_t>(random_.Below(static_cast<std::int64_t>(customer.contacts.size())));
    if (i % kSpamEvery == kSpamEvery - 1) {
      life.spam = true;
      life.text = SpamText();
      Schedule(std::move(life), opened, {{2h, Act::kSpam}});
      return;
    }
    if (i % kMergeEvery == kMergeEvery - 1 && MergeCandidate()) {
      AddDuplicate(*MergeCandidate());
      return;
    }
    const Fate fate = FateOf(kTickets - 1 - i);
    if (fate == Fate::kToConfirm) {
      life.customer = static_cast<std::size_t>(i) % cast_.customers.size();
    } else if (fate == Fate::kUnderWay) {
      life.taker = kEngineer;
    }
    const std::size_t story = PickStory(random_);
    TellStory(life, story);
    // Built before the life moves away.
    const auto acts = fate == Fate::kAny ? Acts(life, ends_ - opened) : ActsTowards(fate);
    Schedule(std::move(life), opened, acts);
  }

  // Whatever the hour at which the demo ends, and so whoever was on shift: each customer has a solution to confirm, the
  // lead has one to approve, and one engineer has work under way.
  enum class Fate { kAny, kToConfirm, kToApprove, kUnderWay };
  static constexpr std::size_t kEngineer = 1;  // in Cast::staff

  // `left`: how many tickets come after it. Those with a fate came some days before the end; none is spam or merged.
  static Fate FateOf(int left) {
    if (left >= 11 && left < 15) {
      return Fate::kToConfirm;
    }
    return left >= 16 && left < 19 ? Fate::kUnderWay : left == 19 ? Fate::kToApprove : Fate::kAny;
  }

  void TellStory(Life& life, std::size_t story) {
    const Customer& customer = cast_.customers[life.customer];
    const Kindred& kindred = Kindreds()[story];
    const auto octet = std::to_string(random_.Between(2, 250));
    life.text =
        Fill(Stories(customer.language)[story], {{"site", random_.Of(customer.sites)},
                                                 {"host", random_.Of(customer.hosts)},
                                                 {"user", random_.Of(customer.users)},
                                                 {"ip", (random_.Chance(50) ? "192.0.2." : "198.51.100.") + octet},
                                                 {"domain", "payroll-check-" + octet + ".example"}});
    life.technology = kindred.technology;
    life.kind = kindred.kind;
    life.impact = std::clamp(kindred.impact + (random_.Chance(25) ? 1 : 0) - (random_.Chance(8) ? 1 : 0), 1, 4);
    life.urgency = std::clamp(kindred.urgency + (random_.Chance(30) ? 1 : 0) - (random_.Chance(8) ? 1 : 0), 1, 4);
    life.says_technology = random_.Chance(55);
    life.score = Score();
    const std::int64_t way = random_.Below(100);
    life.channel = way < 48 ? Channel::kMail : way < 86 ? Channel::kPortal : way < 95 ? Channel::kPhone : Channel::kApi;
  }

  // The life added last, when a second request about the same thing can still be merged into it.
  [[nodiscard]] std::optional<std::size_t> MergeCandidate() const {
    for (std::size_t back = 1; back <= plan_.lives.size() && back <= 3; ++back) {
      const std::size_t at = plan_.lives.size() - back;
      if (!plan_.lives[at].spam && !plan_.lives[at].into && plan_.lives[at].urgency >= 2) {
        return at;
      }
    }
    return std::nullopt;
  }

  // A colleague of the same customer reports the same thing a little later.
  void AddDuplicate(std::size_t of) {
    Life life = plan_.lives[of];
    const auto others = cast_.customers[life.customer].contacts.size();
    life.contact = (life.contact + 1) % others;
    life.channel = Channel::kMail;
    life.into = of;
    const auto first =
        std::ranges::find_if(plan_.steps, [&](const Step& step) { return step.life == of && step.act == Act::kOpen; });
    Schedule(std::move(life), first->at + 2min, {{4min, Act::kMerge}});
  }

  using ActList = std::vector<std::pair<Micros, Act>>;  // each after the one before

  void Schedule(Life&& life, Time opened, const ActList& acts) {
    const std::size_t place = plan_.lives.size();
    plan_.lives.push_back(std::move(life));
    Time at = opened;
    plan_.steps.push_back({at, place, Act::kOpen});
    for (const auto& [after, act] : acts) {
      at += after;
      plan_.steps.push_back({at, place, act});
      if (act == Act::kSleep) {
        // It sleeps for some weeks; when that is over before the end of the demo, it goes on.
        const Time until = at + 20 * 24h;
        plan_.lives[place].sleeps_until = until;
        plan_.steps.push_back({until, place, Act::kWake});
        plan_.steps.push_back({until + 40min, place, Act::kUpdate});
      }
    }
  }

  // Grows towards the end, keeps to working days mostly; the last ten came within the last day.
  Time OpenedAt(int i) {
    constexpr int kLast = 10;
    static constexpr std::array kBefore = {1080min, 720min, 545min, 430min, 310min,
                                           190min,  125min, 70min,  38min,  12min};
    if (i >= kTickets - kLast) {
      return ends_ - kBefore[static_cast<std::size_t>(i - (kTickets - kLast))];
    }
    const auto share = static_cast<double>(i) / (kTickets - kLast);
    const auto day =
        static_cast<std::int64_t>(share * (2.0 - share * 0.15) / 1.85 * static_cast<double>(kSpan.count() - 1));
    Time at = std::chrono::floor<std::chrono::days>(ends_ - kSpan) + std::chrono::days{day + 1};
    const auto weekday = std::chrono::weekday{std::chrono::floor<std::chrono::days>(at)};
    if (!random_.Chance(12)) {
      at -= weekday == std::chrono::Saturday ? 24h : weekday == std::chrono::Sunday ? 48h : 0h;
    }
    return at + minutes{random_.Between(7 * 60, 17 * 60)} + Seconds{random_.Below(60)};
  }

  minutes Gap(int low, int high) { return minutes{random_.Between(low, high)}; }

  // How the ticket goes, from its opening.
  ActList Acts(const Life& life, Micros age) {
    static constexpr std::array kPace = {1, 2, 5, 8};  // by urgency
    const int pace = kPace[static_cast<std::size_t>(life.urgency - 1)];
    const bool recent = age < 21 * 24h;
    if (age < 36h && random_.Chance(22)) {
      return {};  // stays new
    }
    const bool late = random_.Chance(5);
    ActList acts = {{Gap(2, 5 + pace), Act::kTake}};
    if (random_.Chance(85) || life.kind == TicketKind::kQuestion) {
      acts.emplace_back(1min, Act::kTriage);
    }
    acts.emplace_back(Gap(2, 4 + 3 * pace) * (late ? 12 : 1), Act::kAnswer);
    if (life.channel == Channel::kPhone) {
      acts.emplace_back(2min, Act::kCall);
    }
    if (random_.Chance(55)) {
      acts.emplace_back(1min, Act::kPromiseEta);
    }
    const std::int64_t fate = random_.Below(100);
    if (recent && fate < 18) {
      acts.emplace_back(Gap(20, 40 * pace), Act::kWaitForCustomer);
      return acts;
    }
    acts.emplace_back(Gap(6, 20 * pace), Act::kReply);
    if (random_.Chance(60)) {
      acts.emplace_back(Gap(3, 10 * pace), Act::kNote);
    }
    acts.emplace_back(Gap(8, 25 * pace), Act::kWork);
    if (random_.Chance(40)) {
      acts.emplace_back(Gap(1, 5), Act::kEvidence);
    }
    if (fate >= 88 && (recent || fate >= 98)) {
      acts.emplace_back(Gap(20, 60), Act::kWaitForThirdParty);
      return acts;
    }
    if (recent && fate >= 80) {
      acts.emplace_back(Gap(15, 60), Act::kSleep);
      return acts;
    }
    if (random_.Chance(18)) {
      acts.emplace_back(Gap(5, 20), Act::kMovePromise);
    }
    acts.emplace_back(Gap(10, 30 * pace), Act::kUpdate);
    if (recent && fate >= 62) {
      return acts;  // still open
    }
    AddEnd(life, pace, age, acts);
    return acts;
  }

  ActList ActsTowards(Fate fate) {
    ActList acts = {{Gap(2, 10), Act::kTake}, {1min, Act::kTriage},       {Gap(3, 12), Act::kAnswer},
                    {1min, Act::kPromiseEta}, {Gap(6, 40), Act::kReply},  {Gap(3, 20), Act::kNote},
                    {Gap(8, 50), Act::kWork}, {Gap(1, 5), Act::kEvidence}};
    if (fate == Fate::kUnderWay) {
      acts.emplace_back(Gap(10, 60), Act::kUpdate);
      return acts;
    }
    acts.emplace_back(Gap(10, 60), Act::kAsk);
    if (fate == Fate::kToConfirm) {
      acts.emplace_back(Gap(4, 50), Act::kApprove);
    }
    return acts;
  }

  // Approval, resolution, what the customer says to it, and the close.
  void AddEnd(const Life& life, int pace, Micros age, ActList& acts) {
    if (life.kind == TicketKind::kQuestion) {
      acts.emplace_back(Gap(10, 30 * pace), Act::kResolve);
    } else {
      acts.emplace_back(Gap(10, 30 * pace), Act::kAsk);
      if (age < 10 * 24h && random_.Chance(35)) {
        return;  // waits for approval
      }
      if (random_.Chance(9)) {
        acts.emplace_back(Gap(5, 40), Act::kReject);
        acts.emplace_back(Gap(10, 60), Act::kWork);
        acts.emplace_back(Gap(5, 30), Act::kAsk);
      }
      acts.emplace_back(Gap(4, 50), Act::kApprove);
      if (random_.Chance(6)) {
        acts.emplace_back(Gap(10, 300), Act::kComplain);
        acts.emplace_back(Gap(5, 20), Act::kUpdate);
        acts.emplace_back(Gap(15, 60), Act::kWork);
        acts.emplace_back(Gap(5, 20), Act::kAsk);
        acts.emplace_back(Gap(5, 30), Act::kApprove);
      }
    }
    if (random_.Chance(61)) {
      acts.emplace_back(Gap(30, 20 * 60), Act::kConfirm);
      acts.emplace_back(1min, Act::kRate);
    } else {
      acts.emplace_back(7 * 24h + 1min, Act::kClose);
    }
  }

  // Mostly content.
  int Score() {
    const std::int64_t at = random_.Below(100);
    return at < 70 ? 5 : at < 89 ? 4 : at < 95 ? 3 : at < 98 ? 2 : 1;
  }

  const Cast& cast_;
  Time ends_;
  Random random_;
  Plan plan_;
};

}  // namespace

Plan MakePlan(const Cast& cast, Time ends) { return Planner(cast, ends).Make(); }

}  // namespace propolis::demo
