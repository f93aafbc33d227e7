#include "auth/actor.h"

namespace propolis::auth {
namespace {

using P = Permission;

const std::set<P> kReading = {P::kTicketRead,     P::kEvidenceRead, P::kOrganisationRead, P::kContactRead,
                              P::kTechnologyRead, P::kStaffRead,    P::kCalendarRead,     P::kPolicyRead,
                              P::kRotaRead,       P::kTriageRead,   P::kArticleRead,      P::kSnippetRead};

const std::set<P> kHandling = {P::kTicketCreate,     P::kTicketUpdate, P::kTicketReply,   P::kTicketNote,
                               P::kTicketTransition, P::kTicketMerge,  P::kWorkRecordAdd, P::kEvidenceAdd,
                               P::kPromiseMake,      P::kApprovalAsk,  P::kArticleWrite,  P::kKeyManage,
                               P::kRotaCover,        P::kPageHandle};

std::set<P> Union(std::initializer_list<std::set<P>> sets) {
  std::set<P> all;
  for (const auto& set : sets) {
    all.insert(set.begin(), set.end());
  }
  return all;
}

std::set<P> PermissionsOfRole(Role role) {
  switch (role) {
    case Role::kAgent:
      return Union({kReading, kHandling});
    case Role::kResponder:
      return Union({kReading, kHandling, {P::kApprovalDecide}});
    case Role::kApprover:
      return Union({kReading, {P::kApprovalDecide, P::kTicketNote}});
    case Role::kManager:
      return Union({kReading,
                    kHandling,
                    {P::kApprovalDecide, P::kOrganisationWrite, P::kContactWrite, P::kTechnologyWrite, P::kStaffWrite,
                     P::kTeamWrite, P::kCalendarWrite, P::kRotaWrite, P::kPolicyWrite, P::kTriageWrite,
                     P::kSnippetWrite, P::kReportRead, P::kDeskExport}});
    case Role::kSecurityOfficer:
      return Union({kReading,
                    {P::kAuditRead, P::kReportRead, P::kStaffWrite, P::kUserGrant, P::kKeyManage, P::kRotaCover,
                     P::kPageHandle}});
    case Role::kAdmin:
      return Union({kReading,
                    kHandling,
                    {P::kApprovalDecide, P::kOrganisationWrite, P::kContactWrite, P::kTechnologyWrite, P::kStaffWrite,
                     P::kUserGrant, P::kTeamWrite, P::kCalendarWrite, P::kRotaWrite, P::kPolicyWrite, P::kTriageWrite,
                     P::kSnippetWrite, P::kReportRead, P::kAuditRead, P::kDeskExport, P::kChannelWrite}});
    case Role::kAuditor:
      return Union({kReading, {P::kAuditRead, P::kReportRead}});
    case Role::kCustomer:
      return {P::kPortalUse,   P::kTicketRead,   P::kTicketCreate, P::kTicketReply,   P::kEvidenceRead,
              P::kEvidenceAdd, P::kSurveyAnswer, P::kArticleRead,  P::kTechnologyRead};
    case Role::kCustomerApprover:
      return Union({PermissionsOfRole(Role::kCustomer), {P::kApprovalDecide}});
    case Role::kService:
      return {P::kTicketRead, P::kTicketCreate, P::kTicketReply, P::kOrganisationRead, P::kContactRead};
  }
  return {};
}

}  // namespace

std::set<Permission> PermissionsOf(const std::set<Role>& roles) {
  std::set<Permission> all;
  for (const Role role : roles) {
    all.merge(PermissionsOfRole(role));
  }
  return all;
}

Actor SystemActor() {
  Actor actor;
  actor.kind = ActorKind::kSystem;
  actor.name = "Propolis";
  for (const auto& entry : Names<Permission>::kTable) {
    actor.permissions.insert(entry.first);
  }
  actor.assurance = Assurance::kVerified;
  return actor;
}

Status Require(const Actor& actor, Permission permission, const Target& target) {
  if (actor.Is(ActorKind::kAnonymous)) {
    return Fail(Code::kUnauthenticated, "error.sign_in_needed");
  }
  if (actor.Is(ActorKind::kCustomer) && target.organisation != actor.organisation) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  if (!actor.permissions.contains(permission)) {
    return Fail(Code::kForbidden, "error.permission_missing", {{"permission", std::string(NameOf(permission))}});
  }
  return {};
}

bool May(const Actor& actor, Permission permission, const Target& target) {
  return Require(actor, permission, target).has_value();
}

}  // namespace propolis::auth
