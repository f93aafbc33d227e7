// The request by which a notice reaches a browser: encrypted for it, with what its service worker (web/public/push.js)
// shows and may do.
#pragma once

#include <optional>

#include "channels/http/client.h"
#include "channels/mail/settings.h"
#include "channels/notify/told.h"
#include "domain/notify/reach.h"

namespace propolis::notify {

// nullopt: nothing can be encrypted with what is stored of the browser.
Result<std::optional<http::Call>> PushCall(store::WriteTx& tx, const mail::Desk& desk, const StoredMethod& browser,
                                           const Delivery& delivery, const Told& told);

}  // namespace propolis::notify
