// Which SLA policy and calendar hold for a ticket, and why.
#pragma once

#include "domain/people/contract.h"
#include "domain/ticket/ticket.h"

namespace propolis::ticket {

enum class ChosenBy { kRule, kContract, kDefault };

// Why a ticket has its policy, as it was when it got it.
struct PolicyChoice {
  ChosenBy by = ChosenBy::kDefault;
  std::optional<std::string> name;      // of the rule or the contract
  std::optional<std::int64_t> place;    // of the rule in its list, from 1
  std::optional<std::int64_t> version;  // of the list
  static const dto::Type& Dto();
};

struct ChosenTerms {
  people::Terms terms;
  PolicyChoice why;
};

// By the rules in force now (calendars/choice.h) and the contract in force at `at`. Error: kInternal when the desk has
// no defaults.
Result<ChosenTerms> ChooseTerms(store::ReadTx& tx, const Ticket& ticket, Time at);

void TakeTerms(Detail& detail, const ChosenTerms& chosen);

// Chooses again after the ticket changed: another policy or calendar holds from now on, with the original start, and a
// system entry `act` says so (`to`: what it tells people; the policy's name when empty). A policy and calendar that
// stay keep their versions too, unless `always`.
Status FollowTerms(Edit& edit, std::string_view act, std::string_view to, bool always);

}  // namespace propolis::ticket

namespace propolis {
template <>
struct Names<ticket::ChosenBy> {
  using C = ticket::ChosenBy;
  static constexpr std::array kTable = {std::pair{C::kRule, std::string_view("rule")},
                                        std::pair{C::kContract, std::string_view("contract")},
                                        std::pair{C::kDefault, std::string_view("default")}};
};
}  // namespace propolis
