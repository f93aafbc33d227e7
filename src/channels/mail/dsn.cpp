#include "channels/mail/dsn.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace propolis::mail {
namespace {

using S = std::string_view;

// A report is short. What goes beyond this is not read, so that a hostile one costs little.
constexpr std::size_t kMostText = 64 * 1024;
constexpr std::size_t kMostRecipients = 100;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "x.y.z" with class 2, 4 or 5, standing alone. The first that is not x.0.0, else the first.
std::string FindStatus(S text) {
  std::string general;
  for (std::size_t i = 0; i + 4 < text.size(); ++i) {
    if ((text[i] != '4' && text[i] != '5') || text[i + 1] != '.' ||
        (i > 0 && (IsDigit(text[i - 1]) || text[i - 1] == '.'))) {
      continue;
    }
    std::size_t at = i + 2;
    std::size_t digits = 0;
    while (at < text.size() && IsDigit(text[at]) && digits < 4) {
      ++at;
      ++digits;
    }
    if (digits == 0 || digits > 2 || at >= text.size() || text[at] != '.') {
      continue;
    }
    const std::size_t detail = ++at;
    while (at < text.size() && IsDigit(text[at]) && at - detail < 4) {
      ++at;
    }
    if (at == detail || at - detail > 3 ||
        (at < text.size() && (text[at] == '.' || IsDigit(text[at])) && at + 1 < text.size() && IsDigit(text[at + 1]))) {
      continue;
    }
    std::string status(text.substr(i, at - i));
    if (!status.ends_with(".0.0")) {
      return status;
    }
    general = general.empty() ? status : general;
  }
  return general;
}

// A reply code of class 4 or 5 where replies are quoted: "said: 550 ...", "smtp; 550-5.1.1", "550 User unknown".
std::string FindReplyCode(S text) {
  for (std::size_t i = 0; i + 3 <= text.size(); ++i) {
    const bool code =
        (text[i] == '4' || text[i] == '5') && text[i + 1] >= '0' && text[i + 1] <= '5' && IsDigit(text[i + 2]);
    const bool begins = i == 0 || S(" \t\n(;:<\"'=#-").contains(text[i - 1]);
    const bool ends = i + 3 == text.size() || S(" -\n\t=:,.)").contains(text[i + 3]);
    if (code && begins && ends && !(i + 4 < text.size() && text[i + 3] == '.' && IsDigit(text[i + 4]))) {
      return std::string(text.substr(i, 3));
    }
  }
  return "";
}

// "rfc822; a@b", "<a@b>", "a@b (expanded from c)" to a@b.
std::string PlainAddress(S text) {
  if (const auto semicolon = text.find(';'); semicolon != S::npos && semicolon < 20) {
    text.remove_prefix(semicolon + 1);
  }
  text = text::Trim(text);
  if (const auto open = text.find('<'); open != S::npos) {
    text = text.substr(open + 1, text.find('>', open) == S::npos ? S::npos : text.find('>', open) - open - 1);
  }
  const auto end = text.find_first_of(" \t,;()");
  return std::string(text.substr(0, end));
}

using Block = std::vector<std::pair<std::string, std::string>>;  // names in lower case

std::string FieldOf(const Block& block, S name) {
  for (const auto& [key, value] : block) {
    if (key == name) {
      return value;
    }
  }
  return "";
}

// Header-like blocks parted by blank lines.
std::vector<Block> ReadBlocks(S text) {
  std::vector<Block> blocks(1);
  for (const auto raw : text::Split(text, '\n')) {
    const S line = raw.ends_with('\r') ? raw.substr(0, raw.size() - 1) : raw;
    if (text::Trim(line).empty()) {
      if (!blocks.back().empty()) {
        blocks.emplace_back();
      }
      continue;
    }
    if ((line.front() == ' ' || line.front() == '\t') && !blocks.back().empty()) {
      blocks.back().back().second += " " + std::string(text::Trim(line));
      continue;
    }
    const auto colon = line.find(':');
    if (colon != S::npos && colon > 0 && colon < 50 && !line.substr(0, colon).contains(' ')) {
      blocks.back().emplace_back(text::AsciiLower(line.substr(0, colon)),
                                 std::string(text::Trim(line.substr(colon + 1))));
    } else if (!blocks.back().empty()) {
      blocks.back().back().second += " " + std::string(text::Trim(line));
    }
  }
  return blocks;
}

// All the leaves, those of nested messages too when there is no other text.
struct Sources {
  std::string status_text;  // message/delivery-status
  std::string human;        // what a person would read
  std::string original_headers;
  bool feedback = false;
  std::string feedback_text;
};

Sources Gather(const ParsedMail& mail) {
  Sources sources;
  sources.human = mail.text;
  for (const auto& part : mail.parts) {
    if (part.type.starts_with("message/delivery-status") || part.type == "message/global-delivery-status") {
      sources.status_text += part.content + "\n\n";
    } else if (part.type == "message/feedback-report") {
      sources.feedback = true;
      sources.feedback_text += part.content + "\n\n";
    } else if (part.type == "text/rfc822-headers" || part.type == "text/rfc822" ||
               part.type == "message/rfc822-headers") {
      sources.original_headers += part.content + "\n";
    } else if (part.message) {
      for (const auto& field : part.message->headers) {
        sources.original_headers += field.name + ": " + field.value + "\n";
      }
    }
  }
  return sources;
}

std::string OriginalId(const Sources& sources) {
  for (const S text : {S(sources.original_headers), S(sources.human), S(sources.feedback_text)}) {
    const std::string lower = text::AsciiLower(text);
    for (auto at = lower.find("message-id:"); at != std::string::npos; at = lower.find("message-id:", at + 1)) {
      if (at > 0 && lower[at - 1] != '\n' && lower[at - 1] != ' ' && lower[at - 1] != '>') {
        continue;
      }
      const auto ids = ParseMessageIds(text.substr(at + 11, 1000).substr(0, text.substr(at + 11, 1000).find("\n\n")));
      if (!ids.empty()) {
        return ids.front();
      }
    }
  }
  return "";
}

// The text before the returned message: the original's words must not be taken for the other side's.
S BeforeOriginal(S text) {
  constexpr S kMarks[] = {"--- below this line is a copy",
                          "------ this is a copy of",
                          "original message follows",
                          "----- original message",
                          "--- original message",
                          "the original message was received at never",
                          "------ this is a copy",
                          "--- header",
                          "----- unsent message",
                          "original message headers",
                          "return-path:",
                          "\nreceived: ",
                          "---------- message header",
                          "----- message header",
                          "--- the original",
                          "undelivered message follows",
                          "message text follows",
                          "original headers:"};
  const std::string lower = text::AsciiLower(text);
  std::size_t end = text.size();
  for (const S mark : kMarks) {
    if (const auto at = lower.find(mark); at != std::string::npos && at > 20) {
      end = std::min(end, at);
    }
  }
  return text.substr(0, end);
}

// The first address in a text that is not the reporter's.
std::string FirstAddress(S text, S reporter) {
  for (auto at = text.find('@'); at != S::npos; at = text.find('@', at + 1)) {
    const auto begin = text.find_last_of(" \t\n\r<>()[]\"':;,", at);
    auto end = text.find_first_of(" \t\n\r<>()[]\"':;,", at);
    end = end == S::npos ? text.size() : end;
    const std::size_t from = begin == S::npos ? 0 : begin + 1;
    std::string address(text.substr(from, end - from));
    while (!address.empty() && (address.back() == '.' || address.back() == ',')) {
      address.pop_back();
    }
    if (IsDeliverable(address) && address != reporter && !text::AsciiLower(address).starts_with("mailer-daemon") &&
        !text::AsciiLower(address).starts_with("postmaster")) {
      return address;
    }
  }
  return "";
}

// The status that stands for a reason when the other side gave none (class 5, or 4 when it was only for a while).
std::string StandInStatus(S reason, bool temporary) {
  constexpr std::pair<S, S> kCodes[] = {
      {"filtered", "910"},     {"userunknown", "911"}, {"hostunknown", "912"}, {"hasmoved", "916"},
      {"rejected", "918"},     {"suspend", "921"},     {"mailboxfull", "922"}, {"exceedlimit", "923"},
      {"systemerror", "930"},  {"notaccept", "932"},   {"mesgtoobig", "934"},  {"mailererror", "939"},
      {"networkerror", "944"}, {"expired", "947"},     {"blocked", "971"},     {"requireptr", "973"},
      {"spamdetected", "980"}, {"undefined", "900"},   {"onhold", "901"}};
  for (const auto& [name, code] : kCodes) {
    if (name == reason) {
      return std::string(temporary ? "4.0." : "5.0.") + std::string(code);
    }
  }
  return temporary ? "4.0.0" : "5.0.0";
}

// The status that stands right behind a reply code ("550-5.7.1", "552 5.2.2"): the other side's own, which counts more
// than what the reporter made of it.
std::string StatusBehindCode(S text) {
  for (std::size_t i = 0; i + 9 <= text.size(); ++i) {
    const bool code = (text[i] == '4' || text[i] == '5') && IsDigit(text[i + 1]) && IsDigit(text[i + 2]) &&
                      (i == 0 || !IsDigit(text[i - 1]));
    if (code && S(" -=").contains(text[i + 3])) {
      std::size_t at = i + 4;
      while (at < text.size() && S(" '\"#<(").contains(text[at])) {
        ++at;
      }
      if (at + 4 < text.size() && text[at] == text[i]) {
        const std::string status = FindStatus(text.substr(at, 10));
        if (!status.empty() && text.substr(at).starts_with(status) && !status.ends_with(".0.0")) {
          return status;
        }
      }
    }
  }
  return "";
}

bool SaysTemporary(S text) {
  const std::string lower = text::AsciiLower(text);
  constexpr S kWords[] = {"delayed",         "delay)",    "warning",   "not yet been delivered",
                          "will be retried", "temporary", "try again", "attempts will continue",
                          "incomplete"};
  return std::ranges::any_of(kWords, [&](S words) { return lower.contains(words); });
}

// Whether the address was taken when it was named, and the refusal came with the message itself.
bool RefusedAfterData(S text) {
  const std::string lower = text::AsciiLower(text);
  return lower.contains("in reply to end of data") || lower.contains("in reply to data command") ||
         lower.contains(">>> data") || lower.contains("after end of data") || lower.contains("after end of message");
}

void Complete(ReportedRecipient& one, S context) {
  if (one.diagnostic.empty()) {
    one.diagnostic = std::string(context);
  }
  if (const std::string own = StatusBehindCode(one.diagnostic); !own.empty()) {
    one.status = own;
  }
  const std::string found = FindStatus(one.diagnostic);
  if (one.status.empty() || (one.status.ends_with(".0.0") && !found.empty())) {
    one.status = found.empty() ? one.status : found;
  }
  if (one.reply_code.empty()) {
    one.reply_code = FindReplyCode(one.diagnostic);
  }
  std::string words = one.diagnostic.size() > 12 ? one.diagnostic : one.diagnostic + "\n" + std::string(context);
  if (RefusedAfterData(context)) {
    words += "\nin reply to end of DATA";
  }
  one.reason = ReasonOf(one.status, one.reply_code, words);
  if (one.reason == "undefined" || one.reason == "onhold") {
    const std::string wider = ReasonOf(one.status, one.reply_code, words + "\n" + std::string(context));
    one.reason = wider == "undefined" ? one.reason : wider;
  }
  const bool tells_nothing = one.status.ends_with(".0.0") && one.reply_code.empty() && one.diagnostic == context;
  if (one.status.empty() || tells_nothing) {
    const bool temporary = one.reply_code.starts_with('4') || (one.reply_code.empty() && SaysTemporary(one.diagnostic));
    one.status = StandInStatus(one.reason, temporary);
  }
  one.hard = IsHard(one.reason) && !one.status.starts_with('4');
}

// "<a@b>:" or "a@b" alone at the start of a line.
std::string AddressLine(S line) {
  line = text::Trim(line);
  if (line.starts_with("To:") || line.starts_with("RCPT To:")) {
    return "";
  }
  const bool bracketed = line.starts_with('<');
  const auto end = bracketed ? line.find('>') : line.find_first_of(" :,\t");
  const S address = bracketed ? line.substr(1, end == S::npos ? 0 : end - 1) : line.substr(0, end);
  const S rest = end == S::npos ? S() : text::Trim(line.substr(end + 1));
  const bool alone = rest.empty() || rest == ":" || line.substr(end == S::npos ? line.size() : end).starts_with(">:") ||
                     line.substr(end == S::npos ? line.size() : end).starts_with(":");
  return alone && IsDeliverable(address) && address.contains('.') ? std::string(address) : "";
}

// A report in words names each address on a line of its own, and below it what happened.
std::vector<ReportedRecipient> FromText(S human, S reporter) {
  std::vector<ReportedRecipient> found;
  std::string common;
  for (const auto line : text::Split(human, '\n')) {
    const std::string address = AddressLine(line);
    const bool known =
        std::ranges::any_of(found, [&](const ReportedRecipient& one) { return one.recipient == address; });
    if (!address.empty() && !known && address != reporter && found.size() < kMostRecipients) {
      found.emplace_back();
      found.back().recipient = address;
    }
    (found.empty() ? common : found.back().diagnostic) += std::string(line) + "\n";
  }
  // Addresses listed together share what is said below the last of them.
  for (std::size_t i = found.size(); i-- > 1;) {
    if (found[i - 1].diagnostic.size() < found[i - 1].recipient.size() + 12) {
      found[i - 1].diagnostic += found[i].diagnostic;
    }
  }
  for (auto& one : found) {
    if (FindReplyCode(one.diagnostic).empty() && FindStatus(one.diagnostic).empty()) {
      one.diagnostic = common + one.diagnostic;
    }
  }
  return found;
}

std::vector<ReportedRecipient> FromStatusBlocks(const Sources& sources, S context) {
  std::vector<ReportedRecipient> found;
  for (const auto& block : ReadBlocks(S(sources.status_text).substr(0, kMostText))) {
    if (found.size() >= kMostRecipients) {
      break;
    }
    std::string who = FieldOf(block, "final-recipient");
    if (const std::string original = FieldOf(block, "original-recipient");
        who.empty() || !PlainAddress(who).contains('@')) {
      who = original.empty() ? who : original;
    }
    const std::string action = text::AsciiLower(FieldOf(block, "action"));
    const std::string status = FieldOf(block, "status");
    if ((who.empty() && status.empty()) || action.starts_with("delivered") || action.starts_with("relayed") ||
        action.starts_with("expanded")) {
      continue;
    }
    ReportedRecipient one;
    one.recipient = PlainAddress(who.empty() ? FieldOf(block, "x-actual-recipient") : who);
    one.status = FindStatus(status);
    one.diagnostic = FieldOf(block, "diagnostic-code");
    if (action.starts_with("delayed") && one.diagnostic.empty()) {
      one.diagnostic = "has been delayed";
    }
    Complete(one, context);
    found.push_back(std::move(one));
  }
  return found;
}

bool LooksLikeBounce(const ParsedMail& mail) {
  if (mail.HasHeader("X-Failed-Recipients")) {
    return true;
  }
  const std::string author = mail.from.empty() ? std::string() : text::AsciiLower(mail.from[0].email);
  if (author.starts_with("mailer-daemon@") || author.starts_with("mailer-daemon") ||
      author.starts_with("mail-daemon")) {
    return true;
  }
  const std::string subject = text::Fold(mail.subject);
  constexpr S kSubjects[] = {"undeliver",
                             "delivery status",
                             "delivery failure",
                             "delivery failed",
                             "delivery report",
                             "returned mail",
                             "failure notice",
                             "mail delivery",
                             "mail could not be delivered",
                             "could not be delivered",
                             "delivery notification",
                             "delivery error",
                             "message undeliverable",
                             "nondeliverable",
                             "non-deliverable",
                             "not deliver",
                             "failed delivery",
                             "warning: could not send",
                             "message delayed",
                             "returned to sender",
                             "return to sender",
                             "no entregado",
                             "no se pudo entregar",
                             "nao entregue",
                             "falha na entrega",
                             "devuelto",
                             "non remis",
                             "unzustellbar",
                             "nicht zustellbar",
                             "failed mail",
                             "error sending",
                             "mail system error",
                             "there was an error",
                             "mail error",
                             "message status",
                             "rejected",
                             "bounce",
                             "unknown address",
                             "user unknown",
                             "mailbox"};
  std::string from = mail.from.empty() ? std::string() : text::AsciiLower(mail.from[0].email + " " + mail.from[0].name);
  const bool daemon = from.contains("mailer-daemon") || from.contains("postmaster") || from.contains("mail delivery") ||
                      from.contains("mailerdaemon") || from.contains("mail administrator") ||
                      from.contains("mailer daemon") || from.empty() || from.contains("mmailer") ||
                      from.contains("no-reply") || from.contains("noreply") || from.contains("admin") ||
                      from.contains("microsoft exchange") || mail.return_path == "<>";
  return std::ranges::any_of(kSubjects, [&](S words) { return subject.contains(words); }) &&
         (daemon || mail.text.contains('@'));
}

bool IsVacation(const ParsedMail& mail) {
  const std::string submitted = text::AsciiLower(mail.Header("Auto-Submitted"));
  if (submitted.starts_with("auto-replied") || submitted.starts_with("auto-notified")) {
    return true;
  }
  for (const S name :
       {S("X-Autoreply"), S("X-Autorespond"), S("X-Auto-Reply"), S("X-Autoresponder"), S("X-Mail-Autoreply")}) {
    if (mail.HasHeader(name)) {
      return true;
    }
  }
  const std::string precedence = text::AsciiLower(mail.Header("Precedence"));
  const std::string subject = text::Fold(mail.subject);
  constexpr S kStarts[] = {
      "auto:",     "auto response", "automatic reply",      "out of office",       "out of the office",  "vacation",
      "autoreply", "auto-reply",    "respuesta automatica", "resposta automatica", "fuera de la oficina"};
  return precedence == "auto_reply" ||
         std::ranges::any_of(kStarts, [&](S start) { return subject.starts_with(start); });
}

void Summarise(Report& report) {
  if (report.recipients.empty()) {
    return;
  }
  const auto& first = report.recipients.front();
  report.recipient = first.recipient;
  report.status = first.status;
  report.reply_code = first.reply_code;
  report.reason = first.reason;
  report.hard = first.hard;
}

}  // namespace

Report ReadReport(const ParsedMail& mail) {
  Report report;
  const Sources sources = Gather(mail);
  const std::string type = text::AsciiLower(mail.Header("Content-Type"));
  const std::string reporter = mail.from.empty() ? std::string() : mail.from[0].email;
  report.original_message_id = OriginalId(sources);
  if (sources.feedback || type.contains("feedback-report")) {
    report.kind = ReportKind::kFeedback;
    ReportedRecipient one;
    for (const auto& block : ReadBlocks(sources.feedback_text)) {
      one.recipient = one.recipient.empty() ? PlainAddress(FieldOf(block, "original-rcpt-to")) : one.recipient;
    }
    one.reason = "feedback";
    report.recipients.push_back(std::move(one));
    Summarise(report);
    return report;
  }
  const S human = BeforeOriginal(text::Prefix(sources.human, kMostText));
  report.recipients = FromStatusBlocks(sources, human);
  if (!report.recipients.empty()) {
    report.kind = ReportKind::kBounce;
  } else if (LooksLikeBounce(mail)) {
    report.kind = ReportKind::kBounce;
    report.recipients = FromText(human, reporter);
    if (report.recipients.empty()) {
      ReportedRecipient one;
      one.recipient = PlainAddress(mail.Header("X-Failed-Recipients"));
      if (one.recipient.empty()) {
        one.recipient = FirstAddress(human, reporter);
      }
      one.diagnostic = std::string(human);
      report.recipients.push_back(std::move(one));
    }
    for (auto& one : report.recipients) {
      Complete(one, human);
    }
  } else if (IsVacation(mail)) {
    report.kind = ReportKind::kVacation;
    ReportedRecipient one;
    one.recipient = reporter;
    one.reason = "vacation";
    report.recipients.push_back(std::move(one));
    report.original_message_id = mail.in_reply_to.empty() ? report.original_message_id : mail.in_reply_to.front();
  }
  Summarise(report);
  return report;
}

}  // namespace propolis::mail
