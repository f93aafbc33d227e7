// /session/factors, /session/totp, /session/passkeys, /second-factor-policy: second factors, and signing in by passkey;
// /session/step-up: that it is still she.
#include "api/resource.h"
#include "api/resources.h"
#include "api/session_cookie.h"
#include "auth/factor.h"
#include "auth/passkey.h"
#include "auth/step_up.h"

namespace propolis::api {
namespace {

using auth::PasskeyId;
using auth::Permission;
using net::Method;

struct Factors {
  bool totp = false;
  std::vector<auth::Passkey> passkeys;
  std::int64_t backup_codes = 0;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<Factors>("Factors", "What the signed-in person may sign in with, beside her password.")
            .Required("totp", &Factors::totp, "An authenticator app gives codes.")
            .Required("passkeys", &Factors::passkeys, "")
            .Required("backup_codes", &Factors::backup_codes, "How many are left.")
            .Done();
    return type;
  }
};

struct TotpCode {
  std::string code;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<TotpCode>("TotpCode", "The first code of an authenticator app.")
            .Required("code", &TotpCode::code, "Six digits; blanks do not count.", dto::Text(1, 20))
            .Done();
    return type;
  }
};

// An API key must not make itself a way in: factors belong to who sits there. Customers sign in by mailed links.
Status InSession(const Call& call) {
  if (call.actor.Is(auth::ActorKind::kCustomer)) {
    return Fail(Code::kForbidden, "factor.staff_only");
  }
  if (call.session_token.empty()) {
    return Fail(Code::kForbidden, "factor.session_only");
  }
  return {};
}

// One change by who sits there. Never kept for an Idempotency-Key: the answers hold secrets.
template <class Fn>
auto WriteInSession(Call& call, Fn fn) -> std::invoke_result_t<Fn, store::WriteTx&> {
  TRY(InSession(call));
  return call.desk.store.Write(fn);
}

void AddTotp(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/session/factors",
           .id = "getFactors",
           .tag = "session",
           .summary = "My second factors"},
          [](Call& call) -> Result<Factors> {
            TRY(InSession(call));
            return call.Read([&](store::ReadTx& tx) -> Result<Factors> {
              const auto enrolled = auth::EnrolledBy(tx, call.actor.staff());
              return Factors{enrolled.totp, auth::Passkeys(tx, call.actor.staff()), enrolled.backup_codes};
            });
          });
  api.Add({.method = Method::kPost,
           .path = "/session/totp",
           .id = "startTotp",
           .tag = "session",
           .summary = "Get a secret for an authenticator app",
           .doc = "In force only after a code of it came back. An earlier one that was not confirmed ends.",
           .step_up = true,
           .replayable = false},
          [](Call& call) -> Result<auth::TotpStart> {
            const std::string desk = call.desk.desk_name.empty() ? "Propolis" : call.desk.desk_name;
            return WriteInSession(call, [&](store::WriteTx& tx) { return auth::StartTotp(tx, call.actor, desk); });
          });
  api.Add({.method = Method::kPost,
           .path = "/session/totp/confirm",
           .id = "confirmTotp",
           .tag = "session",
           .summary = "Put the authenticator app in force by its first code",
           .step_up = true,
           .replayable = false},
          [](Call& call, const TotpCode& body) -> Result<auth::BackupCodes> {
            return WriteInSession(call,
                                  [&](store::WriteTx& tx) { return auth::ConfirmTotp(tx, call.actor, body.code); });
          });
  api.Add({.method = Method::kDelete,
           .path = "/session/totp",
           .id = "removeTotp",
           .tag = "session",
           .summary = "Take the authenticator app out of force",
           .step_up = true},
          [](Call& call) -> Result<NoContent> {
            TRY(WriteInSession(call, [&](store::WriteTx& tx) { return auth::RemoveTotp(tx, call.actor); }));
            return NoContent{};
          });
  api.Add({.method = Method::kPost,
           .path = "/session/backup-codes",
           .id = "renewBackupCodes",
           .tag = "session",
           .summary = "Get ten new backup codes; the old ones end",
           .step_up = true,
           .replayable = false},
          [](Call& call) -> Result<auth::BackupCodes> {
            return WriteInSession(call, [&](store::WriteTx& tx) { return auth::RenewBackupCodes(tx, call.actor); });
          });
}

void AddPasskeys(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/session/passkeys/request",
           .id = "askForPasskey",
           .tag = "session",
           .summary = "Get what the browser needs to make a passkey",
           .step_up = true,
           .replayable = false},
          [](Call& call) -> Result<auth::PasskeyRequest> {
            const auto site = TRY(auth::SiteOf(call.desk.public_url));
            return WriteInSession(
                call, [&](store::WriteTx& tx) { return auth::AskForPasskey(tx, call.actor, site, call.request.peer); });
          });
  api.Add({.method = Method::kPost,
           .path = "/session/passkeys",
           .id = "addPasskey",
           .tag = "session",
           .summary = "Keep the passkey that the browser made",
           .status = 201,
           .doc = "Verified as W3C Web Authentication section 7.1 says. The first second factor answers backup codes.",
           .step_up = true,
           .replayable = false},
          [](Call& call, const auth::NewPasskey& body) -> Result<auth::BackupCodes> {
            TRY(InSession(call));
            const auto site = TRY(auth::SiteOf(call.desk.public_url));
            return auth::AddPasskey(call.desk.store, call.actor, site, body);
          });
  api.Add({.method = Method::kPatch,
           .path = "/session/passkeys/{id}",
           .id = "renamePasskey",
           .tag = "session",
           .summary = "Name a passkey",
           .step_up = true},
          [](Call& call, const auth::PasskeyName& body) -> Result<auth::Passkey> {
            const auto id = TRY(call.PathId<PasskeyId>("id"));
            return WriteInSession(call,
                                  [&](store::WriteTx& tx) { return auth::RenamePasskey(tx, call.actor, id, body); });
          });
  api.Add({.method = Method::kDelete,
           .path = "/session/passkeys/{id}",
           .id = "removePasskey",
           .tag = "session",
           .summary = "Remove a passkey",
           .step_up = true},
          [](Call& call) -> Result<NoContent> {
            const auto id = TRY(call.PathId<PasskeyId>("id"));
            TRY(WriteInSession(call, [&](store::WriteTx& tx) { return auth::RemovePasskey(tx, call.actor, id); }));
            return NoContent{};
          });
}

void AddPasskeySignIn(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/session/passkey/request",
           .id = "askForPasskeyAnswer",
           .tag = "session",
           .summary = "Get what the browser needs to sign in with a passkey",
           .access = Open::kAnyone,
           .replayable = false},
          [](Call& call) -> Result<auth::SignInRequest> {
            const auto site = TRY(auth::SiteOf(call.desk.public_url));
            return call.desk.store.Write(
                [&](store::WriteTx& tx) { return auth::AskForAnswer(tx, site, call.request.peer); });
          });
  api.Add({.method = Method::kPost,
           .path = "/session/passkey",
           .id = "signInWithPasskey",
           .tag = "session",
           .summary = "Sign in with a passkey",
           .access = Open::kAnyone,
           .doc = "Sets the cookie `propolis_session`. User verification is required, so that no password or code is.",
           .replayable = false,
           .answer = &people::Me::Dto()},
          [](Call& call, const auth::PasskeyAnswer& body) -> Result<net::Response> {
            const auth::PasskeySignIn how{.site = TRY(auth::SiteOf(call.desk.public_url)),
                                          .address = call.request.peer,
                                          .old_token = OldToken(call)};
            return Started(call, TRY(auth::SignInWithPasskey(call.desk.store, how, body, call.Now())));
          });
}

void AddStepUp(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/session/step-up",
           .id = "stepUp",
           .tag = "session",
           .summary = "Show that it is still me who sits here",
           .doc = "Operations with `x-step-up` answer a session 403 with the code `step_up_needed` when its person "
                  "neither signed in nor did this within the last five minutes. Who has a second factor shows a "
                  "passkey (its challenge is that of `askForPasskeyAnswer`) or a code; who has none her password.",
           .replayable = false,
           .pool = net::Pool::kSlow},
          [](Call& call, const auth::StepUp& body) -> Result<NoContent> {
            TRY(InSession(call));
            const auth::StepUpHow how{
                .public_url = call.desk.public_url, .address = call.request.peer, .session_token = call.session_token};
            TRY(auth::TakeStepUp(call.desk.store, call.actor, how, body, call.Now()));
            return NoContent{};
          });
}

void AddPolicy(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/second-factor-policy",
           .id = "getSecondFactorPolicy",
           .tag = "staff",
           .summary = "Which roles must have a second factor",
           .access = Permission::kUserGrant},
          [](Call& call) -> Result<auth::SecondFactorPolicy> {
            return call.Read([&](store::ReadTx& tx) { return auth::GetSecondFactorPolicy(tx, call.actor); });
          });
  api.Add({.method = Method::kPut,
           .path = "/second-factor-policy",
           .id = "putSecondFactorPolicy",
           .tag = "staff",
           .summary = "Set which roles must have a second factor",
           .access = Permission::kUserGrant,
           .doc = "At once: who lacks one may do nothing but enrol, in the sessions that are open too.",
           .step_up = true},
          [](Call& call, const auth::SecondFactorPolicy& body) -> Result<auth::SecondFactorPolicy> {
            return call.Write([&](store::WriteTx& tx) { return auth::SetSecondFactorPolicy(tx, call.actor, body); });
          });
  api.Add({.method = Method::kDelete,
           .path = "/staff/{id}/factors",
           .id = "forgetFactors",
           .tag = "staff",
           .summary = "End the second factors and sessions of a person who lost them",
           .access = Permission::kUserGrant,
           .step_up = true},
          [](Call& call) -> Result<NoContent> {
            const auto id = TRY(call.PathId<StaffId>("id"));
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              TRY(auth::ForgetFactors(tx, call.actor, id));
              return NoContent{};
            });
          });
}

}  // namespace

void AddFactors(Api& api) {
  AddTotp(api);
  AddPasskeys(api);
  AddPasskeySignIn(api);
  AddStepUp(api);
  AddPolicy(api);
}

}  // namespace propolis::api
