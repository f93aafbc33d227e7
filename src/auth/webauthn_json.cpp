#include "auth/webauthn_json.h"

#include <charconv>

#include "base/text.h"

namespace propolis::auth::webauthn {
namespace {

std::optional<json::View> Member(const std::optional<json::View>& object, std::string_view name) {
  return object ? object->Find(name) : std::nullopt;
}

std::string TextOf(const std::optional<json::View>& value) {
  return std::string(value ? value->AsString().value_or("") : "");
}

// Others write padding.
std::string BytesOf(const std::optional<json::View>& value) {
  std::string text = TextOf(value);
  text.erase(text.find_last_not_of('=') + 1);
  return text::Base64UrlDecode(text).value_or("");
}

std::string SignatureOf(const std::optional<json::View>& value) {
  const std::string text = TextOf(value);
  if (text.empty() || text.size() % 2 != 0 || text.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return BytesOf(value);
  }
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    std::uint8_t byte = 0;
    std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

// nullopt: no public key, or two ids. A type that is left out is the only one there is.
std::optional<std::string> IdOf(json::View response) {
  std::string id = BytesOf(response.Find("rawId"));
  const auto type = response.Find("type");
  if ((type && TextOf(type) != "public-key") || BytesOf(response.Find("id")) != id) {
    return std::nullopt;
  }
  return id;
}

}  // namespace

Expected ExpectedFromJson(json::View options, const std::vector<std::string>& origins) {
  Expected expected;
  const std::string rp_id = TextOf(options.Find("rpId"));
  expected.rp_id = rp_id.empty() ? TextOf(Member(options.Find("rp"), "id")) : rp_id;
  expected.origins = origins.empty() ? std::vector{"https://" + expected.rp_id} : origins;
  expected.challenge = BytesOf(options.Find("challenge"));
  const std::string own = TextOf(options.Find("userVerification"));
  const std::string selected = TextOf(Member(options.Find("authenticatorSelection"), "userVerification"));
  expected.user_verification = own == "required" || selected == "required";
  return expected;
}

std::vector<Algorithm> OfferedFromJson(json::View options) {
  std::vector<Algorithm> offered;
  const auto list = options.Find("pubKeyCredParams");
  for (std::size_t i = 0; list && list->kind() == json::Kind::kArray && i < list->Size(); ++i) {
    const auto number = Member(list->At(i), "alg");
    for (const auto& [algorithm, name] : Names<Algorithm>::kTable) {
      if (number && number->AsInteger() == static_cast<std::int64_t>(algorithm)) {
        offered.push_back(algorithm);
      }
    }
  }
  return offered;
}

std::vector<std::string> AllowedFromJson(json::View options) {
  std::vector<std::string> ids;
  const auto list = options.Find("allowCredentials");
  for (std::size_t i = 0; list && list->kind() == json::Kind::kArray && i < list->Size(); ++i) {
    ids.push_back(BytesOf(list->At(i).Find("id")));
  }
  return ids;
}

std::optional<Registration> RegistrationFromJson(json::View response) {
  const auto id = IdOf(response);
  const auto answer = response.Find("response");
  if (!id) {
    return std::nullopt;
  }
  return Registration{.id = *id,
                      .client_data = BytesOf(Member(answer, "clientDataJSON")),
                      .attestation_object = BytesOf(Member(answer, "attestationObject"))};
}

std::optional<Assertion> AssertionFromJson(json::View response) {
  const auto id = IdOf(response);
  const auto answer = response.Find("response");
  if (!id) {
    return std::nullopt;
  }
  const auto handle = Member(answer, "userHandle");
  return Assertion{.id = *id,
                   .client_data = BytesOf(Member(answer, "clientDataJSON")),
                   .authenticator_data = BytesOf(Member(answer, "authenticatorData")),
                   .signature = SignatureOf(Member(answer, "signature")),
                   .user_handle = handle && handle->AsString() ? std::optional(BytesOf(handle)) : std::nullopt};
}

}  // namespace propolis::auth::webauthn
