#include "app/try/rules.h"

namespace propolis::app {

const std::vector<Rule>& AllRules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> rules;
    for (const auto& make : {AuditRules,  AuthRules,   ClassifyRules,  EscalationRules, HolidayRules, HtmlRules,
                             JsonRules,   MailRules,   MultipartRules, OncallRules,     PushRules,    RecurrenceRules,
                             RouteRules,  SearchRules, SignatureRules, SlaRules,        TextRules,    ThreadRules,
                             TicketRules, TriageRules, WebauthnRules}) {
      std::ranges::move(make(), std::back_inserter(rules));
    }
    std::ranges::sort(rules, {}, &Rule::name);
    return rules;
  }();
  return all;
}

const Rule* FindRule(std::string_view name) {
  const auto& rules = AllRules();
  const auto found = std::ranges::find(rules, name, &Rule::name);
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace propolis::app
