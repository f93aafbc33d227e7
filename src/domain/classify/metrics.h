// How good a classifier is on rows whose right answer is known.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/dto.h"

namespace propolis::classify {

struct Outcome {
  std::string expected;
  std::string got;
  double confidence = 0;
};

struct LabelMetrics {
  std::string label;
  std::int64_t rows = 0;
  double precision = 0;
  double recall = 0;
  double f1 = 0;
  static const dto::Type& Dto();
};

// What remains when answers under a threshold are withheld.
struct CoveragePoint {
  double threshold = 0;
  double coverage = 0;  // part of the rows that gets an answer
  double accuracy = 0;  // of those
  static const dto::Type& Dto();
};

struct Metrics {
  std::int64_t rows = 0;
  double accuracy = 0;
  double macro_f1 = 0;               // mean of F1 over all labels that were right or given
  std::vector<LabelMetrics> labels;  // those that occur, the most frequent first
  std::vector<CoveragePoint> curve;
  static const dto::Type& Dto();
};

Metrics Measure(std::span<const Outcome> outcomes);

}  // namespace propolis::classify
