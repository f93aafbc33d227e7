// propolis: the program. Each command is in a file of its own; this one finds it and runs it.
#include <malloc.h>

#include <cstdio>
#include <exception>
#include <vector>

#include "app/args.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/text.h"

namespace propolis::app {
namespace {

std::string Overview(const std::vector<Command>& commands) {
  std::string text =
      "Propolis: a support desk for cybersecurity teams.\n\nusage: propolis COMMAND [options]\n\ncommands:\n";
  for (const Command& command : commands) {
    std::string left = "  " + command.name;
    left.resize(std::max<std::size_t>(left.size() + 2, 24), ' ');
    text += left + command.summary + "\n";
  }
  return text + "\npropolis COMMAND --help says more, with examples.\n";
}

// The command with the longest name that the words begin with.
const Command* Find(const std::vector<Command>& commands, std::span<const std::string_view> words, std::size_t& used) {
  const Command* best = nullptr;
  for (const Command& command : commands) {
    const auto parts = text::Split(command.name, ' ');
    if (parts.size() <= words.size() && parts.size() > used && std::ranges::equal(parts, words.first(parts.size()))) {
      best = &command;
      used = parts.size();
    }
  }
  return best;
}

int Run(std::span<const std::string_view> words) {
  const auto commands = Commands();
  if (words.empty() || words[0] == "--help" || words[0] == "help") {
    std::fputs(Overview(commands).c_str(), words.empty() ? stderr : stdout);
    return words.empty() ? kUsage : kDone;
  }
  if (words[0] == "--version") {
    std::puts("propolis " PROPOLIS_VERSION);
    return kDone;
  }
  std::size_t used = 0;
  const Command* command = Find(commands, words, used);
  if (command == nullptr) {
    std::fprintf(stderr, "propolis: there is no command %.60s; propolis --help lists them\n",
                 std::string(words[0]).c_str());
    return kUsage;
  }
  const auto rest = words.subspan(used);
  // `try RULE --help` explains the rule, not the command.
  if (std::ranges::find(rest, "--help") != rest.end() && !(command->name == "try" && rest.size() > 1)) {
    std::fputs(HelpOf(*command).c_str(), stdout);
    return kDone;
  }
  const auto args = ParseArgs(*command, rest);
  if (!args) {
    Report({}, args.error());
    std::fprintf(stderr, "propolis %s --help says what it takes\n", command->name.c_str());
    return kUsage;
  }
  return command->run(*args);
}

}  // namespace

std::vector<Command> Commands() {
  std::vector<Command> all = {ServeCommand(), InitCommand()};
  for (auto& group : {UserCommands(), MailCommands(), ModelCommands(), TransferCommands(), BackupCommands(),
                      AuditCommands(), WitnessCommands(), SecretsCommands(), LivepatchCommands()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  all.push_back(DoctorCommand());
  for (auto& command : DocumentCommands()) {
    all.push_back(std::move(command));
  }
  return all;
}

}  // namespace propolis::app

constexpr int kKeptMemory = 64 << 20;  // bytes, in each of the allocator's arenas

int main(int argc, char** argv) {
  // Many threads need much memory for a moment: giving it back each time, and taking it again, stops all cores.
  mallopt(M_TRIM_THRESHOLD, kKeptMemory);
  mallopt(M_MMAP_THRESHOLD, kKeptMemory);
  propolis::crypto::Start();
  try {
    const std::vector<std::string_view> words(argv + 1, argv + argc);
    return propolis::app::Run(words);
  } catch (const std::exception& bug) {
    propolis::log::Error("failed", {{"why", bug.what()}});
    return propolis::app::kFailed;
  }
}
