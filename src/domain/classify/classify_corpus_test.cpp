// The model on real requests that nobody of this project wrote or labelled. Bounds stand two to three points under what
// was measured, so that a broken model fails and a slightly different one does not.
#include <gtest/gtest.h>

#include "base/corpora_test_support.h"
#include "domain/classify/classify_corpus_test_support.h"

namespace propolis::classify {
namespace {

struct Bounds {
  std::string name;
  double accuracy;
  double macro_f1;
  double sure_accuracy;  // of the answers at 0.8 and over
  double sure_coverage;
};

const std::vector<Bounds>& AllBounds() {
  static const std::vector<Bounds> all = {{"endava_category", 0.83, 0.40, 0.91, 0.60},
                                          {"endava_business_service", 0.60, 0.27, 0.84, 0.28},
                                          {"banking77", 0.88, 0.88, 0.95, 0.75},
                                          {"clinc150", 0.94, 0.94, 0.97, 0.85}};
  return all;
}

class ClassifyCorpus : public testing::TestWithParam<Bounds> {};

TEST_P(ClassifyCorpus, IsAsGoodAsItWas) {
  const auto folder = Corpora("tickets");
  if (!folder) {
    GTEST_SKIP() << "the shared corpora are not here";
  }
  const Bounds& bounds = GetParam();
  const auto sets = corpus::Sets(*folder);
  const auto set = std::ranges::find(sets, bounds.name, &corpus::Set::name);
  if (set == sets.end()) {
    GTEST_SKIP() << "the corpora have no " << bounds.name;
  }
  const auto trained = Train(set->train);
  ASSERT_TRUE(trained) << Describe(trained.error());
  const Metrics metrics = Judge(trained->model, set->test);
  EXPECT_GE(metrics.accuracy, bounds.accuracy);
  EXPECT_GE(metrics.macro_f1, bounds.macro_f1);
  EXPECT_NEAR(metrics.accuracy, trained->metrics.accuracy, 0.05) << "cross-validation tells what will come";
  const auto sure = std::ranges::find(metrics.curve, 0.8, &CoveragePoint::threshold);
  EXPECT_GE(sure->accuracy, bounds.sure_accuracy);
  EXPECT_GE(sure->coverage, bounds.sure_coverage);
  if (!set->strange.empty()) {
    EXPECT_GE(corpus::Withheld(trained->model, set->strange, 0.8), 0.75) << "says when it does not know";
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, ClassifyCorpus, testing::ValuesIn(AllBounds()),
                         [](const auto& set) { return set.param.name; });

}  // namespace
}  // namespace propolis::classify
