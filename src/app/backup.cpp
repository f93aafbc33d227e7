// backup, restore.
#include <cstdio>

#include "app/args.h"
#include "app/desk.h"
#include "base/json.h"

namespace propolis::app {
namespace {

int Done(const Args& args, const char* act, const std::string& path) {
  if (args.json()) {
    json::Writer writer;
    writer.BeginObject().Field("act", act).Field("path", path).EndObject();
    std::puts(writer.Take().c_str());
  } else {
    std::printf("%s: %s\n", act, path.c_str());
  }
  return kDone;
}

int RunBackup(const Args& args) {
  auto store = OpenDesk(args);
  if (!store) {
    return Report(args, store.error());
  }
  const auto status = (*store)->Backup(args.words()[0], ProgressBar(args, "backup"));
  return status ? Done(args, "backup", args.words()[0]) : Report(args, status.error());
}

int RunRestore(const Args& args) {
  const auto status = store::Restore(args.words()[0], args.Get("--data"), ProgressBar(args, "restore"));
  return status ? Done(args, "restored", args.Get("--data")) : Report(args, status.error());
}

}  // namespace

std::vector<Command> BackupCommands() {
  return {{.name = "backup",
           .summary = "Copy a desk, consistent as of now, while it serves.",
           .operands = {"FOLDER"},
           .options = DeskOptions(),
           .examples = {"propolis backup --data DIR /backup/2026-11-22"},
           .run = RunBackup},
          {.name = "restore",
           .summary = "Make a desk's folder from a backup. The folder must be missing or empty.",
           .operands = {"FOLDER"},
           .options = DeskOptions(),
           .examples = {"propolis restore --data DIR /backup/2026-11-22"},
           .run = RunRestore}};
}

}  // namespace propolis::app
