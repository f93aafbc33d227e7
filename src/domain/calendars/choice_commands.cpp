#include "domain/calendars/choice_commands.h"

#include "auth/record.h"
#include "base/crypto.h"
#include "domain/calendars/calendar_sql.h"
#include "domain/stored.h"
#include "domain/triage/cache.h"

namespace propolis::calendars {
namespace {

using auth::Permission;

constexpr std::size_t kRevisionBytes = 12;
constexpr std::size_t kMostLevels = 8;  // a tree of technologies has three; more would be a damaged store

struct Now {
  std::int64_t version = 0;
  std::string revision;
};

Now NowOf(store::ReadTx& tx) {
  return tx.One(sql::kChoiceNow, [](const store::Row& row) { return Now{row.Int(0), row.String(1)}; }).value_or(Now{});
}

Choice LoadChoice(store::ReadTx& tx, std::int64_t version) {
  auto choice =
      tx.One(sql::kChoiceBody, [](const store::Row& row) { return stored::FromJson<Choice>(row.Text(0)); }, version);
  return choice ? *std::move(choice) : Choice{};
}

void Gather(const Status& checked, Error& into) {
  if (!checked) {
    std::ranges::move(checked.error().fields, std::back_inserter(into.fields));
  }
}

// That everything the rules name is there.
Status CheckNamed(store::ReadTx& tx, const std::vector<ChoiceRule>& rules) {
  Error error{Code::kInvalid, "error.invalid", {}, {}};
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const ChoiceRule& rule = rules[i];
    const std::string path = "rules/" + std::to_string(i) + "/";
    Gather(stored::CheckReferences(tx, sql::kOrganisationExists, rule.organisation_ids, path + "organisation_ids"),
           error);
    Gather(stored::CheckReferences(tx, sql::kContractOwner, rule.contract_ids, path + "contract_ids"), error);
    Gather(stored::CheckReferences(tx, sql::kTechnologyExists, rule.technology_ids, path + "technology_ids"), error);
    Gather(stored::CheckReference(tx, sql::kPolicyVersionNow, rule.policy_id, path + "policy_id"), error);
    if (rule.calendar_id) {
      Gather(stored::CheckReference(tx, sql::kCalendarVersionNow, *rule.calendar_id, path + "calendar_id"), error);
    }
  }
  if (!error.fields.empty()) {
    return std::unexpected(std::move(error));
  }
  return {};
}

Status Check(store::ReadTx& tx, const std::vector<ChoiceRule>& rules) {
  TRY(CheckNamed(tx, rules));
  const ChoiceWorld world{
      .owner_of =
          [&tx](ContractId id) {
            return tx.One(sql::kContractOwner, [](const store::Row& row) { return row.Id<OrganisationId>(0); }, id);
          },
      .lineage_of = [&tx](TechnologyId id) { return Lineage(tx, id); }};
  if (auto wrong = Validate(rules, world); !wrong.empty()) {
    return std::unexpected(Error{Code::kInvalid, "error.invalid", {}, std::move(wrong)});
  }
  return {};
}

}  // namespace

Result<Choice> GetChoice(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, Permission::kPolicyRead));
  return LoadChoice(tx, NowOf(tx).version);
}

Result<Choice> PutChoice(store::WriteTx& tx, const auth::Actor& actor, Choice choice,
                         std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kPolicyWrite));
  choice.version = TRY(stored::NextVersion(NowOf(tx).version, if_version));
  for (ChoiceRule& rule : choice.rules) {
    stored::KeepFirsts(rule.organisation_ids);
    stored::KeepFirsts(rule.contract_ids);
    stored::KeepFirsts(rule.kinds);
    stored::KeepFirsts(rule.technology_ids);
    stored::KeepFirsts(rule.channels);
  }
  TRY(Check(tx, choice.rules));
  tx.Exec(sql::kInsertChoice, choice.version, tx.Now(), crypto::RandomToken(kRevisionBytes), stored::ToJson(choice));
  auth::Record(tx, actor, "policy.rules", std::to_string(choice.version));
  tx.Emit({.kind = "policy.changed", .organisation = std::nullopt});
  return choice;
}

std::shared_ptr<const Chooser> CurrentChooser(store::ReadTx& tx) {
  static triage::Cache<Chooser> cache;
  const Now now = NowOf(tx);
  return cache.Find(now.revision, [&] { return std::make_shared<const Chooser>(LoadChoice(tx, now.version)); });
}

std::vector<TechnologyId> Lineage(store::ReadTx& tx, TechnologyId id) {
  std::vector<TechnologyId> lineage;
  for (std::optional<TechnologyId> at = id; at && lineage.size() < kMostLevels;) {
    lineage.push_back(*at);
    const auto above =
        tx.One(sql::kParentTechnology, [](const store::Row& row) { return row.OptId<TechnologyId>(0); }, *at);
    at = above.value_or(std::nullopt);
  }
  return lineage;
}

}  // namespace propolis::calendars
