#include "report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"

namespace propolis::bench {
namespace {

double Median(const std::vector<Measured>& rounds, double Measured::* figure) {
  std::vector<double> values;
  for (const Measured& round : rounds) {
    values.push_back(round.*figure);
  }
  if (values.empty()) {
    return 0;
  }
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double Ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

Measured Typical(const std::vector<Measured>& rounds) {
  Measured typical;
  typical.per_s = Median(rounds, &Measured::per_s);
  typical.p50_ms = Median(rounds, &Measured::p50_ms);
  typical.p99_ms = Median(rounds, &Measured::p99_ms);
  typical.cpu_ms = Median(rounds, &Measured::cpu_ms);
  for (const Measured& round : rounds) {
    typical.failed += round.failed;
  }
  return typical;
}

void PrintTable(const std::vector<Case>& cases) {
  fmt::print("\n{:<14}{:>8}{:>9}{:>9}{:>9}{:>9}{:>12}{:>9}{:>7}{:>7}  {}\n", "case", "clients", "per s", "p50 ms",
             "p99 ms", "cpu ms", "ceiling/s", "cpu ms", "ratio", "failed", "ceiling");
  for (const Case& each : cases) {
    const Measured desk = Typical(each.desk);
    const Measured top = Typical(each.ceiling_runs);
    fmt::print("{:<14}{:>8}{:>9.0f}{:>9.2f}{:>9.2f}{:>9.3f}{:>12.0f}{:>9.3f}{:>6.0f}%{:>7}  {}\n", each.name,
               each.clients, desk.per_s, desk.p50_ms, desk.p99_ms, desk.cpu_ms, top.per_s, top.cpu_ms,
               100 * Ratio(desk.per_s, top.per_s), desk.failed, each.ceiling);
  }
}

std::string ToJson(const std::vector<Case>& cases) {
  json::Writer writer;
  writer.BeginArray();
  for (const Case& each : cases) {
    const Measured desk = Typical(each.desk);
    const Measured top = Typical(each.ceiling_runs);
    writer.BeginObject()
        .Field("name", each.name)
        .Field("engine", "sqlite")
        .Field("tickets", each.tickets)
        .Field("clients", each.clients)
        .Field("per_s", desk.per_s)
        .Field("p50_ms", desk.p50_ms)
        .Field("p99_ms", desk.p99_ms)
        .Field("ceiling", each.ceiling)
        .Field("ceiling_per_s", top.per_s)
        .Field("ratio", Ratio(desk.per_s, top.per_s))
        .Field("rss_mb", each.rss_mb)
        .EndObject();
  }
  writer.EndArray();
  return writer.Take() + "\n";
}

}  // namespace propolis::bench
