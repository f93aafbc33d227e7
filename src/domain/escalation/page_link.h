// The link in the mail that calls somebody: it says of which page and to whom it was sent, signed. Opening it changes
// nothing (mail filters open links); posting an answer does, in the name of the person it was sent to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/escalation/page.h"
#include "store/store.h"

namespace propolis::escalation {

// How long after a page began its links work.
constexpr std::chrono::hours kLinkValid{72};

// Page, person and a keyed hash of both, base64url. Pure.
std::string MakePageToken(std::string_view secret, PageId page, StaffId staff);
struct PageToken {
  PageId page;
  StaffId staff;
};
std::optional<PageToken> ReadPageToken(std::string_view secret, std::string_view token);

// The token for one who is called; the secret is made at the first call. Errors: those of auth::secrets.
Result<std::string> TokenFor(store::WriteTx& tx, PageId page, StaffId staff);

// Errors: kNotFound "page.link_unknown" for tokens that are not ours, too old, or of somebody who left.
Result<PageByLink> LookByLink(store::ReadTx& tx, std::string_view token, Time now);
// Errors: as above, and those of Acknowledge and Return; a field error on note.
Result<PageByLink> AnswerByLink(store::WriteTx& tx, std::string_view token, const AnswerPage& answer);

}  // namespace propolis::escalation
