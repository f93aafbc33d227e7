#include "api/portal_view.h"

#include "domain/people/contract_queries.h"
#include "domain/ticket/commands.h"
#include "domain/ticket/number.h"

namespace propolis::api {
namespace {

constexpr std::int64_t kMostEntries = 500;
constexpr int kTreeDepth = 3;  // domain, vendor, product

constexpr std::string_view kNameOfStaff = "SELECT name FROM staff WHERE id = $1";
constexpr std::string_view kTechnology = "SELECT name, parent FROM technology WHERE id = $1";
constexpr std::string_view kLevel = "SELECT level FROM skill WHERE staff = $1 AND technology = $2";
constexpr std::string_view kReviewer =
    "SELECT s.name FROM approval a JOIN staff s ON s.id = coalesce(a.decided_by, a.approver) WHERE a.ticket = $1 "
    "ORDER BY a.asked_at DESC LIMIT 1";
constexpr std::string_view kFiles =
    "SELECT id, filename, size, media_type, collected_at FROM evidence WHERE ticket = $1 AND visibility = 'public' "
    "ORDER BY collected_at";
constexpr std::string_view kRating = "SELECT score, comment FROM survey WHERE ticket = $1 AND score IS NOT NULL";
constexpr std::string_view kSeen = "SELECT seq FROM ticket_seen WHERE person = $1 AND ticket = $2";

std::optional<std::string> Name(store::ReadTx& tx, const StaffId& staff) {
  return tx.One(kNameOfStaff, [](const store::Row& row) { return row.String(0); }, staff);
}

// Her level for the product, else for its vendor, else for its domain.
std::optional<int> LevelFor(store::ReadTx& tx, const StaffId& staff, std::optional<TechnologyId> technology) {
  for (int depth = 0; technology && depth < kTreeDepth; ++depth) {
    const auto level =
        tx.One(kLevel, [](const store::Row& row) { return static_cast<int>(row.Int(0)); }, staff, *technology);
    if (level) {
      return level;
    }
    const auto parent =
        tx.One(kTechnology, [](const store::Row& row) { return row.OptId<TechnologyId>(1); }, *technology);
    technology = parent ? *parent : std::nullopt;
  }
  return std::nullopt;
}

void AddPeople(store::ReadTx& tx, const ticket::Ticket& ticket, Time now, PortalTicket& view) {
  if (ticket.assignee) {
    if (auto name = Name(tx, *ticket.assignee)) {
      view.specialist = PortalPerson{std::move(*name), LevelFor(tx, *ticket.assignee, ticket.technology)};
    }
  }
  if (auto name = tx.One(kReviewer, [](const store::Row& row) { return row.String(0); }, ticket.number)) {
    view.reviewer = PortalPerson{std::move(*name), std::nullopt};
  }
  if (ticket.technology) {
    view.technology = tx.One(kTechnology, [](const store::Row& row) { return row.String(0); }, *ticket.technology);
  }
  if (ticket.organisation) {
    if (const auto contract = people::ContractInForce(tx, *ticket.organisation, now)) {
      view.contract = PortalContract{contract->name, contract->ends_on};
    }
  }
}

void AddPromises(store::ReadTx& tx, std::int64_t number, PortalTicket& view) {
  for (const auto& one : promise::Of(tx, number)) {
    view.promises.history.push_back({one.kind, one.at, one.until, one.by.name, one.outcome, one.moved});
    if (one.outcome == promise::Outcome::kOpen) {
      auto& place = one.kind == promise::Kind::kEta ? view.eta : view.next_update;
      place = PortalEta{one.at, one.until, one.by.name};
    } else {
      ++view.promises.total;
      view.promises.kept += one.outcome == promise::Outcome::kKept ? 1 : 0;
    }
  }
}

void AddTimeline(store::ReadTx& tx, std::int64_t number, PortalTicket& view) {
  for (const auto& entry : ticket::Entries(tx, number, {.after = 0, .before = {}, .limit = kMostEntries})) {
    if (entry.visibility != Visibility::kPublic) {
      continue;
    }
    if (entry.kind == EntryKind::kMessage) {
      view.conversation.push_back(ViewEntryForCustomer(tx, entry));
    } else if (entry.kind == EntryKind::kWorkRecord) {
      const auto work = dto::Parse<ticket::AddWorkRecord>(entry.data);
      view.actions.push_back({entry.at, entry.body, !work || work->ok});
    }
  }
}

PortalFile FileFrom(const store::Row& row) {
  return {row.Id<EvidenceId>(0).ToString(), row.String(1), row.Int(2), row.String(3), row.Time(4)};
}

}  // namespace

Result<PortalTicket> ViewPortalTicket(store::ReadTx& tx, const auth::Actor& actor, std::string_view id_or_number,
                                      Time now) {
  const std::int64_t number = TRY(portal::Find(tx, actor, id_or_number));
  const auto ticket = *ticket::Load(tx, number);
  const auto detail = ticket::LoadDetail(tx, number);
  PortalTicket view;
  view.id = ticket.id;
  view.number = ticket::FormatNumber(number);
  view.subject = ticket.subject;
  view.status = portal::StatusOf(ticket.state, ticket.assignee.has_value());
  view.priority = ticket.priority;
  view.opened_at = ticket.created_at;
  view.updated_at = ticket.updated_at;
  view.requester = ticket.requester_name;
  const auto seen = tx.One(kSeen, [](const store::Row& row) { return row.Int(0); }, actor.person, number);
  view.unread = ticket.last_actor == "staff" && ticket.entries > seen.value_or(0);
  view.steps = portal::StepsOf(view.status, {ticket.created_at, detail.resolved_at, detail.closed_at});
  view.cc = detail.cc;
  view.assurance = actor.assurance;
  AddPeople(tx, ticket, now, view);
  AddPromises(tx, number, view);
  AddTimeline(tx, number, view);
  view.evidence = tx.All(kFiles, FileFrom, number);
  view.survey = tx.One(
      kRating, [](const store::Row& row) { return PortalRating{static_cast<int>(row.Int(0)), row.OptString(1)}; },
      number);
  const bool solved = view.status == portal::Status::kToConfirm;
  const bool ended = view.status == portal::Status::kClosed;
  view.may = {
      .answer = !ended, .confirm = solved, .rate = (solved || ticket.state == TicketState::kClosed) && !view.survey};
  if (solved && detail.resolved_at) {
    view.grace_until = *detail.resolved_at + ticket::kGrace;
  }
  return view;
}

const dto::Type& PortalEta::Dto() {
  static const dto::Type type = dto::Object<PortalEta>("PortalEta", "A time that was promised.")
                                    .Required("at", &PortalEta::at, "The time.")
                                    .Optional("until", &PortalEta::until, "The end of its window.")
                                    .Required("by", &PortalEta::by, "Who promised it.")
                                    .Done();
  return type;
}

const dto::Type& PortalPromise::Dto() {
  static const dto::Type type = dto::Object<PortalPromise>("PortalPromise", "A promised time and what became of it.")
                                    .Required("kind", &PortalPromise::kind, "")
                                    .Required("at", &PortalPromise::at, "As it stood in the end.")
                                    .Optional("until", &PortalPromise::until, "The end of its window.")
                                    .Required("by", &PortalPromise::by, "Who promised it.")
                                    .Required("outcome", &PortalPromise::outcome, "`moved`: the request was merged.")
                                    .Required("moved", &PortalPromise::moved, "How often it was moved before.")
                                    .Done();
  return type;
}

const dto::Type& PortalPromises::Dto() {
  static const dto::Type type = dto::Object<PortalPromises>("PortalPromises", "What became of promised times.")
                                    .Required("kept", &PortalPromises::kept, "Kept.")
                                    .Required("total", &PortalPromises::total, "Kept, moved or broken.")
                                    .Required("history", &PortalPromises::history, "All, the newest first.")
                                    .Done();
  return type;
}

const dto::Type& PortalPerson::Dto() {
  static const dto::Type type = dto::Object<PortalPerson>("PortalPerson", "Somebody of the desk.")
                                    .Required("name", &PortalPerson::name, "Her name.")
                                    .Optional("level", &PortalPerson::level, "Her level for this technology, 1 to 3.")
                                    .Done();
  return type;
}

const dto::Type& PortalContract::Dto() {
  static const dto::Type type = dto::Object<PortalContract>("PortalContract", "The contract in force.")
                                    .Required("name", &PortalContract::name, "Its name.")
                                    .Optional("ends_on", &PortalContract::ends_on, "Its last day.")
                                    .Done();
  return type;
}

const dto::Type& PortalAction::Dto() {
  static const dto::Type type = dto::Object<PortalAction>("PortalAction", "Something that was done.")
                                    .Required("at", &PortalAction::at, "When.")
                                    .Required("text", &PortalAction::text, "What.")
                                    .Required("ok", &PortalAction::ok, "Whether it had the wanted effect.")
                                    .Done();
  return type;
}

const dto::Type& PortalFile::Dto() {
  static const dto::Type type = dto::Object<PortalFile>("PortalFile", "A file of the request.")
                                    .Required("id", &PortalFile::id, "Its id, for /evidence/{id}/content.")
                                    .Required("filename", &PortalFile::filename, "Its name.")
                                    .Required("size", &PortalFile::size, "Bytes.")
                                    .Required("media_type", &PortalFile::media_type, "What it is.")
                                    .Required("collected_at", &PortalFile::collected_at, "When it came.")
                                    .Done();
  return type;
}

const dto::Type& PortalMay::Dto() {
  static const dto::Type type = dto::Object<PortalMay>("PortalMay", "What the reader may do now.")
                                    .Required("answer", &PortalMay::answer, "Write.")
                                    .Required("confirm", &PortalMay::confirm, "Say whether the solution works.")
                                    .Required("rate", &PortalMay::rate, "Say how the desk did.")
                                    .Done();
  return type;
}

const dto::Type& PortalRating::Dto() {
  static const dto::Type type = dto::Object<PortalRating>("PortalRating", "The customer's rating.")
                                    .Required("score", &PortalRating::score, "1 very bad - 5 very good.")
                                    .Optional("comment", &PortalRating::comment, "Her words.")
                                    .Done();
  return type;
}

const dto::Type& PortalTicket::Dto() {
  using T = PortalTicket;
  static const dto::Type type =
      dto::Object<T>("PortalTicket", "A request as its customer sees it.")
          .Required("id", &T::id, "Id for machines.")
          .Required("number", &T::number, "Number for people.")
          .Required("subject", &T::subject, "What it is about.")
          .Required("status", &T::status, "Where it stands, in the customer's terms.")
          .Required("priority", &T::priority, "P1 to P4.")
          .Required("opened_at", &T::opened_at, "When it came.")
          .Required("updated_at", &T::updated_at, "When it last changed.")
          .Required("requester", &T::requester, "Who asked.")
          .Required("unread", &T::unread, "Whether the desk wrote something she has not seen.")
          .Required("steps", &T::steps, "The five steps.")
          .Optional("eta", &T::eta, "When it is expected to be solved.")
          .Optional("next_update", &T::next_update, "When she hears from the desk again.")
          .Required("promises", &T::promises, "What became of promised times.")
          .Optional("specialist", &T::specialist, "Who works on it.")
          .Optional("reviewer", &T::reviewer, "Who checks the solution.")
          .Optional("technology", &T::technology, "What it is about.")
          .Optional("contract", &T::contract, "The contract in force.")
          .Required("cc", &T::cc, "Who else takes part.")
          .Required("assurance", &T::assurance, "How sure the desk is of the reader.")
          .Required("actions", &T::actions, "What was done, oldest first.")
          .Required("conversation", &T::conversation, "Messages, oldest first.")
          .Required("evidence", &T::evidence, "Files that the customer may see.")
          .Required("may", &T::may, "What the reader may do now.")
          .Optional("survey", &T::survey, "The customer's rating.")
          .Optional("grace_until", &T::grace_until, "Until when the solution can be refused.")
          .Done();
  return type;
}

}  // namespace propolis::api
