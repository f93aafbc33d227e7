#include "domain/evidence/evidence.h"

#include "auth/record.h"
#include "domain/evidence/evidence_sql.h"
#include "domain/ticket/access.h"
#include "domain/ticket/number.h"
#include "domain/ticket/ticket.h"

namespace propolis::evidence {
namespace {

using auth::Permission;

struct Stored {
  Evidence evidence;
  std::int64_t ticket = 0;
};

Stored ToStored(const store::Row& row) {
  Stored stored;
  Evidence& evidence = stored.evidence;
  evidence.id = row.Id<EvidenceId>(0);
  evidence.filename = row.String(1);
  evidence.size = row.Int(2);
  evidence.media_type = row.String(3);
  evidence.sha256 = row.String(4);
  evidence.source = row.String(5);
  evidence.note = row.String(6);
  evidence.collected_by = {row.String(7), row.String(8)};
  evidence.collected_at = row.Time(9);
  evidence.visibility = row.Enum<Visibility>(10);
  stored.ticket = row.Int(11);
  return stored;
}

void AddCustody(store::WriteTx& tx, const auth::Actor& actor, EvidenceId id, Act act) {
  const std::optional<Uuid> person = actor.person.IsNil() ? std::nullopt : std::optional(actor.person);
  tx.Exec(sql::kAddCustody, id, tx.Now(), act, person, actor.name);
}

void LoadCustody(store::ReadTx& tx, Evidence& evidence) {
  evidence.custody = tx.All(
      sql::kCustody, [](const store::Row& row) { return Custody{row.Time(0), row.Enum<Act>(1), row.String(2)}; },
      evidence.id);
}

bool MaySee(const auth::Actor& actor, const Evidence& evidence) {
  return !actor.Is(auth::ActorKind::kCustomer) || evidence.visibility == Visibility::kPublic;
}

// Loads what the actor may see, whatever she then does with it.
Result<Stored> Find(store::ReadTx& tx, const auth::Actor& actor, EvidenceId id) {
  auto stored = tx.One(sql::kById, ToStored, id);
  const auto ticket = stored ? ticket::Load(tx, stored->ticket) : std::nullopt;
  TRY(auth::Require(actor, Permission::kEvidenceRead,
                    {.organisation = ticket ? ticket->organisation : actor.organisation}));
  if (!stored || !MaySee(actor, stored->evidence) || !ticket || !ticket::MaySee(tx, actor, *ticket)) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return std::move(*stored);
}

bool TakesEvidence(TicketState state) { return IsOpen(state) || state == TicketState::kResolved; }

}  // namespace

Result<Evidence> Add(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const NewEvidence& fresh) {
  auto edit = TRY(ticket::Edit::Begin(tx, actor, number, Permission::kEvidenceAdd));
  if (!TakesEvidence(edit.ticket().state)) {
    return Fail(Code::kConflict, "ticket.at_an_end", {{"from", std::string(NameOf(edit.ticket().state))}});
  }
  const EvidenceId id = EvidenceId::New(tx.Now());
  const std::string filename = SafeFilename(fresh.filename);
  const std::string source(text::Prefix(text::Clean(fresh.source), kMostSource));
  const std::string note(text::Prefix(text::Clean(fresh.note), kMostNote));
  const Visibility visibility = actor.Is(auth::ActorKind::kCustomer) ? Visibility::kPublic : fresh.visibility;
  json::Writer data;
  data.BeginObject().Field("evidence_id", id.ToString()).Field("filename", filename).Field("sha256", fresh.sha256);
  data.EndObject();
  const std::int64_t seq = edit.Append({.kind = EntryKind::kEvidence,
                                        .visibility = visibility,
                                        .body = note.empty() ? filename : filename + "\n" + note,
                                        .html = {},
                                        .quoted = {},
                                        .data = data.Take()});
  const std::optional<Uuid> person = actor.person.IsNil() ? std::nullopt : std::optional(actor.person);
  tx.Exec(sql::kInsert, id, number, seq, filename, fresh.size, SafeMediaType(fresh.media_type), fresh.sha256, source,
          note, visibility, actor.kind, person, actor.name, tx.Now());
  AddCustody(tx, actor, id, Act::kCollected);
  TRY(edit.Finish("evidence.add"));
  return Get(tx, auth::SystemActor(), id);
}

Result<Evidence> Get(store::ReadTx& tx, const auth::Actor& actor, EvidenceId id) {
  Evidence evidence = TRY(Find(tx, actor, id)).evidence;
  LoadCustody(tx, evidence);
  return evidence;
}

std::vector<Evidence> Of(store::ReadTx& tx, const auth::Actor& actor, std::int64_t number) {
  std::vector<Evidence> visible;
  for (Stored& stored : tx.All(sql::kOfTicket, ToStored, number)) {
    if (MaySee(actor, stored.evidence)) {
      LoadCustody(tx, stored.evidence);
      visible.push_back(std::move(stored.evidence));
    }
  }
  return visible;
}

Status NoteExport(store::WriteTx& tx, const auth::Actor& actor, EvidenceId id, bool intact) {
  const Stored stored = TRY(Find(tx, actor, id));
  if (intact) {
    AddCustody(tx, actor, id, Act::kVerified);
    AddCustody(tx, actor, id, Act::kExported);
  }
  json::Writer details;
  details.BeginObject().Field("sha256", stored.evidence.sha256).Field("intact", intact).EndObject();
  auth::Record(tx, actor, intact ? "evidence.export" : "evidence.damaged", stored.evidence.filename, details.Take(),
               stored.ticket);
  return {};
}

const dto::Type& Custody::Dto() {
  static const dto::Type type = dto::Object<Custody>("Custody", "One hand that evidence went through.")
                                    .Required("at", &Custody::at, "When.")
                                    .Required("act", &Custody::act, "What was done.")
                                    .Required("by", &Custody::by, "Who.")
                                    .Done();
  return type;
}

const dto::Type& Collector::Dto() {
  static const dto::Type type = dto::Object<Collector>("Collector", "Who collected evidence.")
                                    .Required("kind", &Collector::kind, "staff, customer or system.")
                                    .Required("name", &Collector::name, "Her name.")
                                    .Done();
  return type;
}

const dto::Type& Evidence::Dto() {
  static const dto::Type type =
      dto::Object<Evidence>("Evidence", "A file with its fingerprint and its history.")
          .Required("id", &Evidence::id, "Its id.")
          .Required("filename", &Evidence::filename, "A safe name.")
          .Required("size", &Evidence::size, "Bytes.")
          .Required("media_type", &Evidence::media_type, "By its content.")
          .Required("sha256", &Evidence::sha256, "Of its bytes, in hex.")
          .Required("source", &Evidence::source, "Where it comes from.")
          .Optional("note", &Evidence::note, "What is to be said about it.")
          .Required("collected_by", &Evidence::collected_by, "Who brought it.")
          .Required("collected_at", &Evidence::collected_at, "When.")
          .Required("visibility", &Evidence::visibility, "Whether the customer sees it.")
          .Required("custody", &Evidence::custody, "Every hand it went through, oldest first.")
          .Optional("intact", &Evidence::intact, "Whether its bytes are still the ones that were collected.")
          .Done();
  return type;
}

}  // namespace propolis::evidence
