// doctor: is this desk sound?
#include "app/args.h"
#include "app/desk.h"
#include "blob/blob_store.h"

namespace propolis::app {
namespace {

Result<std::vector<std::string>> Examine(const Args& args) {
  const auto store = TRY(OpenDesk(args));
  auto findings = TRY(store->Verify(ProgressBar(args, "store")));
  const auto blobs = TRY(blob::Store::OpenFolder(args.Get("--data") + "/blobs"));
  for (auto& finding : TRY(blobs->Verify(ProgressBar(args, "files")))) {
    findings.push_back(std::move(finding));
  }
  return findings;
}

int RunDoctor(const Args& args) {
  const auto findings = Examine(args);
  if (!findings) {
    return Report(args, findings.error());
  }
  return ReportFindings(args, *findings);
}

}  // namespace

Command DoctorCommand() {
  return {.name = "doctor",
          .summary = "Check a desk: structure, references, counters, numbering, files.",
          .operands = {},
          .options = DeskOptions(),
          .examples = {"propolis doctor --data DIR"},
          .run = RunDoctor};
}

}  // namespace propolis::app
