// HTML from outside made safe to show, and readable as text. An allow list on a parsed tree (gumbo, WHATWG HTML),
// written out again from nothing: what is not named here does not come through.
//
// The output holds no script, handler, style sheet, form, frame, SVG or MathML; no element whose content a browser
// parses by other rules, so that it cannot change its meaning when it is parsed again; no URL but http, https, mailto
// and tel in links; no image that loads by itself except those the caller's own resolver answers.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace propolis::html {

struct Options {
  // Where an inline image (Content-ID, without "cid:") is served; nullopt drops it. Its answer is trusted.
  std::function<std::optional<std::string>(std::string_view content_id)> resolve_cid;
  // Leaves out what mail programs mark as the quoted original; everything stays when nothing else is there.
  bool drop_quotes = false;
  // Links become text that nothing makes clickable: "hxxps://example[.]com/".
  bool defang = false;
  std::size_t max_bytes = 2 * 1024 * 1024;  // of input; more is shown as text
};

struct Sanitised {
  std::string html;
  std::string text;                // the same, for reading, searching and the alternative of a mail
  std::size_t blocked_images = 0;  // remote images, src moved to data-src
  std::size_t dropped = 0;         // elements and attributes that were active or dangerous
  // The input was too large or too deeply nested to be parsed in bounded time: `html` is its text.
  bool fell_back = false;
};

Sanitised Sanitise(std::string_view html, const Options& options = {});

// Only the text: blocks become lines, quotes get "> ", list items "- ".
std::string ToText(std::string_view html);

// Text for use in HTML content and in double-quoted attributes.
std::string Escape(std::string_view text);

// Plain text as HTML: paragraphs, line breaks, http(s) links.
std::string FromText(std::string_view text);

// "http://evil.example/a" to "hxxp://evil[.]example/a", in running text too.
std::string Defang(std::string_view text);

}  // namespace propolis::html
