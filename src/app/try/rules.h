// All rules that can be tried, by file.
#pragma once

#include <vector>

#include "app/try/rule.h"

namespace propolis::app {

std::vector<Rule> AuditRules();
std::vector<Rule> AuthRules();
std::vector<Rule> ClassifyRules();
std::vector<Rule> EscalationRules();
std::vector<Rule> HolidayRules();
std::vector<Rule> HtmlRules();
std::vector<Rule> JsonRules();
std::vector<Rule> MailRules();
std::vector<Rule> MultipartRules();
std::vector<Rule> OncallRules();
std::vector<Rule> PushRules();
std::vector<Rule> RecurrenceRules();
std::vector<Rule> RouteRules();
std::vector<Rule> SearchRules();
std::vector<Rule> SignatureRules();
std::vector<Rule> SlaRules();
std::vector<Rule> TextRules();
std::vector<Rule> ThreadRules();
std::vector<Rule> TicketRules();
std::vector<Rule> TriageRules();
std::vector<Rule> WebauthnRules();

// By name.
const std::vector<Rule>& AllRules();
const Rule* FindRule(std::string_view name);

}  // namespace propolis::app
