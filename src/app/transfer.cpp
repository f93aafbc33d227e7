// export, import: tickets as JSON lines.
#include <cstdio>
#include <fstream>
#include <iostream>

#include "app/args.h"
#include "app/desk.h"
#include "base/json.h"
#include "domain/ticket/commands.h"
#include "domain/ticket/number.h"
#include "domain/ticket/queries.h"

namespace propolis::app {
namespace {

constexpr std::int64_t kPage = 200;

void WriteTicket(store::ReadTx& tx, std::int64_t number) {
  const auto row = ticket::RowOf(tx, auth::SystemActor(), number, SystemClock().Now());
  if (!row) {
    return;
  }
  json::Writer writer;
  writer.BeginObject().Key("ticket").Raw(dto::ToJson(*row)).Key("entries").BeginArray();
  std::int64_t after = 0;
  for (bool more = true; more;) {
    const auto entries = ticket::Entries(tx, number, {.after = after, .limit = kPage});
    more = std::ssize(entries) == kPage;
    for (const auto& entry : entries) {
      after = entry.seq;
      writer.BeginObject()
          .Field("seq", entry.seq)
          .Field("kind", NameOf(entry.kind))
          .Field("at", FormatTime(entry.at))
          .Field("author_kind", NameOf(entry.author_kind))
          .Field("author", entry.author_name)
          .Field("visibility", NameOf(entry.visibility))
          .Field("body", entry.body)
          .Key("data")
          .Raw(entry.data)
          .EndObject();
    }
  }
  writer.EndArray().EndObject();
  std::puts(writer.Take().c_str());
}

int RunExport(const Args& args) {
  auto store = OpenDesk(args);
  if (!store) {
    return Report(args, store.error());
  }
  const auto progress = ProgressBar(args, "export");
  std::int64_t last = 0;
  std::int64_t done = 0;
  for (bool more = true; more;) {
    const auto page = (*store)->Read([&](store::ReadTx& tx) -> Result<std::int64_t> {
      const std::int64_t total =
          tx.One("SELECT max(number) FROM ticket", [](const store::Row& row) { return row.Int(0); }).value_or(0);
      const auto numbers = tx.All(
          "SELECT number FROM ticket WHERE number > $1 ORDER BY number LIMIT $2",
          [](const store::Row& row) { return row.Int(0); }, last, kPage);
      for (const std::int64_t number : numbers) {
        WriteTicket(tx, number);
        last = number;
        ++done;
      }
      progress(last, total);
      return std::ssize(numbers);
    });
    if (!page) {
      return Report(args, page.error());
    }
    more = *page == kPage;
  }
  return kDone;
}

Status ImportLine(store::Store& store, const std::string& line) {
  auto request = TRY(dto::Parse<ticket::OpenTicket>(line));
  return store.Write([&](store::WriteTx& tx) -> Status {
    TRY(ticket::Open(tx, auth::SystemActor(), request, {.assurance = auth::Assurance::kClaimed}));
    return {};
  });
}

int RunImport(const Args& args) {
  auto store = OpenDesk(args);
  if (!store) {
    return Report(args, store.error());
  }
  std::ifstream file;
  if (!args.words().empty()) {
    file.open(args.words()[0]);
    if (!file) {
      return Report(args,
                    Error{Code::kNotFound, "cli.bad_file", {{"file", args.words()[0]}, {"why", "not there"}}, {}});
    }
  }
  std::istream& in = args.words().empty() ? std::cin : file;
  std::int64_t number = 0;
  std::int64_t taken = 0;
  std::int64_t refused = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty()) {
      continue;
    }
    if (const auto status = ImportLine(**store, line); status) {
      ++taken;
    } else {
      ++refused;
      std::fprintf(stderr, "line %lld: ", static_cast<long long>(number));
      Report(args, status.error());
    }
  }
  if (args.json()) {
    json::Writer writer;
    writer.BeginObject().Field("imported", taken).Field("refused", refused).EndObject();
    std::puts(writer.Take().c_str());
  } else {
    std::printf("imported %lld, refused %lld\n", static_cast<long long>(taken), static_cast<long long>(refused));
  }
  return refused == 0 ? kDone : kFindings;
}

}  // namespace

std::vector<Command> TransferCommands() {
  return {{.name = "import",
           .summary = "Open a ticket for each JSON line (the body of POST /tickets). Lines that are refused are named.",
           .operands = {"[FILE]"},
           .options = DeskOptions(),
           .examples = {"propolis import --data DIR requests.jsonl"},
           .run = RunImport},
          {.name = "export",
           .summary = "Write every ticket with its entries as a JSON line.",
           .operands = {},
           .options = DeskOptions(),
           .examples = {"propolis export --data DIR > tickets.jsonl"},
           .run = RunExport}};
}

}  // namespace propolis::app
