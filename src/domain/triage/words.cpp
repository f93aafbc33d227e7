#include "domain/triage/words.h"

#include <set>

namespace propolis::triage {
namespace {

constexpr std::size_t kMostPhraseWords = 8;
constexpr std::size_t kShort = 3;
constexpr std::size_t kMostSmallWords = 6;
constexpr std::array kLanguages = {Language::kEn, Language::kEs, Language::kPt};

const std::set<std::string, std::less<>> kNegators = {
    "no",  "not", "never", "without", "nor",     "isn", "wasn", "aren", "weren",  "hasn",    "haven",  "didn",
    "don", "sin", "ni",    "nunca",   "tampoco", "nao", "sem",  "nem",  "nenhum", "nenhuma", "ningun", "ninguna"};

// Words that a negation reaches over: "no hay indicios de un", "is not a sign of any".
const std::set<std::string, std::less<>> kSmallWords = {
    "t",        "a",         "an",      "any",       "the",        "is",         "was",     "been",    "be",
    "are",      "were",      "of",      "sign",      "signs",      "evidence",   "trace",   "traces",  "indication",
    "related",  "to",        "es",      "son",       "era",        "fue",        "sido",    "hay",     "hubo",
    "ha",       "un",        "una",     "el",        "la",         "los",        "las",     "de",      "del",
    "ningun",   "ninguna",   "indicio", "indicios",  "evidencia",  "evidencias", "senal",   "senales", "rastro",
    "rastros",  "se",        "trata",   "tipo",      "e",          "foi",        "houve",   "um",      "uma",
    "o",        "os",        "as",      "do",        "da",         "nenhum",     "nenhuma", "sinal",   "sinais",
    "vestigio", "vestigios", "algum",   "alguma",    "alguno",     "have",       "had",     "has",     "there",
    "found",    "detected",  "seen",    "detectado", "encontrado", "um",         "qualquer"};

bool EndsSentence(std::string_view gap) { return gap.find_first_of(".!?;\n") != std::string_view::npos; }

bool OpensOriginal(std::string_view line) {
  const std::string folded = text::Fold(text::Trim(line));
  if (!folded.starts_with("---") && !folded.starts_with("___")) {
    return false;
  }
  return folded.find("original message") != std::string::npos || folded.find("mensaje original") != std::string::npos ||
         folded.find("mensagem original") != std::string::npos;
}

}  // namespace

Comparable::Comparable(std::string_view word) : lower_(text::ToLower(word)), folded_(text::Fold(word)) {}

const Comparable::Stems& Comparable::stems() const {
  if (!stems_) {
    stems_.emplace();
    for (const Language language : kLanguages) {
      (*stems_)[static_cast<std::size_t>(language)] =
          folded_.size() <= kShort ? folded_ : text::Fold(text::Stem(lower_, language));
    }
  }
  return *stems_;
}

bool Comparable::Matches(const Comparable& other, const std::vector<Language>& languages) const {
  if (folded_ == other.folded_) {
    return true;
  }
  if (folded_.size() <= kShort || other.folded_.size() <= kShort) {
    return false;
  }
  return std::ranges::any_of(kLanguages, [&](Language language) {
    const auto at = static_cast<std::size_t>(language);
    const bool read = languages.empty() || std::ranges::find(languages, language) != languages.end();
    return read && stems()[at] == other.stems()[at];
  });
}

std::string WithoutQuoted(std::string_view body) {
  std::string kept;
  for (const std::string_view line : text::Split(body, '\n')) {
    if (text::Trim(line).starts_with('>')) {
      continue;
    }
    if (OpensOriginal(line) && !text::Trim(kept).empty()) {
      break;
    }
    kept += line;
    kept += '\n';
  }
  return kept;
}

Reading::Reading(std::string_view subject, std::string_view body) : subject_(subject), body_(WithoutQuoted(body)) {
  Add(subject_);
  subject_words_ = words_.size();
  Add(body_);
}

void Reading::Add(std::string_view text) {
  std::size_t end = 0;
  for (const text::Word& word : text::Words(text)) {
    const bool starts = words_.size() == subject_words_ || EndsSentence(text.substr(end, word.begin - end));
    const std::string_view surface = text.substr(word.begin, word.end - word.begin);
    words_.push_back({Comparable(surface), surface, starts});
    end = word.end;
  }
}

bool Reading::OneSentence(std::size_t begin, std::size_t end) const {
  for (std::size_t i = begin + 1; i < end; ++i) {
    if (words_[i].starts_sentence) {
      return false;
    }
  }
  return true;
}

bool Reading::Negated(std::size_t position) const {
  for (std::size_t back = 1; back <= kMostSmallWords && back <= position; ++back) {
    if (words_[position - back + 1].starts_sentence) {
      return false;
    }
    const std::string& word = words_[position - back].comparable.folded();
    if (kNegators.contains(word)) {
      return true;
    }
    if (!kSmallWords.contains(word)) {
      return false;
    }
  }
  return false;
}

std::string Reading::Surface(std::size_t begin, std::size_t end) const {
  std::string out;
  for (std::size_t i = begin; i < end; ++i) {
    out += i == begin ? "" : " ";
    out += words_[i].surface;
  }
  return out;
}

bool Reading::SameWords(std::size_t a, std::size_t a_end, std::size_t b, std::size_t b_end) const {
  if (a_end - a != b_end - b) {
    return false;
  }
  for (std::size_t i = 0; a + i < a_end; ++i) {
    if (words_[a + i].comparable.folded() != words_[b + i].comparable.folded()) {
      return false;
    }
  }
  return true;
}

bool PhraseBook::Add(std::string_view phrase, std::vector<Language> languages) {
  Phrase kept;
  kept.languages = std::move(languages);
  kept.open_end = text::Trim(phrase).ends_with('*');
  for (const text::Word& word : text::Words(phrase)) {
    (void)kept.words.emplace_back(phrase.substr(word.begin, word.end - word.begin)).stems();
  }
  if (kept.words.empty() || kept.words.size() > kMostPhraseWords) {
    return false;
  }
  const std::size_t index = phrases_.size();
  const Comparable& first = kept.words.front();
  if (kept.open_end && kept.words.size() == 1) {
    open_.push_back(index);
  } else {
    std::set<std::string> keys(first.stems().begin(), first.stems().end());
    keys.insert(first.folded());
    for (const std::string& key : keys) {
      by_first_.emplace(key, index);
    }
  }
  phrases_.push_back(std::move(kept));
  return true;
}

PhraseBook::Candidates PhraseBook::LookUp(const Comparable& word) const {
  std::set<std::size_t> candidates;
  for (const std::size_t index : open_) {
    if (word.folded().starts_with(phrases_[index].words.front().folded())) {
      candidates.insert(index);
    }
  }
  std::set<std::string> keys(word.stems().begin(), word.stems().end());
  keys.insert(word.folded());
  for (const std::string& key : keys) {
    for (auto [it, end] = by_first_.equal_range(key); it != end; ++it) {
      candidates.insert(it->second);
    }
  }
  return std::make_shared<const std::vector<std::size_t>>(candidates.begin(), candidates.end());
}

// Mails are made of the same words again and again: what each leads to is kept, within bounds.
std::vector<PhraseBook::Candidates> PhraseBook::CandidatesOf(const Reading& reading) const {
  std::vector<Candidates> candidates(reading.size());
  std::vector<std::size_t> unknown;
  {
    const MutexLock lock(mutex_);
    for (std::size_t at = 0; at < reading.size(); ++at) {
      if (const auto known = known_.find(reading.At(at).lower()); known != known_.end()) {
        candidates[at] = known->second;
      } else {
        unknown.push_back(at);
      }
    }
  }
  for (const std::size_t at : unknown) {
    candidates[at] = LookUp(reading.At(at));
  }
  const MutexLock lock(mutex_);
  for (const std::size_t at : unknown) {
    if (known_.size() >= kMostKnown) {
      known_.clear();
    }
    known_.try_emplace(reading.At(at).lower(), candidates[at]);
  }
  return candidates;
}

bool PhraseBook::StandsAt(const Phrase& phrase, const Reading& reading, std::size_t at) const {
  const std::size_t count = phrase.words.size();
  if (at + count > reading.size() || !reading.OneSentence(at, at + count) ||
      reading.InSubject(at) != reading.InSubject(at + count - 1)) {
    return false;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const bool open = phrase.open_end && i + 1 == count;
    if (open ? !reading.At(at + i).folded().starts_with(phrase.words[i].folded())
             : !phrase.words[i].Matches(reading.At(at + i), phrase.languages)) {
      return false;
    }
  }
  return !reading.Negated(at);
}

void PhraseBook::FindAll(const Reading& reading, std::optional<Language> language,
                         const std::function<void(std::size_t, std::size_t, std::size_t)>& found) const {
  const auto heard = [&](const Phrase& phrase) {
    return phrase.languages.empty() || !language ||
           std::ranges::find(phrase.languages, *language) != phrase.languages.end();
  };
  const auto candidates = CandidatesOf(reading);
  for (std::size_t at = 0; at < reading.size(); ++at) {
    for (const std::size_t index : *candidates[at]) {
      if (heard(phrases_[index]) && StandsAt(phrases_[index], reading, at)) {
        found(index, at, at + phrases_[index].words.size());
      }
    }
  }
}

}  // namespace propolis::triage
