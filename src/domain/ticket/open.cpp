// How a request becomes a ticket: registered, triaged, routed, its clocks started, in one transaction.
#include "base/json.h"
#include "domain/people/contact_commands.h"
#include "domain/people/contact_queries.h"
#include "domain/people/technology_sql.h"
#include "domain/routing/route.h"
#include "domain/stored.h"
#include "domain/ticket/assign.h"
#include "domain/ticket/commands.h"
#include "domain/ticket/number.h"
#include "domain/ticket/terms.h"
#include "domain/ticket/ticket_sql.h"
#include "domain/triage/decide.h"

namespace propolis::ticket {
namespace {

constexpr std::size_t kMostRecipients = 50;

// Who asks, as far as the desk knows her.
struct Origin {
  std::optional<OrganisationId> organisation;
  std::optional<ContactId> contact;
  std::string name;
  std::optional<Language> language;
};

Result<Origin> FindOrigin(store::WriteTx& tx, const auth::Actor& actor, const OpenTicket& request) {
  Origin origin;
  origin.name = request.requester.name;
  const people::Requester known =
      people::EnsureContact(tx, request.requester.email, request.requester.name, request.language);
  origin.organisation = known.organisation;
  origin.contact = known.contact;
  if (!known.name.empty()) {
    origin.name = known.name;
  }
  origin.language = known.language;
  if (actor.Is(auth::ActorKind::kCustomer)) {
    origin.organisation = actor.organisation;
  } else if (request.organisation_id) {
    if (!sql::TextOf(tx, sql::kOrganisationName, *request.organisation_id)) {
      return FailField("organisation_id", "field.not_found");
    }
    origin.organisation = request.organisation_id;
  }
  if (origin.name.empty()) {
    origin.name = request.requester.email;
  }
  return origin;
}

// The customer as the author of what she wrote, whoever registered it for her.
auth::Actor Author(const Origin& origin, const OpenTicket& request) {
  auth::Actor author;
  author.kind = auth::ActorKind::kCustomer;
  author.person = origin.contact ? origin.contact->uuid : Uuid{};
  author.name = origin.name;
  author.email = request.requester.email;
  author.organisation = origin.organisation;
  return author;
}

std::vector<std::string> TakingPart(const std::vector<std::string>& addresses, const std::string& requester) {
  std::vector<std::string> cc;
  for (const auto& address : addresses) {
    std::string lower = text::AsciiLower(address);
    if (!lower.empty() && lower != requester && cc.size() < kMostRecipients &&
        std::ranges::find(cc, lower) == cc.end()) {
      cc.push_back(std::move(lower));
    }
  }
  return cc;
}

void AppendTriage(Edit& edit, const triage::Decision& decision, std::string_view classification_json) {
  json::Writer data;
  data.BeginObject()
      .Field("field", "priority")
      .Field("to", NameOf(decision.priority))
      .Field("reason", decision.priority_reason)
      .Field("by", NameOf(decision.classification.by))
      .Key("classification")
      .Raw(classification_json)
      .EndObject();
  edit.AppendBy(auth::SystemActor(), {.kind = EntryKind::kTriage, .data = data.Take()});
}

void LinkFollowUp(Edit& edit, std::int64_t follows) {
  edit.tx().Exec("INSERT INTO ticket_link (ticket, other, kind) VALUES ($1, $2, 'follow_up')", edit.ticket().number,
                 follows);
  json::Writer data;
  data.BeginObject().Field("act", "follows").Field("number", FormatNumber(follows)).EndObject();
  edit.AppendBy(auth::SystemActor(), {.kind = EntryKind::kSystem, .data = data.Take()});
}

}  // namespace

Result<Opened> Open(store::WriteTx& tx, const auth::Actor& actor, const OpenTicket& request, const Arrival& arrival) {
  TRY(auth::Require(actor, auth::Permission::kTicketCreate, {.organisation = actor.organisation}));
  const Origin origin = TRY(FindOrigin(tx, actor, request));
  if (request.technology_id) {
    TRY(stored::CheckReference(tx, people::sql::kTechnologyExists, *request.technology_id, "technology_id"));
  }
  const auto decision = triage::Decide(tx, request.subject, request.body,
                                       {.kind = request.kind,
                                        .technology = request.technology_id,
                                        .impact = request.impact,
                                        .urgency = request.urgency,
                                        .language = request.language},
                                       arrival.proposal);
  Ticket ticket;
  ticket.subject = request.subject;
  ticket.kind = decision.kind;
  ticket.priority = decision.priority;
  ticket.impact = decision.impact;
  ticket.urgency = decision.urgency;
  ticket.organisation = origin.organisation;
  ticket.contact = origin.contact;
  ticket.requester_email = text::AsciiLower(request.requester.email);
  ticket.requester_name = origin.name;
  ticket.technology = decision.technology;
  ticket.channel = request.channel.value_or(actor.Is(auth::ActorKind::kCustomer) ? Channel::kPortal : Channel::kApi);
  ticket.language = decision.language ? decision.language : origin.language;

  Detail detail;
  detail.asked_urgency = request.asked_urgency;
  detail.cc = TakingPart(arrival.cc, ticket.requester_email);
  detail.assurance = arrival.assurance;
  TakeTerms(detail, TRY(ChooseTerms(tx, ticket, tx.Now())));

  const auto routing = Route(tx, ticket);
  Decisions decisions{.classification_json = dto::ToJson(decision.classification),
                      .routing_packed = routing::Pack(routing)};
  auto edit = Edit::Create(tx, actor, std::move(ticket), std::move(detail));
  const std::int64_t seq = edit.AppendBy(Author(origin, request), {.kind = EntryKind::kMessage,
                                                                   .visibility = Visibility::kPublic,
                                                                   .body = request.body,
                                                                   .html = arrival.html,
                                                                   .quoted = arrival.quoted,
                                                                   .data = arrival.data});
  if (arrival.follows) {
    LinkFollowUp(edit, *arrival.follows);
  }
  AppendTriage(edit, decision, *decisions.classification_json);
  AppendRouting(edit, auth::SystemActor(), routing.gap);
  SaveDecisions(tx, edit.ticket().number, decisions);
  return Opened{.ticket = TRY(edit.Finish("ticket.create")), .message_seq = seq};
}

}  // namespace propolis::ticket
