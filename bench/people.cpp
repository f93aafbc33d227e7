#include "people.h"

#include <fmt/format.h>

#include "app/demo/random.h"
#include "auth/session.h"
#include "domain/people/contact_commands.h"
#include "domain/people/organisation_commands.h"
#include "domain/people/staff_commands.h"
#include "domain/triage/triage_commands.h"

namespace propolis::bench {
namespace {

constexpr int kEngineers = 40;
constexpr int kCustomers = 60;
constexpr int kContacts = 5;
constexpr int kSkills = 3;

const std::vector<Language>& Languages() {
  static const std::vector<Language> all = {Language::kEn, Language::kEs, Language::kPt};
  return all;
}

Status MakeEngineers(store::WriteTx& tx, People& people) {
  const auth::Actor system = auth::SystemActor();
  const auto teams =
      tx.All("SELECT id FROM team ORDER BY name", [](const store::Row& row) { return row.Id<TeamId>(0); });
  demo::Random random(11);
  for (int i = 0; i < kEngineers; ++i) {
    const auto team = teams[static_cast<std::size_t>(i) % teams.size()];
    const auto staff = TRY(people::AddStaff(tx, system,
                                            {.name = fmt::format("Engineer {}", i),
                                             .email = fmt::format("engineer{}@desk.example", i),
                                             .language = Language::kEn,
                                             .languages = Languages(),
                                             .zone = "Etc/UTC",
                                             .roles = {auth::Role::kResponder},
                                             .team_ids = {team},
                                             .capacity = people::kHighestCapacity,
                                             .calendar_id = {},
                                             .password = {}},
                                            std::nullopt));
    for (int n = 0; n < kSkills; ++n) {
      const auto& path = random.Of(people.products);
      TRY(people::SaveSkill(tx, system, staff.id,
                            {.technology_id = people.cast.technologies.at(path),
                             .level = static_cast<int>(random.Between(1, 3)),
                             .certification = "Certified",
                             .certified_until = {},
                             .proof = {}}));
    }
    people.engineers.push_back(*auth::StaffActor(tx, staff.id));
  }
  return {};
}

Status MakeCustomers(store::WriteTx& tx, People& people) {
  const auth::Actor system = auth::SystemActor();
  for (int i = 0; i < kCustomers; ++i) {
    const std::string domain = fmt::format("customer{}.example", i);
    const auto organisation =
        TRY(people::AddOrganisation(tx, system,
                                    {.name = fmt::format("Customer {}", i),
                                     .industry = "Any",
                                     .regulations = {},
                                     .zone = "Etc/UTC",
                                     .languages = {Languages()[static_cast<std::size_t>(i) % Languages().size()]},
                                     .stage = people::Stage::kProduction,
                                     .notes = "",
                                     .domains = {domain},
                                     .technology_ids = {},
                                     .security_contacts = {}}))
            .id;
    for (int n = 0; n < kContacts; ++n) {
      const auto contact = TRY(people::AddContact(tx, system, organisation,
                                                  {.name = fmt::format("Person {} of {}", n, i),
                                                   .emails = {fmt::format("person{}@{}", n, domain)},
                                                   .phones = {},
                                                   .language = {},
                                                   .roles = {people::ContactRole::kRequester},
                                                   .portal = true}));
      people.customers.push_back({organisation, *auth::ContactActor(tx, contact.id)});
    }
  }
  return {};
}

// Nothing waits for a second person here: a ticket's life is short.
Status ApproveNothing(store::WriteTx& tx) {
  triage::Policy policy = triage::LoadPolicy(tx);
  policy.no_approval_kinds.clear();
  for (const auto& [kind, name] : Names<TicketKind>::kTable) {
    policy.no_approval_kinds.push_back(kind);
  }
  TRY(triage::PutPolicy(tx, auth::SystemActor(), policy, std::nullopt));
  return {};
}

}  // namespace

Result<People> MakePeople(store::WriteTx& tx, Time ends) {
  People people;
  people.cast = TRY(demo::MakeCast(tx, "", ends));
  for (const auto& [path, id] : people.cast.technologies) {
    if (std::ranges::count(path, '/') == 2) {
      people.products.push_back(path);
    }
  }
  TRY(MakeEngineers(tx, people));
  TRY(MakeCustomers(tx, people));
  TRY(ApproveNothing(tx));
  return people;
}

}  // namespace propolis::bench
