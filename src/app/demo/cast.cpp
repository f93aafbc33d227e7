#include "app/demo/cast.h"

#include "app/demo/rotas.h"
#include "auth/session.h"
#include "domain/calendars/calendar_commands.h"
#include "domain/calendars/defaults.h"
#include "domain/calendars/policy_commands.h"
#include "domain/day.h"
#include "domain/knowledge/article_commands.h"
#include "domain/knowledge/snippet_commands.h"
#include "domain/people/contact_commands.h"
#include "domain/people/contract_commands.h"
#include "domain/people/organisation_commands.h"
#include "domain/people/staff_commands.h"
#include "domain/people/team_commands.h"
#include "domain/people/technology_commands.h"
#include "domain/triage/triage_commands.h"

namespace propolis::demo {
namespace {

using auth::Role;
using L = Language;

const auth::Actor& System() {
  static const auth::Actor system = auth::SystemActor();
  return system;
}

// --- calendars and policies

struct Rules {
  CalendarId around_the_clock;
  CalendarId lisbon;
  CalendarId london;
  CalendarId quito;
  CalendarId late;
  PolicyId gold;
  PolicyId standard;
};

calendars::NewCalendar Weekdays(std::string name, std::string zone, std::vector<std::pair<int, int>> hours,
                                std::vector<sla::HolidaySet> holidays) {
  calendars::NewCalendar calendar{.name = std::move(name),
                                  .zone = std::move(zone),
                                  .week = {},
                                  .exceptions = {},
                                  .holidays = {},
                                  .holiday_sets = std::move(holidays)};
  using enum sla::Weekday;
  for (const auto day : {kMon, kTue, kWed, kThu, kFri}) {
    calendars::Day one{.day = day, .windows = {}};
    for (const auto& [from, to] : hours) {
      one.windows.push_back({{std::chrono::hours{from}}, {std::chrono::hours{to}}});
    }
    calendar.week.push_back(std::move(one));
  }
  return calendar;
}

calendars::NewCalendar AlwaysOpen() {
  calendars::NewCalendar calendar = Weekdays("Around the clock", "Etc/UTC", {{0, 24}}, {});
  for (const auto day : {sla::Weekday::kSat, sla::Weekday::kSun}) {
    calendar.week.push_back({day, {{{std::chrono::hours{0}}, {std::chrono::hours{24}}}}});
  }
  return calendar;
}

// Seconds for P1 to P4.
using Four = std::array<std::int64_t, 4>;

calendars::NewPolicy PolicyOf(std::string name, Four first, Four next, Four resolution) {
  calendars::NewPolicy policy{.name = std::move(name), .targets = {}, .pauses = std::nullopt};
  constexpr std::array kPriorities = {Priority::kP1, Priority::kP2, Priority::kP3, Priority::kP4};
  for (std::size_t i = 0; i < kPriorities.size(); ++i) {
    policy.targets.push_back({kPriorities[i], ClockKind::kFirstResponse, first[i]});
    policy.targets.push_back({kPriorities[i], ClockKind::kNextResponse, next[i]});
    policy.targets.push_back({kPriorities[i], ClockKind::kResolution, resolution[i]});
  }
  policy.targets.push_back({Priority::kP1, ClockKind::kKeepInformed, 2 * 3600});
  return policy;
}

Result<Rules> MakeRules(store::WriteTx& tx) {
  Rules rules;
  const auto calendar = [&](const calendars::NewCalendar& request) -> Result<CalendarId> {
    return TRY(calendars::AddCalendar(tx, System(), request)).id;
  };
  rules.around_the_clock = TRY(calendar(AlwaysOpen()));
  rules.lisbon = TRY(calendar(Weekdays("Office, Lisbon", "Europe/Lisbon", {{9, 13}, {14, 18}},
                                       {{.country = "PT", .region = "", .optional = false}})));
  rules.london = TRY(calendar(
      Weekdays("Office, London", "Europe/London", {{9, 17}}, {{.country = "GB", .region = "ENG", .optional = false}})));
  rules.quito = TRY(calendar(
      Weekdays("Office, Quito", "America/Guayaquil", {{8, 17}}, {{.country = "EC", .region = "", .optional = false}})));
  rules.late = TRY(calendar(Weekdays("Late shift, Lisbon", "Europe/Lisbon", {{14, 22}}, {})));
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 3600;
  rules.gold = TRY(calendars::AddPolicy(tx, System(),
                                        PolicyOf("24x7", {15 * kMinute, 30 * kMinute, 2 * kHour, 8 * kHour},
                                                 {30 * kMinute, kHour, 4 * kHour, 8 * kHour},
                                                 {8 * kHour, 24 * kHour, 72 * kHour, 168 * kHour})))
                   .id;
  rules.standard = TRY(calendars::AddPolicy(tx, System(),
                                            PolicyOf("Office hours", {30 * kMinute, kHour, 4 * kHour, 8 * kHour},
                                                     {kHour, 2 * kHour, 8 * kHour, 16 * kHour},
                                                     {8 * kHour, 16 * kHour, 40 * kHour, 80 * kHour})))
                       .id;
  TRY(calendars::SetDeskDefaults(tx, System(), rules.standard, rules.around_the_clock));
  return rules;
}

// --- technologies

struct Node {
  const char* domain;
  const char* vendor;
  const char* product;
  std::vector<std::string> keywords;
};

const std::vector<Node>& Tree() {
  static const std::vector<Node> nodes = {
      {"Network security", "Basalt", "Edge 400", {"IPsec", "tunnel", "túnel", "VPN", "phase 2", "fase 2"}},
      {"Network security", "Basalt", "Edge 900", {"firewall rule", "regla nueva", "nova regra", "firewall"}},
      {"Network security", "Tarn", "Web inspection", {"TLS inspection", "inspección TLS", "inspeção TLS"}},
      {"Endpoint security", "Corvid", "EDR", {"EDR", "unknown process", "proceso desconocido", "workstations"}},
      {"Detection", "Halite", "SIEM", {"SIEM", "events", "eventos"}},
      {"Detection", "Halite", "Log collector", {"collector", "colector", "coletor", "log fields", "registros"}},
      {"Identity", "Quoin", "MFA", {"MFA", "second factor", "segundo factor", "segundo fator"}},
      {"Mail security", "Larkspur", "Mail gateway", {"mail gateway", "mensaje", "mensagem", "phishing", "gateway"}},
      {"Web security", "Fennel", "WAF", {"WAF", "blocks", "bloqueos", "bloqueios"}},
      {"Cloud security", "Nimbo", "Posture", {"bucket", "posture", "contenedor de archivos", "repositório"}},
  };
  return nodes;
}

Result<std::map<std::string, TechnologyId>> MakeTechnologies(store::WriteTx& tx) {
  std::map<std::string, TechnologyId> known;
  const auto ensure = [&](const std::string& above, const std::string& name,
                          const std::vector<std::string>& keywords) -> Result<std::string> {
    const std::string path = above.empty() ? name : above + std::string(people::kPathSeparator) + name;
    if (!known.contains(path)) {
      const auto parent = above.empty() ? std::nullopt : std::optional(known.at(above));
      known[path] = TRY(people::AddTechnology(tx, System(),
                                              {.name = name, .parent_id = parent, .level = {}, .keywords = keywords}))
                        .id;
    }
    return path;
  };
  for (const Node& node : Tree()) {
    const std::string domain = TRY(ensure("", node.domain, {}));
    const std::string vendor = TRY(ensure(domain, node.vendor, {node.vendor}));
    TRY(ensure(vendor, node.product, node.keywords));
  }
  return known;
}

// --- the desk's people

struct Certified {
  const char* path;
  int level;
  int days_left;  // of the certification, from the end of the demo; negative: expired
};

struct Colleague {
  const char* name;
  const char* email;
  std::vector<Language> languages;
  const char* zone;
  std::vector<Role> roles;
  int capacity;
  CalendarId Rules::* shift;  // nullptr: her team's
  std::vector<Certified> skills;
};

constexpr const char* kEdge400 = "Network security / Basalt / Edge 400";
constexpr const char* kBasalt = "Network security / Basalt";
constexpr const char* kTarn = "Network security / Tarn / Web inspection";
constexpr const char* kEdr = "Endpoint security / Corvid / EDR";
constexpr const char* kSiem = "Detection / Halite / SIEM";
constexpr const char* kHalite = "Detection / Halite";
constexpr const char* kMfa = "Identity / Quoin / MFA";
constexpr const char* kMail = "Mail security / Larkspur / Mail gateway";
constexpr const char* kWaf = "Web security / Fennel / WAF";
constexpr const char* kCloud = "Cloud security / Nimbo / Posture";

const std::vector<Colleague>& Colleagues() {
  static const std::vector<Colleague> all = {
      {"Marta Lindqvist",
       kLeadEmail.data(),
       {L::kEn, L::kEs, L::kPt},
       "Europe/Lisbon",
       {Role::kAdmin, Role::kManager},
       5,
       nullptr,
       {{kBasalt, 3, 400}}},
      {"Inês Prado",
       "ines.prado@desk.example",
       {L::kPt, L::kEs, L::kEn},
       "Europe/Lisbon",
       {Role::kAgent},
       10,
       &Rules::around_the_clock,
       {{kEdge400, 3, 220}, {kBasalt, 2, 220}, {kTarn, 2, 90}}},
      {"Rui Salgado",
       "rui.salgado@desk.example",
       {L::kPt, L::kEn},
       "Europe/Lisbon",
       {Role::kResponder},
       10,
       &Rules::lisbon,
       {{kEdge400, 3, 27}, {kTarn, 3, 300}, {kWaf, 1, 120}}},
      {"Tomás Queiroz",
       "tomas.queiroz@desk.example",
       {L::kPt, L::kEs, L::kEn},
       "Europe/Lisbon",
       {Role::kResponder},
       8,
       &Rules::late,
       {{kBasalt, 3, 500}, {kMail, 2, 150}}},
      {"Carla Mejía",
       "carla.mejia@desk.example",
       {L::kEs, L::kEn},
       "America/Guayaquil",
       {Role::kAgent},
       10,
       &Rules::quito,
       {{kEdr, 2, 12}, {kMfa, 3, 260}, {kMail, 2, 320}}},
      {"Nuno Darque",
       "nuno.darque@desk.example",
       {L::kPt, L::kEn},
       "Europe/Lisbon",
       {Role::kResponder},
       8,
       &Rules::around_the_clock,
       {{kEdr, 3, 180}, {kSiem, 2, 75}, {kCloud, 2, 200}}},
      {"Elsa Brandt",
       "elsa.brandt@desk.example",
       {L::kEn, L::kEs},
       "Europe/London",
       {Role::kAgent},
       10,
       &Rules::around_the_clock,
       {{kSiem, 3, 340}, {kHalite, 3, 340}, {kEdge400, 1, -8}}},
      {"Owen Tarrant",
       "owen.tarrant@desk.example",
       {L::kEn},
       "Europe/London",
       {Role::kAgent},
       12,
       &Rules::london,
       {{kWaf, 3, 45}, {kCloud, 3, 410}, {kTarn, 1, -30}}},
      {"Lucía Ferrando",
       "lucia.ferrando@desk.example",
       {L::kEs, L::kEn, L::kPt},
       "America/Guayaquil",
       {Role::kResponder},
       8,
       &Rules::quito,
       {{kMail, 3, 130}, {kMfa, 2, 59}, {kBasalt, 2, 33}}},
      {"Diego Roldán",
       "diego.roldan@desk.example",
       {L::kEs, L::kPt},
       "America/Guayaquil",
       {Role::kAgent},
       10,
       &Rules::around_the_clock,
       {{kHalite, 2, 280}, {kEdr, 2, -45}, {kWaf, 2, 210}}},
      {"Beatriz Farol",
       "beatriz.farol@desk.example",
       {L::kPt, L::kEn},
       "Europe/Lisbon",
       {Role::kSecurityOfficer},
       0,
       nullptr,
       {}},
      {"Paulo Veiga",
       "paulo.veiga@desk.example",
       {L::kPt, L::kEn, L::kEs},
       "Europe/Lisbon",
       {Role::kAuditor},
       0,
       nullptr,
       {}},
  };
  return all;
}

Result<std::vector<StaffId>> MakeStaff(store::WriteTx& tx, const Rules& rules,
                                       const std::map<std::string, TechnologyId>& technologies,
                                       const std::string& password_hash, Time ends) {
  std::vector<StaffId> made;
  for (const Colleague& person : Colleagues()) {
    const auto staff = TRY(
        people::AddStaff(tx, System(),
                         {.name = person.name,
                          .email = person.email,
                          .language = person.languages.front(),
                          .languages = person.languages,
                          .zone = person.zone,
                          .roles = person.roles,
                          .team_ids = {},
                          .capacity = person.capacity,
                          .calendar_id = person.shift != nullptr ? std::optional(rules.*person.shift) : std::nullopt,
                          .password = {}},
                         password_hash));
    made.push_back(staff.id);
    for (const Certified& skill : person.skills) {
      const std::string path = skill.path;
      const std::string product = path.substr(path.rfind('/') + 2);
      TRY(people::SaveSkill(tx, System(), staff.id,
                            {.technology_id = technologies.at(path),
                             .level = skill.level,
                             .certification = product + ", level " + std::to_string(skill.level),
                             .certified_until = DayIn(person.zone, ends + std::chrono::days{skill.days_left}),
                             .proof = "https://certificates.example/" + std::to_string(made.size()) + "/" +
                                      std::to_string(skill.level)}));
    }
  }
  return made;
}

Status MakeTeams(store::WriteTx& tx, const Rules& rules, const Cast& cast) {
  struct TeamOf {
    const char* name;
    std::vector<std::size_t> members;  // places in Colleagues()
    std::vector<const char*> domains;
  };
  const std::vector<TeamOf> teams = {
      {"Network security", {1, 2, 3, 7, 8}, {"Network security", "Web security"}},
      {"Endpoint and identity", {4, 5, 8, 9}, {"Endpoint security", "Identity", "Mail security"}},
      {"Detection and cloud", {5, 6, 7, 9}, {"Detection", "Cloud security"}},
  };
  for (const TeamOf& team : teams) {
    people::NewTeam request{.name = team.name,
                            .calendar_id = rules.around_the_clock,
                            .escalation_id = {},
                            .member_ids = {},
                            .technology_ids = {}};
    for (const std::size_t place : team.members) {
      request.member_ids.push_back(cast.staff[place]);
    }
    for (const char* domain : team.domains) {
      request.technology_ids.push_back(cast.technologies.at(domain));
    }
    TRY(people::AddTeam(tx, System(), request));
  }
  return {};
}

// --- customers

struct Client {
  const char* name;
  const char* industry;
  std::vector<std::string> regulations;
  const char* zone;
  std::vector<Language> languages;
  people::Stage stage;
  const char* notes;
  const char* domain;
  std::vector<const char*> technologies;
  PolicyId Rules::* policy;
  CalendarId Rules::* calendar;
  const char* contract;
  std::vector<std::pair<const char*, const char*>> contacts;  // name, local part
  const char* phone;
  std::vector<std::string> sites;
  std::vector<std::string> hosts;
};

const std::vector<Client>& Clients() {
  static const std::vector<Client> all = {
      {"Cooperativa Páramo Alto",
       "Savings and credit cooperative",
       {"PCI DSS", "Ley Orgánica de Protección de Datos"},
       "America/Guayaquil",
       {L::kEs},
       people::Stage::kProduction,
       "Clearing closes at 18:00 every working day: nothing is restarted between 16:00 and 18:00.",
       "paramoalto.example.org",
       {kEdge400, kEdr, kSiem, kMfa},
       &Rules::gold,
       &Rules::around_the_clock,
       "24x7",
       {{"Ana Paredes", "ana.paredes"},
        {"Luis Vera", "luis.vera"},
        {"Rosa Guamán", "rosa.guaman"},
        {"Jorge Andrade", "jorge.andrade"},
        {"Centro de redes", "noc"}},
       "+593 00 555 0142",
       {"Quito", "Latacunga", "Ambato", "Riobamba"},
       {"qto-edge-01", "qto-edge-02", "amb-edge-01", "qto-fin-014", "siem-qto-1"}},
      {"Northmere Utilities",
       "Water and energy",
       {"NIS", "ISO/IEC 27001"},
       "Europe/London",
       {L::kEn},
       people::Stage::kProduction,
       "Control networks are out of scope: never touch anything in 10.80.0.0/16.",
       "northmere.example.net",
       {kSiem, kEdr, kMfa, kMail, kWaf},
       &Rules::gold,
       &Rules::around_the_clock,
       "24x7",
       {{"Helen Ashcombe", "helen.ashcombe"},
        {"Gareth Pool", "gareth.pool"},
        {"Priya Nandakumar", "priya.n"},
        {"Tom Ellery", "tom.ellery"},
        {"Network operations", "netops"}},
       "+44 00 5550 0177",
       {"Kelder Road", "Harbour Works", "Stonegate", "head office"},
       {"nmu-edge-3", "nmu-ws-221", "nmu-mail-1", "nmu-col-2", "nmu-waf-1"}},
      {"Porto Alvorada Logística",
       "Logistics",
       {"RGPD", "NIS2"},
       "Europe/Lisbon",
       {L::kPt, L::kEs},
       people::Stage::kProduction,
       "The night shift calls by telephone; the warehouse has no mail.",
       "portoalvorada.example.com",
       {kEdge400, kSiem, kMail, kCloud},
       &Rules::standard,
       &Rules::lisbon,
       "Office hours, Lisbon",
       {{"Helena Couto", "helena.couto"},
        {"Miguel Arruda", "miguel.arruda"},
        {"Sofia Lameiras", "sofia.lameiras"},
        {"André Pinhal", "andre.pinhal"},
        {"Operações", "operacoes"}},
       "+351 00 555 0119",
       {"Leixões", "Braga", "Setúbal", "Vigo"},
       {"lei-edge-1", "bra-edge-1", "pal-mail-2", "pal-nb-077", "coletor-lei"}},
      {"Harrow & Pike Insurance",
       "Insurance",
       {"Solvency II", "GDPR"},
       "Europe/London",
       {L::kEn, L::kEs},
       people::Stage::kHypercare,
       "New since spring. Weekly call on Thursdays until the stage changes.",
       "harrowpike.example.com",
       {kMail, kTarn, kWaf, kCloud},
       &Rules::standard,
       &Rules::london,
       "Office hours, London",
       {{"Victoria Sands", "victoria.sands"},
        {"Daniel Okafor", "daniel.okafor"},
        {"Marta Iglesias", "marta.iglesias"},
        {"Simon Leigh", "simon.leigh"},
        {"Security desk", "security"}},
       "+44 00 5550 0163",
       {"Bishop Street", "Leeds", "Madrid office", "Cardiff"},
       {"hpi-insp-1", "hpi-mail-1", "hpi-ws-409", "hpi-waf-2", "hpi-edge-1"}},
  };
  return all;
}

Result<Customer> MakeCustomer(store::WriteTx& tx, const Rules& rules, const Cast& cast, const Client& client,
                              Time ends) {
  people::NewOrganisation request{.name = client.name,
                                  .industry = client.industry,
                                  .regulations = client.regulations,
                                  .zone = client.zone,
                                  .languages = client.languages,
                                  .stage = client.stage,
                                  .notes = client.notes,
                                  .domains = {client.domain},
                                  .technology_ids = {},
                                  .security_contacts = {}};
  for (const char* path : client.technologies) {
    request.technology_ids.push_back(cast.technologies.at(path));
  }
  request.security_contacts = {
      {client.contacts[0].first, client.phone, std::string(client.contacts[0].second) + "@" + client.domain}};
  Customer customer;
  customer.id = TRY(people::AddOrganisation(tx, System(), request)).id;
  customer.language = client.languages.front();
  customer.sites = client.sites;
  customer.hosts = client.hosts;
  using enum people::ContactRole;
  for (std::size_t i = 0; i < client.contacts.size(); ++i) {
    const auto& [name, local] = client.contacts[i];
    people::NewContact contact{.name = name,
                               .emails = {std::string(local) + "@" + client.domain},
                               .phones = {},
                               .language = customer.language,
                               .roles = {kRequester},
                               .portal = true};
    if (i == 0) {
      contact.phones = {client.phone};
      contact.roles = {kRequester, kApprover, kSecurity};
    } else if (i == 3) {
      contact.roles = {kExecutive};
    }
    customer.contacts.push_back(TRY(people::AddContact(tx, System(), customer.id, contact)).id);
    customer.users.emplace_back(name);
  }
  customer.users.pop_back();  // the last is a shared mailbox, not a person
  TRY(people::AddContract(tx, System(), customer.id,
                          {.name = client.contract,
                           .policy_id = rules.*client.policy,
                           .calendar_id = rules.*client.calendar,
                           .channels = {},
                           .languages = client.languages,
                           .starts_on = DayIn("Etc/UTC", ends - std::chrono::days{240}),
                           .ends_on = DayIn("Etc/UTC", ends + std::chrono::days{130})}));
  return customer;
}

Status MakeKnowledge(store::WriteTx& tx, const Cast& cast) {
  const auto author = *auth::StaffActor(tx, cast.staff[0]);
  for (const KnownArticle& article : KnowledgeOfDesk().articles) {
    TRY(knowledge::AddArticle(tx, author,
                              {.title = article.title,
                               .body = article.body,
                               .language = article.language,
                               .visibility = article.for_customers ? Visibility::kPublic : Visibility::kInternal,
                               .tags = article.tags,
                               .state = knowledge::ArticleState::kPublished}));
  }
  for (const KnownSnippet& snippet : KnowledgeOfDesk().snippets) {
    TRY(knowledge::AddSnippet(tx, author,
                              {.key = snippet.key,
                               .title = {snippet.title.en, snippet.title.es, snippet.title.pt},
                               .body = {snippet.body.en, snippet.body.es, snippet.body.pt}}));
  }
  return {};
}

}  // namespace

Result<Cast> MakeCast(store::WriteTx& tx, const std::string& password_hash, Time ends) {
  Cast cast;
  const Rules rules = TRY(MakeRules(tx));
  cast.technologies = TRY(MakeTechnologies(tx));
  cast.staff = TRY(MakeStaff(tx, rules, cast.technologies, password_hash, ends));
  TRY(MakeTeams(tx, rules, cast));
  TRY(MakeRotas(tx, cast.staff, ends));
  for (const Client& client : Clients()) {
    cast.customers.push_back(TRY(MakeCustomer(tx, rules, cast, client, ends)));
  }
  triage::Seed(tx);
  TRY(triage::PutPolicy(tx, System(), triage::DefaultPolicy(), std::nullopt));
  TRY(MakeKnowledge(tx, cast));
  return cast;
}

}  // namespace propolis::demo
