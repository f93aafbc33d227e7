#include "app/mail_settings.h"

#include <fstream>

#include "base/text.h"
#include "channels/mail/header.h"
#include "channels/mail/outbox.h"

namespace propolis::app {

Result<mail::Desk> MailDesk(const Args& args, store::Store& store, const std::string& public_url) {
  mail::Desk desk = TRY(mail::LoadDesk(store));
  if (args.Has("--mail-address") || desk.address.empty()) {
    desk.address = text::AsciiLower(args.Get("--mail-address"));
    desk.domain = mail::DomainOf(desk.address);
  }
  if (args.Has("--name")) {
    desk.name = args.Get("--name");
  }
  if (!public_url.empty()) {
    desk.base_url = public_url;
  }
  TRY(store.Write([&](store::WriteTx& tx) { return mail::SaveDesk(tx, desk); }));
  return desk;
}

namespace {

Result<std::string> SecretIn(const std::string& file) {
  std::ifstream stream(file);
  std::string line;
  if (!std::getline(stream, line)) {
    return Fail(Code::kInvalid, "cli.bad_file", {{"file", file}, {"why", "empty or not readable"}});
  }
  return line;
}

}  // namespace

Result<std::unique_ptr<mail::Carrier>> MailCarrier(const Args& args) {
  if (args.Has("--mail-dir")) {
    return mail::MakeFolderCarrier(args.Get("--mail-dir"));
  }
  if (!args.Has("--smtp")) {
    return mail::MakeWaitingCarrier();
  }
  const std::string where = args.Get("--smtp");
  const auto colon = where.rfind(':');
  const auto tls = FromName<mail::Tls>(args.Get("--smtp-tls"));
  if (colon == std::string::npos || !tls) {
    return FailField(colon == std::string::npos ? "--smtp" : "--smtp-tls", "field.not_one_of",
                     {{"choices", "HOST:PORT; required, opportunistic, implicit, none"}});
  }
  mail::Relay relay;
  relay.host = where.substr(0, colon);
  relay.port = static_cast<int>(std::strtol(where.c_str() + colon + 1, nullptr, 10));
  relay.tls = *tls;
  relay.user = args.Get("--smtp-user");
  if (args.Has("--smtp-password-file")) {
    relay.password = TRY(SecretIn(args.Get("--smtp-password-file")));
  }
  return mail::MakeRelayCarrier(relay);
}

std::vector<Option> WithMailOptions(std::vector<Option> options) {
  const Option of_mail[] = {
      {.name = "--smtp", .value = "HOST:PORT", .doc = "the mail server that delivers what we send"},
      {.name = "--smtp-tls",
       .value = "MODE",
       .doc = "required, opportunistic, implicit or none",
       .fallback = "opportunistic"},
      {.name = "--smtp-user", .value = "USER", .doc = "sign in to the mail server"},
      {.name = "--smtp-password-file", .value = "FILE", .doc = "where the password for it is"},
      {.name = "--mail-dir", .value = "DIR", .doc = "write mails as files instead of sending them"}};
  options.insert(options.end(), std::begin(of_mail), std::end(of_mail));
  return options;
}

}  // namespace propolis::app
