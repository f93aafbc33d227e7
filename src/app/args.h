// The command line: what each command takes, parsed once, with help that cannot disagree with it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace propolis::app {

// Exit codes that scripts can rely on.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;      // it was tried and did not work
inline constexpr int kUsage = 2;       // the command line is wrong
inline constexpr int kFindings = 3;    // a check ran and found something
inline constexpr int kTemporary = 75;  // try again later (EX_TEMPFAIL, what mail servers expect)

struct Option {
  std::string name;   // "--data"
  std::string value;  // "DIR"; empty: a switch
  std::string doc;
  bool required = false;
  bool repeated = false;
  std::string fallback = {};  // shown in the help and used when left out
};

struct Command;

class Args {
 public:
  [[nodiscard]] bool Has(std::string_view name) const;
  // The (last) value; the option's fallback; "" without either.
  [[nodiscard]] std::string Get(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> Find(std::string_view name) const;
  // Every value given; the option's fallback when none was.
  [[nodiscard]] std::vector<std::string> All(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }
  [[nodiscard]] bool json() const { return Has("--json"); }

 private:
  friend struct Parser;
  friend Result<Args> ParseArgs(const Command& command, std::span<const std::string_view> arguments);
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::map<std::string, std::string, std::less<>> fallbacks_;
  std::vector<std::string> words_;
};

struct Command {
  std::string name;  // "user add"
  std::string summary;
  std::vector<std::string> operands;  // names for the help: {"RULE"}; "[FILE]" may be left out, "[WORD...]" repeated
  std::vector<Option> options;
  std::vector<std::string> examples;
  std::function<int(const Args&)> run;
};

// Every command of the program, in the order of the help.
std::vector<Command> Commands();
Command ServeCommand();
Command InitCommand();
std::vector<Command> UserCommands();
std::vector<Command> BackupCommands();
Command DoctorCommand();
std::vector<Command> AuditCommands();
std::vector<Command> WitnessCommands();
std::vector<Command> SecretsCommands();
std::vector<Command> MailCommands();
std::vector<Command> ModelCommands();
std::vector<Command> TransferCommands();
std::vector<Command> LivepatchCommands();
std::vector<Command> DocumentCommands();

Result<Args> ParseArgs(const Command& command, std::span<const std::string_view> arguments);
std::string HelpOf(const Command& command);

// Writes an error for people on stderr (in LANG's language), or as JSON with --json. Answers the exit code.
int Report(const Args& args, const Error& error);

// What a check found, one line each or as JSON, or that all is sound. Answers the exit code.
int ReportFindings(const Args& args, const std::vector<std::string>& findings);

}  // namespace propolis::app
