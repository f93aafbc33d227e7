// /reports: the dashboard, and its tables as CSV.
#include "api/resource.h"
#include "api/resources.h"
#include "domain/report/dashboard.h"
#include "domain/triage/drift.h"

namespace propolis::api {
namespace {

using auth::Permission;
using net::Method;

struct CsvQuery : report::Filter {
  std::string table;
  static const dto::Type& Dto() {
    static const dto::Type type = [] {
      dto::Type made = dto::Object<CsvQuery>("DashboardCsvQuery", "Which table of which dashboard.")
                           .Required("table", &CsvQuery::table, "weeks, by_team, ...", dto::Text(1, 40))
                           .Done();
      const auto& more = report::Filter::Dto().members;
      made.members.insert(made.members.end(), more.begin(), more.end());
      return made;
    }();
    return type;
  }
};

}  // namespace

void AddReports(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/reports/dashboard",
           .id = "getDashboard",
           .tag = "reports",
           .summary = "The desk's figures over a period",
           .access = Permission::kReportRead},
          [](Call& call, const report::Filter& filter) -> Result<report::Dashboard> {
            return call.Read([&](store::ReadTx& tx) { return report::Compute(tx, call.actor, filter, call.Now()); });
          });
  api.Add(
      {.method = Method::kGet,
       .path = "/reports/drift",
       .id = "getDrift",
       .tag = "reports",
       .summary = "Whether priorities drift upwards",
       .access = Permission::kReportRead},
      [](Call& call, const triage::DriftFilter& filter) -> Result<triage::Drift> {
        return call.Read([&](store::ReadTx& tx) { return triage::ComputeDrift(tx, call.actor, filter, call.Now()); });
      });
  api.Add({.method = Method::kGet,
           .path = "/reports/dashboard.csv",
           .id = "getDashboardCsv",
           .tag = "reports",
           .summary = "One table of the dashboard as CSV",
           .access = Permission::kReportRead,
           .media_type = "text/csv"},
          [](Call& call, const CsvQuery& query) -> Result<net::Response> {
            const auto board =
                TRY(call.Read([&](store::ReadTx& tx) { return report::Compute(tx, call.actor, query, call.Now()); }));
            auto response = net::Response::Text(200, TRY(report::ToCsv(board, query.table)));
            response.With("Content-Type", "text/csv; charset=utf-8; header=present")
                .With("Content-Disposition", "attachment; filename=\"" + query.table + ".csv\"")
                .With("Cache-Control", "private, no-store");
            return response;
          });
}

}  // namespace propolis::api
