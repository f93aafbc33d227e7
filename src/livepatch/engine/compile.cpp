#include "livepatch/engine/compile.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/json.h"

namespace propolis::livepatch {
namespace {

namespace fs = std::filesystem;

struct CompileCommand {
  std::string directory;
  std::string file;
  std::string line;
  std::string output;
};

std::string Quoted(const std::string& word) {
  std::string quoted = "'";
  for (const char c : word) {
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return quoted + "'";
}

// The word after -o: the field "output" is not always written.
std::string OutputOf(const std::string& line) {
  const auto at = line.find(" -o ");
  return at == line.npos ? "" : line.substr(at + 4, line.find(' ', at + 4) - at - 4);
}

Result<std::vector<CompileCommand>> ReadCommands(const std::string& path) {
  const auto text = TRY(ReadFileWhole(path));
  const auto document = TRY(json::Document::Parse(*text));
  std::vector<CompileCommand> commands;
  for (std::size_t i = 0; i < document.Root().Size(); ++i) {
    const json::View entry = document.Root().At(i);
    const auto get = [&](std::string_view name) {
      const auto value = entry.Find(name);
      return std::string(value ? value->AsString().value_or("") : "");
    };
    commands.push_back({get("directory"), get("file"), get("command"), OutputOf(get("command"))});
  }
  return commands;
}

// `ninja -t deps`: an output and a colon, then indented the files it was made from.
std::map<std::string, std::set<std::string>> ReadDependencies(const std::string& path) {
  std::map<std::string, std::set<std::string>> dependencies;
  std::ifstream file(path);
  std::string output;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("    ")) {
      dependencies[output].insert(line.substr(4));
    } else if (const auto colon = line.find(": #deps"); colon != line.npos) {
      output = line.substr(0, colon);
    }
  }
  return dependencies;
}

// "" when it cannot be read.
std::string Content(const std::string& path) {
  const auto bytes = ReadFileWhole(path);
  return bytes ? **bytes : std::string();
}

// A rule of make: "output: file file \\\n file". Answers the files.
std::vector<std::string> ReadRule(const std::string& text) {
  std::vector<std::string> files;
  const auto colon = text.find(": ");
  std::string word;
  for (std::size_t i = colon == text.npos ? text.size() : colon + 2; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (c == '\\' && i + 1 < text.size() && text[i + 1] == ' ') {
      word += text[++i];
    } else if (c != ' ' && c != '\n' && c != '\\') {
      word += c;
    } else if (!word.empty()) {
      files.push_back(std::exchange(word, ""));
    }
  }
  return files;
}

class Compiler {
 public:
  Compiler(const Kit& kit, const BuildRequest& request) : kit_(kit), request_(request) {}

  [[nodiscard]] bool IsAffected(const CompileCommand& command, const std::set<std::string>& files) {
    if (command.file.starts_with(kit_.source + "/") && !IsBuilt(command.file) &&
        !fs::exists(request_.new_source + command.file.substr(kit_.source.size()))) {
      return false;  // a file that is gone gives no new code
    }
    if (Differs(command.file)) {
      return true;
    }
    if (files.empty()) {
      return true;  // nobody wrote down what it includes
    }
    return std::ranges::any_of(files, [&](const std::string& file) {
      return Differs(fs::path(file).is_absolute() ? file
                                                  : (fs::path(command.directory) / file).lexically_normal().string());
    });
  }

  Result<std::string> Compile(const CompileCommand& command, const std::string& tree, const std::string& name) {
    std::string output = request_.scratch + "/" + name;
    std::string line = Without(Moved(command.line, tree), command.output);
    line += " -ffunction-sections -fdata-sections -g2 -ffile-prefix-map=" + Quoted(tree) + "=" + Quoted(kit_.source);
    line += line.find("clang") != line.npos ? " -fstandalone-debug" : "";
    line += " -o " + Quoted(output);
    if (RunShell("cd " + Quoted(command.directory) + " && " + line, output + ".log") != 0) {
      return Fail(Code::kInvalid, "livepatch.compile",
                  {{"file", command.file}, {"why", Content(output + ".log").substr(0, 2000)}});
    }
    return output;
  }

 private:
  bool Differs(const std::string& file) {
    if (!file.starts_with(kit_.source + "/") || IsBuilt(file)) {
      return false;
    }
    const auto [known, fresh] = differs_.try_emplace(file, false);
    if (fresh) {
      const std::string rest = file.substr(kit_.source.size());
      known->second = Content(request_.old_source + rest) != Content(request_.new_source + rest);
    }
    return known->second;
  }

  [[nodiscard]] bool IsBuilt(std::string_view path) const { return path.starts_with(kit_.build + "/"); }

  // The same command for another tree; what was generated stays where it is. A path is a word's, or stands behind an
  // option's letters: the tree's name further inside of a path (/src/src/a.cpp, ../src/a.cpp) is another folder's.
  [[nodiscard]] std::string Moved(const std::string& line, const std::string& tree) const {
    std::string moved;
    std::size_t from = 0;
    for (std::size_t at = 0; at < line.size();) {
      const std::size_t end = std::min(line.find_first_of(" \"'=:,", at), line.size());
      const std::string_view word = std::string_view(line).substr(at, end - at);
      const std::size_t slash = word.find('/');
      if (slash != word.npos && (slash == 0 || word.substr(0, slash).find('.') == word.npos)) {
        const std::string_view path = word.substr(slash);
        if (IsIn(path, kit_.source) && !IsIn(path, kit_.build)) {
          moved += line.substr(from, at + slash - from) + tree;
          from = at + slash + kit_.source.size();
        }
      }
      at = end + 1;
    }
    return moved + line.substr(from);
  }

  static bool IsIn(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
  }

  static std::string Without(std::string line, const std::string& output) {
    static constexpr std::string_view kHeader = "-Xclang -include-pch -Xclang ";
    if (const auto at = line.find(kHeader); at != line.npos) {
      line.erase(at, line.find(' ', at + kHeader.size()) - at);
    }
    if (const auto at = line.find(" -o " + output); !output.empty() && at != line.npos) {
      line.erase(at, output.size() + 4);
    }
    if (line.find("ccache ") < line.find(' ') + 1) {
      line.erase(0, line.find(' ') + 1);
    }
    return line;
  }

  const Kit& kit_;
  const BuildRequest& request_;
  std::map<std::string, bool> differs_;
};

}  // namespace

Status KeepDependencies(const std::string& build, const std::string& folder) {
  const std::string path = folder + "/dependencies";
  RunShell("ninja -C " + Quoted(build) + " -t deps", path);
  const auto known = ReadDependencies(path);
  const auto commands = TRY(ReadCommands(folder + "/commands.json"));
  std::ofstream file(path, std::ios::app);
  for (const CompileCommand& command : commands) {
    const auto rule = fs::path(command.directory) / fs::path(command.output).replace_extension(".d");
    const std::string text = known.contains(command.output) || command.output.empty() ? "" : Content(rule.string());
    if (!text.empty()) {
      file << command.output << ": #deps\n";
      for (const std::string& one : ReadRule(text)) {
        file << "    " << one << "\n";
      }
    }
  }
  return {};
}

int RunShell(const std::string& line, const std::string& log) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  const char* words[] = {"/bin/sh", "-c", line.c_str(), nullptr};
  pid_t child = 0;
  int status = -1;
  if (posix_spawn(&child, words[0], &actions, nullptr, const_cast<char* const*>(words), environ) == 0) {
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  }
  posix_spawn_file_actions_destroy(&actions);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Result<std::vector<std::pair<std::string, std::string>>> CompileBoth(const Kit& kit, const std::string& folder,
                                                                     const BuildRequest& request) {
  const auto commands = TRY(ReadCommands(folder + "/commands.json"));
  const auto dependencies = ReadDependencies(folder + "/dependencies");
  Compiler compiler(kit, request);
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const CompileCommand& command : commands) {
    static const std::set<std::string> none;
    const auto files = dependencies.find(command.output);
    if (files == dependencies.end() && !dependencies.empty()) {
      continue;  // it was never compiled, so it is in no release
    }
    if (command.line.find(".cpp") == command.line.npos && command.line.find(".c") == command.line.npos) {
      continue;
    }
    if (compiler.IsAffected(command, files == dependencies.end() ? none : files->second)) {
      const std::string number = std::to_string(pairs.size());
      auto before = TRY(compiler.Compile(command, request.old_source, number + ".old.o"));
      auto after = TRY(compiler.Compile(command, request.new_source, number + ".new.o"));
      pairs.emplace_back(std::move(before), std::move(after));
    }
  }
  if (pairs.empty()) {
    return Fail(Code::kConflict, "livepatch.nothing_changed");
  }
  return pairs;
}

}  // namespace propolis::livepatch
