#include "auth/session.h"

#include "audit/audit.h"
#include "auth/digest.h"
#include "auth/factor.h"
#include "auth/password.h"
#include "auth/record.h"
#include "base/crypto.h"
#include "base/json.h"

namespace propolis::auth {
namespace {

constexpr std::string_view kStaffById =
    "SELECT id, name, email, language, zone, roles FROM staff WHERE id = $1 AND active = 1";
constexpr std::string_view kTeamsOf = "SELECT team FROM team_member WHERE staff = $1";
constexpr std::string_view kContactById =
    "SELECT c.id, c.name, e.email, c.language, o.zone, c.roles, c.organisation FROM contact c "
    "JOIN organisation o ON o.id = c.organisation "
    "LEFT JOIN contact_email e ON e.contact = c.id AND e.position = 0 WHERE c.id = $1 AND c.portal = 1";
constexpr std::string_view kSession =
    "SELECT kind, person, csrf, seen_at, expires_at, assurance, verified_at FROM session WHERE token = $1";
constexpr std::string_view kTouch = "UPDATE session SET seen_at = $2 WHERE token = $1 AND seen_at < $2";
constexpr std::string_view kVerified = "UPDATE session SET verified_at = $2 WHERE token = $1";
constexpr std::string_view kInsert =
    "INSERT INTO session (token, kind, person, csrf, created_at, seen_at, verified_at, expires_at, assurance) "
    "VALUES ($1, $2, $3, $4, $5, $5, $5, $6, $7)";
constexpr std::string_view kEnd = "DELETE FROM session WHERE token = $1";
constexpr std::string_view kEndOf = "DELETE FROM session WHERE person = $1";
constexpr std::string_view kEndExpired =
    "DELETE FROM session WHERE person = $1 AND (expires_at <= $2 OR seen_at <= $3)";
constexpr std::string_view kAccount = "SELECT id, password FROM staff WHERE email = $1 AND active = 1";

// Unknown roles (from a newer version) grant nothing.
template <Named E>
std::set<E> NamesIn(std::string_view json_list) {
  std::set<E> found;
  const auto document = json::Document::Parse(json_list);
  if (document) {
    for (std::size_t i = 0; i < document->Root().Size(); ++i) {
      if (const auto value = FromName<E>(document->Root().At(i).AsString().value_or(""))) {
        found.insert(*value);
      }
    }
  }
  return found;
}

bool Lists(std::string_view json_list, std::string_view wanted) {
  const auto document = json::Document::Parse(json_list);
  if (!document) {
    return false;
  }
  for (std::size_t i = 0; i < document->Root().Size(); ++i) {
    if (document->Root().At(i).AsString() == wanted) {
      return true;
    }
  }
  return false;
}

void NarrowUntilEnrolled(store::ReadTx& tx, Actor& actor) {
  if (MustEnrol(tx, actor)) {
    actor.permissions.clear();
  }
}

}  // namespace

void RecordRefusal(store::WriteTx& tx, std::string_view email, std::string_view why, std::string_view act) {
  json::Writer details;
  details.BeginObject().Field("why", why).EndObject();
  audit::Record(tx, {.actor_kind = std::string(NameOf(ActorKind::kAnonymous)),
                     .actor = {},
                     .actor_name = "",
                     .act = std::string(act),
                     .outcome = audit::Outcome::kDenied,
                     .ticket = 0,
                     .subject = std::string(text::Prefix(email, 254)),
                     .details = details.Take()});
}

std::optional<Actor> StaffActor(store::ReadTx& tx, StaffId staff) {
  auto actor = tx.One(
      kStaffById,
      [](const store::Row& row) {
        Actor found;
        found.kind = ActorKind::kStaff;
        found.person = row.Id<StaffId>(0).uuid;
        found.name = row.String(1);
        found.email = row.String(2);
        found.language = row.Enum<Language>(3);
        found.zone = row.String(4);
        found.roles = NamesIn<Role>(row.Text(5));
        found.assurance = Assurance::kAuthenticated;
        return found;
      },
      staff);
  if (actor) {
    actor->permissions = PermissionsOf(actor->roles);
    actor->teams = tx.All(kTeamsOf, [](const store::Row& row) { return row.Id<TeamId>(0); }, staff);
  }
  return actor;
}

std::optional<Actor> ContactActor(store::ReadTx& tx, ContactId contact) {
  auto actor = tx.One(
      kContactById,
      [](const store::Row& row) {
        Actor found;
        found.kind = ActorKind::kCustomer;
        found.person = row.Id<ContactId>(0).uuid;
        found.name = row.String(1);
        found.email = row.IsNull(2) ? "" : row.String(2);
        found.language = row.Enum<Language>(3);
        found.zone = row.String(4);
        found.roles = {Lists(row.Text(5), "approver") ? Role::kCustomerApprover : Role::kCustomer};
        found.organisation = row.Id<OrganisationId>(6);
        found.assurance = Assurance::kAuthenticated;
        return found;
      },
      contact);
  if (actor) {
    actor->permissions = PermissionsOf(actor->roles);
  }
  return actor;
}

std::optional<SignedIn> FindSession(store::ReadTx& tx, std::string_view token, Time now) {
  struct Found {
    bool customer = false;
    Uuid person;
    std::string csrf;
    Time seen_at;
    Time expires_at;
    Assurance assurance = Assurance::kUnknown;
    Time verified_at;
  };
  const auto digest = crypto::Sha256(token);
  const auto found = tx.One(
      kSession,
      [](const store::Row& row) {
        return Found{.customer = row.Text(0) == "customer",
                     .person = row.Id<StaffId>(1).uuid,
                     .csrf = row.String(2),
                     .seen_at = row.Time(3),
                     .expires_at = row.Time(4),
                     .assurance = row.Enum<Assurance>(5),
                     .verified_at = row.Time(6)};
      },
      Bytes(digest));
  if (!found || found->expires_at <= now || found->seen_at + kSessionIdle <= now) {
    return std::nullopt;
  }
  auto actor = found->customer ? ContactActor(tx, ContactId{found->person}) : StaffActor(tx, StaffId{found->person});
  if (!actor) {
    return std::nullopt;
  }
  actor->assurance = found->assurance;
  NarrowUntilEnrolled(tx, *actor);
  return SignedIn{.actor = *std::move(actor),
                  .csrf = found->csrf,
                  .verified_at = found->verified_at,
                  .touch = found->seen_at + kSeenGranularity <= now};
}

void Touch(store::WriteTx& tx, std::string_view token) { tx.Exec(kTouch, Bytes(crypto::Sha256(token)), tx.Now()); }

void MarkVerified(store::WriteTx& tx, std::string_view token) {
  tx.Exec(kVerified, Bytes(crypto::Sha256(token)), tx.Now());
}

std::optional<SignedIn> Authenticate(store::Store& store, std::string_view token, Time now) {
  auto found =
      store.Read([&](store::ReadTx& tx) -> Result<std::optional<SignedIn>> { return FindSession(tx, token, now); });
  if (!found || !*found) {
    return std::nullopt;
  }
  if ((*found)->touch) {
    // A session whose last use could not be noted (a full disk) still counts: reading must go on working.
    (void)store.Write([&](store::WriteTx& tx) -> Status {
      Touch(tx, token);
      return {};
    });
  }
  return *std::move(found);
}

NewSession StartSession(store::WriteTx& tx, const Actor& actor, std::string_view old_token) {
  const Time now = tx.Now();
  if (!old_token.empty()) {
    EndSession(tx, old_token);
  }
  tx.Exec(kEndExpired, actor.person, now, now - kSessionIdle);
  NewSession session{.token = crypto::RandomToken(), .csrf = crypto::RandomToken(18), .actor = actor};
  tx.Exec(kInsert, Bytes(crypto::Sha256(session.token)), actor.Is(ActorKind::kCustomer) ? "customer" : "staff",
          actor.person, session.csrf, now, now + kSessionLongest, actor.assurance);
  Record(tx, actor, "session.create", actor.email);
  NarrowUntilEnrolled(tx, session.actor);
  return session;
}

void EndSession(store::WriteTx& tx, std::string_view token) {
  TellEnded(tx, tx.Exec(kEnd, Bytes(crypto::Sha256(token))));
}

void EndSessionsOf(store::WriteTx& tx, const Uuid& person) { TellEnded(tx, tx.Exec(kEndOf, person)); }

void TellEnded(store::WriteTx& tx, std::int64_t how_many) {
  if (how_many > 0) {
    tx.Emit({.kind = std::string(kAccessEnded), .organisation = std::nullopt});
  }
}

Result<NewSession> SignIn(store::Store& store, const Credentials& credentials, Time now) {
  const std::string email = text::ToLower(text::Trim(credentials.email));
  struct Account {
    StaffId id;
    std::optional<std::string> hash;
  };
  const auto account = TRY(store.Read([&](store::ReadTx& tx) -> Result<std::optional<Account>> {
    TRY(MayTry(tx, email, credentials.address, now));
    return tx.One(kAccount, [](const store::Row& row) { return Account{row.Id<StaffId>(0), row.OptString(1)}; }, email);
  }));
  const auto refuse = [&](std::string_view why) {
    return store.Write([&](store::WriteTx& tx) -> Status {
      CountFailure(tx, email, credentials.address);
      RecordRefusal(tx, email, why);
      return {};
    });
  };
  if (!VerifyPassword(account ? account->hash : std::nullopt, credentials.password)) {
    TRY(refuse("password"));
    return Fail(Code::kUnauthenticated, "error.bad_credentials");
  }
  // Without a value: the code is wrong.
  auto session = TRY(store.Write([&](store::WriteTx& tx) -> Result<std::optional<NewSession>> {
    // She may have been deactivated while the hash was computed.
    const auto actor = StaffActor(tx, account->id);
    if (!actor) {
      return Fail(Code::kUnauthenticated, "error.bad_credentials");
    }
    if (EnrolledBy(tx, account->id).Any()) {
      if (!credentials.code) {
        return FailField("code", "sign_in.code_needed");
      }
      if (!UseCode(tx, *actor, *credentials.code)) {
        return std::nullopt;
      }
    }
    ForgetFailures(tx, email);
    return StartSession(tx, *actor, credentials.old_token);
  }));
  if (!session) {
    TRY(refuse("code"));
    return FailField("code", "sign_in.code_wrong");
  }
  return *std::move(session);
}

}  // namespace propolis::auth
