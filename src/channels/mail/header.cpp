#include "channels/mail/header.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "channels/mail/charset.h"
#include "channels/mail/transfer.h"

namespace propolis::mail {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

int HexValue(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

std::string PercentDecode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexValue(text[i + 1]) >= 0 && HexValue(text[i + 2]) >= 0) {
      out += static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

struct EncodedWord {
  std::string charset;
  std::string bytes;
  std::size_t end = 0;  // just after "?="
};

// "=?charset?Q?text?=" at the start of `text`. Blanks inside the text are tolerated as many senders put them there.
std::optional<EncodedWord> ReadEncodedWord(std::string_view text) {
  if (!text.starts_with("=?")) {
    return std::nullopt;
  }
  const auto charset_end = text.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end == 2 || charset_end > 60 || charset_end + 2 >= text.size() ||
      text[charset_end + 2] != '?') {
    return std::nullopt;
  }
  const char how = static_cast<char>(text[charset_end + 1] | 0x20);
  if (how != 'q' && how != 'b') {
    return std::nullopt;
  }
  const std::size_t begin = charset_end + 3;
  const auto end = text.find("?=", begin);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  // "=?utf-8?Q??=" followed by hex is a Q text that begins with '=': the real end comes later.
  const std::string_view body = text.substr(begin, end - begin);
  EncodedWord word;
  word.charset = std::string(text.substr(2, charset_end - 2));
  word.bytes = how == 'b' ? DecodeBase64(body).bytes : DecodeQHeader(body);
  word.end = end + 2;
  return word;
}

bool SameCharset(std::string_view a, std::string_view b) { return text::AsciiLower(a) == text::AsciiLower(b); }

// Runs of blanks become one.
std::string Collapse(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!IsBlank(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

// ---------------------------------------------------------------- addresses

// Reads an address list by characters. Never recursive; comments are counted, not nested calls.
class AddressReader {
 public:
  explicit AddressReader(std::string_view text) : text_(text) {}

  std::vector<Address> Read() {
    while (at_ < text_.size() && found_.size() < kMaxAddresses) {
      Step();
    }
    Finish();
    return std::move(found_);
  }

 private:
  static constexpr std::size_t kMaxAddresses = 2000;

  void Step() {
    const char c = text_[at_];
    switch (c) {
      case '"':
        ReadQuoted();
        break;
      case '(':
        ReadComment();
        break;
      case '<':
        ReadAngle();
        break;
      case ',':
      case ';':
        ++at_;
        Finish();
        break;
      case ':':
        ReadColon();
        break;
      default:
        words_ += c;
        ++at_;
    }
  }

  void ReadQuoted() {
    std::string quoted;
    std::size_t i = at_ + 1;
    for (; i < text_.size() && text_[i] != '"'; ++i) {
      if (text_[i] == '\\' && i + 1 < text_.size()) {
        ++i;
      }
      quoted += text_[i];
    }
    if (i >= text_.size()) {  // a quote that never ends is only a character
      words_ += text_[at_++];
      return;
    }
    at_ = i + 1;
    if (at_ < text_.size() && text_[at_] == '@') {  // a quoted local part
      words_ += '"' + quoted + '"';
    } else {
      if (!words_.empty() && !IsBlank(words_.back())) {
        words_ += ' ';
      }
      words_ += quoted;
    }
  }

  void ReadComment() {
    int depth = 0;
    std::string comment;
    std::size_t i = at_;
    for (; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '\\' && i + 1 < text_.size()) {
        comment += text_[++i];
      } else if (c == '(' && depth++ > 0) {
        comment += c;
      } else if (c == ')' && --depth == 0) {
        break;
      } else if (c != '(') {
        comment += c;
      }
    }
    if (i >= text_.size()) {
      words_ += text_[at_++];
      return;
    }
    at_ = i + 1;
    comment_ = comment;
    words_ += ' ';
  }

  void ReadAngle() {
    auto end = text_.find('>', at_ + 1);
    const auto next = text_.find('<', at_ + 1);
    if (end == std::string_view::npos || (next != std::string_view::npos && next < end)) {
      // "<a@b" without its end, or "Name < other <a@b>".
      if (next != std::string_view::npos) {
        words_ += text_[at_++];
        return;
      }
      end = text_.find_first_of(",; \t", at_ + 1);
      end = end == std::string_view::npos ? text_.size() : end;
    }
    std::string_view inside = text::Trim(text_.substr(at_ + 1, end - at_ - 1));
    // Obsolete source route: "<@relay,@other:user@host>".
    if (inside.starts_with('@')) {
      if (const auto colon = inside.rfind(':'); colon != std::string_view::npos) {
        inside.remove_prefix(colon + 1);
      }
    }
    if (inside.size() > 7 && text::AsciiLower(inside.substr(0, 7)) == "mailto:") {
      inside.remove_prefix(7);
    }
    angle_ = std::string(inside);
    at_ = std::min(end + 1, text_.size());
  }

  void ReadColon() {
    // "Group name: a@b, c@d;" - the name of a group is no address; "mailto:" neither.
    const std::string_view name = text::Trim(words_);
    const bool group = !name.empty() && !name.contains('@') && !angle_;
    ++at_;
    if (!group) {
      words_ += ':';
      return;
    }
    const bool empty_group = text::Trim(text_.substr(at_)).starts_with(';') || text::Trim(text_.substr(at_)).empty();
    if (empty_group) {
      Finish();
    } else {
      words_.clear();
      comment_.clear();
    }
  }

  void Finish() {
    std::string words(text::Trim(words_));
    std::string email;
    std::string name;
    if (angle_) {
      email = *angle_;
      name = words.empty() ? comment_ : words;
    } else if (const auto bare = BareAddress(words)) {
      email = bare->second;
      name = bare->first.empty() ? comment_ : bare->first;
    } else {
      name = words.empty() ? comment_ : words;
    }
    Add(DecodeWords(name), email);
    words_.clear();
    comment_.clear();
    angle_.reset();
  }

  // "user@host" or "Some Name user@host" without brackets.
  static std::optional<std::pair<std::string, std::string>> BareAddress(std::string_view words) {
    if (!words.contains('@')) {
      return std::nullopt;
    }
    // Blanks around @ and dots belong to the address (obsolete syntax).
    std::string tight;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (IsBlank(words[i])) {
        const auto next = words.find_first_not_of(" \t\r\n", i);
        const char after = next == std::string_view::npos ? '\0' : words[next];
        const char before = tight.empty() ? '\0' : tight.back();
        if (after == '@' || before == '@' || after == '.' || (before == '.' && tight.contains('@'))) {
          continue;
        }
      }
      tight += words[i];
    }
    const auto at = tight.rfind('@');
    auto begin = tight.find_last_of(" \t", at);
    if (at > 0 && tight[at - 1] == '"') {
      begin = tight.rfind('"', at - 2);
      begin = begin == std::string::npos || begin == 0 ? std::string::npos : begin - 1;
    }
    const std::size_t first = begin == std::string::npos ? 0 : begin + 1;
    auto last = tight.find_first_of(" \t", at);
    last = last == std::string::npos ? tight.size() : last;
    std::string name = tight.substr(0, first) + tight.substr(last);
    return std::pair{std::string(text::Trim(name)), tight.substr(first, last - first)};
  }

  void Add(std::string name, std::string email) {
    const bool quoted_local = email.starts_with('"');
    std::erase_if(email, [&](char c) {
      return (c == ' ' && !quoted_local) || static_cast<unsigned char>(c) < ' ' || c == '\x7f';
    });
    // An address that was encoded as a whole, against the rules.
    if (email.contains("=?")) {
      email = DecodeWords(email);
    }
    email = text::Clean(email);
    if (const auto at = email.rfind('@'); at != std::string::npos) {
      email = email.substr(0, at + 1) + text::ToLower(email.substr(at + 1));
    } else if (!email.empty() && name.empty()) {
      name = email;
      email.clear();
    }
    name = Collapse(text::Clean(name));
    std::string_view bare = text::Trim(name);
    if (bare.size() >= 2 &&
        ((bare.front() == '\'' && bare.back() == '\'') || (bare.front() == '"' && bare.back() == '"'))) {
      bare = text::Trim(bare.substr(1, bare.size() - 2));
    }
    if (!bare.empty() || !email.empty()) {
      found_.push_back({std::string(text::Prefix(bare, 200)), std::string(text::Prefix(email, 320))});
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string words_;
  std::string comment_;
  std::optional<std::string> angle_;
  std::vector<Address> found_;
};

// ---------------------------------------------------------------- parameters

// One "name=value" as written: "filename*0*", quoted or not.
struct RawParameter {
  std::string name;
  std::string value;
};

std::vector<RawParameter> SplitParameters(std::string_view text) {
  constexpr std::size_t kMaxParameters = 200;
  std::vector<RawParameter> found;
  std::size_t at = 0;
  while (at < text.size() && found.size() < kMaxParameters) {
    at = text.find_first_not_of("; \t\r\n", at);
    if (at == std::string_view::npos) {
      break;
    }
    const auto end = text.find_first_of("=;", at);
    if (end == std::string_view::npos || text[end] == ';') {
      at = end == std::string_view::npos ? text.size() : end + 1;
      continue;
    }
    RawParameter parameter{text::AsciiLower(text::Trim(text.substr(at, end - at))), ""};
    at = text.find_first_not_of(" \t\r\n", end + 1);
    if (at == std::string_view::npos) {
      break;
    }
    if (text[at] == '"') {
      ++at;
      while (at < text.size() && text[at] != '"') {
        // A backslash before a letter is a Windows path from a careless sender, not a quoted pair.
        if (text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\\')) {
          ++at;
        }
        parameter.value += text[at++];
      }
      at = at < text.size() ? at + 1 : at;
    } else {
      const auto stop = text.find(';', at);
      const std::size_t last = stop == std::string_view::npos ? text.size() : stop;
      parameter.value = std::string(text::Trim(text.substr(at, last - at)));
      at = last;
    }
    found.push_back(std::move(parameter));
  }
  return found;
}

struct Continued {
  std::map<int, std::pair<std::string, bool>> pieces;  // index -> text, whether percent-encoded
};

std::string JoinPieces(const Continued& parameter) {
  std::string charset;
  std::string bytes;
  bool any_encoded = false;
  for (const auto& [index, piece] : parameter.pieces) {
    std::string_view text = piece.first;
    if (piece.second && index == parameter.pieces.begin()->first) {
      const auto first = text.find('\'');
      const auto second = first == std::string_view::npos ? first : text.find('\'', first + 1);
      if (second != std::string_view::npos) {
        charset = std::string(text.substr(0, first));
        text.remove_prefix(second + 1);
      }
    }
    any_encoded = any_encoded || piece.second;
    bytes += piece.second ? PercentDecode(text) : std::string(text);
  }
  if (any_encoded) {
    return DecodeCharset(bytes, charset).text;
  }
  return DecodeWords(bytes);
}

}  // namespace

std::string Parameters::Find(std::string_view name) const {
  for (const auto& [key, text] : list) {
    if (key == name) {
      return text;
    }
  }
  return "";
}

std::string Unfold(std::string_view raw) {
  std::string bytes;
  bytes.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const auto c = static_cast<unsigned char>(raw[i]);
    if (c == '\r' || c == '\n') {
      if (!bytes.empty() && !IsBlank(bytes.back()) && i + 1 < raw.size() && !IsBlank(raw[i + 1])) {
        bytes += ' ';
      }
    } else if (c == '\t') {
      bytes += ' ';
    } else if ((c >= 0x20 && c != 0x7f) || c == 0x1b) {
      bytes += raw[i];
    }
  }
  return DecodeCharset(text::Trim(bytes), "").text;
}

std::string DecodeWords(std::string_view value) {
  std::string out;
  std::string pending;  // bytes of encoded words of one charset
  std::string charset;
  const auto flush = [&] {
    if (!pending.empty()) {
      out += DecodeCharset(pending, charset).text;
      pending.clear();
    }
  };
  std::size_t at = 0;
  while (at < value.size()) {
    const auto start = value.find("=?", at);
    const std::string_view between = value.substr(at, start == std::string_view::npos ? start : start - at);
    const bool blank = text::Trim(between).empty();
    if (!blank || pending.empty() || start == std::string_view::npos) {
      flush();
      out += between;
    }
    if (start == std::string_view::npos) {
      break;
    }
    if (auto word = ReadEncodedWord(value.substr(start))) {
      if (!pending.empty() && !SameCharset(charset, word->charset)) {
        flush();
      }
      charset = word->charset;
      pending += word->bytes;
      at = start + word->end;
    } else {
      const bool blank_was_dropped = blank && !pending.empty();
      flush();
      out += blank_was_dropped ? std::string(between) : std::string();
      out += "=?";
      at = start + 2;
    }
  }
  flush();
  return out;
}

std::vector<Address> ParseAddresses(std::string_view value) {
  constexpr std::size_t kMaxBytes = 256 * 1024;
  return AddressReader(value.substr(0, kMaxBytes)).Read();
}

std::vector<std::string> ParseMessageIds(std::string_view value) {
  constexpr std::size_t kMaxIds = 200;
  constexpr std::size_t kMaxLength = 998;
  std::vector<std::string> ids;
  const auto add = [&](std::string_view id) {
    std::string bare;
    for (const char c : id) {
      if (!IsBlank(c) && c != '<' && c != '>') {
        bare += c;
      }
    }
    if (!bare.empty() && bare.size() <= kMaxLength && std::ranges::find(ids, bare) == ids.end()) {
      ids.push_back(std::move(bare));
    }
  };
  std::size_t at = 0;
  while (at < value.size() && ids.size() < kMaxIds) {
    const auto open = value.find('<', at);
    const std::string_view loose = value.substr(at, open == std::string_view::npos ? open : open - at);
    for (const auto word : text::Split(loose, ' ')) {
      if (word.contains('@') && !word.contains('(') && !word.contains('"')) {
        add(word.substr(0, word.find_last_not_of(",;") + 1));
      }
    }
    if (open == std::string_view::npos) {
      break;
    }
    const auto close = value.find('>', open);
    if (close == std::string_view::npos) {
      add(value.substr(open + 1));
      break;
    }
    add(value.substr(open + 1, close - open - 1));
    at = close + 1;
  }
  return ids;
}

Parameters ParseParameters(std::string_view value) {
  Parameters result;
  const auto end = value.find(';');
  std::string main = text::AsciiLower(text::Trim(value.substr(0, end)));
  // "text/plain charset=x" without the semicolon, and comments.
  std::string_view rest = end == std::string_view::npos ? std::string_view() : value.substr(end + 1);
  if (const auto blank = main.find_first_of(" \t("); blank != std::string::npos) {
    if (main.find('=', blank) != std::string::npos) {
      rest = value.substr(value.find_first_of(" \t(", value.find_first_not_of(" \t")));
    }
    main.resize(blank);
  }
  result.value = std::move(main);
  std::map<std::string, Continued> continued;
  std::vector<std::string> order;
  for (auto& parameter : SplitParameters(rest)) {
    std::string name = parameter.name;
    bool encoded = false;
    int index = -1;
    if (name.ends_with('*')) {
      encoded = true;
      name.pop_back();
    }
    if (const auto star = name.rfind('*');
        star != std::string::npos && star + 1 < name.size() && name.size() - star < 5 &&
        std::ranges::all_of(name.substr(star + 1), [](char c) { return c >= '0' && c <= '9'; })) {
      index = std::stoi(name.substr(star + 1));
      name.resize(star);
    }
    if (!continued.contains(name)) {
      order.push_back(name);
    }
    Continued& entry = continued[name];
    const bool extended = encoded || index >= 0;
    // The extended form (RFC 2231) wins over a plain one beside it; the first of equals wins.
    if (extended && entry.pieces.contains(-1) && !entry.pieces[-1].second) {
      entry.pieces.clear();
    }
    if (!extended && !entry.pieces.empty()) {
      continue;
    }
    entry.pieces.try_emplace(index, std::move(parameter.value), encoded);
  }
  for (const auto& name : order) {
    result.list.emplace_back(name, JoinPieces(continued[name]));
  }
  return result;
}

bool IsDeliverable(std::string_view email) {
  const auto at = email.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || email.size() > 254 || !text::IsUtf8(email)) {
    return false;
  }
  const std::string_view local = email.substr(0, at);
  const std::string_view domain = email.substr(at + 1);
  constexpr std::string_view kAtomSpecials = "!#$%&'*+-/=?^_`{|}~.";
  for (const char c : local) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || byte >= 0x80;
    if (!letter && !kAtomSpecials.contains(c)) {
      return false;
    }
  }
  if (local.front() == '.' || local.back() == '.' || local.contains("..")) {
    return false;
  }
  for (const auto label : text::Split(domain, '.')) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') {
      return false;
    }
    for (const char c : label) {
      const auto byte = static_cast<unsigned char>(c);
      if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || byte >= 0x80)) {
        return false;
      }
    }
  }
  return text::Clean(email) == email || text::Length(email) != email.size();
}

std::string DomainOf(std::string_view email) {
  const auto at = email.rfind('@');
  return at == std::string_view::npos ? std::string() : text::ToLower(email.substr(at + 1));
}

std::string SafeFilename(std::string_view name) {
  std::string clean = text::Clean(name);
  for (char& c : clean) {
    if (c == '\n' || c == '\t') {
      c = ' ';
    } else if (std::string_view("/\\:*?\"<>|").contains(c)) {
      c = '_';
    }
  }
  std::string_view bare = text::Trim(clean);
  while (bare.starts_with('.')) {
    bare.remove_prefix(1);
  }
  while (bare.ends_with('.') || bare.ends_with(' ')) {
    bare.remove_suffix(1);
  }
  constexpr std::size_t kLongest = 150;
  if (text::Length(bare) <= kLongest) {
    return std::string(bare);
  }
  const auto dot = bare.rfind('.');
  const std::string_view extension =
      dot == std::string_view::npos || bare.size() - dot > 12 ? std::string_view() : bare.substr(dot);
  return std::string(text::Prefix(bare, kLongest - extension.size())) + std::string(extension);
}

}  // namespace propolis::mail
