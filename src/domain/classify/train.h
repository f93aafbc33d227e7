// Training: rows of text and label in, a model and an honest measure of it out. Pure: the same rows in the same order
// give the same model. The linear model is LIBLINEAR's multi-class support vector machine (Crammer and Singer, 2001).
//
// Confidence and metrics come from cross-validation only: every row is judged by a model that has not seen its text.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/classify/metrics.h"
#include "domain/classify/model.h"

namespace propolis::classify {

inline constexpr std::size_t kFewestRows = 4;
inline constexpr std::size_t kMostRows = 100'000;

struct Example {
  std::string subject;  // may be empty
  std::string body;
  std::string label;
};

struct Trained {
  Model model;
  Metrics metrics;  // cross-validated
};

// Seconds for ten thousand rows. Errors: kInvalid for too few or too many rows, fewer than two labels, or a label that
// is empty or too long.
Result<Trained> Train(std::span<const Example> examples);

// The answers of a model on rows it has not seen.
Metrics Judge(const Model& model, std::span<const Example> examples);

}  // namespace propolis::classify
