// Commands that print what the program knows of itself: openapi, completion, try.
#include <cstdio>

#include "api/resource.h"
#include "app/args.h"
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

}  // namespace

std::vector<Command> DocumentCommands() {
  return {{.name = "openapi",
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
