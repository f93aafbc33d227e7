// web: what comes in over HTTP.
#include "base/json.h"
#include "channels/html/safety_test_support.h"
#include "channels/html/sanitise.h"
#include "net/multipart.h"
#include "net/multipart_test_support.h"
#include "score/score.h"

namespace propolis::score {
namespace {

namespace fs = std::filesystem;

// y_ must be read, n_ must be refused; i_ may be either and is not counted.
Set ScoreJson(const fs::path& folder) {
  Set set{"json", 0, {}};
  for (const fs::path& file : Files(folder, ".json")) {
    const std::string name = file.filename().string();
    if (name.starts_with("y_") || name.starts_with("n_")) {
      const bool read = json::Document::Parse(ReadFile(file)).has_value();
      set.Check(name, name.starts_with("y_") ? "read" : "refused", read ? "read" : "refused");
    }
  }
  return set;
}

// Nothing active survives.
Set ScoreHtml(const fs::path& file) {
  Set set{"html_sanitize", 0, {}};
  std::size_t row = 0;
  for (const std::string& line : Lines(file)) {
    ++row;
    const auto document = json::Document::Parse(line);
    const auto payload = document ? document->Root().Find("payload") : std::nullopt;
    const std::string html(payload ? payload->AsString().value_or("") : "");
    set.Check(std::to_string(row) + " " + html, "", html::FindDanger(html::Sanitise(html).html));
  }
  return set;
}

// A form is read into the same parts, or refused where it must be.
Set ScoreMultipart(const fs::path& folder) {
  Set set{"multipart", 0, {}};
  for (const fs::path& file : Files(folder, ".http")) {
    fs::path expectation = file;
    const auto expected = net::ReadMultipartCase(ReadFile(expectation.replace_extension(".yaml")));
    set.Check(file.filename().string(), expected.outcome,
              net::DescribeParts(net::ParseMultipart(ReadFile(file), expected.boundary, {})));
  }
  return set;
}

std::vector<Set> ScoreWeb(const fs::path& folder) {
  std::vector<Set> sets = {ScoreJson(folder / "json"), ScoreMultipart(folder / "multipart")};
  for (const fs::path& file : Files(folder, ".jsonl")) {
    if (file.stem().string().contains("html_sanitize")) {
      sets.push_back(ScoreHtml(file));
    }
  }
  return sets;
}

}  // namespace

std::vector<Scorer> WebScorers() { return {{"web", ScoreWeb}}; }

}  // namespace propolis::score
