// The marks by which mail programs set off the original in an HTML reply. Pure.
#pragma once

#include <string_view>

namespace propolis::html {

struct QuoteMarks {
  std::string_view tag;
  std::string_view id;
  std::string_view classes;
  std::string_view type;
  std::string_view style;
};

enum class QuoteSign {
  kNone,
  kThis,  // the element is the quoted original, or the line that introduces it
  kRest,  // the original begins here and goes on to the end
};

QuoteSign SignOfQuote(const QuoteMarks& element);

}  // namespace propolis::html
