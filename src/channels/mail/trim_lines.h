// The kinds of lines in a mail's text, for trim.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace propolis::mail {

enum class LineKind : char {
  kText = 't',
  kEmpty = 'e',
  kQuote = 'q',        // "> ..."
  kAttribution = 'b',  // "On Friday, Ana wrote:", "----- Original Message -----"
  kHeader = 'h',       // "From: ...", of a message that stands in the text
  kDelimiter = 'd',    // "-- ", "_____"
  kDevice = 's',       // "Sent from my iPhone"
  kMarker = 'm',       // our own "## Write above this line ... ##"
};

struct Line {
  std::string text;
  LineKind kind = LineKind::kText;
};

// Lines of the text with their kinds. An attribution that a mail program broke over several lines is one line here.
std::vector<Line> ReadLines(std::string_view text);

}  // namespace propolis::mail
