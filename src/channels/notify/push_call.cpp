#include "channels/notify/push_call.h"

#include "base/crypto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/p256.h"
#include "channels/push/push.h"
#include "domain/notify/push_key.h"
#include "domain/notify/web_address.h"

namespace propolis::notify {
namespace {

// For how long a service keeps what it cannot pass on yet (RFC 8030 section 5.2), in seconds. A page goes on to the
// next step meanwhile; what is told of it the day after helps nobody.
int KeptFor(NoticeKind kind) {
  switch (kind) {
    case NoticeKind::kPage:
      return 4 * 3600;
    case NoticeKind::kClock:
      return 12 * 3600;
    case NoticeKind::kTest:
      return 600;
  }
  return 0;
}

// A link within the desk, without its origin: the browser knows by which name it reaches the desk.
std::string_view PathOf(const mail::Desk& desk, std::string_view url) {
  return url.starts_with(desk.base_url) ? url.substr(desk.base_url.size()) : url;
}

std::string TextFor(const mail::Desk& desk, const Delivery& delivery, const Told& told) {
  constexpr std::size_t kLongest = 200;  // code points: more is not shown
  const std::string about = told.number > 0 ? told.Ticket() + " " + told.subject : told.body;
  json::Writer text;
  text.BeginObject()
      .Field("title", told.headline)
      .Field("body", text::Prefix(text::Clean(about), kLongest))
      .Field("lang", NameOf(told.language))
      // What is told of one page replaces what was told of it before.
      .Field("tag", delivery.page ? delivery.page->ToString() : delivery.notice.ToString())
      .Field("url", PathOf(desk, told.ticket_url));
  if (!told.answer_url.empty()) {
    text.Key("take")
        .BeginObject()
        .Field("label", i18n::Translate(told.language, "notice.push.take"))
        .Field("taken", i18n::Translate(told.language, "notice.push.taken"))
        .Field("url", PathOf(desk, told.answer_url))
        .EndObject();
  }
  return text.EndObject().Take();
}

// Who answers for what the desk sends (RFC 8292 section 2.1).
std::string Contact(const mail::Desk& desk) { return desk.address.empty() ? desk.base_url : "mailto:" + desk.address; }

}  // namespace

Result<std::optional<http::Call>> PushCall(store::WriteTx& tx, const mail::Desk& desk, const StoredMethod& browser,
                                           const Delivery& delivery, const Told& told) {
  if (!browser.keys) {
    return std::nullopt;
  }
  const auto body =
      push::Seal({.point = text::Base64UrlDecode(browser.keys->p256dh).value_or(""),
                  .auth = text::Base64UrlDecode(browser.keys->auth).value_or("")},
                 crypto::p256::NewSecret(), crypto::RandomBytes(push::kSalt), TextFor(desk, delivery, told));
  const auto authorization = push::Authorize(TRY(PushSecret(tx)), OriginOf(browser.address), Contact(desk), tx.Now());
  if (!body || !authorization) {
    return std::nullopt;
  }
  return std::optional(http::Call{.method = "POST",
                                  .url = browser.address,
                                  .headers = {{"Authorization", *authorization},
                                              {"Content-Type", "application/octet-stream"},
                                              {"Content-Encoding", "aes128gcm"},
                                              {"TTL", std::to_string(KeptFor(delivery.kind))},
                                              {"Urgency", delivery.kind == NoticeKind::kPage ? "high" : "normal"},
                                              // A second attempt takes the place of the first (RFC 8030 section 5.4).
                                              {"Topic", text::Base64UrlEncode(delivery.notice.uuid.AsBytes())}},
                                  .body = *body});
}

}  // namespace propolis::notify
