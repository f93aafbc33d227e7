// Notices: what one person is told, apart from what she sees in the console. Each is told once; how it reaches her are
// its deliveries, each a durable job.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/ids.h"
#include "base/names.h"
#include "store/store.h"

namespace propolis::notify {

using NoticeId = Id<struct NoticeTag>;
using PageId = Id<struct PageTag>;

enum class NoticeKind {
  kPage,   // she is called for a ticket
  kClock,  // a deadline comes near, or was missed
  kTest    // she tries whether it reaches her
};
enum class NoticeChannel { kMail, kWebhook, kPhone, kGateway, kPush };
enum class DeliveryState { kWaiting, kSent, kFailed, kDropped };

struct NewNotice {
  std::string key;  // what is told to whom
  StaffId staff;
  NoticeKind kind = NoticeKind::kPage;
  std::int64_t ticket = 0;  // 0: about none
  std::optional<PageId> page = {};
  std::string data = "{}";  // JSON, by kind
};

// Plans the deliveries, by the person's own rules. False: it was told already.
bool Notify(store::WriteTx& tx, const NewNotice& notice);
// Tells no person but a gateway, at once; `staff` of the notice is not looked at.
bool NotifyGateway(store::WriteTx& tx, const NewNotice& notice, const std::string& gateway);
// One delivery of a new notice, whatever the rules say. Answers its id.
std::int64_t NotifyBy(store::WriteTx& tx, const NewNotice& notice, NoticeChannel channel, const std::string& place);

// The job of one delivery; its key is the delivery's id.
inline constexpr std::string_view kDeliveryJob = "notice.send";

// One delivery to be made.
struct Delivery {
  std::int64_t id = 0;
  NoticeId notice;
  NoticeKind kind = NoticeKind::kPage;
  NoticeChannel channel = NoticeChannel::kMail;
  std::string place;             // the person's way, or the gateway; empty: mail
  std::optional<StaffId> staff;  // absent: a gateway alone is told
  std::int64_t ticket = 0;
  std::optional<PageId> page;
  std::string data;
  Time noticed_at;
};
// nullopt: there is none that waits. A page that needs nobody any more is dropped instead.
std::optional<Delivery> TakeDelivery(store::WriteTx& tx, std::int64_t id);

struct Attempt {
  DeliveryState outcome = DeliveryState::kSent;  // never kWaiting
  std::optional<int> code = {};                  // what the other side answered
  std::string detail = {};
  bool last = true;                            // no further attempt follows
  std::optional<std::string> message_id = {};  // of a mail
};
void Settle(store::WriteTx& tx, std::int64_t delivery, const Attempt& attempt);

// Whom a way of hers did not reach, and never will, is told by mail, unless she is told of it by mail anyway. A test
// tells only whether the way works.
void TellByMailInstead(store::WriteTx& tx, const Delivery& delivery);

}  // namespace propolis::notify

namespace propolis {

template <>
struct Names<notify::NoticeKind> {
  static constexpr std::array kTable = {std::pair{notify::NoticeKind::kPage, std::string_view("page")},
                                        std::pair{notify::NoticeKind::kClock, std::string_view("clock")},
                                        std::pair{notify::NoticeKind::kTest, std::string_view("test")}};
};

template <>
struct Names<notify::NoticeChannel> {
  using E = notify::NoticeChannel;
  using S = std::string_view;
  static constexpr std::array kTable = {std::pair{E::kMail, S("mail")}, std::pair{E::kWebhook, S("webhook")},
                                        std::pair{E::kPhone, S("phone")}, std::pair{E::kGateway, S("gateway")},
                                        std::pair{E::kPush, S("push")}};
};

template <>
struct Names<notify::DeliveryState> {
  using E = notify::DeliveryState;
  using S = std::string_view;
  static constexpr std::array kTable = {std::pair{E::kWaiting, S("waiting")}, std::pair{E::kSent, S("sent")},
                                        std::pair{E::kFailed, S("failed")}, std::pair{E::kDropped, S("dropped")}};
};

}  // namespace propolis
