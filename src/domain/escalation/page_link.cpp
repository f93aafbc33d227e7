#include "domain/escalation/page_link.h"

#include "auth/secrets.h"
#include "auth/session.h"
#include "base/crypto.h"
#include "domain/escalation/page_commands.h"
#include "domain/escalation/page_row.h"
#include "domain/escalation/page_sql.h"
#include "domain/ticket/number.h"

namespace propolis::escalation {
namespace {

constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kMacBytes = 16;

std::string MacOf(std::string_view secret, std::string_view ids) {
  const auto mac = crypto::Hmac(secret, "page:" + std::string(ids));
  return {reinterpret_cast<const char*>(mac.data()), kMacBytes};
}

struct Opened {
  PageRow page;
  auth::Actor actor;
};

Result<Opened> Open(store::ReadTx& tx, std::string_view token, Time now) {
  const auto secret = TRY(auth::secrets::GetOwn(tx, auth::secrets::Kind::kPage));
  const auto read = secret ? ReadPageToken(*secret, token) : std::nullopt;
  auto page = read ? tx.One(sql::kPage, ToPageRow, read->page) : std::nullopt;
  auto actor = page && now < page->started_at + kLinkValid ? auth::StaffActor(tx, read->staff) : std::nullopt;
  if (!actor) {
    return Fail(Code::kNotFound, "page.link_unknown");
  }
  return Opened{*std::move(page), *std::move(actor)};
}

}  // namespace

std::string MakePageToken(std::string_view secret, PageId page, StaffId staff) {
  const std::string ids = std::string(page.uuid.AsBytes()) + std::string(staff.uuid.AsBytes());
  return text::Base64UrlEncode(ids + MacOf(secret, ids));
}

std::optional<PageToken> ReadPageToken(std::string_view secret, std::string_view token) {
  const auto bytes = text::Base64UrlDecode(token);
  if (!bytes || bytes->size() != 2 * kIdBytes + kMacBytes) {
    return std::nullopt;
  }
  const std::string_view all = *bytes;
  const std::string_view ids = all.substr(0, 2 * kIdBytes);
  if (!crypto::Equal(all.substr(2 * kIdBytes), MacOf(secret, ids))) {
    return std::nullopt;
  }
  return PageToken{PageId{*Uuid::FromBytes(ids.substr(0, kIdBytes))}, StaffId{*Uuid::FromBytes(ids.substr(kIdBytes))}};
}

Result<std::string> TokenFor(store::WriteTx& tx, PageId page, StaffId staff) {
  return MakePageToken(TRY(auth::secrets::GetOrMakeOwn(tx, auth::secrets::Kind::kPage)), page, staff);
}

Result<PageByLink> LookByLink(store::ReadTx& tx, std::string_view token, Time now) {
  Opened opened = TRY(Open(tx, token, now));
  PageRow& page = opened.page;
  return PageByLink{.ticket = {ticket::FormatNumber(page.ticket), std::move(page.subject), page.priority},
                    .name = opened.actor.name,
                    .language = opened.actor.language,
                    .state = page.state,
                    .note = std::move(page.note),
                    .started_at = page.started_at,
                    .acknowledged_by = page.acknowledged_by,
                    .mine = page.acknowledged_by && page.acknowledged_by->id == opened.actor.staff().ToString()};
}

Result<PageByLink> AnswerByLink(store::WriteTx& tx, std::string_view token, const AnswerPage& answer) {
  const Opened opened = TRY(Open(tx, token, tx.Now()));
  if (answer.act == LinkAct::kAcknowledge) {
    TRY(Acknowledge(tx, opened.actor, opened.page.id));
  } else {
    if (text::Trim(answer.note).empty()) {
      return FailField("note", "field.required");
    }
    TRY(Return(tx, opened.actor, opened.page.id, {answer.note}));
  }
  return LookByLink(tx, token, tx.Now());
}

}  // namespace propolis::escalation
