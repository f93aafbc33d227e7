// One open ticket as the console sees it: the row, and everything around it that one request can carry.
#pragma once

#include "api/clock_view.h"
#include "api/resource.h"
#include "domain/approval/approval.h"
#include "domain/promise/promise.h"
#include "domain/routing/ranking.h"
#include "domain/ticket/due_date.h"
#include "domain/ticket/queries.h"
#include "domain/ticket/terms.h"
#include "domain/triage/classify.h"

namespace propolis::api {

struct TicketContact {
  std::string id;
  std::string name;
  std::string email;
  std::optional<std::string> language;
  auth::Assurance assurance = auth::Assurance::kUnknown;
  static const dto::Type& Dto();
};

struct TicketLink {
  std::string kind;  // related, follow_up, duplicate
  std::string id;
  std::string number;
  std::string subject;
  static const dto::Type& Dto();
};

struct SurveyAnswer {
  int score = 0;
  std::optional<std::string> comment;
  Time at;
  static const dto::Type& Dto();
};

// Which policy a ticket has now, and why.
struct PolicyView {
  PolicyRef policy;
  Ref calendar;
  std::optional<ticket::PolicyChoice> why;  // not known of tickets older than the rules
  static const dto::Type& Dto();
};

struct TicketView {
  TicketId id;
  std::string number;
  std::string subject;
  TicketState state = TicketState::kNew;
  TicketKind kind = TicketKind::kRequest;
  Priority priority = Priority::kP4;
  std::optional<Ref> organisation;
  ticket::Person requester;
  std::optional<Ref> assignee;
  std::optional<Ref> team;
  std::optional<Ref> technology;
  Channel channel = Channel::kApi;
  std::optional<Language> language;
  Time created_at;
  Time updated_at;
  std::string last_actor;
  bool unread = false;
  std::optional<ticket::RowClock> clock;
  int impact = kLowestLevel;
  int urgency = kLowestLevel;
  std::optional<int> asked_urgency;
  std::optional<dto::Raw> priority_override;
  std::optional<triage::Classification> classification;
  std::optional<routing::Routing> routing;
  std::vector<ClockView> clocks;
  std::optional<PolicyView> policy;
  std::vector<ticket::DueDate> due_dates;
  std::vector<promise::Promise> promises;
  std::optional<approval::View> approval;  // the newest
  std::optional<TicketContact> contact;
  std::vector<std::string> cc;
  std::vector<Ref> watchers;
  std::optional<Time> scheduled_until;
  std::optional<Time> resolved_at;
  std::optional<Time> closed_at;
  std::optional<TicketLink> merged_into;
  std::vector<TicketLink> links;
  std::optional<SurveyAnswer> survey;
  std::vector<std::string> allowed;  // states it may move to and acts this actor may do now
  int step = 1;                      // 1 registered - 5 done
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

// Error: kNotFound.
Result<TicketView> ViewTicket(store::ReadTx& tx, const auth::Actor& actor, std::int64_t number, Time now);

struct Author {
  std::string kind;  // staff, customer, system
  std::optional<std::string> id;
  std::string name;
  static const dto::Type& Dto();
};

struct Delivery {
  std::string state;  // queued, sent, failed, received
  std::optional<std::string> detail;
  static const dto::Type& Dto();
};

struct EntryView {
  EntryId id;
  std::int64_t seq = 0;
  EntryKind kind = EntryKind::kSystem;
  Time at;
  Author author;
  Visibility visibility = Visibility::kInternal;
  std::optional<std::string> body_text;
  std::optional<std::string> body_html;
  std::optional<std::string> quoted_text;
  std::optional<Delivery> delivery;
  dto::Raw data;
  static const dto::Type& Dto();
};

EntryView ViewEntry(store::ReadTx& tx, const ticket::Entry& entry);
// The same without what is the desk's own: how the mail fared, where its raw form is kept, how it was judged.
EntryView ViewEntryForCustomer(store::ReadTx& tx, const ticket::Entry& entry);

}  // namespace propolis::api
