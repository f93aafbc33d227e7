#include "app/args.h"

#include <cstdio>
#include <cstdlib>

#include "base/i18n.h"
#include "base/json.h"

namespace propolis::app {

bool Args::Has(std::string_view name) const { return values_.contains(name); }

std::optional<std::string> Args::Find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::nullopt : std::optional(found->second.back());
}

std::string Args::Get(std::string_view name) const {
  if (const auto value = Find(name)) {
    return *value;
  }
  const auto fallback = fallbacks_.find(name);
  return fallback == fallbacks_.end() ? "" : fallback->second;
}

std::vector<std::string> Args::All(std::string_view name) const {
  if (const auto found = values_.find(name); found != values_.end()) {
    return found->second;
  }
  const auto fallback = fallbacks_.find(name);
  return fallback == fallbacks_.end() ? std::vector<std::string>() : std::vector{fallback->second};
}

struct Parser {
  const Command& command;
  Args args;

  // One word that begins with "--". `next` is the word after it, taken as its value when it needs one.
  Status Take(std::string_view word, std::optional<std::string_view> next, bool& took_next) {
    std::string_view name = word;
    std::optional<std::string> value;
    if (const auto equals = word.find('='); equals != std::string_view::npos) {
      name = word.substr(0, equals);
      value = std::string(word.substr(equals + 1));
    }
    const auto option = std::ranges::find(command.options, name, &Option::name);
    if (option == command.options.end()) {
      if (name == "--json") {
        args.values_["--json"].emplace_back("");
        return {};
      }
      return Fail(Code::kInvalid, "cli.unknown_option", {{"option", std::string(name)}});
    }
    if (!option->value.empty() && !value) {
      if (!next) {
        return Fail(Code::kInvalid, "cli.value_missing", {{"option", option->name}, {"value", option->value}});
      }
      value = std::string(*next);
      took_next = true;
    }
    auto& values = args.values_[option->name];
    if (!values.empty() && !option->repeated) {
      return Fail(Code::kInvalid, "cli.given_twice", {{"option", option->name}});
    }
    values.push_back(value.value_or(""));
    return {};
  }

  Status Check() {
    for (const Option& option : command.options) {
      if (!option.fallback.empty()) {
        args.fallbacks_[option.name] = option.fallback;
      }
      if (option.required && !args.Has(option.name)) {
        return Fail(Code::kInvalid, "cli.option_missing", {{"option", option.name + " " + option.value}});
      }
    }
    const auto needed = static_cast<std::size_t>(
        std::ranges::count_if(command.operands, [](const std::string& operand) { return !operand.starts_with('['); }));
    const bool open_end = !command.operands.empty() && command.operands.back().ends_with("...]");
    if (args.words_.size() < needed) {
      return Fail(Code::kInvalid, "cli.operand_missing", {{"operand", command.operands[args.words_.size()]}});
    }
    if (args.words_.size() > command.operands.size() && !open_end) {
      return Fail(Code::kInvalid, "cli.too_many_operands", {{"operand", args.words_[command.operands.size()]}});
    }
    return {};
  }
};

Result<Args> ParseArgs(const Command& command, std::span<const std::string_view> arguments) {
  Parser parser{command, {}};
  bool options = true;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    if (options && word == "--") {
      options = false;
    } else if (options && word.starts_with("--")) {
      bool took_next = false;
      TRY(parser.Take(word, i + 1 < arguments.size() ? std::optional(arguments[i + 1]) : std::nullopt, took_next));
      i += took_next ? 1 : 0;
    } else {
      parser.args.words_.emplace_back(word);
    }
  }
  TRY(parser.Check());
  return std::move(parser.args);
}

std::string HelpOf(const Command& command) {
  std::string text = "usage: propolis " + command.name;
  for (const auto& operand : command.operands) {
    text += " " + operand;
  }
  text += " [options]\n\n" + command.summary + "\n\noptions:\n";
  for (const Option& option : command.options) {
    std::string left = "  " + option.name + (option.value.empty() ? "" : " " + option.value);
    left.resize(std::max<std::size_t>(left.size() + 2, 28), ' ');
    text += left + option.doc;
    if (option.required) {
      text += " (needed)";
    }
    if (!option.fallback.empty()) {
      text += " (default: " + option.fallback + ")";
    }
    text += "\n";
  }
  text += "  --json                    answers and errors as JSON\n";
  if (!command.examples.empty()) {
    text += "\nexamples:\n";
    for (const auto& example : command.examples) {
      text += "  " + example + "\n";
    }
  }
  return text;
}

int Report(const Args& args, const Error& error) {
  const char* lang = std::getenv("LANG");
  const Language language =
      FromName<Language>(std::string_view(lang != nullptr ? lang : "en").substr(0, 2)).value_or(Language::kEn);
  const std::string detail = i18n::Translate(language, error.message, error.args);
  if (args.json()) {
    json::Writer writer;
    writer.BeginObject().Field("code", CodeName(error.code)).Field("detail", detail).Key("errors").BeginArray();
    for (const FieldError& field : error.fields) {
      writer.BeginObject()
          .Field("field", field.field)
          .Field("message", i18n::Translate(language, field.message, field.args))
          .EndObject();
    }
    writer.EndArray().EndObject();
    std::fprintf(stderr, "%s\n", writer.Take().c_str());
  } else {
    std::fprintf(stderr, "propolis: %s\n", detail.c_str());
    for (const FieldError& field : error.fields) {
      std::fprintf(stderr, "  %s: %s\n", field.field.c_str(),
                   i18n::Translate(language, field.message, field.args).c_str());
    }
  }
  const bool again = error.code == Code::kUnavailable || error.code == Code::kTimeout;
  return again ? kTemporary : kFailed;
}

int ReportFindings(const Args& args, const std::vector<std::string>& findings) {
  if (args.json()) {
    json::Writer writer;
    writer.BeginObject().Field("sound", findings.empty()).Key("findings").BeginArray();
    for (const auto& finding : findings) {
      writer.String(finding);
    }
    writer.EndArray().EndObject();
    std::puts(writer.Take().c_str());
  } else if (findings.empty()) {
    std::puts("sound");
  } else {
    for (const auto& finding : findings) {
      std::puts(finding.c_str());
    }
  }
  return findings.empty() ? kDone : kFindings;
}

}  // namespace propolis::app
