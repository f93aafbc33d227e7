#include "ceiling.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <thread>

#include "auth/session.h"
#include "domain/ticket/commands.h"
#include "store/sqlite/connection.h"

namespace propolis::bench {
namespace {

using Steady = std::chrono::steady_clock;
using store::sqlite::Connection;

constexpr int kPatterns = 50;
constexpr std::size_t kGroup = 64;
constexpr std::array<std::string_view, 2> kCounts = {
    "INSERT INTO ticket_count (team, assignee, state, kind, n) VALUES (x'', x'', 'new', 'fault', 1) "
    "ON CONFLICT (team, assignee, state, kind) DO UPDATE SET n = n + 1",
    "INSERT INTO organisation_count (organisation, state, n) VALUES (x'', 'new', 1) "
    "ON CONFLICT (organisation, state) DO UPDATE SET n = n + 1"};

double Since(Steady::time_point start) { return std::chrono::duration<double>(Steady::now() - start).count(); }

// Counts what lies between the warm-up and the end.
class Stopwatch {
 public:
  explicit Stopwatch(std::chrono::milliseconds duration)
      : duration_(duration), from_(Steady::now() + duration / 10), until_(from_ + duration) {}
  [[nodiscard]] bool Runs() const { return Steady::now() < until_; }
  void Add(std::vector<double>& latencies, Steady::time_point start) {
    ++done_;
    if (start >= from_ && Steady::now() <= until_) {
      latencies.push_back(Since(start));
    }
  }
  [[nodiscard]] Measured Take(std::vector<double> latencies) const {
    Measured measured = Summarise(std::move(latencies), elapsed());
    measured.done = done_;
    return measured;
  }

 private:
  [[nodiscard]] double elapsed() const { return std::chrono::duration<double>(duration_).count(); }
  std::chrono::milliseconds duration_;
  Steady::time_point from_;
  Steady::time_point until_;
  std::atomic<std::int64_t> done_ = 0;
};

// The rows that one operation leaves behind, ready to be written again and again under new numbers.
struct Pattern {
  std::vector<RepeatedTable> tables;
};

}  // namespace

struct Ceiling::Parts {
  std::string file;
  std::unique_ptr<Connection> writer;
  std::vector<Pattern> creations;
  std::int64_t first_pattern = 0;
  std::int64_t next_number = 0;
  std::int64_t patterns_last = 0;
  std::vector<std::int64_t> open;  // tickets that are replied to

  // Makes tickets as the desk does, and keeps their rows.
  void MakePatterns(const std::string& folder);
  void WriteOne(Write what, Repeater& repeater, std::uint64_t turn);
};

void Ceiling::Parts::MakePatterns(const std::string& folder) {
  store::OpenOptions options;
  options.location = folder;
  options.durability = store::Durability::kNone;
  auto store = store::Open(options);
  if (!store) {
    throw std::runtime_error("cannot open " + folder);
  }
  Words words;
  demo::Random random(3);
  const auto made = (*store)->Write([&](store::WriteTx& tx) -> Status {
    for (int i = 0; i < kPatterns; ++i) {
      ticket::OpenTicket request;
      request.subject = "Tunnel down (" + words.Host(random) + ")";
      request.body = "The tunnel is down since this morning.\n\n" + words.Details(random);
      request.requester = {"person1@customer1.example", "Person 1 of 1"};
      const auto opened = TRY(ticket::Open(tx, auth::SystemActor(), request, {}));
      first_pattern = i == 0 ? opened.ticket.number : first_pattern;
      patterns_last = opened.ticket.number;
    }
    return {};
  });
  if (!made) {
    throw std::runtime_error(Describe(made.error()));
  }
  (void)(*store)->Read([&](store::ReadTx& tx) -> Result<bool> {
    for (int i = 0; i < kPatterns; ++i) {
      Pattern pattern{ReadTickets(tx, first_pattern + i, first_pattern + i)};
      std::erase_if(pattern.tables, [](const RepeatedTable& table) { return table.rows.empty(); });
      for (RepeatedTable& table : pattern.tables) {
        for (Column& column : table.columns) {
          if (column.change == Change::kSubject || column.change == Change::kBody) {
            column.change = Change::kKeep;  // thinking of words is no part of the ceiling
          }
        }
      }
      creations.push_back(std::move(pattern));
    }
    open = tx.All("SELECT number FROM ticket WHERE is_open = 1 ORDER BY number",
                  [](const store::Row& row) { return row.Int(0); });
    return true;
  });
  next_number = patterns_last + 1;
}

Ceiling::Ceiling(const std::string& folder) : parts_(std::make_unique<Parts>()) {
  parts_->MakePatterns(folder);
  parts_->file = folder + "/desk.sqlite";
  parts_->writer = std::make_unique<Connection>(store::sqlite::ConnectionOptions{.file = parts_->file});
}

Ceiling::~Ceiling() = default;

void Ceiling::Parts::WriteOne(Write what, Repeater& repeater, std::uint64_t turn) {
  const Pattern& pattern = creations[turn % creations.size()];
  const std::int64_t number = what == Write::kCreate ? next_number++ : open[turn % open.size()];
  const Micros now = std::chrono::duration_cast<Micros>(SystemClock().Now().time_since_epoch());
  const auto& ticket_row = pattern.tables.front().rows.front();
  const Shift shift{.number = number - ticket_row.ticket, .time = now - Micros{ticket_row.at}};
  repeater.NextBlock();
  if (what == Write::kCreate) {
    for (const RepeatedTable& table : pattern.tables) {
      for (const RepeatedRow& row : table.rows) {
        writer->Change(table.insert, repeater.Bind(table, row, shift));
      }
    }
    for (const std::string_view count : kCounts) {
      writer->Change(count, {});
    }
    return;
  }
  // A reply: one entry more, the ticket's row, one clock, the audit's line, two events.
  const store::Param at[] = {store::Param(number), store::Param(now.count())};
  writer->Change(
      "UPDATE ticket SET version = version + 1, entries = entries + 1, updated_at = $2, last_actor = 'staff' WHERE "
      "number = $1",
      at);
  std::int64_t seq = 0;
  writer->Run("SELECT entries FROM ticket WHERE number = $1", std::span(at, 1), [&](const store::Row& row) {
    seq = row.Int(0);
    return false;
  });
  for (const RepeatedTable& table : pattern.tables) {
    if (table.name == "entry") {
      auto params = repeater.Bind(table, table.rows.front(), shift);
      std::size_t bound = 0;
      for (const Column& column : table.columns) {
        if (column.name == "seq") {
          params[bound] = seq;
        }
        bound += column.change == Change::kSkip ? 0 : 1;
      }
      writer->Change(table.insert, params);
    } else if (table.name == "audit") {
      writer->Change(table.insert, repeater.Bind(table, table.rows.front(), shift));
    } else if (table.name == "event") {
      for (std::size_t i = 0; i < 2 && i < table.rows.size(); ++i) {
        writer->Change(table.insert, repeater.Bind(table, table.rows[i], shift));
      }
    }
  }
  writer->Change("UPDATE clock SET elapsed = $2 WHERE ticket = $1 AND kind = 'resolution'", at);
}

Measured Ceiling::CommitAlone(Write what, std::chrono::milliseconds duration) {
  std::vector<double> latencies;
  Stopwatch watch(duration);
  Repeater repeater(5);
  for (std::uint64_t turn = 0; watch.Runs(); ++turn) {
    const auto start = Steady::now();
    parts_->writer->Execute("BEGIN IMMEDIATE");
    parts_->WriteOne(what, repeater, turn);
    parts_->writer->Execute("COMMIT");
    watch.Add(latencies, start);
  }
  return watch.Take(std::move(latencies));
}

Measured Ceiling::Commit(Write what, int clients, std::chrono::milliseconds duration) {
  struct Waiting {
    std::binary_semaphore done{0};
  };
  std::mutex mutex;
  std::condition_variable arrived;
  std::deque<Waiting*> queue;
  std::vector<std::vector<double>> latencies(static_cast<std::size_t>(clients));
  Stopwatch watch(duration);
  std::atomic<int> running = clients;
  std::vector<std::jthread> threads;
  for (auto& own : latencies) {
    threads.emplace_back([&] {
      Waiting self;
      while (watch.Runs()) {
        const auto start = Steady::now();
        {
          const std::scoped_lock lock(mutex);
          queue.push_back(&self);
        }
        arrived.notify_one();
        self.done.acquire();
        watch.Add(own, start);
      }
      --running;
      arrived.notify_one();
    });
  }
  Repeater repeater(5);
  std::uint64_t turn = 0;
  while (true) {
    std::vector<Waiting*> group;
    {
      std::unique_lock lock(mutex);
      arrived.wait_for(lock, std::chrono::milliseconds(100), [&] { return !queue.empty() || running == 0; });
      if (queue.empty() && running == 0) {
        break;
      }
      while (!queue.empty() && group.size() < kGroup) {
        group.push_back(queue.front());
        queue.pop_front();
      }
    }
    if (group.empty()) {
      continue;
    }
    parts_->writer->Execute("BEGIN IMMEDIATE");
    for (std::size_t i = 0; i < group.size(); ++i) {
      parts_->WriteOne(what, repeater, turn++);
    }
    parts_->writer->Execute("COMMIT");
    for (Waiting* waiting : group) {
      waiting->done.release();
    }
  }
  threads.clear();
  std::vector<double> all;
  for (const auto& own : latencies) {
    all.insert(all.end(), own.begin(), own.end());
  }
  return watch.Take(std::move(all));
}

Measured Ceiling::Read(const Reading& reading, int clients, std::chrono::milliseconds duration) {
  std::vector<std::vector<double>> latencies(static_cast<std::size_t>(clients));
  Stopwatch watch(duration);
  {
    std::vector<std::jthread> threads;
    for (std::size_t client = 0; client < latencies.size(); ++client) {
      threads.emplace_back([&, client] {
        Connection connection({.file = parts_->file, .access = store::sqlite::Access::kReadOnly});
        demo::Random random(client + 1);
        while (watch.Runs()) {
          const store::Param value = !reading.texts.empty() ? store::Param(std::string_view(random.Of(reading.texts)))
                                     : !reading.numbers.empty() ? store::Param(random.Of(reading.numbers))
                                                                : store::Param();
          const auto start = Steady::now();
          connection.Run("BEGIN", {}, nullptr);
          for (const std::string& statement : reading.statements) {
            const bool takes = statement.find("$1") != std::string::npos;
            connection.Run(statement, std::span(&value, takes ? 1 : 0), [](const store::Row&) { return true; });
          }
          connection.Run("COMMIT", {}, nullptr);
          watch.Add(latencies[client], start);
        }
      });
    }
  }
  std::vector<double> all;
  for (const auto& own : latencies) {
    all.insert(all.end(), own.begin(), own.end());
  }
  return watch.Take(std::move(all));
}

}  // namespace propolis::bench
