#include "channels/mail/trim.h"

#include <algorithm>

#include "base/text.h"
#include "channels/mail/trim_lines.h"

namespace propolis::mail {
namespace {

using Lines = std::vector<Line>;
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

class Trimmer {
 public:
  explicit Trimmer(Lines lines) : lines_(std::move(lines)), kept_(lines_.size(), true) {}

  Trimmed Run() {
    CutAtMarker();
    DropDevices();
    CutAtDelimiter();
    CutAtHeaders();
    CutAtAttribution();
    DropTrailing();
    return Result();
  }

 private:
  [[nodiscard]] LineKind Kind(std::size_t i) const { return lines_[i].kind; }
  [[nodiscard]] bool Is(std::size_t i, LineKind kind) const { return kept_[i] && lines_[i].kind == kind; }

  [[nodiscard]] std::size_t First(LineKind kind, std::size_t from = 0) const {
    for (std::size_t i = from; i < lines_.size(); ++i) {
      if (Is(i, kind)) {
        return i;
      }
    }
    return kNone;
  }
  [[nodiscard]] std::size_t Count(LineKind kind, std::size_t from, std::size_t to) const {
    std::size_t count = 0;
    for (std::size_t i = from; i < std::min(to, lines_.size()); ++i) {
      count += Is(i, kind) ? 1U : 0U;
    }
    return count;
  }
  [[nodiscard]] bool AnyText(std::size_t from, std::size_t to) const { return Count(LineKind::kText, from, to) > 0; }

  void Drop(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < std::min(to, lines_.size()); ++i) {
      kept_[i] = false;
    }
  }

  // Our own line, wherever the mail program put it, ends what is new; its attribution goes with it.
  void CutAtMarker() {
    std::size_t at = First(LineKind::kMarker);
    if (at == kNone) {
      return;
    }
    for (std::size_t back = at; back > 0 && at - back < 6; --back) {
      if (Kind(back - 1) == LineKind::kAttribution || Kind(back - 1) == LineKind::kHeader) {
        at = back - 1;
      } else if (Kind(back - 1) == LineKind::kText) {
        break;
      }
    }
    if (AnyText(0, at)) {
      Drop(at, lines_.size());
    }
  }

  // What an app adds is cut wherever it stands, with the address it may have put on the next line.
  void DropDevices() {
    if (!AnyText(0, lines_.size())) {
      return;
    }
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (Is(i, LineKind::kDevice)) {
        kept_[i] = false;
      }
    }
  }

  // A line of dashes: a signature or a footer follows. A long text behind a ruler is a text with a ruler.
  void CutAtDelimiter() {
    for (std::size_t i = First(LineKind::kDelimiter); i != kNone; i = First(LineKind::kDelimiter, i + 1)) {
      if (!AnyText(0, i)) {
        continue;
      }
      constexpr std::size_t kLongestSignature = 12;
      const std::string_view ruler = text::Trim(lines_[i].text);
      const bool signature = ruler == "--" || ruler == "__" || ruler == "\xe2\x80\x94";
      const std::size_t behind = Count(LineKind::kText, i + 1, lines_.size());
      const bool quoted_behind = First(LineKind::kAttribution, i + 1) != kNone ||
                                 Count(LineKind::kHeader, i + 1, std::min(i + 6, lines_.size())) >= 2;
      if (signature || quoted_behind || behind <= kLongestSignature) {
        Drop(i, lines_.size());
        return;
      }
    }
  }

  // A block of "From:", "Sent:", "Subject:" begins a message that stands below without quote signs.
  void CutAtHeaders() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!Is(i, LineKind::kHeader)) {
        continue;
      }
      std::size_t headers = 0;
      std::size_t end = i;
      std::size_t others = 0;
      for (; end < lines_.size() && others < 2; ++end) {
        if (Is(end, LineKind::kHeader)) {
          ++headers;
          others = 0;
        } else if (Is(end, LineKind::kText)) {
          ++others;
        } else if (!Is(end, LineKind::kEmpty) || headers >= 3) {
          break;
        }
      }
      constexpr std::size_t kFewest = 3;
      if (headers >= kFewest) {
        if (AnyText(0, i)) {
          Drop(i, lines_.size());
        }
        return;
      }
      i = end > i ? end - 1 : i;
    }
  }

  // Lines between quotes that no blank line sets apart are the quote's own, broken by a mail program.
  [[nodiscard]] bool Interleaved(std::size_t from) const {
    std::size_t first_quote = First(LineKind::kQuote, from);
    if (first_quote == kNone) {
      return false;
    }
    bool blank_before = false;
    for (std::size_t i = first_quote + 1; i < lines_.size(); ++i) {
      if (Is(i, LineKind::kText) && blank_before && First(LineKind::kQuote, i) != kNone) {
        return true;
      }
      if (Is(i, LineKind::kEmpty)) {
        blank_before = true;
      } else if (!Is(i, LineKind::kText)) {
        blank_before = false;
      }
    }
    return false;
  }

  void CutAtAttribution() {
    const std::size_t at = First(LineKind::kAttribution);
    if (at == kNone) {
      return;
    }
    std::size_t last_quote = kNone;
    for (std::size_t i = at; i < lines_.size(); ++i) {
      if (Is(i, LineKind::kQuote)) {
        last_quote = i;
      }
    }
    const bool text_before = AnyText(0, at);
    if (text_before) {
      const std::size_t tail = last_quote == kNone ? 0 : Count(LineKind::kText, last_quote + 1, lines_.size());
      constexpr std::size_t kFooter = 7;
      if (last_quote == kNone || (!Interleaved(at) && tail < kFooter)) {
        Drop(at, lines_.size());
        return;
      }
    } else if (last_quote != kNone && !Interleaved(at) && AnyText(last_quote + 1, lines_.size())) {
      Drop(0, last_quote + 1);  // the answer stands below
      return;
    }
    // The answers stand between the quotes, or nothing else is left: only the line that says who wrote goes.
    if (AnyText(0, lines_.size())) {
      for (std::size_t i = at; i < lines_.size(); ++i) {
        if (Is(i, LineKind::kAttribution)) {
          kept_[i] = false;
        }
      }
    }
  }

  void DropTrailing() {
    if (!AnyText(0, lines_.size())) {
      return;
    }
    for (std::size_t i = lines_.size(); i > 0; --i) {
      if (!kept_[i - 1]) {
        continue;
      }
      const LineKind kind = Kind(i - 1);
      if (kind != LineKind::kEmpty && kind != LineKind::kQuote && kind != LineKind::kDelimiter) {
        break;
      }
      kept_[i - 1] = false;
    }
  }

  Trimmed Result() {
    Trimmed result;
    std::string whole;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      whole += lines_[i].text + "\n";
      if (kept_[i]) {
        result.visible += lines_[i].text + "\n";
      } else if (!result.quoted.empty() || Kind(i) != LineKind::kEmpty) {
        result.quoted += lines_[i].text + "\n";
      }
    }
    const auto tidy = [](std::string& text) {
      // Blank lines at the start go, but not the indentation of the first line.
      std::size_t begin = 0;
      for (std::size_t end = text.find('\n');
           end != std::string::npos && text::Trim(std::string_view(text).substr(begin, end - begin)).empty();
           end = text.find('\n', begin)) {
        begin = end + 1;
      }
      text.erase(0, begin);
      while (!text.empty() && (text.back() == '\n' || text.back() == ' ' || text.back() == '\t')) {
        text.pop_back();
      }
    };
    tidy(result.visible);
    tidy(result.quoted);
    if (result.visible.empty()) {
      tidy(whole);
      return {whole, ""};
    }
    return result;
  }

  Lines lines_;
  std::vector<bool> kept_;
};

}  // namespace

Trimmed TrimReply(std::string_view text) {
  constexpr std::size_t kMostBytes = 2 * 1024 * 1024;  // beyond, it is a log and no letter
  if (text.size() > kMostBytes) {
    return {std::string(text), ""};
  }
  return Trimmer(ReadLines(text)).Run();
}

}  // namespace propolis::mail
