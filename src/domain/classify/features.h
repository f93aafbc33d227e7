// What a text looks like to a linear model: its words, its pairs of words, and the pieces of its words (two to five
// letters, so that "conectar" and "conexión", or a word and its misspelling, share something). Case and accents are
// folded. Each feature is a 32-bit hash; a Vocabulary numbers the ones a model knows and weighs them by tf-idf.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace propolis::classify {

// One feature where it stands.
struct Occurrence {
  std::uint32_t id = 0;
  std::uint32_t word = 0;  // position of the word it comes from; of a pair, the first
  float weight = 1;        // what stands in the subject counts double
  bool piece = false;      // of a word, not a word or a pair
};

struct Features {
  std::vector<std::string> words;  // as they stand in the text
  std::vector<Occurrence> occurrences;
};

// At most the first 600 words and the first 32 letters of each.
Features Read(std::string_view subject, std::string_view body);

// A number in [0, 1) that depends on the text and the salt alone: for splits that stay.
double Share(std::string_view text, std::uint32_t salt);

// One coordinate of a text.
struct Term {
  std::uint32_t index;
  float value;
};

// The features a model knows, sorted by id, each with its inverse document frequency.
class Vocabulary {
 public:
  Vocabulary() = default;
  Vocabulary(std::vector<std::uint32_t> ids, std::vector<float> idf) : ids_(std::move(ids)), idf_(std::move(idf)) {}
  // The features that stand in at least two of the texts, at most `most` of them, the most frequent ones.
  static Vocabulary Of(std::span<const Features* const> texts, std::size_t most);

  // Sublinear tf times idf; words and pieces each of length one, so that long words do not drown the words; then the
  // whole of length one. Sorted by index; empty when nothing is known.
  [[nodiscard]] std::vector<Term> Project(const Features& features) const;
  // Position of a feature, size() when it is unknown.
  [[nodiscard]] std::size_t Find(std::uint32_t id) const;
  // Which part of the words it knows, 0 to 1.
  [[nodiscard]] double Known(const Features& features) const;
  [[nodiscard]] std::size_t size() const { return ids_.size(); }
  [[nodiscard]] const std::vector<std::uint32_t>& ids() const { return ids_; }
  [[nodiscard]] const std::vector<float>& idf() const { return idf_; }

 private:
  std::vector<std::uint32_t> ids_;
  std::vector<float> idf_;
};

}  // namespace propolis::classify
