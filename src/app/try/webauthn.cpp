// auth.webauthn_*: passkeys, as a browser's answers are verified.
#include "auth/webauthn.h"

#include "app/try/rules.h"
#include "auth/webauthn_json.h"
#include "base/text.h"

namespace propolis::app {
namespace {

namespace webauthn = auth::webauthn;

// --- registration

struct RegisterInput {
  dto::Raw options;
  dto::Raw response;
  std::vector<std::string> origins;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<RegisterInput>("WebauthnRegisterInput", "")
            .Required("options", &RegisterInput::options, "PublicKeyCredentialCreationOptionsJSON that was sent.")
            .Required("response", &RegisterInput::response, "RegistrationResponseJSON that came.")
            .Optional("origins", &RegisterInput::origins, "Accepted origins; https:// and the rp id when left out.",
                      dto::Items(0, 20))
            .Done();
    return type;
  }
};

struct RegisterOutput {
  bool accepted = false;
  std::optional<webauthn::Refusal> refusal;
  std::optional<std::string> id;
  std::optional<std::string> public_key;
  std::optional<webauthn::Algorithm> algorithm;
  std::optional<std::int64_t> sign_count;
  std::optional<std::string> aaguid;
  std::optional<bool> user_verified;
  std::optional<bool> backup_eligible;
  std::optional<bool> backed_up;
  std::optional<webauthn::Format> format;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<RegisterOutput>("WebauthnRegisterOutput", "")
            .Required("accepted", &RegisterOutput::accepted, "Whether the key may be kept.")
            .Optional("refusal", &RegisterOutput::refusal, "Why not.")
            .Optional("id", &RegisterOutput::id, "Of the key, base64url.")
            .Optional("public_key", &RegisterOutput::public_key, "COSE key, base64url.")
            .Optional("algorithm", &RegisterOutput::algorithm, "Of the key.")
            .Optional("sign_count", &RegisterOutput::sign_count, "Its counter.")
            .Optional("aaguid", &RegisterOutput::aaguid, "Model of the authenticator.")
            .Optional("user_verified", &RegisterOutput::user_verified, "By PIN, finger or face.")
            .Optional("backup_eligible", &RegisterOutput::backup_eligible, "It may leave its device.")
            .Optional("backed_up", &RegisterOutput::backed_up, "It has.")
            .Optional("format", &RegisterOutput::format, "Of the attestation.")
            .Done();
    return type;
  }
};

Result<RegisterOutput> Register(const RegisterInput& input) {
  const auto options = TRY(json::Document::Parse(input.options.json));
  const auto response = TRY(json::Document::Parse(input.response.json));
  const auto registration = webauthn::RegistrationFromJson(response.Root());
  RegisterOutput output;
  if (!registration) {
    output.refusal = webauthn::Refusal::kCredential;
    return output;
  }
  const auto made = webauthn::VerifyRegistration({.expected = webauthn::ExpectedFromJson(options.Root(), input.origins),
                                                  .algorithms = webauthn::OfferedFromJson(options.Root())},
                                                 *registration);
  if (!made) {
    output.refusal = made.error();
    return output;
  }
  return RegisterOutput{.accepted = true,
                        .refusal = std::nullopt,
                        .id = text::Base64UrlEncode(made->id),
                        .public_key = text::Base64UrlEncode(made->public_key),
                        .algorithm = made->algorithm,
                        .sign_count = made->sign_count,
                        .aaguid = made->aaguid.ToString(),
                        .user_verified = made->user_verified,
                        .backup_eligible = made->backup_eligible,
                        .backed_up = made->backed_up,
                        .format = made->format};
}

// --- assertion

struct KnownKey {
  std::string public_key;
  webauthn::Algorithm algorithm = webauthn::Algorithm::kEs256;
  std::int64_t sign_count = 0;
  bool backup_eligible = false;
  std::string user_handle;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<KnownKey>("WebauthnKnownKey", "What was kept of the key.")
            .Required("public_key", &KnownKey::public_key, "COSE key, base64url.", dto::Text(1, 4000))
            .Optional("algorithm", &KnownKey::algorithm, "Of the key; ES256 when left out.")
            .Optional("sign_count", &KnownKey::sign_count, "Its counter; 0 when left out.",
                      dto::Range(0, 4'294'967'295))
            .Optional("backup_eligible", &KnownKey::backup_eligible, "It may leave its device.")
            .Optional("user_handle", &KnownKey::user_handle, "Of its owner, base64url.", dto::Text(0, 100))
            .Done();
    return type;
  }
};

struct AssertInput {
  dto::Raw options;
  dto::Raw response;
  std::vector<std::string> origins;
  KnownKey credential;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<AssertInput>("WebauthnAssertInput", "")
            .Required("options", &AssertInput::options, "PublicKeyCredentialRequestOptionsJSON that was sent.")
            .Required("response", &AssertInput::response, "AuthenticationResponseJSON that came.")
            .Required("credential", &AssertInput::credential, "The key with the id of the response.")
            .Optional("origins", &AssertInput::origins, "Accepted origins; https:// and the rp id when left out.",
                      dto::Items(0, 20))
            .Done();
    return type;
  }
};

struct AssertOutput {
  bool accepted = false;
  std::optional<webauthn::Refusal> refusal;
  std::optional<std::int64_t> sign_count;
  std::optional<bool> user_verified;
  std::optional<bool> backed_up;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<AssertOutput>("WebauthnAssertOutput", "")
            .Required("accepted", &AssertOutput::accepted, "Whether it signs in.")
            .Optional("refusal", &AssertOutput::refusal, "Why not.")
            .Optional("sign_count", &AssertOutput::sign_count, "The key's counter from now on.")
            .Optional("user_verified", &AssertOutput::user_verified, "By PIN, finger or face.")
            .Optional("backed_up", &AssertOutput::backed_up, "Whether the key has left its device.")
            .Done();
    return type;
  }
};

Result<AssertOutput> Assert(const AssertInput& input) {
  const auto options = TRY(json::Document::Parse(input.options.json));
  const auto response = TRY(json::Document::Parse(input.response.json));
  const auto assertion = webauthn::AssertionFromJson(response.Root());
  AssertOutput output;
  if (!assertion) {
    output.refusal = webauthn::Refusal::kCredential;
    return output;
  }
  webauthn::Credential credential;
  credential.id = assertion->id;
  credential.public_key = text::Base64UrlDecode(input.credential.public_key).value_or("");
  credential.algorithm = input.credential.algorithm;
  credential.sign_count = static_cast<std::uint32_t>(input.credential.sign_count);
  credential.backup_eligible = input.credential.backup_eligible;
  const auto used =
      webauthn::VerifyAssertion({.expected = webauthn::ExpectedFromJson(options.Root(), input.origins),
                                 .allowed = webauthn::AllowedFromJson(options.Root()),
                                 .user_handle = text::Base64UrlDecode(input.credential.user_handle).value_or("")},
                                credential, *assertion);
  if (!used) {
    output.refusal = used.error();
    return output;
  }
  return AssertOutput{.accepted = true,
                      .refusal = std::nullopt,
                      .sign_count = used->sign_count,
                      .user_verified = used->user_verified,
                      .backed_up = used->backed_up};
}

}  // namespace

std::vector<Rule> WebauthnRules() {
  return {MakeRule("auth.webauthn_register", "Whether a new passkey holds (W3C Web Authentication, section 7.1).",
                   R"({"options":{"challenge":"c2l4dGVlbiBieXRlcyBvcg","rp":{"id":"desk.example"},)"
                   R"("pubKeyCredParams":[{"type":"public-key","alg":-7}]},)"
                   R"("response":{"id":"AA","rawId":"AA","type":"public-key",)"
                   R"("response":{"clientDataJSON":"e30","attestationObject":"oA"}}})",
                   Register),
          MakeRule("auth.webauthn_assert", "Whether a passkey's answer signs in (W3C Web Authentication, section 7.2).",
                   R"({"options":{"challenge":"c2l4dGVlbiBieXRlcyBvcg","rpId":"desk.example"},)"
                   R"("response":{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30",)"
                   R"("authenticatorData":"AA","signature":"AA"}},"credential":{"public_key":"oA"}})",
                   Assert)};
}

}  // namespace propolis::app
