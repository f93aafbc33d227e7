// The JSON forms of W3C Web Authentication (level 3 sections 5.1.8 and 5.1.9, RegistrationResponseJSON and its like),
// as recordings and other servers write them. Binary members are base64url; what is missing or cannot be read is empty,
// and refused when it is verified.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/webauthn.h"
#include "base/json.h"

namespace propolis::auth::webauthn {

// PublicKeyCredentialCreationOptionsJSON and PublicKeyCredentialRequestOptionsJSON. Without `origins`: https:// and the
// rp id.
Expected ExpectedFromJson(json::View options, const std::vector<std::string>& origins);
// The algorithms that the options offer and the desk can verify.
std::vector<Algorithm> OfferedFromJson(json::View options);
// The ids of allowCredentials.
std::vector<std::string> AllowedFromJson(json::View options);

// nullopt: of another type than public-key, or its two ids differ.
std::optional<Registration> RegistrationFromJson(json::View response);
// A signature in hexadecimal, as some recordings have it, is read too: none in base64url has only its digits.
std::optional<Assertion> AssertionFromJson(json::View response);

}  // namespace propolis::auth::webauthn
