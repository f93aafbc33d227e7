#include "domain/triage/taught.h"

#include "base/json.h"
#include "base/json_texts.h"
#include "domain/triage/model_sql.h"

namespace propolis::triage {
namespace {

template <class P, class Label>
Answer AnswerOf(const std::optional<P>& proposal, const Label& label) {
  return proposal && proposal->applied ? Answer{.label = label(*proposal), .method = proposal->method} : Answer{};
}

}  // namespace

Taught ToTaught(const store::Row& row) {
  Taught taught;
  taught.number = row.Int(0);
  taught.subject = row.String(1);
  const auto state = row.Enum<TicketState>(2);
  taught.ended = state == TicketState::kResolved || state == TicketState::kClosed;
  taught.kind = row.Enum<TicketKind>(3);
  taught.impact = static_cast<int>(row.Int(4));
  taught.urgency = static_cast<int>(row.Int(5));
  taught.technology = row.OptId<TechnologyId>(6);
  if (auto proposed = dto::Parse<Classification>(row.IsNull(7) ? "" : row.Text(7))) {
    taught.proposed = std::move(*proposed);
  }
  return taught;
}

std::string LabelOf(const Taught& taught, Target target) {
  switch (target) {
    case Target::kTechnology:
      return taught.technology ? taught.technology->ToString() : "";
    case Target::kKind:
      return std::string(NameOf(taught.kind));
    case Target::kImpact:
      return std::to_string(taught.impact);
    case Target::kUrgency:
      return std::to_string(taught.urgency);
  }
  return {};
}

Answer AppliedAnswer(const Classification& proposed, Target target) {
  const auto level = [](const ProposedLevel& of) { return std::to_string(of.value); };
  switch (target) {
    case Target::kTechnology:
      return AnswerOf(proposed.technology, [](const ProposedTechnology& of) { return of.id.ToString(); });
    case Target::kKind:
      return AnswerOf(proposed.kind, [](const ProposedKind& of) { return std::string(NameOf(of.value)); });
    case Target::kImpact:
      return AnswerOf(proposed.impact, level);
    case Target::kUrgency:
      return AnswerOf(proposed.urgency, level);
  }
  return {};
}

std::set<std::string, std::less<>> CorrectedFields(store::ReadTx& tx, std::int64_t ticket) {
  std::set<std::string, std::less<>> fields;
  tx.ForEach(
      sql::kCorrections,
      [&](const store::Row& row) {
        const auto data = json::Document::Parse(row.Text(0));
        fields.insert(data ? TextOf(data->Root(), "field") : std::string());
        return true;
      },
      ticket);
  return fields;
}

}  // namespace propolis::triage
