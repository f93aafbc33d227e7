#include "api/system_routes.h"

#include "base/i18n.h"

namespace propolis::api {

void AddSystemRoutes(net::Router& router, Desk& desk) {
  net::Route live;
  live.pattern = "/health/live";
  live.pool = net::Pool::kInline;
  live.handler = [](net::Request&) { return net::Response::Json(200, "{\"status\":\"live\"}"); };
  router.Add(std::move(live));

  net::Route ready;
  ready.pattern = "/health/ready";
  ready.handler = [&desk](net::Request&) {
    const auto answers = desk.store.Read([](store::ReadTx& tx) -> Result<bool> {
      return tx.One("SELECT 1", [](const store::Row& row) { return row.Bool(0); }).value_or(false);
    });
    const store::Health health = desk.store.GetHealth();
    const bool good = answers && *answers && health.writable;
    json::Writer writer;
    writer.BeginObject()
        .Field("status", good ? "ready" : "not ready")
        .Field("engine", health.engine)
        .Field("schema", health.schema)
        .Field("queued_writes", health.queued_writes)
        .EndObject();
    return net::Response::Json(good ? 200 : 503, writer.Take());
  };
  router.Add(std::move(ready));

  net::Route metrics;
  metrics.pattern = "/metrics";
  metrics.handler = [&desk](net::Request&) {
    const store::Health health = desk.store.GetHealth();
    desk.metrics->GetGauge("propolis_store_size_bytes", "Size of the store.").Set(health.size_bytes);
    desk.metrics->GetGauge("propolis_store_queued_writes", "Writes that wait for the writer.")
        .Set(health.queued_writes);
    net::Response response = net::Response::Text(200, desk.metrics->Text());
    response.With("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    return response;
  };
  router.Add(std::move(metrics));
}

net::Response UnknownPath(const net::Request& request) {
  return Problem({Code::kNotFound, "error.not_found", {}, {}},
                 i18n::Negotiate(request.headers.Find("Accept-Language").value_or("")), request.id);
}

}  // namespace propolis::api
