// Policy and rules as they are stored, and what changing them changes.
#include <gtest/gtest.h>

#include "domain/desk_test_support.h"
#include "domain/triage/triage_commands.h"

namespace propolis::triage {
namespace {

class TriageStoreTest : public testing::Test {
 protected:
  template <class Fn>
  auto Write(Fn fn) {
    return desk_.store->Write(fn);
  }
  Classification Classified(const std::string& subject) {
    return desk_.store
        ->Read([&](store::ReadTx& tx) -> Result<Classification> { return Decide(tx, subject, "", {}).classification; })
        .value();
  }
  NewRule Fridge() {
    NewRule rule;
    rule.name = "Fridge";
    rule.words = {"fridge"};
    rule.kind = TicketKind::kFault;
    rule.weight = 0.9;
    return rule;
  }

  TestDesk desk_;
  auth::Actor manager_ = desk_.AddStaff("Mia", auth::Role::kManager);
};

TEST_F(TriageStoreTest, APolicyIsVersionedAndGuarded) {
  const auto put = [&](const auth::Actor& actor, Policy policy, std::optional<std::int64_t> version) {
    return Write([&](store::WriteTx& tx) { return PutPolicy(tx, actor, policy, version); });
  };
  Policy policy = DefaultPolicy();
  policy.apply_threshold = 0.9;
  const auto made = put(manager_, policy, 1);
  ASSERT_TRUE(made) << Describe(made.error());
  EXPECT_EQ(made->version, 2);
  EXPECT_EQ(put(manager_, policy, 1).error().code, Code::kStaleVersion);
  EXPECT_EQ(put(desk_.AddStaff("Ana"), policy, {}).error().code, Code::kForbidden);
  policy.matrix.pop_back();
  EXPECT_EQ(put(manager_, policy, {}).error().code, Code::kInvalid);
  const auto read = desk_.store->Read([&](store::ReadTx& tx) { return GetPolicy(tx, manager_); });
  EXPECT_EQ(read->version, 2);
  EXPECT_EQ(read->apply_threshold, 0.9);
}

TEST_F(TriageStoreTest, ARuleCountsAtOnceAndNoLongerWhenDeleted) {
  EXPECT_FALSE(Classified("The fridge").kind);
  const auto added = Write([&](store::WriteTx& tx) { return AddRule(tx, manager_, Fridge()); });
  ASSERT_TRUE(added) << Describe(added.error());
  EXPECT_EQ(Classified("The fridge").kind->value, TicketKind::kFault);
  EXPECT_EQ(Classified("Ransomware").kind->value, TicketKind::kIncident) << "the built-in rules stay";
  RuleChange change;
  change.kind = {true, TicketKind::kQuestion};
  EXPECT_EQ(Write([&](store::WriteTx& tx) { return ChangeRule(tx, manager_, added->id, change, 7); }).error().code,
            Code::kStaleVersion);
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return ChangeRule(tx, manager_, added->id, change, 1); }));
  EXPECT_EQ(Classified("The fridge").kind->value, TicketKind::kQuestion);
  change = {};
  change.active = false;
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return ChangeRule(tx, manager_, added->id, change, {}); }));
  EXPECT_FALSE(Classified("The fridge").kind);
  ASSERT_TRUE(Write([&](store::WriteTx& tx) -> Result<bool> {
    TRY(DeleteRule(tx, manager_, added->id));
    return true;
  }));
  const auto rules = desk_.store->Read([&](store::ReadTx& tx) { return Rules(tx, manager_); });
  EXPECT_EQ(rules->size(), DefaultRules().size());
}

TEST_F(TriageStoreTest, RefusesRulesThatCannotWork) {
  const auto add = [&](const NewRule& rule) {
    return Write([&](store::WriteTx& tx) { return AddRule(tx, manager_, rule); });
  };
  NewRule rule = Fridge();
  rule.kind.reset();
  EXPECT_EQ(add(rule).error().fields[0].message, "triage.rule_says_nothing");
  rule = Fridge();
  rule.words = {"--"};
  EXPECT_EQ(add(rule).error().fields[0].field, "words/0");
  rule = Fridge();
  rule.weight = 1.0;
  EXPECT_EQ(add(rule).error().fields[0].field, "weight");
  rule = Fridge();
  rule.technology_id = TechnologyId::New(FromMicros(3));
  EXPECT_EQ(add(rule).error().fields[0].field, "technology_id");
  rule = Fridge();
  rule.name = "Phishing";
  EXPECT_EQ(add(rule).error().fields[0].message, "field.taken");
  const auto agent = desk_.AddStaff("Ana");
  EXPECT_EQ(Write([&](store::WriteTx& tx) { return AddRule(tx, agent, Fridge()); }).error().code, Code::kForbidden);
}

}  // namespace
}  // namespace propolis::triage
