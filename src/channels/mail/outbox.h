// What of the desk's doings is told by mail: follows the event table and queues a letter for each, in the transaction
// that moves its position, so that each is written exactly once.
//
//   a customer's first mail      a receipt, unless a machine wrote it
//   staff's public message       the message; a resolution with its survey
//   a promise made or moved      the new time
//   a ticket given to somebody   a notice to her
//   a customer's further word    a notice to who has the ticket
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "channels/mail/queue.h"
#include "channels/mail/settings.h"
#include "jobs/follower.h"
#include "store/store.h"

namespace propolis::mail {

struct OutboxOptions {
  Desk desk;
  // The token of a ticket's survey, for "/survey/TOKEN"; empty function: letters carry no survey.
  std::function<std::string(store::WriteTx&, std::int64_t ticket)> survey_token;
};

// Queues the letters for these events. Seeing an event twice writes nothing twice.
Status QueueLetters(store::WriteTx& tx, const OutboxOptions& options, jobs::EventBatch events);

// The follower named "mail" that does so; only what happens from its first start on is told. Start() and Stop() are the
// caller's.
std::unique_ptr<jobs::Follower> MakeOutbox(store::Store& store, OutboxOptions options);

// The desk's mail settings and signing key as they stand in the store: "mail.name", "mail.address", "mail.aliases"
// (JSON list), "mail.domain", "mail.base_url" of the setting table. The key is made at the first call.
Result<Desk> LoadDesk(store::Store& store);
Status SaveDesk(store::WriteTx& tx, const Desk& desk);

}  // namespace propolis::mail
