#include "domain/calendars/choice.h"

#include <algorithm>
#include <bitset>
#include <set>
#include <span>

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

// --- whether several earlier rules together hold wherever one would

using RuleSet = std::bitset<kMostRules>;

template <class T>
bool Takes(const std::vector<T>& list, const std::optional<T>& item) {
  return list.empty() || (item && Has(list, *item));
}

// The earlier rules that take a value of one condition, for each value that the rule itself takes; each set once: what
// the same rules take need not be told apart.
template <class T, class Taken>
std::vector<RuleSet> TakenBy(const std::vector<T>& values, const ChoiceRule& rule, std::span<const ChoiceRule> earlier,
                             const Taken& takes) {
  std::vector<RuleSet> sets;
  for (const T& value : values) {
    if (!takes(rule, value)) {
      continue;
    }
    RuleSet taken;
    for (std::size_t i = 0; i < earlier.size(); ++i) {
      taken[i] = takes(earlier[i], value);
    }
    if (std::ranges::find(sets, taken) == sets.end()) {
      sets.push_back(taken);
    }
  }
  return sets;
}

template <class T>
std::vector<T> AllNames() {
  std::vector<T> all;
  for (const auto& [value, name] : Names<T>::kTable) {
    all.push_back(value);
  }
  return all;
}

// Where a ticket may come from, as far as these rules tell it apart.
struct Place {
  std::optional<OrganisationId> organisation;
  std::optional<ContractId> contract;
};

std::vector<Place> PlacesIn(std::span<const ChoiceRule> rules, const ChoiceWorld& world) {
  std::set<OrganisationId> organisations;
  std::set<ContractId> contracts;
  for (const ChoiceRule& rule : rules) {
    organisations.insert(rule.organisation_ids.begin(), rule.organisation_ids.end());
    contracts.insert(rule.contract_ids.begin(), rule.contract_ids.end());
  }
  std::vector<Place> places = {{}};  // another one
  for (const OrganisationId organisation : organisations) {
    places.push_back({organisation, std::nullopt});
  }
  for (const ContractId contract : contracts) {
    places.push_back({world.owner_of(contract), contract});
  }
  return places;
}

// A technology with all above it; none, and those that no rule names, are an empty one.
std::vector<std::vector<TechnologyId>> LineagesIn(std::span<const ChoiceRule> rules, const ChoiceWorld& world) {
  std::set<TechnologyId> technologies;
  for (const ChoiceRule& rule : rules) {
    technologies.insert(rule.technology_ids.begin(), rule.technology_ids.end());
  }
  std::vector<std::vector<TechnologyId>> lineages = {{}};
  std::ranges::transform(technologies, std::back_inserter(lineages), world.lineage_of);
  return lineages;
}

// Those of the rules before the last that hold first somewhere, when one of them holds wherever the last would; else
// none. Lists so mixed that it would take long to tell are taken.
RuleSet CoveredTogether(std::span<const ChoiceRule> rules, const ChoiceWorld& world) {
  constexpr std::size_t kMostCompared = 50'000;  // what is named, with each rule
  constexpr std::size_t kMostCases = 200'000;
  std::size_t named = 0;
  for (const ChoiceRule& each : rules) {
    named += each.organisation_ids.size() + each.contract_ids.size() + each.technology_ids.size();
  }
  if (rules.size() > kMostRules || named * rules.size() > kMostCompared) {
    return {};
  }
  const ChoiceRule& rule = rules.back();
  const auto earlier = rules.first(rules.size() - 1);
  const auto places = TakenBy(PlacesIn(rules, world), rule, earlier, [](const ChoiceRule& of, const Place& place) {
    return Takes(of.organisation_ids, place.organisation) && Takes(of.contract_ids, place.contract);
  });
  const auto kinds = TakenBy(AllNames<TicketKind>(), rule, earlier, [](const ChoiceRule& of, TicketKind kind) {
    return Takes(of.kinds, std::optional(kind));
  });
  const auto channels = TakenBy(AllNames<Channel>(), rule, earlier, [](const ChoiceRule& of, Channel channel) {
    return Takes(of.channels, std::optional(channel));
  });
  const auto technologies = TakenBy(
      LineagesIn(rules, world), rule, earlier, [](const ChoiceRule& of, const std::vector<TechnologyId>& lineage) {
        return of.technology_ids.empty() ||
               std::ranges::any_of(lineage, [&](TechnologyId id) { return Has(of.technology_ids, id); });
      });
  if (places.size() * kinds.size() * channels.size() * technologies.size() > kMostCases) {
    return {};
  }
  RuleSet first;
  for (const RuleSet& by_place : places) {
    for (const RuleSet& by_kind : kinds) {
      for (const RuleSet& by_channel : channels) {
        for (const RuleSet& by_technology : technologies) {
          const RuleSet holding = by_place & by_kind & by_channel & by_technology;
          if (holding.none()) {
            return {};
          }
          std::size_t lowest = 0;
          while (!holding[lowest]) {
            ++lowest;
          }
          first.set(lowest);
        }
      }
    }
  }
  return first;
}

std::string PlacesOf(const RuleSet& rules) {
  std::string places;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i]) {
      places += (places.empty() ? "" : ", ") + std::to_string(i + 1);
    }
  }
  return places;
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
    const auto alone = std::ranges::find_if(rules.begin(), rules.begin() + static_cast<std::ptrdiff_t>(i),
                                            [&](const ChoiceRule& earlier) { return Covers(earlier, rule, world); });
    if (alone - rules.begin() < static_cast<std::ptrdiff_t>(i)) {
      wrong.push_back({path,
                       "policy.rule_unreachable",
                       {{"place", std::to_string(alone - rules.begin() + 1)}, {"name", alone->name}}});
    } else if (const RuleSet together = CoveredTogether(std::span(rules).first(i + 1), world); together.any()) {
      wrong.push_back({path, "policy.rule_unreachable_together", {{"places", PlacesOf(together)}}});
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
