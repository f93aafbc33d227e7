// How triage reads: a text cut into words that can be compared in three languages, and a book of phrases to look for.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "base/text.h"

namespace propolis::triage {

// A word without case and accents, and its stem in each language, which is found out when first asked for: most words
// of a text are never compared.
class Comparable {
 public:
  using Stems = std::array<std::string, 3>;  // by Language

  explicit Comparable(std::string_view word);
  [[nodiscard]] const std::string& lower() const { return lower_; }
  [[nodiscard]] const std::string& folded() const { return folded_; }
  // Not for several threads until it has returned once.
  [[nodiscard]] const Stems& stems() const;
  // The same word, or the same stem in one of `languages` (all when empty). Words of up to three letters are compared
  // as they are: stems would confuse "IDS" with "ID".
  [[nodiscard]] bool Matches(const Comparable& other, const std::vector<Language>& languages) const;

 private:
  std::string lower_;
  std::string folded_;
  mutable std::optional<Stems> stems_;
};

// Subject and body, without what is quoted, as words.
class Reading {
 public:
  Reading(std::string_view subject, std::string_view body);
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  [[nodiscard]] std::size_t size() const { return words_.size(); }
  [[nodiscard]] const Comparable& At(std::size_t position) const { return words_[position].comparable; }
  [[nodiscard]] bool InSubject(std::size_t position) const { return position < subject_words_; }
  // No end of a sentence between the words `begin` and `end - 1`.
  [[nodiscard]] bool OneSentence(std::size_t begin, std::size_t end) const;
  // "no", "sin", "não" and the like stand before this word with nothing but small words between.
  [[nodiscard]] bool Negated(std::size_t position) const;
  [[nodiscard]] std::string Surface(std::size_t begin, std::size_t end) const;
  [[nodiscard]] bool SameWords(std::size_t a, std::size_t a_end, std::size_t b, std::size_t b_end) const;

 private:
  struct Word {
    Comparable comparable;
    std::string_view surface;
    bool starts_sentence;
  };
  void Add(std::string_view text);
  std::string subject_;
  std::string body_;
  std::vector<Word> words_;
  std::size_t subject_words_ = 0;
};

// The text without quoted lines and without the original below an "Original message" line.
std::string WithoutQuoted(std::string_view body);

class PhraseBook {
 public:
  // Keeps a phrase; false when it has no words or more than eight. Phrases count from 0 in the order kept.
  bool Add(std::string_view phrase, std::vector<Language> languages);
  // Every phrase that stands in the text un-negated, at each place. `language`, when known, silences phrases of other
  // languages only.
  void FindAll(const Reading& reading, std::optional<Language> language,
               const std::function<void(std::size_t phrase, std::size_t begin, std::size_t end)>& found) const;

 private:
  struct Phrase {
    std::vector<Comparable> words;
    std::vector<Language> languages;
    bool open_end = false;  // the last word stands for all that begin so
  };
  using Candidates = std::shared_ptr<const std::vector<std::size_t>>;  // phrases, in their order
  // For each word the phrases that may begin with it.
  [[nodiscard]] std::vector<Candidates> CandidatesOf(const Reading& reading) const;
  [[nodiscard]] Candidates LookUp(const Comparable& word) const;
  [[nodiscard]] bool StandsAt(const Phrase& phrase, const Reading& reading, std::size_t at) const;
  std::vector<Phrase> phrases_;
  std::unordered_multimap<std::string, std::size_t> by_first_;  // folded word or stem -> phrase
  std::vector<std::size_t> open_;                               // of one word with an open end
  static constexpr std::size_t kMostKnown = 20'000;
  mutable Mutex mutex_;
  mutable std::unordered_map<std::string, Candidates> known_ PROPOLIS_GUARDED_BY(mutex_);  // by word in lower case
};

}  // namespace propolis::triage
