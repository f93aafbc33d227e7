#include "auth/record.h"
#include "auth/secrets.h"
#include "base/crypto.h"
#include "base/p256.h"
#include "domain/notify/reach.h"
#include "domain/notify/reach_rows.h"
#include "domain/notify/web_address.h"
#include "domain/stored.h"
#include "domain/wall_clock.h"

namespace propolis::notify {
namespace {

using auth::Permission;
using auth::secrets::Kind;

constexpr std::string_view kReach =
    "SELECT s.zone, n.rules, n.quiet, n.version FROM staff s LEFT JOIN notify_settings n ON n.staff = s.id "
    "WHERE s.id = $1";
constexpr std::string_view kSave =
    "INSERT INTO notify_settings (staff, version, rules, quiet) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (staff) DO UPDATE SET version = excluded.version, rules = excluded.rules, quiet = excluded.quiet";
constexpr std::string_view kMethods =
    "SELECT id, kind, label, address FROM contact_method WHERE staff = $1 ORDER BY made_at, id";
constexpr std::string_view kMethod = "SELECT kind, address, gateway, push FROM contact_method WHERE id = $1";
constexpr std::string_view kOwnMethod = "SELECT label FROM contact_method WHERE id = $1 AND staff = $2";
constexpr std::string_view kInsertMethod =
    "INSERT INTO contact_method (id, staff, kind, label, address, gateway, push, made_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
constexpr std::string_view kBrowser = "SELECT id, staff FROM contact_method WHERE address = $1 AND kind = 'push'";
constexpr std::string_view kRenewBrowser = "UPDATE contact_method SET label = $2, push = $3 WHERE id = $1";
constexpr std::string_view kOwner = "SELECT staff, label FROM contact_method WHERE id = $1";
constexpr std::string_view kDeleteMethod = "DELETE FROM contact_method WHERE id = $1";
constexpr std::string_view kGateways = "SELECT id, name FROM gateway ORDER BY name";
constexpr std::string_view kGatewayExists = "SELECT 1 FROM gateway WHERE id = $1";

std::string ShownAddress(MethodKind kind, std::string_view address) {
  return kind == MethodKind::kPhone ? std::string(address) : OriginOf(address);
}

Method ToMethod(const store::Row& row) {
  const auto kind = row.Enum<MethodKind>(1);
  return {.id = row.Id<MethodId>(0), .kind = kind, .label = row.String(2), .address = ShownAddress(kind, row.Text(3))};
}

// Empty: a webhook whose address cannot be read any more, to be taken back and made anew.
std::string ShownWebhook(store::ReadTx& tx, MethodId webhook) {
  const auto address = auth::secrets::Get(tx, Kind::kWebhookAddress, webhook.uuid);
  return address && *address ? OriginOf(**address) : std::string();
}

std::vector<Method> MethodsOf(store::ReadTx& tx, StaffId staff) {
  auto methods = tx.All(kMethods, ToMethod, staff);
  for (Method& method : methods) {
    if (method.kind == MethodKind::kWebhook) {
      method.address = ShownWebhook(tx, method.id);
    }
  }
  return methods;
}

// A person of the desk who is called: nobody else has ways to be reached.
Status RequirePerson(const auth::Actor& actor) {
  TRY(auth::Require(actor, Permission::kRotaRead));
  return actor.Is(auth::ActorKind::kStaff)
             ? Status{}
             : Fail(Code::kForbidden, "error.permission_missing", {{"permission", "rota.read"}});
}

void Save(store::WriteTx& tx, StaffId staff, const ReachRow& reach) {
  tx.Exec(kSave, staff, reach.version, stored::ToJson(reach.rules),
          reach.quiet ? std::optional(stored::ToJson(*reach.quiet)) : std::nullopt);
}

bool IsNumber(std::string_view text) {
  constexpr std::size_t kShortest = 5;
  constexpr std::size_t kLongest = 20;
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  return digits.size() >= kShortest && digits.size() <= kLongest &&
         std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
}

Status CheckKeys(const std::optional<PushKeys>& keys) {
  if (!keys) {
    return FailField("keys", "field.required");
  }
  if (!crypto::p256::IsPoint(text::Base64UrlDecode(keys->p256dh).value_or(""))) {
    return FailField("keys/p256dh", "notify.not_push_key");
  }
  constexpr std::size_t kAuth = 16;  // bytes (RFC 8291 section 3.2)
  return text::Base64UrlDecode(keys->auth).value_or("").size() == kAuth ? Status{}
                                                                        : FailField("keys/auth", "notify.not_push_key");
}

Status Check(store::ReadTx& tx, const NewMethod& method) {
  switch (method.kind) {
    case MethodKind::kPhone:
      if (!IsNumber(method.address)) {
        return FailField("address", "notify.not_number");
      }
      if (!method.gateway_id) {
        return FailField("gateway_id", "field.required");
      }
      return stored::CheckReference(tx, kGatewayExists, *method.gateway_id, "gateway_id");
    case MethodKind::kWebhook:
      return IsWebAddress(method.address) ? Status{} : FailField("address", "notify.not_web_address");
    case MethodKind::kPush:
      TRY(CheckKeys(method.keys));
      return IsWebAddress(method.address) ? Status{} : FailField("address", "notify.not_web_address");
  }
  return {};
}

// A way and the rules that name it.
void Forget(store::WriteTx& tx, const auth::Actor& actor, StaffId staff, MethodId id, const std::string& label) {
  ReachRow reach = LoadReach(tx, staff);
  if (std::erase_if(reach.rules, [&](const Rule& rule) { return rule.method_id == id; }) > 0) {
    // Nobody becomes unreachable because a way ends: mail is left.
    if (!reach.rules.empty() && std::ranges::find(reach.rules, RuleKind::kPage, &Rule::kind) == reach.rules.end()) {
      reach.rules.push_back({RuleKind::kPage, std::nullopt, 0});
    }
    ++reach.version;
    Save(tx, staff, reach);
    auth::Record(tx, actor, "reach.update");
  }
  tx.Exec(kDeleteMethod, id);
  auth::secrets::Drop(tx, Kind::kWebhook, id.uuid);
  auth::secrets::Drop(tx, Kind::kWebhookAddress, id.uuid);
  auth::Record(tx, actor, "reach.remove", label);
}

// The browser is hers already: it comes with new keys. nullopt: it is not, and nobody else's any more.
std::optional<MethodId> RenewBrowser(store::WriteTx& tx, const auth::Actor& actor, const NewMethod& request) {
  const auto known = tx.One(
      kBrowser, [](const store::Row& row) { return std::pair(row.Id<MethodId>(0), row.Id<StaffId>(1)); },
      request.address);
  if (!known) {
    return std::nullopt;
  }
  if (known->second != actor.staff()) {
    ForgetMethod(tx, known->first);
    return std::nullopt;
  }
  tx.Exec(kRenewBrowser, known->first, request.label, stored::ToJson(*request.keys));
  auth::Record(tx, actor, "reach.add", request.label);
  return known->first;
}

}  // namespace

ReachRow LoadReach(store::ReadTx& tx, StaffId staff) {
  return tx
      .One(
          kReach,
          [](const store::Row& row) {
            ReachRow reach;
            reach.zone = row.String(0);
            if (!row.IsNull(3)) {
              reach.rules = stored::FromJson<std::vector<Rule>>(row.Text(1));
              reach.quiet = row.IsNull(2) ? std::nullopt : std::optional(stored::FromJson<QuietHours>(row.Text(2)));
              reach.version = row.Int(3);
            }
            return reach;
          },
          staff)
      .value_or(ReachRow{});
}

const date::time_zone& ZoneOf(const ReachRow& reach) {
  const auto* zone = FindZone(reach.zone);
  return zone != nullptr ? *zone : *FindZone("Etc/UTC");
}

Result<Reach> OwnReach(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(RequirePerson(actor));
  ReachRow row = LoadReach(tx, actor.staff());
  return Reach{.methods = MethodsOf(tx, actor.staff()),
               .rules = std::move(row.rules),
               .quiet = row.quiet,
               .zone = std::move(row.zone),
               .gateways = tx.All(kGateways, [](const store::Row& r) { return *OptRef(r, 0); }),
               .version = row.version};
}

Result<Reach> ChangeReach(store::WriteTx& tx, const auth::Actor& actor, const ReachChange& change,
                          std::optional<std::int64_t> if_version) {
  TRY(RequirePerson(actor));
  ReachRow reach = LoadReach(tx, actor.staff());
  reach.version = TRY(stored::NextVersion(reach.version, if_version));
  if (change.quiet.given) {
    reach.quiet = change.quiet.value;
  }
  if (change.rules) {
    reach.rules = *change.rules;
  }
  std::vector<FieldError> errors =
      reach.rules.empty() ? Validate({Rule{}}, reach.quiet) : Validate(reach.rules, reach.quiet);
  for (std::size_t i = 0; i < reach.rules.size(); ++i) {
    const auto& method = reach.rules[i].method_id;
    if (method && !tx.One(kOwnMethod, [](const store::Row&) { return true; }, *method, actor.staff())) {
      errors.push_back({"rules/" + std::to_string(i) + "/method_id", "field.not_found", {}});
    }
  }
  if (!errors.empty()) {
    return std::unexpected(Error{Code::kInvalid, "error.invalid", {}, std::move(errors)});
  }
  Save(tx, actor.staff(), reach);
  auth::Record(tx, actor, "reach.update");
  return OwnReach(tx, actor);
}

Result<MadeMethod> AddMethod(store::WriteTx& tx, const auth::Actor& actor, const NewMethod& request) {
  TRY(RequirePerson(actor));
  TRY(Check(tx, request));
  const std::string shown = ShownAddress(request.kind, request.address);
  if (request.kind == MethodKind::kPush) {
    if (const auto id = RenewBrowser(tx, actor, request)) {
      return MadeMethod{.method = {*id, request.kind, request.label, shown}, .secret = std::nullopt};
    }
  }
  const auto own = tx.All(kMethods, ToMethod, actor.staff());
  if (own.size() >= kMostMethods) {
    return Fail(Code::kConflict, "notify.too_many_ways", {{"max", std::to_string(kMostMethods)}});
  }
  const auto id = MethodId::New(tx.Now());
  const bool webhook = request.kind == MethodKind::kWebhook;
  const std::string secret = webhook ? crypto::RandomToken() : std::string();
  tx.Exec(kInsertMethod, id, actor.staff(), request.kind, request.label, webhook ? std::string() : request.address,
          request.kind == MethodKind::kPhone ? request.gateway_id : std::nullopt,
          request.kind == MethodKind::kPush ? std::optional(stored::ToJson(*request.keys)) : std::nullopt, tx.Now());
  if (webhook) {
    TRY(auth::secrets::Put(tx, Kind::kWebhook, id.uuid, secret));
    TRY(auth::secrets::Put(tx, Kind::kWebhookAddress, id.uuid, request.address));
  }
  auth::Record(tx, actor, "reach.add", request.label);
  return MadeMethod{.method = {id, request.kind, request.label, shown},
                    .secret = webhook ? std::optional(secret) : std::nullopt};
}

Status RemoveMethod(store::WriteTx& tx, const auth::Actor& actor, MethodId id) {
  TRY(RequirePerson(actor));
  const auto label = tx.One(kOwnMethod, [](const store::Row& row) { return row.String(0); }, id, actor.staff());
  if (!label) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  Forget(tx, actor, actor.staff(), id, *label);
  return {};
}

void ForgetMethod(store::WriteTx& tx, MethodId id) {
  const auto found =
      tx.One(kOwner, [](const store::Row& row) { return std::pair(row.Id<StaffId>(0), row.String(1)); }, id);
  if (found) {
    Forget(tx, auth::SystemActor(), found->first, id, found->second);
  }
}

Result<std::int64_t> SendTest(store::WriteTx& tx, const auth::Actor& actor, const TryMethod& request) {
  TRY(RequirePerson(actor));
  NewNotice notice{.key = "test:" + NewUuid(tx.Now()).ToString(), .staff = actor.staff(), .kind = NoticeKind::kTest};
  if (!request.method_id) {
    return NotifyBy(tx, notice, NoticeChannel::kMail, "");
  }
  const auto method = FindMethod(tx, *request.method_id);
  if (!method || !tx.One(kOwnMethod, [](const store::Row&) { return true; }, *request.method_id, actor.staff())) {
    return FailField("method_id", "field.not_found");
  }
  return NotifyBy(tx, notice, ChannelOf(method->kind), request.method_id->ToString());
}

std::optional<StoredMethod> FindMethod(store::ReadTx& tx, MethodId id) {
  return tx.One(
      kMethod,
      [](const store::Row& row) {
        return StoredMethod{
            .kind = row.Enum<MethodKind>(0),
            .address = row.String(1),
            .gateway = row.OptId<GatewayId>(2),
            .keys = row.IsNull(3) ? std::nullopt : std::optional(stored::FromJson<PushKeys>(row.Text(3)))};
      },
      id);
}

Result<std::optional<Webhook>> OpenWebhook(store::ReadTx& tx, MethodId id) {
  auto address = TRY(auth::secrets::Get(tx, Kind::kWebhookAddress, id.uuid));
  auto secret = TRY(auth::secrets::Get(tx, Kind::kWebhook, id.uuid));
  if (!address || !secret) {
    return std::optional<Webhook>();
  }
  return std::optional(Webhook{*std::move(address), *std::move(secret)});
}

}  // namespace propolis::notify
