// sla: working-time calculators of others.
#include "domain/holidays/holidays_corpus_test_support.h"
#include "domain/recurrence/recurrence_corpus_test_support.h"
#include "domain/sla/sla_corpus_test_support.h"
#include "score/score.h"

namespace propolis::score {
namespace {

namespace fs = std::filesystem;

// What a file holds is told by its first row.
std::vector<sla::corpus::Outcome> Outcomes(const fs::path& file) {
  const auto lines = Lines(file);
  const auto first = lines.empty() ? json::Document::Parse("null") : json::Document::Parse(lines[0]);
  if (first && first->Root().Find("op")) {
    return sla::corpus::RunGem(file);
  }
  if (first && first->Root().Find("schedule_time_zone")) {
    return sla::corpus::RunOtobo(file);
  }
  return {};
}

std::vector<Set> ScoreSla(const fs::path& folder) {
  std::vector<Set> sets;
  for (const fs::path& file : Files(folder, ".jsonl")) {
    Set set{file.stem().string(), 0, {}};
    for (const auto& outcome : Outcomes(file)) {
      set.Check(outcome.id, outcome.expected, outcome.got);
    }
    sets.push_back(std::move(set));
  }
  for (const fs::path& file : Files(folder, ".tsv")) {
    const auto compared = holidays::corpus::Compare(file);
    Set set{file.stem().string(), compared.total, {}};
    for (const auto& day : compared.missing) {
      set.misses.push_back({day, "a holiday", "none"});
    }
    sets.push_back(std::move(set));
  }
  for (const fs::path& file : Files(folder, ".txt")) {
    Set set{file.stem().string(), 0, {}};
    for (const auto& outcome : recurrence::corpus::Run(file)) {
      set.Check(outcome.id, outcome.expected, outcome.got);
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

}  // namespace

std::vector<Scorer> SlaScorers() { return {{"sla", ScoreSla}}; }

}  // namespace propolis::score
