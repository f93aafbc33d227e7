// One request as its customer sees it.
#pragma once

#include "api/ticket_view.h"
#include "domain/portal/portal.h"
#include "domain/promise/promise.h"

namespace propolis::api {

struct PortalEta {
  Time at;
  std::optional<Time> until;
  std::string by;
  static const dto::Type& Dto();
};

struct PortalPromise {
  promise::Kind kind = promise::Kind::kEta;
  Time at;
  std::optional<Time> until;
  std::string by;
  promise::Outcome outcome = promise::Outcome::kOpen;
  std::int64_t moved = 0;  // how often
  static const dto::Type& Dto();
};

struct PortalPromises {
  std::int64_t kept = 0;
  std::int64_t total = 0;              // those whose outcome is known
  std::vector<PortalPromise> history;  // all, the newest first
  static const dto::Type& Dto();
};

struct PortalPerson {
  std::string name;
  std::optional<int> level;
  static const dto::Type& Dto();
};

struct PortalContract {
  std::string name;
  std::optional<std::string> ends_on;
  static const dto::Type& Dto();
};

struct PortalAction {
  Time at;
  std::string text;
  bool ok = true;
  static const dto::Type& Dto();
};

struct PortalFile {
  std::string id;
  std::string filename;
  std::int64_t size = 0;
  std::string media_type;
  Time collected_at;
  static const dto::Type& Dto();
};

struct PortalMay {
  bool answer = false;
  bool confirm = false;
  bool rate = false;
  static const dto::Type& Dto();
};

struct PortalRating {
  int score = 0;
  std::optional<std::string> comment;
  static const dto::Type& Dto();
};

struct PortalTicket {
  TicketId id;
  std::string number;
  std::string subject;
  portal::Status status = portal::Status::kReceived;
  Priority priority = Priority::kP4;
  Time opened_at;
  Time updated_at;
  std::string requester;
  bool unread = false;
  std::vector<portal::Step> steps;
  std::optional<PortalEta> eta;
  std::optional<PortalEta> next_update;
  PortalPromises promises;
  std::optional<PortalPerson> specialist;
  std::optional<PortalPerson> reviewer;
  std::optional<std::string> technology;
  std::optional<PortalContract> contract;
  std::vector<std::string> cc;
  auth::Assurance assurance = auth::Assurance::kUnknown;  // how sure the desk is of the reader
  std::vector<PortalAction> actions;
  std::vector<EntryView> conversation;
  std::vector<PortalFile> evidence;
  PortalMay may;
  std::optional<PortalRating> survey;
  std::optional<Time> grace_until;
  static const dto::Type& Dto();
};

// Error: kNotFound for what the actor may not see.
Result<PortalTicket> ViewPortalTicket(store::ReadTx& tx, const auth::Actor& actor, std::string_view id_or_number,
                                      Time now);

}  // namespace propolis::api
