#include "domain/ticket/terms.h"

#include "base/json.h"
#include "domain/calendars/calendar_sql.h"
#include "domain/calendars/choice_commands.h"
#include "domain/people/contract_queries.h"

namespace propolis::ticket {
namespace {

void WriteTerms(json::Writer& writer, const Detail& detail) {
  writer.Key("policy")
      .BeginObject()
      .Field("id", detail.policy->ToString())
      .Field("version", detail.policy_version)
      .Field("calendar", detail.calendar->ToString())
      .EndObject();
}

bool SameTerms(const Detail& detail, const people::Terms& terms) {
  return detail.policy == terms.policy && detail.calendar == terms.calendar;
}

std::string PolicyName(store::ReadTx& tx, PolicyId id) {
  return tx.One(
               "SELECT name FROM sla_policy WHERE id = $1", [](const store::Row& row) { return row.String(0); }, id)
      .value_or("");
}

}  // namespace

Result<ChosenTerms> ChooseTerms(store::ReadTx& tx, const Ticket& ticket, Time at) {
  ChosenTerms chosen;
  chosen.terms = TRY(people::ContractFor(tx, ticket.organisation, ticket.channel, at));
  if (chosen.terms.contract) {
    chosen.why.by = ChosenBy::kContract;
    chosen.why.name = chosen.terms.contract_name;
  }
  const auto chooser = calendars::CurrentChooser(tx);
  if (chooser->choice().rules.empty()) {
    return chosen;
  }
  calendars::ChoiceCase asked{.organisation = ticket.organisation,
                              .contract = chosen.terms.contract,
                              .kind = ticket.kind,
                              .technologies = {},
                              .channel = ticket.channel};
  if (ticket.technology && chooser->NeedsTechnologies()) {
    asked.technologies = calendars::Lineage(tx, *ticket.technology);
  }
  const auto place = chooser->Find(asked);
  if (!place) {
    return chosen;
  }
  const calendars::ChoiceRule& rule = chooser->choice().rules[*place];
  chosen.terms.policy = rule.policy_id;
  chosen.terms.policy_version =
      tx.One(
            calendars::sql::kPolicyVersionNow, [](const store::Row& row) { return row.Int(0); }, rule.policy_id)
          .value_or(0);
  if (rule.calendar_id) {
    chosen.terms.calendar = *rule.calendar_id;
  }
  chosen.why = {.by = ChosenBy::kRule,
                .name = rule.name,
                .place = static_cast<std::int64_t>(*place) + 1,
                .version = chooser->choice().version};
  return chosen;
}

void TakeTerms(Detail& detail, const ChosenTerms& chosen) {
  detail.policy = chosen.terms.policy;
  detail.policy_version = chosen.terms.policy_version;
  detail.calendar = chosen.terms.calendar;
  detail.choice_json = dto::ToJson(chosen.why);
}

Status FollowTerms(Edit& edit, std::string_view act, std::string_view to, bool always) {
  const Detail before = edit.detail();
  if (!before.policy && !always) {
    return {};  // it has no clocks to move
  }
  const ChosenTerms now = TRY(ChooseTerms(edit.tx(), edit.ticket(), edit.ticket().created_at));
  if (!always && SameTerms(before, now.terms)) {
    edit.detail().choice_json = dto::ToJson(now.why);
    return {};
  }
  TakeTerms(edit.detail(), now);
  const std::string text = to.empty() ? PolicyName(edit.tx(), now.terms.policy) : std::string(to);
  json::Writer data;
  data.BeginObject().Field("act", act).Field("to", text);
  WriteTerms(data, edit.detail());
  if (before.policy) {
    data.Key("before").BeginObject();
    WriteTerms(data, before);
    data.EndObject();
  }
  data.Key("why").Raw(*edit.detail().choice_json).EndObject();
  edit.Append({.kind = EntryKind::kSystem, .body = text, .data = data.Take()});
  return {};
}

const dto::Type& PolicyChoice::Dto() {
  using T = PolicyChoice;
  static const dto::Type type = dto::Object<T>("PolicyChoice", "Why a ticket has its policy.")
                                    .Required("by", &T::by, "A rule, the contract, or the desk's default.")
                                    .Optional("name", &T::name, "Of the rule or the contract.")
                                    .Optional("place", &T::place, "Of the rule in its list, from 1.")
                                    .Optional("version", &T::version, "Of the list of rules.")
                                    .Done();
  return type;
}

}  // namespace propolis::ticket
