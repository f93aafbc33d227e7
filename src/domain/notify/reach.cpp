#include "domain/notify/reach.h"

#include <algorithm>

#include "domain/oncall/window.h"
#include "domain/wall_clock.h"

namespace propolis::notify {
namespace {

// Mail at once, for everything.
const std::vector<Rule>& UsualRules() {
  static const std::vector<Rule> rules = {{RuleKind::kPage, std::nullopt, 0}, {RuleKind::kClock, std::nullopt, 0}};
  return rules;
}

RuleKind KindOf(NoticeKind kind) { return kind == NoticeKind::kPage ? RuleKind::kPage : RuleKind::kClock; }

// The end of the quiet hours that hold at `at`; `at` itself outside of them.
Time EndOfQuiet(const QuietHours& quiet, const date::time_zone& zone, Time at) {
  using enum sla::Weekday;
  const oncall::Window every_day{{kSun, kMon, kTue, kWed, kThu, kFri, kSat}, quiet.from, quiet.to};
  if (!oncall::IsActive(every_day, zone, at)) {
    return at;
  }
  const auto spans = oncall::Covered({every_day}, zone, at, at + std::chrono::days{2});
  return spans.empty() ? at : spans.front().to;
}

}  // namespace

std::vector<FieldError> Validate(const std::vector<Rule>& rules, const std::optional<QuietHours>& quiet) {
  std::vector<FieldError> errors;
  for (auto rule = rules.begin(); rule != rules.end(); ++rule) {
    const auto same = std::ranges::find_if(rules.begin(), rule, [&](const Rule& other) {
      return other.kind == rule->kind && other.method_id == rule->method_id;
    });
    if (same != rule) {
      errors.push_back({"rules/" + std::to_string(rule - rules.begin()), "notify.rule_twice", {}});
    }
  }
  if (std::ranges::find(rules, RuleKind::kPage, &Rule::kind) == rules.end()) {
    errors.push_back({"rules", "notify.no_rule_for_pages", {}});
  }
  constexpr Seconds kMidnight{24 * 3600};
  if (quiet && (quiet->from == quiet->to || quiet->from.since_midnight >= kMidnight)) {
    errors.push_back({"quiet", "notify.quiet_without_length", {}});
  }
  return errors;
}

std::vector<PlannedDelivery> PlanDeliveries(const std::vector<Rule>& rules, const std::optional<QuietHours>& quiet,
                                            const date::time_zone& zone, NoticeKind kind, bool urgent, Time now) {
  std::vector<PlannedDelivery> planned;
  for (const Rule& rule : rules.empty() ? UsualRules() : rules) {
    if (rule.kind != KindOf(kind)) {
      continue;
    }
    const Time due = now + std::chrono::minutes{rule.after};
    planned.push_back({rule.method_id, quiet && !urgent ? EndOfQuiet(*quiet, zone, due) : due});
  }
  return planned;
}

const dto::Type& Method::Dto() {
  static const dto::Type type =
      dto::Object<Method>("ContactMethod", "A way to reach a person, apart from her mail address.")
          .Required("id", &Method::id, "")
          .Required("kind", &Method::kind, "`phone`: by a gateway; `push`: a browser.")
          .Required("label", &Method::label, "")
          .Required("address", &Method::address, "A number, or the origin of a URL whose rest is not told.")
          .Done();
  return type;
}

const dto::Type& PushKeys::Dto() {
  constexpr std::size_t kLongestKey = 100;
  static const dto::Type type =
      dto::Object<PushKeys>("PushKeys", "The keys of a browser's subscription, in base64url.")
          .Required("p256dh", &PushKeys::p256dh, "A point of P-256, uncompressed.", dto::Text(1, kLongestKey))
          .Required("auth", &PushKeys::auth, "16 bytes.", dto::Text(1, kLongestKey))
          .Done();
  return type;
}

const dto::Type& NewMethod::Dto() {
  constexpr std::size_t kLongestAddress = 2000;
  static const dto::Type type =
      dto::Object<NewMethod>("NewContactMethod", "A new way to reach oneself.")
          .Required("kind", &NewMethod::kind, "")
          .Required("label", &NewMethod::label, "", dto::Text(1, 80))
          .Required("address", &NewMethod::address, "A URL, a number, the endpoint of a browser's subscription.",
                    dto::Text(1, kLongestAddress))
          .Optional("gateway_id", &NewMethod::gateway_id, "By which a phone is reached.")
          .Optional("keys", &NewMethod::keys, "Of a browser.")
          .Done();
  return type;
}

const dto::Type& MadeMethod::Dto() {
  static const dto::Type type =
      dto::Object<MadeMethod>("MadeContactMethod", "A way that was just made.")
          .Required("method", &MadeMethod::method, "")
          .Optional("secret", &MadeMethod::secret, "What a webhook's requests are signed with; told this once.")
          .Done();
  return type;
}

const dto::Type& Rule::Dto() {
  static const dto::Type type =
      dto::Object<Rule>("NotificationRule", "By which way one is told, and when.")
          .Required("kind", &Rule::kind, "`page`: one is called; `clock`: a deadline comes near or was missed.")
          .Optional("method_id", &Rule::method_id, "Mail when left out.")
          .Optional("after", &Rule::after, "Minutes; until then a page may be acknowledged.",
                    dto::Range(0, kLongestRule))
          .Done();
  return type;
}

const dto::Type& QuietHours::Dto() {
  static const dto::Type type =
      dto::Object<QuietHours>("QuietHours", "Hours of the wall clock in which only pages for P1 go through.")
          .Required("from", &QuietHours::from, "When they begin.")
          .Required("to", &QuietHours::to, "The next day when it is earlier.")
          .Done();
  return type;
}

const dto::Type& Reach::Dto() {
  static const dto::Type type = dto::Object<Reach>("Reach", "How one is reached.")
                                    .Required("methods", &Reach::methods, "Apart from mail.")
                                    .Required("rules", &Reach::rules, "Empty: a mail at once.")
                                    .Optional("quiet", &Reach::quiet, "Absent: none.")
                                    .Required("zone", &Reach::zone, "IANA time zone of the quiet hours.")
                                    .Required("gateways", &Reach::gateways, "By which a phone can be reached.")
                                    .Required("version", &Reach::version, "")
                                    .Done();
  return type;
}

const dto::Type& ReachChange::Dto() {
  static const dto::Type type = dto::Object<ReachChange>("ReachChange", "What to change of how one is reached.")
                                    .Optional("rules", &ReachChange::rules, "Replaced.", dto::Items(0, kMostRules))
                                    .Optional("quiet", &ReachChange::quiet, "null: none.")
                                    .Done();
  return type;
}

const dto::Type& TryMethod::Dto() {
  static const dto::Type type = dto::Object<TryMethod>("TryContactMethod", "Sends a notice that says it is a test.")
                                    .Optional("method_id", &TryMethod::method_id, "Mail when left out.")
                                    .Done();
  return type;
}

}  // namespace propolis::notify
