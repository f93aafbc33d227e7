// Which policy a ticket gets, and which lists of rules are refused.
#include "domain/calendars/choice.h"

#include <gtest/gtest.h>

#include <map>

namespace propolis::calendars {
namespace {

template <class IdType>
IdType IdOf(unsigned n) {
  IdType id;
  id.uuid.bytes[15] = static_cast<std::uint8_t>(n);
  return id;
}

const auto kAcme = IdOf<OrganisationId>(1);
const auto kBolt = IdOf<OrganisationId>(2);
const auto kGold = IdOf<ContractId>(11);    // of Acme
const auto kSilver = IdOf<ContractId>(12);  // of Bolt
const auto kNetwork = IdOf<TechnologyId>(21);
const auto kVendor = IdOf<TechnologyId>(22);  // below the network
const auto kProduct = IdOf<TechnologyId>(23);
const auto kMail = IdOf<TechnologyId>(24);
const auto kPolicy = IdOf<PolicyId>(31);

ChoiceRule RuleNamed(std::string name) {
  ChoiceRule rule;
  rule.name = std::move(name);
  rule.policy_id = kPolicy;
  return rule;
}

ChoiceWorld World() {
  return {.owner_of = [](ContractId id) -> std::optional<OrganisationId> {
            const std::map<ContractId, OrganisationId> owners = {{kGold, kAcme}, {kSilver, kBolt}};
            const auto found = owners.find(id);
            return found == owners.end() ? std::nullopt : std::optional(found->second);
          },
          .lineage_of =
              [](TechnologyId id) {
                const std::vector<TechnologyId> tree = {kProduct, kVendor, kNetwork};
                const auto at = std::ranges::find(tree, id);
                return at == tree.end() ? std::vector<TechnologyId>{id} : std::vector<TechnologyId>(at, tree.end());
              }};
}

// "rules/1: policy.rule_unreachable, rules/2/name: field.taken"
std::string Refusal(const std::vector<ChoiceRule>& rules) {
  std::string text;
  for (const FieldError& error : Validate(rules, World())) {
    text += (text.empty() ? "" : ", ") + error.field + ": " + error.message;
  }
  return text;
}

std::string Chosen(const std::vector<ChoiceRule>& rules, const ChoiceCase& asked) {
  const Chooser chooser(Choice{.version = 1, .rules = rules});
  const auto place = chooser.Find(asked);
  return place ? chooser.choice().rules[*place].name : "";
}

TEST(PolicyChoice, TheFirstRuleThatHoldsDecides) {
  ChoiceRule incidents = RuleNamed("incidents");
  incidents.kinds = {TicketKind::kVulnerability, TicketKind::kIncident};
  incidents.organisation_ids = {kBolt, kAcme};
  ChoiceRule network = RuleNamed("network");
  network.technology_ids = {kNetwork};
  ChoiceRule gold = RuleNamed("gold by phone");
  gold.contract_ids = {kGold};
  gold.channels = {Channel::kPhone};
  const std::vector<ChoiceRule> rules = {incidents, network, gold};

  ChoiceCase asked{.organisation = kAcme, .contract = kGold, .kind = TicketKind::kIncident, .technologies = {}};
  EXPECT_EQ(Chosen(rules, asked), "incidents");
  asked.technologies = {kProduct, kVendor, kNetwork};
  EXPECT_EQ(Chosen(rules, asked), "incidents") << "the order counts, not how narrow a rule is";
  asked.kind = TicketKind::kFault;
  EXPECT_EQ(Chosen(rules, asked), "network") << "a technology holds for all below it";
  asked.technologies = {kMail};
  EXPECT_EQ(Chosen(rules, asked), "");
  asked.channel = Channel::kPhone;
  EXPECT_EQ(Chosen(rules, asked), "gold by phone");
  asked.contract.reset();
  EXPECT_EQ(Chosen(rules, asked), "");
  asked = {.organisation = std::nullopt, .contract = {}, .kind = TicketKind::kIncident, .technologies = {}};
  EXPECT_EQ(Chosen(rules, asked), "") << "nobody's ticket is of no organisation";
  EXPECT_EQ(Chosen({RuleNamed("all")}, asked), "all");
  EXPECT_EQ(Chosen({}, asked), "");
}

TEST(PolicyChoice, ARuleBehindOneThatHoldsWhereverItWouldIsRefused) {
  ChoiceRule acme = RuleNamed("Acme");
  acme.organisation_ids = {kAcme};
  ChoiceRule gold = RuleNamed("gold");
  gold.contract_ids = {kGold};
  EXPECT_EQ(Refusal({RuleNamed("all"), acme}), "rules/1: policy.rule_unreachable");
  EXPECT_EQ(Refusal({acme, RuleNamed("all")}), "");
  EXPECT_EQ(Refusal({acme, gold}), "rules/1: policy.rule_unreachable") << "the contract is Acme's";
  EXPECT_EQ(Refusal({gold, acme}), "") << "Acme has other contracts";

  ChoiceRule network = RuleNamed("network");
  network.technology_ids = {kNetwork};
  ChoiceRule product = RuleNamed("product");
  product.technology_ids = {kProduct};
  EXPECT_EQ(Refusal({network, product}), "rules/1: policy.rule_unreachable");
  EXPECT_EQ(Refusal({product, network}), "");
  product.technology_ids.push_back(kMail);
  EXPECT_EQ(Refusal({network, product}), "");

  ChoiceRule every_kind = RuleNamed("every kind");
  for (const auto& entry : Names<TicketKind>::kTable) {
    every_kind.kinds.push_back(entry.first);
  }
  EXPECT_EQ(Refusal({every_kind, acme}), "rules/1: policy.rule_unreachable") << "all kinds are any kind";
  every_kind.kinds.pop_back();
  EXPECT_EQ(Refusal({every_kind, acme}), "");
}

std::string Together(const std::vector<ChoiceRule>& rules) {
  const auto errors = Validate(rules, World());
  return errors.size() == 1 && errors[0].message == "policy.rule_unreachable_together"
             ? errors[0].field + " behind " + errors[0].args.at(0).value
             : Refusal(rules);
}

TEST(PolicyChoice, ARuleBehindSeveralThatTogetherHoldWhereverItWouldIsRefused) {
  ChoiceRule some = RuleNamed("some kinds");
  ChoiceRule others = RuleNamed("the other kinds");
  for (const auto& entry : Names<TicketKind>::kTable) {
    (entry.first == TicketKind::kIncident ? some : others).kinds.push_back(entry.first);
  }
  ChoiceRule acme = RuleNamed("Acme");
  acme.organisation_ids = {kAcme};
  EXPECT_EQ(Together({some, others, acme}), "rules/2 behind 1, 2");
  EXPECT_EQ(Together({some, acme, others}), "");
  others.kinds.pop_back();
  EXPECT_EQ(Together({some, others, acme}), "") << "one kind is left";

  ChoiceRule both = RuleNamed("Acme and Bolt");
  both.organisation_ids = {kAcme, kBolt};
  ChoiceRule bolt = RuleNamed("Bolt");
  bolt.organisation_ids = {kBolt};
  EXPECT_EQ(Together({acme, some, bolt, both}), "rules/3 behind 1, 2, 3") << "as it would be found";
  ChoiceRule gold = RuleNamed("gold");
  gold.contract_ids = {kGold};
  EXPECT_EQ(Together({gold, bolt, both}), "") << "Acme has other contracts";
  EXPECT_EQ(Together({acme, bolt, RuleNamed("all")}), "") << "there are other organisations";

  // By two conditions at once: each kind of Acme's by one, all that is about a product by the other.
  ChoiceRule product = RuleNamed("product");
  product.technology_ids = {kProduct};
  ChoiceRule vendor = RuleNamed("vendor, no product");
  vendor.technology_ids = {kVendor};
  vendor.kinds = {TicketKind::kFault};
  ChoiceRule faults = RuleNamed("faults of the vendor by mail");
  faults.technology_ids = {kProduct, kVendor};
  faults.kinds = {TicketKind::kFault};
  faults.channels = {Channel::kMail};
  EXPECT_EQ(Together({product, vendor, faults}), "rules/2: policy.rule_unreachable") << "one alone is named alone";
  vendor.channels = {Channel::kMail};
  faults.kinds.push_back(TicketKind::kQuestion);
  EXPECT_EQ(Together({product, vendor, faults}), "") << "questions about the vendor are left";
}

TEST(PolicyChoice, ARuleThatCanNeverHoldIsRefused) {
  ChoiceRule rule = RuleNamed("gold of Bolt");
  rule.contract_ids = {kGold};
  rule.organisation_ids = {kBolt};
  EXPECT_EQ(Refusal({rule}), "rules/0/contract_ids: policy.rule_never");
  rule.contract_ids.push_back(kSilver);
  EXPECT_EQ(Refusal({rule}), "");
  EXPECT_EQ(Refusal({rule, rule}), "rules/1/name: field.taken, rules/1: policy.rule_unreachable");
}

}  // namespace
}  // namespace propolis::calendars
