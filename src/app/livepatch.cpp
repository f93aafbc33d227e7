// livepatch key, kit, build, sign, inspect: make a patch. livepatch apply, verify, list, status, revert: talk to a
// running service.
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "app/args.h"
#include "base/json.h"
#include "base/number.h"
#include "livepatch/engine/client.h"
#include "livepatch/engine/kit.h"
#include "livepatch/engine/outside.h"
#include "store/files.h"

namespace propolis::app {
namespace {

namespace files = store::files;
namespace lp = livepatch;

constexpr int kPatience = 60'000;  // milliseconds: longer than any switch may take

Status WriteNew(const std::string& path, std::string_view bytes) {
  const auto file = TRY(files::Create(path));
  TRY(files::WriteAll(file, bytes, path));
  return files::Sync(file, path);
}

// Beside the file first, then in its place: it is there whole or not at all.
Status Replace(const std::string& path, std::string_view bytes) {
  TRY(WriteNew(path + ".new", bytes));
  std::error_code failed;
  std::filesystem::rename(path + ".new", path, failed);
  return failed ? Fail(Code::kInternal, "cli.bad_file", {{"file", path}, {"why", failed.message()}}) : Status();
}

template <class Body>
int Answer(const Args& args, Body body) {
  const Result<int> code = body();
  return code ? *code : Report(args, code.error());
}

// --- making

int RunKey(const Args& args) {
  return Answer(args, [&]() -> Result<int> {
    const auto key = lp::SecretKey::Make();
    TRY(WriteNew(args.words()[0], key.Text()));
    std::puts(key.Public().c_str());
    return kDone;
  });
}

int RunKit(const Args& args) {
  return Answer(args, [&]() -> Result<int> {
    const auto absolute = [](const std::string& path) {
      return path.empty() ? path : std::filesystem::weakly_canonical(path).string();
    };
    const auto kit =
        TRY(lp::MakeKit(args.Get("--program"), absolute(args.Get("--source")), absolute(args.Get("--build")),
                        args.words()[0], SystemClock().Now(), args.Has("--overwrite")));
    if (args.json()) {
      std::puts(dto::ToJson(kit).c_str());
    } else {
      std::printf("kit of build %s: %lld functions can be replaced\n", kit.build_id.c_str(),
                  static_cast<long long>(kit.functions));
    }
    return kDone;
  });
}

Result<lp::BuildRequest> ReadBuildRequest(const Args& args) {
  lp::BuildRequest request;
  request.kit = args.Get("--kit");
  request.old_source = args.Get("--old");
  request.new_source = args.Get("--new");
  request.old_objects = args.All("--old-object");
  request.new_objects = args.All("--new-object");
  if (request.old_source.empty() != request.new_source.empty() ||
      request.old_objects.size() != request.new_objects.size() ||
      request.old_source.empty() == request.old_objects.empty()) {
    return FailField("--old", "livepatch.what_to_compare");
  }
  request.id = args.Get("--id");
  request.title = args.Find("--title").value_or(request.id);
  request.cves = args.All("--cve");
  request.supersedes = args.All("--supersedes");
  request.probe = args.Get("--probe");
  request.overwrite = args.Has("--overwrite");
  const auto level = text::ParseNumber<std::int64_t>(args.Get("--level"));
  if (!level || *level < 1) {
    return FailField("--level", "field.not_integer");
  }
  request.level = *level;
  if (const auto expires = args.Find("--expires")) {
    request.expires = ParseTime(*expires);
    if (!request.expires) {
      return FailField("--expires", "field.not_time");
    }
  }
  for (std::string* tree : {&request.old_source, &request.new_source}) {
    *tree = tree->empty() ? "" : std::filesystem::canonical(*tree).string();
  }
  return request;
}

int RunBuild(const Args& args) {
  return Answer(args, [&]() -> Result<int> {
    auto request = TRY(ReadBuildRequest(args));
    std::string scratch = std::filesystem::temp_directory_path() / "propolis-livepatch-XXXXXX";
    if (mkdtemp(scratch.data()) == nullptr) {
      return Fail(Code::kInternal, "cli.bad_file", {{"file", scratch}, {"why", "it cannot be made"}});
    }
    request.scratch = scratch;
    const auto parts = lp::BuildPatch(request, SystemClock().Now());
    std::error_code ignored;
    std::filesystem::remove_all(scratch, ignored);
    if (!parts) {
      return std::unexpected(parts.error());
    }
    TRY(Replace(args.words()[0], lp::WritePatch(*parts)));
    const auto manifest = TRY(lp::Examine(*parts));
    if (args.json()) {
      std::puts(parts->manifest.c_str());
      return kDone;
    }
    std::printf("%s: %zu functions replaced, %zu added\n", manifest.id.c_str(), manifest.functions.size(),
                manifest.added.size());
    for (const auto& function : manifest.functions) {
      std::printf("  %s\n", function.readable.c_str());
    }
    return kDone;
  });
}

Result<lp::PatchParts> ReadParts(const std::string& path) {
  const auto bytes = TRY(lp::ReadFileWhole(path));
  return lp::SplitPatch(*bytes);
}

int RunSign(const Args& args) {
  return Answer(args, [&]() -> Result<int> {
    const auto secret = TRY(lp::ReadFileWhole(args.Get("--key")));
    const auto key = TRY(lp::SecretKey::Parse(*secret));
    auto parts = TRY(ReadParts(args.words()[0]));
    TRY(lp::Examine(parts));
    lp::Sign(parts, key);
    TRY(Replace(args.words()[0], lp::WritePatch(parts)));
    return kDone;
  });
}

int RunInspect(const Args& args) {
  return Answer(args, [&]() -> Result<int> {
    const auto bytes = TRY(lp::ReadFileWhole(args.words()[0]));
    const auto parts = TRY(lp::SplitPatch(*bytes));
    const auto manifest = TRY(lp::Examine(parts));
    if (const auto keys = args.Find("--keys")) {
      const auto text = TRY(lp::ReadFileWhole(*keys));
      const auto trusted = TRY(lp::TrustedKeys::Parse(*text));
      TRY(lp::Verify(*bytes, trusted, SystemClock().Now()));
    }
    if (args.json()) {
      std::puts(parts.manifest.c_str());
      return kDone;
    }
    std::printf("%s  level %lld  build %s\n%s\nsignatures: %zu%s\n", manifest.id.c_str(),
                static_cast<long long>(manifest.level), manifest.build_id.c_str(), manifest.title.c_str(),
                parts.signatures.size(), args.Has("--keys") ? ", enough of them trusted" : "");
    if (manifest.expires) {
      std::printf("expires: %s\n", FormatTime(*manifest.expires).c_str());
    }
    for (const auto& cve : manifest.cves) {
      std::printf("closes %s\n", cve.c_str());
    }
    for (const auto& function : manifest.functions) {
      std::printf("  %s\n", function.readable.c_str());
    }
    return kDone;
  });
}

// --- the running service

std::string FolderOf(const Args& args) { return args.Find("--folder").value_or(args.Get("--data") + "/livepatch"); }

std::string TextOf(json::View object, std::string_view name) {
  const auto value = object.Find(name);
  if (!value) {
    return "";
  }
  const auto text = value->AsString();
  return text ? std::string(*text) : value->ToText();
}

void PrintStatus(json::View status) {
  const std::string level = TextOf(status, "level");
  std::printf("%s, %s\n", TextOf(status, "state").c_str(),
              level == "0" ? "no patch runs" : ("level " + level + " runs, patch " + TextOf(status, "digest")).c_str());
  std::printf("%s threads (%s idle), %s requests\n", TextOf(status, "threads").c_str(), TextOf(status, "idle").c_str(),
              TextOf(status, "requests").c_str());
  if (!TextOf(status, "last").empty()) {
    std::printf("last switch: %s; armed in %s µs, converged in %s µs, no thread stopped\n",
                TextOf(status, "last").c_str(), TextOf(status, "arm_us").c_str(),
                TextOf(status, "converge_us").c_str());
  }
  const auto holders = status.Find("holders");
  for (std::size_t i = 0; holders && i < holders->Size(); ++i) {
    const json::View holder = holders->At(i);
    std::printf("  waits for %s %s (thread %s), for %s ms\n", TextOf(holder, "kind").c_str(),
                TextOf(holder, "what").c_str(), TextOf(holder, "thread").c_str(), TextOf(holder, "since_ms").c_str());
  }
}

void PrintList(json::View list) {
  const auto patches = list.Find("patches");
  for (std::size_t i = 0; patches && i < patches->Size(); ++i) {
    const json::View patch = patches->At(i);
    const auto functions = patch.Find("functions");
    std::printf("level %s  %s  %s  %zu functions\n", TextOf(patch, "level").c_str(), TextOf(patch, "state").c_str(),
                TextOf(patch, "digest").c_str(), functions ? functions->Size() : 0);
  }
}

Result<int> Say(const Args& args, const lp::AgentAnswer& answer) {
  const auto document = TRY(json::Document::Parse(answer.json));
  const auto why = [&] {
    std::string text = TextOf(document.Root(), "why");
    return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
  };
  switch (answer.outcome) {
    case lp::Outcome::kRefused:
      return Fail(Code::kConflict, "livepatch.service_refused", {{"why", why()}});
    case lp::Outcome::kUnsound:
      return ReportFindings(args, {why()});
    case lp::Outcome::kBackedOut:
      return Fail(Code::kTimeout, "livepatch.backed_out");
    case lp::Outcome::kBusy:
      return Fail(Code::kUnavailable, "livepatch.busy");
    case lp::Outcome::kDone:
      break;
  }
  if (args.json()) {
    std::puts(answer.json.c_str());
  } else if (document.Root().Find("patches")) {
    PrintList(document.Root());
  } else {
    PrintStatus(document.Root());
  }
  return kDone;
}

// --- a service that does not link the runtime

void PrintOutside(const Args& args, const lp::OutsideReport& report) {
  if (args.json()) {
    json::Writer out;
    out.BeginObject();
    out.Field("state", report.done ? report.state : "in the way").Field("consistency", "function");
    out.Field("functions", static_cast<std::int64_t>(report.functions));
    out.Field("threads", static_cast<std::int64_t>(report.threads)).Field("attempts", report.attempts);
    out.Field("stopped_us", report.stopped_us);
    out.Key("in_the_way").BeginArray();
    for (const lp::InTheWay& one : report.in_the_way) {
      out.BeginObject().Field("thread", one.thread).Field("name", one.name).Field("function", one.function);
      out.Key("stack").BeginArray();
      for (const std::string& frame : one.stack) {
        out.String(frame);
      }
      out.EndArray().EndObject();
    }
    out.EndArray().EndObject();
    std::puts(std::move(out).Take().c_str());
    return;
  }
  if (report.done) {
    std::printf("%s: %zu functions; %zu threads stopped for %lld µs, at attempt %d\n", report.state.c_str(),
                report.functions, report.threads, static_cast<long long>(report.stopped_us), report.attempts);
    std::puts("each function was replaced at once; a request may have seen old and new ones");
  }
  for (const lp::InTheWay& one : report.in_the_way) {
    std::printf("  thread %d (%s) is within %s\n", one.thread, one.name.c_str(), one.function.c_str());
    for (const std::string& frame : one.stack) {
      std::printf("      %s\n", frame.c_str());
    }
  }
}

Result<lp::OutsideOptions> ReadOutsideOptions(const Args& args) {
  const auto pid = text::ParseNumber<pid_t>(args.Get("--pid"));
  const auto deadline = text::ParseNumber<std::int64_t>(args.Get("--deadline"));
  if (!pid || *pid < 1) {
    return FailField("--pid", "field.not_integer");
  }
  if (!deadline || *deadline < 0 || *deadline > kPatience) {
    return FailField("--deadline", "field.not_integer");
  }
  const auto longest = text::ParseNumber<std::int64_t>(args.Get("--longest-stop"));
  if (!longest || *longest < 1 || *longest > kPatience) {
    return FailField("--longest-stop", "field.not_integer");
  }
  return lp::OutsideOptions{*pid, std::chrono::milliseconds(*deadline), std::chrono::milliseconds(*longest)};
}

int TalkOutside(const Args& args, lp::Verb verb) {
  return Answer(args, [&]() -> Result<int> {
    const auto options = TRY(ReadOutsideOptions(args));
    if (args.words().empty() || !args.Has("--keys")) {
      return FailField("--pid", "livepatch.outside_needs");
    }
    const auto bytes = TRY(lp::ReadFileWhole(args.words()[0]));
    const auto keys = TRY(lp::ReadFileWhole(args.Get("--keys")));
    const auto trusted = TRY(lp::TrustedKeys::Parse(*keys));
    TRY(lp::Verify(*bytes, trusted, SystemClock().Now()));
    const auto parts = TRY(lp::SplitPatch(*bytes));
    if (verb == lp::Verb::kVerify) {
      const auto findings = TRY(lp::VerifyFromOutside(parts.plan, options));
      return ReportFindings(args, findings);
    }
    const auto report = TRY(verb == lp::Verb::kApply ? lp::ApplyFromOutside(parts.plan, options)
                                                     : lp::RevertFromOutside(parts.plan, options));
    PrintOutside(args, report);
    return report.done ? kDone : kTemporary;
  });
}

int Talk(const Args& args, lp::Verb verb) {
  if (args.Has("--pid")) {
    return TalkOutside(args, verb);
  }
  return Answer(args, [&]() -> Result<int> {
    std::shared_ptr<const std::string> patch = std::make_shared<std::string>();
    if (verb == lp::Verb::kApply) {
      patch = TRY(lp::ReadFileWhole(args.words()[0]));
      TRY(lp::SplitPatch(*patch));
    }
    if (isatty(STDERR_FILENO) != 0 && !args.json() && (verb == lp::Verb::kApply || verb == lp::Verb::kRevert)) {
      std::fputs("switching...\r", stderr);
    }
    const auto answer = TRY(lp::Ask(FolderOf(args), verb, *patch, kPatience));
    return Say(args, answer);
  });
}

// What also works from outside, with the patch at hand.
Command OutsideTalker(const std::string& name, std::string summary, std::string operand, lp::Verb verb) {
  return {
      .name = "livepatch " + name,
      .summary = std::move(summary),
      .operands = {std::move(operand)},
      .options = {{.name = "--data", .value = "DIR", .doc = "the desk's folder", .fallback = "."},
                  {.name = "--folder", .value = "DIR", .doc = "where another service keeps its patches"},
                  {.name = "--pid", .value = "N", .doc = "a process without the runtime, by ptrace; needs the patch"},
                  {.name = "--keys", .value = "FILE", .doc = "with --pid: the trusted keys"},
                  {.name = "--deadline", .value = "MS", .doc = "with --pid: how long to try", .fallback = "10000"},
                  {.name = "--longest-stop",
                   .value = "MS",
                   .doc = "with --pid: how long threads may be stopped at a time",
                   .fallback = "50"}},
      .examples = {"propolis livepatch " + name + " --data DIR" + (verb == lp::Verb::kApply ? " fix.patch" : ""),
                   "propolis livepatch " + name + " --pid 4711 --keys keys fix.patch"},
      .run = [verb](const Args& args) { return Talk(args, verb); }};
}

Command Talker(const std::string& name, std::string summary, std::vector<std::string> operands, lp::Verb verb) {
  const std::string words = operands.empty() ? "" : " fix.patch";
  return {.name = "livepatch " + name,
          .summary = std::move(summary),
          .operands = std::move(operands),
          .options = {{.name = "--data", .value = "DIR", .doc = "the desk's folder", .fallback = "."},
                      {.name = "--folder", .value = "DIR", .doc = "where another service keeps its patches"}},
          .examples = {"propolis livepatch " + name + " --data DIR" + words},
          .run = [verb](const Args& args) { return Talk(args, verb); }};
}

Command BuildCommand() {
  return {
      .name = "livepatch build",
      .summary = "Make a patch from what differs between two source trees or object files.",
      .operands = {"PATCH"},
      .options = {{.name = "--kit", .value = "DIR", .doc = "the release's kit", .required = true},
                  {.name = "--old", .value = "DIR", .doc = "the release's sources"},
                  {.name = "--new", .value = "DIR", .doc = "the mended sources"},
                  {.name = "--old-object",
                   .value = "FILE",
                   .doc = "instead: as it was, compiled with -ffunction-sections -fdata-sections -g",
                   .repeated = true},
                  {.name = "--new-object", .value = "FILE", .doc = "and as it is to be", .repeated = true},
                  {.name = "--id", .value = "NAME", .doc = "a name for it", .required = true},
                  {.name = "--title", .value = "TEXT", .doc = "what it mends"},
                  {.name = "--level", .value = "N", .doc = "higher than every patch before it", .fallback = "1"},
                  {.name = "--cve", .value = "ID", .doc = "a vulnerability that it closes", .repeated = true},
                  {.name = "--supersedes", .value = "NAME", .doc = "a patch whose changes are in it", .repeated = true},
                  {.name = "--expires", .value = "TIME", .doc = "refused after this (RFC 3339)"},
                  {.name = "--probe", .value = "NAME", .doc = "a function int NAME() that answers 0 when all is well"},
                  {.name = "--overwrite", .value = "", .doc = "functions without room too; applied with --pid only"}},
      .examples = {"propolis livepatch build --kit kit --old release --new mended --id PP-1 fix.patch"},
      .run = RunBuild};
}

}  // namespace

std::vector<Command> LivepatchCommands() {
  return {
      {.name = "livepatch key",
       .summary = "Make a key that signs patches; its public half is printed.",
       .operands = {"FILE"},
       .options = {},
       .examples = {"propolis livepatch key release.key"},
       .run = RunKey},
      {.name = "livepatch kit",
       .summary = "Keep what patches for a release are made from.",
       .operands = {"DIR"},
       .options = {{.name = "--program", .value = "FILE", .doc = "with all its symbols", .required = true},
                   {.name = "--source", .value = "DIR", .doc = "what it was compiled from"},
                   {.name = "--build", .value = "DIR", .doc = "where compile_commands.json is"},
                   {.name = "--overwrite", .value = "", .doc = "the program may be without room for jumps"}},
       .examples = {"propolis livepatch kit --program build/propolis --source . --build build kit"},
       .run = RunKit},
      BuildCommand(),
      {.name = "livepatch sign",
       .summary = "Add a signature to a patch.",
       .operands = {"PATCH"},
       .options = {{.name = "--key", .value = "FILE", .doc = "of livepatch key", .required = true}},
       .examples = {"propolis livepatch sign --key release.key fix.patch"},
       .run = RunSign},
      {.name = "livepatch inspect",
       .summary = "Say what a patch does, and with --keys whether it would be trusted.",
       .operands = {"PATCH"},
       .options = {{.name = "--keys", .value = "FILE", .doc = "the trusted keys"}},
       .examples = {"propolis livepatch inspect fix.patch --keys DIR/livepatch/keys"},
       .run = RunInspect},
      OutsideTalker("apply", "Mend the running service.", "PATCH", lp::Verb::kApply),
      OutsideTalker("verify", "Prove from memory that what runs is what was applied.", "[PATCH]", lp::Verb::kVerify),
      Talker("list", "List the patches in the service's memory.", {}, lp::Verb::kList),
      Talker("status", "Say what runs, and who keeps a switch from ending.", {}, lp::Verb::kStatus),
      OutsideTalker("revert", "Go back to the release's own code.", "[PATCH]", lp::Verb::kRevert)};
}

}  // namespace propolis::app
