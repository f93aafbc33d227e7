#include "domain/classify/features.h"

#include <cmath>
#include <unordered_map>

#include "base/text.h"

namespace propolis::classify {
namespace {

constexpr std::size_t kMostWords = 600;
constexpr std::size_t kMostLetters = 32;
constexpr std::size_t kShortestPiece = 2;
constexpr std::size_t kLongestPiece = 5;
constexpr float kSubjectWeight = 2;
constexpr int kLeastTexts = 2;  // what stands in one text only teaches nothing about others

constexpr char kWord = 'w';
constexpr char kPair = 'p';
constexpr char kPiece = 'c';

// FNV-1a over 64 bits, folded into 32 (http://www.isthe.com/chongo/tech/comp/fnv/).
class Hash {
 public:
  explicit Hash(char kind) { Add(static_cast<unsigned char>(kind)); }
  Hash& Add(std::string_view bytes) {
    for (const char byte : bytes) {
      Add(static_cast<unsigned char>(byte));
    }
    return *this;
  }
  [[nodiscard]] std::uint32_t Take() const { return static_cast<std::uint32_t>(state_ ^ (state_ >> 32U)); }

 private:
  void Add(unsigned char byte) { state_ = (state_ ^ byte) * 1099511628211ULL; }
  std::uint64_t state_ = 14695981039346656037ULL;
};

// Byte offsets where the letters of a UTF-8 word begin, and its end.
std::vector<std::size_t> Letters(std::string_view word) {
  std::vector<std::size_t> begins;
  for (std::size_t i = 0; i < word.size() && begins.size() < kMostLetters; ++i) {
    if ((static_cast<unsigned char>(word[i]) & 0xC0U) != 0x80U) {
      begins.push_back(i);
    }
  }
  begins.push_back(word.size());
  return begins;
}

void AddPieces(std::string_view folded, std::uint32_t position, float weight, Features& into) {
  const std::string marked = " " + std::string(folded) + " ";  // blanks: a piece at an end is not one in the middle
  const std::vector<std::size_t> begins = Letters(marked);
  const std::size_t letters = begins.size() - 1;
  for (std::size_t length = kShortestPiece; length <= kLongestPiece; ++length) {
    for (std::size_t at = 0; at + length <= letters; ++at) {
      const std::string_view piece = std::string_view(marked).substr(begins[at], begins[at + length] - begins[at]);
      into.occurrences.push_back({Hash(kPiece).Add(piece).Take(), position, weight, true});
    }
  }
}

void Add(std::string_view part, float weight, Features& into) {
  std::string before;
  for (const text::Word& word : text::Words(part)) {
    if (into.words.size() == kMostWords) {
      return;
    }
    const std::string_view surface = part.substr(word.begin, word.end - word.begin);
    std::string folded = text::Fold(surface);
    const auto position = static_cast<std::uint32_t>(into.words.size());
    into.words.emplace_back(surface);
    into.occurrences.push_back({Hash(kWord).Add(folded).Take(), position, weight, false});
    if (!before.empty()) {
      into.occurrences.push_back({Hash(kPair).Add(before).Add(" ").Add(folded).Take(), position - 1, weight, false});
    }
    AddPieces(folded, position, weight, into);
    before = std::move(folded);
  }
}

}  // namespace

Features Read(std::string_view subject, std::string_view body) {
  Features features;
  Add(subject, kSubjectWeight, features);
  Add(body, 1, features);
  return features;
}

double Share(std::string_view text, std::uint32_t salt) {
  const std::string salted = std::to_string(salt) + ":" + std::string(text);
  // One more mixing step (Knuth's multiplier): the low bits of similar texts are alike.
  return static_cast<double>(Hash('s').Add(salted).Take() * 2654435769U) / 4294967296.0;
}

Vocabulary Vocabulary::Of(std::span<const Features* const> texts, std::size_t most) {
  std::unordered_map<std::uint32_t, int> counts;
  std::vector<std::uint32_t> ids;
  for (const Features* text : texts) {
    ids.clear();
    for (const Occurrence& occurrence : text->occurrences) {
      ids.push_back(occurrence.id);
    }
    std::ranges::sort(ids);
    const auto repeated = std::ranges::unique(ids);
    ids.erase(repeated.begin(), repeated.end());
    for (const std::uint32_t id : ids) {
      ++counts[id];
    }
  }
  std::vector<std::pair<int, std::uint32_t>> kept;
  for (const auto& [id, count] : counts) {
    if (count >= kLeastTexts) {
      kept.emplace_back(-count, id);
    }
  }
  std::ranges::sort(kept);
  kept.resize(std::min(kept.size(), most));
  std::ranges::sort(kept, {}, &std::pair<int, std::uint32_t>::second);
  Vocabulary vocabulary;
  for (const auto& [negative, id] : kept) {
    vocabulary.ids_.push_back(id);
    vocabulary.idf_.push_back(
        static_cast<float>(std::log((1.0 + static_cast<double>(texts.size())) / (1.0 - negative)) + 1.0));
  }
  return vocabulary;
}

std::size_t Vocabulary::Find(std::uint32_t id) const {
  const auto at = std::ranges::lower_bound(ids_, id);
  return at != ids_.end() && *at == id ? static_cast<std::size_t>(at - ids_.begin()) : ids_.size();
}

double Vocabulary::Known(const Features& features) const {
  std::size_t known = 0;
  std::uint32_t next = 0;  // a word is the first occurrence at its position
  for (const Occurrence& occurrence : features.occurrences) {
    if (!occurrence.piece && occurrence.word == next) {
      ++next;
      known += Find(occurrence.id) < size() ? 1 : 0;
    }
  }
  return features.words.empty() ? 0.0 : static_cast<double>(known) / static_cast<double>(features.words.size());
}

std::vector<Term> Vocabulary::Project(const Features& features) const {
  struct Counted {
    std::uint32_t id;
    float weight;
    bool piece;
  };
  std::vector<Counted> counted;
  counted.reserve(features.occurrences.size());
  for (const Occurrence& occurrence : features.occurrences) {
    counted.push_back({occurrence.id, occurrence.weight, occurrence.piece});
  }
  std::ranges::sort(counted, {}, &Counted::id);
  std::vector<Term> terms;
  std::vector<bool> pieces;
  std::array<double, 2> squares{};
  auto from = ids_.begin();
  for (std::size_t i = 0; i < counted.size();) {
    const Counted& first = counted[i];
    double count = 0;
    for (; i < counted.size() && counted[i].id == first.id; ++i) {
      count += static_cast<double>(counted[i].weight);
    }
    from = std::lower_bound(from, ids_.end(), first.id);
    if (from == ids_.end() || *from != first.id) {
      continue;
    }
    const auto index = static_cast<std::size_t>(from - ids_.begin());
    const double value = (1.0 + std::log(count)) * static_cast<double>(idf_[index]);
    terms.push_back({static_cast<std::uint32_t>(index), static_cast<float>(value)});
    pieces.push_back(first.piece);
    squares[first.piece ? 1 : 0] += value * value;
  }
  const double blocks = (squares[0] > 0 ? 1.0 : 0.0) + (squares[1] > 0 ? 1.0 : 0.0);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    terms[i].value =
        static_cast<float>(static_cast<double>(terms[i].value) / std::sqrt(squares[pieces[i] ? 1 : 0] * blocks));
  }
  return terms;
}

}  // namespace propolis::classify
