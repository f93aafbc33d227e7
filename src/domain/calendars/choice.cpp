#include "domain/calendars/choice.h"

#include <algorithm>

namespace propolis::calendars {
namespace {

constexpr std::size_t kMostRules = 200;
constexpr std::size_t kMostIds = 100;
constexpr std::size_t kMostNames = 20;

template <class T>
bool Has(const std::vector<T>& list, const T& item) {
  return std::ranges::find(list, item) != list.end();
}

// Whether `wide` lets through all that `narrow` does.
template <class T>
bool Covers(const std::vector<T>& wide, const std::vector<T>& narrow) {
  return wide.empty() ||
         (!narrow.empty() && std::ranges::all_of(narrow, [&](const T& item) { return Has(wide, item); }));
}

// The same for names of a closed list, where naming all of them says "any".
template <class T>
bool CoversNames(const std::vector<T>& wide, const std::vector<T>& narrow) {
  const auto names_all =
      std::ranges::all_of(Names<T>::kTable, [&](const auto& entry) { return Has(wide, entry.first); });
  return names_all || Covers(wide, narrow);
}

// The organisations in which a rule can hold; empty: any.
std::vector<OrganisationId> Reach(const ChoiceRule& rule, const ChoiceWorld& world) {
  if (rule.contract_ids.empty()) {
    return rule.organisation_ids;
  }
  std::vector<OrganisationId> reach;
  for (const ContractId contract : rule.contract_ids) {
    const auto owner = world.owner_of(contract);
    if (owner && (rule.organisation_ids.empty() || Has(rule.organisation_ids, *owner))) {
      reach.push_back(*owner);
    }
  }
  return reach;
}

bool CoversTechnologies(const ChoiceRule& wide, const ChoiceRule& narrow, const ChoiceWorld& world) {
  const auto below = [&](TechnologyId id) {
    return std::ranges::any_of(world.lineage_of(id),
                               [&](TechnologyId above) { return Has(wide.technology_ids, above); });
  };
  return wide.technology_ids.empty() ||
         (!narrow.technology_ids.empty() && std::ranges::all_of(narrow.technology_ids, below));
}

bool Covers(const ChoiceRule& wide, const ChoiceRule& narrow, const ChoiceWorld& world) {
  return Covers(wide.organisation_ids, Reach(narrow, world)) && Covers(wide.contract_ids, narrow.contract_ids) &&
         CoversNames(wide.kinds, narrow.kinds) && CoversNames(wide.channels, narrow.channels) &&
         CoversTechnologies(wide, narrow, world);
}

template <class T>
bool Allows(const std::vector<T>& sorted, const std::optional<T>& item) {
  return sorted.empty() || (item && std::ranges::binary_search(sorted, *item));
}

bool Holds(const ChoiceRule& rule, const ChoiceCase& asked) {
  const auto is_one = [&](TechnologyId id) { return std::ranges::binary_search(rule.technology_ids, id); };
  return Allows(rule.organisation_ids, asked.organisation) && Allows(rule.contract_ids, asked.contract) &&
         Allows(rule.kinds, std::optional(asked.kind)) && Allows(rule.channels, std::optional(asked.channel)) &&
         (rule.technology_ids.empty() || std::ranges::any_of(asked.technologies, is_one));
}

}  // namespace

std::vector<FieldError> Validate(const std::vector<ChoiceRule>& rules, const ChoiceWorld& world) {
  std::vector<FieldError> wrong;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const ChoiceRule& rule = rules[i];
    const std::string path = "rules/" + std::to_string(i);
    if (std::ranges::find(rules, rule.name, &ChoiceRule::name) != rules.begin() + static_cast<std::ptrdiff_t>(i)) {
      wrong.push_back({path + "/name", "field.taken", {}});
    }
    if (!rule.contract_ids.empty() && Reach(rule, world).empty()) {
      wrong.push_back({path + "/contract_ids", "policy.rule_never", {}});
      continue;
    }
    for (std::size_t earlier = 0; earlier < i; ++earlier) {
      if (Covers(rules[earlier], rule, world)) {
        wrong.push_back(
            {path, "policy.rule_unreachable", {{"place", std::to_string(earlier + 1)}, {"name", rules[earlier].name}}});
        break;
      }
    }
  }
  return wrong;
}

Chooser::Chooser(Choice choice) : choice_(std::move(choice)) {
  for (ChoiceRule& rule : choice_.rules) {
    std::ranges::sort(rule.organisation_ids);
    std::ranges::sort(rule.contract_ids);
    std::ranges::sort(rule.kinds);
    std::ranges::sort(rule.technology_ids);
    std::ranges::sort(rule.channels);
    needs_technologies_ = needs_technologies_ || !rule.technology_ids.empty();
  }
}

std::optional<std::size_t> Chooser::Find(const ChoiceCase& asked) const {
  const auto found = std::ranges::find_if(choice_.rules, [&](const ChoiceRule& rule) { return Holds(rule, asked); });
  return found == choice_.rules.end() ? std::nullopt
                                      : std::optional(static_cast<std::size_t>(found - choice_.rules.begin()));
}

const dto::Type& ChoiceRule::Dto() {
  using T = ChoiceRule;
  static const dto::Type type =
      dto::Object<T>("PolicyRule", "When a ticket gets a policy. Each list says: one of these; empty: any.")
          .Required("name", &T::name, "For people.", dto::Text(1, 120))
          .Optional("organisation_ids", &T::organisation_ids, "Whose tickets.", dto::Items(0, kMostIds))
          .Optional("contract_ids", &T::contract_ids, "Under which contracts.", dto::Items(0, kMostIds))
          .Optional("kinds", &T::kinds, "Of which kinds.", dto::Items(0, kMostNames))
          .Optional("technology_ids", &T::technology_ids, "About which technologies, with all below them.",
                    dto::Items(0, kMostIds))
          .Optional("channels", &T::channels, "That came by these channels.", dto::Items(0, kMostNames))
          .Required("policy_id", &T::policy_id, "The policy they get.")
          .Optional("calendar_id", &T::calendar_id, "The calendar they get instead of the contract's.")
          .Done();
  return type;
}

const dto::Type& Choice::Dto() {
  static const dto::Type type =
      dto::Object<Choice>("PolicyRules", "Which policy a ticket gets: the first rule that holds decides.")
          .Optional("version", &Choice::version, "Counts up with each change; not read in a request.")
          .Required("rules", &Choice::rules, "In order.", dto::Items(0, kMostRules))
          .Done();
  return type;
}

const dto::Type& ChoiceCase::Dto() {
  using T = ChoiceCase;
  static const dto::Type type =
      dto::Object<T>("PolicyCase", "What the rules are asked about.")
          .Optional("organisation", &T::organisation, "Whose ticket it is.")
          .Optional("contract", &T::contract, "The contract in force.")
          .Required("kind", &T::kind, "What it is.")
          .Optional("technologies", &T::technologies, "Its technology and those above it.", dto::Items(0, kMostNames))
          .Required("channel", &T::channel, "How it came.")
          .Done();
  return type;
}

}  // namespace propolis::calendars
