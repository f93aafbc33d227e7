#include "domain/classify/metrics.h"

#include <cmath>
#include <map>

namespace propolis::classify {
namespace {

constexpr std::array kThresholds = {0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95};

double Part(std::int64_t part, std::int64_t whole) {
  constexpr double kPlaces = 10'000;
  return whole == 0 ? 0.0 : std::round(static_cast<double>(part) / static_cast<double>(whole) * kPlaces) / kPlaces;
}

struct Counts {
  std::int64_t right = 0;
  std::int64_t expected = 0;
  std::int64_t got = 0;
};

CoveragePoint At(double threshold, std::span<const Outcome> outcomes) {
  std::int64_t answered = 0;
  std::int64_t right = 0;
  for (const Outcome& outcome : outcomes) {
    if (outcome.confidence >= threshold) {
      ++answered;
      right += outcome.expected == outcome.got ? 1 : 0;
    }
  }
  return {threshold, Part(answered, std::ssize(outcomes)), Part(right, answered)};
}

}  // namespace

Metrics Measure(std::span<const Outcome> outcomes) {
  std::map<std::string, Counts> counts;
  std::int64_t right = 0;
  for (const Outcome& outcome : outcomes) {
    ++counts[outcome.expected].expected;
    ++counts[outcome.got].got;
    if (outcome.expected == outcome.got) {
      ++counts[outcome.expected].right;
      ++right;
    }
  }
  Metrics metrics;
  metrics.rows = std::ssize(outcomes);
  metrics.accuracy = Part(right, metrics.rows);
  double sum = 0;
  for (const auto& [label, count] : counts) {
    const double f1 = Part(2 * count.right, count.expected + count.got);
    metrics.labels.push_back(
        {label, count.expected, Part(count.right, count.got), Part(count.right, count.expected), f1});
    sum += f1;
  }
  metrics.macro_f1 = counts.empty() ? 0.0 : sum / static_cast<double>(counts.size());
  std::ranges::sort(metrics.labels, {}, [](const LabelMetrics& label) { return std::pair(-label.rows, label.label); });
  for (const double threshold : kThresholds) {
    metrics.curve.push_back(At(threshold, outcomes));
  }
  return metrics;
}

const dto::Type& LabelMetrics::Dto() {
  static const dto::Type type =
      dto::Object<LabelMetrics>("LabelMetrics", "How well one label is told from the others.")
          .Required("label", &LabelMetrics::label, "Which.")
          .Required("rows", &LabelMetrics::rows, "Rows that have it.")
          .Required("precision", &LabelMetrics::precision, "Part of its answers that is right.")
          .Required("recall", &LabelMetrics::recall, "Part of its rows that is found.")
          .Required("f1", &LabelMetrics::f1, "Harmonic mean of both.")
          .Done();
  return type;
}

const dto::Type& CoveragePoint::Dto() {
  static const dto::Type type =
      dto::Object<CoveragePoint>("CoveragePoint", "What remains when answers under a threshold are withheld.")
          .Required("threshold", &CoveragePoint::threshold, "Least confidence, 0 to 1.")
          .Required("coverage", &CoveragePoint::coverage, "Part of the rows that gets an answer.")
          .Required("accuracy", &CoveragePoint::accuracy, "Part of those answers that is right.")
          .Done();
  return type;
}

const dto::Type& Metrics::Dto() {
  static const dto::Type type =
      dto::Object<Metrics>("ModelMetrics", "How good a model is on rows that it was not trained on.")
          .Required("rows", &Metrics::rows, "Rows it was measured on.")
          .Required("accuracy", &Metrics::accuracy, "Part of the answers that is right, 0 to 1.")
          .Required("macro_f1", &Metrics::macro_f1, "Mean of F1 over the labels, each counting the same.")
          .Required("labels", &Metrics::labels, "Per label, the most frequent first.")
          .Required("curve", &Metrics::curve, "Coverage and accuracy by threshold.")
          .Done();
  return type;
}

}  // namespace propolis::classify
