// search: stems. language_id: the language of paragraphs.
#include "base/text.h"
#include "score/score.h"

namespace propolis::score {
namespace {

namespace fs = std::filesystem;

std::optional<Language> LanguageNamed(std::string_view name) {
  for (const auto& [language, long_name] : {std::pair(Language::kEn, "english"), std::pair(Language::kEs, "spanish"),
                                            std::pair(Language::kPt, "portuguese")}) {
    if (name.ends_with(long_name)) {
      return language;
    }
  }
  return std::nullopt;
}

std::vector<Set> ScoreStems(const fs::path& folder) {
  std::vector<Set> sets;
  for (const fs::path& file : Files(folder, ".tsv")) {
    const auto language = LanguageNamed(file.stem().string());
    if (!language) {
      continue;
    }
    Set set{file.stem().string(), 0, {}};
    for (const std::string& line : Lines(file)) {
      const auto columns = Columns(line);
      if (columns.size() == 2 && line != "word\tstem") {
        set.Check(columns[0], columns[1], text::Stem(columns[0], *language));
      }
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

// es, pt-BR, pt-PT and en are ours; for every other language "none" is right.
std::vector<Set> ScoreLanguages(const fs::path& folder) {
  std::vector<Set> sets;
  for (const fs::path& file : Files(folder, ".tsv")) {
    Set set{file.stem().string(), 0, {}};
    std::size_t row = 0;
    for (const std::string& line : Lines(file)) {
      const auto columns = Columns(line);
      if (++row == 1 || columns.size() != 2) {
        continue;
      }
      const auto expected = FromName<Language>(columns[0].substr(0, columns[0].find('-')));
      const auto got = text::DetectLanguage(columns[1]);
      set.Check(std::to_string(row) + " " + columns[0] + " " + std::string(text::Prefix(columns[1], 60)),
                expected ? NameOf(*expected) : "none", got ? NameOf(*got) : "none");
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

}  // namespace

std::vector<Scorer> TextScorers() { return {{"search", ScoreStems}, {"language_id", ScoreLanguages}}; }

}  // namespace propolis::score
