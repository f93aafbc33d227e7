// auth.jws, auth.signature, crypto.*: signed texts, and what they are made of.
#include "auth/signature.h"

#include "app/try/rules.h"
#include "auth/jws.h"
#include "base/cipher.h"
#include "base/crypto.h"

namespace propolis::app {
namespace {

namespace jose = auth::jose;

Result<std::string> Bytes(std::string_view field, const std::string& base64url) {
  const auto bytes = text::Base64UrlDecode(base64url);
  return bytes ? Result<std::string>(*bytes) : FailField(std::string(field), "field.not_text");
}

struct JwsInput {
  Verbatim token;
  dto::Raw keys;
  std::optional<std::vector<jose::Algorithm>> algorithms;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<JwsInput>("JwsInput", "A signed text and the keys that may have signed it.")
            .Required("token", &JwsInput::token, "In compact form (RFC 7515 section 7.1).")
            .Required("keys", &JwsInput::keys, "A JSON Web Key, or a set of them (RFC 7517).")
            .Optional("algorithms", &JwsInput::algorithms, "Those that are allowed; all but `none` when left out.",
                      dto::Items(0, 20))
            .Done();
    return type;
  }
};

struct JwsOutput {
  std::string verdict;
  std::optional<std::string> algorithm;
  std::optional<std::string> key;
  std::optional<std::string> payload;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<JwsOutput>("JwsOutput", "")
            .Required("verdict", &JwsOutput::verdict,
                      "accepted, or why not: too_large, form, algorithm, critical, key, mixed_set, no_key, ambiguous, "
                      "signature.")
            .Optional("algorithm", &JwsOutput::algorithm, "That it was signed with.")
            .Optional("key", &JwsOutput::key, "The name of the key, if it has one.")
            .Optional("payload", &JwsOutput::payload, "What was signed, in base64url.")
            .Done();
    return type;
  }
};

Result<JwsOutput> Jws(const JwsInput& input) {
  std::vector<jose::Algorithm> allowed = input.algorithms.value_or(std::vector<jose::Algorithm>{});
  if (!input.algorithms) {
    for (const auto& [algorithm, name] : Names<jose::Algorithm>::kTable) {
      allowed.push_back(algorithm);
    }
  }
  const auto keys = jose::ReadKeySet(input.keys.json);
  const auto verified = keys ? jose::VerifyCompact(input.token.text, *keys, allowed) : std::unexpected(keys.error());
  JwsOutput output;
  output.verdict = verified ? "accepted" : NameOf(verified.error());
  if (verified) {
    output.algorithm = NameOf(verified->algorithm);
    output.payload = text::Base64UrlEncode(verified->payload);
    if (!verified->key.empty()) {
      output.key = verified->key;
    }
  }
  return output;
}

struct SignatureInput {
  jose::Algorithm algorithm = jose::Algorithm::kEdDsa;
  dto::Raw key;
  std::string message;
  std::string signature;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<SignatureInput>("SignatureInput", "A signature alone.")
            .Required("algorithm", &SignatureInput::algorithm, "By its name in RFC 7518.")
            .Required("key", &SignatureInput::key, "A JSON Web Key.")
            .Required("message", &SignatureInput::message, "In base64url.", dto::Text(0, 1 << 20))
            .Required("signature", &SignatureInput::signature, "In base64url; of ES* both numbers side by side.",
                      dto::Text(0, 1 << 16))
            .Done();
    return type;
  }
};
struct SignatureOutput {
  bool holds = false;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<SignatureOutput>("SignatureOutput", "")
                                      .Required("holds", &SignatureOutput::holds, "Whether the key made it.")
                                      .Done();
    return type;
  }
};

Result<SignatureOutput> Signature(const SignatureInput& input) {
  const std::string message = TRY(Bytes("message", input.message));
  const std::string signature = TRY(Bytes("signature", input.signature));
  const auto document = json::Document::Parse(input.key.json);
  const auto key = document ? jose::ReadKey(document->Root()) : std::unexpected(jose::Refusal::kForm);
  return SignatureOutput{key && jose::VerifySignature(input.algorithm, *key, message, signature)};
}

struct HkdfInput {
  std::string secret;
  std::string salt;
  std::string info;
  std::int64_t size = 0;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<HkdfInput>("HkdfInput", "What keys are derived from; texts in base64url.")
            .Required("secret", &HkdfInput::secret, "The secret.", dto::Text(0, 1 << 16))
            .Required("salt", &HkdfInput::salt, "The salt; may be empty.", dto::Text(0, 1 << 16))
            .Required("info", &HkdfInput::info, "What the key is for.", dto::Text(0, 1 << 16))
            .Required("size", &HkdfInput::size, "Bytes that are wanted.")
            .Done();
    return type;
  }
};
struct BytesOutput {
  std::optional<std::string> bytes;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<BytesOutput>("BytesOutput", "")
                                      .Optional("bytes", &BytesOutput::bytes, "In base64url; absent when refused.")
                                      .Done();
    return type;
  }
};

BytesOutput ToOutput(const std::optional<std::string>& bytes) {
  return {bytes ? std::optional(text::Base64UrlEncode(*bytes)) : std::nullopt};
}

Result<BytesOutput> Hkdf(const HkdfInput& input) {
  const std::string secret = TRY(Bytes("secret", input.secret));
  const std::string salt = TRY(Bytes("salt", input.salt));
  const std::string info = TRY(Bytes("info", input.info));
  return ToOutput(input.size < 0 ? std::nullopt
                                 : crypto::Hkdf(secret, salt, info, static_cast<std::size_t>(input.size)));
}

struct HmacInput {
  std::string key;
  std::string message;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<HmacInput>("HmacInput", "Texts in base64url.")
                                      .Required("key", &HmacInput::key, "The key.", dto::Text(0, 1 << 16))
                                      .Required("message", &HmacInput::message, "The message.", dto::Text(0, 1 << 20))
                                      .Done();
    return type;
  }
};

Result<BytesOutput> Hmac(const HmacInput& input) {
  const auto mac = crypto::Hmac(TRY(Bytes("key", input.key)), TRY(Bytes("message", input.message)));
  return ToOutput(std::string(reinterpret_cast<const char*>(mac.data()), mac.size()));
}

struct GcmInput {
  std::string key;
  std::string nonce;
  std::string associated;
  std::string sealed;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<GcmInput>("GcmInput", "Texts in base64url.")
            .Required("key", &GcmInput::key, "16, 24 or 32 bytes.", dto::Text(0, 100))
            .Required("nonce", &GcmInput::nonce, "Not empty.", dto::Text(0, 1 << 16))
            .Required("associated", &GcmInput::associated, "What is bound to it, unsealed.", dto::Text(0, 1 << 20))
            .Required("sealed", &GcmInput::sealed, "The ciphertext and its 16 bytes of tag.", dto::Text(0, 1 << 20))
            .Done();
    return type;
  }
};

Result<BytesOutput> GcmOpen(const GcmInput& input) {
  const std::string key = TRY(Bytes("key", input.key));
  const std::string nonce = TRY(Bytes("nonce", input.nonce));
  const std::string associated = TRY(Bytes("associated", input.associated));
  return ToOutput(crypto::GcmOpen(key, nonce, associated, TRY(Bytes("sealed", input.sealed))));
}

}  // namespace

std::vector<Rule> SignatureRules() {
  return {
      MakeRule(
          "auth.jws", "Whether a signed text holds, and what it says (RFC 7515).",
          R"({"token":"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg","keys":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},"algorithms":["EdDSA","ES256"]})",
          Jws),
      MakeRule(
          "auth.signature", "Whether a signature or MAC alone holds (RFC 7518 section 3, RFC 8037).",
          R"({"algorithm":"EdDSA","key":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},"message":"eyJhbGciOiJFZERTQSJ9","signature":"AAAA"})",
          Signature),
      MakeRule("crypto.hkdf", "A key derived with HKDF-SHA-256 (RFC 5869).",
               R"({"secret":"CwsLCwsLCwsLCwsLCwsLCwsLCwsLCw","salt":"","info":"","size":42})", Hkdf),
      MakeRule("crypto.hmac", "HMAC-SHA-256 (RFC 2104).", R"({"key":"a2V5","message":"bWVzc2FnZQ"})", Hmac),
      MakeRule(
          "crypto.gcm_open", "What was sealed with AES-GCM (NIST SP 800-38D).",
          R"({"key":"AAAAAAAAAAAAAAAAAAAAAA","nonce":"AAAAAAAAAAAAAAAA","associated":"","sealed":"WOL8zvp-MGE2fx1XpOdFWg"})",
          GcmOpen)};
}

}  // namespace propolis::app
