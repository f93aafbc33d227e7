// search.*: how a query is read, and what is looked for letter by letter.
#include "app/try/rules.h"
#include "base/i18n.h"
#include "search/indicators.h"
#include "search/parse.h"

namespace propolis::app {
namespace {

std::string NameOfField(search::Field field) {
  switch (field) {
    case search::Field::kState:
      return "state";
    case search::Field::kPriority:
      return "priority";
    case search::Field::kOrganisation:
      return "organisation";
    case search::Field::kAssignee:
      return "assignee";
    case search::Field::kTechnology:
      return "technology";
    case search::Field::kKind:
      return "kind";
    case search::Field::kChannel:
      return "channel";
    case search::Field::kLanguage:
      return "language";
    case search::Field::kNumber:
      return "number";
    case search::Field::kFrom:
      return "from";
    case search::Field::kBefore:
      return "before";
    case search::Field::kAfter:
      return "after";
    case search::Field::kHas:
      return "has";
    case search::Field::kIs:
      return "is";
  }
  return "";
}

struct ParseInput {
  Verbatim query;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<ParseInput>("SearchParseInput", "")
                                      .Required("query", &ParseInput::query, "What is typed into the search field.")
                                      .Done();
    return type;
  }
};
struct FilterOutput {
  std::string field;
  std::vector<std::string> values;
  std::vector<std::int64_t> numbers;
  bool negated = false;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<FilterOutput>("SearchFilter", "A field that must, or must not, have one of the values.")
            .Required("field", &FilterOutput::field, "Which field.")
            .Required("values", &FilterOutput::values, "Texts.")
            .Required("numbers", &FilterOutput::numbers, "Numbers, or microseconds since 1970.")
            .Required("negated", &FilterOutput::negated, "Must not.")
            .Done();
    return type;
  }
};
struct ParseOutput {
  std::string match;
  std::string excluded;
  std::vector<std::string> indicators;
  std::vector<FilterOutput> filters;
  std::vector<std::string> problems;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<ParseOutput>("SearchParseOutput", "")
            .Required("match", &ParseOutput::match, "The words, as an FTS5 expression.")
            .Required("excluded", &ParseOutput::excluded, "The words that may not be found.")
            .Required("indicators", &ParseOutput::indicators, "Terms looked up as they stand.")
            .Required("filters", &ParseOutput::filters, "Fields.")
            .Required("problems", &ParseOutput::problems, "What made no sense and was left out.")
            .Done();
    return type;
  }
};
Result<ParseOutput> Parse(const ParseInput& input) {
  const search::Query query = search::Parse(input.query.text);
  ParseOutput output;
  output.match = search::ToMatch(query);
  output.excluded = search::ToExcludedMatch(query);
  output.indicators = search::Indicators(query);
  for (const search::Filter& filter : query.filters) {
    output.filters.push_back({NameOfField(filter.field), filter.values, filter.numbers, filter.negated});
  }
  for (const Error& problem : query.problems) {
    output.problems.push_back(i18n::Translate(Language::kEn, problem.message, problem.args));
  }
  return output;
}

struct IndicatorsInput {
  Verbatim text;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<IndicatorsInput>("SearchIndicatorsInput", "")
                                      .Required("text", &IndicatorsInput::text, "Any text.")
                                      .Done();
    return type;
  }
};
struct IndicatorsOutput {
  std::vector<std::string> indicators;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<IndicatorsOutput>("SearchIndicatorsOutput", "")
            .Required("indicators", &IndicatorsOutput::indicators, "Addresses, names, hashes and ids, as kept.")
            .Done();
    return type;
  }
};
Result<IndicatorsOutput> Indicators(const IndicatorsInput& input) {
  return IndicatorsOutput{search::FindIndicators(input.text.text)};
}

}  // namespace

std::vector<Rule> SearchRules() {
  return {MakeRule("search.parse", "How the desk reads a query.",
                   R"({"query":"vpn \"no connection\" -test priority:P1,P2"})", Parse),
          MakeRule("search.indicators", "What a text names that is looked for letter by letter.",
                   R"({"text":"Beacon to hxxps://evil[.]example from 10.0.0.7, CVE-2024-3400."})", Indicators)};
}

}  // namespace propolis::app
