// What models are trained on.
#include <charconv>

#include "domain/triage/decide.h"
#include "domain/triage/model_commands.h"
#include "domain/triage/model_sql.h"
#include "domain/triage/taught.h"

namespace propolis::triage {
namespace {

using auth::Permission;

constexpr std::int64_t kMostTickets = 20'000;
constexpr std::size_t kMostLabelsNamed = 12;

// A value that was there from the beginning and stood until the end: a rule's word that people let stand, or a
// person's own choice when the ticket was opened, which is any value that is neither proposed nor the desk's default.
template <class P, class V>
bool Stood(const std::optional<P>& proposal, bool same, const V& value, const V& by_default) {
  if (proposal && proposal->applied) {
    return same && proposal->method == Method::kRules;
  }
  return value != by_default;
}

bool StoodToTheEnd(const Taught& taught, Target target) {
  const Decision usual;
  const Classification& proposed = taught.proposed;
  const auto level = [](const std::optional<ProposedLevel>& proposal, int value, int by_default) {
    return Stood(proposal, proposal && proposal->value == value, value, by_default);
  };
  switch (target) {
    case Target::kTechnology:
      return Stood(proposed.technology, proposed.technology && proposed.technology->id == taught.technology,
                   taught.technology, usual.technology);
    case Target::kKind:
      return Stood(proposed.kind, proposed.kind && proposed.kind->value == taught.kind, taught.kind, usual.kind);
    case Target::kImpact:
      return level(proposed.impact, taught.impact, usual.impact);
    case Target::kUrgency:
      return level(proposed.urgency, taught.urgency, usual.urgency);
  }
  return false;
}

std::map<std::string, std::string, std::less<>> LabelsByName(store::ReadTx& tx, Target target) {
  std::map<std::string, std::string, std::less<>> labels;
  switch (target) {
    case Target::kTechnology:
      tx.ForEach(sql::kTechnologyNames, [&](const store::Row& row) {
        const std::string id = row.Id<TechnologyId>(0).ToString();
        labels.emplace(text::Fold(row.Text(1)), id);
        labels.emplace(id, id);
        return true;
      });
      break;
    case Target::kKind:
      for (const auto& [kind, name] : Names<TicketKind>::kTable) {
        labels.emplace(name, name);
      }
      break;
    case Target::kImpact:
    case Target::kUrgency:
      for (int level = 1; level <= kLowestLevel; ++level) {
        labels.emplace(std::to_string(level), std::to_string(level));
      }
  }
  return labels;
}

}  // namespace

Result<std::vector<classify::Example>> Corrected(store::ReadTx& tx, const auth::Actor& actor, Target target) {
  TRY(auth::Require(actor, Permission::kTriageWrite));
  std::vector<classify::Example> examples;
  for (Taught& taught : tx.All(sql::kTaught, ToTaught, kMostTickets)) {
    std::string label = LabelOf(taught, target);
    const bool stood = taught.ended && StoodToTheEnd(taught, target);
    if (label.empty() || (!stood && !CorrectedFields(tx, taught.number).contains(NameOf(target)))) {
      continue;
    }
    const auto body = tx.One(sql::kFirstMessage, [](const store::Row& row) { return row.String(0); }, taught.number);
    examples.push_back({std::move(taught.subject), ModelText(body.value_or("")), std::move(label)});
  }
  return examples;
}

Result<std::vector<classify::Example>> FromTable(store::ReadTx& tx, const auth::Actor& actor, Target target,
                                                 const classify::Table& table) {
  TRY(auth::Require(actor, Permission::kTriageWrite));
  const auto subject = table.Column("subject");
  const std::size_t body = subject ? TRY(table.Column("body")) : TRY(table.Column("text"));
  const std::size_t label = TRY(table.Column("label"));
  const auto labels = LabelsByName(tx, target);
  std::vector<classify::Example> examples;
  for (const auto& row : table.rows) {
    const auto known = labels.find(text::Fold(text::Trim(row[label])));
    if (known == labels.end()) {
      std::string all;
      for (std::size_t shown = 0; const auto& [name, id] : labels) {
        if (name != id || target != Target::kTechnology) {
          all += (all.empty() ? "" : ", ") + (shown < kMostLabelsNamed ? name : "...");
          if (++shown > kMostLabelsNamed) {
            break;
          }
        }
      }
      return Fail(Code::kInvalid, "model.bad_label",
                  {{"row", std::to_string(examples.size() + 1)},
                   {"label", std::string(text::Prefix(row[label], classify::kMostLabelBytes))},
                   {"target", std::string(NameOf(target))},
                   {"labels", all}});
    }
    examples.push_back({subject ? row[*subject] : "", ModelText(row[body]), known->second});
  }
  return examples;
}

}  // namespace propolis::triage
