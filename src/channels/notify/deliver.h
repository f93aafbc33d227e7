// The jobs that reach people: steps of pages, and deliveries of notices by their channels.
#pragma once

#include <memory>

#include "channels/mail/settings.h"
#include "domain/notify/notice.h"
#include "jobs/worker.h"
#include "store/store.h"

namespace propolis::notify {

// Writes the letter of one delivery and queues it, in the transaction that settles the delivery: exactly once.
Status DeliverByMail(store::WriteTx& tx, const mail::Desk& desk, const Delivery& delivery);

// A worker of both jobs, to be started. Without a clock: the system's.
std::unique_ptr<jobs::Worker> MakeCaller(store::Store& store, mail::Desk desk,
                                         std::shared_ptr<const Clock> clock = nullptr);

}  // namespace propolis::notify
