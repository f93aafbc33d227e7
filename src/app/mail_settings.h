// The mail channel's settings from the command line.
#pragma once

#include "app/args.h"
#include "channels/mail/settings.h"
#include "channels/mail/smtp_out.h"
#include "store/store.h"

namespace propolis::app {

// The stored settings, with what the command line says put over them and kept.
Result<mail::Desk> MailDesk(const Args& args, store::Store& store, const std::string& public_url);
// How mail goes out: to a relay, into a folder, or not at all (it waits, visibly).
Result<std::unique_ptr<mail::Carrier>> MailCarrier(const Args& args);

// Its options behind those given.
std::vector<Option> WithMailOptions(std::vector<Option> options);

}  // namespace propolis::app
