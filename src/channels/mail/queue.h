// The queue of outgoing mail: durable, one row a recipient, sent at least once, always under the same Message-ID so
// that a mail that was sent twice shows once. What became of each is seen in the ticket.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.h"
#include "base/result.h"
#include "channels/mail/compose.h"
#include "channels/mail/settings.h"
#include "store/store.h"

namespace propolis::mail {

enum class Delivery { kQueued, kSending, kSent, kFailed };

struct QueuedFile {
  std::string sha256;
  std::string name;
  std::string type;
};

// Writes the letter and queues it for its recipient and copies. Queueing the same message_id again does nothing:
// answers false. `entry_seq`: the entry that it carries out, 0 for none.
Result<bool> Queue(store::WriteTx& tx, const Desk& desk, const Letter& letter, std::int64_t entry_seq,
                   const std::vector<QueuedFile>& files = {});

// A link into the portal, mailed to a contact. Its text is forgotten once it is sent.
Status QueueSignInLink(store::WriteTx& tx, const Desk& desk, const Address& to, Language language,
                       std::string_view link);

// One attempt to be made.
struct Due {
  std::int64_t id = 0;
  std::string message_id;
  std::string recipient;
  int attempts = 0;  // before this one
  std::string kind;
  std::string header;
  std::string text;
  std::string html;
  std::vector<QueuedFile> files;
};

// Takes up to `limit` due mails: they are `sending` afterwards.
std::vector<Due> Claim(store::WriteTx& tx, int limit);
// What a crash left in `sending` is queued again. Answers how many.
std::int64_t Reclaim(store::WriteTx& tx);
// Nullopt when nothing waits.
std::optional<Time> NextDue(store::ReadTx& tx);

struct Attempt {
  bool sent = false;
  bool permanent = false;    // never try again
  bool delays_only = false;  // not the mail's fault (no relay): does not count as an attempt
  std::string error;
};
// Records an attempt: sent, failed, or queued again after a growing pause (one minute, doubling, at most four hours;
// given up after five days, RFC 5321 section 4.5.4.1). Emits "mail.delivery" for the ticket when it comes to an end.
void Settle(store::WriteTx& tx, const Due& due, const Attempt& attempt);

// A bounce came for what was sent. False when the message is not ours.
bool MarkBounced(store::WriteTx& tx, std::string_view message_id, std::string_view recipient, std::string_view reason);

// For the timeline: the worst state among the recipients of an entry's mails.
struct DeliveryState {
  Delivery state = Delivery::kQueued;
  std::string detail;
};
std::optional<DeliveryState> DeliveryOf(store::ReadTx& tx, std::int64_t ticket, std::int64_t entry_seq);

struct QueueCounts {
  std::int64_t queued = 0;
  std::int64_t failed = 0;
};
QueueCounts CountQueue(store::ReadTx& tx);

}  // namespace propolis::mail

namespace propolis {
template <>
struct Names<mail::Delivery> {
  using D = mail::Delivery;
  using S = std::string_view;
  static constexpr std::array kTable = {std::pair{D::kQueued, S("queued")}, std::pair{D::kSending, S("sending")},
                                        std::pair{D::kSent, S("sent")}, std::pair{D::kFailed, S("failed")}};
};
}  // namespace propolis
