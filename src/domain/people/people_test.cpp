#include <gtest/gtest.h>

#include "auth/session.h"
#include "base/crypto.h"
#include "domain/calendars/calendar_commands.h"
#include "domain/calendars/calendar_queries.h"
#include "domain/calendars/defaults.h"
#include "domain/calendars/policy_commands.h"
#include "domain/calendars/versions.h"
#include "domain/day.h"
#include "domain/people/contact_commands.h"
#include "domain/people/contact_queries.h"
#include "domain/people/contract_commands.h"
#include "domain/people/contract_queries.h"
#include "domain/people/organisation_commands.h"
#include "domain/people/organisation_queries.h"
#include "domain/people/staff_commands.h"
#include "domain/people/staff_queries.h"
#include "domain/people/team_commands.h"
#include "domain/people/team_queries.h"
#include "domain/people/technology_commands.h"
#include "domain/people/technology_queries.h"
#include "store/test_support.h"

namespace propolis::people {
namespace {

using namespace std::chrono_literals;
using auth::Actor;
using auth::Role;
using store::ReadTx;
using store::WriteTx;

Actor ActorWith(std::set<Role> roles) {
  Actor actor;
  actor.kind = auth::ActorKind::kStaff;
  actor.person = NewUuid(FromMicros(1));
  actor.name = "Somebody";
  actor.permissions = auth::PermissionsOf(roles);
  actor.roles = std::move(roles);
  return actor;
}

// "field: message" of the first wrong field, or the message of the whole.
template <class T>
std::string Why(const Result<T>& result) {
  if (result) {
    return "";
  }
  const Error& error = result.error();
  return error.fields.empty() ? error.message : error.fields[0].field + ": " + error.fields[0].message;
}

class PeopleTest : public testing::Test {
 protected:
  PeopleTest() { crypto::Start(); }

  template <class Fn>
  auto Write(Fn fn) {
    return desk->Write([&](WriteTx& tx) { return fn(tx); });
  }
  template <class Fn>
  auto Read(Fn fn) {
    return desk->Read([&](ReadTx& tx) { return fn(tx); });
  }
  [[nodiscard]] Time Now() const { return desk.clock->Now(); }

  Organisation AddOrganisationNamed(std::string name, std::vector<std::string> domains = {}) {
    auto made = Write([&](WriteTx& tx) {
      return AddOrganisation(tx, system,
                             {.name = std::move(name),
                              .industry = "Banking",
                              .regulations = {"PCI DSS"},
                              .zone = "America/Guayaquil",
                              .languages = {Language::kEs},
                              .notes = "",
                              .domains = std::move(domains),
                              .technology_ids = {},
                              .security_contacts = {}});
    });
    EXPECT_TRUE(made) << Why(made);
    return *made;
  }
  Result<Staff> AddPerson(std::string email, std::vector<Role> roles, const Actor& by) {
    return Write([&](WriteTx& tx) {
      return AddStaff(tx, by,
                      {.name = "Rui Salgado",
                       .email = std::move(email),
                       .language = {},
                       .languages = {Language::kPt, Language::kPt},
                       .zone = "Europe/Lisbon",
                       .roles = std::move(roles),
                       .team_ids = {},
                       .calendar_id = {},
                       .password = {}},
                      std::nullopt);
    });
  }
  calendars::Calendar AddOffice(std::string name = "Office") {
    const auto time = [](int hour) { return sla::TimeOfDay{std::chrono::hours{hour}}; };
    auto made = Write([&](WriteTx& tx) {
      return calendars::AddCalendar(tx, system,
                                    {.name = std::move(name),
                                     .zone = "Europe/Lisbon",
                                     .week = {{sla::Weekday::kMon, {{time(9), time(13)}, {time(14), time(18)}}}},
                                     .exceptions = {},
                                     .holidays = {},
                                     .holiday_sets = {}});
    });
    EXPECT_TRUE(made) << Why(made);
    return *made;
  }
  calendars::Policy AddSla(std::string name = "Standard") {
    auto made = Write([&](WriteTx& tx) {
      return calendars::AddPolicy(
          tx, system,
          {.name = std::move(name), .targets = {{Priority::kP1, ClockKind::kFirstResponse, 900}}, .pauses = {}});
    });
    EXPECT_TRUE(made) << Why(made);
    return *made;
  }

  store::TestStore desk;
  const Actor system = auth::SystemActor();
  const Actor agent = ActorWith({Role::kAgent});
  const Actor admin = ActorWith({Role::kAdmin});
};

TEST_F(PeopleTest, AnOrganisationIsKeptAsItWasGiven) {
  const auto made = AddOrganisationNamed("Cooperativa Páramo Alto", {"ParamoAlto.example.org"});
  EXPECT_EQ(made.version, 1);
  EXPECT_EQ(made.domains, std::vector<std::string>{"paramoalto.example.org"});
  EXPECT_EQ(made.regulations, std::vector<std::string>{"PCI DSS"});
  EXPECT_FALSE(made.contract);
  const auto changed = Write([&](WriteTx& tx) {
    OrganisationChange change;
    change.stage = Stage::kProduction;
    change.domains = std::vector<std::string>{"paramo.example", "paramoalto.example.org"};
    return ChangeOrganisation(tx, system, made.id, change, 1);
  });
  ASSERT_TRUE(changed) << Why(changed);
  EXPECT_EQ(changed->version, 2);
  EXPECT_EQ(changed->stage, Stage::kProduction);
  EXPECT_EQ(changed->domains.size(), 2U);
  EXPECT_EQ(changed->industry, "Banking");
}

TEST_F(PeopleTest, WrongFieldsAreNamed) {
  const auto first = AddOrganisationNamed("Northmere", {"northmere.example"});
  NewOrganisation next{.name = "Northmere",
                       .industry = "",
                       .regulations = {},
                       .zone = "UTC",
                       .languages = {Language::kEn},
                       .notes = "",
                       .domains = {},
                       .technology_ids = {},
                       .security_contacts = {}};
  const auto add = [&] { return Why(Write([&](WriteTx& tx) { return AddOrganisation(tx, system, next); })); };
  EXPECT_EQ(add(), "name: field.taken");
  next.name = "Harrow";
  next.domains = {"harrow.example", "NORTHMERE.example"};
  EXPECT_EQ(add(), "domains/1: field.taken");
  next.domains = {"no domain"};
  EXPECT_EQ(add(), "domains/0: field.not_domain");
  next.domains = {};
  next.technology_ids = {TechnologyId::New(Now())};
  EXPECT_EQ(add(), "technology_ids/0: field.not_found");
  next.technology_ids = {};
  EXPECT_EQ(add(), "");
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return ChangeOrganisation(tx, system, first.id, {}, 7); })),
            "error.stale_version");
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return ChangeOrganisation(tx, system, OrganisationId{}, {}, {}); })),
            "error.not_found");
}

TEST_F(PeopleTest, ChangingNeedsThePermission) {
  const auto organisation = AddOrganisationNamed("Northmere");
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return ChangeOrganisation(tx, agent, organisation.id, {}, {}); })),
            "error.permission_missing");
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return AddTechnology(tx, agent, NewTechnology()); })),
            "error.permission_missing");
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return AddTeam(tx, agent, NewTeam()); })), "error.permission_missing");
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return AddContact(tx, agent, organisation.id, NewContact()); })),
            "error.permission_missing");
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return AddContract(tx, agent, organisation.id, {}); })),
            "error.permission_missing");
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return calendars::AddCalendar(tx, agent, {}); })), "error.permission_missing");
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return calendars::AddPolicy(tx, agent, {}); })), "error.permission_missing");
  EXPECT_EQ(Why(AddPerson("x@desk.example", {}, agent)), "error.permission_missing");
}

TEST_F(PeopleTest, ACustomerSeesNoOrganisationsStaffOrCalendars) {
  const auto own = AddOrganisationNamed("Northmere");
  const auto other = AddOrganisationNamed("Harrow");
  Actor customer = ActorWith({Role::kCustomer});
  customer.kind = auth::ActorKind::kCustomer;
  customer.organisation = own.id;
  const auto get = [&](OrganisationId id) {
    return Why(Read([&](ReadTx& tx) { return GetOrganisation(tx, customer, id, Now()); }));
  };
  EXPECT_EQ(get(other.id), "error.not_found");  // not even that it exists
  EXPECT_EQ(get(own.id), "error.permission_missing");
  EXPECT_NE(Why(Read([&](ReadTx& tx) { return AllStaff(tx, customer, Now()); })), "");
  EXPECT_NE(Why(Read([&](ReadTx& tx) { return Contacts(tx, customer, "", {}); })), "");
  EXPECT_NE(Why(Read([&](ReadTx& tx) { return calendars::Calendars(tx, customer, Now()); })), "");
  EXPECT_EQ(Why(Read([&](ReadTx& tx) { return Technologies(tx, customer); })), "");
}

TEST_F(PeopleTest, OrganisationsComeInPages) {
  for (int i = 0; i < 7; ++i) {
    AddOrganisationNamed("Cliente " + std::to_string(i));
  }
  std::vector<std::string> names;
  PageRequest page{.limit = 3, .cursor = ""};
  for (int pages = 0; pages < 3; ++pages) {
    const auto answer = Read([&](ReadTx& tx) { return Organisations(tx, agent, "CLÍENTE", page, Now()); });
    ASSERT_TRUE(answer);
    for (const auto& organisation : answer->items) {
      names.push_back(organisation.name);
    }
    EXPECT_EQ(answer->next_cursor.has_value(), pages < 2);
    page.cursor = answer->next_cursor.value_or("");
  }
  EXPECT_EQ(names.size(), 7U);
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_TRUE(Read([&](ReadTx& tx) { return Organisations(tx, agent, "nobody", {}, Now()); })->items.empty());
}

TEST_F(PeopleTest, ARequesterIsFoundByAddressThenByDomain) {
  const auto organisation = AddOrganisationNamed("Páramo", {"paramo.example"});
  const auto ana = Write([&](WriteTx& tx) {
    return AddContact(tx, system, organisation.id,
                      {.name = "Ana Paredes",
                       .emails = {"Ana@Paramo.example", "ana@home.example"},
                       .phones = {},
                       .language = {},
                       .roles = {},
                       .portal = true});
  });
  ASSERT_TRUE(ana) << Why(ana);
  EXPECT_EQ(ana->language, Language::kEs);  // the organisation's first
  EXPECT_EQ(ana->roles, std::vector{ContactRole::kRequester});
  const auto find = [&](std::string_view email) {
    return *Read([&](ReadTx& tx) -> Result<Requester> { return FindRequester(tx, email); });
  };
  EXPECT_EQ(find("ANA@home.example").contact, ana->id);
  EXPECT_EQ(find("luis@paramo.example").organisation, organisation.id);
  EXPECT_FALSE(find("luis@paramo.example").contact);
  EXPECT_EQ(find("luis@mx.paramo.example").organisation, organisation.id);
  EXPECT_FALSE(find("luis@notparamo.example").organisation);
  EXPECT_FALSE(find("no address").organisation);

  const auto made = *Write([&](WriteTx& tx) -> Result<Requester> {
    return EnsureContact(tx, "Luis@paramo.example", "Luis Vera", Language::kPt);
  });
  EXPECT_EQ(find("luis@paramo.example").contact, made.contact);
  EXPECT_EQ(find("luis@paramo.example").language, Language::kPt);
  EXPECT_FALSE((*Write([&](WriteTx& tx) -> Result<Requester> {
                 return EnsureContact(tx, "x@elsewhere.example", "X", {});
               })).contact);
}

TEST_F(PeopleTest, AnAddressBelongsToOneContact) {
  const auto organisation = AddOrganisationNamed("Páramo");
  const auto add = [&](std::vector<std::string> emails, bool portal) {
    return Write([&](WriteTx& tx) {
      return AddContact(tx, system, organisation.id,
                        {.name = "Ana", .emails = emails, .phones = {}, .language = {}, .roles = {}, .portal = portal});
    });
  };
  const auto first = add({"ana@paramo.example"}, false);
  EXPECT_EQ(Why(add({"b@paramo.example", "ANA@paramo.example"}, false)), "emails/1: field.taken");
  EXPECT_EQ(Why(add({}, true)), "portal: contact.portal_needs_email");
  ContactChange change;
  change.emails = std::vector<std::string>{"ana@paramo.example", "ana2@paramo.example"};
  const auto changed = Write([&](WriteTx& tx) { return ChangeContact(tx, system, first->id, change, 1); });
  ASSERT_TRUE(changed) << Why(changed);
  EXPECT_EQ(changed->emails.size(), 2U);
}

TEST_F(PeopleTest, WhoLosesThePortalIsSignedOut) {
  const auto organisation = AddOrganisationNamed("Páramo");
  const auto ana = Write([&](WriteTx& tx) {
    return AddContact(
        tx, system, organisation.id,
        {.name = "Ana", .emails = {"a@b.example"}, .phones = {}, .language = {}, .roles = {}, .portal = true});
  });
  const auto session = Write([&](WriteTx& tx) -> Result<auth::NewSession> {
    return auth::StartSession(tx, *auth::ContactActor(tx, ana->id));
  });
  EXPECT_TRUE(auth::Authenticate(*desk, session->token, Now()));
  ContactChange change;
  change.portal = false;
  ASSERT_TRUE(Write([&](WriteTx& tx) { return ChangeContact(tx, system, ana->id, change, {}); }));
  EXPECT_FALSE(auth::Authenticate(*desk, session->token, Now()));
}

TEST_F(PeopleTest, TheContractInForceGivesTheTerms) {
  const auto organisation = AddOrganisationNamed("Páramo");
  const auto office = AddOffice();
  const auto sla = AddSla();
  const auto terms = [&](Channel channel) {
    return Read([&](ReadTx& tx) { return ContractFor(tx, organisation.id, channel, Now()); });
  };
  EXPECT_EQ(Why(terms(Channel::kMail)), "desk.not_initialised");
  const auto night = AddOffice("Default");
  ASSERT_TRUE(Write([&](WriteTx& tx) { return calendars::SetDeskDefaults(tx, system, sla.id, night.id); }));
  EXPECT_EQ(terms(Channel::kMail)->calendar, night.id);

  // 2026-03-02T09:00Z is still March 2 in Guayaquil; at 03:00Z it is March 1.
  NewContract contract{.name = "Gold",
                       .policy_id = sla.id,
                       .calendar_id = office.id,
                       .channels = {Channel::kMail},
                       .languages = {},
                       .starts_on = "2026-03-02",
                       .ends_on = "2026-03-03"};
  const auto made = Write([&](WriteTx& tx) { return AddContract(tx, system, organisation.id, contract); });
  ASSERT_TRUE(made) << Why(made);
  EXPECT_EQ(terms(Channel::kMail)->contract, made->id);
  EXPECT_EQ(terms(Channel::kMail)->calendar, office.id);
  EXPECT_FALSE(terms(Channel::kPhone)->contract);
  desk.clock->Advance(-6h);
  EXPECT_FALSE(terms(Channel::kMail)->contract);
  desk.clock->Advance(6h + 44h);  // March 4, 05:00Z: March 4 at midnight there
  EXPECT_FALSE(terms(Channel::kMail)->contract);
  desk.clock->Advance(-1h);
  EXPECT_TRUE(terms(Channel::kMail)->contract);

  contract.ends_on = "2026-02-01";
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return AddContract(tx, system, organisation.id, contract); })),
            "ends_on: contract.ends_before_start");
  contract.starts_on = "2026-02-30";
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return AddContract(tx, system, organisation.id, contract); })),
            "starts_on: field.not_date");
  contract.policy_id = PolicyId{};
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return AddContract(tx, system, organisation.id, contract); })),
            "policy_id: field.not_found");
}

TEST_F(PeopleTest, ATechnologyTreeKeepsItsPaths) {
  const auto add = [&](std::string name, std::optional<TechnologyId> parent) {
    return Write([&](WriteTx& tx) {
      return AddTechnology(tx, system, {.name = std::move(name), .parent_id = parent, .level = {}, .keywords = {}});
    });
  };
  const auto domain = add("Network security", {});
  const auto vendor = add("Basalt", domain->id);
  const auto product = add("Edge 400", vendor->id);
  EXPECT_EQ(product->path, "Network security / Basalt / Edge 400");
  EXPECT_EQ(product->level, TechnologyLevel::kProduct);
  EXPECT_EQ(Why(add("Below", product->id)), "parent_id: technology.product_is_leaf");
  EXPECT_EQ(Why(add("Basalt", domain->id)), "name: field.taken");
  EXPECT_EQ(Why(add("a/b", {})), "name: technology.no_slash");
  TechnologyChange change;
  change.name = "Networks";
  ASSERT_TRUE(Write([&](WriteTx& tx) { return ChangeTechnology(tx, system, domain->id, change, 1); }));
  EXPECT_EQ(Read([&](ReadTx& tx) { return GetTechnology(tx, agent, product->id); })->path,
            "Networks / Basalt / Edge 400");
}

TEST_F(PeopleTest, RolesAreGrantedByThoseWhoMayAndNeverToOneself) {
  const Actor manager = ActorWith({Role::kManager});
  EXPECT_EQ(Why(AddPerson("a@desk.example", {Role::kAgent}, manager)), "error.permission_missing");
  const auto plain = AddPerson("plain@desk.example", {}, manager);
  ASSERT_TRUE(plain) << Why(plain);
  EXPECT_EQ(plain->languages, std::vector{Language::kPt});
  EXPECT_EQ(Why(AddPerson("c@desk.example", {Role::kCustomer}, admin)), "roles/0: staff.not_a_desk_role");
  EXPECT_EQ(Why(AddPerson("PLAIN@desk.example", {}, manager)), "email: field.taken");

  const auto grantor = AddPerson("boss@desk.example", {Role::kAdmin}, system);
  const auto boss =
      *Read([&](ReadTx& tx) -> Result<std::optional<Actor>> { return auth::StaffActor(tx, grantor->id); });
  const auto change = [&](const Actor& by, StaffId whom, const StaffChange& what) {
    return Why(Write([&](WriteTx& tx) { return ChangeStaff(tx, by, whom, what, std::nullopt, {}); }));
  };
  StaffChange roles;
  roles.roles = std::vector{Role::kAuditor};
  EXPECT_EQ(change(*boss, grantor->id, roles), "staff.not_to_oneself");
  EXPECT_EQ(change(manager, plain->id, roles), "error.permission_missing");
  EXPECT_EQ(change(*boss, plain->id, roles), "");
  EXPECT_EQ(change(admin, grantor->id, roles), "staff.last_granter");
  StaffChange email;
  email.email = "other@desk.example";
  EXPECT_EQ(change(manager, grantor->id, email), "error.permission_missing");
}

TEST_F(PeopleTest, ADeactivatedPersonLosesSessionsAndKeys) {
  const auto rui = AddPerson("rui@desk.example", {Role::kAgent}, system);
  const auto session = Write(
      [&](WriteTx& tx) -> Result<auth::NewSession> { return auth::StartSession(tx, *auth::StaffActor(tx, rui->id)); });
  StaffChange off;
  off.active = false;
  const auto gone = Write([&](WriteTx& tx) { return ChangeStaff(tx, admin, rui->id, off, std::nullopt, 1); });
  ASSERT_TRUE(gone) << Why(gone);
  EXPECT_FALSE(gone->active);
  StaffChange on;
  on.active = true;
  ASSERT_TRUE(Write([&](WriteTx& tx) { return ChangeStaff(tx, admin, rui->id, on, std::nullopt, 2); }));
  EXPECT_FALSE(auth::Authenticate(*desk, session->token, Now()));
}

TEST_F(PeopleTest, ACertificationCountsOnItsLastDay) {
  const auto rui = AddPerson("rui@desk.example", {}, system);
  const auto technology = Write([&](WriteTx& tx) {
    return AddTechnology(tx, system, {.name = "SIEM", .parent_id = {}, .level = {}, .keywords = {}});
  });
  const auto save = [&](std::optional<std::string> certification, std::optional<std::string> until) {
    return Write([&](WriteTx& tx) {
      return SaveSkill(tx, admin, rui->id,
                       {.technology_id = technology->id,
                        .level = 2,
                        .certification = std::move(certification),
                        .certified_until = std::move(until),
                        .proof = {}});
    });
  };
  EXPECT_TRUE(save("CS-2", "2026-03-02")->valid);
  EXPECT_FALSE(save("CS-2", "2026-03-01")->valid);
  EXPECT_TRUE(save("CS-2", {})->valid);
  EXPECT_FALSE(save({}, {})->valid);
  EXPECT_EQ(Why(save({}, "2026-03-02")), "certification: field.required");
  EXPECT_EQ(Why(save("CS-2", "tomorrow!!")), "certified_until: field.not_date");
  const auto skills = Read([&](ReadTx& tx) { return Skills(tx, agent, rui->id, Now()); });
  ASSERT_EQ(skills->size(), 1U);
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return DropSkill(tx, agent, rui->id, skills->at(0).id); })),
            "error.permission_missing");
  EXPECT_TRUE(Write([&](WriteTx& tx) { return DropSkill(tx, admin, rui->id, skills->at(0).id); }));
}

TEST_F(PeopleTest, ATeamHasMembersAndAShift) {
  const auto office = AddOffice();  // Mondays 9 to 18 in Lisbon; it is Monday, 09:00Z
  const auto rui = AddPerson("rui@desk.example", {}, system);
  const auto team = Write([&](WriteTx& tx) {
    return AddTeam(tx, admin,
                   {.name = "Network",
                    .calendar_id = office.id,
                    .escalation_id = {},
                    .member_ids = {rui->id},
                    .technology_ids = {}});
  });
  ASSERT_TRUE(team) << Why(team);
  ASSERT_EQ(team->members.size(), 1U);
  const auto on_shift = [&] { return Read([&](ReadTx& tx) { return GetStaff(tx, agent, rui->id, Now()); })->on_shift; };
  EXPECT_TRUE(on_shift());
  desk.clock->Advance(4h + 30min);  // the lunch break
  EXPECT_FALSE(on_shift());
  TeamChange change;
  change.member_ids = std::vector{StaffId{}};
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return ChangeTeam(tx, admin, team->id, change, 1); })),
            "member_ids/0: field.not_found");
  change.member_ids = std::vector<StaffId>{};
  change.calendar_id = {.given = true, .value = std::nullopt};
  const auto changed = Write([&](WriteTx& tx) { return ChangeTeam(tx, admin, team->id, change, 1); });
  ASSERT_TRUE(changed) << Why(changed);
  EXPECT_TRUE(changed->members.empty());
  EXPECT_FALSE(changed->calendar);
}

TEST_F(PeopleTest, ACalendarKeepsEveryVersion) {
  const auto office = AddOffice();
  EXPECT_TRUE(office.open_now);
  EXPECT_EQ(office.next_change, Now() + 4h);
  calendars::CalendarChange change;
  change.week = std::vector<calendars::Day>{};
  const auto changed = Write([&](WriteTx& tx) { return calendars::ChangeCalendar(tx, system, office.id, change, 1); });
  ASSERT_TRUE(changed) << Why(changed);
  EXPECT_EQ(changed->version, 2);
  EXPECT_FALSE(changed->open_now);
  const auto open = [&](std::int64_t version) {
    return *Read([&](ReadTx& tx) -> Result<bool> {
      const auto hours = calendars::CalendarVersion(tx, office.id, version);
      return hours && hours->working.IsOpen(Now());
    });
  };
  EXPECT_TRUE(open(1));
  EXPECT_FALSE(open(2));
  EXPECT_FALSE(open(3));

  const auto nine = sla::TimeOfDay{9h};
  change.week = std::vector<calendars::Day>{{sla::Weekday::kTue, {}}, {sla::Weekday::kMon, {{nine, nine}}}};
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return calendars::ChangeCalendar(tx, system, office.id, change, {}); })),
            "week/1/windows/0/to: calendar.closes_before_opens");
}

TEST_F(PeopleTest, APolicyKeepsEveryVersion) {
  const auto standard = AddSla();
  EXPECT_EQ(standard.warn_percent, 80);
  ASSERT_FALSE(standard.pauses.empty());
  calendars::PolicyChange change;
  change.targets = std::vector<calendars::PolicyTarget>{{Priority::kP1, ClockKind::kFirstResponse, 600},
                                                        {Priority::kP1, ClockKind::kFirstResponse, 700}};
  EXPECT_NE(Why(Write([&](WriteTx& tx) { return calendars::ChangePolicy(tx, system, standard.id, change, 1); })), "");
  change.targets->pop_back();
  change.warn_percent = 50;
  const auto changed = Write([&](WriteTx& tx) { return calendars::ChangePolicy(tx, system, standard.id, change, 1); });
  ASSERT_TRUE(changed) << Why(changed);
  EXPECT_EQ(changed->version, 2);
  EXPECT_EQ(changed->warn_percent, 50);
  EXPECT_EQ(changed->targets.at(0).seconds, 600);
  const auto versions = *Read([&](ReadTx& tx) -> Result<std::optional<std::int64_t>> {
    return tx.One(
        "SELECT COUNT(*) FROM sla_policy_version WHERE policy = $1", [](const store::Row& row) { return row.Int(0); },
        standard.id);
  });
  EXPECT_EQ(versions, 2);
}

TEST(Day, IsReadInItsZone) {
  EXPECT_TRUE(IsDay("2024-02-29"));
  EXPECT_FALSE(IsDay("2026-02-29"));
  EXPECT_FALSE(IsDay("2026-2-290"));
  EXPECT_FALSE(IsDay("-026-02-09"));
  const Time late = *ParseTime("2026-03-02T03:00:00Z");
  EXPECT_EQ(DayIn("America/Lima", late), "2026-03-01");
  EXPECT_EQ(DayIn("Asia/Tokyo", late), "2026-03-02");
  EXPECT_EQ(DayIn("No/Where", late), "2026-03-02");
}

TEST(Domains, AreNormalisedAndClimbed) {
  EXPECT_EQ(NormaliseDomain(" Mail.Example.ORG "), "mail.example.org");
  EXPECT_FALSE(NormaliseDomain("localhost"));
  EXPECT_FALSE(NormaliseDomain("a..b"));
  EXPECT_FALSE(NormaliseDomain("-a.example"));
  EXPECT_EQ(DomainsOf("x@a.b.example"), (std::vector<std::string>{"a.b.example", "b.example"}));
  EXPECT_TRUE(DomainsOf("nothing").empty());
}

}  // namespace
}  // namespace propolis::people
