#include "auth/passkey.h"

#include <algorithm>

#include "audit/audit.h"
#include "auth/digest.h"
#include "auth/password.h"
#include "auth/record.h"
#include "auth/webauthn.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/json_texts.h"

namespace propolis::auth {
namespace {

constexpr std::string_view kOfStaff =
    "SELECT id, name, created_at, last_used_at, backup_eligible, backed_up, aaguid, transports FROM passkey "
    "WHERE staff = $1 ORDER BY created_at, id";
constexpr std::string_view kKnown = "SELECT credential, transports FROM passkey WHERE staff = $1 ORDER BY id";
constexpr std::string_view kTaken = "SELECT 1 FROM passkey WHERE credential = $1";
constexpr std::string_view kInsert =
    "INSERT INTO passkey (id, staff, credential, public_key, algorithm, sign_count, aaguid, transports, "
    "backup_eligible, backed_up, name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
constexpr std::string_view kName = "SELECT name FROM passkey WHERE id = $1 AND staff = $2";
constexpr std::string_view kRename = "UPDATE passkey SET name = $2 WHERE id = $1";
constexpr std::string_view kRemove = "DELETE FROM passkey WHERE id = $1";
constexpr std::string_view kByCredential =
    "SELECT p.id, p.staff, p.credential, p.public_key, p.algorithm, p.sign_count, p.backup_eligible, s.email, "
    "p.backed_up FROM passkey p JOIN staff s ON s.id = p.staff WHERE p.credential = $1 AND s.active = 1";
// The counter as it was read: of two answers at the same time one signs in.
constexpr std::string_view kUsed =
    "UPDATE passkey SET sign_count = $2, backed_up = $3, last_used_at = $4 WHERE id = $1 AND sign_count = $5";
constexpr std::string_view kAddChallenge =
    "INSERT INTO passkey_challenge (hash, staff, address, expires_at) VALUES ($1, $2, $3, $4)";
constexpr std::string_view kIsOpen = "SELECT staff FROM passkey_challenge WHERE hash = $1 AND expires_at > $2";
constexpr std::string_view kUseChallenge = "DELETE FROM passkey_challenge WHERE hash = $1";
constexpr std::string_view kForgetChallenges = "DELETE FROM passkey_challenge WHERE expires_at <= $1";
constexpr std::string_view kOpenOf = "SELECT count(*) FROM passkey_challenge WHERE address = $1 AND expires_at > $2";

// "" for what is no base64url: no challenge, id or signature is empty, so it is refused where it is looked at.
std::string Decoded(std::string_view base64url) { return text::Base64UrlDecode(base64url).value_or(""); }

dto::Rules Base64(std::size_t most) { return dto::Text(1, most); }

Passkey ToPasskey(const store::Row& row) {
  return {.id = row.Id<PasskeyId>(0),
          .name = row.String(1),
          .created_at = row.Time(2),
          .last_used_at = row.OptTime(3),
          .device_bound = !row.Bool(4),
          .backed_up = row.Bool(5),
          .model = row.Id<PasskeyId>(6).ToString(),
          .transports = json::ToTexts(row.Text(7))};
}

std::string NewChallenge(store::WriteTx& tx, const std::optional<Uuid>& staff, std::string_view address) {
  tx.Exec(kForgetChallenges, tx.Now());
  const std::string challenge = crypto::RandomBytes(kChallengeBytes);
  tx.Exec(kAddChallenge, Bytes(crypto::Sha256(challenge)), staff, address, tx.Now() + kChallengeValid);
  return text::Base64UrlEncode(challenge);
}

// Is this challenge open, for this person (or for signing in)?
bool IsOpen(store::ReadTx& tx, std::string_view challenge, const std::optional<Uuid>& staff, Time now) {
  return tx
      .One(
          kIsOpen,
          [&](const store::Row& row) {
            return staff ? !row.IsNull(0) && row.Id<StaffId>(0).uuid == *staff : row.IsNull(0);
          },
          Bytes(crypto::Sha256(challenge)), now)
      .value_or(false);
}

// Uses it up. False: somebody did already.
bool UseChallenge(store::WriteTx& tx, std::string_view challenge) {
  return tx.Exec(kUseChallenge, Bytes(crypto::Sha256(challenge))) > 0;
}

webauthn::Expected Expect(const Site& site, const std::string& challenge) {
  return {.rp_id = site.rp_id, .origins = {site.origin}, .challenge = challenge};
}

std::string Details(std::string_view name, std::string_view value) {
  json::Writer writer;
  writer.BeginObject().Field(name, value).EndObject();
  return writer.Take();
}

struct Kept {
  PasskeyId id;
  StaffId staff;
  webauthn::Credential credential;
  std::string email;
};

Kept ToKept(const store::Row& row) {
  Kept kept{.id = row.Id<PasskeyId>(0), .staff = row.Id<StaffId>(1), .credential = {}, .email = row.String(7)};
  kept.credential.id = row.Bytes(2);
  kept.credential.public_key = row.Bytes(3);
  kept.credential.algorithm = row.Enum<webauthn::Algorithm>(4);
  kept.credential.sign_count = static_cast<std::uint32_t>(row.Int(5));
  kept.credential.backup_eligible = row.Bool(6);
  kept.credential.backed_up = row.Bool(8);
  return kept;
}

// One try to show a passkey, as far as the store knows of it.
struct Attempt {
  std::string challenge;
  std::optional<Kept> key = std::nullopt;
  bool open = false;  // the challenge
  [[nodiscard]] std::string Email() const { return key ? key->email : ""; }
};

// The challenge is used up all the same. The person is told nothing but that it did not work.
Status Refuse(store::Store& store, const PasskeyUse& use, const Attempt& attempt, std::string_view why) {
  TRY(store.Write([&](store::WriteTx& tx) -> Status {
    UseChallenge(tx, attempt.challenge);
    CountFailure(tx, attempt.Email(), use.address);
    RecordRefusal(tx, attempt.Email(), why, use.act);
    return {};
  }));
  return Fail(Code::kUnauthenticated, "passkey.not_accepted");
}

// Without a value: somebody was faster with this challenge or this key.
std::optional<Actor> Accept(store::WriteTx& tx, const Attempt& attempt, const webauthn::Used& used) {
  const Kept& key = *attempt.key;
  auto actor = StaffActor(tx, key.staff);
  const bool fresh = UseChallenge(tx, attempt.challenge) &&
                     tx.Exec(kUsed, key.id, used.sign_count, used.backed_up, tx.Now(), key.credential.sign_count) > 0;
  if (!actor || !fresh) {
    return std::nullopt;
  }
  if (used.backed_up != key.credential.backed_up) {
    Record(tx, *actor, "passkey.backup_change", actor->email, Details("backed_up", used.backed_up ? "yes" : "no"));
  }
  ForgetFailures(tx, key.email);
  return actor;
}

// What follows a good answer, in the transaction that uses it up.
using Then = std::function<void(store::WriteTx&, const Actor&)>;

// `staff`: whose passkey it must be; nullopt: anybody's.
Status TakeAnswer(store::Store& store, const PasskeyUse& use, std::optional<StaffId> staff, const PasskeyAnswer& answer,
                  Time now, const Then& then) {
  const webauthn::Assertion assertion{.id = Decoded(answer.id),
                                      .client_data = Decoded(answer.client_data),
                                      .authenticator_data = Decoded(answer.authenticator_data),
                                      .signature = Decoded(answer.signature),
                                      .user_handle = Decoded(answer.user_handle)};
  const auto attempt = TRY(store.Read([&](store::ReadTx& tx) -> Result<Attempt> {
    Attempt found{.challenge = Decoded(answer.challenge)};
    found.key = tx.One(kByCredential, ToKept, store::Blob{assertion.id});
    found.open = IsOpen(tx, found.challenge, std::nullopt, now);
    TRY(MayTry(tx, found.Email(), use.address, now));
    return found;
  }));
  if (!attempt.key || !attempt.open) {
    return Refuse(store, use, attempt, attempt.key ? "challenge" : "credential");
  }
  if (staff && *staff != attempt.key->staff) {
    return Refuse(store, use, attempt, "owner");
  }
  const auto used = webauthn::VerifyAssertion({.expected = Expect(use.site, attempt.challenge),
                                               .allowed = {},
                                               .user_handle = std::string(attempt.key->staff.uuid.AsBytes())},
                                              attempt.key->credential, assertion);
  if (!used) {
    return Refuse(store, use, attempt, NameOf(used.error()));
  }
  const bool accepted = TRY(store.Write([&](store::WriteTx& tx) -> Result<bool> {
    const auto actor = Accept(tx, attempt, *used);
    if (actor) {
      then(tx, *actor);
    }
    return actor.has_value();
  }));
  return accepted ? Status{} : Refuse(store, use, attempt, "challenge");
}

}  // namespace

const dto::Type& Passkey::Dto() {
  static const dto::Type type =
      dto::Object<Passkey>("Passkey", "A passkey of the signed-in person.")
          .Required("id", &Passkey::id, "")
          .Required("name", &Passkey::name, "")
          .Required("created_at", &Passkey::created_at, "")
          .Optional("last_used_at", &Passkey::last_used_at, "")
          .Required("device_bound", &Passkey::device_bound, "It cannot leave its device.")
          .Required("backed_up", &Passkey::backed_up, "A copy lies with a provider.")
          .Required("model", &Passkey::model, "AAGUID of the authenticator; all zero when it does not say.")
          .Required("transports", &Passkey::transports, "How it is reached, as the browser says.")
          .Done();
  return type;
}

const dto::Type& KnownPasskey::Dto() {
  static const dto::Type type = dto::Object<KnownPasskey>("KnownPasskey", "One that is there already.")
                                    .Required("id", &KnownPasskey::id, "base64url")
                                    .Required("transports", &KnownPasskey::transports, "")
                                    .Done();
  return type;
}

const dto::Type& PasskeyRequest::Dto() {
  static const dto::Type type =
      dto::Object<PasskeyRequest>("PasskeyRequest", "What the browser needs to make a passkey.")
          .Required("challenge", &PasskeyRequest::challenge, "base64url; good for five minutes and once.")
          .Required("rp_id", &PasskeyRequest::rp_id, "The desk's name.")
          .Required("user_id", &PasskeyRequest::user_id, "base64url")
          .Required("user_name", &PasskeyRequest::user_name, "")
          .Required("user_display_name", &PasskeyRequest::user_display_name, "")
          .Required("algorithms", &PasskeyRequest::algorithms, "COSE numbers, the best first.")
          .Required("exclude", &PasskeyRequest::exclude, "Authenticators that have one already.")
          .Done();
  return type;
}

const dto::Type& NewPasskey::Dto() {
  static const dto::Type type =
      dto::Object<NewPasskey>("NewPasskey", "What the browser made. Bytes are base64url.")
          .Required("name", &NewPasskey::name, "What she calls it.", dto::Text(1, 100))
          .Required("challenge", &NewPasskey::challenge, "That of the request.", Base64(100))
          .Required("id", &NewPasskey::id, "rawId", Base64(1400))
          .Required("client_data", &NewPasskey::client_data, "clientDataJSON", Base64(22'000))
          .Required("attestation_object", &NewPasskey::attestation_object, "", Base64(90'000))
          .Required("transports", &NewPasskey::transports, "getTransports()", dto::Items(0, 10))
          .Done();
  return type;
}

const dto::Type& PasskeyName::Dto() {
  static const dto::Type type = dto::Object<PasskeyName>("PasskeyName", "Another name.")
                                    .Required("name", &PasskeyName::name, "", dto::Text(1, 100))
                                    .Done();
  return type;
}

const dto::Type& SignInRequest::Dto() {
  static const dto::Type type =
      dto::Object<SignInRequest>("PasskeySignInRequest", "What the browser needs to ask for a passkey.")
          .Required("challenge", &SignInRequest::challenge, "base64url; good for five minutes and once.")
          .Required("rp_id", &SignInRequest::rp_id, "The desk's name.")
          .Done();
  return type;
}

const dto::Type& PasskeyAnswer::Dto() {
  static const dto::Type type =
      dto::Object<PasskeyAnswer>("PasskeyAnswer", "What the passkey answered. Bytes are base64url.")
          .Required("challenge", &PasskeyAnswer::challenge, "That of the request.", Base64(100))
          .Required("id", &PasskeyAnswer::id, "rawId", Base64(1400))
          .Required("client_data", &PasskeyAnswer::client_data, "clientDataJSON", Base64(22'000))
          .Required("authenticator_data", &PasskeyAnswer::authenticator_data, "", Base64(90'000))
          .Required("signature", &PasskeyAnswer::signature, "", Base64(1400))
          .Required("user_handle", &PasskeyAnswer::user_handle, "", Base64(100))
          .Done();
  return type;
}

Result<Site> SiteOf(std::string_view public_url) {
  const auto scheme = public_url.find("://");
  const std::string_view rest = scheme == std::string_view::npos ? "" : public_url.substr(scheme + 3);
  const std::string_view authority = rest.substr(0, rest.find('/'));
  const std::string host = text::AsciiLower(authority.substr(0, authority.rfind(':')));
  const bool named = std::ranges::any_of(host, [](char c) { return c >= 'a' && c <= 'z'; }) && !host.starts_with('[');
  if (!named) {
    return Fail(Code::kConflict, "passkey.no_name");
  }
  return Site{.rp_id = host, .origin = text::AsciiLower(public_url.substr(0, scheme + 3 + authority.size()))};
}

std::vector<Passkey> Passkeys(store::ReadTx& tx, StaffId staff) { return tx.All(kOfStaff, ToPasskey, staff); }

Result<PasskeyRequest> AskForPasskey(store::WriteTx& tx, const Actor& actor, const Site& site,
                                     std::string_view address) {
  PasskeyRequest request{.challenge = "",
                         .rp_id = site.rp_id,
                         .user_id = text::Base64UrlEncode(actor.person.AsBytes()),
                         .user_name = actor.email,
                         .user_display_name = actor.name,
                         .algorithms = {},
                         .exclude = {}};
  request.exclude = tx.All(
      kKnown,
      [](const store::Row& row) {
        return KnownPasskey{text::Base64UrlEncode(row.Bytes(0)), json::ToTexts(row.Text(1))};
      },
      actor.staff());
  if (request.exclude.size() >= kMostPasskeys) {
    return Fail(Code::kConflict, "passkey.too_many", {{"max", std::to_string(kMostPasskeys)}});
  }
  for (const webauthn::Algorithm algorithm : webauthn::RegistrationOptions{}.algorithms) {
    request.algorithms.push_back(static_cast<int>(algorithm));
  }
  request.challenge = NewChallenge(tx, actor.person, address);
  return request;
}

Result<BackupCodes> AddPasskey(store::Store& store, const Actor& actor, const Site& site, const NewPasskey& request) {
  for (const auto& [field, bytes] : {std::pair{"id", &request.id}, std::pair{"client_data", &request.client_data},
                                     std::pair{"attestation_object", &request.attestation_object}}) {
    if (Decoded(*bytes).empty()) {
      return FailField(field, "field.not_base64url");
    }
  }
  const std::string challenge = Decoded(request.challenge);
  // Used up first, whatever comes of it.
  TRY(store.Write([&](store::WriteTx& tx) -> Status {
    if (!IsOpen(tx, challenge, actor.person, tx.Now()) || !UseChallenge(tx, challenge)) {
      return FailField("challenge", "passkey.challenge");
    }
    return {};
  }));
  const auto made = webauthn::VerifyRegistration({.expected = Expect(site, challenge)},
                                                 {.id = Decoded(request.id),
                                                  .client_data = Decoded(request.client_data),
                                                  .attestation_object = Decoded(request.attestation_object)});
  if (!made) {
    TRY(store.Write([&](store::WriteTx& tx) -> Status {
      audit::Record(tx, {.actor_kind = std::string(NameOf(actor.kind)),
                         .actor = actor.person,
                         .actor_name = actor.name,
                         .act = "passkey.add",
                         .outcome = audit::Outcome::kDenied,
                         .ticket = 0,
                         .subject = request.name,
                         .details = Details("why", NameOf(made.error()))});
      return {};
    }));
    return Fail(Code::kInvalid, "passkey.refused", {{"why", std::string(NameOf(made.error()))}});
  }
  return store.Write([&](store::WriteTx& tx) -> Result<BackupCodes> {
    if (tx.One(kTaken, [](const store::Row&) { return true; }, store::Blob{made->id})) {
      return FailField("id", "field.taken");
    }
    if (Passkeys(tx, actor.staff()).size() >= kMostPasskeys) {
      return Fail(Code::kConflict, "passkey.too_many", {{"max", std::to_string(kMostPasskeys)}});
    }
    tx.Exec(kInsert, PasskeyId::New(tx.Now()), actor.staff(), store::Blob{made->id}, store::Blob{made->public_key},
            made->algorithm, made->sign_count, made->aaguid, json::FromTexts(request.transports), made->backup_eligible,
            made->backed_up, request.name, tx.Now());
    Record(tx, actor, "passkey.add", request.name, Details("format", NameOf(made->format)));
    return FirstBackupCodes(tx, actor.staff());
  });
}

Result<Passkey> RenamePasskey(store::WriteTx& tx, const Actor& actor, PasskeyId id, const PasskeyName& request) {
  if (!tx.One(kName, [](const store::Row&) { return true; }, id, actor.staff())) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  tx.Exec(kRename, id, request.name);
  Record(tx, actor, "passkey.rename", request.name);
  const auto all = Passkeys(tx, actor.staff());
  return *std::ranges::find(all, id, &Passkey::id);
}

Status RemovePasskey(store::WriteTx& tx, const Actor& actor, PasskeyId id) {
  const auto name = tx.One(kName, [](const store::Row& row) { return row.String(0); }, id, actor.staff());
  if (!name) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  TRY(MayRemoveOne(tx, actor));
  tx.Exec(kRemove, id);
  EndCodesOfNothing(tx, actor.staff());
  Record(tx, actor, "passkey.remove", *name);
  return {};
}

Result<SignInRequest> AskForAnswer(store::WriteTx& tx, const Site& site, std::string_view address) {
  const auto open = tx.One(kOpenOf, [](const store::Row& row) { return row.Int(0); }, address, tx.Now());
  if (open.value_or(0) >= kMostChallenges) {
    return Fail(Code::kRateLimited, "error.rate_limited", {{"seconds", std::to_string(kChallengeValid.count())}});
  }
  return SignInRequest{.challenge = NewChallenge(tx, std::nullopt, address), .rp_id = site.rp_id};
}

Result<NewSession> SignInWithPasskey(store::Store& store, const PasskeySignIn& how, const PasskeyAnswer& answer,
                                     Time now) {
  const PasskeyUse use{.site = how.site, .address = how.address, .act = "session.create"};
  std::optional<NewSession> session;
  TRY(TakeAnswer(store, use, std::nullopt, answer, now,
                 [&](store::WriteTx& tx, const Actor& actor) { session = StartSession(tx, actor, how.old_token); }));
  return *std::move(session);
}

Status VerifyPasskey(store::Store& store, const PasskeyUse& use, StaffId staff, const PasskeyAnswer& answer, Time now,
                     const std::function<void(store::WriteTx&)>& then) {
  return TakeAnswer(store, use, staff, answer, now, [&](store::WriteTx& tx, const Actor&) { then(tx); });
}

}  // namespace propolis::auth
