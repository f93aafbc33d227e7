// The words of a ticket that several rooms share (docs/domain.md). Names are the ones of API, store and interface.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/ids.h"
#include "base/names.h"

namespace propolis {

using EscalationId = Id<struct EscalationTag>;

enum class TicketKind { kRequest, kFault, kQuestion, kEvent, kIncident, kVulnerability, kOnboarding };
template <>
struct Names<TicketKind> {
  static constexpr std::array kTable = {std::pair{TicketKind::kRequest, std::string_view("request")},
                                        std::pair{TicketKind::kFault, std::string_view("fault")},
                                        std::pair{TicketKind::kQuestion, std::string_view("question")},
                                        std::pair{TicketKind::kEvent, std::string_view("event")},
                                        std::pair{TicketKind::kIncident, std::string_view("incident")},
                                        std::pair{TicketKind::kVulnerability, std::string_view("vulnerability")},
                                        std::pair{TicketKind::kOnboarding, std::string_view("onboarding")}};
};

enum class TicketState {
  kNew,
  kOpen,
  kWaitingCustomer,
  kWaitingThirdParty,
  kScheduled,
  kInApproval,
  kResolved,
  kClosed,
  kMerged,
  kSpam
};
template <>
struct Names<TicketState> {
  static constexpr std::array kTable = {
      std::pair{TicketState::kNew, std::string_view("new")},
      std::pair{TicketState::kOpen, std::string_view("open")},
      std::pair{TicketState::kWaitingCustomer, std::string_view("waiting_customer")},
      std::pair{TicketState::kWaitingThirdParty, std::string_view("waiting_third_party")},
      std::pair{TicketState::kScheduled, std::string_view("scheduled")},
      std::pair{TicketState::kInApproval, std::string_view("in_approval")},
      std::pair{TicketState::kResolved, std::string_view("resolved")},
      std::pair{TicketState::kClosed, std::string_view("closed")},
      std::pair{TicketState::kMerged, std::string_view("merged")},
      std::pair{TicketState::kSpam, std::string_view("spam")}};
};

// Ours or the customer's to act on; everything before `resolved`.
constexpr bool IsOpen(TicketState state) { return state <= TicketState::kInApproval; }

// P1 is the highest. Stored as 1..4.
enum class Priority { kP1 = 1, kP2 = 2, kP3 = 3, kP4 = 4 };
template <>
struct Names<Priority> {
  static constexpr std::array kTable = {
      std::pair{Priority::kP1, std::string_view("P1")}, std::pair{Priority::kP2, std::string_view("P2")},
      std::pair{Priority::kP3, std::string_view("P3")}, std::pair{Priority::kP4, std::string_view("P4")}};
};

// Impact: 1 extensive - 4 minor. Urgency: 1 critical - 4 low. Plain numbers in API and store.
constexpr int kLowestLevel = 4;

enum class Channel { kMail, kPortal, kApi, kPhone, kChat, kAlert };
template <>
struct Names<Channel> {
  static constexpr std::array kTable = {
      std::pair{Channel::kMail, std::string_view("mail")}, std::pair{Channel::kPortal, std::string_view("portal")},
      std::pair{Channel::kApi, std::string_view("api")},   std::pair{Channel::kPhone, std::string_view("phone")},
      std::pair{Channel::kChat, std::string_view("chat")}, std::pair{Channel::kAlert, std::string_view("alert")}};
};

enum class ClockKind { kFirstResponse, kNextResponse, kKeepInformed, kResolution, kAcknowledge };
template <>
struct Names<ClockKind> {
  static constexpr std::array kTable = {std::pair{ClockKind::kFirstResponse, std::string_view("first_response")},
                                        std::pair{ClockKind::kNextResponse, std::string_view("next_response")},
                                        std::pair{ClockKind::kKeepInformed, std::string_view("keep_informed")},
                                        std::pair{ClockKind::kResolution, std::string_view("resolution")},
                                        std::pair{ClockKind::kAcknowledge, std::string_view("acknowledge")}};
};

enum class EntryKind {
  kMessage,
  kNote,
  kCall,
  kWorkRecord,
  kEvidence,
  kApproval,
  kStateChange,
  kPromise,
  kSystem,
  kTriage,
  kRouting,
  kSurvey
};
template <>
struct Names<EntryKind> {
  static constexpr std::array kTable = {std::pair{EntryKind::kMessage, std::string_view("message")},
                                        std::pair{EntryKind::kNote, std::string_view("note")},
                                        std::pair{EntryKind::kCall, std::string_view("call")},
                                        std::pair{EntryKind::kWorkRecord, std::string_view("work_record")},
                                        std::pair{EntryKind::kEvidence, std::string_view("evidence")},
                                        std::pair{EntryKind::kApproval, std::string_view("approval")},
                                        std::pair{EntryKind::kStateChange, std::string_view("state_change")},
                                        std::pair{EntryKind::kPromise, std::string_view("promise")},
                                        std::pair{EntryKind::kSystem, std::string_view("system")},
                                        std::pair{EntryKind::kTriage, std::string_view("triage")},
                                        std::pair{EntryKind::kRouting, std::string_view("routing")},
                                        std::pair{EntryKind::kSurvey, std::string_view("survey")}};
};

enum class Visibility { kPublic, kInternal };
template <>
struct Names<Visibility> {
  static constexpr std::array kTable = {std::pair{Visibility::kPublic, std::string_view("public")},
                                        std::pair{Visibility::kInternal, std::string_view("internal")}};
};

}  // namespace propolis
