// What was sent to whom, and what came of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "domain/notify/notice.h"
#include "domain/ref.h"
#include "store/store.h"

namespace propolis::notify {

struct LoggedAttempt {
  Time at;
  DeliveryState outcome = DeliveryState::kSent;
  std::optional<std::int64_t> code;
  std::string detail;
  static const dto::Type& Dto();
};

struct LoggedDelivery {
  std::int64_t id = 0;
  NoticeKind kind = NoticeKind::kPage;
  std::optional<Ref> staff;           // absent: a webhook of an escalation policy
  std::optional<std::string> ticket;  // its number
  NoticeChannel channel = NoticeChannel::kMail;
  std::string label;  // of the way or the gateway; empty: mail, or it was taken back
  Time due_at;
  DeliveryState state = DeliveryState::kWaiting;
  std::optional<std::string> mail;  // what became of the mail: queued, sending, sent, failed
  std::vector<LoggedAttempt> attempts;
  static const dto::Type& Dto();
};

constexpr int kMostLogged = 100;

// The newest first, at most kMostLogged.
Result<std::vector<LoggedDelivery>> OwnLog(store::ReadTx& tx, const auth::Actor& actor);
Result<std::vector<LoggedDelivery>> WholeLog(store::ReadTx& tx, const auth::Actor& actor);

}  // namespace propolis::notify
