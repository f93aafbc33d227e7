// Scores the rules against corpora: folders of cases that nobody of this project wrote, laid out topic/set. Which files
// there are is found, never listed, so that any folder of the same layout can be scored.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace propolis::score {

struct Miss {
  std::string id;
  std::string expected;
  std::string got;
};

// One line of the result.
struct Set {
  std::string name;  // below the topic
  std::size_t total = 0;
  std::vector<Miss> misses;

  void Check(const std::string& id, std::string_view expected, std::string_view got) {
    ++total;
    if (expected != got) {
      misses.push_back({id, std::string(expected), std::string(got)});
    }
  }
};

// Takes the folder of its topic. Sets without cases are not shown.
struct Scorer {
  std::string topic;
  std::function<std::vector<Set>(const std::filesystem::path& folder)> run;
};

// One for each file of score_*.cpp.
std::vector<Scorer> AuthScorers();
// Of the topic crypto, beside one-time passwords.
std::vector<Set> ScoreSignatures(const std::filesystem::path& folder);
std::vector<Scorer> MailScorers();
std::vector<Scorer> OncallScorers();
std::vector<Scorer> SlaScorers();
std::vector<Scorer> TextScorers();
std::vector<Scorer> TicketScorers();
std::vector<Scorer> WebScorers();

std::string ReadFile(const std::filesystem::path& path);
// The files of a folder and those below, sorted; without README.md. An extension with its dot, or empty for all.
std::vector<std::filesystem::path> Files(const std::filesystem::path& folder, std::string_view extension);
std::vector<std::string> Lines(const std::filesystem::path& path);
std::vector<std::string> Columns(std::string_view line);  // tab-separated

}  // namespace propolis::score
