// escalation.*, notify.*, http.*: whom a page calls and when, how people are told, and what goes out over HTTP.
#include "app/try/rules.h"
#include "channels/http/guard.h"
#include "channels/http/template.h"
#include "domain/escalation/policy.h"
#include "domain/notify/reach.h"
#include "domain/wall_clock.h"

namespace propolis::app {
namespace {

Status Refuse(std::vector<FieldError> errors) {
  if (!errors.empty()) {
    return std::unexpected(Error{Code::kInvalid, "error.invalid", {}, std::move(errors)});
  }
  return {};
}

struct PlanOutput {
  std::vector<escalation::PlannedStep> steps;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<PlanOutput>("EscalationPlanOutput", "")
            .Required("steps", &PlanOutput::steps, "Round after round.", dto::Items(0, escalation::kMostPlanned))
            .Done();
    return type;
  }
};
Result<PlanOutput> Plan(const escalation::NewPolicy& policy) {
  TRY(Refuse(escalation::Validate(policy)));
  escalation::NewPolicy alone = policy;
  alone.next_id.reset();
  const auto id = EscalationId::New(Time{});
  return PlanOutput{TRY(escalation::Unfold({{id, alone}}, id))};
}

struct NotifyInput {
  std::vector<notify::Rule> rules;
  std::optional<notify::QuietHours> quiet;
  std::string zone;
  notify::RuleKind kind = notify::RuleKind::kPage;
  bool urgent = false;
  Time at;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<NotifyInput>("NotifyPlanInput", "")
            .Required("rules", &NotifyInput::rules, "Empty: a mail at once.", dto::Items(0, notify::kMostRules))
            .Optional("quiet", &NotifyInput::quiet, "Hours in which only urgent pages go through.")
            .Required("zone", &NotifyInput::zone, "IANA time zone.", dto::Text(1, 64, "zone"))
            .Required("kind", &NotifyInput::kind, "Of what.")
            .Optional("urgent", &NotifyInput::urgent, "A page for P1.")
            .Required("at", &NotifyInput::at, "The moment.")
            .Done();
    return type;
  }
};
struct NotifyStep {
  std::optional<notify::MethodId> method;
  Time due_at;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<NotifyStep>("NotifyPlanStep", "")
                                      .Optional("method", &NotifyStep::method, "Absent: mail.")
                                      .Required("due_at", &NotifyStep::due_at, "When.")
                                      .Done();
    return type;
  }
};
struct NotifyOutput {
  std::vector<NotifyStep> deliveries;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<NotifyOutput>("NotifyPlanOutput", "")
                                      .Required("deliveries", &NotifyOutput::deliveries, "One a rule.")
                                      .Done();
    return type;
  }
};
Result<NotifyOutput> Deliveries(const NotifyInput& input) {
  const auto* zone = FindZone(input.zone);
  if (zone == nullptr) {
    return FailField("zone", "field.not_zone");
  }
  const auto kind = input.kind == notify::RuleKind::kPage ? notify::NoticeKind::kPage : notify::NoticeKind::kClock;
  NotifyOutput output;
  for (const auto& one : notify::PlanDeliveries(input.rules, input.quiet, *zone, kind, input.urgent, input.at)) {
    output.deliveries.push_back({one.method, one.due_at});
  }
  return output;
}

struct FillInput {
  std::string text;
  std::string content_type;
  std::string value;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<FillInput>("HttpFillInput", "")
            .Required("text", &FillInput::text, "A body with {{text}} in it.", dto::Text(0, 8000, "multiline"))
            .Required("content_type", &FillInput::content_type, "Of the body.", dto::Text(1, 100))
            .Required("value", &FillInput::value, "What is filled in.", dto::Text(0, 8000, "multiline"))
            .Done();
    return type;
  }
};
struct FillOutput {
  std::string text;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<FillOutput>("HttpFillOutput", "").Required("text", &FillOutput::text, "Filled in.").Done();
    return type;
  }
};
Result<FillOutput> Fill(const FillInput& input) {
  return FillOutput{http::Fill(input.text, {{"text", input.value}}, http::PlaceOf(input.content_type))};
}

struct MayCallInput {
  std::string address;
  bool tls = true;
  std::vector<std::string> networks;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<MayCallInput>("HttpMayCallInput", "")
            .Required("address", &MayCallInput::address, "IPv4 or IPv6.", dto::Text(1, 100))
            .Required("tls", &MayCallInput::tls, "Over TLS.")
            .Optional("networks", &MayCallInput::networks, "That an administrator allows.", dto::Items(0, 50))
            .Done();
    return type;
  }
};
struct MayCallOutput {
  bool may = false;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<MayCallOutput>("HttpMayCallOutput", "")
                                      .Required("may", &MayCallOutput::may, "Whether it may.")
                                      .Done();
    return type;
  }
};
Result<MayCallOutput> MayCall(const MayCallInput& input) {
  const auto address = net::IpAddress::Parse(input.address);
  if (!address) {
    return FailField("address", "http.not_network");
  }
  return MayCallOutput{http::MayCall(*address, input.tls, TRY(http::ParseAllowed(input.networks)))};
}

}  // namespace

std::vector<Rule> EscalationRules() {
  return {
      MakeRule("escalation.plan", "The steps of an escalation policy, round after round.",
               R"({"name":"Night","steps":[{"after":0,"targets":[{"kind":"rota",)"
               R"("id":"0190a000-0000-7000-8000-000000000001"}]}],"repeats":1,"pause":600})",
               Plan),
      MakeRule("notify.plan", "When and by which way somebody is told.",
               R"({"rules":[{"kind":"page","after":5}],"quiet":{"from":"22:00","to":"07:00"},"zone":"Europe/Madrid",)"
               R"("kind":"page","at":"2026-03-03T22:30:00Z"})",
               Deliveries),
      MakeRule("http.fill", "A value put into a template, escaped by where it stands.",
               R"({"text":"{\"text\":\"{{text}}\"}","content_type":"application/json","value":"say \"hi\""})", Fill),
      MakeRule("http.may_call", "Whether the desk may call an address.",
               R"({"address":"169.254.169.254","tls":true,"networks":[]})", MayCall),
  };
}

}  // namespace propolis::app
