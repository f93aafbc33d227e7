#include "auth/step_up.h"

#include "auth/factor.h"
#include "auth/password.h"
#include "auth/record.h"
#include "auth/session.h"

namespace propolis::auth {
namespace {

constexpr std::string_view kAct = "session.step_up";
constexpr std::string_view kPassword = "SELECT password FROM staff WHERE id = $1";

// The session may have ended meanwhile: then there is nothing to mark, and the next request says so.
void Mark(store::WriteTx& tx, const Actor& actor, const StepUpHow& how, std::string_view by) {
  ForgetFailures(tx, actor.email);
  MarkVerified(tx, how.session_token);
  Record(tx, actor, std::string(kAct), std::string(by));
}

Status Refuse(store::Store& store, const Actor& actor, const StepUpHow& how, std::string_view field,
              std::string_view message) {
  TRY(store.Write([&](store::WriteTx& tx) -> Status {
    CountFailure(tx, actor.email, how.address);
    RecordRefusal(tx, actor.email, field, kAct);
    return {};
  }));
  return FailField(std::string(field), std::string(message));
}

Status ByPasskey(store::Store& store, const Actor& actor, const StepUpHow& how, const PasskeyAnswer& answer, Time now) {
  const PasskeyUse use{.site = TRY(SiteOf(how.public_url)), .address = how.address, .act = kAct};
  return VerifyPasskey(store, use, actor.staff(), answer, now,
                       [&](store::WriteTx& tx) { Mark(tx, actor, how, "passkey"); });
}

Status ByCode(store::Store& store, const Actor& actor, const StepUpHow& how, const std::string& code) {
  const bool good = TRY(store.Write([&](store::WriteTx& tx) -> Result<bool> {
    if (!UseCode(tx, actor, code)) {
      return false;
    }
    Mark(tx, actor, how, "code");
    return true;
  }));
  return good ? Status{} : Refuse(store, actor, how, "code", "sign_in.code_wrong");
}

Status ByPassword(store::Store& store, const Actor& actor, const StepUpHow& how, const std::string& password) {
  const auto hash = TRY(store.Read([&](store::ReadTx& tx) -> Result<std::optional<std::string>> {
    return tx.One(
                 kPassword, [](const store::Row& row) { return row.OptString(0); }, actor.staff())
        .value_or(std::nullopt);
  }));
  if (!VerifyPassword(hash, password)) {
    return Refuse(store, actor, how, "password", "step_up.password_wrong");
  }
  return store.Write([&](store::WriteTx& tx) -> Status {
    Mark(tx, actor, how, "password");
    return {};
  });
}

}  // namespace

const dto::Type& StepUp::Dto() {
  static const dto::Type type =
      dto::Object<StepUp>("StepUp", "That it is still she: one of the three.")
          .Optional("password", &StepUp::password, "Of who has no second factor.", dto::Text(1, 200, "password"))
          .Optional("code", &StepUp::code, "Of an authenticator app, or a backup code.", dto::Text(1, 40))
          .Optional("passkey", &StepUp::passkey, "As for signing in with one.")
          .Done();
  return type;
}

Status TakeStepUp(store::Store& store, const Actor& actor, const StepUpHow& how, const StepUp& shown, Time now) {
  const auto enrolled = TRY(store.Read([&](store::ReadTx& tx) -> Result<Enrolled> {
    TRY(MayTry(tx, actor.email, how.address, now));
    return EnrolledBy(tx, actor.staff());
  }));
  if (shown.passkey) {
    return ByPasskey(store, actor, how, *shown.passkey, now);
  }
  if (enrolled.Any()) {
    return shown.code ? ByCode(store, actor, how, *shown.code) : FailField("code", "sign_in.code_needed");
  }
  return shown.password ? ByPassword(store, actor, how, *shown.password) : FailField("password", "field.required");
}

}  // namespace propolis::auth
