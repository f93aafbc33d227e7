#include "app/demo/stories.h"

#include <stdexcept>

// Embedded by module.cmake.
extern "C" {
extern const char propolis_demo_stories_en_begin[], propolis_demo_stories_en_end[];
extern const char propolis_demo_stories_es_begin[], propolis_demo_stories_es_end[];
extern const char propolis_demo_stories_pt_begin[], propolis_demo_stories_pt_end[];
extern const char propolis_demo_knowledge_begin[], propolis_demo_knowledge_end[];
}

namespace propolis::demo {
namespace {

template <class T>
T Read(const char* begin, const char* end) {
  const std::string_view text(begin, static_cast<std::size_t>(end - begin));
  const auto document = json::Document::Parse(text);
  if (!document) {
    throw std::logic_error("the demo's texts: " + Describe(document.error()));
  }
  T value{};
  dto::Problems problems;
  dto::Codec<T>::Read(document->Root(), value, "", dto::Rules{}, problems);
  if (!problems.fields.empty()) {
    throw std::logic_error("the demo's texts: " + problems.fields[0].field + " " + problems.fields[0].message);
  }
  return value;
}

void Replace(std::string& text, const Values& values) {
  for (const auto& [name, value] : values) {
    const std::string placeholder = "{" + name + "}";
    for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder, at + value.size())) {
      text.replace(at, placeholder.size(), value);
    }
  }
}

dto::Rules Long() { return dto::Text(1, 10'000, "multiline"); }

}  // namespace

const dto::Type& Story::Dto() {
  static const dto::Type type = dto::Object<Story>("DemoStory", "")
                                    .Required("key", &Story::key, "")
                                    .Required("subject", &Story::subject, "")
                                    .Required("body", &Story::body, "", Long())
                                    .Required("answer", &Story::answer, "", Long())
                                    .Required("reply", &Story::reply, "", Long())
                                    .Required("note", &Story::note, "", Long())
                                    .Required("action", &Story::action, "")
                                    .Required("before", &Story::before, "")
                                    .Required("after", &Story::after, "")
                                    .Required("command", &Story::command, "")
                                    .Required("result", &Story::result, "")
                                    .Required("update", &Story::update, "", Long())
                                    .Required("resolution", &Story::resolution, "", Long())
                                    .Required("thanks", &Story::thanks, "", Long())
                                    .Required("complaint", &Story::complaint, "", Long())
                                    .Done();
  return type;
}

const dto::Type& KnownArticle::Dto() {
  static const dto::Type type = dto::Object<KnownArticle>("DemoArticle", "")
                                    .Required("language", &KnownArticle::language, "")
                                    .Required("for_customers", &KnownArticle::for_customers, "")
                                    .Required("title", &KnownArticle::title, "")
                                    .Required("body", &KnownArticle::body, "", Long())
                                    .Required("tags", &KnownArticle::tags, "")
                                    .Done();
  return type;
}

const dto::Type& KnownText::Dto() {
  static const dto::Type type = dto::Object<KnownText>("DemoText", "")
                                    .Required("en", &KnownText::en, "", Long())
                                    .Required("es", &KnownText::es, "", Long())
                                    .Required("pt", &KnownText::pt, "", Long())
                                    .Done();
  return type;
}

const dto::Type& KnownSnippet::Dto() {
  static const dto::Type type = dto::Object<KnownSnippet>("DemoSnippet", "")
                                    .Required("key", &KnownSnippet::key, "")
                                    .Required("title", &KnownSnippet::title, "")
                                    .Required("body", &KnownSnippet::body, "")
                                    .Done();
  return type;
}

const dto::Type& Knowledge::Dto() {
  static const dto::Type type = dto::Object<Knowledge>("DemoKnowledge", "")
                                    .Required("articles", &Knowledge::articles, "")
                                    .Required("snippets", &Knowledge::snippets, "")
                                    .Done();
  return type;
}

const std::vector<Story>& Stories(Language language) {
  static const auto en = Read<std::vector<Story>>(propolis_demo_stories_en_begin, propolis_demo_stories_en_end);
  static const auto es = Read<std::vector<Story>>(propolis_demo_stories_es_begin, propolis_demo_stories_es_end);
  static const auto pt = Read<std::vector<Story>>(propolis_demo_stories_pt_begin, propolis_demo_stories_pt_end);
  return language == Language::kEs ? es : language == Language::kPt ? pt : en;
}

const Knowledge& KnowledgeOfDesk() {
  static const auto knowledge = Read<Knowledge>(propolis_demo_knowledge_begin, propolis_demo_knowledge_end);
  return knowledge;
}

Story Fill(const Story& story, const Values& values) {
  Story filled = story;
  for (std::string* text : {&filled.subject, &filled.body, &filled.answer, &filled.reply, &filled.note, &filled.action,
                            &filled.before, &filled.after, &filled.command, &filled.result, &filled.update,
                            &filled.resolution, &filled.thanks, &filled.complaint}) {
    Replace(*text, values);
  }
  return filled;
}

}  // namespace propolis::demo
