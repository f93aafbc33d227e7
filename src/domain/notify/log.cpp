#include "domain/notify/log.h"

#include "domain/ticket/number.h"

namespace propolis::notify {
namespace {

using auth::Permission;

#define PROPOLIS_LOG_COLUMNS                                                                        \
  "SELECT d.id, n.kind, n.staff, s.name, n.ticket, d.channel, d.place, d.due_at, d.state, o.state " \
  "FROM notice n JOIN delivery d ON d.notice = n.id LEFT JOIN staff s ON s.id = n.staff "           \
  "LEFT JOIN outgoing_mail o ON o.message_id = d.message_id "
constexpr std::string_view kOwn = PROPOLIS_LOG_COLUMNS "WHERE n.staff = $1 ORDER BY n.at DESC, d.id DESC LIMIT $2";
constexpr std::string_view kAll = PROPOLIS_LOG_COLUMNS "ORDER BY n.at DESC, d.id DESC LIMIT $1";
#undef PROPOLIS_LOG_COLUMNS
constexpr std::string_view kMethodLabel = "SELECT label FROM contact_method WHERE id = $1";
constexpr std::string_view kGatewayName = "SELECT name FROM gateway WHERE id = $1";
constexpr std::string_view kAttempts =
    "SELECT at, outcome, code, detail FROM delivery_attempt WHERE delivery = $1 ORDER BY id";

struct Row {
  LoggedDelivery delivery;
  std::string place;
};

Row ToRow(const store::Row& row) {
  return {.delivery = {.id = row.Int(0),
                       .kind = row.Enum<NoticeKind>(1),
                       .staff = OptRef(row, 2),
                       .ticket = row.Int(4) > 0 ? std::optional(ticket::FormatNumber(row.Int(4))) : std::nullopt,
                       .channel = row.Enum<NoticeChannel>(5),
                       .label = {},
                       .due_at = row.Time(7),
                       .state = row.Enum<DeliveryState>(8),
                       .mail = row.OptString(9),
                       .attempts = {}},
          .place = row.String(6)};
}

LoggedAttempt ToAttempt(const store::Row& row) {
  return {row.Time(0), row.Enum<DeliveryState>(1), row.OptInt(2), row.String(3)};
}

std::vector<LoggedDelivery> Complete(store::ReadTx& tx, std::vector<Row>&& rows) {
  std::vector<LoggedDelivery> log;
  for (Row& row : rows) {
    if (const auto id = Uuid::Parse(row.place)) {
      const bool gateway = row.delivery.channel == NoticeChannel::kGateway;
      row.delivery.label =
          tx.One(
                gateway ? kGatewayName : kMethodLabel, [](const store::Row& r) { return r.String(0); }, *id)
              .value_or("");
    }
    row.delivery.attempts = tx.All(kAttempts, ToAttempt, row.delivery.id);
    log.push_back(std::move(row.delivery));
  }
  return log;
}

}  // namespace

Result<std::vector<LoggedDelivery>> OwnLog(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, Permission::kRotaRead));
  return Complete(tx, tx.All(kOwn, ToRow, actor.staff(), kMostLogged));
}

Result<std::vector<LoggedDelivery>> WholeLog(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, Permission::kStaffWrite));
  return Complete(tx, tx.All(kAll, ToRow, kMostLogged));
}

const dto::Type& LoggedAttempt::Dto() {
  static const dto::Type type =
      dto::Object<LoggedAttempt>("NoticeAttempt", "One attempt to reach somebody.")
          .Required("at", &LoggedAttempt::at, "")
          .Required("outcome", &LoggedAttempt::outcome, "")
          .Optional("code", &LoggedAttempt::code, "What the other side answered, where it answers by number.")
          .Required("detail", &LoggedAttempt::detail, "Why it failed, or was not needed any more.")
          .Done();
  return type;
}

const dto::Type& LoggedDelivery::Dto() {
  static const dto::Type type =
      dto::Object<LoggedDelivery>("NoticeDelivery", "One way by which somebody was, or will be, told of something.")
          .Required("id", &LoggedDelivery::id, "")
          .Required("kind", &LoggedDelivery::kind, "")
          .Optional("staff", &LoggedDelivery::staff, "Absent: a webhook of an escalation policy.")
          .Optional("ticket", &LoggedDelivery::ticket, "Its number.")
          .Required("channel", &LoggedDelivery::channel, "")
          .Required("label", &LoggedDelivery::label, "Of the way; empty: mail, or it was taken back.")
          .Required("due_at", &LoggedDelivery::due_at, "")
          .Required("state", &LoggedDelivery::state, "`dropped`: nobody needed to be told any more.")
          .Optional("mail", &LoggedDelivery::mail, "What became of the mail: queued, sending, sent, failed.")
          .Required("attempts", &LoggedDelivery::attempts, "Oldest first.")
          .Done();
  return type;
}

}  // namespace propolis::notify
