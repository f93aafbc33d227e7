// A trained linear model: for every label a weight for each feature, and how sure its answers are. Pure: the same text
// and the same model always give the same answer, and nothing leaves the machine. Immutable, so threads may share it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/classify/features.h"

namespace propolis::classify {

inline constexpr std::size_t kMostLabels = 1000;
inline constexpr std::size_t kMostLabelBytes = 200;
inline constexpr std::size_t kMostFeatures = std::size_t{1} << 17U;
inline constexpr std::size_t kMostWeights = std::size_t{1} << 25U;  // labels times features; a byte each

struct Answer {
  std::string label;
  double confidence = 0;           // 0 to 1: how often answers like this one were right in cross-validation
  std::vector<std::string> words;  // that speak most for the label, the strongest first
};

// What the confidence of an answer is made from.
struct Signals {
  double top = 0;     // score of the best label
  double margin = 0;  // how far the second is behind
  double known = 0;   // which part of the words was seen in training
};

// Probability of being right by logistic regression on the signals (Platt, 1999, with the margin and the known words
// beside the score), fitted to cross-validated answers only.
struct Calibration {
  double bias = 0;
  double top = 0;
  double margin = 0;
  double known = 0;
  [[nodiscard]] double Confidence(const Signals& signals) const;
};

Signals SignalsOf(const std::vector<double>& scores, double known);

// The parts of a model as training makes them.
struct Parts {
  std::vector<std::string> labels;
  Vocabulary vocabulary;
  std::vector<float> weights;  // [feature * labels + label]
  std::vector<float> bias;     // by label
  Calibration calibration;
};

class Model {
 public:
  // Weights are kept as 8 bits with a scale for each feature.
  explicit Model(const Parts& parts);
  // What Serialise wrote. Error: kInvalid "classify.bad_model" for any other bytes.
  static Result<Model> Parse(std::string_view bytes);
  [[nodiscard]] std::string Serialise() const;

  // `subject` may be empty.
  [[nodiscard]] Answer Classify(std::string_view subject, std::string_view body) const;
  [[nodiscard]] const std::vector<std::string>& labels() const { return labels_; }

 private:
  Model() = default;
  [[nodiscard]] std::vector<double> Scores(const std::vector<Term>& terms) const;
  [[nodiscard]] std::vector<std::string> Deciding(const Features& features, const std::vector<Term>& terms,
                                                  std::size_t label) const;
  [[nodiscard]] double Weight(std::size_t feature, std::size_t label) const {
    return static_cast<double>(scale_[feature]) * weights_[feature * labels_.size() + label];
  }

  std::vector<std::string> labels_;
  Vocabulary vocabulary_;
  std::vector<float> scale_;          // by feature
  std::vector<std::int8_t> weights_;  // [feature * labels + label]
  std::vector<float> bias_;
  Calibration calibration_;
};

}  // namespace propolis::classify
