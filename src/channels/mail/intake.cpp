#include "channels/mail/intake.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/log.h"
#include "channels/html/sanitise.h"
#include "channels/mail/auto.h"
#include "channels/mail/dsn.h"
#include "channels/mail/inline_image.h"
#include "channels/mail/queue.h"
#include "channels/mail/thread.h"
#include "channels/mail/trim.h"
#include "domain/people/contact_queries.h"
#include "domain/ticket/commands.h"
#include "domain/triage/decide.h"

namespace propolis::mail {
namespace {

constexpr std::size_t kMostRecipients = 48;
constexpr std::size_t kLongestSubject = 300;
constexpr std::size_t kLongestBody = 200'000;

constexpr std::string_view kFindDuplicate =
    "SELECT outcome, reason, ticket, entry_seq FROM incoming_mail WHERE message_id = $1 AND content = $2";
constexpr std::string_view kFindByMessageId =
    "SELECT ticket FROM incoming_mail WHERE message_id = $1 AND ticket <> 0 ORDER BY id DESC LIMIT 1";
constexpr std::string_view kInsert =
    "INSERT INTO incoming_mail (message_id, content, raw_sha256, size, at, envelope_from, envelope_to, sender, "
    "subject, "
    "kind, outcome, reason, ticket, entry_seq, defects) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
constexpr std::string_view kOrganisationDomains = "SELECT domain FROM organisation_domain WHERE organisation = $1";
constexpr std::string_view kRefuse =
    "INSERT INTO mail_refusal (email, at, reason) VALUES ($1, $2, $3) "
    "ON CONFLICT (email) DO UPDATE SET at = excluded.at, reason = excluded.reason";

std::string List(const std::vector<std::string>& values) {
  json::Writer writer;
  writer.BeginArray();
  for (const auto& value : values) {
    writer.String(value);
  }
  writer.EndArray();
  return writer.Take();
}

struct Body {
  std::string text;
  std::optional<std::string> html;
  std::optional<std::string> quoted;
};

// A mail read and judged, outside of the transaction: a hostile one must not hold up the one writer.
struct Reading {
  const Envelope* envelope = nullptr;
  ParsedMail mail;
  Body as_request;  // what it says when it opens a ticket
  Body as_reply;    // and when it goes to one
  std::string subject;
  triage::Proposal proposal;
  AutoVerdict automatic;
  Report report;
  std::string content;
  blob::Stored raw;
  std::vector<AttachedFile> files;
  std::string sender;  // lower case
};

std::vector<std::string> OthersOf(const Reading& reading, const Desk& desk) {
  std::vector<std::string> others;
  for (const auto* list : {&reading.mail.to, &reading.mail.cc}) {
    for (const auto& address : *list) {
      const std::string email = text::ToLower(address.email);
      if (IsDeliverable(email) && email != reading.sender && !desk.IsOwn(email) && others.size() < kMostRecipients &&
          std::ranges::find(others, email) == others.end()) {
        others.push_back(email);
      }
    }
  }
  return others;
}

// What is kept on the message's entry.
std::string EntryData(const Reading& reading, auth::Assurance assurance) {
  json::Writer data;
  data.BeginObject().Field("message_id", reading.mail.message_id).Field("raw_sha256", reading.raw.sha256);
  const auto addresses = [&](std::string_view name, const std::vector<Address>& list) {
    data.Key(name).BeginArray();
    for (std::size_t i = 0; i < std::min(list.size(), kMostRecipients); ++i) {
      data.String(list[i].email);
    }
    data.EndArray();
  };
  addresses("from", reading.mail.from);
  addresses("to", reading.mail.to);
  addresses("cc", reading.mail.cc);
  data.Field("subject", reading.mail.subject).Field("kind", NameOf(reading.automatic.kind));
  if (!reading.automatic.MayAnswer()) {
    data.Field("automatic", true).Field("automatic_reason", reading.automatic.reason);
  }
  data.Field("assurance", NameOf(assurance));
  data.Key("files").BeginArray();
  for (const auto& file : reading.files) {
    data.BeginObject().Field("name", file.name).Field("type", file.type).Field("size", file.size).EndObject();
  }
  data.EndArray().EndObject();
  return data.Take();
}

// `reply`: only what is new is shown; the first mail of a ticket is shown whole.
Body BodyOf(const ParsedMail& mail, bool reply) {
  Body body;
  const std::string full(text::Prefix(text::Clean(mail.text), kLongestBody));
  if (reply) {
    Trimmed trimmed = TrimReply(full);
    body.text = std::move(trimmed.visible);
    if (!trimmed.quoted.empty()) {
      body.quoted = std::move(trimmed.quoted);
    }
  } else {
    body.text = full;
  }
  if (text::Trim(body.text).empty()) {
    body.text = mail.subject;
  }
  if (!mail.html.empty()) {
    html::Options options;
    options.drop_quotes = reply;
    options.resolve_cid = [&](std::string_view content_id) { return NameInlineImage(mail, content_id); };
    auto clean = html::Sanitise(mail.html, options);
    if (!clean.html.empty() && clean.html.size() <= kLongestBody * 4) {
      body.html = std::move(clean.html);
    }
  }
  return body;
}

std::string SubjectOf(const ParsedMail& mail) {
  std::string subject(text::Prefix(mail.subject, kLongestSubject));
  return subject.empty() ? i18n::Translate(mail.language.value_or(Language::kEn), "mail.subject.empty") : subject;
}

std::optional<TicketSide> SideOf(store::ReadTx& tx, std::int64_t number) {
  const auto ticket = ticket::Load(tx, number);
  if (!ticket) {
    return std::nullopt;
  }
  TicketSide side;
  side.participants = ticket::LoadDetail(tx, number).cc;
  side.participants.push_back(ticket->requester_email);
  if (ticket->organisation) {
    side.domains =
        tx.All(kOrganisationDomains, [](const store::Row& row) { return row.String(0); }, *ticket->organisation);
  }
  return side;
}

// The writer as the ticket's customer. Whoever holds a signed reply address may write on that ticket and on nothing
// else.
auth::Actor AuthorOf(store::ReadTx& tx, const Reading& reading, std::int64_t number, auth::Assurance assurance) {
  const auto ticket = ticket::Load(tx, number);
  const auto known = people::FindRequester(tx, reading.sender);
  auth::Actor actor;
  actor.kind = auth::ActorKind::kCustomer;
  if (known.contact && known.organisation == ticket->organisation) {
    actor.person = known.contact->uuid;
    actor.name = known.name;
  }
  if (actor.name.empty() && !reading.mail.from.empty()) {
    actor.name = reading.mail.from[0].name;
  }
  if (actor.name.empty()) {
    actor.name = reading.sender;
  }
  actor.email = reading.sender;
  actor.organisation = ticket->organisation;
  actor.permissions = auth::PermissionsOf({auth::Role::kCustomer});
  actor.roles = {auth::Role::kCustomer};
  actor.assurance = assurance;
  return actor;
}

class Filing {
 public:
  Filing(store::WriteTx& tx, const Reading& reading, const IntakeOptions& options)
      : tx_(tx), reading_(reading), options_(options) {}

  Result<IntakeOutcome> File() {
    if (auto before = FindBefore()) {
      return std::move(*before);
    }
    IntakeOutcome outcome = TRY(Decide());
    Record(outcome);
    return outcome;
  }

 private:
  std::optional<IntakeOutcome> FindBefore() {
    return tx_.One(
        kFindDuplicate,
        [](const store::Row& row) {
          return IntakeOutcome{row.Enum<IntakeAct>(0), row.String(1), row.Int(2), row.Int(3), true};
        },
        reading_.mail.message_id, store::Blob{reading_.content});
  }

  Result<IntakeOutcome> Decide() {
    if (reading_.automatic.kind == AutoKind::kLoop) {
      return IntakeOutcome{IntakeAct::kSetAside, "loop", 0, 0, false};
    }
    if (reading_.report.kind == ReportKind::kBounce || reading_.report.kind == ReportKind::kFeedback) {
      return FileReport();
    }
    const Desk& desk = options_.desk;
    const auto clues = FindClues(reading_.mail, reading_.envelope->to, desk.key, desk.domain, [&](std::string_view id) {
      return tx_.One(kFindByMessageId, [](const store::Row& row) { return row.Int(0); }, id);
    });
    const ThreadDecision decision =
        DecideThread(clues, reading_.sender, [&](std::int64_t number) { return SideOf(tx_, number); });
    if (decision.action == ThreadAction::kAppend) {
      return Append(decision);
    }
    // An out-of-office answer to nothing of ours is nobody's work.
    if (reading_.automatic.kind == AutoKind::kAutoReply) {
      return IntakeOutcome{IntakeAct::kSetAside, "stray_auto_reply", 0, 0, false};
    }
    return Open(decision);
  }

  // Those in copy take part from now on, and are sent what the desk answers. When nothing but the sender's address says
  // that he belongs to the ticket, it may be forged: then only people of the customer's own domains join.
  std::vector<std::string> WhoJoins(const ThreadDecision& decision) {
    std::vector<std::string> others = OthersOf(reading_, options_.desk);
    if (!decision.signed_clue) {
      const auto side = SideOf(tx_, decision.number);
      std::erase_if(others, [&](const std::string& email) {
        const std::string domain = email.substr(email.rfind('@') + 1);
        return !side || std::ranges::none_of(side->domains,
                                             [&](const std::string& own) { return text::ToLower(own) == domain; });
      });
    }
    return others;
  }

  Result<IntakeOutcome> Append(const ThreadDecision& decision) {
    const auth::Actor actor = AuthorOf(tx_, reading_, decision.number, decision.assurance);
    ticket::PostMessage message;
    message.body = reading_.as_reply.text;
    const ticket::Arrival arrival{.assurance = decision.assurance,
                                  .html = reading_.as_reply.html,
                                  .quoted = reading_.as_reply.quoted,
                                  .cc = WhoJoins(decision),
                                  .data = EntryData(reading_, decision.assurance),
                                  .automatic = reading_.automatic.kind != AutoKind::kPerson,
                                  .follows = std::nullopt,
                                  .channel = Channel::kMail};
    const auto posted = TRY(ticket::Post(tx_, actor, decision.number, message, arrival));
    TRY(KeepFiles(actor, posted.ticket.number, posted.seq));
    return IntakeOutcome{posted.follow_up ? IntakeAct::kOpened : IntakeAct::kAppended, decision.reason,
                         posted.ticket.number, posted.seq, false};
  }

  Result<IntakeOutcome> Open(const ThreadDecision& decision) {
    if (!IsDeliverable(reading_.sender)) {
      return IntakeOutcome{IntakeAct::kSetAside, "no_sender", 0, 0, false};
    }
    const auto known = people::FindRequester(tx_, reading_.sender);
    const auth::Assurance assurance = known.organisation ? auth::Assurance::kClaimed : auth::Assurance::kUnknown;
    ticket::OpenTicket request;
    request.subject = reading_.subject;
    request.body = reading_.as_request.text;
    request.requester = {reading_.sender, reading_.mail.from.empty() ? "" : reading_.mail.from[0].name};
    request.language = reading_.mail.language;
    request.channel = Channel::kMail;
    const ticket::Arrival arrival{
        .assurance = assurance,
        .html = reading_.as_request.html,
        .quoted = std::nullopt,
        .cc = OthersOf(reading_, options_.desk),
        .data = EntryData(reading_, assurance),
        .automatic = reading_.automatic.kind != AutoKind::kPerson,
        .follows = decision.action == ThreadAction::kNewLinked ? std::optional(decision.number) : std::nullopt,
        .proposal = &reading_.proposal};
    const auth::Actor actor = auth::SystemActor();
    const auto opened = TRY(ticket::Open(tx_, actor, request, arrival));
    TRY(KeepFiles(AuthorOf(tx_, reading_, opened.ticket.number, assurance), opened.ticket.number, opened.message_seq));
    return IntakeOutcome{IntakeAct::kOpened, decision.reason, opened.ticket.number, opened.message_seq, false};
  }

  // A report about a mail of ours goes to that mail's ticket; others are kept aside (backscatter).
  Result<IntakeOutcome> FileReport() {
    const Report& report = reading_.report;
    const auto own = OwnMessage(options_.desk.key, options_.desk.domain, report.original_message_id);
    if (!own) {
      return IntakeOutcome{IntakeAct::kSetAside, "stray_report", 0, 0, false};
    }
    IntakeOutcome outcome{IntakeAct::kReport, std::string(NameOf(report.kind)), own->number, 0, false};
    const std::string why = text::AsciiLower(report.status) + " " + report.reason;
    const std::string recipient = text::ToLower(report.recipient);
    if (report.kind == ReportKind::kBounce && report.hard) {
      MarkBounced(tx_, report.original_message_id, recipient, why);
      if (IsDeliverable(recipient)) {
        tx_.Exec(kRefuse, recipient, tx_.Now(), why);
      }
      if (ticket::Load(tx_, own->number)) {
        const auto noted = TRY(ticket::Note(tx_, auth::SystemActor(), own->number,
                                            {.body = i18n::Translate(Language::kEn, "mail.notice.undelivered",
                                                                     {{"recipient", recipient}, {"why", why}}),
                                             .mentions = {}}));
        outcome.entry_seq = noted.seq;
      }
    }
    return outcome;
  }

  Status KeepFiles(const auth::Actor& author, std::int64_t number, std::int64_t seq) {
    if (!options_.keep_file) {
      return {};
    }
    for (const auto& file : reading_.files) {
      // A file that cannot be kept on the ticket stays in the raw mail; it must not hold the mail up.
      if (const auto kept = options_.keep_file(tx_, author, number, seq, file); !kept) {
        log::Error("mail.attachment_not_kept", kept.error());
      }
    }
    return {};
  }

  void Record(const IntakeOutcome& outcome) {
    std::vector<std::string> defects;
    for (const auto defect : reading_.mail.defects) {
      defects.emplace_back(NameOf(defect));
    }
    tx_.Exec(kInsert, reading_.mail.message_id, store::Blob{reading_.content}, reading_.raw.sha256, reading_.raw.size,
             tx_.Now(), reading_.envelope->from, List(reading_.envelope->to), reading_.sender, reading_.mail.subject,
             reading_.automatic.kind, outcome.act, outcome.reason, outcome.ticket, outcome.entry_seq, List(defects));
  }

  store::WriteTx& tx_;
  const Reading& reading_;
  const IntakeOptions& options_;
};

// Who wrote. Reply-To is only a wish where answers go, and lists and attackers set it: From decides.
std::string SenderOf(const ParsedMail& mail) {
  const auto first = [](const std::vector<Address>& list) {
    return list.empty() ? std::string() : text::ToLower(list[0].email);
  };
  const std::string from = first(mail.from);
  const std::string reply_to = first(mail.reply_to);
  if (from.empty()) {
    return reply_to.empty() ? first(mail.sender) : reply_to;
  }
  return from;
}

std::string DefaultName(const Part& part, std::size_t index) {
  const auto slash = part.type.find('/');
  std::string extension = slash == std::string::npos ? "bin" : part.type.substr(slash + 1);
  if (part.type == "message/rfc822") {
    extension = "eml";
  } else if (part.type == "text/plain") {
    extension = "txt";
  } else if (part.type == "text/calendar") {
    extension = "ics";
  } else if (extension == "octet-stream" || extension.size() > 8) {
    extension = "bin";
  }
  return SafeFilename("attachment-" + std::to_string(index + 1) + "." + extension);
}

}  // namespace

std::string ContentHash(std::string_view raw) {
  std::string kept;
  bool skipping = false;
  std::string_view rest = raw;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end == std::string_view::npos ? end : end + 1);
    if (line == "\n" || line == "\r\n") {
      break;
    }
    if (line.front() != ' ' && line.front() != '\t') {
      const std::string name = text::AsciiLower(line.substr(0, line.find(':')));
      skipping = name == "received" || name == "return-path" || name == "delivered-to" || name == "x-original-to" ||
                 name == "envelope-to" || name == "x-envelope-to" || name.starts_with("from ");
    }
    if (!skipping) {
      kept += line;
    }
    rest.remove_prefix(line.size());
  }
  kept += rest;
  const auto digest = crypto::Sha256(kept);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Result<IntakeOutcome> Intake::DeliverRaw(const Envelope& envelope, std::string_view raw) {
  if (raw.size() > options_.limits.total_bytes) {
    return Fail(Code::kTooLarge, "mail.too_large", {{"max", std::to_string(options_.limits.total_bytes)}});
  }
  Reading reading;
  reading.envelope = &envelope;
  reading.raw = TRY(blobs_.Put(raw));
  reading.mail = ParseMail(raw, options_.limits);
  reading.automatic = JudgeAuto(reading.mail, envelope.from, options_.desk);
  reading.report = ReadReport(reading.mail);
  reading.content = ContentHash(raw);
  reading.sender = SenderOf(reading.mail);
  reading.subject = SubjectOf(reading.mail);
  reading.as_reply = BodyOf(reading.mail, true);
  reading.as_request = BodyOf(reading.mail, false);
  if (reading.as_request.text.empty()) {
    reading.as_request.text = reading.subject;
  }
  reading.proposal = TRY(triage::Propose(store_, reading.subject, reading.as_request.text));
  for (const std::size_t index : reading.mail.attachments) {
    const Part& part = reading.mail.parts[index];
    if (options_.keep_file && !part.content.empty()) {
      const auto stored = TRY(blobs_.Put(part.content));
      reading.files.push_back(
          {stored.sha256, stored.size, part.name.empty() ? DefaultName(part, index) : part.name, part.type});
    } else {
      reading.files.push_back({"", static_cast<std::int64_t>(part.content.size()),
                               part.name.empty() ? DefaultName(part, index) : part.name, part.type});
    }
  }
  if (options_.keep_file) {
    std::erase_if(reading.files, [](const AttachedFile& file) { return file.sha256.empty(); });
  }
  auto outcome = store_.Write([&](store::WriteTx& tx) { return Filing(tx, reading, options_).File(); });
  if (outcome) {
    log::Info("mail.received", {{"act", NameOf(outcome->act)},
                                {"reason", outcome->reason},
                                {"ticket", outcome->ticket},
                                {"kind", NameOf(reading.automatic.kind)},
                                {"bytes", raw.size()},
                                {"duplicate", outcome->duplicate}});
  } else {
    log::Error("mail.not_received", outcome.error());
  }
  return outcome;
}

DeliveryReply Intake::CheckRecipient(const std::string& recipient) {
  const Desk& desk = options_.desk;
  const std::string lower = text::ToLower(recipient);
  if (desk.address.empty() || desk.IsOwn(lower) || lower == "postmaster" ||
      lower == "postmaster@" + text::ToLower(desk.domain)) {
    return {250, "2.1.5", "Recipient OK"};
  }
  return {550, "5.1.1", "No such mailbox here"};
}

std::vector<DeliveryReply> Intake::Deliver(const Envelope& envelope, std::string_view raw) {
  DeliveryReply reply{250, "2.0.0", "Kept"};
  try {
    const auto outcome = DeliverRaw(envelope, raw);
    if (!outcome) {
      reply = outcome.error().code == Code::kTooLarge ? DeliveryReply{552, "5.3.4", "Message too large"}
                                                      : DeliveryReply{451, "4.3.0", "Not kept, try again later"};
    }
  } catch (const std::exception& failure) {  // a bug met one mail: the server keeps it, the others go on
    log::Error("mail.intake_failed", {{"why", failure.what()}});
    reply = {451, "4.3.0", "Not kept, try again later"};
  }
  return std::vector<DeliveryReply>(envelope.to.size(), reply);
}

int PipeExitCode(const Result<IntakeOutcome>& outcome) {
  constexpr int kDataError = 65;
  constexpr int kTemporary = 75;
  if (outcome) {
    return 0;
  }
  return outcome.error().code == Code::kTooLarge ? kDataError : kTemporary;
}

}  // namespace propolis::mail
