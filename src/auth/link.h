// One-time links: a random token that a person gets by mail or at the terminal and may use once. The store keeps its
// SHA-256. Opening the page does not use it up (mail filters open links): posting the token does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/names.h"
#include "base/time.h"
#include "store/store.h"

namespace propolis::auth {

enum class LinkPurpose {
  kSetup,  // creates the first administrator
  kPortal  // signs a contact in
};

constexpr Seconds kSetupLinkValid{7 * 24 * 3600};
constexpr Seconds kPortalLinkValid{15 * 60};

// The token of a new link. Older ones of the same purpose and person end.
std::string CreateLink(store::WriteTx& tx, LinkPurpose purpose, const std::optional<Uuid>& person, Seconds valid);

struct Link {
  std::optional<Uuid> person;
};
// Would UseLink take it? For refusing early, before anything costly is done.
bool IsLink(store::ReadTx& tx, LinkPurpose purpose, std::string_view token, Time now);
// Uses the token up. nullopt: unknown, of another purpose, used already or too old.
std::optional<Link> UseLink(store::WriteTx& tx, LinkPurpose purpose, std::string_view token);

}  // namespace propolis::auth

template <>
struct propolis::Names<propolis::auth::LinkPurpose> {
  static constexpr std::array kTable = {std::pair{propolis::auth::LinkPurpose::kSetup, std::string_view("setup")},
                                        std::pair{propolis::auth::LinkPurpose::kPortal, std::string_view("portal")}};
};
