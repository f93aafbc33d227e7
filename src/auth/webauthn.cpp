#include "auth/webauthn.h"

#include <algorithm>

#include "auth/attestation.h"
#include "auth/authenticator_data.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/result.h"
#include "base/text.h"

namespace propolis::auth::webauthn {
namespace {

std::string_view ViewOf(const crypto::Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::optional<std::string_view> TextIn(json::View object, std::string_view name) {
  const auto value = object.Find(name);
  return value ? value->AsString() : std::nullopt;
}

bool IsOneOf(const std::vector<std::string>& all, std::string_view one) {
  return std::ranges::find(all, one) != all.end();
}

// Level 2 section 5.8.1. An absent crossOrigin is false; topOrigin comes from frames of other sites only (level 3).
Checked<void> CheckFrames(json::View data, const Expected& expected) {
  const auto cross = data.Find("crossOrigin");
  const bool is_cross = cross && cross->AsBool().value_or(false);
  if (cross && !cross->AsBool()) {
    return std::unexpected(Refusal::kMalformed);
  }
  if ((is_cross || data.Find("topOrigin")) && !expected.cross_origin) {
    return std::unexpected(Refusal::kCrossOrigin);
  }
  return {};
}

// Token binding is gone from browsers; one that claims it was used cannot be checked.
Checked<void> CheckTokenBinding(json::View data) {
  const auto binding = data.Find("tokenBinding");
  if (!binding || binding->kind() == json::Kind::kNull) {
    return {};
  }
  const auto status = TextIn(*binding, "status");
  if (!status) {
    return std::unexpected(Refusal::kMalformed);
  }
  if (*status != "supported" && *status != "not-supported") {
    return std::unexpected(Refusal::kTokenBinding);
  }
  return {};
}

Checked<void> CheckClientData(std::string_view client_data, std::string_view type, const Expected& expected) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (client_data.starts_with(kByteOrderMark)) {
    client_data.remove_prefix(kByteOrderMark.size());
  }
  if (client_data.size() > kMostClientData) {
    return std::unexpected(Refusal::kMalformed);
  }
  const auto document = json::Document::Parse(client_data);
  if (!document || document->Root().kind() != json::Kind::kObject) {
    return std::unexpected(Refusal::kMalformed);
  }
  const json::View data = document->Root();
  if (TextIn(data, "type") != type) {
    return std::unexpected(Refusal::kType);
  }
  const auto challenge = TextIn(data, "challenge");
  if (expected.challenge.empty() || !challenge ||
      !crypto::Equal(*challenge, text::Base64UrlEncode(expected.challenge))) {
    return std::unexpected(Refusal::kChallenge);
  }
  if (!IsOneOf(expected.origins, TextIn(data, "origin").value_or(""))) {
    return std::unexpected(Refusal::kOrigin);
  }
  TRY(CheckFrames(data, expected));
  return CheckTokenBinding(data);
}

// What both ceremonies ask of authenticator data.
Checked<void> CheckData(const AuthenticatorData& data, const Expected& expected) {
  if (data.rp_id_hash != ViewOf(crypto::Sha256(expected.rp_id))) {
    return std::unexpected(Refusal::kRelyingParty);
  }
  if (!data.flags.user_present) {
    return std::unexpected(Refusal::kUserPresence);
  }
  if (expected.user_verification && !data.flags.user_verified) {
    return std::unexpected(Refusal::kUserVerification);
  }
  if (data.flags.backed_up && !data.flags.backup_eligible) {
    return std::unexpected(Refusal::kBackup);
  }
  return {};
}

struct AttestationObject {
  std::string_view format;
  cbor::Item statement;
  std::string_view authenticator_data;
};

Checked<AttestationObject> Split(const cbor::Item& object) {
  const auto format = object.Find("fmt");
  const auto statement = object.Find("attStmt");
  const auto data = object.Find("authData");
  if (!format || !format->AsText() || !statement || !statement->IsMap() || !data || !data->AsBytes()) {
    return std::unexpected(Refusal::kMalformed);
  }
  return AttestationObject{*format->AsText(), *statement, *data->AsBytes()};
}

bool CounterGrew(std::uint32_t before, std::uint32_t now) { return (before == 0 && now == 0) || now > before; }

}  // namespace

Checked<Credential> VerifyRegistration(const RegistrationOptions& options, const Registration& registration) {
  TRY(CheckClientData(registration.client_data, "webauthn.create", options.expected));
  const auto item = cbor::Item::Parse(registration.attestation_object);
  if (!item) {
    return std::unexpected(Refusal::kMalformed);
  }
  const AttestationObject object = TRY(Split(*item));
  const auto data = ParseAuthenticatorData(object.authenticator_data);
  if (!data || !data->flags.has_credential) {
    return std::unexpected(Refusal::kMalformed);
  }
  TRY(CheckData(*data, options.expected));
  if (data->credential_id != registration.id) {
    return std::unexpected(Refusal::kCredential);
  }
  const auto key = ParsePublicKey(data->public_key);
  if (!key || std::ranges::find(options.algorithms, key->algorithm) == options.algorithms.end() || !IsUsable(*key)) {
    return std::unexpected(Refusal::kAlgorithm);
  }
  const auto format = FromName<Format>(object.format);
  if (!format) {
    return std::unexpected(Refusal::kFormat);
  }
  const auto hash = crypto::Sha256(registration.client_data);
  TRY(VerifyStatement({.format = *format,
                       .body = object.statement,
                       .rp_id = options.expected.rp_id,
                       .client_data_hash = ViewOf(hash),
                       .data = *data,
                       .authenticator_data = object.authenticator_data,
                       .algorithm = key->algorithm}));
  return Credential{.id = registration.id,
                    .public_key = std::string(data->public_key),
                    .algorithm = key->algorithm,
                    .sign_count = data->sign_count,
                    .aaguid = *Uuid::FromBytes(data->aaguid),
                    .backup_eligible = data->flags.backup_eligible,
                    .backed_up = data->flags.backed_up,
                    .user_verified = data->flags.user_verified,
                    .format = *format};
}

Checked<Used> VerifyAssertion(const AssertionOptions& options, const Credential& credential,
                              const Assertion& assertion) {
  if (assertion.id != credential.id || (!options.allowed.empty() && !IsOneOf(options.allowed, assertion.id))) {
    return std::unexpected(Refusal::kCredential);
  }
  // Without a list of keys the answer must say whose it is (section 7.2 step 6).
  if (assertion.user_handle.value_or(options.allowed.empty() ? "" : options.user_handle) != options.user_handle) {
    return std::unexpected(Refusal::kUser);
  }
  TRY(CheckClientData(assertion.client_data, "webauthn.get", options.expected));
  const auto data = ParseAuthenticatorData(assertion.authenticator_data);
  if (!data || assertion.signature.size() > kMostSignature) {
    return std::unexpected(Refusal::kMalformed);
  }
  TRY(CheckData(*data, options.expected));
  if (data->flags.backup_eligible != credential.backup_eligible) {
    return std::unexpected(Refusal::kBackup);
  }
  const auto key = ParsePublicKey(credential.public_key);
  if (!key || key->algorithm != credential.algorithm) {
    return std::unexpected(Refusal::kAlgorithm);
  }
  if (!VerifySignature(*key, options.expected.rp_id, *data, assertion.authenticator_data,
                       ViewOf(crypto::Sha256(assertion.client_data)), assertion.signature)) {
    return std::unexpected(Refusal::kSignature);
  }
  if (!CounterGrew(credential.sign_count, data->sign_count)) {
    return std::unexpected(Refusal::kCounter);
  }
  return Used{
      .sign_count = data->sign_count, .backed_up = data->flags.backed_up, .user_verified = data->flags.user_verified};
}

}  // namespace propolis::auth::webauthn
