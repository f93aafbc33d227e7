#include "channels/mail/lmtp.h"

namespace propolis::mail {

Result<std::unique_ptr<net::LineServer>> StartLmtp(const std::string& listen, const LmtpOptions& options,
                                                   MailSink& sink) {
  net::LineServerOptions server;
  server.listen = listen;
  server.name = "lmtp";
  server.max_data = options.max_size;
  return net::LineServer::Start(server, [options, &sink] { return std::make_unique<LmtpSession>(options, sink); });
}

}  // namespace propolis::mail
