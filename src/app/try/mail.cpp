// mail.*: what the desk reads in a mail.
#include "app/try/rules.h"
#include "base/text.h"
#include "channels/mail/auto.h"
#include "channels/mail/dsn.h"
#include "channels/mail/header.h"
#include "channels/mail/parse.h"
#include "channels/mail/transfer.h"
#include "channels/mail/trim.h"

namespace propolis::app {
namespace {

struct RawMail {
  std::optional<Verbatim> raw;
  std::optional<Verbatim> base64;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<RawMail>("MailInput", "A mail; one of the two.")
                                      .Optional("raw", &RawMail::raw, "The whole mail, when it is valid UTF-8.")
                                      .Optional("base64", &RawMail::base64, "The whole mail in base64.")
                                      .Done();
    return type;
  }
};

Result<std::string> Bytes(const std::optional<Verbatim>& raw, const std::optional<Verbatim>& base64) {
  if (raw.has_value() == base64.has_value()) {
    return FailField("raw", "field.required");
  }
  return raw ? raw->text : mail::DecodeBase64(base64->text).bytes;
}

struct AddressOut {
  std::string name;
  std::string email;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<AddressOut>("MailAddress", "")
                                      .Required("name", &AddressOut::name, "Display name.")
                                      .Required("email", &AddressOut::email, "Address.")
                                      .Done();
    return type;
  }
};
struct PartOut {
  std::string type;
  std::string charset;
  std::string name;
  std::string content_id;
  std::int64_t size = 0;
  bool is_inline = false;
  static const dto::Type& Dto() {
    static const dto::Type described = dto::Object<PartOut>("MailPart", "A leaf of the mail's tree.")
                                           .Required("type", &PartOut::type, "Media type.")
                                           .Required("charset", &PartOut::charset, "Charset it was read with.")
                                           .Required("name", &PartOut::name, "Safe file name.")
                                           .Required("content_id", &PartOut::content_id, "Content-ID.")
                                           .Required("size", &PartOut::size, "Decoded bytes.")
                                           .Required("inline", &PartOut::is_inline, "Shown inside the text.")
                                           .Done();
    return described;
  }
};
struct ParsedOut {
  std::string message_id;
  std::vector<std::string> in_reply_to;
  std::vector<std::string> references;
  std::vector<AddressOut> from;
  std::vector<AddressOut> reply_to;
  std::vector<AddressOut> to;
  std::vector<AddressOut> cc;
  std::string subject;
  std::optional<Time> date;
  std::string text;
  std::string html;
  std::optional<Language> language;
  std::vector<PartOut> parts;
  std::vector<std::int64_t> attachments;
  std::vector<mail::Defect> defects;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<ParsedOut>("MailParseOutput", "")
                                      .Required("message_id", &ParsedOut::message_id, "Without brackets.")
                                      .Required("in_reply_to", &ParsedOut::in_reply_to, "Message-IDs.")
                                      .Required("references", &ParsedOut::references, "Message-IDs, oldest first.")
                                      .Required("from", &ParsedOut::from, "Author.")
                                      .Required("reply_to", &ParsedOut::reply_to, "Where answers go.")
                                      .Required("to", &ParsedOut::to, "Recipients.")
                                      .Required("cc", &ParsedOut::cc, "Copies.")
                                      .Required("subject", &ParsedOut::subject, "Subject.")
                                      .Optional("date", &ParsedOut::date, "Date.")
                                      .Required("text", &ParsedOut::text, "The body as text.")
                                      .Required("html", &ParsedOut::html, "The body as HTML, not made safe.")
                                      .Optional("language", &ParsedOut::language, "Of the text.")
                                      .Required("parts", &ParsedOut::parts, "All leaves.")
                                      .Required("attachments", &ParsedOut::attachments, "Which parts are attachments.")
                                      .Required("defects", &ParsedOut::defects, "What is wrong with the mail.")
                                      .Done();
    return type;
  }
};

std::vector<AddressOut> Addresses(const std::vector<mail::Address>& addresses) {
  std::vector<AddressOut> out;
  for (const mail::Address& address : addresses) {
    out.push_back({address.name, address.email});
  }
  return out;
}

Result<ParsedOut> Parse(const RawMail& input) {
  const mail::ParsedMail parsed = mail::ParseMail(TRY(Bytes(input.raw, input.base64)));
  ParsedOut out;
  out.message_id = parsed.message_id;
  out.in_reply_to = parsed.in_reply_to;
  out.references = parsed.references;
  out.from = Addresses(parsed.from);
  out.reply_to = Addresses(parsed.reply_to);
  out.to = Addresses(parsed.to);
  out.cc = Addresses(parsed.cc);
  out.subject = parsed.subject;
  out.date = parsed.date;
  out.text = parsed.text;
  out.html = parsed.html;
  out.language = parsed.language;
  for (const mail::Part& part : parsed.parts) {
    out.parts.push_back({part.type, part.charset, part.name, part.content_id,
                         static_cast<std::int64_t>(part.content.size()), part.is_inline});
  }
  for (const std::size_t index : parsed.attachments) {
    out.attachments.push_back(static_cast<std::int64_t>(index));
  }
  out.defects = parsed.defects;
  return out;
}

struct AutoInput {
  std::optional<Verbatim> raw;
  std::optional<Verbatim> base64;
  std::string envelope_from;
  std::string desk;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<AutoInput>("MailAutoInput", "A mail; one of raw and base64.")
                                      .Optional("raw", &AutoInput::raw, "The whole mail, when it is valid UTF-8.")
                                      .Optional("base64", &AutoInput::base64, "The whole mail in base64.")
                                      .Optional("envelope_from", &AutoInput::envelope_from,
                                                "SMTP sender; <> for the null sender.", dto::Text(0, 320))
                                      .Optional("desk", &AutoInput::desk, "The desk's own address.", dto::Text(0, 254))
                                      .Done();
    return type;
  }
};
struct AutoOutput {
  mail::AutoKind kind = mail::AutoKind::kPerson;
  std::string reason;
  bool may_answer = false;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<AutoOutput>("MailAutoOutput", "")
            .Required("kind", &AutoOutput::kind, "Who wrote it.")
            .Required("reason", &AutoOutput::reason, "The header or rule that decided.")
            .Required("may_answer", &AutoOutput::may_answer, "Whether the desk may answer by itself.")
            .Done();
    return type;
  }
};
Result<AutoOutput> Auto(const AutoInput& input) {
  mail::Desk desk;
  desk.address = input.desk;
  const mail::ParsedMail parsed = mail::ParseMail(TRY(Bytes(input.raw, input.base64)));
  const mail::AutoVerdict verdict = mail::JudgeAuto(parsed, input.envelope_from, desk);
  return AutoOutput{verdict.kind, verdict.reason, verdict.MayAnswer()};
}

struct RecipientOut {
  std::string recipient;
  std::string status;
  std::string reply_code;
  std::string reason;
  std::string diagnostic;
  bool hard = false;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<RecipientOut>("MailReportedRecipient", "")
            .Required("recipient", &RecipientOut::recipient, "Address; empty when the report does not say.")
            .Required("status", &RecipientOut::status, "Enhanced status code, 5.1.1.")
            .Required("reply_code", &RecipientOut::reply_code, "SMTP reply code, 550.")
            .Required("reason", &RecipientOut::reason, "userunknown, mailboxfull and the like.")
            .Required("diagnostic", &RecipientOut::diagnostic, "What the other side said.")
            .Required("hard", &RecipientOut::hard, "It makes no sense to try this address again.")
            .Done();
    return type;
  }
};
struct ReportOut {
  mail::ReportKind kind = mail::ReportKind::kNone;
  std::vector<RecipientOut> recipients;
  std::string original_message_id;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<ReportOut>("MailReportOutput", "")
            .Required("kind", &ReportOut::kind, "What kind of report it is.")
            .Required("recipients", &ReportOut::recipients, "Whom it is about.")
            .Required("original_message_id", &ReportOut::original_message_id, "Of our mail, without brackets.")
            .Done();
    return type;
  }
};
Result<ReportOut> Report(const RawMail& input) {
  const mail::Report report = mail::ReadReport(mail::ParseMail(TRY(Bytes(input.raw, input.base64))));
  ReportOut out;
  out.kind = report.kind;
  out.original_message_id = report.original_message_id;
  for (const mail::ReportedRecipient& one : report.recipients) {
    out.recipients.push_back({one.recipient, one.status, one.reply_code, one.reason, one.diagnostic, one.hard});
  }
  return out;
}

struct AddressInput {
  Verbatim address;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<AddressInput>("MailAddressInput", "")
                                      .Required("address", &AddressInput::address, "What may be an address.")
                                      .Done();
    return type;
  }
};
struct AddressOutput {
  bool deliverable = false;
  std::vector<AddressOut> addresses;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<AddressOutput>("MailAddressOutput", "")
            .Required("deliverable", &AddressOutput::deliverable, "Mail can be sent to exactly this.")
            .Required("addresses", &AddressOutput::addresses, "What it says as the value of a header.")
            .Done();
    return type;
  }
};
Result<AddressOutput> ReadAddress(const AddressInput& input) {
  return AddressOutput{mail::IsDeliverable(input.address.text), Addresses(mail::ParseAddresses(input.address.text))};
}

struct TrimInput {
  Verbatim text;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<TrimInput>("MailTrimInput", "").Required("text", &TrimInput::text, "The text of a reply.").Done();
    return type;
  }
};
struct TrimOutput {
  std::string visible;
  std::string quoted;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<TrimOutput>("MailTrimOutput", "")
                                      .Required("visible", &TrimOutput::visible, "What was newly written.")
                                      .Required("quoted", &TrimOutput::quoted, "Quotes and signature.")
                                      .Done();
    return type;
  }
};
Result<TrimOutput> Trim(const TrimInput& input) {
  mail::Trimmed trimmed = mail::TrimReply(input.text.text);
  return TrimOutput{std::move(trimmed.visible), std::move(trimmed.quoted)};
}

}  // namespace

std::vector<Rule> MailRules() {
  return {MakeRule("mail.parse", "What the desk reads in a mail: headers, text, parts, defects.",
                   R"({"raw":"From: Ana <ana@example.org>\r\nSubject: Help\r\n\r\nIt does not start.\r\n"})", Parse),
          MakeRule("mail.auto", "Whether a machine wrote a mail, and whether it may be answered.",
                   R"({"raw":"From: a@example.org\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n"})", Auto),
          MakeRule("mail.dsn", "What a bounce, an automatic answer or a complaint says about a mail of ours.",
                   R"({"raw":"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail Returned to Sender\r\n)"
                   R"(Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n)"
                   R"(Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n)"
                   R"(Final-Recipient: rfc822; ana@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--\r\n"})",
                   Report),
          MakeRule("mail.address", "Whether mail can be sent to an address, and how a header of it is read.",
                   R"({"address":"Ana <ana@example.org>"})", ReadAddress),
          MakeRule("mail.trim", "What a person newly wrote, parted from what was quoted and signed.",
                   R"({"text":"Thanks!\n\nOn Fri, 20 Nov 2026, Desk <desk@example.org> wrote:\n> Solved."})", Trim)};
}

}  // namespace propolis::app
