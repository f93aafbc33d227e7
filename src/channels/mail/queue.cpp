#include "channels/mail/queue.h"

#include "base/crypto.h"
#include "base/json.h"
#include "base/json_texts.h"
#include "channels/mail/thread.h"

namespace propolis::mail {
namespace {

constexpr std::string_view kInsertLetter =
    "INSERT INTO outgoing_letter (message_id, ticket, entry_seq, kind, at, subject, header, body_text, body_html, "
    "files) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
constexpr std::string_view kInsertMail =
    "INSERT INTO outgoing_mail (message_id, recipient, state, next_at, changed_at) VALUES ($1, $2, 'queued', $3, $3) "
    "ON CONFLICT DO NOTHING";
constexpr std::string_view kDue =
    "SELECT m.id, m.message_id, m.recipient, m.attempts, l.kind, l.header, l.body_text, l.body_html, l.files "
    "FROM outgoing_mail m JOIN outgoing_letter l ON l.message_id = m.message_id "
    "WHERE m.state IN ('queued', 'sending') AND m.state = 'queued' AND m.next_at <= $1 ORDER BY m.next_at LIMIT $2";
constexpr std::string_view kTake = "UPDATE outgoing_mail SET state = 'sending', changed_at = $2 WHERE id = $1";
constexpr std::string_view kReclaim =
    "UPDATE outgoing_mail SET state = 'queued', next_at = $1 WHERE state IN ('queued', 'sending') AND state = "
    "'sending'";
constexpr std::string_view kNext =
    "SELECT min(next_at) FROM outgoing_mail WHERE state IN ('queued', 'sending') AND state = 'queued'";
constexpr std::string_view kSettle =
    "UPDATE outgoing_mail SET state = $2, attempts = $3, next_at = $4, changed_at = $5, last_error = $6 WHERE id = $1";
constexpr std::string_view kLetterOf = "SELECT ticket, entry_seq, kind, at FROM outgoing_letter WHERE message_id = $1";
constexpr std::string_view kForget =
    "UPDATE outgoing_letter SET body_text = '', body_html = '' WHERE message_id = $1 AND kind = 'sign_in'";
constexpr std::string_view kBounce =
    "UPDATE outgoing_mail SET state = 'failed', changed_at = $3, last_error = $4 WHERE message_id = $1 AND recipient = "
    "$2";
constexpr std::string_view kOfEntry =
    "SELECT m.state, m.recipient, m.last_error FROM outgoing_letter l JOIN outgoing_mail m ON m.message_id = "
    "l.message_id "
    "WHERE l.ticket = $1 AND l.entry_seq = $2 AND l.kind <> 'notice'";

constexpr Micros kGiveUp = std::chrono::hours(24 * 5);

std::string FilesJson(const std::vector<QueuedFile>& files) {
  json::Writer writer;
  writer.BeginArray();
  for (const auto& file : files) {
    writer.BeginObject().Field("sha256", file.sha256).Field("name", file.name).Field("type", file.type).EndObject();
  }
  writer.EndArray();
  return writer.Take();
}

std::vector<QueuedFile> ReadFiles(std::string_view text) {
  std::vector<QueuedFile> files;
  const auto document = json::Document::Parse(text);
  if (!document) {
    return files;
  }
  for (std::size_t i = 0; i < document->Root().Size(); ++i) {
    const json::View file = document->Root().At(i);
    files.push_back({TextOf(file, "sha256"), TextOf(file, "name"), TextOf(file, "type")});
  }
  return files;
}

struct LetterRow {
  std::int64_t ticket = 0;
  std::int64_t entry_seq = 0;
  std::string kind;
  Time at;
};
std::optional<LetterRow> LetterOf(store::ReadTx& tx, std::string_view message_id) {
  return tx.One(
      kLetterOf, [](const store::Row& row) { return LetterRow{row.Int(0), row.Int(1), row.String(2), row.Time(3)}; },
      message_id);
}

void Tell(store::WriteTx& tx, const LetterRow& letter, Delivery state) {
  if (letter.ticket == 0) {
    return;
  }
  json::Writer payload;
  payload.BeginObject().Field("seq", letter.entry_seq).Field("state", NameOf(state)).EndObject();
  const auto organisation = tx.One(
      "SELECT organisation FROM ticket WHERE number = $1",
      [](const store::Row& row) { return row.OptId<OrganisationId>(0); }, letter.ticket);
  tx.Emit({.kind = "mail.delivery",
           .organisation = organisation.value_or(std::nullopt),
           .ticket = letter.ticket,
           .payload = payload.Take()});
}

// One minute, doubling, at most four hours.
Micros PauseAfter(int attempts) {
  const int doublings = std::min(attempts - 1, 8);
  return std::min<Micros>(std::chrono::minutes(1) * (1 << std::max(doublings, 0)), std::chrono::hours(4));
}

}  // namespace

Result<bool> Queue(store::WriteTx& tx, const Desk& desk, const Letter& letter, std::int64_t entry_seq,
                   const std::vector<QueuedFile>& files) {
  if (!IsDeliverable(letter.to.email)) {
    return false;
  }
  const Mail mail = Compose(desk, letter);
  if (tx.Exec(kInsertLetter, letter.message_id, letter.number, entry_seq, letter.kind, tx.Now(), mail.subject,
              mail.header, mail.text, mail.html, FilesJson(files)) == 0) {
    return false;
  }
  tx.Exec(kInsertMail, letter.message_id, letter.to.email, tx.Now());
  for (const auto& copy : letter.cc) {
    if (IsDeliverable(copy) && copy != letter.to.email) {
      tx.Exec(kInsertMail, letter.message_id, copy, tx.Now());
    }
  }
  return true;
}

Status QueueSignInLink(store::WriteTx& tx, const Desk& desk, const Address& to, Language language,
                       std::string_view link) {
  Letter letter;
  letter.kind = LetterKind::kSignIn;
  letter.language = language;
  letter.now = tx.Now();
  letter.to = to;
  letter.message_id = "pr-link." + crypto::RandomToken(16) + "@" + desk.domain;
  letter.sign_in_url = std::string(link);
  TRY(Queue(tx, desk, letter, 0));
  return {};
}

std::vector<Due> Claim(store::WriteTx& tx, int limit) {
  auto due = tx.All(
      kDue,
      [](const store::Row& row) {
        return Due{row.Int(0),    row.String(1), row.String(2), static_cast<int>(row.Int(3)), row.String(4),
                   row.String(5), row.String(6), row.String(7), ReadFiles(row.Text(8))};
      },
      tx.Now(), limit);
  for (const auto& one : due) {
    tx.Exec(kTake, one.id, tx.Now());
  }
  return due;
}

std::int64_t Reclaim(store::WriteTx& tx) { return tx.Exec(kReclaim, tx.Now()); }

std::optional<Time> NextDue(store::ReadTx& tx) {
  return tx.One(kNext, [](const store::Row& row) { return row.OptTime(0); }).value_or(std::nullopt);
}

void Settle(store::WriteTx& tx, const Due& due, const Attempt& attempt) {
  const auto letter = LetterOf(tx, due.message_id).value_or(LetterRow{});
  const int attempts = due.attempts + (attempt.delays_only ? 0 : 1);
  const bool given_up = !attempt.delays_only && tx.Now() - letter.at > kGiveUp;
  const Delivery state = attempt.sent                    ? Delivery::kSent
                         : attempt.permanent || given_up ? Delivery::kFailed
                                                         : Delivery::kQueued;
  const Micros pause = attempt.delays_only ? Micros(std::chrono::minutes(1)) : PauseAfter(attempts);
  constexpr std::size_t kLongestError = 500;
  tx.Exec(kSettle, due.id, state, attempts, tx.Now() + pause, tx.Now(),
          text::Prefix(text::Clean(attempt.error), kLongestError));
  if (state == Delivery::kSent || state == Delivery::kFailed) {
    tx.Exec(kForget, due.message_id);
    Tell(tx, letter, state);
  }
}

bool MarkBounced(store::WriteTx& tx, std::string_view message_id, std::string_view recipient, std::string_view reason) {
  const auto letter = LetterOf(tx, message_id);
  if (!letter) {
    return false;
  }
  tx.Exec(kBounce, message_id, recipient, tx.Now(), reason);
  Tell(tx, *letter, Delivery::kFailed);
  return true;
}

std::optional<DeliveryState> DeliveryOf(store::ReadTx& tx, std::int64_t ticket, std::int64_t entry_seq) {
  std::optional<DeliveryState> worst;
  const auto rank = [](Delivery state) { return state == Delivery::kFailed ? 2 : state == Delivery::kSent ? 0 : 1; };
  tx.ForEach(
      kOfEntry,
      [&](const store::Row& row) {
        const auto state = row.Enum<Delivery>(0);
        const std::string error = row.String(2);
        if (!worst || rank(state) > rank(worst->state)) {
          worst = DeliveryState{state, error.empty() ? std::string() : row.String(1) + ": " + error};
        }
        return true;
      },
      ticket, entry_seq);
  return worst;
}

QueueCounts CountQueue(store::ReadTx& tx) {
  QueueCounts counts;
  tx.ForEach("SELECT state, count(*) FROM outgoing_mail WHERE state IN ('queued', 'sending') GROUP BY state",
             [&](const store::Row& row) {
               counts.queued += row.Int(1);
               return true;
             });
  tx.ForEach("SELECT count(*) FROM outgoing_mail WHERE state = 'failed'", [&](const store::Row& row) {
    counts.failed = row.Int(0);
    return true;
  });
  return counts;
}

}  // namespace propolis::mail
