// Thirty days of routing: nobody unqualified is ever chosen, and the work is spread over those who are qualified.
#include <gtest/gtest.h>

#include <map>
#include <queue>
#include <random>

#include "domain/routing/ranking.h"

namespace propolis::routing {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr int kDomains = 2;
constexpr int kVendors = 4;   // two a domain
constexpr int kProducts = 8;  // two a vendor
constexpr int kStaff = 32;
constexpr int kTicketsADay = 150;
constexpr int kOrganisations = 10;
const Time kBegins = *ParseTime("2026-03-15T00:00:00Z");

std::string DateOf(Time at) { return FormatTime(at).substr(0, 10); }

struct Person {
  Candidate candidate;
  int first_hour = 0;  // on shift for ten hours from then, UTC
  std::map<int, std::int64_t> handled;
  std::int64_t tickets = 0;
  [[nodiscard]] bool OnShift(int hour) const { return (hour - first_hour + 24) % 24 < 10; }
};

class Month {
 public:
  Month() {
    for (int i = 0; i < kProducts + kVendors + kDomains; ++i) {
      nodes_.push_back(TechnologyId::New(FromMicros(1000 + i)));
    }
    for (int i = 0; i < kStaff; ++i) {
      people_.push_back(MakePerson(i));
    }
  }

  void Pass() {
    for (int n = 0; n < 30 * kTicketsADay; ++n) {
      const Time at = kBegins + minutes{n * 24 * 60 / kTicketsADay};
      Finish(at);
      Arrive(at);
    }
  }

  [[nodiscard]] const std::vector<Person>& people() const { return people_; }
  int chosen = 0;
  int unqualified = 0;
  int passed_over = 0;  // a gap was named though somebody qualified was there
  std::map<Gap, int> gaps;

 private:
  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }

  // The node of a product, its vendor, its domain.
  [[nodiscard]] std::vector<int> Lineage(int product) const {
    return {product, kProducts + product / 2, kProducts + kVendors + product / 4};
  }

  Person MakePerson(int i) {
    Person person;
    person.candidate.id = StaffId::New(FromMicros(5000 + i));
    person.candidate.name = "Engineer " + std::to_string(i);
    person.candidate.capacity = 12;
    person.candidate.languages = {Language::kEn};
    if (i % 2 == 0) {
      person.candidate.languages.push_back(i % 4 == 0 ? Language::kEs : Language::kPt);
    }
    person.first_hour = i / 8 * 6;
    // Everybody has a product; some of them its vendor or domain; some certificates end within the month.
    const int product = i % kProducts;
    const std::string until = i % 5 == 0 ? "2026-03-29" : i % 7 == 0 ? "" : "2027-01-01";
    person.candidate.skills.push_back({nodes_[static_cast<std::size_t>(product)], 1 + i % 3, "Certified", until});
    if (i % 3 == 0) {
      person.candidate.skills.push_back({nodes_[static_cast<std::size_t>(Lineage(product)[1])], 2, "Vendor", ""});
    }
    if (i % 6 == 1) {
      person.candidate.skills.push_back({nodes_[static_cast<std::size_t>(Lineage(product)[2])], 1, "", ""});
    }
    return person;
  }

  // Qualified, said once more in other words than the ranking's.
  [[nodiscard]] bool MayTake(const Person& person, const std::vector<int>& lineage, Priority priority,
                             Language language, Time at) const {
    const auto& c = person.candidate;
    bool certified = false;
    for (const Holding& holding : c.skills) {
      for (const int node : lineage) {
        const bool counts = holding.technology == nodes_[static_cast<std::size_t>(node)] &&
                            !holding.certification.empty() && (priority != Priority::kP1 || holding.level >= 2);
        certified = certified || (counts && (holding.until.empty() || DateOf(at) <= holding.until));
      }
    }
    return certified && person.OnShift(HourOf(at)) && std::ranges::count(c.languages, language) == 1 &&
           c.open_tickets < c.capacity;
  }

  static int HourOf(Time at) {
    return static_cast<int>(std::chrono::duration_cast<hours>(at - std::chrono::floor<days>(at)).count());
  }

  void Arrive(Time at) {
    const auto lineage = Lineage(Below(kProducts));
    const int organisation = Below(kOrganisations);
    Need need;
    for (const int node : lineage) {
      need.lineage.push_back(nodes_[static_cast<std::size_t>(node)]);
    }
    need.technology = "Product";
    need.priority = static_cast<Priority>(1 + Below(4));
    const int die = Below(10);
    const Language language = die < 6 ? Language::kEn : die < 8 ? Language::kEs : Language::kPt;
    need.language = language;
    need.today = DateOf(at);
    need.now = at;
    std::vector<Candidate> candidates;
    bool anybody = false;
    for (Person& person : people_) {
      person.candidate.on_shift = person.OnShift(HourOf(at));
      person.candidate.handled = person.handled[organisation];
      candidates.push_back(person.candidate);
      anybody = anybody || MayTake(person, lineage, need.priority, language, at);
    }
    const Routing routing = Rank(need, candidates);
    if (!routing.chosen) {
      ++gaps[*routing.gap];
      passed_over += anybody ? 1 : 0;
      return;
    }
    auto& person = *std::ranges::find_if(
        people_, [&](const Person& p) { return p.candidate.id.ToString() == routing.chosen->id; });
    ++chosen;
    unqualified += MayTake(person, lineage, need.priority, language, at) ? 0 : 1;
    ++person.tickets;
    ++person.handled[organisation];
    ++person.candidate.open_tickets;
    person.candidate.last_assigned = at;
    work_.push({at + minutes{60 + Below(20 * 60)}, static_cast<std::size_t>(&person - people_.data())});
  }

  void Finish(Time at) {
    for (; !work_.empty() && work_.top().first <= at; work_.pop()) {
      --people_[work_.top().second].candidate.open_tickets;
    }
  }

  using Work = std::pair<Time, std::size_t>;
  std::mt19937 random_{20260315};
  std::vector<TechnologyId> nodes_;
  std::vector<Person> people_;
  std::priority_queue<Work, std::vector<Work>, std::greater<>> work_;
};

TEST(RankingOfAMonth, ChoosesNobodyUnqualifiedAndLeavesNobodyQualifiedOut) {
  Month month;
  month.Pass();
  EXPECT_EQ(month.unqualified, 0);
  EXPECT_EQ(month.passed_over, 0);
  EXPECT_GT(month.chosen, 3000);
  EXPECT_GT(month.gaps[Gap::kNoneSpeaksLanguage], 0);
  EXPECT_GT(month.gaps[Gap::kNoneOnShift], 0);
}

TEST(RankingOfAMonth, SpreadsTheWorkOverThoseWhoAreAlike) {
  Month month;
  month.Pass();
  // Alike: the same shift. Who speaks more languages is asked more often, and so is who holds more.
  std::map<int, std::vector<std::int64_t>> by_shift;
  for (const Person& person : month.people()) {
    by_shift[person.first_hour].push_back(person.tickets);
  }
  for (const auto& [shift, tickets] : by_shift) {
    const double sum = static_cast<double>(std::accumulate(tickets.begin(), tickets.end(), std::int64_t{0}));
    const double most = static_cast<double>(std::ranges::max(tickets));
    const double spread = most * static_cast<double>(tickets.size()) / sum;
    std::cout << "shift from " << shift << ": " << tickets.size() << " people, " << sum << " tickets, most/mean "
              << spread << "\n";
    EXPECT_LE(spread, 2.0);
    EXPECT_GT(std::ranges::min(tickets), 0);
  }
}

}  // namespace
}  // namespace propolis::routing
