#include "domain/ticket/transition.h"

#include <algorithm>

namespace propolis::ticket {

using S = TicketState;

std::vector<TicketState> LegalMoves(TicketState from) {
  switch (from) {
    case S::kNew:
      return {
          S::kOpen, S::kWaitingCustomer, S::kWaitingThirdParty, S::kScheduled, S::kInApproval, S::kResolved, S::kMerged,
          S::kSpam};
    case S::kOpen:
    case S::kWaitingCustomer:
    case S::kWaitingThirdParty:
    case S::kScheduled: {
      std::vector<TicketState> moves = {
          S::kOpen, S::kWaitingCustomer, S::kWaitingThirdParty, S::kScheduled, S::kInApproval, S::kResolved, S::kMerged,
          S::kSpam};
      std::erase(moves, from);
      return moves;
    }
    case S::kInApproval:
      return {S::kOpen, S::kResolved};
    case S::kResolved:
      return {S::kOpen, S::kClosed};
    case S::kSpam:
      return {S::kOpen};
    case S::kClosed:
    case S::kMerged:
      return {};
  }
  return {};
}

bool IsLegal(TicketState from, TicketState to) {
  const auto moves = LegalMoves(from);
  return std::ranges::find(moves, to) != moves.end();
}

Status CheckMove(TicketState from, TicketState to) {
  if (IsLegal(from, to)) {
    return {};
  }
  std::string legal;
  for (const TicketState state : LegalMoves(from)) {
    legal += legal.empty() ? "" : ", ";
    legal += NameOf(state);
  }
  return Fail(Code::kConflict, legal.empty() ? "ticket.at_an_end" : "ticket.illegal_move",
              {{"from", std::string(NameOf(from))}, {"to", std::string(NameOf(to))}, {"legal", legal}});
}

std::optional<TicketState> AfterCustomerMessage(TicketState from, bool within_grace) {
  switch (from) {
    case S::kWaitingCustomer:
    case S::kScheduled:
      return S::kOpen;
    case S::kResolved:
      return within_grace ? std::optional(S::kOpen) : std::nullopt;
    case S::kClosed:
    case S::kMerged:
      return std::nullopt;
    case S::kNew:
    case S::kOpen:
    case S::kWaitingThirdParty:
    case S::kInApproval:
    case S::kSpam:
      return from;
  }
  return from;
}

int StepOf(TicketState state) {
  switch (state) {
    case S::kNew:
      return 2;
    case S::kOpen:
    case S::kWaitingCustomer:
    case S::kWaitingThirdParty:
    case S::kScheduled:
      return 3;
    case S::kInApproval:
      return 4;
    case S::kResolved:
    case S::kClosed:
    case S::kMerged:
    case S::kSpam:
      return 5;
  }
  return 1;
}

}  // namespace propolis::ticket
