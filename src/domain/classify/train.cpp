#include "domain/classify/train.h"

#include <linear.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <set>

#include "base/mutex.h"

namespace propolis::classify {
namespace {

constexpr double kCost = 1;         // C: chosen by cross-validation on ticket, bank and assistant texts
constexpr double kTolerance = 0.1;  // LIBLINEAR's own for its dual solvers
constexpr std::size_t kManyRows = 3000;
constexpr std::uint32_t kFoldSalt = 1;

// One row made ready.
struct Row {
  Features features;
  int label = 0;
  std::size_t fold = 0;
};

struct Linear {
  Vocabulary vocabulary;
  std::vector<float> weights;  // [feature * labels + label]
  std::vector<float> bias;
};

struct FreeModel {
  void operator()(::model* trained) const { free_and_destroy_model(&trained); }
};
using ModelPointer = std::unique_ptr<::model, FreeModel>;

// LIBLINEAR shuffles by rand() and prints through a global: one training at a time, always with the same shuffle.
ModelPointer TrainLinear(const problem& rows, const parameter& how) {
  static Mutex mutex;
  const MutexLock lock(mutex);
  set_print_string_function([](const char*) {});
  std::srand(1);
  return ModelPointer(::train(&rows, &how));
}

// Rows as LIBLINEAR wants them: indices from 1, an end mark of -1.
class Problem {
 public:
  void Add(const std::vector<double>& values, double target) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      nodes_.push_back({static_cast<int>(i) + 1, values[i]});
    }
    End(values.size(), target);
  }
  void Add(const std::vector<Term>& terms, std::size_t width, double target) {
    for (const Term& term : terms) {
      nodes_.push_back({static_cast<int>(term.index) + 1, static_cast<double>(term.value)});
    }
    End(width, target);
  }
  [[nodiscard]] problem Take() {
    rows_.clear();
    for (const std::size_t begin : begins_) {
      rows_.push_back(nodes_.data() + begin);
    }
    problem all{};
    all.l = static_cast<int>(rows_.size());
    all.n = static_cast<int>(width_) + 1;
    all.y = targets_.data();
    all.x = rows_.data();
    all.bias = 1;
    return all;
  }

 private:
  void End(std::size_t width, double target) {
    width_ = width;
    nodes_.push_back({static_cast<int>(width) + 1, 1.0});  // the bias
    nodes_.push_back({-1, 0.0});
    begins_.push_back(next_);
    next_ = nodes_.size();
    targets_.push_back(target);
  }
  std::vector<feature_node> nodes_;
  std::vector<std::size_t> begins_;
  std::size_t next_ = 0;
  std::size_t width_ = 0;
  std::vector<double> targets_;
  std::vector<feature_node*> rows_;
};

parameter How(int solver) {
  parameter how{};
  how.solver_type = solver;
  how.C = kCost;
  how.eps = kTolerance;
  return how;
}

Linear Fit(const std::vector<const Row*>& rows, std::size_t labels) {
  std::vector<const Features*> texts;
  for (const Row* row : rows) {
    texts.push_back(&row->features);
  }
  Linear linear;
  linear.vocabulary = Vocabulary::Of(texts, std::min(kMostFeatures, kMostWeights / labels));
  const std::size_t width = linear.vocabulary.size();
  Problem problem;
  for (const Row* row : rows) {
    problem.Add(linear.vocabulary.Project(row->features), width, row->label);
  }
  const auto prepared = problem.Take();
  const ModelPointer trained = TrainLinear(prepared, How(MCSVM_CS));
  // A label without rows in this fold is not among the trained ones: it can never win.
  constexpr float kNever = -1000;
  linear.weights.resize(width * labels);
  linear.bias.assign(labels, kNever);
  for (int i = 0; i < trained->nr_class; ++i) {
    const auto label = static_cast<std::size_t>(trained->label[i]);
    for (std::size_t feature = 0; feature < width; ++feature) {
      linear.weights[feature * labels + label] = static_cast<float>(
          trained->w[feature * static_cast<std::size_t>(trained->nr_class) + static_cast<std::size_t>(i)]);
    }
    linear.bias[label] = static_cast<float>(
        trained->w[width * static_cast<std::size_t>(trained->nr_class) + static_cast<std::size_t>(i)]);
  }
  return linear;
}

// An answer of a model on a row it has not seen.
struct Judged {
  Signals signals;
  std::size_t label = 0;
};

Judged JudgeRow(const Linear& linear, const Row& row) {
  const std::size_t labels = linear.bias.size();
  std::vector<double> scores(linear.bias.begin(), linear.bias.end());
  for (const Term& term : linear.vocabulary.Project(row.features)) {
    for (std::size_t label = 0; label < labels; ++label) {
      scores[label] +=
          static_cast<double>(term.value) * static_cast<double>(linear.weights[term.index * labels + label]);
    }
  }
  return {SignalsOf(scores, linear.vocabulary.Known(row.features)),
          static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin())};
}

std::vector<Judged> CrossValidate(const std::vector<Row>& rows, std::size_t folds, std::size_t labels) {
  std::vector<Judged> judged(rows.size());
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<const Row*> others;
    std::set<int> seen;
    for (const Row& row : rows) {
      if (row.fold != fold) {
        others.push_back(&row);
        seen.insert(row.label);
      }
    }
    if (others.size() == rows.size() || seen.size() < 2) {
      continue;
    }
    const Linear linear = Fit(others, labels);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].fold == fold) {
        judged[i] = JudgeRow(linear, rows[i]);
      }
    }
  }
  return judged;
}

// Logistic regression of "right" on the signals. Besides the rows it is told that an answer without any evidence is
// wrong, as often as every twentieth row and at least five times: where all rows were right, nothing else would say so,
// and any text would be answered with certainty.
Calibration Calibrate(const std::vector<Row>& rows, const std::vector<Judged>& judged) {
  Problem problem;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Signals& signals = judged[i].signals;
    problem.Add({signals.top, signals.margin, signals.known},
                judged[i].label == static_cast<std::size_t>(rows[i].label) ? 1 : 0);
  }
  for (std::size_t i = 0; i < 5 + rows.size() / 20; ++i) {
    problem.Add({0, 0, 0}, 0);
  }
  problem.Add({1, 1, 1}, 1);  // and one with evidence is right, lest there be one class only
  const auto prepared = problem.Take();
  parameter how = How(L2R_LR);
  how.eps = 1e-4;
  const ModelPointer trained = TrainLinear(prepared, how);
  // Two classes share one vector, which speaks for the class that LIBLINEAR met first.
  const double sign = trained->label[0] == 1 ? 1.0 : -1.0;
  return {sign * trained->w[3], sign * trained->w[0], sign * trained->w[1], sign * trained->w[2]};
}

Status Check(std::span<const Example> examples, const std::map<std::string, int>& labels) {
  if (examples.size() < kFewestRows) {
    return Fail(Code::kInvalid, "classify.too_few_rows", {{"min", std::to_string(kFewestRows)}});
  }
  if (examples.size() > kMostRows) {
    return Fail(Code::kInvalid, "classify.too_many_rows", {{"max", std::to_string(kMostRows)}});
  }
  if (labels.size() < 2) {
    return Fail(Code::kInvalid, "classify.one_label");
  }
  if (labels.size() > kMostLabels) {
    return Fail(Code::kInvalid, "classify.too_many_labels", {{"max", std::to_string(kMostLabels)}});
  }
  for (const auto& [label, number] : labels) {
    if (label.empty() || label.size() > kMostLabelBytes) {
      return Fail(Code::kInvalid, "classify.bad_label", {{"max", std::to_string(kMostLabelBytes)}});
    }
  }
  return {};
}

}  // namespace

Result<Trained> Train(std::span<const Example> examples) {
  std::map<std::string, int> numbers;
  for (const Example& example : examples) {
    numbers.emplace(example.label, 0);
  }
  TRY(Check(examples, numbers));
  Parts parts;
  for (auto& [label, number] : numbers) {
    number = static_cast<int>(parts.labels.size());
    parts.labels.push_back(label);
  }
  const std::size_t folds = examples.size() < kManyRows ? 5 : 3;
  std::vector<Row> rows;
  for (const Example& example : examples) {
    Row row;
    row.features = Read(example.subject, example.body);
    row.label = numbers.at(example.label);
    // By text: the same request sent twice must not be in two folds.
    row.fold =
        static_cast<std::size_t>(Share(example.subject + "\n" + example.body, kFoldSalt) * static_cast<double>(folds));
    rows.push_back(std::move(row));
  }
  const std::size_t labels = parts.labels.size();
  const std::vector<Judged> judged = CrossValidate(rows, folds, labels);
  parts.calibration = Calibrate(rows, judged);
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    outcomes.push_back(
        {examples[i].label, parts.labels[judged[i].label], parts.calibration.Confidence(judged[i].signals)});
  }
  std::vector<const Row*> all;
  for (const Row& row : rows) {
    all.push_back(&row);
  }
  Linear linear = Fit(all, labels);
  parts.vocabulary = std::move(linear.vocabulary);
  parts.weights = std::move(linear.weights);
  parts.bias = std::move(linear.bias);
  return Trained{Model(parts), Measure(outcomes)};
}

Metrics Judge(const Model& model, std::span<const Example> examples) {
  std::vector<Outcome> outcomes;
  for (const Example& example : examples) {
    const Answer answer = model.Classify(example.subject, example.body);
    outcomes.push_back({example.label, answer.label, answer.confidence});
  }
  return Measure(outcomes);
}

}  // namespace propolis::classify
