#include "domain/notify/notice.h"

#include "base/text.h"
#include "jobs/jobs.h"

namespace propolis::notify {
namespace {

constexpr std::string_view kInsertNotice =
    "INSERT INTO notice (id, key, staff, kind, ticket, page, data, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
    "ON CONFLICT (key) DO NOTHING";
constexpr std::string_view kInsertDelivery =
    "INSERT INTO delivery (notice, channel, place, due_at, state) VALUES ($1, $2, '', $3, 'waiting')";
constexpr std::string_view kDelivery =
    "SELECT d.id, d.notice, n.kind, d.channel, n.staff, n.ticket, n.page, n.data, n.at, p.state FROM delivery d "
    "JOIN notice n ON n.id = d.notice LEFT JOIN page p ON p.id = n.page WHERE d.id = $1 AND d.state = 'waiting'";
constexpr std::string_view kSettle =
    "UPDATE delivery SET state = $2, message_id = COALESCE($3, message_id) WHERE id = $1";
constexpr std::string_view kInsertAttempt =
    "INSERT INTO delivery_attempt (delivery, at, outcome, code, detail) VALUES ($1, $2, $3, $4, $5)";

// Of an acknowledged page, or one that has ended, nobody needs to be told any more.
bool IsStillWanted(const std::optional<std::string>& page_state) {
  return !page_state || *page_state == "calling" || *page_state == "unanswered";
}

void Plan(store::WriteTx& tx, NoticeId notice, NoticeChannel channel, Time due_at) {
  const auto id = tx.Insert(kInsertDelivery, "id", notice, channel, due_at);
  jobs::Enqueue(tx, {.kind = std::string(kDeliveryJob), .key = std::to_string(id), .run_at = due_at});
}

}  // namespace

bool Notify(store::WriteTx& tx, const NewNotice& notice) {
  const auto id = NoticeId::New(tx.Now());
  if (tx.Exec(kInsertNotice, id, notice.key, notice.staff, notice.kind, notice.ticket, notice.page, notice.data,
              tx.Now()) == 0) {
    return false;
  }
  Plan(tx, id, NoticeChannel::kMail, tx.Now());
  return true;
}

std::optional<Delivery> TakeDelivery(store::WriteTx& tx, std::int64_t id) {
  struct Found {
    Delivery delivery;
    std::optional<std::string> page_state;
  };
  auto found = tx.One(
      kDelivery,
      [](const store::Row& row) {
        return Found{{.id = row.Int(0),
                      .notice = row.Id<NoticeId>(1),
                      .kind = row.Enum<NoticeKind>(2),
                      .channel = row.Enum<NoticeChannel>(3),
                      .staff = row.Id<StaffId>(4),
                      .ticket = row.Int(5),
                      .page = row.OptId<PageId>(6),
                      .data = row.String(7),
                      .noticed_at = row.Time(8)},
                     row.OptString(9)};
      },
      id);
  if (found && !IsStillWanted(found->page_state)) {
    Settle(tx, id, {.outcome = DeliveryState::kDropped, .detail = *found->page_state});
    return std::nullopt;
  }
  return found ? std::optional(std::move(found->delivery)) : std::nullopt;
}

void Settle(store::WriteTx& tx, std::int64_t delivery, const Attempt& attempt) {
  constexpr std::size_t kLongestDetail = 300;
  tx.Exec(kInsertAttempt, delivery, tx.Now(), attempt.outcome, attempt.code,
          text::Prefix(text::Clean(attempt.detail), kLongestDetail));
  if (attempt.last) {
    tx.Exec(kSettle, delivery, attempt.outcome, attempt.message_id);
  }
}

}  // namespace propolis::notify
