// html.*: HTML from outside made safe.
#include "app/try/rules.h"
#include "channels/html/sanitise.h"

namespace propolis::app {
namespace {

struct SanitiseInput {
  Verbatim html;
  bool defang = false;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<SanitiseInput>("HtmlSanitiseInput", "")
                                      .Required("html", &SanitiseInput::html, "HTML from outside.")
                                      .Optional("defang", &SanitiseInput::defang, "Make links unclickable.")
                                      .Done();
    return type;
  }
};
struct SanitiseOutput {
  std::string html;
  std::string text;
  std::int64_t blocked_images = 0;
  std::int64_t dropped = 0;
  bool fell_back = false;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<SanitiseOutput>("HtmlSanitiseOutput", "")
            .Required("html", &SanitiseOutput::html, "Safe to show.")
            .Required("text", &SanitiseOutput::text, "The same as text.")
            .Required("blocked_images", &SanitiseOutput::blocked_images, "Remote images that do not load.")
            .Required("dropped", &SanitiseOutput::dropped, "Active or dangerous elements and attributes taken out.")
            .Required("fell_back", &SanitiseOutput::fell_back, "Too large or deep to be read as HTML.")
            .Done();
    return type;
  }
};
Result<SanitiseOutput> Sanitise(const SanitiseInput& input) {
  html::Options options;
  options.defang = input.defang;
  html::Sanitised clean = html::Sanitise(input.html.text, options);
  return SanitiseOutput{std::move(clean.html), std::move(clean.text), static_cast<std::int64_t>(clean.blocked_images),
                        static_cast<std::int64_t>(clean.dropped), clean.fell_back};
}

}  // namespace

std::vector<Rule> HtmlRules() {
  return {MakeRule("html.sanitise", "HTML from outside made safe to show, and as text.",
                   R"({"html":"<p onclick=\"x()\">Hello <script>alert(1)</script></p>"})", Sanitise)};
}

}  // namespace propolis::app
