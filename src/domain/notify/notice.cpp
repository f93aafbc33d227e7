#include "domain/notify/notice.h"

#include "domain/notify/reach.h"
#include "domain/notify/reach_rows.h"
#include "domain/vocabulary.h"
#include "jobs/jobs.h"

namespace propolis::notify {
namespace {

constexpr std::string_view kInsertNotice =
    "INSERT INTO notice (id, key, staff, kind, ticket, page, data, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
    "ON CONFLICT (key) DO NOTHING";
constexpr std::string_view kInsertDelivery =
    "INSERT INTO delivery (notice, channel, place, due_at, state) VALUES ($1, $2, $3, $4, 'waiting')";
constexpr std::string_view kByMail = "SELECT 1 FROM delivery WHERE notice = $1 AND channel = 'mail'";
constexpr std::string_view kDelivery =
    "SELECT d.id, d.notice, n.kind, d.channel, d.place, n.staff, n.ticket, n.page, n.data, n.at, p.state "
    "FROM delivery d JOIN notice n ON n.id = d.notice LEFT JOIN page p ON p.id = n.page "
    "WHERE d.id = $1 AND d.state = 'waiting'";
constexpr std::string_view kSettle =
    "UPDATE delivery SET state = $2, message_id = COALESCE($3, message_id) WHERE id = $1";
constexpr std::string_view kInsertAttempt =
    "INSERT INTO delivery_attempt (delivery, at, outcome, code, detail) VALUES ($1, $2, $3, $4, $5)";
constexpr std::string_view kPriority = "SELECT priority FROM ticket WHERE number = $1";

// Of an acknowledged page, or one that has ended, nobody needs to be told any more.
bool IsStillWanted(const std::optional<std::string>& page_state) {
  return !page_state || *page_state == "calling" || *page_state == "unanswered";
}

// nullopt: it was told already.
std::optional<NoticeId> Insert(store::WriteTx& tx, const NewNotice& notice, const std::optional<StaffId>& staff) {
  const auto id = NoticeId::New(tx.Now());
  const bool fresh =
      tx.Exec(kInsertNotice, id, notice.key, staff, notice.kind, notice.ticket, notice.page, notice.data, tx.Now()) > 0;
  return fresh ? std::optional(id) : std::nullopt;
}

std::int64_t Plan(store::WriteTx& tx, NoticeId notice, NoticeChannel channel, const std::string& place, Time due_at) {
  const auto id = tx.Insert(kInsertDelivery, "id", notice, channel, place, due_at);
  jobs::Enqueue(tx, {.kind = std::string(kDeliveryJob), .key = std::to_string(id), .run_at = due_at});
  return id;
}

bool IsUrgent(store::ReadTx& tx, const NewNotice& notice) {
  const auto priority = tx.One(kPriority, [](const store::Row& row) { return row.Int(0); }, notice.ticket);
  return notice.kind == NoticeKind::kPage && priority == static_cast<std::int64_t>(Priority::kP1);
}

}  // namespace

NoticeChannel ChannelOf(MethodKind kind) {
  switch (kind) {
    case MethodKind::kWebhook:
      return NoticeChannel::kWebhook;
    case MethodKind::kPhone:
      return NoticeChannel::kPhone;
    case MethodKind::kPush:
      return NoticeChannel::kPush;
  }
  return NoticeChannel::kMail;
}

bool Notify(store::WriteTx& tx, const NewNotice& notice) {
  const auto id = Insert(tx, notice, notice.staff);
  if (!id) {
    return false;
  }
  const ReachRow reach = LoadReach(tx, notice.staff);
  for (const PlannedDelivery& planned :
       PlanDeliveries(reach.rules, reach.quiet, ZoneOf(reach), notice.kind, IsUrgent(tx, notice), tx.Now())) {
    if (!planned.method) {
      Plan(tx, *id, NoticeChannel::kMail, "", planned.due_at);
    } else if (const auto method = FindMethod(tx, *planned.method)) {
      Plan(tx, *id, ChannelOf(method->kind), planned.method->ToString(), planned.due_at);
    }
  }
  return true;
}

bool NotifyGateway(store::WriteTx& tx, const NewNotice& notice, const std::string& gateway) {
  const auto id = Insert(tx, notice, std::nullopt);
  if (id) {
    Plan(tx, *id, NoticeChannel::kGateway, gateway, tx.Now());
  }
  return id.has_value();
}

std::int64_t NotifyBy(store::WriteTx& tx, const NewNotice& notice, NoticeChannel channel, const std::string& place) {
  const auto id = Insert(tx, notice, notice.staff);
  return id ? Plan(tx, *id, channel, place, tx.Now()) : 0;
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
                      .place = row.String(4),
                      .staff = row.OptId<StaffId>(5),
                      .ticket = row.Int(6),
                      .page = row.OptId<PageId>(7),
                      .data = row.String(8),
                      .noticed_at = row.Time(9)},
                     row.OptString(10)};
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

void TellByMailInstead(store::WriteTx& tx, const Delivery& delivery) {
  if (delivery.kind != NoticeKind::kTest && !tx.One(kByMail, [](const store::Row&) { return true; }, delivery.notice)) {
    Plan(tx, delivery.notice, NoticeChannel::kMail, "", tx.Now());
  }
}

}  // namespace propolis::notify
