#include "domain/survey/survey.h"

#include "auth/secrets.h"
#include "base/crypto.h"
#include "domain/survey/survey_sql.h"
#include "domain/ticket/number.h"
#include "domain/ticket/ticket.h"

namespace propolis::survey {
namespace {

using auth::Permission;

constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kMacBytes = 16;

struct Stored {
  SurveyId id;
  std::int64_t ticket = 0;
  Time sent_at;
  std::optional<int> score;
  std::optional<std::string> comment;
};

Stored ToStored(const store::Row& row) {
  Stored stored{row.Id<SurveyId>(0), row.Int(1), row.Time(2), {}, row.OptString(4)};
  if (const auto score = row.OptInt(3)) {
    stored.score = static_cast<int>(*score);
  }
  return stored;
}

std::string MacOf(std::string_view secret, SurveyId id) {
  const auto mac = crypto::Hmac(secret, "survey:" + std::string(id.uuid.AsBytes()));
  return {reinterpret_cast<const char*>(mac.data()), kMacBytes};
}

View ToView(const Stored& stored, const ticket::Ticket& ticket) {
  View view;
  view.ticket = {ticket::FormatNumber(ticket.number), ticket.subject};
  view.score = stored.score;
  view.comment = stored.comment;
  view.language = ticket.language.value_or(Language::kEn);
  return view;
}

Result<Stored> ByToken(store::ReadTx& tx, std::string_view token) {
  const auto secret = TRY(auth::secrets::GetOwn(tx, auth::secrets::Kind::kSurvey));
  const auto id = secret ? ReadToken(*secret, token) : std::nullopt;
  auto stored = id ? tx.One(sql::kById, ToStored, *id) : std::nullopt;
  if (!stored) {
    return Fail(Code::kNotFound, "survey.unknown");
  }
  return std::move(*stored);
}

Result<View> Write(store::WriteTx& tx, const Stored& stored, const auth::Actor& by, const Answer& answer) {
  if (tx.Now() > stored.sent_at + std::chrono::days{kDaysOpen}) {
    return Fail(Code::kConflict, "survey.over", {{"days", std::to_string(kDaysOpen)}});
  }
  if (answer.score < 1 || answer.score > 5) {
    return FailField("score", "field.out_of_range", {{"min", "1"}, {"max", "5"}});
  }
  const auth::Actor system = auth::SystemActor();
  auto edit = TRY(ticket::Edit::Begin(tx, system, stored.ticket, Permission::kSurveyAnswer));
  tx.Exec(sql::kAnswer, stored.id, answer.score, answer.comment, tx.Now());
  json::Writer data;
  data.BeginObject().Field("score", answer.score);
  if (answer.comment) {
    data.Field("comment", *answer.comment);
  }
  data.EndObject();
  edit.AppendBy(by, {.kind = EntryKind::kSurvey,
                     .visibility = Visibility::kInternal,
                     .body = answer.comment.value_or(""),
                     .html = {},
                     .quoted = {},
                     .data = data.Take()});
  const ticket::Ticket ticket = TRY(edit.Finish("survey.answer"));
  const std::string payload = "{\"score\":" + std::to_string(answer.score) + "}";
  tx.Emit(
      {.kind = "survey.answered", .organisation = ticket.organisation, .ticket = ticket.number, .payload = payload});
  if (answer.score <= kLowScore) {
    tx.Emit({.kind = "survey.low", .organisation = ticket.organisation, .ticket = ticket.number, .payload = payload});
  }
  return ToView({stored.id, stored.ticket, stored.sent_at, answer.score, answer.comment}, ticket);
}

Result<Stored> Ask(store::WriteTx& tx, const ticket::Ticket& ticket) {
  Stored stored{SurveyId::New(tx.Now()), ticket.number, tx.Now(), {}, {}};
  tx.Exec(sql::kInsert, stored.id, ticket.number, tx.Now());
  tx.Emit({.kind = "survey.sent",
           .organisation = ticket.organisation,
           .ticket = ticket.number,
           .payload = "{\"survey_id\":\"" + stored.id.ToString() + "\"}"});
  return stored;
}

bool IsResolved(TicketState state) { return state == TicketState::kResolved || state == TicketState::kClosed; }

}  // namespace

std::string MakeToken(std::string_view secret, SurveyId id) {
  return text::Base64UrlEncode(std::string(id.uuid.AsBytes()) + MacOf(secret, id));
}

std::optional<SurveyId> ReadToken(std::string_view secret, std::string_view token) {
  const auto bytes = text::Base64UrlDecode(token);
  if (!bytes || bytes->size() != kIdBytes + kMacBytes) {
    return std::nullopt;
  }
  const SurveyId id{*Uuid::FromBytes(std::string_view(*bytes).substr(0, kIdBytes))};
  return crypto::Equal(std::string_view(*bytes).substr(kIdBytes), MacOf(secret, id)) ? std::optional(id) : std::nullopt;
}

Result<bool> AskFor(store::WriteTx& tx, std::int64_t number) {
  const auto ticket = ticket::Load(tx, number);
  if (!ticket || ticket->state != TicketState::kResolved || tx.One(sql::kOfTicket, ToStored, number)) {
    return false;
  }
  TRY(Ask(tx, *ticket));
  return true;
}

Result<std::optional<std::string>> TokenOf(store::WriteTx& tx, std::int64_t number) {
  const auto stored = tx.One(sql::kOfTicket, ToStored, number);
  if (!stored) {
    return std::optional<std::string>();
  }
  const auto secret = TRY(auth::secrets::GetOrMakeOwn(tx, auth::secrets::Kind::kSurvey));
  return std::optional(MakeToken(secret, stored->id));
}

Result<View> Look(store::ReadTx& tx, std::string_view token) {
  const Stored stored = TRY(ByToken(tx, token));
  const auto ticket = ticket::Load(tx, stored.ticket);
  return ToView(stored, ticket.value_or(ticket::Ticket{}));
}

Result<View> Take(store::WriteTx& tx, std::string_view token, const Answer& answer) {
  const Stored stored = TRY(ByToken(tx, token));
  auth::Actor customer;
  customer.kind = auth::ActorKind::kCustomer;
  if (const auto ticket = ticket::Load(tx, stored.ticket)) {
    customer.name = ticket->requester_name.empty() ? ticket->requester_email : ticket->requester_name;
    customer.person = ticket->contact.value_or(ContactId{}).uuid;
  }
  return Write(tx, stored, customer, answer);
}

Result<View> Rate(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const Answer& answer) {
  const auto ticket = ticket::Load(tx, number);
  TRY(auth::Require(actor, Permission::kSurveyAnswer,
                    {.organisation = ticket ? ticket->organisation : actor.organisation}));
  if (!ticket) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  if (!IsResolved(ticket->state)) {
    return Fail(Code::kConflict, "survey.not_resolved");
  }
  auto stored = tx.One(sql::kOfTicket, ToStored, number);
  return Write(tx, stored ? *stored : TRY(Ask(tx, *ticket)), actor, answer);
}

const dto::Type& Asked::Dto() {
  static const dto::Type type = dto::Object<Asked>("SurveyTicket", "The ticket that a survey is about.")
                                    .Required("number", &Asked::number, "Its number.")
                                    .Required("subject", &Asked::subject, "What it was about.")
                                    .Done();
  return type;
}

const dto::Type& View::Dto() {
  static const dto::Type type = dto::Object<View>("Survey", "A survey and what was answered.")
                                    .Required("ticket", &View::ticket, "About what.")
                                    .Optional("score", &View::score, "1 very bad - 5 very good.")
                                    .Optional("comment", &View::comment, "In the customer's words.")
                                    .Required("language", &View::language, "The customer's.")
                                    .Done();
  return type;
}

const dto::Type& Answer::Dto() {
  static const dto::Type type =
      dto::Object<Answer>("AnswerSurvey", "An answer; it may be changed for 30 days.")
          .Required("score", &Answer::score, "1 very bad - 5 very good.", dto::Range(1, 5))
          .Optional("comment", &Answer::comment, "In your words.", dto::Text(0, 4000, "multiline"))
          .Done();
  return type;
}

}  // namespace propolis::survey
