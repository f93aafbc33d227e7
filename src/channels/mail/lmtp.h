// LMTP (RFC 2033): how the mail server of the house hands mails over. A recipient is answered with success only after
// its message is durable, so a mail is never lost between the two; what we refuse for a while stays in the server's
// queue. Extensions: SIZE (RFC 1870), 8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531), PIPELINING (RFC 2920),
// ENHANCEDSTATUSCODES (RFC 2034). The protocol is a class without sockets; src/net's line server feeds it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/line_server.h"

namespace propolis::mail {

struct Envelope {
  std::string from;             // "<>" for the null sender
  std::vector<std::string> to;  // accepted recipients, as given
  bool utf8 = false;            // SMTPUTF8 was asked for
};

// What becomes of one message for one recipient.
struct DeliveryReply {
  int code = 250;        // 250 done, 4xx later, 5xx never
  std::string enhanced;  // "2.1.5"
  std::string text;      // ASCII, one line
};

// Takes messages in. Called from the session's thread, may block, from several sessions at once.
class MailSink {
 public:
  virtual ~MailSink() = default;
  // Is mail for it ours? 250, 550 5.1.1 or 4xx.
  virtual DeliveryReply CheckRecipient(const std::string& recipient) = 0;
  // One reply for each recipient, in order. Success means durable.
  virtual std::vector<DeliveryReply> Deliver(const Envelope& envelope, std::string_view raw) = 0;
};

struct LmtpOptions {
  std::string hostname = "localhost";  // in the greeting
  std::uint64_t max_size = 50ULL << 20;
  std::size_t max_recipients = 100;  // of one message
  std::size_t max_errors = 20;       // of one session
};

class LmtpSession final : public net::LineSession {
 public:
  LmtpSession(LmtpOptions options, MailSink& sink) : options_(std::move(options)), sink_(sink) {}

  net::LineReply OnConnect(const net::LinePeer& peer) override;
  net::LineReply OnLine(std::string_view line) override;
  bool OnData(std::string_view piece) override;
  net::LineReply OnDataEnd(const net::DataEnd& end) override;

 private:
  net::LineReply Hello(std::string_view argument);
  net::LineReply Mail(std::string_view argument);
  net::LineReply Recipient(std::string_view argument);
  net::LineReply Data();
  net::LineReply Refuse(std::string text);
  void Reset();

  LmtpOptions options_;
  MailSink& sink_;
  bool greeted_ = false;
  bool mail_given_ = false;
  Envelope envelope_;
  std::string data_;
  std::size_t errors_ = 0;
};

// The listener: `listen` as in net::LineServerOptions.
Result<std::unique_ptr<net::LineServer>> StartLmtp(const std::string& listen, const LmtpOptions& options,
                                                   MailSink& sink);

}  // namespace propolis::mail
