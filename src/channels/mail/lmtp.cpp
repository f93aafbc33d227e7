#include "channels/mail/lmtp.h"

#include <optional>

#include "base/number.h"
#include "base/text.h"
#include "channels/mail/header.h"

namespace propolis::mail {
namespace {

using net::LineReply;

LineReply Say(std::string text) { return {std::move(text) + "\r\n", LineReply::Next::kLine}; }

struct Path {
  std::string address;     // empty for "<>"
  std::string parameters;  // upper case
};

// "FROM:<a@b> SIZE=1 BODY=8BITMIME"; a blank after the colon and missing brackets are forgiven.
std::optional<Path> ReadPath(std::string_view argument, std::string_view keyword) {
  if (text::AsciiLower(argument.substr(0, keyword.size())) != keyword) {
    return std::nullopt;
  }
  argument = text::Trim(argument.substr(keyword.size()));
  Path path;
  std::string_view rest;
  if (argument.starts_with('<')) {
    bool quoted = false;
    std::size_t end = 1;
    for (; end < argument.size() && (quoted || argument[end] != '>'); ++end) {
      if (argument[end] == '"') {
        quoted = !quoted;
      } else if (argument[end] == '\\' && quoted) {
        ++end;
      }
    }
    if (end >= argument.size()) {
      return std::nullopt;
    }
    path.address = std::string(argument.substr(1, end - 1));
    rest = argument.substr(end + 1);
  } else {
    const auto blank = argument.find(' ');
    path.address = std::string(argument.substr(0, blank));
    rest = blank == std::string_view::npos ? std::string_view() : argument.substr(blank);
    if (path.address.empty()) {
      return std::nullopt;
    }
  }
  // A source route is ignored (RFC 5321 appendix C).
  if (path.address.starts_with('@')) {
    const auto colon = path.address.find(':');
    path.address = colon == std::string::npos ? "" : path.address.substr(colon + 1);
  }
  for (const char c : path.address) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') {
      return std::nullopt;
    }
  }
  constexpr std::size_t kLongest = 320;
  if (path.address.size() > kLongest) {
    return std::nullopt;
  }
  path.parameters = std::string(text::Trim(rest));
  return path;
}

std::string OneReply(const DeliveryReply& reply) {
  std::string text = reply.text;
  for (char& c : text) {
    if (c == '\r' || c == '\n') {
      c = ' ';
    }
  }
  return std::to_string(reply.code) + " " + reply.enhanced + " " + text;
}

}  // namespace

void LmtpSession::Reset() {
  mail_given_ = false;
  envelope_ = {};
  data_.clear();
  data_.shrink_to_fit();
}

LineReply LmtpSession::Refuse(std::string text) {
  if (++errors_ > options_.max_errors) {
    return {"421 4.7.0 Too many errors\r\n", LineReply::Next::kClose};
  }
  return Say(std::move(text));
}

LineReply LmtpSession::OnConnect(const net::LinePeer&) { return Say("220 " + options_.hostname + " LMTP ready"); }

LineReply LmtpSession::OnLine(std::string_view line) {
  const auto blank = line.find(' ');
  const std::string verb = text::AsciiLower(line.substr(0, blank));
  const std::string_view argument =
      blank == std::string_view::npos ? std::string_view() : text::Trim(line.substr(blank + 1));
  if (verb == "lhlo") {
    return Hello(argument);
  }
  if (verb == "quit") {
    return {"221 2.0.0 Bye\r\n", LineReply::Next::kClose};
  }
  if (verb == "noop") {
    return Say("250 2.0.0 OK");
  }
  if (verb == "rset") {
    Reset();
    return Say("250 2.0.0 OK");
  }
  if (verb == "helo" || verb == "ehlo") {
    return Refuse("500 5.5.1 This is LMTP: say LHLO");  // RFC 2033 section 4.1
  }
  if (verb == "mail") {
    return Mail(argument);
  }
  if (verb == "rcpt") {
    return Recipient(argument);
  }
  if (verb == "data") {
    return Data();
  }
  if (verb == "vrfy") {
    return Say("252 2.5.2 Send some mail, I'll try my best");
  }
  return Refuse("500 5.5.2 Unknown command");
}

LineReply LmtpSession::Hello(std::string_view argument) {
  if (argument.empty()) {
    return Refuse("501 5.5.4 LHLO needs a name");
  }
  Reset();
  greeted_ = true;
  return Say("250-" + options_.hostname +
             "\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE " +
             std::to_string(options_.max_size));
}

LineReply LmtpSession::Mail(std::string_view argument) {
  if (!greeted_) {
    return Refuse("503 5.5.1 Say LHLO first");
  }
  if (mail_given_) {
    return Refuse("503 5.5.1 One sender only");
  }
  const auto path = ReadPath(argument, "from:");
  if (!path) {
    return Refuse("501 5.5.4 Syntax: MAIL FROM:<address>");
  }
  bool utf8 = false;
  for (const auto word : text::Split(path->parameters, ' ')) {
    const std::string parameter = text::AsciiLower(word);
    if (parameter.empty() || parameter == "body=7bit" || parameter == "body=8bitmime" ||
        parameter.starts_with("auth=") || parameter.starts_with("ret=") || parameter.starts_with("envid=")) {
      continue;
    }
    if (parameter == "smtputf8") {
      utf8 = true;
    } else if (parameter.starts_with("size=")) {
      const auto size = text::ParseNumber<std::uint64_t>(std::string_view(parameter).substr(5));
      if (!size) {
        return Refuse("501 5.5.4 SIZE needs a number");
      }
      if (*size > options_.max_size) {
        return Refuse("552 5.3.4 Message too large: at most " + std::to_string(options_.max_size) + " bytes");
      }
    } else {
      return Refuse("555 5.5.4 Unknown parameter");
    }
  }
  Reset();
  mail_given_ = true;
  envelope_.from = path->address.empty() ? "<>" : path->address;
  envelope_.utf8 = utf8;
  return Say("250 2.1.0 Sender OK");
}

LineReply LmtpSession::Recipient(std::string_view argument) {
  if (!mail_given_) {
    return Refuse("503 5.5.1 Say MAIL first");
  }
  const auto path = ReadPath(argument, "to:");
  if (!path || path->address.empty()) {
    return Refuse("501 5.1.3 Syntax: RCPT TO:<address>");
  }
  if (envelope_.to.size() >= options_.max_recipients) {
    return Say("452 4.5.3 Too many recipients");
  }
  const DeliveryReply reply = sink_.CheckRecipient(path->address);
  if (reply.code / 100 != 2) {
    return Say(OneReply(reply));  // not the session's fault
  }
  envelope_.to.push_back(path->address);
  return Say("250 2.1.5 Recipient OK");
}

LineReply LmtpSession::Data() {
  if (envelope_.to.empty()) {
    return Refuse("503 5.5.1 No valid recipients");  // RFC 2033 section 4.2
  }
  data_.clear();
  return {"354 End data with <CRLF>.<CRLF>\r\n", LineReply::Next::kData};
}

bool LmtpSession::OnData(std::string_view piece) {
  if (data_.size() + piece.size() > options_.max_size) {
    return false;
  }
  data_ += piece;
  return true;
}

LineReply LmtpSession::OnDataEnd(const net::DataEnd& end) {
  std::vector<DeliveryReply> replies;
  if (end.too_large || end.size > options_.max_size) {
    replies.assign(envelope_.to.size(), {552, "5.3.4", "Message too large"});
  } else {
    replies = sink_.Deliver(envelope_, data_);
    replies.resize(envelope_.to.size(), {451, "4.3.0", "Not delivered, try again later"});
  }
  std::string text;
  for (const auto& reply : replies) {
    text += OneReply(reply) + "\r\n";
  }
  Reset();
  return {std::move(text), LineReply::Next::kLine};
}

}  // namespace propolis::mail
