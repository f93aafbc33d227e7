// Commands that print what the program knows of itself: openapi, completion, try.
#include <cstdio>
#include <iostream>

#include "api/resource.h"
#include "app/args.h"
#include "app/try/try.h"
#include "base/text.h"

namespace propolis::app {
namespace {

// The operations are declared without a desk behind them: nothing is called.
int RunOpenApi(const Args&) {
  std::puts(api::OpenApiOfProgram().c_str());
  return kDone;
}

// bash: commands first, then the options of the command that stands there.
int RunCompletion(const Args&) {
  std::string script =
      "# bash completion for propolis: source it, or put it into /etc/bash_completion.d\n_propolis() {\n";
  script += "  local line=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\" word=\"${COMP_WORDS[COMP_CWORD]}\" choices=\"\"\n";
  script += "  case \"$line\" in\n";
  std::string all;
  for (const Command& command : Commands()) {
    std::string options = "--help --json";
    for (const Option& option : command.options) {
      options += " " + option.name;
    }
    script += "    \"" + command.name + "\"*) choices=\"" + options + "\" ;;\n";
    const std::string first(text::Split(command.name, ' ').front());
    if (all.find(first) == std::string::npos) {
      all += (all.empty() ? "" : " ") + first;
    }
  }
  script += "  esac\n";
  for (const Command& command : Commands()) {
    const auto parts = text::Split(command.name, ' ');
    if (parts.size() == 2) {
      script +=
          "  [[ \"$line\" == \"" + std::string(parts[0]) + "\" ]] && choices+=\" " + std::string(parts[1]) + "\"\n";
    }
  }
  script += "  [[ -z \"$line\" ]] && choices=\"" + all + " --help --version\"\n";
  script += "  [[ \"$word\" == -* || -n \"$choices\" ]] && COMPREPLY=($(compgen -W \"$choices\" -- \"$word\"))\n";
  script += "  [[ ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- \"$word\"))\n  return 0\n}\n";
  script += "complete -F _propolis propolis\n";
  std::fputs(script.c_str(), stdout);
  return kDone;
}

int RunTryCommand(const Args& args) {
  std::vector<std::string_view> words;
  for (const std::string& word : args.words()) {
    words.push_back(word);
  }
  if (args.Has("--list")) {
    words.emplace_back("--list");
  }
  if (args.Has("--help")) {
    words.emplace_back("--help");
  }
  return RunTry(words, std::cin, std::cout, std::cerr);
}

}  // namespace

std::vector<Command> DocumentCommands() {
  return {{.name = "try",
           .summary = "Send JSON lines through one pure rule and read JSON lines back.",
           .operands = {"[RULE]"},
           .options = {{.name = "--list", .value = "", .doc = "name the rules"},
                       {.name = "--help", .value = "", .doc = "document the rule's fields"}},
           .examples = {"propolis try --list", "propolis try triage.matrix --help",
                        "echo '{\"impact\":2,\"urgency\":1}' | propolis try triage.matrix"},
           .run = RunTryCommand},
          {.name = "openapi",
           .summary = "Print the API's OpenAPI 3.1 document.",
           .operands = {},
           .options = {},
           .examples = {"propolis openapi > api/openapi.json"},
           .run = RunOpenApi},
          {.name = "completion",
           .summary = "Print completion for bash.",
           .operands = {},
           .options = {},
           .examples = {"source <(propolis completion)"},
           .run = RunCompletion}};
}

}  // namespace propolis::app
