// The shared sets of labelled requests, split for good: a fifth of the rows, chosen by their text, is only for judging.
#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/json.h"
#include "domain/classify/csv.h"
#include "domain/classify/train.h"

namespace propolis::classify::corpus {

struct Set {
  std::string name;
  std::vector<Example> train;
  std::vector<Example> test;
  std::vector<Example> strange;  // texts that have none of the labels
};

inline std::string Unpack(const std::filesystem::path& file) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(("gzip -dc '" + file.string() + "'").c_str(), "r"), pclose);
  std::string bytes;
  std::array<char, 65536> block{};
  while (pipe) {
    const std::size_t got = fread(block.data(), 1, block.size(), pipe.get());
    if (got == 0) {
      break;
    }
    bytes.append(block.data(), got);
  }
  return bytes;
}

inline void Place(Set& set, Example example) {
  constexpr std::uint32_t kSalt = 20'26;
  constexpr double kTestPart = 0.2;
  const bool test = Share(example.subject + "\n" + example.body, kSalt) < kTestPart;
  (test ? set.test : set.train).push_back(std::move(example));
}

// `keep` chooses rows by the value of a column; "" for all.
inline Set FromCsv(const std::filesystem::path& file, std::string name, std::string_view subject, std::string_view body,
                   std::string_view label, std::string_view keep = "", std::string_view kept = "") {
  Set set{std::move(name), {}, {}, {}};
  const auto table = ParseCsv(Unpack(file));
  if (!table) {
    return set;
  }
  for (const auto& row : table->rows) {
    if (!keep.empty() && row[table->Column(keep).value()] != kept) {
      continue;
    }
    Place(set, {subject.empty() ? "" : row[table->Column(subject).value()], row[table->Column(body).value()],
                row[table->Column(label).value()]});
  }
  return set;
}

// [[text, intent], ...]
inline std::vector<Example> FromPairs(json::View list) {
  std::vector<Example> examples;
  for (std::size_t i = 0; i < list.Size(); ++i) {
    examples.push_back({"", std::string(list.At(i).At(0).AsString().value_or("")),
                        std::string(list.At(i).At(1).AsString().value_or(""))});
  }
  return examples;
}

inline Set FromClinc(const std::filesystem::path& file) {
  Set set{"clinc150", {}, {}, {}};
  const auto document = json::Document::Parse(Unpack(file));
  for (const std::string_view part : {"train", "val", "oos_train", "oos_val"}) {
    const auto list = document ? document->Root().Find(part) : std::nullopt;
    for (Example& example : list ? FromPairs(*list) : std::vector<Example>{}) {
      if (part.starts_with("oos")) {
        set.strange.push_back(std::move(example));
      } else {
        Place(set, std::move(example));
      }
    }
  }
  return set;
}

// Those of the folder that are there.
inline std::vector<Set> Sets(const std::filesystem::path& folder) {
  std::vector<Set> sets;
  const auto endava = folder / "endava_train.csv.gz";
  sets.push_back(FromCsv(endava, "endava_category", "title", "body", "category"));
  sets.push_back(FromCsv(endava, "endava_business_service", "title", "body", "business_service"));
  // Requests of the other type have both levels as their form proposes them: nobody chose.
  sets.push_back(FromCsv(endava, "endava_urgency", "title", "body", "urgency", "ticket_type", "0"));
  sets.push_back(FromCsv(endava, "endava_impact", "title", "body", "impact", "ticket_type", "0"));
  sets.push_back(FromCsv(folder / "banking77_train.csv.gz", "banking77", "", "text", "category"));
  sets.push_back(FromClinc(folder / "clinc150_train.json.gz"));
  std::erase_if(sets, [](const Set& set) { return set.train.empty() || set.test.empty(); });
  return sets;
}

// Part of the strange texts that is left without an answer.
inline double Withheld(const Model& model, const std::vector<Example>& strange, double threshold) {
  std::size_t withheld = 0;
  for (const Example& example : strange) {
    withheld += model.Classify(example.subject, example.body).confidence < threshold ? 1 : 0;
  }
  return strange.empty() ? 0.0 : static_cast<double>(withheld) / static_cast<double>(strange.size());
}

}  // namespace propolis::classify::corpus
