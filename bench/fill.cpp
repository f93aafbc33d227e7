#include "fill.h"

#include <fmt/format.h>

#include "app/demo/stories.h"
#include "audit/tree.h"
#include "base/crypto.h"
#include "base/json.h"
#include "domain/aftermath/aftermath.h"
#include "domain/survey/survey.h"
#include "domain/ticket/commands.h"
#include "jobs/follower.h"
#include "people.h"
#include "repeat.h"
#include "search/index.h"
#include "store/events.h"

namespace propolis::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kPatterns = 2000;
constexpr std::int64_t kOpenInHundred = 1;
constexpr auto kSpan = std::chrono::days{730};
constexpr auto kLastDays = std::chrono::days{6};  // in which the tickets came that are still open
// Small enough for all that is changed to stay in SQLite's cache.
constexpr std::size_t kRowsAtOnce = 1000;
constexpr std::size_t kEventsAtOnce = 1000;
constexpr auto kEventsKept = std::chrono::days{30};

struct Act {
  enum What { kOpen, kReply, kResolve, kConfirm, kRate } what = kOpen;
  Time at;
  std::size_t life = 0;
};

struct Life {
  std::size_t customer = 0;
  Language language = Language::kEn;
  std::size_t story = 0;
  Channel channel = Channel::kMail;
  std::int64_t number = 0;
  std::optional<StaffId> assignee;
};

class Filler {
 public:
  Filler(store::Store& store, ManualClock& clock, std::int64_t tickets)
      : store_(store), clock_(clock), tickets_(tickets), ends_(SystemClock().Now()) {}

  Status Run() {
    clock_.Set(ends_ - kSpan - 24h);
    people_ = TRY(store_.Write([&](store::WriteTx& tx) { return MakePeople(tx, ends_); }));
    const std::int64_t open = tickets_ * kOpenInHundred / 100;
    const std::int64_t closed = tickets_ - open;
    const std::int64_t blocks = std::max<std::int64_t>(1, (closed + kPatterns - 1) / kPatterns);
    // The patterns live for up to three days after the window in which they come.
    const Micros window = std::chrono::duration_cast<Micros>(kSpan - kLastDays - 72h) / blocks;
    TRY(PlayAll(std::min(closed, kPatterns), ends_ - kSpan, window, true));
    TRY(RepeatAll(blocks, closed, window));
    TRY(CountAll());
    TRY(PlayAll(open, ends_ - kLastDays, kLastDays, false));
    return GrowAuditTree();
  }

 private:
  // --- played

  Status PlayAll(std::int64_t count, Time from, Micros window, bool to_the_end) {
    std::vector<Life> lives(static_cast<std::size_t>(count));
    std::vector<Act> acts;
    for (std::size_t i = 0; i < lives.size(); ++i) {
      lives[i] = {.customer = static_cast<std::size_t>(random_.Below(std::ssize(people_.customers))),
                  .language = Language::kEn,
                  .story = static_cast<std::size_t>(random_.Next()),
                  .channel = random_.Chance(70) ? Channel::kMail : Channel::kPortal,
                  .number = 0,
                  .assignee = {}};
      const Time opened = from + window * static_cast<std::int64_t>(i) / count;
      const Time answered = opened + std::chrono::minutes{random_.Between(5, 300)};
      acts.push_back({Act::kOpen, opened, i});
      if (answered < ends_) {
        acts.push_back({Act::kReply, answered, i});
      }
      if (to_the_end) {
        const Time resolved = answered + std::chrono::minutes{random_.Between(60, 48 * 60)};
        acts.push_back({Act::kResolve, resolved, i});
        acts.push_back({Act::kConfirm, resolved + std::chrono::minutes{random_.Between(10, 1000)}, i});
        if (random_.Chance(30)) {
          acts.push_back({Act::kRate, resolved + 1100min, i});
        }
      }
    }
    std::ranges::sort(acts, {}, [](const Act& act) { return std::tuple(act.at, act.life, act.what); });
    jobs::Follower aftermath(store_, {.name = "aftermath"}, jobs::Follower::Inside(aftermath::Follow));
    jobs::Follower search(store_, {.name = "search"}, jobs::Follower::Inside(search::Index));
    int done = 0;
    for (const Act& act : acts) {
      clock_.Set(act.at);
      TRY(store_.Write([&](store::WriteTx& tx) { return Play(tx, lives[act.life], act.what); }));
      if (act.what == Act::kResolve || ++done % 100 == 0) {
        TRY(aftermath.RunPending());  // asks for the survey at that time
      }
    }
    TRY(aftermath.RunPending());
    TRY(search.RunPending());
    return {};
  }

  Status Play(store::WriteTx& tx, Life& life, Act::What what) {
    const Customer& customer = people_.customers[life.customer];
    const auto language = static_cast<Language>(life.customer / 5 % 3);
    const auto& stories = demo::Stories(language);
    const demo::Story story =
        demo::Fill(stories[life.story % stories.size()], {{"site", words_.Word(random_)},
                                                          {"host", words_.Host(random_)},
                                                          {"user", customer.contact.name},
                                                          {"ip", fmt::format("192.0.2.{}", random_.Below(256))},
                                                          {"domain", "customer.example"}});
    switch (what) {
      case Act::kOpen: {
        ticket::OpenTicket request;
        request.subject = story.subject + " (" + words_.Host(random_) + ")";
        request.body = WithDetails(story.body);
        request.requester = {customer.contact.email, customer.contact.name};
        request.channel = life.channel;
        request.technology_id = people_.cast.technologies.at(random_.Of(people_.products));
        const auto opened =
            TRY(ticket::Open(tx, auth::SystemActor(), request, {.assurance = auth::Assurance::kAuthenticated}));
        life.number = opened.ticket.number;
        life.assignee = opened.ticket.assignee;
        return {};
      }
      case Act::kReply: {
        ticket::PostMessage message;
        message.body = WithDetails(story.answer);
        return Ok(ticket::Post(tx, EngineerOf(life), life.number, message));
      }
      case Act::kResolve:
        return Ok(ticket::Move(tx, EngineerOf(life), life.number,
                               {.to = TicketState::kResolved, .reason = {}, .until = {}, .into = {}}, std::nullopt));
      case Act::kConfirm:
        return Ok(ticket::Confirm(tx, customer.contact, life.number, true, ""));
      case Act::kRate:
        return Ok(survey::Rate(tx, customer.contact, life.number,
                               {.score = static_cast<int>(random_.Between(1, 5)), .comment = words_.Details(random_)}));
    }
    return {};
  }

  template <class T>
  static Status Ok(const Result<T>& result) {
    return result ? Status{} : std::unexpected(result.error());
  }

  std::string WithDetails(const std::string& text) { return text + "\n\n" + words_.Details(random_); }

  const auth::Actor& EngineerOf(const Life& life) {
    for (const auth::Actor& engineer : people_.engineers) {
      if (life.assignee && engineer.staff() == *life.assignee) {
        return engineer;
      }
    }
    return random_.Of(people_.engineers);
  }

  // --- repeated

  Status RepeatAll(std::int64_t blocks, std::int64_t closed, Micros window) {
    const auto tables = TRY(store_.Read(
        [&](store::ReadTx& tx) -> Result<std::vector<RepeatedTable>> { return ReadTickets(tx, 1, kPatterns); }));
    TRY(store_.Write([&](store::WriteTx& tx) -> Status {
      tx.Exec("DELETE FROM event WHERE seq < (SELECT max(seq) FROM event)");
      return {};
    }));
    Repeater repeater(23);
    for (std::int64_t block = 1; block * kPatterns < closed; ++block) {
      const Shift shift{.number = block * kPatterns, .time = window * block};
      repeater.NextBlock();
      for (const RepeatedTable& table : tables) {
        TRY(RepeatTable(table, repeater, shift, closed));
      }
      TRY(IndexBlock(tables, shift, closed));
      if (block % 10 == 0 || block + 1 == blocks) {
        fmt::print(stderr, "\rfilling {} of {} tickets", (block + 1) * kPatterns, tickets_);
      }
    }
    fmt::print(stderr, "\n");
    return {};
  }

  Status RepeatTable(const RepeatedTable& table, Repeater& repeater, const Shift& shift, std::int64_t last) {
    for (std::size_t from = 0; from < table.rows.size(); from += kRowsAtOnce) {
      TRY(store_.Write([&](store::WriteTx& tx) -> Status {
        for (const RepeatedRow& row :
             std::span(table.rows).subspan(from).first(std::min(kRowsAtOnce, table.rows.size() - from))) {
          const bool trimmed = table.name == "event" && FromMicros(row.at) + shift.time < ends_ - kEventsKept;
          if (row.ticket + shift.number <= last && !trimmed) {
            tx.Change(table.insert, repeater.Bind(table, row, shift));
          }
        }
        return {};
      }));
    }
    return {};
  }

  // In the order in which the entries came, as the desk's follower does it.
  Status IndexBlock(const std::vector<RepeatedTable>& tables, const Shift& shift, std::int64_t last) {
    const auto& entries = *std::ranges::find(tables, "entry", &RepeatedTable::name);
    const auto column = [&](std::string_view name) {
      return static_cast<std::size_t>(std::ranges::find(entries.columns, name, &Column::name) -
                                      entries.columns.begin());
    };
    const std::size_t seq_at = column("seq");
    const std::size_t kind_at = column("kind");
    std::vector<store::StoredEvent> events;
    for (const RepeatedRow& row : entries.rows) {
      const auto seq = std::get<std::int64_t>(row.values[seq_at]);
      if (row.ticket + shift.number > last || std::get<std::string>(row.values[kind_at]) != "message") {
        continue;
      }
      store::StoredEvent stored;
      stored.event.ticket = row.ticket + shift.number;
      stored.event.kind = seq == 1 ? "ticket.created" : "entry.added";
      stored.event.payload = fmt::format("{{\"seq\":{}}}", seq);
      events.push_back(std::move(stored));
    }
    for (std::size_t from = 0; from < events.size(); from += kEventsAtOnce) {
      const auto some = std::span(events).subspan(from).first(std::min(kEventsAtOnce, events.size() - from));
      TRY(store_.Write([&](store::WriteTx& tx) { return search::Index(tx, some); }));
    }
    return {};
  }

  // The counters of everything so far, and followers that have seen it.
  Status CountAll() {
    return store_.Write([](store::WriteTx& tx) -> Status {
      tx.Exec("DELETE FROM ticket_count");
      tx.Exec(
          "INSERT INTO ticket_count (team, assignee, state, kind, n) SELECT coalesce(team, x''), coalesce(assignee, "
          "x''), state, kind, count(*) FROM ticket GROUP BY 1, 2, 3, 4");
      tx.Exec("DELETE FROM organisation_count");
      tx.Exec(
          "INSERT INTO organisation_count (organisation, state, n) SELECT organisation, state, count(*) FROM ticket "
          "WHERE organisation IS NOT NULL GROUP BY 1, 2");
      tx.Exec("UPDATE follower SET seq = (SELECT max(seq) FROM event)");
      return {};
    });
  }

  Status GrowAuditTree() {
    for (std::int64_t taken = 1; taken > 0;) {
      taken = TRY(store_.Write(
          [](store::WriteTx& tx) -> Result<std::int64_t> { return audit::Extend(tx, std::int64_t{kEventsAtOnce}); }));
    }
    return {};
  }

  store::Store& store_;
  ManualClock& clock_;
  std::int64_t tickets_;
  Time ends_;
  People people_;
  demo::Random random_{42};
  Words words_;
};

}  // namespace

Status Fill(const std::string& folder, std::int64_t tickets) {
  crypto::Start();
  const auto clock = std::make_shared<ManualClock>(SystemClock().Now());
  store::OpenOptions options;
  options.location = folder;
  options.clock = clock;
  // A store that is half filled is filled again: no need to wait for the disk.
  options.durability = store::Durability::kNone;
  options.on_slow_write = [](Micros) {};
  const auto store = TRY(store::Open(options));
  TRY(search::Prepare(*store));
  return Filler(*store, *clock, tickets).Run();
}

}  // namespace propolis::bench
