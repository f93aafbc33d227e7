// Changing the triage policy and the classification rules, and asking for them.
#pragma once

#include "auth/actor.h"
#include "domain/ref.h"
#include "domain/triage/decide.h"
#include "store/store.h"

namespace propolis::triage {

// A rule as the API tells it.
struct RuleView {
  RuleId id;
  std::string name;
  std::vector<std::string> words;
  std::vector<Language> languages;
  std::optional<Ref> technology;
  std::optional<TicketKind> kind;
  std::optional<int> impact;
  std::optional<int> urgency;
  double weight = 0;
  bool active = true;
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

struct NewRule {
  std::string name;
  std::vector<std::string> words;
  std::vector<Language> languages;
  std::optional<TechnologyId> technology_id;
  std::optional<TicketKind> kind;
  std::optional<int> impact;
  std::optional<int> urgency;
  double weight = 0.5;
  bool active = true;
  static const dto::Type& Dto();
};

// What is left out stays; null takes away.
struct RuleChange {
  std::optional<std::string> name;
  std::optional<std::vector<std::string>> words;
  std::optional<std::vector<Language>> languages;
  dto::Patch<TechnologyId> technology_id;
  dto::Patch<TicketKind> kind;
  dto::Patch<int> impact;
  dto::Patch<int> urgency;
  std::optional<double> weight;
  std::optional<bool> active;
  static const dto::Type& Dto();
};

struct TryText {
  std::string subject;
  std::string body;
  static const dto::Type& Dto();
};

// Makes the next version of the policy. Errors: kStaleVersion, and those of Validate.
Result<Policy> PutPolicy(store::WriteTx& tx, const auth::Actor& actor, Policy policy,
                         std::optional<std::int64_t> if_version);
Result<Policy> GetPolicy(store::ReadTx& tx, const auth::Actor& actor);

// All rules by name; a desk has at most 1,000.
Result<std::vector<RuleView>> Rules(store::ReadTx& tx, const auth::Actor& actor);
Result<RuleView> AddRule(store::WriteTx& tx, const auth::Actor& actor, const NewRule& request);
Result<RuleView> ChangeRule(store::WriteTx& tx, const auth::Actor& actor, RuleId id, const RuleChange& change,
                            std::optional<std::int64_t> if_version);
Status DeleteRule(store::WriteTx& tx, const auth::Actor& actor, RuleId id);

// Writes the built-in rules as rows, once: when a desk is set up, and before rules are listed or changed. Until then
// the built-in ones are in force as they are.
void Seed(store::WriteTx& tx);
bool IsSeeded(store::ReadTx& tx);

Result<Classification> TryOut(store::ReadTx& tx, const auth::Actor& actor, const TryText& text);

}  // namespace propolis::triage
