#include "api/markdown.h"

#include <md4c-html.h>

#include "channels/html/sanitise.h"

namespace propolis::api {

std::string MarkdownToHtml(std::string_view markdown) {
  std::string html;
  const auto append = [](const MD_CHAR* text, MD_SIZE size, void* into) {
    static_cast<std::string*>(into)->append(text, size);
  };
  // HTML inside the Markdown is text; the sanitiser stands behind the renderer all the same.
  constexpr unsigned kFlags = MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_PERMISSIVEURLAUTOLINKS;
  if (md_html(markdown.data(), static_cast<MD_SIZE>(markdown.size()), append, &html, kFlags, 0) != 0) {
    return html::FromText(markdown);
  }
  return html::Sanitise(html).html;
}

}  // namespace propolis::api
