// /pages: people who are called for a ticket until somebody answers; /page-links: answering by the link in the mail.
#include "api/resource.h"
#include "api/resources.h"
#include "domain/escalation/page_commands.h"
#include "domain/escalation/page_link.h"
#include "domain/escalation/page_queries.h"
#include "domain/ticket/ticket.h"

namespace propolis::api {
namespace {

using auth::Permission;
using escalation::PageId;
using net::Method;

struct PageFilter {
  bool live = false;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<PageFilter>("PageFilter", "")
                                      .Optional("live", &PageFilter::live, "Only those that have not ended.")
                                      .Done();
    return type;
  }
};

void AddReading(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/pages",
           .id = "listPages",
           .tag = "pages",
           .summary = "The newest hundred pages",
           .access = Permission::kTicketRead},
          [](Call& call, const PageFilter& filter) -> Result<std::vector<escalation::Page>> {
            return call.Read(
                [&](store::ReadTx& tx) { return escalation::ListPages(tx, call.actor, filter.live, call.Now()); });
          });
  api.Add({.method = Method::kGet,
           .path = "/pages/{id}",
           .id = "getPage",
           .tag = "pages",
           .summary = "One page, with what happened to it",
           .access = Permission::kTicketRead},
          [](Call& call) -> Result<escalation::Page> {
            const auto id = TRY(call.PathId<PageId>("id"));
            return call.Read([&](store::ReadTx& tx) { return escalation::GetPage(tx, call.actor, id, call.Now()); });
          });
  api.Add({.method = Method::kGet,
           .path = "/tickets/{id}/pages",
           .id = "listTicketPages",
           .tag = "pages",
           .summary = "The pages of a ticket, the newest first",
           .access = Permission::kTicketRead},
          [](Call& call) -> Result<std::vector<escalation::Page>> {
            return call.Read([&](store::ReadTx& tx) -> Result<std::vector<escalation::Page>> {
              const auto number = TRY(ticket::Resolve(tx, call.Path("id")));
              return escalation::PagesOf(tx, call.actor, number, call.Now());
            });
          });
}

// Who may act on a page is shown what became of it.
void AddActing(Api& api) {
  api.Add(
      {.method = Method::kPost,
       .path = "/tickets/{id}/pages",
       .id = "startPage",
       .tag = "pages",
       .summary = "Call whoever is on call for a ticket",
       .access = Permission::kPageHandle,
       .status = 201},
      [](Call& call, const escalation::StartPage& body) -> Result<escalation::Page> {
        return call.Write(
            [&](store::WriteTx& tx) -> Result<PageId> {
              const auto number = TRY(ticket::Resolve(tx, call.Path("id")));
              return escalation::Start(tx, call.actor, number, body);
            },
            [&](store::ReadTx& tx, PageId id) { return escalation::GetPage(tx, auth::SystemActor(), id, call.Now()); });
      });
  api.Add(
      {.method = Method::kPost,
       .path = "/pages/{id}/acknowledge",
       .id = "acknowledgePage",
       .tag = "pages",
       .summary = "Take a page: nobody else is called",
       .access = Permission::kPageHandle},
      [](Call& call) -> Result<escalation::Page> {
        const auto id = TRY(call.PathId<PageId>("id"));
        return call.Write(
            [&](store::WriteTx& tx) -> Result<PageId> {
              TRY(escalation::Acknowledge(tx, call.actor, id));
              return id;
            },
            [&](store::ReadTx& tx, PageId) { return escalation::GetPage(tx, auth::SystemActor(), id, call.Now()); });
      });
  api.Add(
      {.method = Method::kPost,
       .path = "/pages/{id}/hand-back",
       .id = "handBackPage",
       .tag = "pages",
       .summary = "Give a page back: the next step is taken at once",
       .access = Permission::kPageHandle},
      [](Call& call, const escalation::HandBack& body) -> Result<escalation::Page> {
        const auto id = TRY(call.PathId<PageId>("id"));
        return call.Write(
            [&](store::WriteTx& tx) -> Result<PageId> {
              TRY(escalation::Return(tx, call.actor, id, body));
              return id;
            },
            [&](store::ReadTx& tx, PageId) { return escalation::GetPage(tx, auth::SystemActor(), id, call.Now()); });
      });
}

void AddLinks(Api& api) {
  api.Add(
      {.method = Method::kGet,
       .path = "/page-links/{token}",
       .id = "getPageByLink",
       .tag = "pages",
       .summary = "A page as the link in a mail shows it",
       .access = Open::kAnyone},
      [](Call& call) -> Result<escalation::PageByLink> {
        return call.Read([&](store::ReadTx& tx) { return escalation::LookByLink(tx, call.Path("token"), call.Now()); });
      });
  api.Add({.method = Method::kPost,
           .path = "/page-links/{token}",
           .id = "answerPageByLink",
           .tag = "pages",
           .summary = "Take a page, or give it back, by the link in a mail",
           .access = Open::kAnyone,
           .replayable = false},
          [](Call& call, const escalation::AnswerPage& body) -> Result<escalation::PageByLink> {
            return call.desk.store.Write(
                [&](store::WriteTx& tx) { return escalation::AnswerByLink(tx, call.Path("token"), body); });
          });
}

}  // namespace

void AddPages(Api& api) {
  AddReading(api);
  AddActing(api);
  AddLinks(api);
}

}  // namespace propolis::api
