// The jobs that reach people: steps of pages, and deliveries of notices by their channels.
//
// A mail is queued in the transaction that settles its delivery, so exactly once; a request over HTTP is made at least
// once, and tried again with growing pauses unless the other side says that it never will take it.
#pragma once

#include <memory>

#include "channels/mail/settings.h"
#include "domain/notify/notice.h"
#include "jobs/worker.h"
#include "store/store.h"

namespace propolis::notify {

// Makes one delivery, if it still waits. Errors: kUnavailable, to be tried again, unless this is the `last` attempt.
Status Deliver(store::Store& store, const mail::Desk& desk, std::int64_t delivery, bool last);

// A worker of both jobs, to be started. Without a clock: the system's.
std::unique_ptr<jobs::Worker> MakeCaller(store::Store& store, mail::Desk desk,
                                         std::shared_ptr<const Clock> clock = nullptr);

}  // namespace propolis::notify
