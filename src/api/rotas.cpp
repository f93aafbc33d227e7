// /rotas: who is on call; /feeds/on-call: the same for calendar programs.
#include "api/resource.h"
#include "api/resources.h"
#include "domain/fairness/fairness.h"
#include "domain/oncall/feed_link.h"
#include "domain/oncall/rota_commands.h"
#include "domain/oncall/rota_queries.h"

namespace propolis::api {
namespace {

using auth::Permission;
using net::Method;
using oncall::RotaId;

void AddReading(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/rotas",
           .id = "listRotas",
           .tag = "rotas",
           .summary = "Rotas, by name, with who is on call now",
           .access = Permission::kRotaRead},
          [](Call& call) -> Result<std::vector<oncall::DeskRota>> {
            return call.Read([&](store::ReadTx& tx) { return oncall::Rotas(tx, call.actor, call.Now()); });
          });
  api.Add({.method = Method::kGet,
           .path = "/rotas/{id}",
           .id = "getRota",
           .tag = "rotas",
           .summary = "One rota, with who is on call now and the next hand-over",
           .access = Permission::kRotaRead},
          [](Call& call) -> Result<oncall::DeskRota> {
            const auto id = TRY(call.PathId<RotaId>("id"));
            return call.Read([&](store::ReadTx& tx) { return oncall::GetRota(tx, call.actor, id, call.Now()); });
          });
  api.Add({.method = Method::kGet,
           .path = "/rotas/{id}/schedule",
           .id = "getRotaSchedule",
           .tag = "rotas",
           .summary = "The turns of each layer and the final schedule between two moments",
           .access = Permission::kRotaRead},
          [](Call& call, const oncall::Period& period) -> Result<oncall::DeskSchedule> {
            const auto id = TRY(call.PathId<RotaId>("id"));
            return call.Read([&](store::ReadTx& tx) { return oncall::GetSchedule(tx, call.actor, id, period); });
          });
}

void AddFairness(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/reports/on-call",
           .id = "getOnCallLoad",
           .tag = "rotas",
           .summary = "Hours on call and pages, by rota and person",
           .access = Permission::kRotaRead},
          [](Call& call, const oncall::Period& period) -> Result<std::vector<fairness::Line>> {
            return call.Read([&](store::ReadTx& tx) { return fairness::Report(tx, call.actor, period, call.Now()); });
          });
  api.Add({.method = Method::kGet,
           .path = "/reports/on-call.csv",
           .id = "getOnCallLoadCsv",
           .tag = "rotas",
           .summary = "The same as CSV",
           .access = Permission::kRotaRead,
           .media_type = "text/csv"},
          [](Call& call, const oncall::Period& period) -> Result<net::Response> {
            const auto lines =
                TRY(call.Read([&](store::ReadTx& tx) { return fairness::Report(tx, call.actor, period, call.Now()); }));
            auto response = net::Response::Text(200, fairness::ToCsv(lines));
            response.With("Content-Type", "text/csv; charset=utf-8; header=present")
                .With("Content-Disposition", "attachment; filename=\"on-call.csv\"")
                .With("Cache-Control", "private, no-store");
            return response;
          });
}

void AddChanging(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/rotas",
           .id = "addRota",
           .tag = "rotas",
           .summary = "Add a rota",
           .access = Permission::kRotaWrite,
           .status = 201},
          [](Call& call, const oncall::NewRota& body) -> Result<oncall::DeskRota> {
            return call.Write([&](store::WriteTx& tx) { return oncall::AddRota(tx, call.actor, body); });
          });
  api.Add(
      {.method = Method::kPatch,
       .path = "/rotas/{id}",
       .id = "changeRota",
       .tag = "rotas",
       .summary = "Make the next version of a rota",
       .access = Permission::kRotaWrite,
       .versioned = true},
      [](Call& call, const oncall::RotaChange& body) -> Result<oncall::DeskRota> {
        const auto id = TRY(call.PathId<RotaId>("id"));
        const auto version = TRY(call.IfMatch());
        return call.Write([&](store::WriteTx& tx) { return oncall::ChangeRota(tx, call.actor, id, body, version); });
      });
  api.Add({.method = Method::kDelete,
           .path = "/rotas/{id}",
           .id = "deleteRota",
           .tag = "rotas",
           .summary = "Delete a rota with its overrides and its link",
           .access = Permission::kRotaWrite},
          [](Call& call) -> Result<NoContent> {
            const auto id = TRY(call.PathId<RotaId>("id"));
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              TRY(oncall::DeleteRota(tx, call.actor, id));
              return NoContent{};
            });
          });
}

void AddOverrides(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/rotas/{id}/overrides",
           .id = "addRotaOverride",
           .tag = "rotas",
           .summary = "Put other people on call for a while, or come on call oneself",
           .access = Permission::kRotaRead,
           .status = 201,
           .doc = "Anybody but the person herself on call needs rota.write."},
          [](Call& call, const oncall::NewOverride& body) -> Result<oncall::DeskRota> {
            const auto id = TRY(call.PathId<RotaId>("id"));
            return call.Write([&](store::WriteTx& tx) { return oncall::AddOverride(tx, call.actor, id, body); });
          });
  api.Add({.method = Method::kDelete,
           .path = "/rotas/{id}/overrides/{override}",
           .id = "endRotaOverride",
           .tag = "rotas",
           .summary = "Take an override back",
           .access = Permission::kRotaRead,
           .doc = "One that somebody else made needs rota.write."},
          [](Call& call) -> Result<oncall::DeskRota> {
            const auto id = TRY(call.PathId<RotaId>("id"));
            const auto override = TRY(call.PathId<oncall::OverrideId>("override"));
            return call.Write([&](store::WriteTx& tx) { return oncall::EndOverride(tx, call.actor, id, override); });
          });
}

std::string FeedUrl(const Desk& desk, const std::string& secret) {
  return desk.public_url + "/api/v1/feeds/on-call.ics?token=" + secret;
}

// Links are made outside Call::Write: an answer kept for an Idempotency-Key would keep the secret in the clear.
void AddFeedLinks(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/rotas/{id}/feed",
           .id = "makeRotaFeed",
           .tag = "rotas",
           .summary = "Make the rota's calendar link; the one before stops working",
           .access = Permission::kRotaWrite,
           .status = 201,
           .replayable = false},
          [](Call& call) -> Result<oncall::FeedLink> {
            const auto id = TRY(call.PathId<RotaId>("id"));
            const auto secret = TRY(
                call.desk.store.Write([&](store::WriteTx& tx) { return oncall::MakeRotaFeed(tx, call.actor, id); }));
            return oncall::FeedLink{FeedUrl(call.desk, secret)};
          });
  api.Add({.method = Method::kDelete,
           .path = "/rotas/{id}/feed",
           .id = "endRotaFeed",
           .tag = "rotas",
           .summary = "End the rota's calendar link at once",
           .access = Permission::kRotaWrite},
          [](Call& call) -> Result<NoContent> {
            const auto id = TRY(call.PathId<RotaId>("id"));
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              TRY(oncall::EndRotaFeed(tx, call.actor, id));
              return NoContent{};
            });
          });
  api.Add({.method = Method::kPost,
           .path = "/me/on-call-feed",
           .id = "makeOwnOnCallFeed",
           .tag = "rotas",
           .summary = "Make the link to my own turns on call; the one before stops working",
           .access = Permission::kRotaRead,
           .status = 201,
           .replayable = false},
          [](Call& call) -> Result<oncall::FeedLink> {
            const auto secret =
                TRY(call.desk.store.Write([&](store::WriteTx& tx) { return oncall::MakeOwnFeed(tx, call.actor); }));
            return oncall::FeedLink{FeedUrl(call.desk, secret)};
          });
  api.Add({.method = Method::kDelete,
           .path = "/me/on-call-feed",
           .id = "endOwnOnCallFeed",
           .tag = "rotas",
           .summary = "End the link to my own turns at once",
           .access = Permission::kRotaRead},
          [](Call& call) -> Result<NoContent> {
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              TRY(oncall::EndOwnFeed(tx, call.actor));
              return NoContent{};
            });
          });
}

struct FeedQuery {
  std::string token;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<FeedQuery>("OnCallFeedQuery", "")
                                      .Required("token", &FeedQuery::token, "The link's secret.", dto::Text(1, 200))
                                      .Done();
    return type;
  }
};

void AddFeed(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/feeds/on-call.ics",
           .id = "getOnCallFeed",
           .tag = "rotas",
           .summary = "Turns on call as iCalendar, by a secret link",
           .access = Open::kAnyone,
           .media_type = "text/calendar"},
          [](Call& call, const FeedQuery& query) -> Result<net::Response> {
            auto response = net::Response::Text(
                200, TRY(call.Read([&](store::ReadTx& tx) { return oncall::ReadFeed(tx, query.token, call.Now()); })));
            response.With("Content-Type", "text/calendar; charset=utf-8")
                .With("Content-Disposition", "inline; filename=\"on-call.ics\"")
                .With("Cache-Control", "private, no-store");
            return response;
          });
}

}  // namespace

void AddRotas(Api& api) {
  AddReading(api);
  AddFairness(api);
  AddChanging(api);
  AddOverrides(api);
  AddFeedLinks(api);
  AddFeed(api);
}

}  // namespace propolis::api
