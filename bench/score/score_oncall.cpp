// oncall: rotations and schedule rules of others.
#include "domain/oncall/oncall_corpus_test_support.h"
#include "score/score.h"

namespace propolis::score {
namespace {

std::vector<Set> ScoreOncall(const std::filesystem::path& folder) {
  std::vector<Set> sets;
  for (const auto& file : Files(folder, ".jsonl")) {
    Set set{file.stem().string(), 0, {}};
    for (const auto& outcome : oncall::corpus::Run(file)) {
      set.Check(outcome.id, outcome.expected, outcome.got);
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

}  // namespace

std::vector<Scorer> OncallScorers() { return {{"oncall", ScoreOncall}}; }

}  // namespace propolis::score
