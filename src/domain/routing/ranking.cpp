#include "domain/routing/ranking.h"

#include <cmath>
#include <ranges>

#include "base/i18n.h"

namespace propolis::routing {
namespace {

constexpr std::size_t kMostTold = 12;
constexpr double kStep = 100;  // between exact product, vendor and domain: more than all the rest together
constexpr double kRoom = 50;   // an empty desk
constexpr double kKnows = 30;  // has handled five or more of the organisation's recent tickets
constexpr double kIdle = 19;   // nothing assigned for eight hours
constexpr std::int64_t kWellKnown = 5;
constexpr double kLongIdleHours = 8;

// The nearest valid certification: 0 exact, 1 the node above, ...
struct Certified {
  std::size_t distance = 0;
  const Holding* holding = nullptr;
};

std::optional<Certified> NearestCertification(const Need& need, const Candidate& candidate, int level) {
  std::optional<Certified> best;
  for (std::size_t distance = 0; distance < need.lineage.size() && !best; ++distance) {
    for (const Holding& holding : candidate.skills) {
      if (holding.technology == need.lineage[distance] && IsValid(holding, need.today) && holding.level >= level) {
        best = Certified{distance, &holding};
      }
    }
  }
  return best;
}

Fact Make(Criterion criterion, bool ok, std::string message, std::vector<std::string> values = {}) {
  return {criterion, ok, std::move(message), std::move(values)};
}

Fact CertifiedFact(const Need& need, const Candidate& candidate, const std::optional<Certified>& nearest) {
  if (nearest) {
    constexpr std::array kMessages = {"routing.certified_exact", "routing.certified_vendor",
                                      "routing.certified_domain"};
    return Make(Criterion::kCertified, true, kMessages[std::min<std::size_t>(nearest->distance, 2)],
                {nearest->holding->certification, need.technology});
  }
  for (const TechnologyId& node : need.lineage) {
    for (const Holding& holding : candidate.skills) {
      if (holding.technology == node && !holding.certification.empty() && !IsValid(holding, need.today)) {
        return Make(Criterion::kCertified, false, "routing.certified_expired", {holding.certification, holding.until});
      }
    }
  }
  return Make(Criterion::kCertified, false, "routing.certified_no", {need.technology});
}

bool Speaks(const Candidate& candidate, std::optional<Language> language) {
  return !language || std::ranges::find(candidate.languages, *language) != candidate.languages.end();
}

double IdleHours(const Need& need, const Candidate& candidate) {
  const double hours = std::chrono::duration<double, std::ratio<3600>>(need.now - candidate.last_assigned).count();
  return candidate.last_assigned == Time{} ? kLongIdleHours : std::clamp(hours, 0.0, kLongIdleHours);
}

Fact IdleFact(const Need& need, const Candidate& candidate) {
  if (candidate.last_assigned == Time{}) {
    return Make(Criterion::kIdle, true, "routing.idle_never");
  }
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(need.now - candidate.last_assigned).count();
  return Make(Criterion::kIdle, true, "routing.idle_minutes", {std::to_string(std::max<std::int64_t>(minutes, 0))});
}

double Score(const Need& need, const Candidate& candidate, const std::optional<Certified>& nearest) {
  const double near = nearest ? kStep * static_cast<double>(need.lineage.size() - nearest->distance) : 0;
  const double room = candidate.capacity <= 0
                          ? 0
                          : 1.0 - static_cast<double>(candidate.open_tickets) / static_cast<double>(candidate.capacity);
  const double knows = static_cast<double>(std::min(candidate.handled, kWellKnown)) / static_cast<double>(kWellKnown);
  const double score =
      near + kRoom * std::clamp(room, 0.0, 1.0) + kKnows * knows + kIdle * IdleHours(need, candidate) / kLongIdleHours;
  return std::round(score * 10.0) / 10.0;
}

// How many of the gate criteria, in their order, a candidate passes; kGates when all.
constexpr std::array kGateGaps = {Gap::kNoOneCertified, Gap::kNoneOnShift, Gap::kNoneSpeaksLanguage, Gap::kAllFull};

// A candidate with what decides her place.
struct Judged {
  const Candidate* candidate = nullptr;
  std::optional<Certified> nearest;
  bool speaks = false;
  bool room = false;
  std::size_t gates = 0;
  double score = 0;
  [[nodiscard]] bool Eligible() const { return gates == kGateGaps.size(); }
};

Judged Judge(const Need& need, const Candidate& candidate) {
  Judged judged{.candidate = &candidate,
                .nearest = NearestCertification(need, candidate, LevelNeeded(need.priority)),
                .speaks = Speaks(candidate, need.language),
                .room = candidate.open_tickets < candidate.capacity};
  const std::array passed = {judged.nearest.has_value(), candidate.on_shift, judged.speaks, judged.room};
  judged.gates = static_cast<std::size_t>(std::ranges::find(passed, false) - passed.begin());
  judged.score = Score(need, candidate, judged.nearest);
  return judged;
}

Ranked Explain(const Need& need, const Judged& judged) {
  const Candidate& candidate = *judged.candidate;
  const auto shown = judged.nearest ? judged.nearest : NearestCertification(need, candidate, 1);
  Ranked ranked;
  ranked.staff = {candidate.id.ToString(), candidate.name};
  ranked.score = judged.score;
  ranked.eligible = judged.Eligible();
  ranked.facts.push_back(CertifiedFact(need, candidate, shown));
  ranked.facts.push_back(
      Make(Criterion::kLevel, judged.nearest.has_value(), "routing.level",
           {std::to_string(shown ? shown->holding->level : 0), std::to_string(LevelNeeded(need.priority))}));
  ranked.facts.push_back(
      Make(Criterion::kOnShift, candidate.on_shift, candidate.on_shift ? "routing.on_shift" : "routing.off_shift"));
  ranked.facts.push_back(Make(Criterion::kLanguage, judged.speaks,
                              !need.language  ? "routing.language_any"
                              : judged.speaks ? "routing.language_yes"
                                              : "routing.language_no",
                              {std::string(need.language ? NameOf(*need.language) : "")}));
  ranked.facts.push_back(Make(Criterion::kCapacity, judged.room, "routing.capacity",
                              {std::to_string(candidate.open_tickets), std::to_string(candidate.capacity)}));
  ranked.facts.push_back(
      Make(Criterion::kKnowsOrganisation, candidate.handled > 0, "routing.knows", {std::to_string(candidate.handled)}));
  ranked.facts.push_back(IdleFact(need, candidate));
  return ranked;
}

}  // namespace

int LevelNeeded(Priority priority) { return priority == Priority::kP1 ? 2 : 1; }

bool IsValid(const Holding& holding, std::string_view today) {
  return !holding.certification.empty() && (holding.until.empty() || std::string_view(holding.until) >= today);
}

Routing Rank(const Need& need, const std::vector<Candidate>& candidates) {
  Routing routing;
  routing.at = need.now;
  if (need.lineage.empty()) {
    return routing;
  }
  std::vector<Judged> order;
  std::size_t furthest = 0;
  for (const Candidate& candidate : candidates) {
    order.push_back(Judge(need, candidate));
    furthest = std::max(furthest, order.back().gates);
  }
  std::ranges::sort(order, [](const Judged& a, const Judged& b) {
    const bool a_first = a.Eligible();
    const bool b_first = b.Eligible();
    return std::tie(b_first, b.score, a.candidate->name, a.candidate->id) <
           std::tie(a_first, a.score, b.candidate->name, b.candidate->id);
  });
  for (const Judged& judged : order | std::views::take(kMostTold)) {
    routing.ranking.push_back(Explain(need, judged));
  }
  if (furthest < kGateGaps.size()) {
    routing.gap = kGateGaps[furthest];
  } else {
    routing.ranking.front().chosen = true;
    routing.chosen = routing.ranking.front().staff;
  }
  return routing;
}

namespace {

// How long ago in the unit that people would use.
void TellAge(Fact& fact) {
  constexpr std::int64_t kHour = 60;
  constexpr std::int64_t kDay = 24 * kHour;
  if (fact.text != "routing.idle_minutes" || fact.values.empty()) {
    return;
  }
  const std::int64_t minutes = std::strtoll(fact.values[0].c_str(), nullptr, 10);
  if (minutes >= 2 * kDay) {
    fact.text = "routing.idle_days";
    fact.values[0] = std::to_string(minutes / kDay);
  } else if (minutes >= 2 * kHour) {
    fact.text = "routing.idle_hours";
    fact.values[0] = std::to_string(minutes / kHour);
  }
}

}  // namespace

Routing Tell(Routing routing, Language language) {
  for (Ranked& ranked : routing.ranking) {
    for (Fact& fact : ranked.facts) {
      TellAge(fact);
      std::vector<Arg> args;
      for (std::size_t i = 0; i < fact.values.size(); ++i) {
        std::string value = fact.values[i];
        if (fact.criterion == Criterion::kLanguage && !value.empty()) {
          value = i18n::Translate(language, value.insert(0, "language."));
        }
        args.push_back({std::string(1, static_cast<char>('a' + i)), std::move(value)});
      }
      fact.text = i18n::Translate(language, fact.text, args);
      fact.values.clear();
    }
  }
  return routing;
}

}  // namespace propolis::routing
