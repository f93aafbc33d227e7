// The portal: what a customer sees and does about her requests.
#include "api/evidence.h"
#include "api/portal_view.h"
#include "api/resources.h"
#include "domain/survey/survey.h"
#include "domain/ticket/commands.h"
#include "domain/ticket/number.h"

namespace propolis::api {
namespace {

using auth::Permission;
using net::Method;

struct PortalRequest {
  std::string subject;
  std::string body;
  std::optional<TicketKind> kind;
  std::optional<TechnologyId> technology_id;
  std::optional<int> asked_urgency;
  static const dto::Type& Dto() {
    using T = PortalRequest;
    static const dto::Type type =
        dto::Object<T>("PortalRequest", "A request by the signed-in customer.")
            .Required("subject", &T::subject, "What it is about.", dto::Text(1, 300))
            .Required("body", &T::body, "What happens.", dto::Text(1, 100000, "multiline"))
            .Optional("kind", &T::kind, "What it is; proposed when left out.")
            .Optional("technology_id", &T::technology_id, "What it is about; proposed when left out.")
            .Optional("asked_urgency", &T::asked_urgency, "Her own claim, 1 critical - 4 low.", dto::Range(1, 4))
            .Done();
    return type;
  }
};

struct PortalMessage {
  std::string body;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<PortalMessage>("PortalMessage", "An answer by the customer.")
            .Required("body", &PortalMessage::body, "The text.", dto::Text(1, 100000, "multiline"))
            .Done();
    return type;
  }
};

struct PortalConfirmation {
  bool works = false;
  std::optional<std::string> comment;
  std::optional<int> score;
  static const dto::Type& Dto() {
    using T = PortalConfirmation;
    static const dto::Type type =
        dto::Object<T>("PortalConfirmation", "The customer's word on the solution.")
            .Required("works", &T::works, "Whether it works.")
            .Optional("comment", &T::comment, "What still fails; needed when it does not work.",
                      dto::Text(0, 100000, "multiline"))
            .Optional("score", &T::score, "How the desk did, 1 very bad - 5 very good.", dto::Range(1, 5))
            .Done();
    return type;
  }
};

void AddReading(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/portal/tickets",
           .id = "listPortalTickets",
           .tag = "portal",
           .summary = "The customer's requests",
           .access = Permission::kPortalUse},
          [](Call& call, const portal::Filter& filter) -> Result<portal::RowPage> {
            return call.Read(
                [&](store::ReadTx& tx) -> Result<portal::RowPage> { return portal::List(tx, call.actor, filter); });
          });
  api.Add({.method = Method::kGet,
           .path = "/portal/tickets/{id}",
           .id = "getPortalTicket",
           .tag = "portal",
           .summary = "One request, by id or number",
           .access = Permission::kPortalUse},
          [](Call& call) -> Result<PortalTicket> {
            return call.Read(
                [&](store::ReadTx& tx) { return ViewPortalTicket(tx, call.actor, call.Path("id"), call.Now()); });
          });
}

// An act on one request; the answer is the request after it.
template <class Request, class Act>
void AddAct(Api& api, const std::string& path, std::string id, std::string summary, Act act) {
  api.Add({.method = Method::kPost,
           .path = "/portal/tickets/{id}" + path,
           .id = std::move(id),
           .tag = "portal",
           .summary = std::move(summary),
           .access = Permission::kPortalUse},
          [act = std::move(act)](Call& call, const Request& request) -> Result<PortalTicket> {
            return call.Write([&](store::WriteTx& tx) -> Result<PortalTicket> {
              const std::int64_t number = TRY(portal::Find(tx, call.actor, call.Path("id")));
              TRY(act(tx, call.actor, number, request));
              return ViewPortalTicket(tx, call.actor, call.Path("id"), call.Now());
            });
          });
}

Status ConfirmAndRate(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number,
                      const PortalConfirmation& word) {
  TRY(ticket::Confirm(tx, actor, number, word.works, word.comment.value_or("")));
  if (!word.works || !word.score) {
    return {};
  }
  TRY(survey::Rate(tx, actor, number, {*word.score, std::nullopt}));
  return {};
}

void AddActing(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/portal/tickets",
           .id = "openPortalTicket",
           .tag = "portal",
           .summary = "Open a request",
           .access = Permission::kPortalUse,
           .status = 201},
          [](Call& call, const PortalRequest& body) -> Result<PortalTicket> {
            ticket::OpenTicket request;
            request.subject = body.subject;
            request.body = body.body;
            request.requester = {call.actor.email, call.actor.name};
            request.kind = body.kind;
            request.technology_id = body.technology_id;
            request.asked_urgency = body.asked_urgency;
            request.channel = Channel::kPortal;
            return call.Write([&](store::WriteTx& tx) -> Result<PortalTicket> {
              const auto opened = TRY(ticket::Open(tx, call.actor, request, {.assurance = call.actor.assurance}));
              return ViewPortalTicket(tx, call.actor, ticket::FormatNumber(opened.ticket.number), call.Now());
            });
          });
  api.Add({.method = Method::kPost,
           .path = "/portal/tickets/{id}/messages",
           .id = "postPortalMessage",
           .tag = "portal",
           .summary = "Answer the desk",
           .access = Permission::kPortalUse,
           .status = 201},
          [](Call& call, const PortalMessage& body) -> Result<EntryView> {
            return call.Write([&](store::WriteTx& tx) -> Result<EntryView> {
              const std::int64_t number = TRY(portal::Find(tx, call.actor, call.Path("id")));
              ticket::PostMessage message;
              message.body = body.body;
              const auto posted =
                  TRY(ticket::Post(tx, call.actor, number, message, {.assurance = call.actor.assurance}));
              const auto written =
                  ticket::Entries(tx, posted.ticket.number, {.after = posted.seq - 1, .before = {}, .limit = 1});
              return written.empty() ? Result<EntryView>(Fail(Code::kInternal, "error.internal"))
                                     : ViewEntryForCustomer(tx, written.front());
            });
          });
  AddAct<PortalConfirmation>(api, "/confirm", "confirmPortalTicket", "Say whether the solution works", ConfirmAndRate);
  AddAct<survey::Answer>(api, "/rating", "ratePortalTicket", "Say how the desk did", survey::Rate);
  api.Add({.method = Method::kPost,
           .path = "/portal/tickets/{id}/read",
           .id = "markPortalTicketRead",
           .tag = "portal",
           .summary = "Mark a request as read by me",
           .access = Permission::kPortalUse},
          [](Call& call) -> Result<NoContent> {
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              const std::int64_t number = TRY(portal::Find(tx, call.actor, call.Path("id")));
              TRY(ticket::MarkRead(tx, call.actor, number));
              return NoContent{};
            });
          });
}

void AddFiles(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/portal/tickets/{id}/evidence",
           .id = "addPortalEvidence",
           .tag = "portal",
           .summary = "Send a file",
           .access = Permission::kPortalUse,
           .status = 201,
           .doc = "multipart/form-data with the part file, and source if it is known.",
           .multipart = true,
           .pool = net::Pool::kSlow,
           .max_body = kLargestEvidenceForm},
          [](Call& call) -> Result<evidence::Evidence> {
            const auto number =
                TRY(call.Read([&](store::ReadTx& tx) { return portal::Find(tx, call.actor, call.Path("id")); }));
            return TakeEvidence(call, number);
          });
}

}  // namespace

void AddPortal(Api& api) {
  AddReading(api);
  AddActing(api);
  AddFiles(api);
}

}  // namespace propolis::api
