// Full text over the real schema: what is written is found, by whom it may be.
#include <gtest/gtest.h>

#include "domain/desk_test_support.h"
#include "domain/ticket/access.h"
#include "domain/ticket/commands.h"
#include "search/index.h"
#include "search/run.h"

namespace propolis::search {
namespace {

class SearchTest : public testing::Test {
 protected:
  SearchTest() { EXPECT_TRUE(Prepare(*desk_.store)); }

  void CatchUp() {
    const auto done = desk_.store->Write([&](store::WriteTx& tx) -> Result<bool> {
      const auto events = store::EventsAfter(tx, position_, 10'000);
      TRY(Index(tx, events));
      position_ = events.empty() ? position_ : events.back().seq;
      return true;
    });
    ASSERT_TRUE(done) << Describe(done.error());
  }

  Found Search(std::string_view text, Request request = {}) {
    CatchUp();
    return SearchAs({.tickets = true, .articles = true, .me = ana_.person}, text, std::move(request));
  }
  static Scope Hers(const auth::Actor& customer) {
    return {.tickets = true,
            .articles = true,
            .customer = Customer{.organisation = *customer.organisation,
                                 .sees_all = customer.roles.contains(auth::Role::kCustomerApprover),
                                 .contact = customer.person,
                                 .email = customer.email,
                                 .in_copy = ticket::InCopyPattern(customer.email)}};
  }
  Found SearchAs(const Scope& scope, std::string_view text, Request request = {}) {
    return desk_.store
        ->Read([&](store::ReadTx& tx) -> Result<Found> { return search::Run(tx, Parse(text), scope, request); })
        .value();
  }
  std::vector<std::int64_t> Numbers(const Found& found) {
    std::vector<std::int64_t> numbers;
    for (const Hit& hit : found.hits) {
      numbers.push_back(hit.ticket);
    }
    return numbers;
  }
  void Note(std::int64_t number, const std::string& body) {
    ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) { return ticket::Note(tx, ana_, number, {body, {}}); }));
  }

  TestDesk desk_;
  auth::Actor ana_ = desk_.AddStaff("Ana");
  std::int64_t position_ = 0;
};

TEST_F(SearchTest, FindsByStemWithoutAccentsNewestFirst) {
  const auto first = desk_.AddTicket(TicketKind::kFault, {}, "Se cayeron las conexiones",
                                     "Desde esta mañana las conexiones con la sede central no funcionan.");
  const auto second =
      desk_.AddTicket(TicketKind::kFault, {}, "Otra conexión caída", "La conexión no funciona bien hoy.");
  EXPECT_EQ(Numbers(Search("conexion")), (std::vector{second, first}));
  EXPECT_EQ(Numbers(Search("\"sede central\"")), (std::vector{first}));
  EXPECT_EQ(Numbers(Search("conexion -central")), (std::vector{second}));
  EXPECT_EQ(Numbers(Search("central OR hoy")), (std::vector{second, first}));
  EXPECT_EQ(Numbers(Search("conex*")), (std::vector{second, first}));
  EXPECT_TRUE(Search("printer").hits.empty());
  EXPECT_NE(Search("conexion").hits[0].snippet_html.find("<mark>conexión</mark>"), std::string::npos);
}

TEST_F(SearchTest, FindsIndicatorsAsTheyStand) {
  const auto number = desk_.AddTicket(TicketKind::kEvent, {}, "Beacon", "Traffic to 10.1.2.3 and evil[.]example");
  desk_.AddTicket(TicketKind::kEvent, {}, "Other", "Traffic to 10.1.2.35");
  EXPECT_EQ(Numbers(Search("10.1.2.3")), (std::vector{number}));
  EXPECT_EQ(Numbers(Search("hxxp://evil.example")), (std::vector{number}));
  EXPECT_EQ(Numbers(Search("beacon 10.1.2.3")), (std::vector{number}));
  EXPECT_TRUE(Search("10.1.2.3 -beacon").hits.empty());
  EXPECT_EQ(Numbers(Search("number:" + std::to_string(number))), (std::vector{number}));
}

TEST_F(SearchTest, CustomersFindTheirOwnPublicWordsOnly) {
  const auto mine = desk_.AddTicket(TicketKind::kFault, {}, "Tunnel", "The gateway is broken.");
  const auto other = desk_.AddOrganisation("Other");
  desk_.AddTicket(TicketKind::kFault, other, "Tunnel", "The gateway is broken too.");
  Note(mine, "Their gateway is badly configured.");
  EXPECT_EQ(Search("gateway").hits.size(), 3U);
  const Scope hers = Hers(desk_.AddCustomer("Ana", desk_.organisation));
  const auto found = SearchAs(hers, "gateway");
  EXPECT_EQ(Numbers(found), (std::vector{mine}));
  EXPECT_EQ(found.total, 1);
  EXPECT_EQ(found.hits[0].type, "ticket");
  EXPECT_TRUE(SearchAs({.tickets = false, .articles = true, .customer = hers.customer}, "gateway").hits.empty());
  for (const std::string filter : {"assignee:ana", "state:open", "has:approval", "is:breached", "organisation:acme"}) {
    EXPECT_EQ(SearchAs(hers, "gateway " + filter).problems.size(), 1U) << filter;
  }
}

TEST_F(SearchTest, CustomersFindOnlyThatInWhichTheyTakePart) {
  const auto number = desk_.AddTicket(TicketKind::kFault, {}, "Tunnel", "The gateway is broken.");
  CatchUp();
  const auto finds = [&](const auth::Actor& who, std::string_view text) {
    const auto found = SearchAs(Hers(who), text);
    EXPECT_EQ(found.total, std::ssize(found.hits)) << who.name;
    return !found.hits.empty();
  };
  const auto ana = desk_.AddCustomer("Ana", desk_.organisation);
  const auto ben = desk_.AddCustomer("Ben", desk_.organisation);
  const auto eva = desk_.AddCustomer("Eva", desk_.organisation);
  auto wild = desk_.AddCustomer("Wild", desk_.organisation);
  wild.email = "%@customer.example";
  ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) -> Result<bool> {
    tx.Exec("UPDATE ticket_detail SET cc = $2 WHERE ticket = $1", number, "[\"" + ben.email + "\"]");
    return true;
  }));
  for (const std::string_view text : {"gateway", "kind:fault"}) {
    EXPECT_TRUE(finds(ana, text)) << text;
    EXPECT_TRUE(finds(ben, text)) << text;
    EXPECT_FALSE(finds(eva, text)) << text;
    EXPECT_FALSE(finds(wild, text)) << text;
  }
  const auto boss = desk_.AddCustomer("Boss", desk_.organisation, auth::Role::kCustomerApprover);
  EXPECT_TRUE(finds(boss, "gateway"));
  ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) {
    return ticket::Move(tx, ana_, number, {.to = TicketState::kSpam, .reason = {}, .until = {}, .into = {}},
                        std::nullopt);
  }));
  EXPECT_FALSE(finds(boss, "gateway"));
}

TEST_F(SearchTest, ANewSubjectReplacesTheOld) {
  const auto number = desk_.AddTicket(TicketKind::kFault, {}, "Printer", "Nothing special.");
  EXPECT_EQ(Numbers(Search("printer")), (std::vector{number}));
  ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) -> Result<ticket::Ticket> {
    auto edit = TRY(ticket::Edit::Begin(tx, ana_, number, auth::Permission::kTicketUpdate));
    edit.ticket().subject = "Scanner";
    return edit.Finish("ticket.update");
  }));
  EXPECT_TRUE(Search("printer").hits.empty());
  EXPECT_EQ(Numbers(Search("scanner special")), (std::vector{number}));
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM search_document"), 1);
}

TEST_F(SearchTest, FiltersAloneFindWhatHasTheFacetNow) {
  const auto fault = desk_.AddTicket(TicketKind::kFault, {}, "Alpha", "x");
  const auto question = desk_.AddTicket(TicketKind::kQuestion, {}, "Beta", "y");
  const std::vector both = {question, fault};
  EXPECT_EQ(Numbers(Search("kind:fault")), (std::vector{fault}));
  EXPECT_EQ(Numbers(Search("kind:fault,question channel:mail,portal,api,phone")), both);
  EXPECT_EQ(Search("kind:incident").total, 0);
  EXPECT_EQ(Search("kind:fault kind:question").total, 0);
  EXPECT_EQ(Search("state:spam").total, 0);
  EXPECT_EQ(Search("technology:nothing").total, 0);
  const auto row = [&](std::string_view column) {
    return *desk_.store->Read([&](store::ReadTx& tx) -> Result<std::string> {
      return *tx.One(
          "SELECT " + std::string(column) + " FROM ticket WHERE number = $1",
          [](const store::Row& value) { return value.String(0); }, fault);
    });
  };
  const std::string email = row("requester_email");
  EXPECT_EQ(Numbers(Search("from:" + email)), both);
  EXPECT_EQ(Numbers(Search("from:" + email.substr(email.find('@')))), both);
  EXPECT_EQ(Numbers(Search("from:" + email.substr(email.find('@') + 1))), both);
  EXPECT_EQ(Search("from:x" + email).total, 0);
  EXPECT_EQ(Numbers(Search("channel:" + row("channel") + " language:" + row("language"))), both);

  // Another kind: found as that, and no longer as the old one, which the index still remembers.
  ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) -> Result<ticket::Ticket> {
    auto edit = TRY(ticket::Edit::Begin(tx, ana_, fault, auth::Permission::kTicketUpdate));
    edit.ticket().kind = TicketKind::kQuestion;
    return edit.Finish("ticket.update");
  }));
  EXPECT_EQ(Numbers(Search("kind:question")), both);
  EXPECT_EQ(Search("kind:fault").total, 0);
  ASSERT_TRUE(Rebuild(*desk_.store, [](std::int64_t, std::int64_t) { return true; }));
  EXPECT_EQ(Numbers(Search("kind:question")), both);
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM search_facet WHERE facet = 'kind:fault'"), 0);
}

TEST_F(SearchTest, FiltersNarrowAndPagesGoOn) {
  std::vector<std::int64_t> all;
  for (int i = 0; i < 7; ++i) {
    all.insert(all.begin(), desk_.AddTicket(i % 2 == 0 ? TicketKind::kFault : TicketKind::kQuestion, {}, "Alpha", "x"));
  }
  EXPECT_EQ(Search("alpha kind:question").hits.size(), 3U);
  EXPECT_EQ(Search("alpha -kind:question").hits.size(), 4U);
  EXPECT_EQ(Search("kind:question is:unassigned state:open").hits.size(), 3U);
  EXPECT_EQ(Search("is:unassigned").hits.size(), 7U);
  EXPECT_EQ(Search("is:open").hits.size(), 7U);
  EXPECT_EQ(Search("is:open is:closed").hits.size(), 0U);
  EXPECT_EQ(Search("has:approval").total, 0);
  EXPECT_EQ(Search("-has:approval").total, 7);
  ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) -> Result<bool> {
    for (int i = 0; i < 2; ++i) {
      tx.Exec(
          "INSERT INTO approval (id, ticket, state, summary, resolution, asked_by, asked_at) VALUES ($1, $2, 'asked', "
          "'', '', $3, 1)",
          EvidenceId::New(tx.Now()), all[2], Uuid{});
    }
    return true;
  }));
  EXPECT_EQ(Numbers(Search("has:approval")), (std::vector{all[2]}));
  EXPECT_EQ(Search("alpha organisation:acm").hits.size(), 7U);
  EXPECT_EQ(Search("alpha organisation:nobody").problems[0].message, "search.no_such");
  EXPECT_TRUE(Search("alpha before:2020-01-01").hits.empty());
  for (const std::string_view text : {"alpha", "alpha state:open", "state:open"}) {
    for (const Sort sort : {Sort::kRecent, Sort::kRelevance}) {
      Request request;
      request.limit = 3;
      request.sort = sort;
      std::vector<std::int64_t> seen;
      for (int page = 0; page < 4; ++page) {
        const Found found = Search(text, request);
        EXPECT_EQ(found.total, 7) << text;
        std::ranges::move(Numbers(found), std::back_inserter(seen));
        if (!found.next_cursor) {
          break;
        }
        request.cursor = *found.next_cursor;
      }
      EXPECT_EQ(seen, all) << text;
    }
  }
}

TEST_F(SearchTest, RelevancePrefersTitles) {
  const auto title = desk_.AddTicket(TicketKind::kFault, {}, "Gateway", "It is broken.");
  desk_.AddTicket(TicketKind::kFault, {}, "Trouble", "Some words about a gateway that is far away from all others.");
  Request request;
  request.sort = Sort::kRelevance;
  EXPECT_EQ(Numbers(Search("gateway", request))[0], title);
}

TEST_F(SearchTest, RebuildingGivesTheSame) {
  const auto number = desk_.AddTicket(TicketKind::kFault, {}, "Gateway", "Broken.");
  Note(number, "The gateway again, 10.9.8.7");
  CatchUp();
  const auto before = desk_.Count("SELECT count(*) FROM search_document");
  const auto rebuilt = Rebuild(*desk_.store, [](std::int64_t, std::int64_t) { return true; });
  ASSERT_TRUE(rebuilt) << Describe(rebuilt.error());
  EXPECT_EQ(*rebuilt, before);
  EXPECT_EQ(Search("gateway").hits.size(), 2U);
  EXPECT_EQ(Search("10.9.8.7").hits.size(), 1U);
}

TEST_F(SearchTest, HostileQueriesAreJustWords) {
  desk_.AddTicket();
  for (const std::string_view hostile : {"\" OR 1", "title:vpn NEAR(a b)", "a* b* \"", "'; DROP TABLE ticket; --",
                                         "((((", "- OR - OR", "\xff\"\xfe*", "NOT", "state:'x'"}) {
    Search(hostile);
  }
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM ticket"), 1);
}

}  // namespace
}  // namespace propolis::search
