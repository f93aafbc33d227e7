// clock_bench [TICKETS]: what clocks cost, each figure beside its ceiling or its other half in the same run. make bench
// runs it; docs/performance.md explains it.
//
//  - working time over ten years beside a day;
//  - all open tickets following a calendar that was edited, beside SQLite writing the same rows;
//  - how late timers are acted on with all tickets' timers pending, alone and while requests come as fast as they can.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/number.h"
#include "desk.h"
#include "domain/calendars/calendar_commands.h"
#include "domain/calendars/defaults.h"
#include "domain/calendars/policy_commands.h"
#include "domain/sla/working_time.h"
#include "domain/ticket/commands.h"
#include "people.h"
#include "store/sqlite/connection.h"

namespace propolis::bench {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using Steady = std::chrono::steady_clock;

constexpr std::int64_t kTarget = 8LL * 3600;  // seconds; warned at 80 %
constexpr std::int64_t kWarnAt = kTarget * 8 / 10;
constexpr int kTimersPerSecond = 100;
constexpr seconds kBeforeTheFirst{30};  // for the desk to start
constexpr seconds kWatched{15};
constexpr int kClients = 64;
constexpr std::int64_t kTicketsAtOnce = 500;
constexpr const char* kFolder = "build/bench-data/clocks";
constexpr const char* kProgram = "build/propolis";

double SecondsSince(Steady::time_point start) { return std::chrono::duration<double>(Steady::now() - start).count(); }

// --- working time

template <class Work>
double NanosEach(int times, Work work) {
  const auto start = Steady::now();
  std::int64_t sum = 0;
  for (int i = 0; i < times; ++i) {
    sum += work(i);
  }
  // The sum is used, so the work is done.
  return SecondsSince(start) * 1e9 / times + (sum == 42 ? 1 : 0);
}

void MeasureWorkingTime() {
  sla::Calendar calendar;
  calendar.zone = "Europe/Madrid";
  for (const auto day : {sla::Weekday::kMon, sla::Weekday::kTue, sla::Weekday::kWed, sla::Weekday::kThu}) {
    calendar.weekly.push_back({day, {hours{9}}, {hours{14}}});
    calendar.weekly.push_back({day, {hours{16}}, {hours{19}}});
  }
  calendar.holiday_sets.push_back({.country = "ES", .region = "MD", .optional = false});
  const auto hours_of = sla::WorkingTime::From(calendar);
  const Time start = *ParseTime("2026-03-02T10:00:00Z");
  constexpr int kTimes = 20'000;
  const auto within = [&](Micros span) {
    return NanosEach(kTimes,
                     [&](int i) { return hours_of->Within(start + seconds{i}, start + seconds{i} + span).count(); });
  };
  const auto add = [&](Micros amount) {
    return NanosEach(kTimes, [&](int i) { return ToMicros(*hours_of->Add(start + seconds{i}, amount)); });
  };
  const Micros year = hours_of->Within(start, start + days{365});
  within(days{1});
  fmt::print("working time, Madrid with holidays: within a day {:.0f} ns, within ten years {:.0f} ns ({:.1f} times)\n",
             within(days{1}), within(days{3652}), within(days{3652}) / within(days{1}));
  fmt::print("                                    add 8 hours {:.0f} ns, add ten years {:.0f} ns ({:.1f} times)\n",
             add(hours{8}), add(year * 10), add(year * 10) / add(hours{8}));
}

// --- the store

// Open tickets whose clocks warn one after the other from `first` on.
Status FillOpen(std::int64_t tickets, Time first) {
  const auto clock = std::make_shared<ManualClock>(first - days{30});
  const auto store = TRY(store::Open({.location = kFolder, .clock = clock, .durability = store::Durability::kNone}));
  const auth::Actor system = auth::SystemActor();
  const People everybody = TRY(store->Write([&](store::WriteTx& tx) -> Result<People> {
    auto made = TRY(MakePeople(tx, first));
    const auto around = TRY(calendars::AddCalendar(tx, system, calendars::FromHours("Bench", sla::AroundTheClock())));
    calendars::NewPolicy policy;
    policy.name = "Bench";
    for (const auto& [priority, name] : Names<Priority>::kTable) {
      policy.targets.push_back({.priority = priority, .clock = ClockKind::kFirstResponse, .seconds = kTarget});
      policy.targets.push_back({.priority = priority, .clock = ClockKind::kResolution, .seconds = 100 * kTarget});
    }
    const auto kept = TRY(calendars::AddPolicy(tx, system, policy));
    TRY(calendars::SetDeskDefaults(tx, system, kept.id, around.id));
    return made;
  }));
  demo::Random random(5);
  for (std::int64_t n = 0; n < tickets; n += kTicketsAtOnce) {
    TRY(store->Write([&](store::WriteTx& tx) -> Status {
      for (std::int64_t i = n; i < std::min(tickets, n + kTicketsAtOnce); ++i) {
        clock->Set(first - seconds{kWarnAt} + Micros{i * 1'000'000 / kTimersPerSecond});
        ticket::OpenTicket request;
        request.subject = fmt::format("The tunnel is down ({})", i);
        request.body = "It went down this morning.";
        const auto& contact = random.Of(everybody.customers).contact;
        request.requester = {.email = contact.email, .name = contact.name};
        TRY(ticket::Open(tx, system, request, {}));
      }
      // What followed is not what is measured.
      tx.Exec("DELETE FROM event WHERE seq < (SELECT max(seq) FROM event)");
      return {};
    }));
    fmt::print(stderr, "\rfilling {} of {} open tickets", n, tickets);
  }
  fmt::print(stderr, "\n");
  return {};
}

store::sqlite::Connection Look() {
  return store::sqlite::Connection(
      {.file = std::string(kFolder) + "/desk.sqlite", .access = store::sqlite::Access::kReadOnly});
}

// --- timers

std::vector<double> LagsBetween(Time from, Time to) {
  std::vector<double> lags;
  auto connection = Look();
  connection.Run(
      fmt::format("SELECT acted_at - at FROM clock_step WHERE at >= {} AND at < {}", ToMicros(from), ToMicros(to)), {},
      [&](const store::Row& row) {
        lags.push_back(static_cast<double>(row.Int(0)) / 1000);
        return true;
      });
  std::ranges::sort(lags);
  return lags;
}

void TellLags(const char* when, const std::vector<double>& lags, std::int64_t due) {
  if (lags.empty()) {
    fmt::print("timers {}: none of {} were acted on\n", when, due);
    return;
  }
  const auto at = [&](double part) {
    return lags[static_cast<std::size_t>(part * static_cast<double>(lags.size() - 1))];
  };
  fmt::print("timers {}: {} of {} acted on, late by p50 {:.0f} ms, p99 {:.0f} ms, at most {:.0f} ms\n", when,
             lags.size(), due, at(0.5), at(0.99), lags.back());
}

void MeasureTimers(const Target& target, Time first) {
  const auto now = [] { return SystemClock().Now(); };
  const auto settle = [] { std::this_thread::sleep_for(seconds{3}); };
  std::this_thread::sleep_for(std::max(Micros{0}, first + seconds{2} - now()));
  const Time quiet = now();
  std::this_thread::sleep_for(kWatched);
  const Time end = now();
  settle();
  const auto due = [](Time from, Time to) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count() * kTimersPerSecond / 1000;
  };
  TellLags("with nothing else to do", LagsBetween(quiet, end), due(quiet, end));
  const Words words;
  const Time busy = now();
  const Measured created = Drive(target, kClients, kWatched, Create(words));
  const Time calm = now();
  settle();
  TellLags(fmt::format("while {:.0f} requests came a second", created.per_s).c_str(), LagsBetween(busy, calm),
           due(busy, calm));
}

// --- a calendar is edited

std::string Patch(const Target& target, const std::string& path, const std::string& body) {
  return Output({"/usr/bin/curl", "-sS", "--fail-with-body", "-X", "PATCH", "-H", "Content-Type: application/json",
                 "-H", "Authorization: Bearer " + target.key, "-d", body,
                 fmt::format("http://127.0.0.1:{}{}", target.port, path)});
}

double FollowEdit(const Target& target) {
  auto connection = Look();
  std::string id;
  connection.Run("SELECT id FROM calendar WHERE name = 'Bench'", {}, [&](const store::Row& row) {
    id = Uuid::FromBytes(row.Bytes(0)).value_or(Uuid{}).ToString();
    return true;
  });
  const auto start = Steady::now();
  Patch(target, "/api/v1/calendars/" + id, R"({"holidays":[{"date":"2031-01-06","name":"Epiphany"}]})");
  while (connection.Number("SELECT count(*) FROM job WHERE kind = 'calendar.hours_changed'") > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return SecondsSince(start);
}

// The rows that following an edit writes, changed in place by SQLite alone, in the same portions.
double RewriteRows() {
  store::sqlite::Connection connection({.file = std::string(kFolder) + "/desk.sqlite"});
  std::vector<std::int64_t> open;
  connection.Run("SELECT number FROM ticket WHERE is_open = 1", {}, [&](const store::Row& row) {
    open.push_back(row.Int(0));
    return true;
  });
  const auto start = Steady::now();
  constexpr std::size_t kPortion = 50;
  for (std::size_t from = 0; from < open.size(); from += kPortion) {
    connection.Execute("BEGIN IMMEDIATE");
    for (const std::int64_t number : std::span(open).subspan(from).first(std::min(kPortion, open.size() - from))) {
      const std::array<store::Param, 1> ticket = {number};
      connection.Change("UPDATE clock SET due_at = due_at + 1, elapsed = elapsed + 1 WHERE ticket = $1", ticket);
      connection.Change("UPDATE ticket_detail SET look_at = look_at + 1 WHERE ticket = $1", ticket);
    }
    connection.Execute("COMMIT");
  }
  return SecondsSince(start);
}

int Main(std::int64_t tickets) {
  MeasureWorkingTime();
  fs::remove_all(kFolder);
  fs::create_directories(kFolder);
  // Filling takes about half a millisecond a ticket.
  const Time first = SystemClock().Now() + kBeforeTheFirst + Micros{tickets * 1500};
  if (const Status filled = FillOpen(tickets, first); !filled) {
    fmt::print(stderr, "{}\n", Describe(filled.error()));
    return 1;
  }
  double followed = 0;
  {
    const Target target{.port = FreePort(), .key = MakeKey(kProgram, kFolder)};
    const auto served = Serve(kProgram, kFolder, target.port);
    MeasureTimers(target, first);
    followed = FollowEdit(target);
  }
  const double rewritten = RewriteRows();
  fmt::print(
      "{} open tickets follow an edited calendar in {:.1f} s; SQLite alone writes their rows in {:.1f} s ({:.0f} %)\n",
      tickets, followed, rewritten, 100 * rewritten / followed);
  fs::remove_all(kFolder);
  return 0;
}

}  // namespace
}  // namespace propolis::bench

int main(int count, char** args) {
  constexpr std::int64_t kTickets = 100'000;
  const auto tickets = count > 1 ? propolis::text::ParseNumber<std::int64_t>(args[1]).value_or(0) : kTickets;
  if (tickets <= 0) {
    fmt::print(stderr, "usage: clock_bench [TICKETS]\n");
    return 2;
  }
  return propolis::bench::Main(tickets);
}
