// Live updates as server-sent events. They say that something changed; what changed is fetched, under its own
// permission.
#include "api/live.h"

#include <set>

#include "api/resource.h"
#include "api/resources.h"
#include "auth/key.h"
#include "auth/session.h"
#include "base/json.h"
#include "base/json_texts.h"
#include "base/number.h"
#include "domain/ticket/access.h"
#include "domain/ticket/number.h"
#include "live/hub.h"

namespace propolis::api {
namespace {

std::string Member(std::string_view payload, std::string_view name) {
  const auto document = json::Document::Parse(payload);
  return document ? json::TextOf(document->Root(), name) : std::string();
}

// Somebody who listens for as long as she may. Of the hub's thread alone.
class Listener {
 public:
  explicit Listener(const Call& call)
      : desk_(call.desk), session_(call.session_token), key_(BearerOf(call.request)), actor_(call.actor) {}

  // May she hear of this? True also when she may listen no longer: then `over`.
  bool Hears(const store::Event& event) {
    const Time now = desk_.clock.Now();
    if (kOfAccess.contains(event.kind) || now < checked_ || now - checked_ > kRecheck) {
      AskAgain(now);
    }
    if (over_) {
      return true;
    }
    return actor_.Is(auth::ActorKind::kCustomer) ? CustomerHears(event) : event.kind != auth::kAccessEnded;
  }
  [[nodiscard]] bool over() const { return over_; }

 private:
  static std::string BearerOf(const net::Request& request) {
    const auto header = request.headers.Find("Authorization");
    return header && header->starts_with(kBearer) ? std::string(header->substr(kBearer.size())) : std::string();
  }

  // Sessions, keys and roles end while a stream is open.
  void AskAgain(Time now) {
    checked_ = now;
    const auto found = desk_.store.Read([&](store::ReadTx& tx) -> Result<std::optional<auth::Actor>> {
      if (!key_.empty()) {
        auto use = auth::FindKey(tx, key_, now);
        return use ? std::optional(std::move(use->actor)) : std::nullopt;
      }
      auto session = auth::FindSession(tx, session_, now);
      return session ? std::optional(std::move(session->actor)) : std::nullopt;
    });
    over_ = !found || !*found ||
            !auth::May(**found, auth::Permission::kTicketRead, {.organisation = (*found)->organisation});
    if (!over_) {
      actor_ = **found;
    }
  }

  // The public lines of the tickets that she sees in the portal.
  bool CustomerHears(const store::Event& event) const {
    const bool told = event.kind == "ticket.created" || event.kind == "ticket.updated" ||
                      (event.kind == "entry.added" && Member(event.payload, "visibility") == "public");
    if (!told || !event.organisation || event.organisation != actor_.organisation) {
      return false;
    }
    const auto sees = desk_.store.Read([&](store::ReadTx& tx) -> Result<bool> {
      const auto ticket = ticket::Load(tx, event.ticket);
      return ticket && ticket::MaySee(tx, actor_, *ticket);
    });
    return sees && *sees;
  }

  static constexpr std::string_view kBearer = "Bearer ";
  static constexpr Seconds kRecheck{60};
  static inline const std::set<std::string, std::less<>> kOfAccess = {std::string(auth::kAccessEnded), "staff.changed",
                                                                      "contact.changed"};

  Desk& desk_;
  std::string session_;
  std::string key_;
  auth::Actor actor_;
  Time checked_;  // not yet: her session may end before the first event comes
  bool over_ = false;
};

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
  api.Add({.method = net::Method::kGet,
           .path = "/events",
           .id = "followEvents",
           .tag = "live",
           .summary = "Live updates (server-sent events)",
           .access = auth::Permission::kTicketRead,
           .doc = "Resumes after Last-Event-ID (or ?since=). The event `reset` asks to fetch everything again.",
           .customers = true,
           .media_type = "text/event-stream"},
          [](Call& call) -> Result<net::Response> {
            return net::Response::Stream([&hub = call.desk.live, listener = std::make_shared<Listener>(call),
                                          after = LastSeen(call.request)](const auto& stream) {
              // The stream keeps its subscription; the subscription's sink keeps only a weak hold on the stream.
              auto subscription =
                  hub.Subscribe([listener](const store::Event& event, std::int64_t) { return listener->Hears(event); },
                                [listener, weak = std::weak_ptr(stream)](const live::Frame& frame) {
                                  const auto open = weak.lock();
                                  if (open && listener->over()) {
                                    open->Close();
                                    return false;
                                  }
                                  return open && open->Send(frame);
                                },
                                after);
              stream->OnClose([subscription = std::move(subscription)]() mutable { subscription.reset(); });
            });
          });
}

}  // namespace propolis::api
