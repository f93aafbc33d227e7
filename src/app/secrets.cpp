// secrets rotate, secrets forget; and the key for every command that opens a desk.
#include "app/secrets.h"

#include <cstdio>

#include "app/desk.h"
#include "auth/record.h"
#include "auth/secrets_file.h"
#include "base/json.h"
#include "base/log.h"

namespace propolis::app {
namespace {

namespace secrets = auth::secrets;

std::string KeyPathOf(const Args& args) { return secrets::KeyPath(args.Get("--secrets-key"), args.Get("--data")); }

struct Sealed {
  bool any = false;
  std::vector<std::string> keys;  // ids of those that sealed
};
Result<Sealed> LookAt(store::Store& store) {
  return store.Read(
      [](store::ReadTx& tx) -> Result<Sealed> { return Sealed{secrets::HasSealed(tx), secrets::KeysInUse(tx)}; });
}

// What the migration to sealed secrets could not do, because SQL has no key.
Status SealWhatIsClear(store::Store& store) {
  const auto sealed = TRY(store.Write([](store::WriteTx& tx) -> Result<std::int64_t> {
    const auto count = TRY(secrets::SealAll(tx));
    if (count > 0) {
      auth::Record(tx, auth::SystemActor(), "secrets.seal");
    }
    return count;
  }));
  if (sealed > 0) {
    log::Info("secrets.sealed", {{"count", sealed}});
  }
  return {};
}

}  // namespace

Option SecretsKeyOption() {
  return {.name = "--secrets-key",
          .value = "FILE",
          .doc = "keys of the desk's secrets; else systemd's credential propolis.secrets-key, else secrets.key in DIR"};
}

Status UseSecretsIfThere(store::Store& store, const Args& args) {
  auto keys = TRY(secrets::ReadKeys(KeyPathOf(args)));
  if (!keys) {
    secrets::UseNone();
    return {};
  }
  secrets::Use(*std::move(keys));
  return TRY(LookAt(store)).any ? Status{} : SealWhatIsClear(store);
}

Status UseSecrets(store::Store& store, const Args& args) {
  const std::string path = KeyPathOf(args);
  auto keys = TRY(secrets::ReadKeys(path));
  const Sealed sealed = TRY(LookAt(store));
  if (!keys && sealed.any) {
    return Fail(Code::kNotFound, "secrets.key_missing", {{"file", path}});
  }
  if (!keys) {
    keys = TRY(secrets::MakeKeys(path));
  }
  for (const std::string& id : sealed.keys) {
    if (keys->Find(id) == nullptr) {
      return Fail(Code::kConflict, "secrets.key_other", {{"file", path}});
    }
  }
  secrets::Use(*std::move(keys));
  return sealed.any ? Status{} : SealWhatIsClear(store);
}

namespace {

int Tell(const Args& args, const char* act, const std::vector<std::string>& what) {
  if (args.json()) {
    json::Writer writer;
    writer.BeginObject().Field("act", act).Key("secrets").BeginArray();
    for (const std::string& each : what) {
      writer.String(each);
    }
    writer.EndArray().EndObject();
    std::puts(writer.Take().c_str());
    return kDone;
  }
  for (const std::string& each : what) {
    std::printf("%s: %s\n", act, each.c_str());
  }
  if (what.empty()) {
    std::puts(act);
  }
  return kDone;
}

// The desk must not be served meanwhile: it would go on sealing with the key that it knows.
int RunRotate(const Args& args) {
  const auto rotate = [&]() -> Status {
    const auto store = TRY(OpenAlone(args));
    return secrets::Rotate(*store, KeyPathOf(args), ProgressBar(args, "secrets"));
  };
  const auto status = rotate();
  return status ? Tell(args, "rotated", {}) : Report(args, status.error());
}

int RunForget(const Args& args) {
  const auto forget = [&]() -> Result<std::vector<std::string>> {
    const auto store = TRY(OpenAlone(args));
    return store->Write(
        [](store::WriteTx& tx) -> Result<std::vector<std::string>> { return secrets::ForgetUnreadable(tx); });
  };
  const auto forgotten = forget();
  return forgotten ? Tell(args, "forgotten", *forgotten) : Report(args, forgotten.error());
}

}  // namespace

std::vector<Command> SecretsCommands() {
  return {{.name = "secrets rotate",
           .summary = "Seal every secret of a stopped desk with a fresh key; cut short, it goes on the next time.",
           .operands = {},
           .options = DeskOptions(),
           .examples = {"propolis secrets rotate --data DIR",
                        "propolis secrets rotate --data DIR --secrets-key /etc/propolis/secrets.key"},
           .run = RunRotate},
          {.name = "secrets forget",
           .summary = "The key is lost: drop what it sealed. Apps of people and webhooks are set up anew.",
           .operands = {},
           .options = DeskOptions(),
           .examples = {"propolis secrets forget --data DIR"},
           .run = RunForget}};
}

}  // namespace propolis::app
