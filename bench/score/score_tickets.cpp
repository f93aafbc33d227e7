// tickets: labelled requests. Beside the desk's own model the plain baseline on the same rows: words, tf-idf, logistic
// regression.
#include <linear.h>

#include <chrono>
#include <cmath>
#include <iostream>
#include <map>

#include "base/text.h"
#include "domain/classify/classify_corpus_test_support.h"
#include "score/score.h"

namespace propolis::score {
namespace {

using classify::Example;
using classify::Outcome;

// The usual first attempt, with the usual settings: lower-case words, raw counts, smoothed idf, length one, C = 1.
class Baseline {
 public:
  explicit Baseline(const std::vector<Example>& rows) {
    std::map<std::string, int> texts;
    for (const Example& row : rows) {
      numbers_.emplace(row.label, static_cast<int>(numbers_.size()));
      for (const auto& [word, count] : Counts(row)) {
        ++texts[word];
      }
    }
    for (const auto& [word, count] : texts) {
      const double idf = std::log((1.0 + static_cast<double>(rows.size())) / (1.0 + count)) + 1.0;
      words_.emplace(word, std::pair(static_cast<int>(words_.size()) + 1, idf));
    }
    std::vector<std::vector<feature_node>> nodes;
    std::vector<double> targets;
    for (const Example& row : rows) {
      nodes.push_back(Nodes(row));
      targets.push_back(numbers_.at(row.label));
    }
    std::vector<feature_node*> pointers;
    for (auto& each : nodes) {
      pointers.push_back(each.data());
    }
    problem all{};
    all.l = static_cast<int>(pointers.size());
    all.n = static_cast<int>(words_.size()) + 1;
    all.y = targets.data();
    all.x = pointers.data();
    all.bias = 1;
    parameter how{};
    how.solver_type = L2R_LR;
    how.C = 1;
    how.eps = 0.01;
    set_print_string_function([](const char*) {});
    model_ = train(&all, &how);
  }
  ~Baseline() { free_and_destroy_model(&model_); }
  Baseline(const Baseline&) = delete;
  Baseline& operator=(const Baseline&) = delete;

  [[nodiscard]] std::string Answer(const Example& row) const {
    const int number = static_cast<int>(predict(model_, Nodes(row).data()));
    return std::ranges::find(numbers_, number, &std::pair<const std::string, int>::second)->first;
  }

 private:
  static std::map<std::string, int> Counts(const Example& row) {
    std::map<std::string, int> counts;
    const std::string lower = text::ToLower(row.subject + " " + row.body);
    for (const text::Word& word : text::Words(lower)) {
      ++counts[lower.substr(word.begin, word.end - word.begin)];
    }
    return counts;
  }
  [[nodiscard]] std::vector<feature_node> Nodes(const Example& row) const {
    std::vector<feature_node> nodes;
    double squares = 0;
    for (const auto& [word, count] : Counts(row)) {
      if (const auto at = words_.find(word); at != words_.end()) {
        nodes.push_back({at->second.first, count * at->second.second});
        squares += nodes.back().value * nodes.back().value;
      }
    }
    for (feature_node& node : nodes) {
      node.value /= std::sqrt(squares);
    }
    std::ranges::sort(nodes, {}, &feature_node::index);
    nodes.push_back({static_cast<int>(words_.size()) + 1, 1.0});
    nodes.push_back({-1, 0.0});
    return nodes;
  }
  std::map<std::string, int> numbers_;
  std::map<std::string, std::pair<int, double>> words_;  // number and idf
  ::model* model_ = nullptr;
};

void PrintCurve(const classify::corpus::Set& set, const classify::Model& model, const classify::Metrics& metrics) {
  for (const auto& point : metrics.curve) {
    std::cout << fmt::format("curve tickets/{} threshold {:.2f} coverage {:.3f} accuracy {:.3f}", set.name,
                             point.threshold, point.coverage, point.accuracy);
    if (!set.strange.empty()) {
      std::cout << fmt::format(" out-of-scope recall {:.3f}",
                               classify::corpus::Withheld(model, set.strange, point.threshold));
    }
    std::cout << '\n';
  }
}

std::vector<Set> ScoreSet(const classify::corpus::Set& rows) {
  using Clock = std::chrono::steady_clock;
  Set ours{rows.name, 0, {}};
  Set plain{rows.name + "_baseline", 0, {}};
  const auto begin = Clock::now();
  const auto trained = classify::Train(rows.train);
  if (!trained) {
    return {};
  }
  const std::chrono::duration<double> training = Clock::now() - begin;
  const Baseline baseline(rows.train);
  std::vector<Outcome> answers;
  std::vector<Outcome> plain_answers;
  Clock::duration classifying{};
  for (const Example& row : rows.test) {
    const auto from = Clock::now();
    const auto answer = trained->model.Classify(row.subject, row.body);
    classifying += Clock::now() - from;
    answers.push_back({row.label, answer.label, answer.confidence});
    plain_answers.push_back({row.label, baseline.Answer(row), 1});
    ours.Check(row.body, row.label, answer.label);
    plain.Check(row.body, row.label, plain_answers.back().got);
  }
  const auto metrics = classify::Measure(answers);
  const auto plain_metrics = classify::Measure(plain_answers);
  const double micros = std::chrono::duration<double, std::micro>(classifying).count();
  std::cout << fmt::format(
      "model tickets/{} accuracy {:.4f} (baseline {:.4f}) macro-F1 {:.4f} (baseline {:.4f}), {:.0f} us each, trained "
      "on "
      "{} rows in {:.1f} s, {} kB\n",
      rows.name, metrics.accuracy, plain_metrics.accuracy, metrics.macro_f1, plain_metrics.macro_f1,
      micros / static_cast<double>(rows.test.size()), rows.train.size(), training.count(),
      trained->model.Serialise().size() / 1024);
  PrintCurve(rows, trained->model, metrics);
  return {std::move(ours), std::move(plain)};
}

std::vector<Set> ScoreTickets(const std::filesystem::path& folder) {
  std::vector<Set> sets;
  for (const auto& rows : classify::corpus::Sets(folder)) {
    std::ranges::move(ScoreSet(rows), std::back_inserter(sets));
  }
  return sets;
}

}  // namespace

std::vector<Scorer> TicketScorers() { return {{"tickets", ScoreTickets}}; }

}  // namespace propolis::score
