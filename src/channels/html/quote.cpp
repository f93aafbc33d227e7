#include "channels/html/quote.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace propolis::html {
namespace {

using S = std::string_view;

constexpr S kQuoteClasses[] = {"gmail_quote",           "gmail_quote_container", "gmail_attr",
                               "yahoo_quoted",          "moz-cite-prefix",       "protonmail_quote",
                               "tutanota_quote",        "zmail_extra",           "yandex_quote",
                               "moz-forward-container", "OutlookMessageHeader",  "ms-outlook-mobile-reference-message",
                               "front-blockquote",      "mailmate-quote"};
constexpr S kQuoteIds[] = {"OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container", "replySplit",
                           "isReplyContent", "yahoo_quoted"};
constexpr S kRestIds[] = {"divRplyFwdMsg", "appendonsend", "stopSpelling", "reply-intro", "x_divRplyFwdMsg"};

template <std::size_t N>
bool In(const S (&list)[N], S what) {
  return std::ranges::find(list, what) != std::end(list);
}

// Outlook draws a grey or blue line over the header block of the original.
bool IsOutlookRule(S tag, S style) {
  if (tag != "div" || !style.contains("border")) {
    return false;
  }
  std::string plain = text::AsciiLower(style);
  std::erase_if(plain, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
  return plain.contains("border:none;border-top:solid#b5c4df") ||
         plain.contains("border:none;border-top:solid#e1e1e1") || plain.contains("border-top:solid#b5c4df1.0pt") ||
         plain.contains("border-top:solid#e1e1e11.0pt") ||
         plain.contains("border-top-color:rgb(229,229,229);border-top-width:1px;border-top-style:solid") ||
         plain.contains("border-top:#b5c4df") || plain.contains("border-top:1ptsolid#b5c4df") ||
         plain.contains("border-top:solid#aaaaaa1.0pt");
}

}  // namespace

QuoteSign SignOfQuote(const QuoteMarks& element) {
  if (In(kRestIds, element.id)) {
    return QuoteSign::kRest;
  }
  if (IsOutlookRule(element.tag, element.style)) {
    return QuoteSign::kRest;
  }
  if (In(kQuoteIds, element.id) || (element.tag == "blockquote" && text::AsciiLower(element.type) == "cite")) {
    return QuoteSign::kThis;
  }
  for (const auto name : text::Split(element.classes, ' ')) {
    if (In(kQuoteClasses, name)) {
      return QuoteSign::kThis;
    }
  }
  return QuoteSign::kNone;
}

}  // namespace propolis::html
