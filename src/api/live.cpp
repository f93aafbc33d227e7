// Live updates as server-sent events. They say that something changed; what changed is fetched, under its own
// permission.
#include "api/live.h"

#include "api/resource.h"
#include "api/resources.h"
#include "base/json.h"
#include "base/number.h"
#include "domain/ticket/number.h"
#include "live/hub.h"

namespace propolis::api {
namespace {

std::string Member(std::string_view payload, std::string_view name) {
  const auto document = json::Document::Parse(payload);
  const auto member = document ? document->Root().Find(name) : std::nullopt;
  return member ? std::string(member->AsString().value_or("")) : std::string();
}

// Staff hear of everything they may read; a customer of her own organisation's public lines.
live::Filter FilterFor(const auth::Actor& actor) {
  if (actor.Is(auth::ActorKind::kCustomer)) {
    return [organisation = actor.organisation](const store::Event& event, std::int64_t) {
      return organisation && event.organisation == organisation && event.ticket != 0 &&
             event.payload.find("\"visibility\":\"internal\"") == std::string::npos;
    };
  }
  return [](const store::Event&, std::int64_t) { return true; };
}

std::optional<std::int64_t> LastSeen(const net::Request& request) {
  const auto header = request.headers.Find("Last-Event-ID");
  const auto query = request.query.Find("since");
  const auto seen = text::ParseNumber<std::int64_t>(header ? *header : query.value_or(""));
  return seen && *seen >= 0 ? seen : std::nullopt;
}

}  // namespace

live::Frame LiveFrame(const store::StoredEvent& stored) {
  json::Writer data;
  data.BeginObject().Field("seq", stored.seq).Field("kind", stored.event.kind).Field("at", FormatTime(stored.at));
  if (stored.event.ticket != 0) {
    data.Key("ticket").BeginObject().Field("number", ticket::FormatNumber(stored.event.ticket));
    if (const std::string id = Member(stored.event.payload, "id"); !id.empty()) {
      data.Field("id", id);
    }
    data.EndObject();
  }
  data.EndObject();
  return net::SseEvent(stored.event.ticket != 0 ? "ticket" : "desk", stored.seq > 0 ? std::to_string(stored.seq) : "",
                       data.Take());
}

void AddLive(Api& api) {
  api.Add(
      {.method = net::Method::kGet,
       .path = "/events",
       .id = "followEvents",
       .tag = "live",
       .summary = "Live updates (server-sent events)",
       .access = auth::Permission::kTicketRead,
       .doc = "Resumes after Last-Event-ID (or ?since=). The event `reset` asks to fetch everything again.",
       .customers = true,
       .media_type = "text/event-stream"},
      [](Call& call) -> Result<net::Response> {
        return net::Response::Stream([&hub = call.desk.live, filter = FilterFor(call.actor),
                                      after = LastSeen(call.request)](const std::shared_ptr<net::EventStream>& stream) {
          // The stream keeps its subscription; the subscription's sink keeps only a weak hold on the stream.
          auto subscription = hub.Subscribe(
              filter,
              [weak = std::weak_ptr(stream)](const live::Frame& frame) {
                const auto open = weak.lock();
                return open && open->Send(frame);
              },
              after);
          stream->OnClose([subscription = std::move(subscription)]() mutable { subscription.reset(); });
        });
      });
}

}  // namespace propolis::api
