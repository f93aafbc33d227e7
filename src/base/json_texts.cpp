#include "base/json_texts.h"

#include "base/json.h"

namespace propolis::json {

std::string FromTexts(const std::vector<std::string>& texts) {
  Writer writer;
  writer.BeginArray();
  for (const auto& text : texts) {
    writer.String(text);
  }
  return writer.EndArray().Take();
}

std::vector<std::string> ToTexts(std::string_view array) {
  std::vector<std::string> texts;
  const auto document = Document::Parse(array);
  if (!document || document->Root().kind() != Kind::kArray) {
    return texts;
  }
  for (std::size_t i = 0; i < document->Root().Size(); ++i) {
    texts.emplace_back(document->Root().At(i).AsString().value_or(""));
  }
  return texts;
}

std::string TextOf(View object, std::string_view name) {
  const auto member = object.Find(name);
  return std::string(member ? member->AsString().value_or("") : "");
}

}  // namespace propolis::json
