#include "domain/ticket/ticket_sql.h"

#include "base/json_texts.h"

namespace propolis::ticket::sql {

Ticket TicketFrom(const store::Row& row) {
  Ticket t;
  t.number = row.Int(0);
  t.id = row.Id<TicketId>(1);
  t.version = row.Int(2);
  t.subject = row.String(3);
  t.kind = row.Enum<TicketKind>(4);
  t.state = row.Enum<TicketState>(5);
  t.priority = static_cast<Priority>(row.Int(6));
  t.impact = static_cast<int>(row.Int(7));
  t.urgency = static_cast<int>(row.Int(8));
  t.organisation = row.OptId<OrganisationId>(9);
  t.contact = row.OptId<ContactId>(10);
  t.requester_email = row.String(11);
  t.requester_name = row.String(12);
  t.team = row.OptId<TeamId>(13);
  t.assignee = row.OptId<StaffId>(14);
  t.technology = row.OptId<TechnologyId>(15);
  t.channel = row.Enum<Channel>(16);
  t.language = row.OptEnum<Language>(17);
  t.created_at = row.Time(18);
  t.updated_at = row.Time(19);
  t.last_actor = row.String(20);
  t.entries = row.Int(21);
  t.due_at = row.OptTime(22);
  t.due_clock = row.OptEnum<ClockKind>(23);
  t.due_state = row.OptString(24);
  t.due_left = row.OptInt(25);
  return t;
}

Detail DetailFrom(const store::Row& row) {
  Detail d;
  if (const auto asked = row.OptInt(0)) {
    d.asked_urgency = static_cast<int>(*asked);
  }
  d.override_json = row.OptString(1);
  d.cc = json::ToTexts(row.Text(2));
  d.assurance = row.Enum<auth::Assurance>(3);
  d.policy = row.OptId<PolicyId>(4);
  d.policy_version = row.Int(5);
  d.calendar = row.OptId<CalendarId>(6);
  d.scheduled_until = row.OptTime(7);
  d.resolved_at = row.OptTime(8);
  d.closed_at = row.OptTime(9);
  d.merged_into = row.OptInt(10);
  d.choice_json = row.OptString(11);
  d.look_at = row.OptTime(12);
  return d;
}

Entry EntryFrom(const store::Row& row) {
  Entry e;
  e.id = row.Id<EntryId>(0);
  e.key = row.Int(1);
  e.ticket = row.Int(2);
  e.seq = row.Int(3);
  e.kind = row.Enum<EntryKind>(4);
  e.at = row.Time(5);
  e.author_kind = row.Enum<auth::ActorKind>(6);
  e.author = Uuid::FromBytes(row.Bytes(7)).value_or(Uuid{});
  e.author_name = row.String(8);
  e.visibility = row.Enum<Visibility>(9);
  e.body = row.String(10);
  e.html = row.OptString(11);
  e.quoted = row.OptString(12);
  e.data = row.String(13);
  return e;
}

}  // namespace propolis::ticket::sql
