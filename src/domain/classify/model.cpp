#include "domain/classify/model.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <set>

#include "base/crypto.h"
#include "base/text.h"

namespace propolis::classify {
namespace {

constexpr std::string_view kMagic = "propolis model 1";
constexpr std::size_t kMostWordsShown = 5;
constexpr double kWeakest = 0.15;  // of the strongest word: weaker ones are not shown
constexpr double kSteps = 127;
constexpr double kMostValue = 1e9;
constexpr double kMostMargin = 4;  // beyond it nothing is surer: labels without rows are infinitely far

static_assert(std::endian::native == std::endian::little, "models are stored little-endian");

class Writer {
 public:
  template <class T>
  void Number(T value) {
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void Text(std::string_view text) {
    Number(static_cast<std::uint32_t>(text.size()));
    out_ += text;
  }
  template <class T>
  void List(const std::vector<T>& values) {
    out_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  [[nodiscard]] std::string TakeSealed() {
    const auto digest = crypto::Sha256(out_);
    out_.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    return std::move(out_);
  }

 private:
  std::string out_{kMagic};
};

// Reads what Writer wrote; `sound` turns false for good at the first thing that cannot be.
class Reader {
 public:
  explicit Reader(std::string_view bytes) {
    constexpr std::size_t kSeal = sizeof(crypto::Digest);
    sound = bytes.starts_with(kMagic) && bytes.size() >= kMagic.size() + kSeal;
    if (sound) {
      const auto digest = crypto::Sha256(bytes.substr(0, bytes.size() - kSeal));
      sound = std::memcmp(digest.data(), bytes.data() + bytes.size() - kSeal, kSeal) == 0;
      left_ = bytes.substr(kMagic.size(), bytes.size() - kMagic.size() - kSeal);
    }
  }
  template <class T>
  T Number() {
    T value{};
    if (Has(sizeof value)) {
      std::memcpy(&value, left_.data(), sizeof value);
      left_.remove_prefix(sizeof value);
    }
    if constexpr (std::is_floating_point_v<T>) {
      sound = sound && std::abs(static_cast<double>(value)) <= kMostValue;  // neither NaN nor infinite
    }
    return value;
  }
  std::size_t Count(std::size_t most) {
    const std::size_t count = Number<std::uint32_t>();
    sound = sound && count <= most;
    return sound ? count : 0;
  }
  std::string Text(std::size_t most) {
    const std::size_t size = Count(most);
    if (!Has(size)) {
      return {};
    }
    std::string text(left_.substr(0, size));
    left_.remove_prefix(size);
    sound = sound && !text.empty() && text::IsUtf8(text);
    return text;
  }
  template <class T>
  std::vector<T> List(std::size_t count) {
    std::vector<T> values;
    if (!Has(count * sizeof(T))) {
      return values;
    }
    values.resize(count);
    std::ranges::copy(left_.substr(0, count * sizeof(T)), reinterpret_cast<char*>(values.data()));
    left_.remove_prefix(count * sizeof(T));
    if constexpr (std::is_floating_point_v<T>) {
      sound = sound &&
              std::ranges::all_of(values, [](T value) { return std::abs(static_cast<double>(value)) <= kMostValue; });
    }
    return values;
  }
  [[nodiscard]] bool AtEnd() const { return left_.empty(); }

  bool sound = false;

 private:
  bool Has(std::size_t bytes) {
    sound = sound && bytes <= left_.size();
    return sound;
  }
  std::string_view left_;
};

}  // namespace

double Calibration::Confidence(const Signals& signals) const {
  return 1.0 / (1.0 + std::exp(-(bias + top * signals.top + margin * signals.margin + known * signals.known)));
}

Signals SignalsOf(const std::vector<double>& scores, double known) {
  double best = -kMostValue;
  double second = -kMostValue;
  for (const double score : scores) {
    second = std::max(second, std::min(best, score));
    best = std::max(best, score);
  }
  return {best, scores.size() > 1 ? std::min(best - second, kMostMargin) : 0.0, known};
}

Model::Model(const Parts& parts)
    : labels_(parts.labels), vocabulary_(parts.vocabulary), bias_(parts.bias), calibration_(parts.calibration) {
  const std::size_t count = labels_.size();
  weights_.resize(parts.weights.size());
  for (std::size_t feature = 0; feature < vocabulary_.size(); ++feature) {
    double most = 0;
    for (std::size_t label = 0; label < count; ++label) {
      most = std::max(most, std::abs(static_cast<double>(parts.weights[feature * count + label])));
    }
    scale_.push_back(static_cast<float>(most / kSteps));
    for (std::size_t label = 0; label < count && most > 0; ++label) {
      const double weight = static_cast<double>(parts.weights[feature * count + label]);
      weights_[feature * count + label] = static_cast<std::int8_t>(std::lround(weight / most * kSteps));
    }
  }
}

std::string Model::Serialise() const {
  Writer writer;
  writer.Number(static_cast<std::uint32_t>(labels_.size()));
  for (const std::string& label : labels_) {
    writer.Text(label);
  }
  writer.Number(static_cast<std::uint32_t>(vocabulary_.size()));
  for (const double value : {calibration_.bias, calibration_.top, calibration_.margin, calibration_.known}) {
    writer.Number(value);
  }
  writer.List(bias_);
  writer.List(vocabulary_.ids());
  writer.List(vocabulary_.idf());
  writer.List(scale_);
  writer.List(weights_);
  return writer.TakeSealed();
}

Result<Model> Model::Parse(std::string_view bytes) {
  Reader reader(bytes);
  Model model;
  std::set<std::string, std::less<>> seen;
  const std::size_t labels = reader.Count(kMostLabels);
  for (std::size_t i = 0; i < labels && reader.sound; ++i) {
    model.labels_.push_back(reader.Text(kMostLabelBytes));
    reader.sound = reader.sound && seen.insert(model.labels_.back()).second;
  }
  const std::size_t features = reader.Count(kMostFeatures);
  reader.sound = reader.sound && labels > 0 && labels * features <= kMostWeights;
  for (double* value :
       {&model.calibration_.bias, &model.calibration_.top, &model.calibration_.margin, &model.calibration_.known}) {
    *value = reader.Number<double>();
  }
  model.bias_ = reader.List<float>(labels);
  auto ids = reader.List<std::uint32_t>(features);
  auto idf = reader.List<float>(features);
  model.scale_ = reader.List<float>(features);
  model.weights_ = reader.List<std::int8_t>(features * labels);
  const bool in_order = std::ranges::adjacent_find(ids, std::ranges::greater_equal{}) == ids.end();
  if (!reader.sound || !reader.AtEnd() || !in_order) {
    return Fail(Code::kInvalid, "classify.bad_model");
  }
  model.vocabulary_ = Vocabulary(std::move(ids), std::move(idf));
  return model;
}

std::vector<double> Model::Scores(const std::vector<Term>& terms) const {
  const std::size_t count = labels_.size();
  std::vector<float> scores = bias_;
  for (const Term& term : terms) {
    const float value = term.value * scale_[term.index];
    const std::int8_t* weights = &weights_[term.index * count];
    for (std::size_t label = 0; label < count; ++label) {
      scores[label] += value * static_cast<float>(weights[label]);
    }
  }
  return {scores.begin(), scores.end()};
}

std::vector<std::string> Model::Deciding(const Features& features, const std::vector<Term>& terms,
                                         std::size_t label) const {
  // Each feature's part in the score, shared by the places where it stands.
  std::unordered_map<std::uint32_t, double> parts;
  for (const Term& term : terms) {
    parts[vocabulary_.ids()[term.index]] = static_cast<double>(term.value) * Weight(term.index, label);
  }
  std::unordered_map<std::uint32_t, double> places;
  for (const Occurrence& occurrence : features.occurrences) {
    places[occurrence.id] += 1.0;
  }
  std::vector<double> by_word(features.words.size());
  for (const Occurrence& occurrence : features.occurrences) {
    if (const auto part = parts.find(occurrence.id); part != parts.end()) {
      by_word[occurrence.word] += part->second / places[occurrence.id];
    }
  }
  std::vector<std::pair<double, std::string>> words;  // every word once, with all its places
  std::unordered_map<std::string, std::size_t> at;
  for (std::size_t i = 0; i < by_word.size(); ++i) {
    const auto [found, fresh] = at.emplace(text::Fold(features.words[i]), words.size());
    if (fresh) {
      words.emplace_back(0.0, features.words[i]);
    }
    words[found->second].first += by_word[i];
  }
  std::ranges::sort(words, std::ranges::greater{});
  std::vector<std::string> shown;
  for (auto& [part, word] : words) {
    if (shown.size() == kMostWordsShown || part <= 0 || part < words.front().first * kWeakest) {
      break;
    }
    shown.push_back(std::move(word));
  }
  return shown;
}

Answer Model::Classify(std::string_view subject, std::string_view body) const {
  const Features features = Read(subject, body);
  const std::vector<Term> terms = vocabulary_.Project(features);
  const std::vector<double> scores = Scores(terms);
  const auto best = static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
  Answer answer;
  answer.label = labels_[best];
  if (!terms.empty()) {
    answer.confidence = calibration_.Confidence(SignalsOf(scores, vocabulary_.Known(features)));
    answer.words = Deciding(features, terms, best);
  }
  return answer;
}

}  // namespace propolis::classify
