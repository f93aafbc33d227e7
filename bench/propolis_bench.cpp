// propolis_bench --tickets N [--rounds N] [--seconds N] [--only CASE,...] [--data DIR] [--json FILE]: what the desk
// does in a second on a store of that size, each case beside its ceiling in the same run. make bench runs it;
// docs/performance.md explains it.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <thread>

#include "base/json.h"
#include "base/text.h"
#include "ceiling.h"
#include "desk.h"
#include "fill.h"
#include "load.h"
#include "report.h"
#include "search/parse.h"
#include "server.h"
#include "store/sqlite/connection.h"
#include "words.h"

namespace propolis::bench {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr int kStarts = 5;
constexpr std::chrono::seconds kSettle{3};
constexpr std::chrono::seconds kLongestLag{60};
constexpr std::int64_t kToldLag = 100;  // events

struct Options {
  std::int64_t tickets = 100'000;
  int rounds = 3;
  int seconds = 4;
  std::string only;
  std::string data = "build/bench-data";
  std::string json = "bench/latest.json";
  std::string program = "build/propolis";
  std::string empty_beast = "build/empty_beast";
};

Options ReadOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const std::string value = argv[i + 1];
    const auto number = std::strtoll(value.c_str(), nullptr, 10);
    if (name == "--tickets") {
      options.tickets = number;
    } else if (name == "--rounds") {
      options.rounds = static_cast<int>(number);
    } else if (name == "--seconds") {
      options.seconds = static_cast<int>(number);
    } else if (name == "--only") {
      options.only = "," + value + ",";
    } else if (name == "--data") {
      options.data = value;
    } else if (name == "--json") {
      options.json = value;
    } else if (name == "--program") {
      options.program = value;
    } else {
      throw std::runtime_error(fmt::format("unknown option {}", name));
    }
  }
  return options;
}

// --- the stores

// Filled once and kept; measured is always a copy.
std::string FilledStore(const Options& options) {
  const std::string folder = fmt::format("{}/{}", options.data, options.tickets);
  const std::string mark = folder + "/filled";
  std::string version;
  std::ifstream(mark) >> version;
  if (version == std::to_string(kFillVersion)) {
    return folder;
  }
  fs::remove_all(folder);
  fs::create_directories(folder);
  if (const auto filled = Fill(folder, options.tickets); !filled) {
    throw std::runtime_error(Describe(filled.error()));
  }
  fmt::print("filled; the doctor says: {}", Output({options.program, "doctor", "--data", folder}));
  std::ofstream(mark) << kFillVersion;
  return folder;
}

std::string CopyOf(const std::string& folder, const std::string& name) {
  const std::string copy = fs::path(folder).parent_path().string() + "/" + name;
  fs::remove_all(copy);
  Output({"/bin/cp", "-r", "--reflink=auto", folder, copy});
  return copy;
}

// Into the page cache, as a store is that has been in use for a while: copying leaves only its end there.
void Warm(const std::string& folder) {
  std::ifstream file(folder + "/desk.sqlite", std::ios::binary);
  std::string buffer(1U << 20U, '\0');
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()))) {
  }
}

// What the cases ask for, chosen from the store itself.
struct Known {
  std::vector<std::int64_t> all;
  std::vector<std::int64_t> open;
  std::vector<std::string> teams;
  std::vector<std::string> words;
};

Known LookAround(const std::string& folder) {
  store::sqlite::Connection connection({.file = folder + "/desk.sqlite", .access = store::sqlite::Access::kReadOnly});
  Known known;
  const auto numbers = [&](std::vector<std::int64_t>& into) {
    return [&into](const store::Row& row) {
      into.push_back(row.Int(0));
      return true;
    };
  };
  connection.Run("SELECT number FROM ticket WHERE number % 10 = 3", {}, numbers(known.all));
  connection.Run("SELECT number FROM ticket WHERE is_open = 1", {}, numbers(known.open));
  connection.Run("SELECT id FROM team ORDER BY name", {}, [&](const store::Row& row) {
    known.teams.push_back(Uuid::FromBytes(row.Bytes(0)).value_or(Uuid{}).ToString());
    return true;
  });
  const Words words;
  demo::Random random(99);
  for (int i = 0; i < 500; ++i) {  // as people search: one word, a rare pair, a host
    const int kind = i % 3;
    known.words.push_back(kind == 0   ? words.Word(random)
                          : kind == 1 ? words.Word(random) + " " + words.Word(random)
                                      : words.Host(random));
  }
  return known;
}

// As FTS5 is asked by the desk.
std::vector<std::string> SearchTerms(const Known& known) {
  std::vector<std::string> terms;
  for (const std::string& words : known.words) {
    terms.push_back(search::ToMatch(search::Parse(words)));
  }
  std::erase(terms, "");
  return terms;
}

std::string UrlQuoted(std::string words) {
  std::ranges::replace(words, ' ', '+');
  return words;
}

// What a browser loads for the console's first page, as it comes over the wire.
double FirstPageKb(const Target& target) {
  const std::string page = Fetch(target, "/");
  double bytes = static_cast<double>(Fetch(target, "/", "br, gzip").size());
  const std::regex asset(R"re((?:src|href)="(/assets/[^"]+)")re");
  for (std::sregex_iterator at(page.begin(), page.end(), asset), end; at != end; ++at) {
    bytes += static_cast<double>(Fetch(target, (*at)[1], "br, gzip").size());
  }
  return bytes / 1000;
}

// --- the cases

Operation Reply(const Words& words, const Known& known) {
  return [&](demo::Random& random) {
    return std::vector<Request>{
        {.target = fmt::format("/api/v1/tickets/{}/messages", random.Of(known.open)),
         .body = fmt::format(R"({{"body":{},"cc":[]}})",
                             json::Quote("We are looking at it.\n\n" + words.Details(random)))}};
  };
}

Operation Get(std::function<std::vector<std::string>(demo::Random&)> targets) {
  return [targets = std::move(targets)](demo::Random& random) {
    std::vector<Request> requests;
    for (auto& target : targets(random)) {
      requests.push_back({.target = std::move(target)});
    }
    return requests;
  };
}

// A case with how to run it and its ceiling once.
struct Runner {
  Case result;
  std::function<Measured()> desk;
  std::function<Measured()> ceiling;
};

class Bench {
 public:
  explicit Bench(Options options) : options_(std::move(options)), duration_(1000 * options_.seconds) {}

  int Run() {
    PrintConditions();
    const std::string filled = FilledStore(options_);
    const std::string served = CopyOf(filled, "served");
    const std::string raw = CopyOf(filled, "raw");
    known_ = LookAround(filled);
    target_.key = MakeKey(options_.program, served);
    MeasureStarts(served);
    ceiling_ = std::make_unique<Ceiling>(raw);
    target_.port = FreePort();
    server_ = Serve(options_.program, served, target_.port);
    std::this_thread::sleep_for(kSettle);
    idle_mb_ = server_->RssMb();
    const unsigned short beast_port = FreePort();
    const Process beast({options_.empty_beast, std::to_string(beast_port)}, beast_port, false);
    beast_.port = beast_port;
    AddCases();
    Warm(raw);
    Warm(served);
    for (int round = 0; round < options_.rounds; ++round) {
      for (Runner& runner : runners_) {
        runner.result.ceiling_runs.push_back(WithCpu(runner.ceiling, OwnCpuSeconds));
        runner.result.desk.push_back(WithCpu(runner.desk, [&] { return server_->CpuSeconds(); }));
        WaitForFollowers(served);
        runner.result.rss_mb = server_->RssMb();
        Complain(runner.result.name, runner.result.desk.back());
      }
    }
    Report();
    server_.reset();
    ceiling_.reset();
    fs::remove_all(served);
    fs::remove_all(raw);
    return 0;
  }

 private:
  static Measured WithCpu(const std::function<Measured()>& run, const std::function<double()>& used) {
    const double before = used();
    Measured measured = run();
    measured.cpu_ms = measured.done > 0 ? 1000 * (used() - before) / static_cast<double>(measured.done) : 0;
    return measured;
  }

  // What a case left to be indexed and sent must not slow down the next one.
  void WaitForFollowers(const std::string& folder) {
    store::sqlite::Connection connection({.file = folder + "/desk.sqlite", .access = store::sqlite::Access::kReadOnly});
    const auto start = std::chrono::steady_clock::now();
    std::int64_t most = 0;
    std::int64_t behind = 1;
    while (behind > 0 && std::chrono::steady_clock::now() < start + kLongestLag) {
      behind = connection.Number(
          "SELECT (SELECT max(seq) FROM event) - (SELECT min(seq) FROM follower) + "
          "(SELECT max(seq) FROM audit) - (SELECT coalesce(max(last_seq), 0) FROM audit_tree)");
      most = std::max(most, behind);
      std::this_thread::sleep_for(milliseconds(50));
    }
    if (most > kToldLag) {
      fmt::print("followers were {} events behind, caught up in {:.1f} s\n", most,
                 std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
  }

  static void Complain(const std::string& name, const Measured& measured) {
    if (measured.failed > 0) {
      fmt::print("{}: {} failed, one of them: {}\n", name, measured.failed, measured.first_failure);
    }
  }

  void PrintConditions() const {
    std::ifstream load("/proc/loadavg");
    std::string average;
    std::getline(load, average);
    fmt::print("{} tickets, {} rounds of {} s a case, {} cores shared by desk, clients and ceilings, load before: {}\n",
               options_.tickets, options_.rounds, options_.seconds, std::thread::hardware_concurrency(), average);
  }

  void MeasureStarts(const std::string& folder) {
    std::vector<double> starts;
    for (int i = 0; i < kStarts; ++i) {
      starts.push_back(Serve(options_.program, folder, FreePort())->start_ms());
    }
    std::ranges::sort(starts);
    start_ms_ = starts[starts.size() / 2];
    slowest_start_ms_ = starts.back();
  }

  void Add(std::string name, int clients, std::string ceiling, std::function<Measured()> top, Operation operation) {
    if (!options_.only.empty() && !options_.only.contains("," + name + ",")) {
      return;
    }
    Runner runner;
    runner.result = {.name = std::move(name), .tickets = options_.tickets, .clients = clients};
    runner.result.ceiling = std::move(ceiling);
    runner.ceiling = std::move(top);
    runner.desk = [this, clients, operation = std::move(operation)] {
      return Drive(target_, clients, duration_, operation);
    };
    runners_.push_back(std::move(runner));
  }

  void AddRead(const std::string& name, const std::vector<int>& clients, const std::string& what,
               const Ceiling::Reading& reading, const Operation& operation) {
    for (const int many : clients) {
      Add(name, many, what, [this, reading, many] { return ceiling_->Read(reading, many, duration_ / 2); }, operation);
    }
  }

  void AddWrite(const std::string& name, Ceiling::Write what, const Operation& operation) {
    constexpr int kMany = 64;
    Add(
        name, kMany, "SQLite, 64 wait, commit in groups",
        [this, what] { return ceiling_->Commit(what, kMany, duration_ / 2); }, operation);
    Add(
        name + "_alone", kMany, "SQLite, one commit each",
        [this, what] { return ceiling_->CommitAlone(what, duration_ / 2); }, operation);
  }

  void AddCases();
  void Report();

  Options options_;
  milliseconds duration_;
  Words words_;
  Known known_;
  Target target_;
  Target beast_;
  std::unique_ptr<Ceiling> ceiling_;
  std::unique_ptr<Process> server_;
  std::vector<Runner> runners_;
  double start_ms_ = 0;
  double slowest_start_ms_ = 0;
  double idle_mb_ = 0;
};

void Bench::AddCases() {
  const std::vector<int> few = {1, 8};
  Add(
      "http", 64, "empty Beast handler",
      [this] {
        return Drive(beast_, 64, duration_ / 2, Get([](demo::Random&) { return std::vector<std::string>{"/"}; }));
      },
      Get([](demo::Random&) { return std::vector<std::string>{"/health/live"}; }));
  AddRead("open", few, "SQLite, the same rows",
          {.statements = {"SELECT * FROM ticket WHERE number = $1", "SELECT * FROM ticket_detail WHERE ticket = $1",
                          "SELECT * FROM ticket_decision WHERE ticket = $1", "SELECT * FROM clock WHERE ticket = $1",
                          "SELECT * FROM entry WHERE ticket = $1 ORDER BY seq"},
           .texts = {},
           .numbers = known_.all},
          Get([this](demo::Random& random) {
            const auto number = random.Of(known_.all);
            return std::vector<std::string>{fmt::format("/api/v1/tickets/{}", number),
                                            fmt::format("/api/v1/tickets/{}/entries", number)};
          }));
  AddRead("list", few, "SQLite, 50 rows and the counters",
          {.statements = {"SELECT * FROM ticket WHERE is_open = 1 ORDER BY updated_at DESC LIMIT 50",
                          "SELECT * FROM ticket_count"},
           .texts = {},
           .numbers = {}},
          Get([this](demo::Random& random) {
            const std::string view = random.Chance(50) ? "desk_open" : "team_open:" + random.Of(known_.teams);
            return std::vector<std::string>{"/api/v1/tickets?limit=50&view=" + view, "/api/v1/views"};
          }));
  AddRead("search", few, "SQLite, the index alone",
          {.statements = {"SELECT rowid FROM search_text WHERE search_text MATCH $1 ORDER BY rowid DESC LIMIT 21"},
           .texts = SearchTerms(known_),
           .numbers = {}},
          Get([this](demo::Random& random) {
            return std::vector<std::string>{"/api/v1/search?q=" + UrlQuoted(random.Of(known_.words))};
          }));
  AddRead("search_filter", few, "SQLite, 21 rows",
          {.statements = {"SELECT * FROM ticket WHERE is_open = 1 ORDER BY updated_at DESC LIMIT 21"},
           .texts = {},
           .numbers = {}},
          Get([](demo::Random& random) {
            static const std::vector<std::string> queries = {"is%3Aopen", "state%3Anew", "is%3Aunassigned",
                                                             "priority%3AP1", "has%3Aapproval"};
            return std::vector<std::string>{"/api/v1/search?q=" + random.Of(queries)};
          }));
  AddRead(
      "dashboard", {1, 4}, "SQLite, the period's facts",
      {.statements =
           {"SELECT * FROM report_fact WHERE opened_at >= (SELECT max(opened_at) FROM report_fact) - 14515200000000"},
       .texts = {},
       .numbers = {}},
      Get([](demo::Random&) { return std::vector<std::string>{"/api/v1/reports/dashboard"}; }));
  AddWrite("create", Ceiling::Write::kCreate, Create(words_));
  AddWrite("reply", Ceiling::Write::kReply, Reply(words_, known_));
}

void Bench::Report() {
  std::vector<Case> cases;
  for (const Runner& runner : runners_) {
    cases.push_back(runner.result);
  }
  PrintTable(cases);
  fmt::print(
      "\nstart {:.0f} ms (slowest of {}: {:.0f}), idle {:.0f} MB, after all of it {:.0f} MB, at most {:.0f} MB\n",
      start_ms_, kStarts, slowest_start_ms_, idle_mb_, server_->RssMb(), server_->PeakMb());
  const auto single = [&](const std::string& name, double value, const std::string& what) {
    Case each{.name = name, .tickets = options_.tickets, .clients = 0};
    each.desk.push_back({.per_s = 0, .p50_ms = value, .p99_ms = value});
    each.ceiling = what;
    each.rss_mb = idle_mb_;
    cases.push_back(std::move(each));
  };
  single("start", start_ms_, "300 ms asked for");
  single("idle", 0, "80 MB asked for");
  const double page = FirstPageKb(target_);
  fmt::print("first page of the console {:.0f} kB over the wire\n", page);
  std::ofstream(options_.json) << ToJson(cases);
}

}  // namespace
}  // namespace propolis::bench

int main(int argc, char** argv) {
  try {
    return propolis::bench::Bench(propolis::bench::ReadOptions(argc, argv)).Run();
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
