// model train, import, list, use, drop: the trained classifiers of triage.
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "app/args.h"
#include "app/desk.h"
#include "base/json.h"
#include "base/number.h"
#include "domain/triage/model_commands.h"

namespace propolis::app {
namespace {

constexpr std::uint64_t kMostFileBytes = 256ULL << 20U;

std::string Targets() {
  std::string all;
  for (const auto& [target, name] : Names<triage::Target>::kTable) {
    all += (all.empty() ? "" : ", ") + std::string(name);
  }
  return all;
}

Result<triage::Target> TargetNamed(const std::string& name) {
  const auto target = FromName<triage::Target>(name);
  if (!target) {
    return Fail(Code::kInvalid, "model.no_target", {{"target", name}, {"targets", Targets()}});
  }
  return *target;
}

// "kind.3"
Result<triage::ModelId> VersionNamed(store::Store& store, const std::string& name) {
  const std::size_t dot = std::min(name.find('.'), name.size());
  const triage::Target target = TRY(TargetNamed(name.substr(0, dot)));
  const std::string_view version = std::string_view(name).substr(std::min(dot + 1, name.size()));
  const std::int64_t number = text::ParseNumber<std::int64_t>(version).value_or(0);  // there is no version 0
  return store.Read([&](store::ReadTx& tx) { return triage::FindModel(tx, target, number); });
}

void Show(const Args& args, const triage::ModelView& model) {
  if (args.json()) {
    std::puts(dto::ToJson(model).c_str());
    return;
  }
  std::printf("%-14s %-7s %6lld rows  accuracy %.3f  macro-F1 %.3f  held out %lld: %.3f / %.3f  threshold %.2f%s\n",
              fmt::format("{}.{}", NameOf(model.target), model.number).c_str(),
              std::string(NameOf(model.source)).c_str(), static_cast<long long>(model.examples), model.metrics.accuracy,
              model.metrics.macro_f1, static_cast<long long>(model.held_out.rows), model.held_out.accuracy,
              model.held_out.macro_f1, model.threshold, model.active ? "  in force" : "");
}

int Shown(const Args& args, const Result<triage::ModelView>& model) {
  if (!model) {
    return Report(args, model.error());
  }
  Show(args, *model);
  return kDone;
}

Result<std::vector<triage::Target>> TargetsOf(const Args& args) {
  std::vector<triage::Target> targets;
  for (const std::string& name : args.All("--target")) {
    targets.push_back(TRY(TargetNamed(name)));
  }
  if (targets.empty()) {
    for (const auto& [target, name] : Names<triage::Target>::kTable) {
      targets.push_back(target);
    }
  }
  return targets;
}

// Every target is tried; one that has too few tickets does not keep the others from being trained.
int RunTrain(const Args& args) {
  const auto targets = TargetsOf(args);
  if (!targets) {
    return Report(args, targets.error());
  }
  auto store = OpenDesk(args);
  if (!store) {
    return Report(args, store.error());
  }
  int code = kDone;
  for (const triage::Target target : *targets) {
    code = std::max(code, Shown(args, triage::TrainFromTickets(**store, auth::SystemActor(), target)));
  }
  return code;
}

Result<classify::Table> ReadTable(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) {
    return Fail(Code::kNotFound, "cli.no_file", {{"file", path}});
  }
  if (static_cast<std::uint64_t>(file.tellg()) > kMostFileBytes) {
    return Fail(Code::kTooLarge, "cli.bad_file", {{"file", path}, {"why", "more than 256 MiB"}});
  }
  file.seekg(0);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return classify::ParseCsv(bytes);
}

Result<triage::ModelView> Import(const Args& args) {
  const triage::Target target = TRY(TargetNamed(args.Get("--target")));
  const classify::Table table = TRY(ReadTable(args.words()[0]));
  auto store = TRY(OpenDesk(args));
  return triage::TrainFromFile(*store, auth::SystemActor(), target, table);
}

int RunImport(const Args& args) { return Shown(args, Import(args)); }

int RunList(const Args& args) {
  auto store = OpenDesk(args);
  if (!store) {
    return Report(args, store.error());
  }
  const auto models = (*store)->Read([](store::ReadTx& tx) { return triage::ListModels(tx, auth::SystemActor()); });
  if (!models) {
    return Report(args, models.error());
  }
  for (const triage::ModelView& model : *models) {
    Show(args, model);
  }
  return kDone;
}

Result<triage::ModelView> Use(const Args& args) {
  triage::ActivateModel request;
  if (const auto threshold = args.Find("--threshold")) {
    double value = -1;
    std::from_chars(threshold->data(), threshold->data() + threshold->size(), value);
    request.threshold = value;
  }
  auto store = TRY(OpenDesk(args));
  const auto id = TRY(VersionNamed(*store, args.words()[0]));
  return store->Write([&](store::WriteTx& tx) { return triage::Activate(tx, auth::SystemActor(), id, request); });
}

int RunUse(const Args& args) { return Shown(args, Use(args)); }

Status Drop(const Args& args) {
  auto store = TRY(OpenDesk(args));
  const auto id = TRY(VersionNamed(*store, args.words()[0]));
  return store->Write([&](store::WriteTx& tx) { return triage::DropModel(tx, auth::SystemActor(), id); });
}

int RunDrop(const Args& args) {
  if (const auto done = Drop(args); !done) {
    return Report(args, done.error());
  }
  if (args.json()) {
    json::Writer writer;
    writer.BeginObject().Field("act", "drop").Field("model", args.words()[0]).EndObject();
    std::puts(writer.Take().c_str());
  } else {
    std::printf("dropped %s\n", args.words()[0].c_str());
  }
  return kDone;
}

}  // namespace

std::vector<Command> ModelCommands() {
  return {{.name = "model train",
           .summary = "Train classifiers from the tickets that people classified; in force when not worse than before.",
           .operands = {},
           .options = DeskOptions({{.name = "--target",
                                    .value = "T",
                                    .doc = "technology, kind, impact or urgency; all when left out",
                                    .repeated = true}}),
           .examples = {"propolis model train --data DIR", "propolis model train --data DIR --target kind --json"},
           .run = RunTrain},
          {.name = "model import",
           .summary = "Train a classifier from a CSV file: columns text (or subject and body) and label.",
           .operands = {"FILE"},
           .options = DeskOptions(
               {{.name = "--target", .value = "T", .doc = "technology, kind, impact or urgency", .required = true}}),
           .examples = {"propolis model import --data DIR --target kind requests.csv"},
           .run = RunImport},
          {.name = "model list",
           .summary = "List the trained classifiers with how good they are.",
           .operands = {},
           .options = DeskOptions(),
           .examples = {"propolis model list --data DIR", "propolis model list --data DIR --json"},
           .run = RunList},
          {.name = "model use",
           .summary = "Put a version in force, at once; a running desk need not be restarted.",
           .operands = {"MODEL"},
           .options = DeskOptions(
               {{.name = "--threshold", .value = "N", .doc = "withhold answers less sure than this, 0 to 1"}}),
           .examples = {"propolis model use --data DIR kind.3", "propolis model use --data DIR kind.3 --threshold 0.7"},
           .run = RunUse},
          {.name = "model drop",
           .summary = "Forget a version; dropping the one in force leaves its target to the rules.",
           .operands = {"MODEL"},
           .options = DeskOptions(),
           .examples = {"propolis model drop --data DIR kind.2"},
           .run = RunDrop}};
}

}  // namespace propolis::app
