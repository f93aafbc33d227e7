// audit key, audit verify, audit export, audit proof.
#include "app/audit_log.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/args.h"
#include "app/desk.h"
#include "audit/tree.h"
#include "base/log.h"
#include "base/number.h"
#include "livepatch/runtime/scope.h"
#include "store/files.h"

namespace propolis::app {
namespace {

namespace files = store::files;

constexpr std::chrono::seconds kTick{1};
constexpr std::int64_t kBatch = 500;  // entries in one write: a few milliseconds
constexpr std::string_view kCheckpointSuffix = ".checkpoint";

Status WriteWhole(const std::string& path, std::string_view text) {
  const auto file = TRY(files::Create(path));
  TRY(files::WriteAll(file, text, path));
  return files::Sync(file, path);
}

// True when there may be more to take in.
Result<bool> Grow(store::Store& store, const audit::SigningKey& key) {
  return store.Write(
      [&](store::WriteTx& tx) -> Result<bool> {
        const bool more = audit::Extend(tx, kBatch) == kBatch;
        if (!more) {
          audit::Sign(tx, key);
        }
        return more;
      },
      store::Turn::kBehind);
}

bool HasGrown(store::Store& store) {
  const auto grown = store.Read([](store::ReadTx& tx) -> Result<bool> {
    return tx
        .One("SELECT (SELECT coalesce(max(seq), 0) FROM audit) > coalesce((SELECT last_seq FROM audit_tree), 0)",
             [](const store::Row& row) { return row.Bool(0); })
        .value_or(false);
  });
  return grown.value_or(false);
}

std::string KeyFile(const std::string& folder) { return folder + "/audit.key"; }

}  // namespace

Result<audit::SigningKey> AuditKey(const std::string& folder) {
  const std::string path = KeyFile(folder);
  if (!std::filesystem::exists(path)) {
    auto fresh = audit::SigningKey::Make();
    TRY(WriteWhole(path, fresh.Secret()));
    TRY(files::SyncFolder(folder));
    return fresh;
  }
  auto key = audit::SigningKey::Parse(TRY(files::ReadWhole(path)));
  if (!key) {
    return Fail(Code::kInternal, "audit.bad_key", {{"file", path}});
  }
  return *key;
}

std::jthread StartAuditTree(store::Store& store, audit::SigningKey key) {
  return std::jthread([&store, key = std::move(key)](const std::stop_token& stop) {
    const livepatch::ThreadScope thread("audit-tree");
    while (livepatch::Pause(stop, kTick)) {
      const livepatch::RequestScope request("audit-tree");
      while (!stop.stop_requested() && HasGrown(store)) {
        if (const auto grown = Grow(store, key); !grown) {
          log::Error("audit.tree", grown.error());
          break;
        }
      }
    }
  });
}

namespace {

using Lines = std::vector<std::string>;

Result<Lines> ReadCheckpoints(const Args& args) {
  Lines notes;
  for (const std::string& path : args.All("--checkpoint")) {
    notes.push_back(TRY(files::ReadWhole(path)));
  }
  return notes;
}

// An export needs nothing of the desk's but its verifier key.
Result<Lines> VerifyExport(const Args& args, const std::string& path) {
  if (!args.Has("--key")) {
    return FailField("--key", "field.required");
  }
  std::ifstream file(path);
  if (!file) {
    return Fail(Code::kNotFound, "cli.no_file", {{"file", path}});
  }
  Lines checkpoints = TRY(ReadCheckpoints(args));
  checkpoints.push_back(TRY(files::ReadWhole(path + std::string(kCheckpointSuffix))));
  return audit::Verify(
      [&](const std::function<bool(std::string_view)>& visit) {
        for (std::string line; std::getline(file, line);) {
          visit(line);
        }
      },
      checkpoints, args.All("--key"));
}

Result<Lines> VerifyDesk(const Args& args) {
  const auto store = TRY(OpenDesk(args));
  const Lines checkpoints = TRY(ReadCheckpoints(args));
  Lines keys = args.All("--key");
  if (keys.empty()) {
    keys.push_back(TRY(AuditKey(args.Get("--data"))).Verifier());
  }
  return store->Read([&](store::ReadTx& tx) -> Result<Lines> { return audit::VerifyStore(tx, checkpoints, keys); });
}

int RunVerify(const Args& args) {
  const auto findings = args.words().empty() ? VerifyDesk(args) : VerifyExport(args, args.words()[0]);
  if (!findings) {
    return Report(args, findings.error());
  }
  return ReportFindings(args, *findings);
}

int RunKey(const Args& args) {
  const auto store = OpenDesk(args);
  const auto key = store ? AuditKey(args.Get("--data")) : std::unexpected(store.error());
  if (!key) {
    return Report(args, key.error());
  }
  std::puts(key->Verifier().c_str());
  return kDone;
}

Status Export(const Args& args) {
  const std::string& path = args.words()[0];
  const auto store = TRY(OpenDesk(args));
  const auto key = TRY(AuditKey(args.Get("--data")));
  for (bool more = true; more;) {  // up to this moment, also when no desk is running
    more = TRY(Grow(*store, key));
  }
  const auto file = TRY(files::Create(path));
  const auto note = TRY(store->Read([&](store::ReadTx& tx) -> Result<std::string> {
    Status written;
    audit::ForEachEntry(tx, [&](std::string_view line) {
      written = files::WriteAll(file, std::string(line) + "\n", path);
      return written.has_value();
    });
    TRY(std::move(written));
    return audit::NewestCheckpoint(tx);
  }));
  TRY(files::Sync(file, path));
  return WriteWhole(path + std::string(kCheckpointSuffix), note);
}

int RunAuditExport(const Args& args) {
  const auto status = Export(args);
  return status ? kDone : Report(args, status.error());
}

int RunProof(const Args& args) {
  const auto seq = text::ParseNumber<std::int64_t>(args.words()[0]);
  if (!seq || *seq < 1) {
    return Report(args, FailField("ENTRY", "field.not_integer").error());
  }
  const auto store = OpenDesk(args);
  if (!store) {
    return Report(args, store.error());
  }
  const auto proof =
      (*store)->Read([&](store::ReadTx& tx) { return audit::ProofOf(tx, static_cast<std::uint64_t>(*seq - 1)); });
  if (!proof) {
    return Report(args, proof.error());
  }
  std::fputs(proof->c_str(), stdout);
  return kDone;
}

}  // namespace

std::vector<Command> AuditCommands() {
  const Option checkpoint = {.name = "--checkpoint",
                             .value = "FILE",
                             .doc = "a signed checkpoint kept elsewhere, which the log must begin with",
                             .repeated = true};
  const Option key = {.name = "--key",
                      .value = "KEY",
                      .doc = "a verifier key (audit key) that may have signed; the desk's own when left out",
                      .repeated = true};
  return {{.name = "audit verify",
           .summary = "Prove that nothing in the audit log was changed, removed, put in between or reordered.",
           .operands = {"[EXPORT]"},
           .options = DeskOptions({checkpoint, key}),
           .examples = {"propolis audit verify --data DIR --checkpoint kept/2026-11-01.checkpoint",
                        "propolis audit verify log.jsonl --key propolis-audit+1a2b3c4d+AbC..."},
           .run = RunVerify},
          {.name = "audit export",
           .summary = "Write every entry as a JSON line into FILE, and the signed checkpoint into FILE.checkpoint.",
           .operands = {"FILE"},
           .options = DeskOptions(),
           .examples = {"propolis audit export --data DIR log.jsonl"},
           .run = RunAuditExport},
          {.name = "audit proof",
           .summary = "Print the proof that an entry is in the log (tlog-proof).",
           .operands = {"ENTRY"},
           .options = DeskOptions(),
           .examples = {"propolis audit proof --data DIR 4711 > 4711.tlog-proof"},
           .run = RunProof},
          {.name = "audit key",
           .summary = "Print the verifier key: give it to whoever checks the log.",
           .operands = {},
           .options = DeskOptions(),
           .examples = {"propolis audit key --data DIR"},
           .run = RunKey}};
}

}  // namespace propolis::app
