// Merging and splitting tickets: what would become of the deadlines, and the split.
#include "domain/ticket/parting.h"

#include "api/resource.h"
#include "api/resources.h"
#include "api/ticket_view.h"

namespace propolis::api {

using auth::Permission;
using net::Method;

namespace {

struct MergeAsked {
  std::string into;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<MergeAsked>("MergeAsked", "")
            .Required("into", &MergeAsked::into, "The number or id of the other ticket.", dto::Text(1, 64))
            .Done();
    return type;
  }
};

struct SplitAsked {
  std::int64_t seq = 0;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<SplitAsked>("SplitAsked", "")
            .Required("seq", &SplitAsked::seq, "The place of the message on the ticket.", dto::Range(1, INT32_MAX))
            .Done();
    return type;
  }
};

}  // namespace

void AddParting(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/tickets/{id}/merge-preview",
           .id = "previewMerge",
           .tag = "tickets",
           .summary = "What a merge would make of the target's deadlines",
           .access = Permission::kTicketMerge},
          [](Call& call, const MergeAsked& asked) -> Result<ticket::Forecast> {
            return call.Read([&](store::ReadTx& tx) -> Result<ticket::Forecast> {
              const auto number = TRY(ticket::Resolve(tx, call.Path("id")));
              return ticket::PreviewMerge(tx, call.actor, number, asked.into, call.Now());
            });
          });
  api.Add({.method = Method::kGet,
           .path = "/tickets/{id}/split-preview",
           .id = "previewSplit",
           .tag = "tickets",
           .summary = "Which deadlines a ticket split off at a message would have",
           .access = Permission::kTicketMerge},
          [](Call& call, const SplitAsked& asked) -> Result<ticket::Forecast> {
            return call.Read([&](store::ReadTx& tx) -> Result<ticket::Forecast> {
              const auto number = TRY(ticket::Resolve(tx, call.Path("id")));
              return ticket::PreviewSplit(tx, call.actor, number, asked.seq, call.Now());
            });
          });
  api.Add({.method = Method::kPost,
           .path = "/tickets/{id}/split",
           .id = "splitTicket",
           .tag = "tickets",
           .summary = "Open a ticket of its own with a customer's message",
           .access = Permission::kTicketMerge,
           .status = 201,
           .doc = "Its clocks count from the time of the message. Message and files stay on the first ticket too."},
          [](Call& call, const ticket::Split& split) -> Result<TicketView> {
            return call.Write(
                [&](store::WriteTx& tx) -> Result<std::int64_t> {
                  const auto number = TRY(ticket::Resolve(tx, call.Path("id")));
                  return TRY(ticket::SplitOff(tx, call.actor, number, split)).number;
                },
                [&](store::ReadTx& tx, std::int64_t number) { return ViewTicket(tx, call.actor, number, call.Now()); });
          });
}

}  // namespace propolis::api
