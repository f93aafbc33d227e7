#include "search/parse.h"

#include <chrono>
#include <map>
#include <optional>
#include <set>

#include "base/number.h"
#include "base/text.h"
#include "search/indicators.h"

namespace propolis::search {
namespace {

using Values = std::set<std::string, std::less<>>;

struct FieldRule {
  Field field;
  Values allowed;  // empty: free
};

const std::map<std::string, FieldRule, std::less<>>& FieldRules() {
  static const std::map<std::string, FieldRule, std::less<>> rules = {
      {"state",
       {Field::kState,
        {"new", "open", "waiting_customer", "waiting_third_party", "scheduled", "in_approval", "resolved", "closed",
         "merged", "spam"}}},
      {"priority", {Field::kPriority, {"p1", "p2", "p3", "p4"}}},
      {"organisation", {Field::kOrganisation, {}}},
      {"assignee", {Field::kAssignee, {}}},
      {"technology", {Field::kTechnology, {}}},
      {"kind", {Field::kKind, {"request", "fault", "question", "event", "incident", "vulnerability", "onboarding"}}},
      {"channel", {Field::kChannel, {"mail", "portal", "api", "phone", "chat", "alert"}}},
      {"language", {Field::kLanguage, {"en", "es", "pt"}}},
      {"number", {Field::kNumber, {}}},
      {"from", {Field::kFrom, {}}},
      {"before", {Field::kBefore, {}}},
      {"after", {Field::kAfter, {}}},
      {"has", {Field::kHas, {"evidence", "approval", "survey"}}},
      {"is", {Field::kIs, {"open", "closed", "breached", "unassigned"}}},
  };
  return rules;
}

std::optional<std::int64_t> ReadDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const auto time = ParseTime(std::string(text) + "T00:00:00Z");
  return time ? std::optional(ToMicros(*time)) : std::nullopt;
}

std::optional<std::int64_t> ReadNumber(std::string_view text) {
  std::string lower = text::AsciiLower(text);
  if (const auto indicator = AsIndicator(lower); indicator && indicator->starts_with("pr-")) {
    lower = *indicator;
  }
  std::string_view digits = lower;
  if (digits.starts_with("pr-")) {
    digits.remove_prefix(3);
  }
  const auto number = text::ParseNumber<std::int64_t>(digits);
  return number && *number > 0 ? number : std::nullopt;
}

class Reader {
 public:
  explicit Reader(std::string_view text) {
    query_.text = text::Clean(text::Prefix(text.substr(0, kLongestQuery), kLongestQuery));
    if (text.size() > kLongestQuery) {
      Problem("search.too_long", {{"max", std::to_string(kLongestQuery)}});
    }
    rest_ = query_.text;
  }

  Query Take() && {
    while (SkipBlanks(), !rest_.empty()) {
      if (terms_ == kMostTerms) {
        Problem("search.too_many_terms", {{"max", std::to_string(kMostTerms)}});
        break;
      }
      ReadOne();
    }
    if (or_pending_) {
      Problem("search.or_needs_two");
    }
    if (query_.all.empty() && !query_.none.empty()) {
      query_.none.clear();
      Problem("search.only_negative");
    }
    return std::move(query_);
  }

 private:
  void Problem(std::string message, std::vector<Arg> args = {}) {
    query_.problems.push_back({Code::kInvalid, std::move(message), std::move(args), {}});
  }

  void SkipBlanks() {
    const auto at = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
  }

  // Up to the next blank; a quoted part goes to its closing quote.
  std::string_view TakePiece() {
    std::size_t end = 0;
    bool quoted = false;
    while (end < rest_.size() && (quoted || std::string_view(" \t\r\n").find(rest_[end]) == std::string_view::npos)) {
      quoted = rest_[end] == '"' ? !quoted : quoted;
      ++end;
      if (!quoted && end < rest_.size() && rest_[end - 1] == '"' && end > 1) {
        break;
      }
    }
    if (quoted) {
      Problem("search.quote_open");
    }
    const std::string_view piece = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return piece;
  }

  void ReadOne() {
    std::string_view piece = TakePiece();
    if (piece == "OR") {
      if (query_.all.empty() || !last_was_positive_) {
        Problem("search.or_needs_two");
      } else {
        or_pending_ = true;
      }
      return;
    }
    if (piece == "AND") {
      return;
    }
    const bool negated = piece.size() > 1 && piece.front() == '-';
    piece.remove_prefix(negated ? 1 : 0);
    if (ReadFilter(piece, negated)) {
      last_was_positive_ = false;
      return;
    }
    Term term = ReadTerm(piece);
    if (term.words.empty()) {
      return;
    }
    ++terms_;
    if (negated) {
      query_.none.push_back(std::move(term));
      last_was_positive_ = false;
    } else if (or_pending_) {
      query_.all.back().terms.push_back(std::move(term));
      or_pending_ = false;
    } else {
      query_.all.push_back({{std::move(term)}});
      last_was_positive_ = true;
    }
  }

  static Term ReadTerm(std::string_view piece) {
    Term term;
    const bool phrase = piece.starts_with('"');
    term.prefix = !phrase && piece.size() > 2 && piece.ends_with('*');
    for (const text::Word& word : text::Words(piece)) {
      term.words.emplace_back(piece.substr(word.begin, word.end - word.begin));
    }
    if (!term.prefix) {
      const std::string_view bare = phrase && piece.size() > 1 ? piece.substr(1, piece.find('"', 1) - 1) : piece;
      term.indicator = AsIndicator(bare).value_or("");
    }
    return term;
  }

  // True when the piece is `field:value` of a known field, whether or not its values make sense.
  bool ReadFilter(std::string_view piece, bool negated) {
    const auto colon = piece.find(':');
    if (colon == std::string_view::npos || colon == 0) {
      return false;
    }
    const std::string name = text::AsciiLower(piece.substr(0, colon));
    const auto rule = FieldRules().find(name);
    if (rule == FieldRules().end()) {
      return false;
    }
    std::string value(piece.substr(colon + 1));
    std::erase(value, '"');
    Filter filter{rule->second.field, {}, {}, negated};
    for (const std::string_view one : text::Split(value, ',')) {
      if (!text::Trim(one).empty()) {
        AddValue(filter, rule->first, rule->second.allowed, text::Trim(one));
      }
    }
    if (value.empty()) {
      Problem("search.value_missing", {{"field", name}});
    }
    if (!filter.values.empty()) {
      ++terms_;
      query_.filters.push_back(std::move(filter));
    }
    return true;
  }

  void AddValue(Filter& filter, const std::string& name, const Values& allowed, std::string_view one) {
    const std::string folded = text::Fold(one);
    std::optional<std::int64_t> number = 0;
    if (!allowed.empty() && !allowed.contains(folded)) {
      std::string choices;
      for (const std::string& choice : allowed) {
        choices += (choices.empty() ? "" : ", ") + choice;
      }
      Problem("search.not_one_of", {{"field", name}, {"value", std::string(one)}, {"choices", choices}});
      return;
    }
    switch (filter.field) {
      case Field::kNumber:
        number = ReadNumber(one);
        break;
      case Field::kBefore:
      case Field::kAfter:
        number = ReadDate(one);
        break;
      case Field::kPriority:
        number = folded.back() - '0';
        break;
      default:
        break;
    }
    if (!number) {
      Problem(filter.field == Field::kNumber ? "search.not_a_number" : "search.not_a_date",
              {{"value", std::string(one)}});
      return;
    }
    filter.values.push_back(folded);
    filter.numbers.push_back(*number);
  }

  Query query_;
  std::string_view rest_;
  std::size_t terms_ = 0;
  bool or_pending_ = false;
  bool last_was_positive_ = false;
};

bool IsLoneIndicator(const AnyOf& any) { return any.terms.size() == 1 && !any.terms[0].indicator.empty(); }

std::string Quoted(const Term& term) {
  std::string out = "\"";
  for (const std::string& word : term.words) {
    out += out.size() > 1 ? " " : "";
    out += word;
  }
  out += term.prefix ? "\" *" : "\"";
  return out;
}

std::string Joined(const std::vector<Term>& terms) {
  std::string out;
  for (const Term& term : terms) {
    out += out.empty() ? "" : " OR ";
    out += Quoted(term);
  }
  return "(" + out + ")";
}

}  // namespace

Query Parse(std::string_view text) { return Reader(text).Take(); }

std::string ToMatch(const Query& query) {
  std::string match;
  for (const AnyOf& any : query.all) {
    if (!IsLoneIndicator(any)) {
      match += match.empty() ? "" : " AND ";
      match += Joined(any.terms);
    }
  }
  if (!match.empty() && !query.none.empty()) {
    match = "(" + match + ") NOT " + Joined(query.none);
  }
  return match;
}

std::string ToExcludedMatch(const Query& query) { return query.none.empty() ? std::string() : Joined(query.none); }

std::vector<std::string> Indicators(const Query& query) {
  std::vector<std::string> indicators;
  for (const AnyOf& any : query.all) {
    if (IsLoneIndicator(any)) {
      indicators.push_back(any.terms[0].indicator);
    }
  }
  return indicators;
}

}  // namespace propolis::search
