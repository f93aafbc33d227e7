#include "channels/notify/deliver.h"

#include "base/crypto.h"
#include "base/json.h"
#include "base/number.h"
#include "channels/http/client.h"
#include "channels/http/template.h"
#include "channels/mail/queue.h"
#include "channels/notify/push_call.h"
#include "channels/notify/told.h"
#include "domain/escalation/page_commands.h"
#include "domain/notify/outgoing.h"
#include "domain/notify/reach.h"

namespace propolis::notify {
namespace {

constexpr jobs::RetryPolicy kRetry{.attempts = 8, .first = Seconds{2}, .longest = Seconds{300}};

// One id for each delivery, so that a mail that is sent twice shows once.
std::string MessageIdOf(const mail::Desk& desk, const Delivery& delivery) {
  return "notice." + delivery.notice.ToString() + "." + std::to_string(delivery.id) + "@" + desk.domain;
}

Status DeliverByMail(store::WriteTx& tx, const mail::Desk& desk, const Delivery& delivery, const Told& told) {
  mail::Letter letter;
  letter.kind = mail::LetterKind::kNotice;
  letter.language = told.language;
  letter.zone = told.zone;
  letter.now = tx.Now();
  letter.to = {told.name, told.email};
  letter.message_id = MessageIdOf(desk, delivery);
  letter.number = told.number;
  letter.subject = told.subject;
  letter.headline = told.headline;
  letter.body = told.body;
  letter.ticket_url = told.ticket_url;
  letter.answer_url = told.answer_url;
  TRY(mail::Queue(tx, desk, letter, 0));
  Settle(tx, delivery.id, {.outcome = DeliveryState::kSent, .message_id = letter.message_id});
  return {};
}

// --- over HTTP

// Signed as "t=SECONDS,v1=HEX": the HMAC-SHA-256 of "SECONDS.BODY", so that an old request cannot be sent again.
std::string Signature(std::string_view secret, Time now, std::string_view body) {
  const std::string at = std::to_string(std::chrono::floor<Seconds>(now).time_since_epoch().count());
  return "t=" + at + ",v1=" + crypto::Hex(crypto::Hmac(secret, at + "." + std::string(body)));
}

http::Call WebhookCall(const Webhook& webhook, const Delivery& delivery, const Told& told, Time now) {
  json::Writer body;
  body.BeginObject()
      .Field("id", delivery.notice.ToString())
      .Field("kind", NameOf(delivery.kind))
      .Field("at", FormatTime(delivery.noticed_at))
      .Field("headline", told.headline)
      .Field("text", told.body)
      .Field("url", told.answer_url.empty() ? told.ticket_url : told.answer_url);
  if (told.number > 0) {
    body.Key("ticket")
        .BeginObject()
        .Field("number", told.Ticket())
        .Field("subject", told.subject)
        .Field("priority", told.priority)
        .EndObject();
  }
  body.EndObject();
  http::Call call{.method = "POST", .url = webhook.address, .headers = {}, .body = body.Take()};
  call.headers = {{"Content-Type", "application/json"},
                  {"X-Propolis-Signature", Signature(webhook.secret, now, call.body)}};
  return call;
}

http::Call GatewayCall(const NewGateway& gateway, const std::string& to, const Told& told) {
  const http::Values values = {{"to", to},
                               {"name", told.name},
                               {"text", told.InShort()},
                               {"link", told.answer_url.empty() ? told.ticket_url : told.answer_url},
                               {"ticket", told.Ticket()},
                               {"priority", told.priority},
                               {"secret", gateway.secret.value_or("")}};
  http::Call call;
  call.method = NameOf(gateway.method);
  call.url = http::Fill(gateway.url, values, http::Place::kUrl);
  call.body = http::Fill(gateway.body, values, http::PlaceOf(gateway.content_type));
  if (gateway.method != HttpMethod::kGet) {
    call.headers.emplace_back("Content-Type", gateway.content_type);
  }
  for (const GatewayHeader& header : gateway.headers) {
    call.headers.emplace_back(header.name, http::Fill(header.value, values, http::Place::kHeader));
  }
  return call;
}

using PossibleCall = std::optional<http::Call>;

Result<PossibleCall> CallToGateway(store::ReadTx& tx, std::optional<GatewayId> id, const std::string& to,
                                   const Told& told) {
  const auto gateway = id ? TRY(StoredGateway(tx, *id)) : std::nullopt;
  return gateway ? PossibleCall(GatewayCall(*gateway, to, told)) : std::nullopt;
}

// nullopt: the way or the gateway was taken back.
Result<PossibleCall> CallFor(store::WriteTx& tx, const mail::Desk& desk, const Delivery& delivery, const Told& told) {
  if (delivery.channel == NoticeChannel::kGateway) {
    return CallToGateway(tx, GatewayId::Parse(delivery.place), "", told);
  }
  const auto id = MethodId::Parse(delivery.place);
  const auto method = id ? FindMethod(tx, *id) : std::nullopt;
  if (!method) {
    return PossibleCall();
  }
  switch (method->kind) {
    case MethodKind::kWebhook:
      break;
    case MethodKind::kPush:
      return PushCall(tx, desk, *method, delivery, told);
    case MethodKind::kPhone:
      return CallToGateway(tx, method->gateway, method->address, told);
  }
  const auto webhook = TRY(OpenWebhook(tx, *id));
  return webhook ? PossibleCall(WebhookCall(*webhook, delivery, told, tx.Now())) : std::nullopt;
}

// What came of a call: done, never to be tried again, or worth another attempt.
Attempt Judge(const Result<int>& status) {
  if (!status) {
    const bool refused = status.error().code == Code::kForbidden;
    return {.outcome = DeliveryState::kFailed, .detail = propolis::Describe(status.error()), .last = refused};
  }
  const int code = *status;
  const bool sent = code >= 200 && code < 300;
  const bool later = code >= 500 || code == 408 || code == 425 || code == 429;
  return {.outcome = sent ? DeliveryState::kSent : DeliveryState::kFailed, .code = code, .last = !later};
}

// Does the answer say that this browser takes messages no more (RFC 8030 section 7.3)?
bool IsGone(const Delivery& delivery, const Attempt& attempt) {
  constexpr int kNotFound = 404;
  constexpr int kGone = 410;
  return delivery.channel == NoticeChannel::kPush && (attempt.code == kNotFound || attempt.code == kGone);
}

// A call that is to be made, for that delivery.
struct Prepared {
  Delivery delivery;
  http::Call call;
};

// Settles what needs no call.
Result<std::optional<Prepared>> Prepare(store::WriteTx& tx, const mail::Desk& desk, std::int64_t id) {
  auto delivery = TakeDelivery(tx, id);
  if (!delivery) {
    return std::nullopt;
  }
  const auto told = TRY(Describe(tx, desk, *delivery));
  if (told && delivery->channel == NoticeChannel::kMail) {
    TRY(DeliverByMail(tx, desk, *delivery, *told));
    return std::nullopt;
  }
  auto call = told ? TRY(CallFor(tx, desk, *delivery, *told)) : std::nullopt;
  if (!call) {
    Settle(tx, id, {.outcome = DeliveryState::kDropped, .detail = "gone"});
    return std::nullopt;
  }
  return Prepared{*std::move(delivery), *std::move(call)};
}

}  // namespace

Status Deliver(store::Store& store, const mail::Desk& desk, std::int64_t delivery, bool last) {
  const auto prepared = TRY(store.Write([&](store::WriteTx& tx) { return Prepare(tx, desk, delivery); }));
  if (!prepared) {
    return {};
  }
  const auto networks = TRY(store.Read([](store::ReadTx& tx) -> Result<Outgoing> { return LoadOutgoing(tx); }));
  Attempt attempt = Judge(http::Send(prepared->call, TRY(http::ParseAllowed(networks.networks))));
  attempt.last = attempt.last || last;
  TRY(store.Write([&](store::WriteTx& tx) -> Status {
    Settle(tx, delivery, attempt);
    if (IsGone(prepared->delivery, attempt)) {
      if (const auto id = MethodId::Parse(prepared->delivery.place)) {
        ForgetMethod(tx, *id);
      }
      TellByMailInstead(tx, prepared->delivery);
    }
    return {};
  }));
  return attempt.last ? Status{} : Fail(Code::kUnavailable, "http.failed", {{"why", attempt.detail}});
}

std::unique_ptr<jobs::Worker> MakeCaller(store::Store& store, mail::Desk desk, std::shared_ptr<const Clock> clock) {
  jobs::WorkerOptions options;
  options.clock = std::move(clock);
  options.retry = kRetry;
  auto worker = std::make_unique<jobs::Worker>(store, std::move(options));
  worker->Handle(std::string(escalation::kStepJob), [&store](const jobs::Job& job) -> Status {
    const auto page = PageId::Parse(job.key);
    return page ? store.Write([&](store::WriteTx& tx) { return escalation::TakeStep(tx, *page); }) : Status{};
  });
  worker->Handle(std::string(kDeliveryJob), [&store, desk = std::move(desk)](const jobs::Job& job) -> Status {
    const auto id = text::ParseNumber<std::int64_t>(job.key).value_or(0);
    return Deliver(store, desk, id, job.attempt >= kRetry.attempts);
  });
  return worker;
}

}  // namespace propolis::notify
