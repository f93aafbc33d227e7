// init: a new desk, with its defaults, and the link that makes its first administrator.
#include <cstdio>

#include "app/args.h"
#include "app/demo/demo.h"
#include "app/desk.h"
#include "auth/link.h"
#include "base/json.h"

namespace propolis::app {
namespace {

Result<std::string> Init(const Args& args) {
  if (args.Has("--demo")) {
    TRY(MakeDemo(args.Get("--data")));
  }
  auto store = TRY(OpenDesk(args, Missing::kCreate));
  return store->Write([&](store::WriteTx& tx) -> Result<std::string> {
    tx.Exec("INSERT INTO setting (name, value) VALUES ('desk.url', $1) ON CONFLICT (name) DO UPDATE SET value = $1",
            args.Get("--url"));
    const auto token = auth::CreateLink(tx, auth::LinkPurpose::kSetup, std::nullopt, auth::kSetupLinkValid);
    return args.Get("--url") + "/setup#token=" + token;
  });
}

int RunInit(const Args& args) {
  const auto link = Init(args);
  if (!link) {
    return Report(args, link.error());
  }
  if (args.json()) {
    json::Writer writer;
    writer.BeginObject().Field("setup_link", *link).EndObject();
    std::puts(writer.Take().c_str());
  } else if (args.Has("--demo")) {
    std::printf("a demo desk is in %s\n%s\n", args.Get("--data").c_str(), DemoSignIn().c_str());
  } else {
    std::printf("a new desk is in %s\nmake the first administrator, once, within 7 days:\n  %s\n",
                args.Get("--data").c_str(), link->c_str());
  }
  return kDone;
}

}  // namespace

Command InitCommand() {
  return {
      .name = "init",
      .summary = "Make a new desk and print the one-time link that creates its first administrator.",
      .operands = {},
      .options = DeskOptions(
          {{.name = "--url", .value = "URL", .doc = "where people will reach it", .fallback = "http://127.0.0.1:8080"},
           {.name = "--demo", .value = "", .doc = "fill it with a believable demo"}}),
      .examples = {"propolis init --data DIR", "propolis init --data DIR --demo"},
      .run = RunInit};
}

}  // namespace propolis::app
