// Messages to browsers (Web Push, RFC 8030): encrypted so that one browser alone can read them, not the service that
// passes them on (RFC 8291 over RFC 8188), and signed in the name of this desk (VAPID, RFC 8292). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace propolis::push {

// What a browser told of itself when it subscribed.
struct Browser {
  std::string point;  // its key, on P-256 (base/p256.h)
  std::string auth;   // a secret of kAuth bytes
};

constexpr std::size_t kAuth = 16;        // bytes (RFC 8291 section 3.2)
constexpr std::size_t kSalt = 16;        // bytes (RFC 8188 section 2.1)
constexpr std::size_t kMostText = 3993;  // bytes: more need not be passed on (RFC 8291 section 4)

// One message: header and a single record (RFC 8188 section 2). `once` is a secret of P-256 and, as the salt, serves
// this message alone. nullopt for keys that are not sound, another length of salt or auth, or more than kMostText.
std::optional<std::string> Seal(const Browser& browser, std::string_view once, std::string_view salt,
                                std::string_view text);

constexpr std::chrono::hours kTokenValid{12};  // at most a day is taken (RFC 8292 section 2)

// The value of Authorization: who sends, until when, to which service. `secret` is the desk's own, on P-256; `contact`
// a mailto: or https: URI. nullopt for what is no secret.
std::optional<std::string> Authorize(std::string_view secret, std::string_view origin, std::string_view contact,
                                     Time now);

}  // namespace propolis::push
