// Who acts, and what she may do. One mechanism: a permission `noun.verb`, granted by roles, narrowed by scope, denied
// by default.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/names.h"
#include "base/result.h"
#include "base/text.h"

namespace propolis::auth {

// How sure the desk is of an outsider's identity (domain.md, "Identity of outsiders"), weakest first.
enum class Assurance { kUnknown, kClaimed, kAuthenticated, kVerified };

enum class ActorKind {
  kStaff,     // signed in, or through an API key
  kCustomer,  // a contact, in the portal or by mail
  kSystem,    // the desk itself: intake, timers, the command line of the machine's owner
  kAnonymous
};

enum class Permission {
  kTicketRead,
  kTicketCreate,
  kTicketUpdate,
  kTicketReply,
  kTicketNote,
  kTicketTransition,
  kTicketMerge,
  kWorkRecordAdd,
  kEvidenceRead,
  kEvidenceAdd,
  kPromiseMake,
  kApprovalAsk,
  kApprovalDecide,
  kSurveyAnswer,
  kOrganisationRead,
  kOrganisationWrite,
  kContactRead,
  kContactWrite,
  kTechnologyRead,
  kTechnologyWrite,
  kStaffRead,
  kStaffWrite,
  kUserGrant,
  kTeamWrite,
  kCalendarRead,
  kCalendarWrite,
  kRotaRead,
  kRotaCover,
  kRotaWrite,
  kPageHandle,
  kChannelWrite,
  kPolicyRead,
  kPolicyWrite,
  kTriageRead,
  kTriageWrite,
  kArticleRead,
  kArticleWrite,
  kSnippetRead,
  kSnippetWrite,
  kReportRead,
  kAuditRead,
  kKeyManage,
  kPortalUse,
  kDeskExport,
};

enum class Role {
  kAgent,
  kResponder,
  kApprover,
  kManager,
  kSecurityOfficer,
  kAdmin,
  kAuditor,
  kCustomer,
  kCustomerApprover,
  kService
};

struct Actor {
  ActorKind kind = ActorKind::kAnonymous;
  Uuid person;  // staff or contact id; nil for system and anonymous
  std::string name;
  std::string email;
  std::optional<OrganisationId> organisation;  // customers: the only one they see
  Language language = Language::kEn;
  std::string zone = "UTC";
  std::set<Role> roles;
  std::set<Permission> permissions;
  std::vector<TeamId> teams;
  Assurance assurance = Assurance::kUnknown;

  [[nodiscard]] bool Is(ActorKind k) const { return kind == k; }
  [[nodiscard]] StaffId staff() const { return StaffId{person}; }
  [[nodiscard]] ContactId contact() const { return ContactId{person}; }
};

// The desk itself, with every permission.
Actor SystemActor();

// What is acted on, as far as scope needs it.
struct Target {
  std::optional<OrganisationId> organisation;
};

// The permissions that a role bundles.
std::set<Permission> PermissionsOf(const std::set<Role>& roles);

// May `actor` do this? Error: kUnauthenticated for anonymous actors, kForbidden without the permission, and kNotFound
// when a customer reaches for another organisation's things (their existence is not told).
Status Require(const Actor& actor, Permission permission, const Target& target = {});
bool May(const Actor& actor, Permission permission, const Target& target = {});

}  // namespace propolis::auth

namespace propolis {

template <>
struct Names<auth::Assurance> {
  static constexpr std::array kTable = {std::pair{auth::Assurance::kUnknown, std::string_view("unknown")},
                                        std::pair{auth::Assurance::kClaimed, std::string_view("claimed")},
                                        std::pair{auth::Assurance::kAuthenticated, std::string_view("authenticated")},
                                        std::pair{auth::Assurance::kVerified, std::string_view("verified")}};
};

template <>
struct Names<auth::ActorKind> {
  static constexpr std::array kTable = {std::pair{auth::ActorKind::kStaff, std::string_view("staff")},
                                        std::pair{auth::ActorKind::kCustomer, std::string_view("customer")},
                                        std::pair{auth::ActorKind::kSystem, std::string_view("system")},
                                        std::pair{auth::ActorKind::kAnonymous, std::string_view("anonymous")}};
};

template <>
struct Names<auth::Role> {
  static constexpr std::array kTable = {std::pair{auth::Role::kAgent, std::string_view("agent")},
                                        std::pair{auth::Role::kResponder, std::string_view("responder")},
                                        std::pair{auth::Role::kApprover, std::string_view("approver")},
                                        std::pair{auth::Role::kManager, std::string_view("manager")},
                                        std::pair{auth::Role::kSecurityOfficer, std::string_view("security_officer")},
                                        std::pair{auth::Role::kAdmin, std::string_view("admin")},
                                        std::pair{auth::Role::kAuditor, std::string_view("auditor")},
                                        std::pair{auth::Role::kCustomer, std::string_view("customer")},
                                        std::pair{auth::Role::kCustomerApprover, std::string_view("customer_approver")},
                                        std::pair{auth::Role::kService, std::string_view("service")}};
};

template <>
struct Names<auth::Permission> {
  using P = auth::Permission;
  using S = std::string_view;
  static constexpr std::array kTable = {std::pair{P::kTicketRead, S("ticket.read")},
                                        std::pair{P::kTicketCreate, S("ticket.create")},
                                        std::pair{P::kTicketUpdate, S("ticket.update")},
                                        std::pair{P::kTicketReply, S("ticket.reply")},
                                        std::pair{P::kTicketNote, S("ticket.note")},
                                        std::pair{P::kTicketTransition, S("ticket.transition")},
                                        std::pair{P::kTicketMerge, S("ticket.merge")},
                                        std::pair{P::kWorkRecordAdd, S("work_record.add")},
                                        std::pair{P::kEvidenceRead, S("evidence.read")},
                                        std::pair{P::kEvidenceAdd, S("evidence.add")},
                                        std::pair{P::kPromiseMake, S("promise.make")},
                                        std::pair{P::kApprovalAsk, S("approval.ask")},
                                        std::pair{P::kApprovalDecide, S("approval.decide")},
                                        std::pair{P::kSurveyAnswer, S("survey.answer")},
                                        std::pair{P::kOrganisationRead, S("organisation.read")},
                                        std::pair{P::kOrganisationWrite, S("organisation.write")},
                                        std::pair{P::kContactRead, S("contact.read")},
                                        std::pair{P::kContactWrite, S("contact.write")},
                                        std::pair{P::kTechnologyRead, S("technology.read")},
                                        std::pair{P::kTechnologyWrite, S("technology.write")},
                                        std::pair{P::kStaffRead, S("staff.read")},
                                        std::pair{P::kStaffWrite, S("staff.write")},
                                        std::pair{P::kUserGrant, S("user.grant")},
                                        std::pair{P::kTeamWrite, S("team.write")},
                                        std::pair{P::kCalendarRead, S("calendar.read")},
                                        std::pair{P::kCalendarWrite, S("calendar.write")},
                                        std::pair{P::kRotaRead, S("rota.read")},
                                        std::pair{P::kRotaCover, S("rota.cover")},
                                        std::pair{P::kRotaWrite, S("rota.write")},
                                        std::pair{P::kPageHandle, S("page.handle")},
                                        std::pair{P::kChannelWrite, S("channel.write")},
                                        std::pair{P::kPolicyRead, S("policy.read")},
                                        std::pair{P::kPolicyWrite, S("policy.write")},
                                        std::pair{P::kTriageRead, S("triage.read")},
                                        std::pair{P::kTriageWrite, S("triage.write")},
                                        std::pair{P::kArticleRead, S("article.read")},
                                        std::pair{P::kArticleWrite, S("article.write")},
                                        std::pair{P::kSnippetRead, S("snippet.read")},
                                        std::pair{P::kSnippetWrite, S("snippet.write")},
                                        std::pair{P::kReportRead, S("report.read")},
                                        std::pair{P::kAuditRead, S("audit.read")},
                                        std::pair{P::kKeyManage, S("key.manage")},
                                        std::pair{P::kPortalUse, S("portal.use")},
                                        std::pair{P::kDeskExport, S("desk.export")}};
};

}  // namespace propolis
