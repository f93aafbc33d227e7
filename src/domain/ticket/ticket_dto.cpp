// The field tables of the ticket room's requests and answers.
#include "domain/ticket/commands.h"
#include "domain/ticket/queries.h"

namespace propolis::ticket {

const dto::Type& Requester::Dto() {
  static const dto::Type type =
      dto::Object<Requester>("Requester", "Who asks.")
          .Required("email", &Requester::email, "Mail address.", dto::Text(3, 254, "email", "\"ana@paramo.example\""))
          .Optional("name", &Requester::name, "Name, for people.", dto::Text(0, 200, "", "\"Ana Paredes\""))
          .Done();
  return type;
}

const dto::Type& OpenTicket::Dto() {
  static const dto::Type type =
      dto::Object<OpenTicket>("OpenTicket", "A new request. What is left out is proposed by triage.")
          .Required("subject", &OpenTicket::subject, "What it is about, one line.",
                    dto::Text(1, 300, "", "\"IPsec tunnel down between Quito and the data centre\""))
          .Required("body", &OpenTicket::body, "The request itself, plain text.", dto::Text(1, 100000, "multiline"))
          .Required("requester", &OpenTicket::requester, "Who asks.")
          .Optional("kind", &OpenTicket::kind, "Kind of request.")
          .Optional("technology_id", &OpenTicket::technology_id, "The technology it is about.")
          .Optional("asked_urgency", &OpenTicket::asked_urgency,
                    "The customer's own claim, 1 critical - 4 low; kept apart from the desk's.", dto::Range(1, 4))
          .Optional("impact", &OpenTicket::impact, "1 extensive - 4 minor.", dto::Range(1, 4))
          .Optional("urgency", &OpenTicket::urgency, "1 critical - 4 low.", dto::Range(1, 4))
          .Optional("organisation_id", &OpenTicket::organisation_id,
                    "The organisation; found by the requester's address when left out.")
          .Optional("language", &OpenTicket::language, "The request's language; detected when left out.")
          .Optional("channel", &OpenTicket::channel, "How it came.")
          .Done();
  return type;
}

const dto::Type& PromiseMade::Dto() {
  static const dto::Type type = dto::Object<PromiseMade>("PromiseMade", "A time promised with a message.")
                                    .Required("kind", &PromiseMade::kind, "eta or next_update.", dto::Text(1, 20))
                                    .Required("at", &PromiseMade::at, "When.")
                                    .Done();
  return type;
}

const dto::Type& PostMessage::Dto() {
  static const dto::Type type =
      dto::Object<PostMessage>("PostMessage", "A public message: an answer by staff, or the customer's word.")
          .Required("body", &PostMessage::body, "Plain text.", dto::Text(1, 100000, "multiline"))
          .Optional("cc", &PostMessage::cc, "Who else gets it; takes the place of the ticket's list.",
                    dto::Text(0, 50, "email"))
          .Optional("set_state", &PostMessage::set_state, "The state to move to with it.")
          .Optional("promise", &PostMessage::promise, "A time promised with it.")
          .Optional("attachment_ids", &PostMessage::attachment_ids, "Evidence of this ticket to send along.",
                    dto::Items(0, 50))
          .Done();
  return type;
}

const dto::Type& AddNote::Dto() {
  static const dto::Type type =
      dto::Object<AddNote>("AddNote", "An internal note; customers never see it.")
          .Required("body", &AddNote::body, "Plain text.", dto::Text(1, 100000, "multiline"))
          .Optional("mentions", &AddNote::mentions, "Staff who should look.", dto::Items(0, 50))
          .Done();
  return type;
}

const dto::Type& LogCall::Dto() {
  static const dto::Type type =
      dto::Object<LogCall>("LogCall", "A telephone call that took place.")
          .Required("direction", &LogCall::direction, "in or out.", dto::Text(2, 3))
          .Required("contact_made", &LogCall::contact_made, "Whether the customer was reached; counts as a response.")
          .Optional("seconds", &LogCall::seconds, "How long it took.", dto::Range(0, 86400))
          .Required("body", &LogCall::body, "What was said.", dto::Text(1, 100000, "multiline"))
          .Done();
  return type;
}

const dto::Type& AddWorkRecord::Dto() {
  static const dto::Type type =
      dto::Object<AddWorkRecord>("AddWorkRecord", "What was done, with its result.")
          .Required("action", &AddWorkRecord::action, "What was done, where.", dto::Text(1, 1000))
          .Optional("before", &AddWorkRecord::before, "Configuration before.", dto::Text(0, 20000, "multiline"))
          .Optional("after", &AddWorkRecord::after, "Configuration after.", dto::Text(0, 20000, "multiline"))
          .Optional("command", &AddWorkRecord::command, "Commands or steps.", dto::Text(0, 20000, "multiline"))
          .Required("result", &AddWorkRecord::result, "What came of it.", dto::Text(1, 5000, "multiline"))
          .Optional("ok", &AddWorkRecord::ok, "Whether it had the result that was wanted.")
          .Done();
  return type;
}

const dto::Type& Transition::Dto() {
  static const dto::Type type =
      dto::Object<Transition>("Transition", "A move to another state.")
          .Required("to", &Transition::to, "The state to move to.")
          .Optional("reason", &Transition::reason, "Why.", dto::Text(0, 2000, "multiline"))
          .Optional("until", &Transition::until, "For scheduled: when it wakes.")
          .Optional("into", &Transition::into, "For merged: the other ticket's number or id.", dto::Text(1, 40))
          .Done();
  return type;
}

const dto::Type& PriorityOverride::Dto() {
  static const dto::Type type =
      dto::Object<PriorityOverride>("PriorityOverride", "A priority set by hand; ends when impact or urgency changes.")
          .Required("priority", &PriorityOverride::priority, "The priority.")
          .Required("reason", &PriorityOverride::reason, "Why the matrix is not followed.", dto::Text(3, 1000))
          .Done();
  return type;
}

const dto::Type& UpdateTicket::Dto() {
  static const dto::Type type =
      dto::Object<UpdateTicket>("UpdateTicket", "What a person changes; what is left out stays.")
          .Optional("subject", &UpdateTicket::subject, "Subject.", dto::Text(1, 300))
          .Optional("kind", &UpdateTicket::kind, "Kind.")
          .Optional("impact", &UpdateTicket::impact, "1 extensive - 4 minor.", dto::Range(1, 4))
          .Optional("urgency", &UpdateTicket::urgency, "1 critical - 4 low.", dto::Range(1, 4))
          .Optional("technology_id", &UpdateTicket::technology_id, "Technology; null for none.")
          .Optional("team_id", &UpdateTicket::team_id, "Team; null for none.")
          .Optional("assignee_id", &UpdateTicket::assignee_id, "Who handles it; null for nobody.")
          .Optional("organisation_id", &UpdateTicket::organisation_id, "Organisation.")
          .Optional("language", &UpdateTicket::language, "Language.")
          .Optional("priority_override", &UpdateTicket::priority_override,
                    "Priority by hand; null to follow the matrix.")
          .Optional("reason", &UpdateTicket::reason,
                    "Why impact or urgency change; needed to raise to P1 or P2 where their share is above the bound.",
                    dto::Text(1, 1000, "multiline"))
          .Optional("watch", &UpdateTicket::watch, "Follow the ticket, or stop following it.")
          .Done();
  return type;
}

const dto::Type& Person::Dto() {
  static const dto::Type type = dto::Object<Person>("Person", "Somebody by name and address.")
                                    .Required("name", &Person::name, "Name.")
                                    .Required("email", &Person::email, "Mail address.")
                                    .Done();
  return type;
}

const dto::Type& RowClock::Dto() {
  static const dto::Type type =
      dto::Object<RowClock>("RowClock", "The nearest deadline of a ticket.")
          .Required("kind", &RowClock::kind, "Which clock.")
          .Required("state", &RowClock::state, "running, paused or breached.")
          .Optional("due_at", &RowClock::due_at, "The deadline.")
          .Optional("remaining_seconds", &RowClock::remaining_seconds, "What is left on a paused clock.")
          .Done();
  return type;
}

const dto::Type& TicketRow::Dto() {
  static const dto::Type type =
      dto::Object<TicketRow>("TicketRow", "A ticket at a glance.")
          .Required("id", &TicketRow::id, "Id for machines.")
          .Required("number", &TicketRow::number, "Number for people, with a check character.")
          .Required("subject", &TicketRow::subject, "What it is about.")
          .Required("state", &TicketRow::state, "Where it stands.")
          .Required("kind", &TicketRow::kind, "What it is.")
          .Required("priority", &TicketRow::priority, "P1 to P4.")
          .Optional("organisation", &TicketRow::organisation, "Whose it is.")
          .Required("requester", &TicketRow::requester, "Who asked.")
          .Optional("assignee", &TicketRow::assignee, "Who handles it.")
          .Optional("team", &TicketRow::team, "Whose queue it is in.")
          .Optional("technology", &TicketRow::technology, "What it is about.")
          .Required("channel", &TicketRow::channel, "How it came.")
          .Optional("language", &TicketRow::language, "Its language.")
          .Required("created_at", &TicketRow::created_at, "When it came.")
          .Required("updated_at", &TicketRow::updated_at, "When it last changed.")
          .Required("last_actor", &TicketRow::last_actor, "customer, staff or system.")
          .Required("unread", &TicketRow::unread, "Whether there is something the reader has not seen.")
          .Optional("clock", &TicketRow::clock, "Its nearest deadline.")
          .Required("version", &TicketRow::version, "For If-Match.")
          .Done();
  return type;
}

const dto::Type& ListFilter::Dto() {
  static const dto::Type type =
      dto::Object<ListFilter>("TicketFilter", "Filters of the ticket list.")
          .Optional("view", &ListFilter::view, "A queue's key, as GET /views names it.", dto::Text(1, 80))
          .Optional("state", &ListFilter::state, "States, separated by commas.", dto::Text(1, 200))
          .Optional("priority", &ListFilter::priority, "Priorities, separated by commas.", dto::Text(1, 40))
          .Optional("kind", &ListFilter::kind, "Kinds, separated by commas.", dto::Text(1, 200))
          .Optional("team", &ListFilter::team, "A team's id, or none.", dto::Text(1, 40))
          .Optional("assignee", &ListFilter::assignee, "A person's id, me or none.", dto::Text(1, 40))
          .Optional("organisation", &ListFilter::organisation, "An organisation's id, or none.", dto::Text(1, 40))
          .Optional("technology", &ListFilter::technology, "A technology's id, or none.", dto::Text(1, 40))
          .Optional("language", &ListFilter::language, "Languages, separated by commas.", dto::Text(1, 20))
          .Optional("channel", &ListFilter::channel, "Channels, separated by commas.", dto::Text(1, 60))
          .Optional("requester", &ListFilter::requester, "A requester's mail address.", dto::Text(1, 254))
          .Optional("updated_since", &ListFilter::updated_since, "Only what changed since.")
          .Optional(
              "sort", &ListFilter::sort,
              "updated, created, deadline or priority; a minus in front for descending. Deadline and priority show "
              "open tickets only.",
              dto::Text(1, 20))
          .Optional("limit", &ListFilter::limit, "How many at most.", dto::Range(1, 200))
          .Optional("cursor", &ListFilter::cursor, "Where the page before ended.", dto::Text(1, 200))
          .Done();
  return type;
}

const dto::Type& TicketPage::Dto() {
  static const dto::Type type = dto::Object<TicketPage>("TicketPage", "A page of tickets.")
                                    .Required("items", &TicketPage::items, "The tickets.")
                                    .Optional("next_cursor", &TicketPage::next_cursor, "Set when there are more.")
                                    .Done();
  return type;
}

const dto::Type& QueueCount::Dto() {
  static const dto::Type type = dto::Object<QueueCount>("QueueCount", "A queue and how many tickets are in it.")
                                    .Required("key", &QueueCount::key, "What ?view= takes.")
                                    .Required("group", &QueueCount::group, "mine, team or desk.")
                                    .Optional("name", &QueueCount::name, "The team's name.")
                                    .Optional("team_id", &QueueCount::team_id, "The team.")
                                    .Required("count", &QueueCount::count, "How many.")
                                    .Required("alert", &QueueCount::alert, "Whether somebody should look now.")
                                    .Done();
  return type;
}

}  // namespace propolis::ticket
