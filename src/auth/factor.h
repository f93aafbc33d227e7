// Second factors of staff: the codes of an authenticator app (RFC 6238), ten one-time backup codes, passkeys
// (passkey.h), and the roles that must have one. With any of them a password alone does not sign in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "base/result.h"
#include "store/store.h"

namespace propolis::auth {

constexpr int kBackupCodes = 10;
constexpr std::size_t kBackupCodeBytes = 10;  // 80 random bits each: enough for a plain digest to keep them

struct Enrolled {
  bool totp = false;
  std::int64_t passkeys = 0;
  std::int64_t backup_codes = 0;  // not used yet
  [[nodiscard]] bool Any() const { return totp || passkeys > 0; }
};
Enrolled EnrolledBy(store::ReadTx& tx, StaffId staff);

// Does a role of hers ask for a second factor that she has not? Until she has, she may do nothing but enrol.
bool MustEnrol(store::ReadTx& tx, const Actor& actor);

// Codes for the day that the telephone is lost; shown once. Empty: those made earlier go on working.
struct BackupCodes {
  std::vector<std::string> codes;
  static const dto::Type& Dto();
};
// New ones in place of the old. Error: kConflict when there is no factor that they would stand in for.
Result<BackupCodes> RenewBackupCodes(store::WriteTx& tx, const Actor& actor);
// Makes them when there are none: what the first factor enrolled answers.
BackupCodes FirstBackupCodes(store::WriteTx& tx, StaffId staff);

// A new secret, not in force until a code of it came back.
struct TotpStart {
  std::string secret;  // base32, for typing
  std::string uri;     // otpauth://, for a picture
  static const dto::Type& Dto();
};
// `desk` is what the app shows beside the code. Error: kConflict when one is in force.
Result<TotpStart> StartTotp(store::WriteTx& tx, const Actor& actor, std::string_view desk);
// Errors: a field error on `code`; kConflict when nothing was started.
Result<BackupCodes> ConfirmTotp(store::WriteTx& tx, const Actor& actor, std::string_view code);
// Errors: kNotFound; kConflict when it is the last factor and a role asks for one.
Status RemoveTotp(store::WriteTx& tx, const Actor& actor);

// Is this her code of the moment, or a backup code? Either is used up by it.
bool UseCode(store::WriteTx& tx, const Actor& actor, std::string_view code);

// After a factor went: without any, backup codes stand in for nothing and end.
void EndCodesOfNothing(store::WriteTx& tx, StaffId staff);

// May one factor of hers go? Error: kConflict when none would be left and a role asks for one.
Status MayRemoveOne(store::ReadTx& tx, const Actor& actor);

// Somebody lost all she had: her factors end, and with them her sessions. Nobody does this to herself. Errors:
// kForbidden, kNotFound.
Status ForgetFactors(store::WriteTx& tx, const Actor& actor, StaffId staff);

// The roles whose people must have a second factor.
struct SecondFactorPolicy {
  std::vector<Role> roles;
  static const dto::Type& Dto();
};
Result<SecondFactorPolicy> GetSecondFactorPolicy(store::ReadTx& tx, const Actor& actor);
// Errors: kForbidden; a field error on roles that are not of the desk.
Result<SecondFactorPolicy> SetSecondFactorPolicy(store::WriteTx& tx, const Actor& actor,
                                                 const SecondFactorPolicy& policy);

}  // namespace propolis::auth
