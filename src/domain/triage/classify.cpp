#include "domain/triage/classify.h"

#include <cmath>

#include "domain/triage/words.h"

namespace propolis::triage {
namespace {

constexpr std::size_t kMostBody = 8000;     // bytes read of a body
constexpr std::size_t kLanguageBody = 800;  // bytes that tell its language: later ones are logs and signatures
constexpr std::size_t kMostPieces = 4;      // independent words that count for one value
constexpr std::size_t kMostWordsShown = 6;
constexpr double kSubjectPower = 1.5;    // a subject's word weighs half as much again
constexpr double kNameWeight = 0.8;      // a technology named
constexpr double kKeywordWeight = 0.75;  // one of its keywords
constexpr double kAncestorShare = 0.6;   // what naming the vendor adds to its product
constexpr double kRivalShare = 0.5;      // how much evidence for another value takes away

// One phrase found in the text.
struct Hit {
  std::size_t phrase;
  std::size_t begin;  // positions of words
  std::size_t end;
  double weight;
};

double Combine(double a, double b) { return 1.0 - (1.0 - a) * (1.0 - b); }

// What speaks for one value: the strongest hits that share no word and no phrase.
struct Evidence {
  double confidence = 0;
  std::vector<std::string> words;
};

Evidence Weigh(std::vector<Hit> hits, const Reading& reading) {
  std::ranges::sort(hits, [](const Hit& a, const Hit& b) {
    return std::tuple(-a.weight, b.end - b.begin, a.begin) < std::tuple(-b.weight, a.end - a.begin, b.begin);
  });
  Evidence evidence;
  std::vector<Hit> taken;
  for (const Hit& hit : hits) {
    const bool counted = std::ranges::any_of(taken, [&](const Hit& other) {
      return other.phrase == hit.phrase || (hit.begin < other.end && other.begin < hit.end) ||
             reading.SameWords(hit.begin, hit.end, other.begin, other.end);
    });
    if (counted || taken.size() == kMostPieces) {
      continue;
    }
    taken.push_back(hit);
    evidence.confidence = Combine(evidence.confidence, hit.weight);
    if (evidence.words.size() < kMostWordsShown) {
      evidence.words.push_back(reading.Surface(hit.begin, hit.end));
    }
  }
  return evidence;
}

double Round(double confidence) { return std::round(confidence * 1000.0) / 1000.0; }

template <class P, class V>
std::optional<P> Choose(const std::map<V, std::vector<Hit>>& votes, const Reading& reading, double threshold,
                        const std::function<double(const V&, const V&)>& distance) {
  std::map<V, Evidence> weighed;
  const V* best = nullptr;
  for (const auto& [value, hits] : votes) {
    const auto [at, fresh] = weighed.emplace(value, Weigh(hits, reading));
    if (best == nullptr || at->second.confidence > weighed.at(*best).confidence) {
      best = &at->first;
    }
  }
  if (best == nullptr) {
    return std::nullopt;
  }
  double rival = 0;
  for (const auto& [value, evidence] : weighed) {
    if (value != *best) {
      rival = std::max(rival, evidence.confidence * distance(*best, value));
    }
  }
  P proposal;
  proposal.value = *best;
  proposal.confidence = Round(weighed.at(*best).confidence * (1.0 - kRivalShare * rival));
  proposal.words = weighed.at(*best).words;
  proposal.applied = proposal.confidence >= threshold;
  return proposal;
}

}  // namespace

struct Classifier::Prepared {
  struct Meaning {         // what a phrase speaks for
    std::size_t rule = 0;  // or, when `technology` is set, nothing
    std::optional<std::size_t> technology;
    double weight = 0;
  };
  std::vector<Rule> rules;
  std::vector<Vocabulary> technologies;
  std::unordered_map<Uuid, std::size_t> technology_at;
  PhraseBook book;
  std::vector<Meaning> meanings;  // by phrase

  void AddPhrase(std::string_view words, const std::vector<Language>& languages, const Meaning& meaning) {
    if (book.Add(words, languages)) {
      meanings.push_back(meaning);
    }
  }
  [[nodiscard]] bool IsAncestor(std::size_t above, std::size_t below) const;
  [[nodiscard]] std::optional<ProposedTechnology> ChooseTechnology(const std::map<std::size_t, std::vector<Hit>>& votes,
                                                                   const Reading& reading, double threshold) const;
};

bool Classifier::Prepared::IsAncestor(std::size_t above, std::size_t below) const {
  for (std::size_t step = 0; step < technologies.size(); ++step) {
    const auto& parent = technologies[below].parent;
    const auto at = parent ? technology_at.find(parent->uuid) : technology_at.end();
    if (at == technology_at.end()) {
      return false;
    }
    if (at->second == above) {
      return true;
    }
    below = at->second;
  }
  return false;
}

// The technology best supported by its own words and, in part, by those of the nodes above it. Nodes above and below it
// do not compete with it.
std::optional<ProposedTechnology> Classifier::Prepared::ChooseTechnology(
    const std::map<std::size_t, std::vector<Hit>>& votes, const Reading& reading, double threshold) const {
  std::map<std::size_t, Evidence> own;
  for (const auto& [node, hits] : votes) {
    own.emplace(node, Weigh(hits, reading));
  }
  std::map<std::size_t, double> full;
  for (const auto& [node, evidence] : own) {
    double confidence = evidence.confidence;
    for (const auto& [other, more] : own) {
      if (other != node && IsAncestor(other, node)) {
        confidence = Combine(confidence, more.confidence * kAncestorShare);
      }
    }
    full[node] = confidence;
  }
  std::optional<std::size_t> best;
  for (const auto& [node, confidence] : full) {
    if (!best || confidence > full[*best] || (confidence == full[*best] && IsAncestor(*best, node))) {
      best = node;
    }
  }
  if (!best) {
    return std::nullopt;
  }
  double rival = 0;
  for (const auto& [node, confidence] : full) {
    if (node != *best && !IsAncestor(node, *best) && !IsAncestor(*best, node)) {
      rival = std::max(rival, confidence);
    }
  }
  ProposedTechnology proposal;
  proposal.id = technologies[*best].id;
  proposal.name = technologies[*best].name;
  proposal.confidence = Round(full[*best] * (1.0 - kRivalShare * rival));
  proposal.words = own.at(*best).words;
  proposal.applied = proposal.confidence >= threshold;
  return proposal;
}

Classifier::Classifier(std::vector<Rule> rules, std::vector<Vocabulary> technologies) {
  auto prepared = std::make_unique<Prepared>();
  prepared->rules = std::move(rules);
  prepared->technologies = std::move(technologies);
  for (std::size_t i = 0; i < prepared->technologies.size(); ++i) {
    prepared->technology_at[prepared->technologies[i].id.uuid] = i;
  }
  for (std::size_t i = 0; i < prepared->rules.size(); ++i) {
    const Rule& rule = prepared->rules[i];
    for (const std::string& words : rule.words) {
      prepared->AddPhrase(words, rule.languages, {.rule = i, .technology = std::nullopt, .weight = rule.weight});
    }
  }
  for (std::size_t i = 0; i < prepared->technologies.size(); ++i) {
    const Vocabulary& technology = prepared->technologies[i];
    prepared->AddPhrase(technology.name, {}, {.rule = 0, .technology = i, .weight = kNameWeight});
    for (const std::string& keyword : technology.keywords) {
      prepared->AddPhrase(keyword, {}, {.rule = 0, .technology = i, .weight = kKeywordWeight});
    }
  }
  prepared_ = std::move(prepared);
}

Classifier::~Classifier() = default;

std::optional<std::string> Classifier::TechnologyName(TechnologyId id) const {
  const auto at = prepared_->technology_at.find(id.uuid);
  return at == prepared_->technology_at.end() ? std::nullopt : std::optional(prepared_->technologies[at->second].name);
}

Classification Classifier::Classify(double threshold, std::string_view subject, std::string_view body) const {
  Classification result;
  const std::string_view read = body.substr(0, kMostBody);
  result.language = text::DetectLanguage(fmt::format("{}\n{}", subject, read.substr(0, kLanguageBody)));
  const Reading reading(subject, read);
  std::map<TicketKind, std::vector<Hit>> kinds;
  std::map<int, std::vector<Hit>> impacts;
  std::map<int, std::vector<Hit>> urgencies;
  std::map<std::size_t, std::vector<Hit>> technologies;
  prepared_->book.FindAll(reading, result.language, [&](std::size_t phrase, std::size_t begin, std::size_t end) {
    const Prepared::Meaning& meaning = prepared_->meanings[phrase];
    const double weight =
        reading.InSubject(begin) ? 1.0 - std::pow(1.0 - meaning.weight, kSubjectPower) : meaning.weight;
    const Hit hit{phrase, begin, end, weight};
    if (meaning.technology) {
      technologies[*meaning.technology].push_back(hit);
      return;
    }
    const Rule& rule = prepared_->rules[meaning.rule];
    if (rule.kind) {
      kinds[*rule.kind].push_back(hit);
    }
    if (rule.impact) {
      impacts[*rule.impact].push_back(hit);
    }
    if (rule.urgency) {
      urgencies[*rule.urgency].push_back(hit);
    }
    const auto node =
        rule.technology ? prepared_->technology_at.find(rule.technology->uuid) : prepared_->technology_at.end();
    if (node != prepared_->technology_at.end()) {
      technologies[node->second].push_back(hit);
    }
  });
  const std::function<double(const TicketKind&, const TicketKind&)> apart = [](TicketKind, TicketKind) { return 1.0; };
  const std::function<double(const int&, const int&)> steps = [](int a, int b) { return std::abs(a - b) / 3.0; };
  result.technology = prepared_->ChooseTechnology(technologies, reading, threshold);
  result.kind = Choose<ProposedKind>(kinds, reading, threshold, apart);
  result.impact = Choose<ProposedLevel>(impacts, reading, threshold, steps);
  result.urgency = Choose<ProposedLevel>(urgencies, reading, threshold, steps);
  return result;
}

}  // namespace propolis::triage
