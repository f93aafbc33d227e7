#include "app/try/try.h"

#include <istream>
#include <ostream>

#include "app/try/rules.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/json_texts.h"

namespace propolis::app {
namespace {

constexpr int kFine = 0;
constexpr int kSomeFailed = 2;
constexpr int kWrongUse = 2;

std::string ErrorLine(std::size_t line, const Error& error) {
  const auto message = [](const std::string& id, const std::vector<Arg>& args) {
    return i18n::Translate(Language::kEn, id, args);
  };
  json::Writer writer;
  writer.BeginObject().Field("line", static_cast<std::int64_t>(line)).Key("error").BeginObject();
  writer.Field("code", CodeName(error.code)).Field("message", message(error.message, error.args));
  if (!error.fields.empty()) {
    writer.Key("fields").BeginArray();
    for (const FieldError& field : error.fields) {
      writer.BeginObject().Field("field", field.field).Field("id", field.message);
      writer.Field("message", message(field.message, field.args)).EndObject();
    }
    writer.EndArray();
  }
  writer.EndObject().EndObject();
  return writer.Take();
}

// "list of Holiday", "one of P1, P2, P3, P4", "string (date-time)", from a member's JSON schema.
std::string Kind(json::View schema) {
  const auto text = [&](std::string_view name) { return TextOf(schema, name); };
  if (const std::string reference = text("$ref"); !reference.empty()) {
    return reference.substr(reference.rfind('/') + 1);
  }
  if (const auto choices = schema.Find("enum")) {
    std::string kind = "one of ";
    for (std::size_t i = 0; i < choices->Size(); ++i) {
      kind += (i == 0 ? "" : ", ") + std::string(choices->At(i).AsString().value_or(""));
    }
    return kind;
  }
  if (const auto items = schema.Find("items")) {
    return "list of " + Kind(*items);
  }
  const std::string type = text("type");
  const std::string format = text("format");
  return (type.empty() ? "any JSON" : type) + (format.empty() ? "" : " (" + format + ")");
}

void WriteType(const dto::Type& type, std::ostream& out) {
  out << type.name << (type.doc.empty() ? "" : ": " + type.doc) << '\n';
  for (const dto::Member& member : type.members) {
    json::Writer writer;
    member.schema(writer, member.rules, "");
    const auto schema = json::Document::Parse(writer.Take());
    out << fmt::format("  {:<22} {}{}\n", member.name, schema ? Kind(schema->Root()) : "",
                       member.required ? ", required" : "");
    if (!member.doc.empty()) {
      out << fmt::format("  {:<22} {}\n", "", member.doc);
    }
  }
  out << '\n';
}

void WriteHelp(const Rule& rule, std::ostream& out) {
  out << rule.name << ": " << rule.summary << "\n\nExample: echo '" << rule.example << "' | propolis try " << rule.name
      << "\n\n";
  std::vector<const dto::Type*> input;
  rule.input->CollectTypes(input);
  std::vector<const dto::Type*> types = input;
  rule.output->CollectTypes(types);
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (i == 0 || i == input.size()) {
      out << (i == 0 ? "INPUT\n" : "OUTPUT\n");
    }
    WriteType(*types[i], out);
  }
}

int RunLines(const Rule& rule, std::istream& in, std::ostream& out) {
  int code = kFine;
  std::size_t number = 0;
  const auto run = rule.begin ? rule.begin() : rule.run;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (text::Trim(line).empty()) {
      continue;
    }
    if (const auto answer = run(line)) {
      out << *answer << '\n';
    } else {
      out << ErrorLine(number, answer.error()) << '\n';
      code = kSomeFailed;
    }
  }
  out.flush();
  return code;
}

}  // namespace

int RunTry(std::span<const std::string_view> args, std::istream& in, std::ostream& out, std::ostream& err) {
  if (args.size() == 1 && args[0] == "--list") {
    for (const Rule& rule : AllRules()) {
      out << fmt::format("{:<20} {}\n", rule.name, rule.summary);
    }
    return kFine;
  }
  const Rule* rule = args.empty() ? nullptr : FindRule(args[0]);
  if (rule != nullptr && args.size() == 1) {
    return RunLines(*rule, in, out);
  }
  if (rule != nullptr && args.size() == 2 && args[1] == "--help") {
    WriteHelp(*rule, out);
    return kFine;
  }
  if (!args.empty() && rule == nullptr && !args[0].starts_with("-")) {
    err << "propolis try: there is no rule " << args[0] << "; `propolis try --list` names them all.\n";
  } else {
    err << "usage: propolis try --list | propolis try RULE [--help] < lines.jsonl\n";
  }
  return kWrongUse;
}

}  // namespace propolis::app
