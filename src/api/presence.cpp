// /tickets/{id}/presence: who else has a ticket open. Live only; nothing of it is stored.
#include "live/presence.h"

#include "api/resource.h"
#include "api/resources.h"
#include "domain/ref.h"
#include "domain/ticket/ticket.h"
#include "live/hub.h"

namespace propolis {
template <>
struct Names<live::Doing> {
  using D = live::Doing;
  static constexpr std::array kTable = {std::pair{D::kViewing, std::string_view("viewing")},
                                        std::pair{D::kTyping, std::string_view("typing")},
                                        std::pair{D::kGone, std::string_view("gone")}};
};
}  // namespace propolis

namespace propolis::api {
namespace {

using auth::Permission;
using net::Method;

struct PresenceView {
  Ref staff;
  live::Doing doing = live::Doing::kViewing;
  Time since;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<PresenceView>("Presence", "A person of the desk who has a ticket open.")
                                      .Required("staff", &PresenceView::staff, "Who.")
                                      .Required("doing", &PresenceView::doing, "What she does.")
                                      .Required("since", &PresenceView::since, "When she came.")
                                      .Done();
    return type;
  }
};

struct SayPresence {
  live::Doing doing = live::Doing::kViewing;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<SayPresence>("SayPresence", "What the caller does on a ticket.")
                                      .Required("doing", &SayPresence::doing, "What she does; gone when she leaves.")
                                      .Done();
    return type;
  }
};

Result<ticket::Ticket> Readable(Call& call) {
  return call.Read([&](store::ReadTx& tx) -> Result<ticket::Ticket> {
    auto found = ticket::Load(tx, TRY(ticket::Resolve(tx, call.Path("id"))));
    if (!found) {
      return Fail(Code::kNotFound, "error.not_found");
    }
    TRY(auth::Require(call.actor, Permission::kTicketRead, {.organisation = found->organisation}));
    return std::move(*found);
  });
}

// Without an organisation, so that no customer hears of it.
store::Event Changed(const ticket::Ticket& ticket) {
  json::Writer payload;
  payload.BeginObject().Field("id", ticket.id.ToString()).EndObject();
  return {.kind = "presence.changed", .organisation = {}, .ticket = ticket.number, .payload = payload.Take()};
}

}  // namespace

void AddPresence(Api& api) {
  const auto presence = std::make_shared<live::Presence>();
  api.Add({.method = Method::kGet,
           .path = "/tickets/{id}/presence",
           .id = "listPresence",
           .tag = "live",
           .summary = "Who has a ticket open now",
           .access = Permission::kStaffRead},
          [presence](Call& call) -> Result<std::vector<PresenceView>> {
            const auto ticket = TRY(Readable(call));
            std::vector<PresenceView> there;
            for (const auto& one : presence->On(ticket.number, call.Now())) {
              there.push_back({{one.staff.ToString(), one.name}, one.doing, one.since});
            }
            return there;
          });
  api.Add({.method = Method::kPost,
           .path = "/tickets/{id}/presence",
           .id = "sayPresence",
           .tag = "live",
           .summary = "Say that one has a ticket open, types, or leaves",
           .access = Permission::kStaffRead,
           .doc = "To be said again every 30 seconds; who says nothing is forgotten. Others hear of a change as the "
                  "event `presence.changed`."},
          [presence](Call& call, const SayPresence& said) -> Result<NoContent> {
            const auto ticket = TRY(Readable(call));
            if (presence->Say(ticket.number, call.actor.staff(), call.actor.name, said.doing, call.Now())) {
              call.desk.live.Tell(Changed(ticket));
            }
            return NoContent{};
          });
}

}  // namespace propolis::api
