// What a customer sees of her requests: states in five steps, public entries only, nothing internal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "domain/page.h"
#include "domain/ticket/ticket.h"
#include "store/store.h"

namespace propolis::portal {

enum class Status { kReceived, kClassified, kInvestigating, kWaitingYou, kToConfirm, kClosed };

// The state as the customer is told it. Pure.
Status StatusOf(TicketState state, bool has_assignee);

struct Row {
  TicketId id;
  std::string number;
  std::string subject;
  Status status = Status::kReceived;
  Priority priority = Priority::kP4;
  Time opened_at;
  Time updated_at;
  std::optional<Time> eta;
  std::optional<Time> next_update;
  std::string requester;
  bool unread = false;
  static const dto::Type& Dto();
};

struct RowPage {
  std::vector<Row> items;
  std::optional<std::string> next_cursor;
  static const dto::Type& Dto();
};

enum class Which { kOpen, kClosed };

struct Filter {
  std::optional<Which> state;  // open when absent
  std::optional<bool> mine;    // only her own; always so for who does not see the whole organisation's
  std::optional<std::int64_t> limit;
  std::optional<std::string> cursor;
  static const dto::Type& Dto();
};

// The newest change first. Approvers see all of their organisation's requests, others those in which they take part.
Result<RowPage> List(store::ReadTx& tx, const auth::Actor& actor, const Filter& filter);

// The number of a request that the actor may see. Error: kNotFound.
Result<std::int64_t> Find(store::ReadTx& tx, const auth::Actor& actor, std::string_view id_or_number);

struct Step {
  std::string key;  // received, classified, investigated, confirm, closed
  std::optional<Time> at;
  std::string state;  // done, now, ahead
  static const dto::Type& Dto();
};

struct StepTimes {
  Time created;
  std::optional<Time> resolved;
  std::optional<Time> closed;
};
// The five steps of a request that stands at `status`. Pure.
std::vector<Step> StepsOf(Status status, const StepTimes& times);

}  // namespace propolis::portal

template <>
struct propolis::Names<propolis::portal::Which> {
  using W = propolis::portal::Which;
  static constexpr std::array kTable = {std::pair{W::kOpen, std::string_view("open")},
                                        std::pair{W::kClosed, std::string_view("closed")}};
};

template <>
struct propolis::Names<propolis::portal::Status> {
  using S = propolis::portal::Status;
  static constexpr std::array kTable = {std::pair{S::kReceived, std::string_view("received")},
                                        std::pair{S::kClassified, std::string_view("classified")},
                                        std::pair{S::kInvestigating, std::string_view("investigating")},
                                        std::pair{S::kWaitingYou, std::string_view("waiting_you")},
                                        std::pair{S::kToConfirm, std::string_view("to_confirm")},
                                        std::pair{S::kClosed, std::string_view("closed")}};
};
