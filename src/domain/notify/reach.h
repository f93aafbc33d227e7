// How one person is reached: her ways (webhook, phone by a gateway, browser), her rules, her quiet hours.
//
// Without rules she gets a mail at once. In quiet hours only pages for P1 go through; the rest waits for their end.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "domain/notify/gateway.h"
#include "domain/notify/notice.h"
#include "domain/ref.h"
#include "domain/sla/calendar.h"
#include "store/store.h"

namespace date {
class time_zone;
}

namespace propolis::notify {

using MethodId = Id<struct ContactMethodTag>;

enum class MethodKind { kWebhook, kPhone, kPush };

struct Method {
  MethodId id;
  MethodKind kind = MethodKind::kWebhook;
  std::string label;
  std::string address;  // as far as it is shown: the origin of a URL, a number
  static const dto::Type& Dto();
};

// The keys that a browser tells when it subscribes (PushSubscription.getKey), in base64url.
struct PushKeys {
  std::string p256dh;
  std::string auth;
  static const dto::Type& Dto();
};

struct NewMethod {
  MethodKind kind = MethodKind::kWebhook;
  std::string label;
  std::string address;
  std::optional<GatewayId> gateway_id;  // of a phone
  std::optional<PushKeys> keys = {};    // of a browser
  static const dto::Type& Dto();
};

// The secret of a webhook is told once, when it is made.
struct MadeMethod {
  Method method;
  std::optional<std::string> secret;
  static const dto::Type& Dto();
};

enum class RuleKind { kPage, kClock };

struct Rule {
  RuleKind kind = RuleKind::kPage;
  std::optional<MethodId> method_id;  // absent: mail
  std::int64_t after = 0;             // minutes
  bool operator==(const Rule&) const = default;
  static const dto::Type& Dto();
};

// From the one to the other of the wall clock in the person's zone, over midnight when it ends earlier.
struct QuietHours {
  sla::TimeOfDay from;
  sla::TimeOfDay to;
  static const dto::Type& Dto();
};

struct Reach {
  std::vector<Method> methods;
  std::vector<Rule> rules;
  std::optional<QuietHours> quiet;
  std::string zone;           // hers
  std::vector<Ref> gateways;  // by which a phone can be reached
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

struct ReachChange {
  std::optional<std::vector<Rule>> rules;
  dto::Patch<QuietHours> quiet;
  static const dto::Type& Dto();
};

constexpr std::size_t kMostRules = 20;
constexpr std::size_t kMostMethods = 10;
constexpr std::int64_t kLongestRule = 24 * 60;  // minutes

// --- the rules, pure

// Every wrong field: the same rule twice, quiet hours of no length, and rules that tell nobody of pages.
std::vector<FieldError> Validate(const std::vector<Rule>& rules, const std::optional<QuietHours>& quiet);

struct PlannedDelivery {
  std::optional<MethodId> method;  // absent: mail
  Time due_at;
  bool operator==(const PlannedDelivery&) const = default;
};
// `urgent`: a page for P1, which quiet hours do not hold back.
std::vector<PlannedDelivery> PlanDeliveries(const std::vector<Rule>& rules, const std::optional<QuietHours>& quiet,
                                            const date::time_zone& zone, NoticeKind kind, bool urgent, Time now);

// --- as stored

Result<Reach> OwnReach(store::ReadTx& tx, const auth::Actor& actor);
// Errors: field errors on rules and quiet; kStaleVersion.
Result<Reach> ChangeReach(store::WriteTx& tx, const auth::Actor& actor, const ReachChange& change,
                          std::optional<std::int64_t> if_version);
// A browser that was hers already keeps its place in her rules; one that was somebody else's is that person's no more:
// it tells what concerns whoever sits before it. Errors: field errors on address, gateway_id, keys; kConflict when
// there are too many.
Result<MadeMethod> AddMethod(store::WriteTx& tx, const auth::Actor& actor, const NewMethod& request);
// With the rules that name it.
Status RemoveMethod(store::WriteTx& tx, const auth::Actor& actor, MethodId id);
// The same for a way that is found to lead nowhere, whosever it is. Nothing when it is gone already.
void ForgetMethod(store::WriteTx& tx, MethodId id);

struct TryMethod {
  std::optional<MethodId> method_id;  // absent: mail
  static const dto::Type& Dto();
};
// Sends a notice that says that it is a test. Answers its delivery.
Result<std::int64_t> SendTest(store::WriteTx& tx, const auth::Actor& actor, const TryMethod& request);

// By which channel a way is used.
NoticeChannel ChannelOf(MethodKind kind);

// A person's way; nullopt: she has taken it back.
struct StoredMethod {
  MethodKind kind = MethodKind::kWebhook;
  std::string address;  // of a phone, a browser
  std::optional<GatewayId> gateway;
  std::optional<PushKeys> keys;
};
std::optional<StoredMethod> FindMethod(store::ReadTx& tx, MethodId id);

// A webhook as it is called, for the channel alone. nullopt: there is none, or its secrets were forgotten. Errors:
// those of auth::secrets::Get.
struct Webhook {
  std::string address;
  std::string secret;  // what its calls are signed with
};
Result<std::optional<Webhook>> OpenWebhook(store::ReadTx& tx, MethodId id);

}  // namespace propolis::notify

namespace propolis {

template <>
struct Names<notify::MethodKind> {
  static constexpr std::array kTable = {std::pair{notify::MethodKind::kWebhook, std::string_view("webhook")},
                                        std::pair{notify::MethodKind::kPhone, std::string_view("phone")},
                                        std::pair{notify::MethodKind::kPush, std::string_view("push")}};
};

template <>
struct Names<notify::RuleKind> {
  static constexpr std::array kTable = {std::pair{notify::RuleKind::kPage, std::string_view("page")},
                                        std::pair{notify::RuleKind::kClock, std::string_view("clock")}};
};

}  // namespace propolis
