// propolis_score DIR [TOPIC]: prints `score <topic>/<set> <right>/<total> <percent>` for every corpus in DIR that there
// are rules for, or those of one topic. VERBOSE=1 in the environment: each miss too. Exit 0 when anything was scored, 1
// when nothing was, 2 on wrong use.
#include "score/score.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/json.h"
#include "base/text.h"

namespace propolis::score {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> Files(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> files;
  if (fs::is_directory(folder)) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file() && entry.path().filename() != "README.md" &&
          (extension.empty() || entry.path().extension() == extension)) {
        files.push_back(entry.path());
      }
    }
  }
  std::ranges::sort(files);
  return files;
}

std::vector<std::string> Lines(const fs::path& path) {
  std::vector<std::string> lines;
  std::ifstream file(path, std::ios::binary);
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with('\r')) {
      line.pop_back();
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> Columns(std::string_view line) {
  std::vector<std::string> columns;
  for (const std::string_view column : text::Split(line, '\t')) {
    columns.emplace_back(column);
  }
  return columns;
}

namespace {

std::vector<Scorer> AllScorers() {
  std::vector<Scorer> all;
  for (const auto& make :
       {AuthScorers, MailScorers, OncallScorers, SlaScorers, TextScorers, TicketScorers, WebScorers}) {
    std::ranges::move(make(), std::back_inserter(all));
  }
  std::ranges::sort(all, {}, &Scorer::topic);
  return all;
}

void Print(const std::string& topic, const Set& set, bool verbose) {
  const std::size_t right = set.total - set.misses.size();
  std::cout << fmt::format("score {}/{} {}/{} {:.1f}\n", topic, set.name, right, set.total,
                           100.0 * static_cast<double>(right) / static_cast<double>(set.total));
  if (verbose) {
    for (const Miss& miss : set.misses) {
      std::cout << fmt::format("miss {}/{} {} expected {} got {}\n", topic, set.name, miss.id,
                               json::Quote(text::Prefix(miss.expected, 200)), json::Quote(text::Prefix(miss.got, 200)));
    }
  }
  std::cout.flush();
}

int Run(const fs::path& folder, std::string_view topic, bool verbose) {
  bool any = false;
  for (const Scorer& scorer : AllScorers()) {
    if ((!topic.empty() && scorer.topic != topic) || !fs::is_directory(folder / scorer.topic)) {
      continue;
    }
    for (const Set& set : scorer.run(folder / scorer.topic)) {
      if (set.total > 0) {
        any = true;
        Print(scorer.topic, set, verbose);
      }
    }
  }
  if (!any) {
    std::cerr << "propolis_score: nothing to score in " << folder.string() << '\n';
  }
  return any ? 0 : 1;
}

}  // namespace
}  // namespace propolis::score

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3 || !std::filesystem::is_directory(argv[1])) {
    std::cerr << "usage: propolis_score DIR [TOPIC] (make score CORPORA=DIR)\n";
    return 2;
  }
  const char* verbose = std::getenv("VERBOSE");
  return propolis::score::Run(argv[1], argc == 3 ? argv[2] : "",
                              verbose != nullptr && std::string_view(verbose) == "1");
}
