#include "channels/mail/prepare.h"

#include <algorithm>

namespace propolis::mail {
namespace {

std::string_view TakeLine(std::string_view& text) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
  text.remove_prefix(line.size());
  return line;
}

std::string_view Bare(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) {
    line.remove_suffix(1);
  }
  return line;
}

// "Name:" or "Name :" with a name of printable ASCII.
bool IsField(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon > 100) {
    return false;
  }
  auto name = line.substr(0, colon);
  while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) {
    name.remove_suffix(1);
  }
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool IsMboxLine(std::string_view line) { return line.starts_with("From ") || line.starts_with(">From "); }

}  // namespace

std::string PrepareMail(std::string_view raw, const ParseLimits& limits, std::vector<Defect>& defects) {
  std::string converted;
  if (raw.size() > limits.total_bytes) {
    raw = raw.substr(0, limits.total_bytes);
    defects.push_back(Defect::kTruncated);
  }
  if (!raw.contains('\n') && raw.contains('\r')) {
    converted = raw;
    std::ranges::replace(converted, '\r', '\n');
    raw = converted;
  }
  if (raw.starts_with("\xef\xbb\xbf")) {
    raw.remove_prefix(3);
  }
  while (!raw.empty() && (raw.front() == '\n' || raw.front() == '\r')) {
    raw.remove_prefix(1);
  }
  std::string out;
  out.reserve(raw.size() + 2);
  bool any = false;
  bool bad = false;
  bool long_header = false;
  while (!raw.empty()) {
    const std::string_view before = raw;
    const std::string_view line = TakeLine(raw);
    const std::string_view bare = Bare(line);
    if (bare.empty()) {
      out += line;
      break;
    }
    const bool continuation = any && (bare.front() == ' ' || bare.front() == '\t');
    if (continuation && bare.find_first_not_of(" \t") == std::string_view::npos) {
      continue;  // a line of blanks only is neither the header's end nor part of it
    }
    if (!continuation && !IsField(bare)) {
      if (!any && IsMboxLine(bare)) {
        continue;
      }
      bad = any;
      std::string_view rest = raw;
      const std::string_view next = Bare(TakeLine(rest));
      if (any && !next.empty() && (IsField(next) || IsMboxLine(bare))) {
        continue;  // one stray line in the middle of a header
      }
      raw = before;
      out += '\n';
      break;
    }
    any = true;
    if (out.size() + line.size() > limits.header_bytes) {
      long_header = true;
      continue;
    }
    std::ranges::copy_if(line, std::back_inserter(out), [](char c) { return c != '\0'; });
  }
  if (!any) {
    defects.push_back(Defect::kNoHeader);
  }
  if (bad) {
    defects.push_back(Defect::kBadHeaderLine);
  }
  if (long_header) {
    defects.push_back(Defect::kHeaderTooLong);
    if (!out.ends_with('\n')) {
      out += '\n';
    }
  }
  out += raw;
  return out;
}

}  // namespace propolis::mail
