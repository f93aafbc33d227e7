#include "api/ticket_view.h"

#include "channels/mail/inline_image.h"
#include "channels/mail/queue.h"
#include "domain/approval/approval_commands.h"
#include "domain/ticket/number.h"
#include "domain/ticket/transition.h"

namespace propolis::api {
namespace {

TicketLink LinkFrom(const store::Row& row) {
  return {row.String(0), row.Id<TicketId>(1).ToString(), ticket::FormatNumber(row.Int(2)), row.String(3)};
}

constexpr std::string_view kLinks =
    "SELECT l.kind, t.id, t.number, t.subject FROM ticket_link l JOIN ticket t ON t.number = l.other WHERE l.ticket = "
    "$1 "
    "ORDER BY l.other";
constexpr std::string_view kLinkedTicket = "SELECT 'duplicate', id, number, subject FROM ticket WHERE number = $1";
constexpr std::string_view kPolicyName = "SELECT name FROM sla_policy WHERE id = $1";
constexpr std::string_view kCalendarName = "SELECT name FROM calendar WHERE id = $1";
constexpr std::string_view kContact = "SELECT id, name, language FROM contact WHERE id = $1";
constexpr std::string_view kWatchers =
    "SELECT s.id, s.name FROM ticket_watcher w JOIN staff s ON s.id = w.staff WHERE w.ticket = $1 ORDER BY s.name";
constexpr std::string_view kSurvey =
    "SELECT score, comment, answered_at FROM survey WHERE ticket = $1 AND score IS NOT NULL";

constexpr std::size_t kShownOfRanking = 3;  // all of it: getRouting

std::vector<std::string> Allowed(const auth::Actor& actor, const ticket::Ticket& t) {
  using P = auth::Permission;
  const auth::Target target{.organisation = t.organisation};
  std::vector<std::string> allowed;
  if (auth::May(actor, P::kTicketTransition, target)) {
    for (const TicketState state : ticket::LegalMoves(t.state)) {
      allowed.emplace_back(NameOf(state));
    }
  }
  for (const P permission : {P::kTicketUpdate, P::kTicketReply, P::kTicketNote, P::kWorkRecordAdd, P::kEvidenceAdd,
                             P::kPromiseMake, P::kApprovalAsk, P::kApprovalDecide, P::kTicketMerge}) {
    if (auth::May(actor, permission, target)) {
      allowed.emplace_back(NameOf(permission));
    }
  }
  return allowed;
}

void AddRow(TicketView& view, ticket::TicketRow row) {
  view.id = row.id;
  view.number = std::move(row.number);
  view.subject = std::move(row.subject);
  view.state = row.state;
  view.kind = row.kind;
  view.priority = row.priority;
  view.organisation = std::move(row.organisation);
  view.requester = std::move(row.requester);
  view.assignee = std::move(row.assignee);
  view.team = std::move(row.team);
  view.technology = std::move(row.technology);
  view.channel = row.channel;
  view.language = row.language;
  view.created_at = row.created_at;
  view.updated_at = row.updated_at;
  view.last_actor = std::move(row.last_actor);
  view.unread = row.unread;
  view.clock = std::move(row.clock);
  view.version = row.version;
}

void AddDecisions(TicketView& view, const ticket::Decisions& decisions, Language language) {
  if (decisions.classification_json) {
    if (auto parsed = dto::Parse<triage::Classification>(*decisions.classification_json)) {
      view.classification = std::move(*parsed);
    }
  }
  if (decisions.routing_packed) {
    if (auto parsed = routing::Unpack(*decisions.routing_packed, kShownOfRanking)) {
      view.routing = routing::Tell(std::move(*parsed), language);
    }
  }
}

std::optional<PolicyView> PolicyOf(store::ReadTx& tx, const ticket::Detail& detail) {
  if (!detail.policy || !detail.calendar) {
    return std::nullopt;
  }
  const auto name = [](const store::Row& row) { return row.String(0); };
  PolicyView view;
  view.policy = {detail.policy->ToString(), tx.One(kPolicyName, name, *detail.policy).value_or(""),
                 detail.policy_version};
  view.calendar = {detail.calendar->ToString(), tx.One(kCalendarName, name, *detail.calendar).value_or("")};
  if (detail.choice_json) {
    if (auto why = dto::Parse<ticket::PolicyChoice>(*detail.choice_json)) {
      view.why = std::move(*why);
    }
  }
  return view;
}

void AddDetail(TicketView& view, ticket::Detail detail) {
  view.asked_urgency = detail.asked_urgency;
  if (detail.override_json) {
    view.priority_override = dto::Raw{std::move(*detail.override_json)};
  }
  view.cc = std::move(detail.cc);
  view.scheduled_until = detail.scheduled_until;
  view.resolved_at = detail.resolved_at;
  view.closed_at = detail.closed_at;
}

}  // namespace

Result<TicketView> ViewTicket(store::ReadTx& tx, const auth::Actor& actor, std::int64_t number, Time now) {
  const auto t = ticket::Load(tx, number);
  if (!t) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  TRY(auth::Require(actor, auth::Permission::kTicketRead, {.organisation = t->organisation}));
  TicketView view;
  AddRow(view, *ticket::RowOf(tx, actor, number, now));
  auto detail = ticket::LoadDetail(tx, number);
  view.impact = t->impact;
  view.urgency = t->urgency;
  view.step = ticket::StepOf(t->state);
  view.allowed = Allowed(actor, *t);
  if (t->contact) {
    view.contact = tx.One(
        kContact,
        [&](const store::Row& row) {
          return TicketContact{row.Id<ContactId>(0).ToString(), row.String(1), t->requester_email, row.OptString(2),
                               detail.assurance};
        },
        *t->contact);
  }
  if (detail.merged_into) {
    view.merged_into = tx.One(kLinkedTicket, LinkFrom, *detail.merged_into);
  }
  view.clocks = TRY(ViewClocks(tx, number, detail, now));
  view.policy = PolicyOf(tx, detail);
  view.due_dates = ticket::DueDatesOf(tx, actor, *t);
  AddDetail(view, std::move(detail));
  AddDecisions(view, ticket::LoadDecisions(tx, number), actor.language);
  view.promises = promise::Of(tx, number);
  view.approval = approval::NewestOf(tx, actor, number);
  view.links = tx.All(kLinks, LinkFrom, number);
  view.watchers = tx.All(kWatchers, [](const store::Row& row) { return *OptRef(row, 0); }, number);
  view.survey = tx.One(
      kSurvey,
      [](const store::Row& row) { return SurveyAnswer{static_cast<int>(row.Int(0)), row.OptString(1), row.Time(2)}; },
      number);
  return view;
}

EntryView ViewEntry(store::ReadTx& tx, const ticket::Entry& entry) {
  EntryView view;
  view.id = entry.id;
  view.seq = entry.seq;
  view.kind = entry.kind;
  view.at = entry.at;
  view.author.kind = NameOf(entry.author_kind);
  if (!entry.author.IsNil()) {
    view.author.id = entry.author.ToString();
  }
  view.author.name = entry.author_name;
  view.visibility = entry.visibility;
  if (!entry.body.empty()) {
    view.body_text = entry.body;
  }
  if (entry.html) {
    view.body_html = mail::LinkInlineImages(*entry.html, fmt::format("/api/v1/tickets/{}/entries/{}/images/",
                                                                     ticket::FormatNumber(entry.ticket), entry.seq));
  }
  view.quoted_text = entry.quoted;
  view.data.json = entry.data;
  if (entry.kind == EntryKind::kMessage && entry.author_kind == auth::ActorKind::kStaff) {
    if (const auto mailed = mail::DeliveryOf(tx, entry.ticket, entry.seq)) {
      // To people a mail that is being handed over is still waiting.
      const auto state = mailed->state == mail::Delivery::kSending ? mail::Delivery::kQueued : mailed->state;
      view.delivery =
          Delivery{std::string(NameOf(state)), mailed->detail.empty() ? std::nullopt : std::optional(mailed->detail)};
    }
  }
  return view;
}

EntryView ViewEntryForCustomer(store::ReadTx& tx, const ticket::Entry& entry) {
  EntryView view = ViewEntry(tx, entry);
  view.delivery = std::nullopt;
  json::Writer kept;
  kept.BeginObject();
  if (const auto data = json::Document::Parse(entry.data)) {
    for (const std::string_view name : {"from", "to", "cc", "evidence", "files", "resolution"}) {
      if (const auto member = data->Root().Find(name)) {
        kept.Key(name).Raw(member->ToText());
      }
    }
  }
  kept.EndObject();
  view.data.json = kept.Take();
  return view;
}

const dto::Type& TicketContact::Dto() {
  static const dto::Type type =
      dto::Object<TicketContact>("TicketContact", "The contact who asked.")
          .Required("id", &TicketContact::id, "Her id.")
          .Required("name", &TicketContact::name, "Her name.")
          .Required("email", &TicketContact::email, "The address she wrote from.")
          .Optional("language", &TicketContact::language, "Her language.")
          .Required("assurance", &TicketContact::assurance, "How sure the desk is that it is she.")
          .Done();
  return type;
}

const dto::Type& TicketLink::Dto() {
  static const dto::Type type = dto::Object<TicketLink>("TicketLink", "Another ticket that this one is tied to.")
                                    .Required("kind", &TicketLink::kind, "related, follow_up or duplicate.")
                                    .Required("id", &TicketLink::id, "Its id.")
                                    .Required("number", &TicketLink::number, "Its number.")
                                    .Required("subject", &TicketLink::subject, "Its subject.")
                                    .Done();
  return type;
}

const dto::Type& SurveyAnswer::Dto() {
  static const dto::Type type = dto::Object<SurveyAnswer>("SurveyAnswer", "What the customer thought of it.")
                                    .Required("score", &SurveyAnswer::score, "1 very bad - 5 very good.")
                                    .Optional("comment", &SurveyAnswer::comment, "Her words.")
                                    .Required("at", &SurveyAnswer::at, "When.")
                                    .Done();
  return type;
}

const dto::Type& PolicyView::Dto() {
  using T = PolicyView;
  static const dto::Type type = dto::Object<T>("TicketPolicy", "Which service level a ticket has now, and why.")
                                    .Required("policy", &T::policy, "The policy, and which version of it.")
                                    .Required("calendar", &T::calendar, "The calendar of targets without their own.")
                                    .Optional("why", &T::why, "How it was chosen.")
                                    .Done();
  return type;
}

const dto::Type& TicketView::Dto() {
  using T = TicketView;
  static const dto::Type type =
      dto::Object<T>("Ticket", "A ticket with what belongs to it.")
          .Required("id", &T::id, "Id for machines.")
          .Required("number", &T::number, "Number for people, with a check character.")
          .Required("subject", &T::subject, "What it is about.")
          .Required("state", &T::state, "Where it stands.")
          .Required("kind", &T::kind, "What it is.")
          .Required("priority", &T::priority, "P1 to P4.")
          .Optional("organisation", &T::organisation, "Whose it is.")
          .Required("requester", &T::requester, "Who asked.")
          .Optional("assignee", &T::assignee, "Who handles it.")
          .Optional("team", &T::team, "Whose queue it is in.")
          .Optional("technology", &T::technology, "What it is about.")
          .Required("channel", &T::channel, "How it came.")
          .Optional("language", &T::language, "Its language.")
          .Required("created_at", &T::created_at, "When it came.")
          .Required("updated_at", &T::updated_at, "When it last changed.")
          .Required("last_actor", &T::last_actor, "customer, staff or system.")
          .Required("unread", &T::unread, "Whether there is something the reader has not seen.")
          .Optional("clock", &T::clock, "Its nearest deadline.")
          .Required("impact", &T::impact, "1 extensive - 4 minor.")
          .Required("urgency", &T::urgency, "1 critical - 4 low.")
          .Optional("asked_urgency", &T::asked_urgency, "The customer's own claim.")
          .Optional("priority_override", &T::priority_override, "A priority set by hand, with its reason.")
          .Optional("classification", &T::classification, "What the machine proposed, and why.")
          .Optional("routing", &T::routing, "Who was ranked for it, and why.")
          .Required("clocks", &T::clocks, "Its clocks.")
          .Optional("policy", &T::policy, "Its service level now, and why.")
          .Required("due_dates", &T::due_dates, "Due times asked for by hand, the newest first.")
          .Required("promises", &T::promises, "Times promised, the newest first.")
          .Optional("approval", &T::approval, "The newest approval asked for.")
          .Optional("contact", &T::contact, "The contact, when the desk knows her.")
          .Required("cc", &T::cc, "Who else takes part.")
          .Required("watchers", &T::watchers, "Staff who follow it.")
          .Optional("scheduled_until", &T::scheduled_until, "Until when it sleeps.")
          .Optional("resolved_at", &T::resolved_at, "When it was resolved.")
          .Optional("closed_at", &T::closed_at, "When it ended.")
          .Optional("merged_into", &T::merged_into, "The ticket it went into.")
          .Required("links", &T::links, "Other tickets it is tied to.")
          .Optional("survey", &T::survey, "The customer's rating.")
          .Required("allowed", &T::allowed, "States it may move to, and permissions the reader has on it.")
          .Required("step", &T::step, "1 registered, 2 triaged, 3 investigating, 4 in approval, 5 done.")
          .Required("version", &T::version, "For If-Match.")
          .Done();
  return type;
}

const dto::Type& Author::Dto() {
  static const dto::Type type = dto::Object<Author>("Author", "Who wrote an entry.")
                                    .Required("kind", &Author::kind, "staff, customer or system.")
                                    .Optional("id", &Author::id, "Her id.")
                                    .Required("name", &Author::name, "Her name.")
                                    .Done();
  return type;
}

const dto::Type& Delivery::Dto() {
  static const dto::Type type = dto::Object<Delivery>("Delivery", "What became of a message that was mailed.")
                                    .Required("state", &Delivery::state, "queued, sent or failed.")
                                    .Optional("detail", &Delivery::detail, "What the mail server said.")
                                    .Done();
  return type;
}

const dto::Type& EntryView::Dto() {
  using T = EntryView;
  static const dto::Type type = dto::Object<T>("Entry", "One line of a ticket's timeline. Never changed.")
                                    .Required("id", &T::id, "Its id.")
                                    .Required("seq", &T::seq, "Its place on the ticket, from 1.")
                                    .Required("kind", &T::kind, "What it is.")
                                    .Required("at", &T::at, "When.")
                                    .Required("author", &T::author, "Who.")
                                    .Required("visibility", &T::visibility, "Whether the customer sees it.")
                                    .Optional("body_text", &T::body_text, "Plain text.")
                                    .Optional("body_html", &T::body_html, "Sanitised HTML, when it came as such.")
                                    .Optional("quoted_text", &T::quoted_text, "What was quoted below the message.")
                                    .Optional("delivery", &T::delivery, "What became of it, when it was mailed.")
                                    .Required("data", &T::data, "By kind, see the guide.")
                                    .Done();
  return type;
}

}  // namespace propolis::api
