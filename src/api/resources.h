// Every resource of the API, one file each; AddResources() (resources.cpp) calls them all.
#pragma once

namespace propolis::api {

class Api;

void AddAbout(Api& api);
void AddApprovals(Api& api);
void AddAudit(Api& api);
void AddCalendars(Api& api);
void AddDueDates(Api& api);
void AddEscalation(Api& api);
void AddEvidence(Api& api);
void AddFactors(Api& api);
void AddHolidays(Api& api);
void AddImages(Api& api);
void AddKeys(Api& api);
void AddKnowledge(Api& api);
void AddLive(Api& api);
void AddModels(Api& api);
void AddNotifications(Api& api);
void AddOrganisations(Api& api);
void AddOwnSessions(Api& api);
void AddPages(Api& api);
void AddParting(Api& api);
void AddPortal(Api& api);
void AddPresence(Api& api);
void AddPromises(Api& api);
void AddReports(Api& api);
void AddRotas(Api& api);
void AddSearch(Api& api);
void AddSessions(Api& api);
void AddSimulations(Api& api);
void AddStaff(Api& api);
void AddSurveys(Api& api);
void AddTechnologies(Api& api);
void AddTickets(Api& api);
void AddTriage(Api& api);

}  // namespace propolis::api
