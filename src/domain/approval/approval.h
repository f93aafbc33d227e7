// A resolution is validated by a second person before the customer gets it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "domain/ref.h"
#include "domain/vocabulary.h"

namespace propolis::approval {

enum class State { kAsked, kApproved, kRejected, kWithdrawn };
enum class Decision { kApprove, kReject, kWithdraw };

struct Approval {
  ApprovalId id;
  std::int64_t ticket = 0;
  State state = State::kAsked;
  std::string summary;
  std::string resolution;
  StaffId asked_by;
  Time asked_at;
  std::optional<StaffId> approver;
  std::optional<StaffId> decided_by;
  std::optional<Time> decided_at;
  std::optional<std::string> reason;
};

// Why this person may not decide, as a message id; nullopt when she may. Never the author: not who asked (she wrote the
// resolution), not the assignee.
std::optional<std::string> WhyNot(const Approval& approval, const auth::Actor& actor, std::optional<StaffId> assignee);

struct TicketRef {
  TicketId id;
  std::string number;
  static const dto::Type& Dto();
};

// An approval as the API tells it.
struct View {
  ApprovalId id;
  TicketRef ticket;
  State state = State::kAsked;
  std::string summary;
  std::string resolution;
  Ref asked_by;
  Time asked_at;
  std::optional<Ref> approver;
  std::optional<Ref> decided_by;
  std::optional<Time> decided_at;
  std::optional<std::string> reason;
  bool may_decide = false;
  std::optional<std::string> why_not;  // text in the reader's language
  static const dto::Type& Dto();
};

struct Ask {
  std::string summary;
  std::string resolution;
  std::optional<StaffId> approver_id;
  static const dto::Type& Dto();
};

struct Decide {
  Decision decision = Decision::kApprove;
  std::optional<std::string> reason;
  static const dto::Type& Dto();
};

}  // namespace propolis::approval

namespace propolis {
template <>
struct Names<approval::State> {
  using S = approval::State;
  static constexpr std::array kTable = {
      std::pair{S::kAsked, std::string_view("asked")}, std::pair{S::kApproved, std::string_view("approved")},
      std::pair{S::kRejected, std::string_view("rejected")}, std::pair{S::kWithdrawn, std::string_view("withdrawn")}};
};
template <>
struct Names<approval::Decision> {
  using D = approval::Decision;
  static constexpr std::array kTable = {std::pair{D::kApprove, std::string_view("approve")},
                                        std::pair{D::kReject, std::string_view("reject")},
                                        std::pair{D::kWithdraw, std::string_view("withdraw")}};
};
}  // namespace propolis
