#include "domain/fairness/fairness.h"

#include <algorithm>

#include "domain/oncall/rota_queries.h"
#include "domain/oncall/window.h"
#include "domain/report/dashboard.h"
#include "domain/stored.h"
#include "domain/wall_clock.h"

namespace propolis::fairness {
namespace {

using auth::Permission;

const std::vector<oncall::Window>& Nights() {
  using enum sla::Weekday;
  static const std::vector<oncall::Window> nights = {{{kSun, kMon, kTue, kWed, kThu, kFri, kSat},
                                                      sla::TimeOfDay{std::chrono::hours{22}},
                                                      sla::TimeOfDay{std::chrono::hours{7}}}};
  return nights;
}

const date::time_zone& ZoneOf(const Zones& zones, const std::string& person) {
  const auto found = zones.find(person);
  return found == zones.end() || found->second == nullptr ? *FindZone("Etc/UTC") : *found->second;
}

Seconds NightsIn(const oncall::Duty& duty, const date::time_zone& zone) {
  Seconds all{0};
  for (const auto& span : oncall::Covered(Nights(), zone, duty.from, duty.to)) {
    all += std::chrono::duration_cast<Seconds>(span.to - span.from);
  }
  return all;
}

bool IsOnCall(const RotaDuties& rota, const PageCall& call) {
  return std::ranges::any_of(rota.duties, [&](const oncall::Duty& duty) {
    return duty.from <= call.at && call.at < duty.to &&
           std::ranges::find(duty.people, call.person) != duty.people.end();
  });
}

// One rota's loads by person.
using Loads = std::map<std::string, Load>;

Load& Of(Loads& loads, const std::string& rota, const std::string& person) {
  Load& load = loads[person];
  load.rota = rota;
  load.person = person;
  return load;
}

void CountPage(Load& load, const PageCall& call, const Zones& zones) {
  ++load.pages;
  load.night_pages += oncall::IsActive(Nights().front(), ZoneOf(zones, call.person), call.at) ? 1 : 0;
}

}  // namespace

std::vector<Load> Reckon(const std::vector<RotaDuties>& rotas, const std::vector<PageCall>& calls, const Zones& zones) {
  std::vector<Load> all;
  std::vector<bool> counted(calls.size(), false);
  const auto take = [&](const Loads& loads) {
    for (const auto& [_, load] : loads) {
      all.push_back(load);
    }
  };
  for (const RotaDuties& rota : rotas) {
    Loads loads;
    for (const oncall::Duty& duty : rota.duties) {
      for (const std::string& person : duty.people) {
        Load& load = Of(loads, rota.rota, person);
        load.on_call += std::chrono::duration_cast<Seconds>(duty.to - duty.from);
        load.nights += NightsIn(duty, ZoneOf(zones, person));
      }
    }
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (IsOnCall(rota, calls[i])) {
        CountPage(Of(loads, rota.rota, calls[i].person), calls[i], zones);
        counted[i] = true;
      }
    }
    take(loads);
  }
  Loads others;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (!counted[i]) {
      CountPage(Of(others, "", calls[i].person), calls[i], zones);
    }
  }
  take(others);
  return all;
}

namespace {

constexpr std::string_view kRotas = "SELECT id, name FROM rota ORDER BY name";
constexpr std::string_view kStaff = "SELECT id, name, zone FROM staff";
constexpr std::string_view kCalls =
    "SELECT at, called FROM page_line WHERE step IS NOT NULL AND at >= $1 AND at < $2 ORDER BY at";

struct People {
  std::map<std::string, std::string> names;
  Zones zones;
};

People LoadPeople(store::ReadTx& tx) {
  People people;
  tx.ForEach(kStaff, [&](const store::Row& row) {
    const std::string id = row.Id<StaffId>(0).ToString();
    people.names[id] = row.String(1);
    people.zones[id] = FindZone(row.String(2));
    return true;
  });
  return people;
}

std::vector<PageCall> LoadCalls(store::ReadTx& tx, const oncall::Period& period) {
  std::vector<PageCall> calls;
  tx.ForEach(
      kCalls,
      [&](const store::Row& row) {
        for (const Ref& person : stored::FromJson<std::vector<Ref>>(row.Text(1))) {
          calls.push_back({row.Time(0), person.id});
        }
        return true;
      },
      period.from, period.to);
  return calls;
}

}  // namespace

Result<std::vector<Line>> Report(store::ReadTx& tx, const auth::Actor& actor, const oncall::Period& asked, Time now) {
  TRY(auth::Require(actor, Permission::kRotaRead));
  const oncall::Period period{asked.from, std::min(asked.to, now)};
  if (asked.to <= asked.from) {
    return FailField("to", "rota.ends_before_start");
  }
  std::vector<RotaDuties> duties;
  std::map<std::string, std::string> names;
  for (const Ref& ref : tx.All(kRotas, [](const store::Row& row) { return *OptRef(row, 0); })) {
    const auto id = oncall::RotaId::Parse(ref.id).value_or(oncall::RotaId{});
    const auto rota = oncall::StoredRota(tx, id, period.from, period.to);
    if (rota && period.from < period.to) {
      names[ref.id] = ref.name;
      duties.push_back({ref.id, TRY(oncall::Schedule(*rota, period.from, period.to))});
    }
  }
  People people = LoadPeople(tx);
  std::vector<Line> lines;
  for (const Load& load : Reckon(duties, LoadCalls(tx, period), people.zones)) {
    lines.push_back({.rota = load.rota.empty() ? std::nullopt : std::optional(Ref{load.rota, names[load.rota]}),
                     .person = {load.person, people.names[load.person]},
                     .seconds = load.on_call.count(),
                     .night_seconds = load.nights.count(),
                     .pages = load.pages,
                     .night_pages = load.night_pages});
  }
  return lines;
}

namespace {

std::string Hours(std::int64_t seconds) {
  constexpr double kHour = 3600;
  return fmt::format("{:.2f}", static_cast<double>(seconds) / kHour);
}

}  // namespace

std::string ToCsv(const std::vector<Line>& lines) {
  std::string csv = "rota,person,hours,night_hours,pages,night_pages\r\n";
  for (const Line& line : lines) {
    csv += report::CsvField(line.rota ? line.rota->name : "") + "," + report::CsvField(line.person.name) + "," +
           Hours(line.seconds) + "," + Hours(line.night_seconds) + "," + std::to_string(line.pages) + "," +
           std::to_string(line.night_pages) + "\r\n";
  }
  return csv;
}

const dto::Type& Line::Dto() {
  static const dto::Type type =
      dto::Object<Line>("OnCallLoad", "What one person carried in one rota.")
          .Optional("rota", &Line::rota, "Absent: she was called without being on call in any.")
          .Required("person", &Line::person, "")
          .Required("seconds", &Line::seconds, "On call.")
          .Required("night_seconds", &Line::night_seconds, "Of those, from 22:00 to 07:00 where she is.")
          .Required("pages", &Line::pages, "How often she was called.")
          .Required("night_pages", &Line::night_pages, "Of those, at night.")
          .Done();
  return type;
}

}  // namespace propolis::fairness
