// An independent look at sanitised HTML: parses it as a browser would and names the first dangerous thing in it.
#pragma once

#include <gumbo.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace propolis::html {

inline std::string FindDanger(std::string_view html) {
  GumboOutput* output = gumbo_parse_with_options(&kGumboDefaultOptions, html.data(), html.size());
  std::string danger;
  std::vector<const GumboNode*> todo = {output->document};
  while (!todo.empty() && danger.empty()) {
    const GumboNode* node = todo.back();
    todo.pop_back();
    const bool document = node->type == GUMBO_NODE_DOCUMENT;
    if (node->type == GUMBO_NODE_TEMPLATE) {
      danger = "template";
    }
    if (!document && node->type != GUMBO_NODE_ELEMENT) {
      continue;
    }
    const GumboVector& children = document ? node->v.document.children : node->v.element.children;
    for (unsigned i = 0; i < children.length; ++i) {
      todo.push_back(static_cast<const GumboNode*>(children.data[i]));
    }
    if (document) {
      continue;
    }
    const GumboElement& element = node->v.element;
    switch (element.tag) {
      case GUMBO_TAG_SCRIPT:
      case GUMBO_TAG_STYLE:
      case GUMBO_TAG_IFRAME:
      case GUMBO_TAG_OBJECT:
      case GUMBO_TAG_EMBED:
      case GUMBO_TAG_SVG:
      case GUMBO_TAG_MATH:
      case GUMBO_TAG_BASE:
      case GUMBO_TAG_META:
      case GUMBO_TAG_LINK:
      case GUMBO_TAG_FORM:
      case GUMBO_TAG_INPUT:
      case GUMBO_TAG_UNKNOWN:
        danger = "element";
        break;
      default:
        break;
    }
    for (unsigned i = 0; i < element.attributes.length; ++i) {
      const auto* attribute = static_cast<const GumboAttribute*>(element.attributes.data[i]);
      const std::string name = text::AsciiLower(attribute->name);
      std::string value = text::AsciiLower(attribute->value);
      std::erase_if(value, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
      if (name.starts_with("on") || name == "srcdoc" || name == "srcset" || name == "action" || name == "formaction" ||
          name == "background") {
        danger = "attribute " + name;
      }
      if ((name == "href" || name == "src" || name == "data-src") && !value.starts_with("http://") &&
          !value.starts_with("https://") && !value.starts_with("mailto:") && !value.starts_with("tel:") &&
          !value.starts_with("/api/")) {
        danger = name + " " + value;
      }
      if (name == "src" && !value.starts_with("/api/")) {
        danger = "loads by itself: " + value;
      }
      if (name == "style" && (value.contains("url(") || value.contains("expression") || value.contains("position") ||
                              value.contains("\\"))) {
        danger = "style " + value;
      }
    }
  }
  gumbo_destroy_output(&kGumboDefaultOptions, output);
  return danger;
}

}  // namespace propolis::html
