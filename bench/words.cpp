#include "words.h"

#include <fmt/format.h>

#include <cmath>

namespace propolis::bench {
namespace {

constexpr int kWords = 20'000;
constexpr int kSentences = 4;
constexpr int kWordsInSentence = 9;

std::string Made(demo::Random& random) {
  static const std::vector<std::string> onsets = {"b", "br", "c",  "d", "f", "g",  "gr", "h",  "k", "l", "m", "n",
                                                  "p", "pr", "qu", "r", "s", "st", "t",  "tr", "v", "w", "z"};
  static const std::vector<std::string> vowels = {"a", "e", "i", "o", "u", "ai", "eo", "ou"};
  static const std::vector<std::string> codas = {"", "", "", "l", "m", "n", "r", "s", "t", "x"};
  std::string word;
  const auto syllables = random.Between(2, 4);
  for (int i = 0; i < syllables; ++i) {
    word += random.Of(onsets) + random.Of(vowels) + random.Of(codas);
  }
  return word;
}

}  // namespace

Words::Words() {
  demo::Random random(7);
  all_ = {"firewall",    "tunnel", "gateway", "phishing", "password",
          "certificate", "alert",  "server",  "policy",   "backup"};
  while (all_.size() < kWords) {
    all_.push_back(Made(random));
  }
}

const std::string& Words::Word(demo::Random& random) const {
  const double unit = static_cast<double>(random.Next() >> 11U) * 0x1.0p-53;
  const auto place = static_cast<std::size_t>(std::pow(static_cast<double>(all_.size()), unit)) - 1;
  return all_[std::min(place, all_.size() - 1)];
}

std::string Words::Host(demo::Random& random) const {
  return fmt::format("{}-{:03}", Word(random), random.Below(1000));
}

std::string Words::Details(demo::Random& random) const {
  std::string text;
  for (int sentence = 0; sentence < kSentences; ++sentence) {
    for (int i = 0; i < kWordsInSentence; ++i) {
      text += (text.empty() ? "" : " ") + Word(random);
    }
    text += ".";
  }
  text += fmt::format(" {} 10.{}.{}.{}", Host(random), random.Below(256), random.Below(256), random.Below(256));
  if (random.Chance(30)) {
    text += fmt::format(" {:016x}{:016x}{:016x}{:016x}", random.Next(), random.Next(), random.Next(), random.Next());
  }
  return text;
}

}  // namespace propolis::bench
