// Which SLA policy a ticket gets: an ordered list of rules, of which the first that holds decides. Where none holds it
// is the contract's policy, and where there is no contract the desk's own. The priority is no condition: a policy has
// its own targets for each.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/dto.h"
#include "base/ids.h"
#include "domain/vocabulary.h"

namespace propolis::calendars {

// Each list says "one of these"; an empty one says "any".
struct ChoiceRule {
  std::string name;
  std::vector<OrganisationId> organisation_ids;
  std::vector<ContractId> contract_ids;
  std::vector<TicketKind> kinds;
  std::vector<TechnologyId> technology_ids;  // each with all that is below it
  std::vector<Channel> channels;
  PolicyId policy_id;
  std::optional<CalendarId> calendar_id;  // instead of the contract's
  static const dto::Type& Dto();
};

struct Choice {
  std::int64_t version = 0;
  std::vector<ChoiceRule> rules;
  static const dto::Type& Dto();
};

// What the rules are asked about.
struct ChoiceCase {
  std::optional<OrganisationId> organisation;
  std::optional<ContractId> contract;
  TicketKind kind = TicketKind::kRequest;
  std::vector<TechnologyId> technologies;  // the ticket's own and those above it
  Channel channel = Channel::kApi;
  static const dto::Type& Dto();
};

// What the check has to know of the desk.
struct ChoiceWorld {
  std::function<std::optional<OrganisationId>(ContractId)> owner_of;
  std::function<std::vector<TechnologyId>(TechnologyId)> lineage_of;  // itself and those above it
};

// Wrong fields: a name that is taken, a rule that can never hold (its contracts belong to none of its organisations),
// and one that is never reached, because an earlier one, or several of them together, hold wherever it would.
std::vector<FieldError> Validate(const std::vector<ChoiceRule>& rules, const ChoiceWorld& world);

// The rules made ready to be asked often. Immutable and safe from any thread.
class Chooser {
 public:
  explicit Chooser(Choice choice);
  // The place of the first rule that holds, from 0; nullopt: none.
  [[nodiscard]] std::optional<std::size_t> Find(const ChoiceCase& asked) const;
  [[nodiscard]] const Choice& choice() const { return choice_; }
  // Whether any rule speaks of technologies: else there is no need to know the ticket's.
  [[nodiscard]] bool NeedsTechnologies() const { return needs_technologies_; }

 private:
  Choice choice_;  // the lists of each rule sorted
  bool needs_technologies_ = false;
};

}  // namespace propolis::calendars
