#include "auth/attestation.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/es384.h>
#include <fido/rs256.h>
#include <openssl/x509v3.h>

#include "base/result.h"

namespace propolis::auth::webauthn {
namespace {

const unsigned char* Raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

template <class T, void (*Free)(T**)>
struct FreeBy {
  void operator()(T* held) const { Free(&held); }
};
template <class T, void (*Free)(T**)>
using Held = std::unique_ptr<T, FreeBy<T, Free>>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

// Calls `use` with the key as libfido2 wants it. False when it is none.
template <class Use>
bool WithKey(const PublicKey& key, const Use& use) {
  const auto made = [&](auto held, auto from) {
    return held && from(held.get(), key.raw.data(), key.raw.size()) == FIDO_OK && use(held.get());
  };
  switch (key.algorithm) {
    case Algorithm::kEs256:
      return made(Held<es256_pk_t, es256_pk_free>(es256_pk_new()), es256_pk_from_ptr);
    case Algorithm::kEs384:
      return made(Held<es384_pk_t, es384_pk_free>(es384_pk_new()), es384_pk_from_ptr);
    case Algorithm::kEdDsa:
      return made(Held<eddsa_pk_t, eddsa_pk_free>(eddsa_pk_new()), eddsa_pk_from_ptr);
    case Algorithm::kRs256:
      return made(Held<rs256_pk_t, rs256_pk_free>(rs256_pk_new()), rs256_pk_from_ptr);
  }
  return false;
}

// libfido2 wants to be told which extensions to expect and refuses when others come. They are signed and nothing here
// depends on them, so it is told what came.
void ExpectExtensions(fido_assert_t* assertion, const AuthenticatorData& data) {
  int mask = 0;
  if (data.extensions && data.extensions->Find("hmac-secret")) {
    mask |= FIDO_EXT_HMAC_SECRET;
  }
  if (data.extensions && data.extensions->Find("credBlob")) {
    mask |= FIDO_EXT_CRED_BLOB;
  }
  fido_assert_set_extensions(assertion, mask);
}

void ExpectExtensions(fido_cred_t* credential, const AuthenticatorData& data) {
  if (!data.extensions) {
    return;
  }
  if (data.extensions->Find("hmac-secret")) {
    fido_cred_set_extensions(credential, FIDO_EXT_HMAC_SECRET);
  }
  if (data.extensions->Find("credBlob")) {
    fido_cred_set_extensions(credential, FIDO_EXT_CRED_BLOB);
  }
  if (const auto level = data.extensions->Find("credProtect")) {
    fido_cred_set_prot(credential, static_cast<int>(level->AsInteger().value_or(0) & 0xFF));
  }
  if (const auto length = data.extensions->Find("minPinLength")) {
    fido_cred_set_pin_minlen(credential, static_cast<std::size_t>(length->AsInteger().value_or(0) & 0xFF));
  }
}

std::string NameEntry(const X509* certificate, int nid) {
  std::array<char, 256> text{};
  const int length = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), nid, text.data(), text.size());
  return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : "";
}

// The authenticator's model that a certificate names (section 8.2.1); absent: it names none.
// false: it names one that is not `aaguid`, or cannot be read.
bool NamesModel(const X509* certificate, std::string_view aaguid) {
  const std::unique_ptr<ASN1_OBJECT, decltype(&ASN1_OBJECT_free)> oid(OBJ_txt2obj("1.3.6.1.4.1.45724.1.1.4", 1),
                                                                      &ASN1_OBJECT_free);
  const int at = X509_get_ext_by_OBJ(certificate, oid.get(), -1);
  if (at < 0) {
    return true;
  }
  X509_EXTENSION* extension = X509_get_ext(certificate, at);
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(extension);
  const std::string_view bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                               static_cast<std::size_t>(ASN1_STRING_length(value)));
  // An OCTET STRING of 16 bytes inside the extension's own.
  return X509_EXTENSION_get_critical(extension) == 0 && bytes.size() == 18 && bytes.starts_with("\x04\x10") &&
         bytes.substr(2) == aaguid;
}

// Section 8.2.1: what the certificate of a packed attestation must say.
bool IsAttestationCertificate(std::string_view der, std::string_view aaguid) {
  const unsigned char* at = Raw(der);
  const Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free);
  if (!certificate || at != Raw(der) + der.size()) {
    return false;
  }
  constexpr long kVersion3 = 2;
  const bool subject = NameEntry(certificate.get(), NID_countryName).size() == 2 &&
                       !NameEntry(certificate.get(), NID_organizationName).empty() &&
                       NameEntry(certificate.get(), NID_organizationalUnitName) == "Authenticator Attestation" &&
                       !NameEntry(certificate.get(), NID_commonName).empty();
  const bool authority = (X509_get_extension_flags(certificate.get()) & EXFLAG_CA) != 0;
  const bool constrained = (X509_get_extension_flags(certificate.get()) & EXFLAG_BCONS) != 0;
  return X509_get_version(certificate.get()) == kVersion3 && subject && constrained && !authority &&
         NamesModel(certificate.get(), aaguid);
}

// The statement's certificates. nullopt: there are none (self attestation). kMalformed: they are not a list of bytes.
Checked<std::optional<std::string_view>> FirstCertificate(const cbor::Item& body) {
  const auto list = body.Find("x5c");
  if (!list) {
    return std::nullopt;
  }
  const auto first = list->At(0);
  const auto bytes = first ? first->AsBytes() : std::nullopt;
  if (!bytes) {
    return std::unexpected(Refusal::kMalformed);
  }
  return bytes;
}

// kMalformed, or whether what the format itself asks for is there; the signature is checked afterwards.
Checked<bool> IsWellMade(const Statement& statement, const std::optional<std::string_view>& certificate) {
  const auto signature = statement.body.Find("sig");
  if (!signature || !signature->AsBytes()) {
    return std::unexpected(Refusal::kMalformed);
  }
  if (statement.format == Format::kFidoU2f) {
    // Section 8.6: one certificate, no model, the one algorithm of U2F.
    const auto list = statement.body.Find("x5c");
    return certificate && list->Size() == 1 && statement.algorithm == Algorithm::kEs256 &&
           statement.data.aaguid == std::string(16, '\0');
  }
  const auto algorithm = statement.body.Find("alg");
  if (!algorithm || !algorithm->AsInteger()) {
    return std::unexpected(Refusal::kMalformed);
  }
  if (!certificate) {
    return algorithm->AsInteger() == static_cast<std::int64_t>(statement.algorithm);
  }
  return IsAttestationCertificate(*certificate, statement.data.aaguid);
}

}  // namespace

bool IsUsable(const PublicKey& key) {
  return WithKey(key, [](const void*) { return true; });
}

bool VerifySignature(const PublicKey& key, std::string_view rp_id, const AuthenticatorData& data,
                     std::string_view authenticator_data, std::string_view client_data_hash,
                     std::string_view signature) {
  const Held<fido_assert_t, fido_assert_free> assertion(fido_assert_new());
  if (!assertion || signature.empty()) {
    return false;
  }
  const std::string rp(rp_id);
  if (fido_assert_set_rp(assertion.get(), rp.c_str()) != FIDO_OK ||
      fido_assert_set_clientdata_hash(assertion.get(), Raw(client_data_hash), client_data_hash.size()) != FIDO_OK ||
      fido_assert_set_count(assertion.get(), 1) != FIDO_OK ||
      fido_assert_set_authdata_raw(assertion.get(), 0, Raw(authenticator_data), authenticator_data.size()) != FIDO_OK ||
      fido_assert_set_sig(assertion.get(), 0, Raw(signature), signature.size()) != FIDO_OK) {
    return false;
  }
  ExpectExtensions(assertion.get(), data);
  return WithKey(key, [&](const void* pk) {
    return fido_assert_verify(assertion.get(), 0, static_cast<int>(key.algorithm), pk) == FIDO_OK;
  });
}

Checked<bool> VerifyStatement(const Statement& statement) {
  if (statement.format == Format::kNone) {
    if (statement.body.Size() != 0) {
      return std::unexpected(Refusal::kMalformed);
    }
    return true;
  }
  const auto certificate = TRY(FirstCertificate(statement.body));
  if (!TRY(IsWellMade(statement, certificate))) {
    return std::unexpected(Refusal::kAttestation);
  }
  const Held<fido_cred_t, fido_cred_free> credential(fido_cred_new());
  const std::string rp(statement.rp_id);
  const std::string format(NameOf(statement.format));
  const std::string body = statement.body.Encode();
  if (!credential || fido_cred_set_type(credential.get(), static_cast<int>(statement.algorithm)) != FIDO_OK ||
      fido_cred_set_rp(credential.get(), rp.c_str(), nullptr) != FIDO_OK ||
      fido_cred_set_fmt(credential.get(), format.c_str()) != FIDO_OK ||
      fido_cred_set_clientdata_hash(credential.get(), Raw(statement.client_data_hash),
                                    statement.client_data_hash.size()) != FIDO_OK ||
      fido_cred_set_authdata_raw(credential.get(), Raw(statement.authenticator_data),
                                 statement.authenticator_data.size()) != FIDO_OK ||
      fido_cred_set_attstmt(credential.get(), Raw(body), body.size()) != FIDO_OK) {
    return std::unexpected(Refusal::kAttestation);
  }
  ExpectExtensions(credential.get(), statement.data);
  const int verified = certificate ? fido_cred_verify(credential.get()) : fido_cred_verify_self(credential.get());
  if (verified != FIDO_OK) {
    return std::unexpected(Refusal::kAttestation);
  }
  return true;
}

}  // namespace propolis::auth::webauthn
