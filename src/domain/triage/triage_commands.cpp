#include "domain/triage/triage_commands.h"

#include "auth/record.h"
#include "base/crypto.h"
#include "domain/triage/triage_sql.h"

namespace propolis::triage {
namespace {

using auth::Permission;

constexpr std::int64_t kMostRules = 1000;
constexpr std::size_t kRevisionBytes = 12;

struct Stored {
  RuleId id;
  std::int64_t version = 0;
  Rule rule;
  bool active = true;
};

Stored ToStored(const store::Row& row) {
  Stored stored{row.Id<RuleId>(0), row.Int(1), {}, row.Bool(3)};
  auto rule = dto::Parse<Rule>(row.Text(2));
  if (!rule) {
    throw store::EngineFailure("a stored classification rule cannot be read");
  }
  stored.rule = std::move(*rule);
  return stored;
}

RuleView View(store::ReadTx& tx, Stored stored) {
  RuleView view;
  view.id = stored.id;
  view.name = std::move(stored.rule.name);
  view.words = std::move(stored.rule.words);
  view.languages = std::move(stored.rule.languages);
  view.kind = stored.rule.kind;
  view.impact = stored.rule.impact;
  view.urgency = stored.rule.urgency;
  view.weight = stored.rule.weight;
  view.active = stored.active;
  view.version = stored.version;
  if (const auto technology = stored.rule.technology) {
    const auto name = tx.One(sql::kTechnologyName, [](const store::Row& row) { return row.String(0); }, *technology);
    view.technology = Ref{technology->ToString(), name.value_or("")};
  }
  return view;
}

// Every change gives the rules a new revision, by which classifiers are kept.
void Touch(store::WriteTx& tx) { tx.Exec(sql::kPutSetting, sql::kRulesRevision, crypto::RandomToken(kRevisionBytes)); }

Status Check(store::ReadTx& tx, const Rule& rule, std::optional<RuleId> self) {
  TRY(Validate(rule));
  const auto taken = tx.One(sql::kRuleByName, [](const store::Row& row) { return row.Id<RuleId>(0); }, rule.name);
  if (taken && taken != self) {
    return FailField("name", "field.taken");
  }
  const auto is_technology = [&](TechnologyId id) {
    return tx.One(sql::kTechnologyName, [](const store::Row&) { return true; }, id).has_value();
  };
  if (rule.technology && !is_technology(*rule.technology)) {
    return FailField("technology_id", "field.not_found");
  }
  return {};
}

Result<Stored> Find(store::ReadTx& tx, RuleId id) {
  auto stored = tx.One(sql::kRule, ToStored, id);
  if (!stored) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return std::move(*stored);
}

template <class T>
void Apply(const dto::Patch<T>& patch, std::optional<T>& into) {
  if (patch.given) {
    into = patch.value;
  }
}

}  // namespace

Result<Policy> GetPolicy(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, Permission::kTriageRead, {.organisation = actor.organisation}));
  return LoadPolicy(tx);
}

Result<Policy> PutPolicy(store::WriteTx& tx, const auth::Actor& actor, Policy policy,
                         std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kTriageWrite));
  const Policy current = LoadPolicy(tx);
  if (if_version && *if_version != current.version) {
    return Fail(Code::kStaleVersion, "error.stale_version");
  }
  TRY(Validate(policy));
  policy.version = current.version + 1;
  tx.Exec(sql::kInsertPolicy, policy.version, tx.Now(), dto::ToJson(policy));
  auth::Record(tx, actor, "triage.policy", std::to_string(policy.version));
  return policy;
}

Result<std::vector<RuleView>> Rules(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, Permission::kTriageRead, {.organisation = actor.organisation}));
  std::vector<RuleView> views;
  for (Stored& stored : tx.All(sql::kRules, ToStored, "", kMostRules)) {
    views.push_back(View(tx, std::move(stored)));
  }
  return views;
}

Result<RuleView> AddRule(store::WriteTx& tx, const auth::Actor& actor, const NewRule& request) {
  TRY(auth::Require(actor, Permission::kTriageWrite));
  Seed(tx);
  const Rule rule{request.name, request.words,  request.languages, request.technology_id,
                  request.kind, request.impact, request.urgency,   request.weight};
  TRY(Check(tx, rule, std::nullopt));
  if (tx.One(sql::kCountRules, [](const store::Row& row) { return row.Int(0); }).value_or(0) >= kMostRules) {
    return Fail(Code::kConflict, "triage.too_many_rules", {{"max", std::to_string(kMostRules)}});
  }
  const RuleId id = RuleId::New(tx.Now());
  tx.Exec(sql::kInsertRule, id, rule.name, dto::ToJson(rule), request.active);
  Touch(tx);
  auth::Record(tx, actor, "triage.rule_add", rule.name);
  return View(tx, TRY(Find(tx, id)));
}

Result<RuleView> ChangeRule(store::WriteTx& tx, const auth::Actor& actor, RuleId id, const RuleChange& change,
                            std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kTriageWrite));
  Stored stored = TRY(Find(tx, id));
  if (if_version && *if_version != stored.version) {
    return Fail(Code::kStaleVersion, "error.stale_version");
  }
  Rule& rule = stored.rule;
  rule.name = change.name.value_or(rule.name);
  rule.words = change.words.value_or(rule.words);
  rule.languages = change.languages.value_or(rule.languages);
  rule.weight = change.weight.value_or(rule.weight);
  Apply(change.technology_id, rule.technology);
  Apply(change.kind, rule.kind);
  Apply(change.impact, rule.impact);
  Apply(change.urgency, rule.urgency);
  TRY(Check(tx, rule, id));
  tx.Exec(sql::kUpdateRule, id, rule.name, dto::ToJson(rule), change.active.value_or(stored.active));
  Touch(tx);
  auth::Record(tx, actor, "triage.rule_change", rule.name);
  return View(tx, TRY(Find(tx, id)));
}

Status DeleteRule(store::WriteTx& tx, const auth::Actor& actor, RuleId id) {
  TRY(auth::Require(actor, Permission::kTriageWrite));
  const Stored stored = TRY(Find(tx, id));
  tx.Exec(sql::kDeleteRule, id);
  Touch(tx);
  auth::Record(tx, actor, "triage.rule_delete", stored.rule.name);
  return {};
}

bool IsSeeded(store::ReadTx& tx) {
  return tx.One(sql::kSetting, [](const store::Row&) { return true; }, sql::kRulesRevision).has_value();
}

void Seed(store::WriteTx& tx) {
  if (IsSeeded(tx)) {
    return;
  }
  for (const Rule& rule : DefaultRules()) {
    tx.Exec(sql::kInsertRule, RuleId::New(tx.Now()), rule.name, dto::ToJson(rule), true);
  }
  Touch(tx);
}

Result<Classification> TryOut(store::ReadTx& tx, const auth::Actor& actor, const TryText& text) {
  TRY(auth::Require(actor, Permission::kTriageRead, {.organisation = actor.organisation}));
  return Try(tx, text.subject, text.body);
}

}  // namespace propolis::triage
