#include "auth/factor.h"

#include <algorithm>

#include "auth/digest.h"
#include "auth/otp.h"
#include "auth/record.h"
#include "auth/secrets.h"
#include "auth/session.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/log.h"

namespace propolis::auth {
namespace {

constexpr std::string_view kEnrolled =
    "SELECT (SELECT count(*) FROM totp WHERE staff = $1 AND confirmed_at IS NOT NULL), "
    "(SELECT count(*) FROM passkey WHERE staff = $1), (SELECT count(*) FROM backup_code WHERE staff = $1)";
constexpr std::string_view kTotp = "SELECT confirmed_at, last_step FROM totp WHERE staff = $1";
constexpr std::string_view kSetTotp =
    "INSERT INTO totp (staff, created_at) VALUES ($1, $2) "
    "ON CONFLICT (staff) DO UPDATE SET created_at = excluded.created_at";
constexpr std::string_view kConfirm = "UPDATE totp SET confirmed_at = $2, last_step = $3 WHERE staff = $1";
constexpr std::string_view kUseStep = "UPDATE totp SET last_step = $2 WHERE staff = $1";
constexpr std::string_view kDropTotp = "DELETE FROM totp WHERE staff = $1";
constexpr std::string_view kAddCode = "INSERT INTO backup_code (staff, hash) VALUES ($1, $2)";
constexpr std::string_view kUseBackup = "DELETE FROM backup_code WHERE staff = $1 AND hash = $2";
constexpr std::string_view kDropCodes = "DELETE FROM backup_code WHERE staff = $1";
constexpr std::string_view kDropPasskeys = "DELETE FROM passkey WHERE staff = $1";
constexpr std::string_view kEmail = "SELECT email FROM staff WHERE id = $1";
constexpr std::string_view kRoles = "SELECT role FROM second_factor_role ORDER BY role";
constexpr std::string_view kDropRoles = "DELETE FROM second_factor_role";
constexpr std::string_view kAddRole = "INSERT INTO second_factor_role (role) VALUES ($1)";

constexpr otp::Scheme kScheme;  // SHA-1, six digits, 30 seconds: the one that every app takes

std::int64_t Seconds1970(Time time) { return ToMicros(time) / 1'000'000; }

// Without blanks and hyphens, in capitals: however it was written down.
std::string Normal(std::string_view code) {
  std::string normal;
  for (const char c : code) {
    if (c != ' ' && c != '-') {
      normal += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return normal;
}

std::string Grouped(std::string_view code) {
  std::string grouped;
  for (std::size_t i = 0; i < code.size(); i += 4) {
    grouped += (grouped.empty() ? "" : "-") + std::string(code.substr(i, 4));
  }
  return grouped;
}

BackupCodes MakeBackupCodes(store::WriteTx& tx, StaffId staff) {
  tx.Exec(kDropCodes, staff);
  BackupCodes made;
  for (int i = 0; i < kBackupCodes; ++i) {
    const std::string code = otp::Base32(crypto::RandomBytes(kBackupCodeBytes));
    tx.Exec(kAddCode, staff, Bytes(crypto::Sha256(code)));
    made.codes.push_back(Grouped(code));
  }
  return made;
}

struct Totp {
  std::string secret;
  bool confirmed = false;
  std::optional<std::int64_t> last_step;
};
// A secret that cannot be read gives no code that is good: backup codes are left, and doctor says which it is.
std::optional<Totp> TotpOf(store::ReadTx& tx, StaffId staff) {
  auto totp = tx.One(
      kTotp,
      [](const store::Row& row) { return Totp{.secret = {}, .confirmed = !row.IsNull(0), .last_step = row.OptInt(1)}; },
      staff);
  if (totp) {
    const auto secret = secrets::Get(tx, secrets::Kind::kTotp, staff.uuid);
    if (!secret) {
      log::Error("factor.totp_secret", secret.error());
    } else {
      totp->secret = secret->value_or("");
    }
  }
  return totp;
}

void DropTotp(store::WriteTx& tx, StaffId staff) {
  tx.Exec(kDropTotp, staff);
  secrets::Drop(tx, secrets::Kind::kTotp, staff.uuid);
}

// The step that `code` uses up; nullopt when it is not good now.
std::optional<std::int64_t> GoodStep(const Totp& totp, std::string_view code, Time now) {
  const auto checked = otp::CheckTotp(totp.secret, kScheme, code, Seconds1970(now), totp.last_step);
  const bool good = checked && checked->verdict == otp::Verdict::kAccepted;
  return good ? std::optional(checked->step) : std::nullopt;
}

std::vector<Role> RequiredRoles(store::ReadTx& tx) {
  std::vector<Role> roles;
  // Unknown names (from a newer version) ask nothing of anybody here.
  tx.ForEach(kRoles, [&](const store::Row& row) {
    if (const auto role = FromName<Role>(row.Text(0))) {
      roles.push_back(*role);
    }
    return true;
  });
  return roles;
}

bool IsRequired(store::ReadTx& tx, const Actor& actor) {
  const auto roles = RequiredRoles(tx);
  return std::ranges::any_of(roles, [&](Role role) { return actor.roles.contains(role); });
}

}  // namespace

const dto::Type& BackupCodes::Dto() {
  static const dto::Type type =
      dto::Object<BackupCodes>("BackupCodes", "Codes that each sign in once, in place of a second factor.")
          .Required("codes", &BackupCodes::codes, "In this answer and never again; empty when there were some already.")
          .Done();
  return type;
}

const dto::Type& TotpStart::Dto() {
  static const dto::Type type = dto::Object<TotpStart>("TotpStart", "A new secret for an authenticator app.")
                                    .Required("secret", &TotpStart::secret, "Base32, for typing in.")
                                    .Required("uri", &TotpStart::uri, "otpauth://, for a picture.")
                                    .Done();
  return type;
}

const dto::Type& SecondFactorPolicy::Dto() {
  static const dto::Type type =
      dto::Object<SecondFactorPolicy>("SecondFactorPolicy", "Who must have a second factor.")
          .Required("roles", &SecondFactorPolicy::roles, "Roles of the desk whose people must.", dto::Items(0, 20))
          .Done();
  return type;
}

Enrolled EnrolledBy(store::ReadTx& tx, StaffId staff) {
  const auto found = tx.One(
      kEnrolled,
      [](const store::Row& row) {
        return Enrolled{.totp = row.Int(0) > 0, .passkeys = row.Int(1), .backup_codes = row.Int(2)};
      },
      staff);
  return found.value_or(Enrolled{});
}

bool MustEnrol(store::ReadTx& tx, const Actor& actor) {
  return actor.Is(ActorKind::kStaff) && IsRequired(tx, actor) && !EnrolledBy(tx, actor.staff()).Any();
}

Result<BackupCodes> RenewBackupCodes(store::WriteTx& tx, const Actor& actor) {
  if (!EnrolledBy(tx, actor.staff()).Any()) {
    return Fail(Code::kConflict, "factor.none");
  }
  Record(tx, actor, "factor.backup_codes", actor.email);
  return MakeBackupCodes(tx, actor.staff());
}

BackupCodes FirstBackupCodes(store::WriteTx& tx, StaffId staff) {
  return EnrolledBy(tx, staff).backup_codes == 0 ? MakeBackupCodes(tx, staff) : BackupCodes{};
}

Result<TotpStart> StartTotp(store::WriteTx& tx, const Actor& actor, std::string_view desk) {
  if (EnrolledBy(tx, actor.staff()).totp) {
    return Fail(Code::kConflict, "factor.totp_there");
  }
  const std::string secret = crypto::RandomBytes(otp::kSecretBytes);
  tx.Exec(kSetTotp, actor.staff(), tx.Now());
  TRY(secrets::Put(tx, secrets::Kind::kTotp, actor.person, secret));
  return TotpStart{.secret = otp::Base32(secret), .uri = otp::KeyUri(desk, actor.email, secret)};
}

Result<BackupCodes> ConfirmTotp(store::WriteTx& tx, const Actor& actor, std::string_view code) {
  const auto totp = TotpOf(tx, actor.staff());
  if (!totp || totp->confirmed) {
    return Fail(Code::kConflict, "factor.not_started");
  }
  const auto step = GoodStep(*totp, Normal(code), tx.Now());
  if (!step) {
    return FailField("code", "sign_in.code_wrong");
  }
  tx.Exec(kConfirm, actor.staff(), tx.Now(), *step);
  Record(tx, actor, "factor.totp_add", actor.email);
  return FirstBackupCodes(tx, actor.staff());
}

void EndCodesOfNothing(store::WriteTx& tx, StaffId staff) {
  if (!EnrolledBy(tx, staff).Any()) {
    tx.Exec(kDropCodes, staff);
  }
}

Status MayRemoveOne(store::ReadTx& tx, const Actor& actor) {
  const Enrolled enrolled = EnrolledBy(tx, actor.staff());
  if (enrolled.passkeys + (enrolled.totp ? 1 : 0) <= 1 && IsRequired(tx, actor)) {
    return Fail(Code::kConflict, "factor.last_one");
  }
  return {};
}

Status RemoveTotp(store::WriteTx& tx, const Actor& actor) {
  if (!EnrolledBy(tx, actor.staff()).totp) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  TRY(MayRemoveOne(tx, actor));
  DropTotp(tx, actor.staff());
  EndCodesOfNothing(tx, actor.staff());
  Record(tx, actor, "factor.totp_remove", actor.email);
  return {};
}

bool UseCode(store::WriteTx& tx, const Actor& actor, std::string_view code) {
  const std::string normal = Normal(code);
  const auto totp = TotpOf(tx, actor.staff());
  const auto step = totp && totp->confirmed ? GoodStep(*totp, normal, tx.Now()) : std::nullopt;
  if (step) {
    tx.Exec(kUseStep, actor.staff(), *step);
    return true;
  }
  if (tx.Exec(kUseBackup, actor.staff(), Bytes(crypto::Sha256(normal))) == 0) {
    return false;
  }
  Record(tx, actor, "factor.backup_code_use", actor.email);
  return true;
}

Status ForgetFactors(store::WriteTx& tx, const Actor& actor, StaffId staff) {
  TRY(Require(actor, Permission::kUserGrant));
  if (actor.Is(ActorKind::kStaff) && actor.staff() == staff) {
    return Fail(Code::kForbidden, "factor.not_oneself");
  }
  const auto email = tx.One(kEmail, [](const store::Row& row) { return row.String(0); }, staff);
  if (!email) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  DropTotp(tx, staff);
  tx.Exec(kDropCodes, staff);
  tx.Exec(kDropPasskeys, staff);
  EndSessionsOf(tx, staff.uuid);
  Record(tx, actor, "factor.forget", *email);
  return {};
}

Result<SecondFactorPolicy> GetSecondFactorPolicy(store::ReadTx& tx, const Actor& actor) {
  TRY(Require(actor, Permission::kUserGrant));
  return SecondFactorPolicy{RequiredRoles(tx)};
}

Result<SecondFactorPolicy> SetSecondFactorPolicy(store::WriteTx& tx, const Actor& actor,
                                                 const SecondFactorPolicy& policy) {
  TRY(Require(actor, Permission::kUserGrant));
  std::set<Role> roles;
  for (std::size_t i = 0; i < policy.roles.size(); ++i) {
    const Role role = policy.roles[i];
    if (role == Role::kCustomer || role == Role::kCustomerApprover || role == Role::kService) {
      return FailField("roles/" + std::to_string(i), "factor.role_not_of_desk");
    }
    roles.insert(role);
  }
  tx.Exec(kDropRoles);
  json::Writer details;
  details.BeginObject().Key("roles").BeginArray();
  for (const Role role : roles) {
    tx.Exec(kAddRole, role);
    details.String(NameOf(role));
  }
  details.EndArray().EndObject();
  Record(tx, actor, "factor.policy", "", details.Take());
  return SecondFactorPolicy{RequiredRoles(tx)};
}

}  // namespace propolis::auth
