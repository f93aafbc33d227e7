// propolis_quarter [TICKETS [SEED]]: a quarter of a desk in virtual time, in a process that is killed again and again;
// afterwards every clock is compared with a reference that was written for it alone, every step must have happened
// once, and a thousand deadlines must be explained to the second. Prints what was compared; exit code 1 when anything
// differs.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <set>
#include <thread>

#include "app/demo/random.h"
#include "base/json.h"
#include "base/number.h"
#include "desk.h"
#include "domain/ticket/clocks.h"
#include "domain/ticket/steps.h"
#include "plan.h"
#include "play.h"
#include "reference.h"
#include "store/test_support.h"

namespace propolis::quarter {
namespace {

constexpr int kMostToldOfAKind = 10;
constexpr int kExplained = 1000;
constexpr int kKills = 25;

class Checker {
 public:
  Checker(store::Store& store, std::uint64_t seed) : store_(store), random_(seed) {}

  // The number of differences.
  Result<std::int64_t> Run() {
    return store_.Read([&](store::ReadTx& tx) -> Result<std::int64_t> {
      ReadCustomers(tx);
      const auto numbers =
          tx.All("SELECT number FROM ticket ORDER BY number", [](const store::Row& row) { return row.Int(0); });
      for (const std::int64_t number : numbers) {
        TRY(CheckTicket(tx, number));
      }
      CheckAudit(tx);
      for (int explained = 0; explained < kExplained;) {
        explained += TRY(CheckExplanation(tx, random_.Of(numbers)));
      }
      fmt::print("{} tickets, {} clocks compared, {} of them breached; {} steps, {} of them late; {} explanations\n",
                 numbers.size(), clocks_, breached_, steps_, late_, kExplained);
      return differences_;
    });
  }

 private:
  template <class... Args>
  void Differs(std::int64_t number, fmt::format_string<Args...> text, Args&&... args) {
    if (++differences_ <= kMostToldOfAKind) {
      fmt::print("ticket {}: {}\n", number, fmt::format(text, std::forward<Args>(args)...));
    }
  }

  void ReadCustomers(store::ReadTx& tx) {
    tx.ForEach("SELECT name FROM organisation", [&](const store::Row& row) {
      const std::string name = row.String(0);
      customers_[name] = static_cast<std::size_t>(std::atoi(name.c_str() + name.rfind(' ') + 1));
      return true;
    });
  }

  static std::string Text(const json::View& data, std::string_view name) {
    const auto member = data.Find(name);
    return member ? std::string(member->AsString().value_or("")) : "";
  }

  std::vector<Line> ReadLines(store::ReadTx& tx, std::int64_t number) {
    const auto requester = tx.One(
        "SELECT requester_email FROM ticket WHERE number = $1", [](const store::Row& row) { return row.String(0); },
        number);
    const auto digits = requester->find_first_of("0123456789");
    std::vector<Line> lines;
    bool prioritised = false;
    tx.ForEach(
        "SELECT seq, kind, at, author_kind, visibility, data FROM entry WHERE ticket = $1 ORDER BY seq",
        [&](const store::Row& row) {
          const auto document = json::Document::Parse(row.Text(5));
          const json::View data = document->Root();
          Line line;
          line.at = ToMicros(row.Time(2));
          const std::string kind = row.String(1);
          if (row.Int(0) == 1) {
            line.what = Line::kCreated;
            line.customer = static_cast<std::size_t>(std::atoi(requester->c_str() + digits));
          } else if (kind == "message" && row.Text(3) == "customer") {
            line.what = Line::kCustomer;
          } else if (kind == "message" && row.Text(4) == "public" && !data.Find("automatic")) {
            line.what = Line::kAnswer;
          } else if (kind == "call" && data.Find("contact_made")->AsBool() == true) {
            line.what = Line::kAnswer;
          } else if (kind == "state_change") {
            line.what = Line::kState;
            line.state = *FromName<TicketState>(Text(data, "to"));
          } else if (kind == "triage" && Text(data, "field") == "priority") {
            line.what = Line::kPriority;
            line.priority = *FromName<Priority>(Text(data, "to"));
          } else if (kind == "system" && Text(data, "act") == "organisation") {
            line.what = Line::kCustomerIs;
            line.customer = customers_.at(Text(data, "to"));
          } else {
            return true;
          }
          if (line.what == Line::kPriority && !prioritised) {
            prioritised = true;  // the first is what it was created with
            lines.front().priority = line.priority;
            return true;
          }
          lines.push_back(line);
          return true;
        },
        number);
    return lines;
  }

  static std::string Tell(const ReferenceClock& c) {
    return fmt::format("{}/{} {} started {} due {} met {} target {} elapsed {} cause {} reopens {}", NameOf(c.kind),
                       c.instance, c.state, c.started, c.due.value_or(0), c.met.value_or(0), c.target, c.elapsed,
                       c.cause, c.reopens);
  }

  static std::string Tell(const sla::TicketClock& c) {
    ReferenceClock as;
    as.kind = c.kind;
    as.instance = c.instance;
    as.state = NameOf(c.state);
    as.started = ToMicros(c.started_at);
    as.due = c.due_at ? std::optional(ToMicros(*c.due_at)) : std::nullopt;
    as.met = c.met_at ? std::optional(ToMicros(*c.met_at)) : std::nullopt;
    as.target = c.target;
    as.elapsed = c.elapsed;
    as.cause = c.cause ? NameOf(*c.cause) : "";
    as.reopens = c.reopens;
    return Tell(as);
  }

  Status CheckTicket(store::ReadTx& tx, std::int64_t number) {
    const ReferenceResult expected = Reckon(ReadLines(tx, number), ToMicros(QuarterSettled()));
    std::vector<std::string> wanted;
    std::vector<std::string> got;
    for (const ReferenceClock& clock : expected.clocks) {
      wanted.push_back(Tell(clock));
      breached_ += clock.state == "breached" ? 1 : 0;
    }
    for (const sla::TicketClock& clock : TRY(ticket::ClocksOf(tx, number, QuarterSettled(), /*explain=*/false))) {
      if (clock.state != sla::ClockState::kSuppressed) {
        got.push_back(Tell(clock));
      }
    }
    clocks_ += std::ssize(got);
    std::ranges::sort(wanted);
    std::ranges::sort(got);
    if (wanted != got) {
      Differs(number, "clocks\n  wanted {}\n  got    {}", fmt::join(wanted, "\n         "),
              fmt::join(got, "\n         "));
    }
    CheckRows(tx, number, expected);
    CheckSteps(tx, number, expected);
    return {};
  }

  // What lists and reports read.
  void CheckRows(store::ReadTx& tx, std::int64_t number, const ReferenceResult& expected) {
    std::map<std::string, std::string> rows;
    tx.ForEach(
        "SELECT kind, instance, state, due_at, met_at FROM clock WHERE ticket = $1 AND state <> 'suppressed'",
        [&](const store::Row& row) {
          rows[fmt::format("{}/{}", row.Text(0), row.Int(1))] =
              fmt::format("{} {} {}", row.Text(2), row.OptInt(3).value_or(0), row.OptInt(4).value_or(0));
          return true;
        },
        number);
    std::map<std::string, std::string> wanted;
    for (const ReferenceClock& clock : expected.clocks) {
      wanted[fmt::format("{}/{}", NameOf(clock.kind), clock.instance)] =
          fmt::format("{} {} {}", clock.state, clock.due.value_or(0), clock.met.value_or(0));
    }
    if (rows != wanted) {
      Differs(number, "the kept clocks are others: {} rows, {} wanted", rows.size(), wanted.size());
    }
  }

  void CheckSteps(store::ReadTx& tx, std::int64_t number, const ReferenceResult& expected) {
    std::map<std::pair<std::string, std::string>, Instant> steps;
    tx.ForEach(
        "SELECT clock, step, at, acted_at, late FROM clock_step WHERE ticket = $1",
        [&](const store::Row& row) {
          steps[{row.String(0), row.String(1)}] = row.Int(2);
          const Micros after = row.Time(3) - row.Time(2);
          if (after < Micros{0} || (after > ticket::kLateAfter) != (row.Int(4) == 1)) {
            Differs(number, "step {} {} acted on after {} us, late {}", row.Text(0), row.Text(1), after.count(),
                    row.Int(4));
          }
          ++steps_;
          late_ += row.Int(4);
          return true;
        },
        number);
    if (steps != expected.steps) {
      const auto list = [](const auto& from) {
        std::string text;
        for (const auto& [step, at] : from) {
          text += fmt::format(" {} {} at {}", step.first, step.second, at);
        }
        return text;
      };
      Differs(number, "steps\n  wanted {}\n  got    {}", list(expected.steps), list(steps));
    }
  }

  // Every step that is kept was told once, and nothing else was.
  void CheckAudit(store::ReadTx& tx) {
    const auto count = [&](std::string_view sql) {
      return tx.One(sql, [](const store::Row& row) { return row.Int(0); }).value_or(-1);
    };
    const auto leaves = count("SELECT count(*) FROM audit WHERE act IN ('clock.step', 'clock.breach')");
    const auto events = count("SELECT count(*) FROM event WHERE kind = 'clock.step'");
    if (leaves != steps_ || events != steps_) {
      Differs(0, "{} steps, but {} in the audit log and {} events", steps_, leaves, events);
    }
  }

  // The pieces of an explanation follow each other without a gap and add up to what the clock counted.
  Result<int> CheckExplanation(store::ReadTx& tx, std::int64_t number) {
    const auto clocks = TRY(ticket::ClocksOf(tx, number, QuarterSettled(), /*explain=*/true));
    if (clocks.empty()) {
      return 0;
    }
    const sla::TicketClock& clock = clocks[static_cast<std::size_t>(random_.Below(std::ssize(clocks)))];
    std::int64_t sum = 0;
    Time at = clock.started_at;
    for (const sla::Segment& segment : clock.trace) {
      sum += segment.counted;
      if (segment.from != at) {
        Differs(number, "{}: the explanation has a gap at {}", clock.id, FormatTime(at));
      }
      at = segment.to;
    }
    if (sum != clock.elapsed) {
      Differs(number, "{}: the pieces add up to {} s of {} s", clock.id, sum, clock.elapsed);
    }
    return 1;
  }

  store::Store& store_;
  demo::Random random_;
  std::map<std::string, std::size_t> customers_;
  std::int64_t differences_ = 0;
  std::int64_t clocks_ = 0;
  std::int64_t breached_ = 0;
  std::int64_t steps_ = 0;
  std::int64_t late_ = 0;
};

// A process that plays on from where the last one was killed, and is killed itself after a while, or not. Its status.
int PlayInAProcess(const std::string& folder, std::uint64_t seed, std::size_t tickets, std::optional<Micros> until) {
  const pid_t child = fork();
  if (child == 0) {
    const auto played = Play(folder, seed, tickets);
    if (!played) {
      fmt::print(stderr, "{}\n", Describe(played.error()));
      _exit(2);
    }
    fmt::print("{} acts, {} refused by the state of their ticket; {} starts after a kill\n", played->acts,
               played->refused, played->restarts);
    std::fflush(stdout);
    _exit(0);
  }
  int status = 0;
  if (until) {
    std::this_thread::sleep_for(*until);
    kill(child, SIGKILL);
  }
  waitpid(child, &status, 0);
  return status;
}

int Main(std::size_t tickets, std::uint64_t seed) {
  const store::TestFolder folder;
  const std::string desk = folder.path + "/desk";
  demo::Random random(seed + 1);
  int status = 0;
  bool over = false;
  for (int kills = 0; kills <= kKills && !over; ++kills) {
    const auto until =
        kills < kKills ? std::optional(Micros{random.Between(200'000, 3'000'000)}) : std::nullopt;  // the last may end
    status = PlayInAProcess(desk, seed, tickets, until);
    over = WIFEXITED(status);
  }
  if (!over || WEXITSTATUS(status) != 0) {
    fmt::print("the quarter could not be played to its end\n");
    return 1;
  }
  auto opened = store::Open({.location = desk});
  auto differences = opened ? Checker(**opened, seed).Run() : std::unexpected(opened.error());
  if (!differences) {
    fmt::print("could not be compared: {}\n", Describe(differences.error()));
    return 1;
  }
  fmt::print("{} differences\n", *differences);
  return *differences == 0 ? 0 : 1;
}

}  // namespace
}  // namespace propolis::quarter

int main(int count, char** args) {
  using propolis::text::ParseNumber;
  const auto number = [&](int index, std::int64_t otherwise) {
    return count > index ? ParseNumber<std::int64_t>(args[index]).value_or(0) : otherwise;
  };
  constexpr std::int64_t kTickets = 10'000;
  const std::int64_t tickets = number(1, kTickets);
  if (tickets <= 0) {
    fmt::print(stderr, "usage: propolis_quarter [TICKETS [SEED]]\n");
    return 2;
  }
  return propolis::quarter::Main(static_cast<std::size_t>(tickets), static_cast<std::uint64_t>(number(2, 1)));
}
