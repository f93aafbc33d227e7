#include "api/resources.h"

#include "api/resource.h"

namespace propolis::api {

void AddResources(Api& api) {
  AddAbout(api);
  AddApprovals(api);
  AddAudit(api);
  AddCalendars(api);
  AddDueDates(api);
  AddEscalation(api);
  AddEvidence(api);
  AddFactors(api);
  AddHolidays(api);
  AddImages(api);
  AddKeys(api);
  AddKnowledge(api);
  AddLive(api);
  AddModels(api);
  AddNotifications(api);
  AddOrganisations(api);
  AddOwnSessions(api);
  AddPages(api);
  AddParting(api);
  AddPortal(api);
  AddPresence(api);
  AddPromises(api);
  AddReports(api);
  AddRotas(api);
  AddSearch(api);
  AddSessions(api);
  AddSimulations(api);
  AddStaff(api);
  AddSurveys(api);
  AddTechnologies(api);
  AddTickets(api);
  AddTriage(api);
}

std::string OpenApiOfProgram() {
  Api api(nullptr);
  AddResources(api);
  return OpenApi(api);
}

}  // namespace propolis::api
