#include "channels/mail/outbox.h"

#include <algorithm>

#include "auth/secrets.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/json_texts.h"
#include "base/log.h"
#include "base/text.h"
#include "channels/mail/auto.h"
#include "channels/mail/thread.h"
#include "domain/ticket/commands.h"
#include "domain/ticket/number.h"
#include "domain/ticket/transition.h"

namespace propolis::mail {
namespace {

constexpr std::string_view kEntry =
    "SELECT kind, author_kind, author, author_name, visibility, body, data FROM entry WHERE ticket = $1 AND seq = $2";
constexpr std::string_view kPublicMessages =
    "SELECT seq, author_kind, data FROM entry WHERE ticket = $1 AND seq < $2 AND kind = 'message' ORDER BY seq DESC "
    "LIMIT 20";
constexpr std::string_view kWork =
    "SELECT at, body FROM entry WHERE ticket = $1 AND kind = 'work_record' AND visibility = 'public' ORDER BY seq DESC "
    "LIMIT 5";
constexpr std::string_view kOrganisation = "SELECT zone, languages FROM organisation WHERE id = $1";
constexpr std::string_view kPromises = "SELECT kind, at, until FROM promise WHERE ticket = $1 AND outcome = 'open'";
constexpr std::string_view kStaff = "SELECT name, email, language, zone FROM staff WHERE id = $1 AND active = 1";
constexpr std::string_view kFile = "SELECT sha256, filename, media_type FROM evidence WHERE id = $1 AND ticket = $2";
constexpr std::string_view kReceiptsTo =
    "SELECT count(*) FROM (SELECT message_id, recipient FROM outgoing_mail ORDER BY id DESC LIMIT 1000) m "
    "JOIN outgoing_letter l ON l.message_id = m.message_id WHERE m.recipient = $1 AND l.kind = $2 AND l.at > $3";
constexpr std::string_view kIsRefused = "SELECT 1 FROM mail_refusal WHERE email = $1";

// Receipts to one address: more than a person needs in a bad hour.
constexpr std::int64_t kMostReceipts = 10;
constexpr std::chrono::hours kReceiptPeriod{1};

struct EntryRow {
  EntryKind kind = EntryKind::kSystem;
  auth::ActorKind author_kind = auth::ActorKind::kSystem;
  Uuid author;
  std::string author_name;
  Visibility visibility = Visibility::kInternal;
  std::string body;
  std::string data;
};

// Members of an entry's data.
class Data {
 public:
  explicit Data(std::string_view text) {
    if (auto parsed = json::Document::Parse(text)) {
      document_.emplace(std::move(*parsed));
    }
  }
  [[nodiscard]] std::string Text(std::string_view name) const {
    return document_ ? json::TextOf(document_->Root(), name) : std::string();
  }
  [[nodiscard]] bool Flag(std::string_view name) const {
    const auto value = Find(name);
    return value && value->AsBool().value_or(false);
  }
  [[nodiscard]] std::vector<std::string> List(std::string_view name) const {
    std::vector<std::string> items;
    const auto value = Find(name);
    for (std::size_t i = 0; value && value->kind() == json::Kind::kArray && i < value->Size(); ++i) {
      if (const auto text = value->At(i).AsString()) {
        items.emplace_back(*text);
      }
    }
    return items;
  }
  [[nodiscard]] std::optional<std::int64_t> Integer(std::string_view name) const {
    const auto value = Find(name);
    return value ? value->AsInteger() : std::nullopt;
  }
  [[nodiscard]] std::string NestedId(std::string_view name) const {
    const auto value = Find(name);
    return value ? json::TextOf(*value, "id") : std::string();
  }

 private:
  [[nodiscard]] std::optional<json::View> Find(std::string_view name) const {
    return document_ ? document_->Root().Find(name) : std::nullopt;
  }
  std::optional<json::Document> document_;
};

std::optional<EntryRow> LoadEntry(store::ReadTx& tx, std::int64_t ticket, std::int64_t seq) {
  return tx.One(
      kEntry,
      [](const store::Row& row) {
        return EntryRow{
            row.Enum<EntryKind>(0), row.Enum<auth::ActorKind>(1), row.IsNull(2) ? Uuid{} : row.Id<StaffId>(2).uuid,
            row.String(3),          row.Enum<Visibility>(4),      row.String(5),
            row.String(6)};
      },
      ticket, seq);
}

// One event's letter.
class Scribe {
 public:
  Scribe(store::WriteTx& tx, const OutboxOptions& options, const ticket::Ticket& ticket, std::int64_t seq,
         const EntryRow& entry)
      : tx_(tx), options_(options), ticket_(ticket), seq_(seq), entry_(entry), data_(entry.data) {}

  Status Write() {
    const bool public_message = entry_.kind == EntryKind::kMessage && entry_.visibility == Visibility::kPublic;
    if (public_message && entry_.author_kind == auth::ActorKind::kStaff) {
      return WriteReply();
    }
    if (public_message && entry_.author_kind == auth::ActorKind::kCustomer) {
      return seq_ == 1 ? WriteReceipt() : WriteNotice("mail.notice.customer_wrote");
    }
    if (entry_.kind == EntryKind::kPromise && (data_.Text("act") == "made" || data_.Text("act") == "moved")) {
      return WritePromise();
    }
    if (entry_.kind == EntryKind::kRouting) {
      return WriteNotice("mail.notice.assigned");
    }
    return {};
  }

 private:
  // To the customer: who, in which language and zone, about what, and what stands promised.
  Letter ToCustomer(LetterKind kind) {
    Letter letter;
    letter.kind = kind;
    letter.now = tx_.Now();
    letter.language = ticket_.language.value_or(Language::kEn);
    if (ticket_.organisation) {
      tx_.ForEach(
          kOrganisation,
          [&](const store::Row& row) {
            letter.zone = row.String(0);
            if (!ticket_.language) {
              const auto languages = json::Document::Parse(row.Text(1));
              const auto first =
                  languages && languages->Root().Size() > 0 ? languages->Root().At(0).AsString() : std::nullopt;
              letter.language = first ? FromName<Language>(*first).value_or(Language::kEn) : Language::kEn;
            }
            return false;
          },
          *ticket_.organisation);
    }
    letter.to = {ticket_.requester_name, ticket_.requester_email};
    letter.number = ticket_.number;
    letter.subject = ticket_.subject;
    letter.message_id =
        MakeMessageId(options_.desk.key, options_.desk.domain, ticket_.number, std::to_string(seq_) + Suffix(kind));
    letter.step = ticket::StepOf(ticket_.state);
    letter.waits_for_reader = ticket_.state == TicketState::kWaitingCustomer;
    letter.ticket_url = options_.desk.base_url + "/portal/tickets/" + ticket::FormatNumber(ticket_.number);
    AddPromises(letter);
    AddThread(letter);
    return letter;
  }

  static std::string Suffix(LetterKind kind) {
    return kind == LetterKind::kReceipt   ? "r"
           : kind == LetterKind::kNotice  ? "n"
           : kind == LetterKind::kPromise ? "p"
                                          : "";
  }

  void AddPromises(Letter& letter) {
    tx_.ForEach(
        kPromises,
        [&](const store::Row& row) {
          (row.Text(0) == "eta" ? letter.eta : letter.next_update) = Promised{row.Time(1), row.OptTime(2)};
          return true;
        },
        ticket_.number);
  }

  // In-Reply-To is the customer's newest mail; References the mails of both sides, oldest first.
  void AddThread(Letter& letter) {
    tx_.ForEach(
        kPublicMessages,
        [&](const store::Row& row) {
          const Data data(row.Text(2));
          std::string id = data.Text("message_id");
          if (row.Text(1) == "staff") {
            id = MakeMessageId(options_.desk.key, options_.desk.domain, ticket_.number, std::to_string(row.Int(0)));
          } else if (letter.in_reply_to.empty()) {
            letter.in_reply_to = id;
          }
          if (!id.empty()) {
            letter.references.insert(letter.references.begin(), id);
          }
          return true;
        },
        ticket_.number, letter.kind == LetterKind::kReceipt ? seq_ + 1 : seq_);  // a receipt answers the entry itself
    if (letter.in_reply_to.empty() && !letter.references.empty()) {
      letter.in_reply_to = letter.references.back();
    }
  }

  Status WriteReply() {
    const bool resolution = data_.Flag("resolution");
    Letter letter = ToCustomer(resolution ? LetterKind::kResolution : LetterKind::kReply);
    letter.body = entry_.body;
    letter.author = entry_.author_name;
    const auto recipients = data_.List("to");
    if (!recipients.empty() && recipients.front() != letter.to.email) {
      letter.to = {"", recipients.front()};
    }
    for (const auto& copy : data_.List("cc")) {
      if (!options_.desk.IsOwn(copy) && copy != letter.to.email) {
        letter.cc.push_back(copy);
      }
    }
    if (resolution) {
      AddResolution(letter);
    }
    std::vector<QueuedFile> files;
    for (const auto& id : data_.List("evidence")) {
      if (const auto evidence = EvidenceId::Parse(id)) {
        auto file = tx_.One(
            kFile, [](const store::Row& row) { return QueuedFile{row.String(0), row.String(1), row.String(2)}; },
            *evidence, ticket_.number);
        if (file) {
          files.push_back(std::move(*file));
        }
      }
    }
    return Send(letter, files);
  }

  void AddResolution(Letter& letter) {
    letter.step = 4;
    letter.eta.reset();
    letter.closes_at = tx_.Now() + ticket::kGrace;
    letter.done =
        tx_.All(kWork, [](const store::Row& row) { return Done{row.Time(0), row.String(1)}; }, ticket_.number);
    std::ranges::reverse(letter.done);
    const std::string token = options_.survey_token ? options_.survey_token(tx_, ticket_.number) : std::string();
    if (!token.empty()) {
      letter.survey_url = options_.desk.base_url + "/survey/" + token;
    }
  }

  Status WriteReceipt() {
    if (ticket_.channel != Channel::kMail || data_.Flag("automatic")) {
      return {};
    }
    Letter letter = ToCustomer(LetterKind::kReceipt);
    // Two machines that take each other for people would answer each other for ever (RFC 3834 section 2).
    const auto sent = tx_.One(
        kReceiptsTo, [](const store::Row& row) { return row.Int(0); }, letter.to.email, LetterKind::kReceipt,
        tx_.Now() - kReceiptPeriod);
    if (sent.value_or(0) >= kMostReceipts) {
      log::Warning("mail.receipt_withheld", {{"ticket", ticket_.number}, {"in_the_last_hour", *sent}});
      return {};
    }
    return Send(letter, {});
  }

  Status WritePromise() {
    Letter letter = ToCustomer(LetterKind::kPromise);
    letter.body = entry_.body;
    letter.author = entry_.body.empty() ? "" : entry_.author_name;
    return Send(letter, {});
  }

  Status WriteNotice(std::string_view headline) {
    const std::string chosen = data_.NestedId("assignee");
    const auto whom = entry_.kind == EntryKind::kRouting ? StaffId::Parse(chosen) : ticket_.assignee;
    if (!whom || whom->uuid == entry_.author || data_.Flag("automatic")) {
      return {};
    }
    Letter letter;
    letter.kind = LetterKind::kNotice;
    letter.now = tx_.Now();
    tx_.ForEach(
        kStaff,
        [&](const store::Row& row) {
          letter.to = {row.String(0), row.String(1)};
          letter.language = FromName<Language>(row.Text(2)).value_or(Language::kEn);
          letter.zone = row.String(3);
          return false;
        },
        *whom);
    letter.number = ticket_.number;
    letter.subject = ticket_.subject;
    letter.message_id =
        MakeMessageId(options_.desk.key, options_.desk.domain, ticket_.number, std::to_string(seq_) + "n");
    letter.headline = i18n::Translate(letter.language, headline, {{"name", entry_.author_name}});
    constexpr std::size_t kExcerpt = 600;
    letter.body = std::string(text::Prefix(entry_.kind == EntryKind::kMessage ? entry_.body : std::string(), kExcerpt));
    letter.ticket_url = options_.desk.base_url + "/t/" + ticket::FormatNumber(ticket_.number);
    return Send(letter, {});
  }

  Status Send(Letter letter, const std::vector<QueuedFile>& files) {
    const auto refused = [&](const std::string& email) {
      return tx_.One(kIsRefused, [](const store::Row&) { return true; }, email).has_value();
    };
    std::erase_if(letter.cc, refused);
    // An address that bounced for good still gets what a person writes (it may have been repaired), but nothing
    // automatic.
    const bool automatic = letter.kind != LetterKind::kReply && letter.kind != LetterKind::kResolution;
    if (options_.desk.IsOwn(letter.to.email) || (automatic && refused(letter.to.email))) {
      return {};
    }
    TRY(Queue(tx_, options_.desk, letter, seq_, files));
    return {};
  }

  store::WriteTx& tx_;
  const OutboxOptions& options_;
  const ticket::Ticket& ticket_;
  std::int64_t seq_;
  const EntryRow& entry_;
  Data data_;
};

constexpr std::string_view kGet = "SELECT value FROM setting WHERE name = $1";
constexpr std::string_view kPut =
    "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

std::string Setting(store::ReadTx& tx, std::string_view name) {
  return tx.One(kGet, [](const store::Row& row) { return row.String(0); }, name).value_or("");
}

}  // namespace

Status QueueLetters(store::WriteTx& tx, const OutboxOptions& options, jobs::EventBatch events) {
  for (const auto& event : events) {
    if (event.event.kind != "entry.added" || event.event.ticket == 0) {
      continue;
    }
    const Data payload(event.event.payload);
    const std::int64_t seq = payload.Integer("seq").value_or(0);
    const auto ticket = ticket::Load(tx, event.event.ticket);
    const auto entry = LoadEntry(tx, event.event.ticket, seq);
    if (ticket && entry) {
      TRY(Scribe(tx, options, *ticket, seq, *entry).Write());
    }
  }
  return {};
}

std::unique_ptr<jobs::Follower> MakeOutbox(store::Store& store, OutboxOptions options) {
  return std::make_unique<jobs::Follower>(
      store, jobs::FollowerOptions{.name = "mail", .from_start = false},
      jobs::Follower::Inside([options = std::move(options)](store::WriteTx& tx, jobs::EventBatch events) {
        return QueueLetters(tx, options, events);
      }));
}

Result<Desk> LoadDesk(store::Store& store) {
  return store.Write([](store::WriteTx& tx) -> Result<Desk> {
    Desk desk;
    if (const auto name = Setting(tx, "mail.name"); !name.empty()) {
      desk.name = name;
    }
    desk.address = Setting(tx, "mail.address");
    desk.domain = Setting(tx, "mail.domain");
    desk.base_url = Setting(tx, "mail.base_url");
    const Data aliases(
        "{\"list\":" + (Setting(tx, "mail.aliases").empty() ? std::string("[]") : Setting(tx, "mail.aliases")) + "}");
    desk.aliases = aliases.List("list");
    desk.key = TRY(auth::secrets::GetOrMakeOwn(tx, auth::secrets::Kind::kMail));
    if (desk.domain.empty()) {
      desk.domain = DomainOf(desk.address);
    }
    return desk;
  });
}

Status SaveDesk(store::WriteTx& tx, const Desk& desk) {
  json::Writer aliases;
  aliases.BeginArray();
  for (const auto& alias : desk.aliases) {
    aliases.String(alias);
  }
  aliases.EndArray();
  tx.Exec(kPut, "mail.name", desk.name);
  tx.Exec(kPut, "mail.address", desk.address);
  tx.Exec(kPut, "mail.domain", desk.domain);
  tx.Exec(kPut, "mail.base_url", desk.base_url);
  tx.Exec(kPut, "mail.aliases", aliases.Take());
  return {};
}

}  // namespace propolis::mail
