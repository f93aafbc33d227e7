// json: what the desk takes for JSON.
#include "base/json.h"

#include "app/try/rules.h"

namespace propolis::app {
namespace {

struct JsonInput {
  Verbatim text;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<JsonInput>("JsonInput", "").Required("text", &JsonInput::text, "What may be JSON.").Done();
    return type;
  }
};
struct JsonOutput {
  bool valid = false;
  std::optional<std::string> at;
  std::optional<std::string> why;
  std::optional<dto::Raw> value;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<JsonOutput>("JsonOutput", "")
                                      .Required("valid", &JsonOutput::valid, "Whether the desk takes it.")
                                      .Optional("at", &JsonOutput::at, "Byte at which it goes wrong.")
                                      .Optional("why", &JsonOutput::why, "What is wrong there.")
                                      .Optional("value", &JsonOutput::value, "What was read.")
                                      .Done();
    return type;
  }
};

Result<JsonOutput> Read(const JsonInput& input) {
  const auto document = json::Document::Parse(input.text.text);
  JsonOutput output;
  output.valid = document.has_value();
  if (document) {
    output.value = dto::Raw{document->Root().ToText()};
    return output;
  }
  for (const FieldError& field : document.error().fields) {
    for (const Arg& arg : field.args) {
      (arg.name == "at" ? output.at : output.why) = arg.value;
    }
  }
  return output;
}

}  // namespace

std::vector<Rule> JsonRules() {
  return {MakeRule("json", "Whether a text is JSON as the desk reads it.", R"({"text":"{\"a\": [1, 2]}"})", Read)};
}

}  // namespace propolis::app
