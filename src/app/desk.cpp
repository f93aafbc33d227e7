#include "app/desk.h"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <iostream>

#include "app/defaults.h"
#include "app/invariants.h"
#include "app/secrets.h"

namespace propolis::app {
namespace {

Result<std::unique_ptr<store::Store>> WithDefaults(std::unique_ptr<store::Store> store) {
  TRY(store->Write([](store::WriteTx& tx) { return FillDefaults(tx); }));
  return store;
}

}  // namespace

std::vector<Option> DeskOptions(std::vector<Option> more) {
  std::vector<Option> options = {
      {.name = "--data", .value = "DIR", .doc = "the desk's folder", .fallback = "/var/lib/propolis"},
      SecretsKeyOption()};
  for (auto& option : more) {
    options.push_back(std::move(option));
  }
  return options;
}

Result<std::unique_ptr<store::Store>> OpenDesk(const Args& args, Missing missing) {
  const std::string folder = args.Get("--data");
  if (missing == Missing::kRefuse && !std::filesystem::exists(folder + "/desk.sqlite")) {
    return Fail(Code::kNotFound, "cli.no_desk", {{"folder", folder}});
  }
  store::OpenOptions options;
  options.location = folder;
  options.invariants = Invariants();
  auto opened = TRY(store::Open(options));
  auto store = TRY(WithDefaults(std::move(opened)));
  TRY(UseSecretsIfThere(*store, args));
  return store;
}

Result<std::unique_ptr<store::Store>> OpenForServing(const Args& args, std::shared_ptr<const Clock> clock) {
  store::OpenOptions options;
  options.location = args.Get("--data");
  options.clock = std::move(clock);
  options.exclusive = true;
  auto opened = TRY(store::Open(options));
  auto store = TRY(WithDefaults(std::move(opened)));
  TRY(UseSecrets(*store, args));
  return store;
}

Result<std::unique_ptr<store::Store>> OpenAlone(const Args& args) {
  const std::string folder = args.Get("--data");
  if (!std::filesystem::exists(folder + "/desk.sqlite")) {
    return Fail(Code::kNotFound, "cli.no_desk", {{"folder", folder}});
  }
  store::OpenOptions options;
  options.location = folder;
  options.exclusive = true;
  auto store = TRY(store::Open(options));
  TRY(UseSecretsIfThere(*store, args));
  return store;
}

store::Progress ProgressBar(const Args& args, std::string what) {
  if (args.json() || isatty(STDERR_FILENO) == 0) {
    return [](std::int64_t, std::int64_t) { return true; };
  }
  return [what = std::move(what), last = -1](std::int64_t done, std::int64_t total) mutable {
    const int percent = total > 0 ? static_cast<int>(done * 100 / total) : 0;
    if (percent != last) {
      last = percent;
      constexpr int kWidth = 40;
      const int filled = percent * kWidth / 100;
      std::fprintf(stderr, "\r%s [%s%s] %3d %%", what.c_str(),
                   std::string(static_cast<std::size_t>(filled), '#').c_str(),
                   std::string(static_cast<std::size_t>(kWidth - filled), '.').c_str(), percent);
      if (percent == 100) {
        std::fputc('\n', stderr);
      }
    }
    return true;
  };
}

std::string ReadSecret(const std::string& prompt) {
  const bool terminal = isatty(STDIN_FILENO) != 0;
  termios before{};
  if (terminal) {
    std::fprintf(stderr, "%s: ", prompt.c_str());
    tcgetattr(STDIN_FILENO, &before);
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &silent);
  }
  std::string line;
  std::getline(std::cin, line);
  if (terminal) {
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
    std::fputc('\n', stderr);
  }
  if (!line.empty() && line.back() == '\r') {
    line.pop_back();
  }
  return line;
}

}  // namespace propolis::app
