#include "channels/html/sanitise.h"

#include <gumbo.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/text.h"
#include "channels/html/bounds.h"
#include "channels/html/policy.h"
#include "channels/html/quote.h"

namespace propolis::html {
namespace {

struct OutputDeleter {
  void operator()(GumboOutput* output) const { gumbo_destroy_output(&kGumboDefaultOptions, output); }
};
using Tree = std::unique_ptr<GumboOutput, OutputDeleter>;

Tree ParseTree(std::string_view html) {
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  return Tree(gumbo_parse_with_options(&options, html.data(), html.size()));
}

std::string TagName(const GumboElement& element) {
  if (element.tag != GUMBO_TAG_UNKNOWN) {
    return gumbo_normalized_tagname(element.tag);
  }
  GumboStringPiece name = element.original_tag;
  gumbo_tag_from_original_text(&name);
  return text::AsciiLower({name.data == nullptr ? "" : name.data, name.length});
}

const GumboVector* ChildrenOf(const GumboNode& node) {
  if (node.type == GUMBO_NODE_ELEMENT || node.type == GUMBO_NODE_TEMPLATE) {
    return &node.v.element.children;
  }
  return node.type == GUMBO_NODE_DOCUMENT ? &node.v.document.children : nullptr;
}

const GumboNode& Child(const GumboVector& children, unsigned index) {
  return *static_cast<const GumboNode*>(children.data[index]);
}

std::string_view AttributeOf(const GumboElement& element, const char* name) {
  const GumboAttribute* attribute = gumbo_get_attribute(&element.attributes, name);
  return attribute == nullptr ? std::string_view() : std::string_view(attribute->value);
}

std::string TextOf(const GumboNode& node) {
  return node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE || node.type == GUMBO_NODE_CDATA
             ? text::ToValidUtf8(node.v.text.text)
             : std::string();
}

// Walks a tree without recursion: `enter` answers whether to go into the children; `leave` is called for those entered.
template <class Enter, class Leave>
void Walk(const GumboNode& root, Enter enter, Leave leave) {
  struct Frame {
    const GumboNode* node;
    unsigned next = 0;
  };
  std::vector<Frame> stack;
  if (enter(root, std::size_t{0})) {
    stack.push_back({&root});
  }
  while (!stack.empty()) {
    Frame& top = stack.back();
    const GumboVector* children = ChildrenOf(*top.node);
    if (children == nullptr || top.next >= children->length) {
      const GumboNode* done = top.node;
      stack.pop_back();
      leave(*done);
      continue;
    }
    const GumboNode& child = Child(*children, top.next++);
    if (enter(child, stack.size())) {
      stack.push_back({&child});
    }
  }
}

// Where the quoted original begins and what belongs to it, as the walk comes along.
class QuoteCutter {
 public:
  explicit QuoteCutter(bool active) : active_(active) {}
  bool Drops(const GumboNode& node) {
    if (!active_ || ended_) {
      return ended_;
    }
    if (node.type != GUMBO_NODE_ELEMENT) {
      return false;
    }
    const GumboElement& element = node.v.element;
    const QuoteSign sign = SignOfQuote({.tag = TagName(element),
                                        .id = AttributeOf(element, "id"),
                                        .classes = AttributeOf(element, "class"),
                                        .type = AttributeOf(element, "type"),
                                        .style = AttributeOf(element, "style")});
    ended_ = sign == QuoteSign::kRest;
    return sign != QuoteSign::kNone;
  }

 private:
  bool active_;
  bool ended_ = false;
};

// ---------------------------------------------------------------- safe HTML

class Writer {
 public:
  Writer(const Options& options, bool drop_quotes, Sanitised& result)
      : options_(options), result_(result), quotes_(drop_quotes) {}

  void Write(const GumboNode& root) {
    Walk(
        root, [&](const GumboNode& node, std::size_t depth) { return Enter(node, depth); },
        [&](const GumboNode&) {
          result_.html += closing_.back();
          closing_.pop_back();
        });
  }

 private:
  // Nesting that we write out ourselves; deeper elements only give their text.
  static constexpr std::size_t kMaxDepth = 200;

  bool Enter(const GumboNode& node, std::size_t depth) {
    if (node.type == GUMBO_NODE_DOCUMENT) {
      closing_.emplace_back();
      return true;
    }
    if (quotes_.Drops(node)) {
      return false;
    }
    if (node.type == GUMBO_NODE_TEMPLATE) {
      ++result_.dropped;
      return false;
    }
    if (node.type != GUMBO_NODE_ELEMENT) {
      result_.html += Escape(options_.defang ? Defang(TextOf(node)) : TextOf(node));
      return false;
    }
    const GumboElement& element = node.v.element;
    const std::string tag = TagName(element);
    const Fate fate = element.tag_namespace == GUMBO_NAMESPACE_HTML ? FateOf(tag) : Fate::kDrop;
    if (fate == Fate::kDrop) {
      result_.dropped += tag == "title" || tag == "meta" || tag == "style" ? 0U : 1U;
      return false;
    }
    if (fate != Fate::kKeep || depth > kMaxDepth) {
      closing_.emplace_back();
      return true;
    }
    WriteElement(element, tag);
    if (IsVoid(tag)) {
      return false;
    }
    closing_.push_back("</" + tag + ">");
    return true;
  }

  void WriteElement(const GumboElement& element, const std::string& tag) {
    std::string attributes;
    const auto put = [&](std::string_view name, std::string_view value) {
      attributes += ' ';
      attributes += name;
      attributes += "=\"" + Escape(value) + '"';
    };
    std::vector<std::string_view> seen;
    for (unsigned i = 0; i < element.attributes.length; ++i) {
      const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
      const std::string_view name = attribute.name;
      if (name == "style") {
        if (const std::string style = SafeStyle(text::ToValidUtf8(attribute.value)); !style.empty()) {
          put("style", style);
        }
      } else if (const auto value = AttributeValue(tag, name, text::ToValidUtf8(attribute.value))) {
        put(name, *value);
      } else if (name.starts_with("on") || name == "srcdoc" || name == "formaction") {
        ++result_.dropped;
      }
    }
    if (tag == "a") {
      WriteLink(element, put);
    } else if (tag == "img") {
      WriteImage(element, put);
    }
    result_.html += '<' + tag + attributes + '>';
  }

  template <class Put>
  void WriteLink(const GumboElement& element, const Put& put) {
    const std::string_view href = AttributeOf(element, "href");
    if (href.empty()) {
      return;
    }
    const auto safe = SafeLink(href);
    if (!safe) {
      ++result_.dropped;
      return;
    }
    if (options_.defang) {
      put("title", Defang(*safe));
      return;
    }
    put("href", *safe);
    put("target", "_blank");
    put("rel", "noopener noreferrer nofollow");
  }

  template <class Put>
  void WriteImage(const GumboElement& element, const Put& put) {
    const std::string_view src = AttributeOf(element, "src");
    if (const auto cid = ContentIdOf(src)) {
      if (const auto url = options_.resolve_cid ? options_.resolve_cid(*cid) : std::nullopt) {
        put("src", *url);
      }
    } else if (const auto remote = SafeRemote(src)) {
      ++result_.blocked_images;
      if (!options_.defang) {
        put("data-src", *remote);
      }
      put("data-blocked", "remote");
    } else if (!src.empty()) {
      ++result_.dropped;
    }
  }

  const Options& options_;
  Sanitised& result_;
  QuoteCutter quotes_;
  std::vector<std::string> closing_;
};

// ---------------------------------------------------------------- text

class TextWriter {
 public:
  explicit TextWriter(bool drop_quotes = false) : cutter_(drop_quotes) {}

  std::string Write(const GumboNode& root) {
    Walk(
        root, [&](const GumboNode& node, std::size_t) { return Enter(node); },
        [&](const GumboNode& node) { Leave(node); });
    while (!out_.empty() && (out_.back() == '\n' || out_.back() == ' ')) {
      out_.pop_back();
    }
    return std::move(out_);
  }

 private:
  bool Enter(const GumboNode& node) {
    if (node.type == GUMBO_NODE_DOCUMENT) {
      return true;
    }
    if (node.type == GUMBO_NODE_TEMPLATE || cutter_.Drops(node)) {
      return false;
    }
    if (node.type != GUMBO_NODE_ELEMENT) {
      preformatted_ > 0 ? AddLines(TextOf(node)) : AddRun(TextOf(node));
      return false;
    }
    const std::string tag = TagName(node.v.element);
    if (node.v.element.tag_namespace != GUMBO_NAMESPACE_HTML || FateOf(tag) == Fate::kDrop) {
      return false;
    }
    if (tag == "br") {
      BreakLine();
      return false;
    }
    if (tag == "img") {
      if (const auto alt = text::Trim(AttributeOf(node.v.element, "alt")); !alt.empty()) {
        AddRun("[" + std::string(text::Prefix(alt, 200)) + "]");
      }
      return false;
    }
    if (IsBlock(tag)) {
      EndBlock(HasMargin(tag) ? 2 : 1);
    } else if (tag == "td" || tag == "th") {
      blank_ = !line_empty_;
    }
    if (tag == "blockquote") {
      ++quotes_;
    } else if (tag == "pre" || FateOf(tag) == Fate::kText) {
      ++preformatted_;
    } else if (tag == "li") {
      AddRun("- ");
    }
    return true;
  }

  void Leave(const GumboNode& node) {
    if (node.type != GUMBO_NODE_ELEMENT) {
      return;
    }
    const std::string tag = TagName(node.v.element);
    if (tag == "pre" || FateOf(tag) == Fate::kText) {
      --preformatted_;
    }
    if (IsBlock(tag)) {
      EndBlock(HasMargin(tag) ? 2 : 1);
    }
    if (tag == "blockquote") {
      --quotes_;
    }
  }

  static bool HasMargin(std::string_view tag) {
    return tag == "p" || tag == "blockquote" || tag == "pre" || tag == "ul" || tag == "ol" || tag == "dl" ||
           (tag.size() == 2 && tag[0] == 'h' && tag != "hr");
  }

  // The block ends: later text begins `lines` line breaks further on, once.
  void EndBlock(int lines) {
    if (!line_empty_) {
      pending_ = std::max(pending_, lines);
    } else if (pending_ > 0) {
      pending_ = std::max(pending_, lines);
    }
    blank_ = false;
    line_empty_ = true;
  }

  void BreakLine() {
    if (line_empty_) {
      pending_ = std::min(pending_ + 1, 3);
    } else {
      pending_ = 1;
      line_empty_ = true;
    }
    blank_ = false;
  }

  void StartText() {
    if (out_.empty()) {
      pending_ = 0;
      if (quotes_ > 0) {
        PutQuotes();
      }
    }
    if (pending_ > 0) {
      for (int i = 0; i < pending_; ++i) {
        while (!out_.empty() && out_.back() == ' ') {
          out_.pop_back();
        }
        out_ += '\n';
      }
      pending_ = 0;
      PutQuotes();
    } else if (blank_ && !line_empty_) {
      out_ += ' ';
    }
    blank_ = false;
    line_empty_ = false;
  }

  void PutQuotes() {
    if (quotes_ > 0) {
      out_.append(static_cast<std::size_t>(std::min(quotes_, 20)), '>');
      out_ += ' ';
    }
  }

  void AddRun(std::string_view run) {
    std::size_t at = 0;
    while (at < run.size()) {
      const auto end = run.find_first_of(" \t\r\n\f", at);
      const std::string_view word = run.substr(at, end == std::string_view::npos ? end : end - at);
      if (!word.empty()) {
        StartText();
        out_ += word;
      }
      if (end == std::string_view::npos) {
        break;
      }
      blank_ = true;
      at = end + 1;
    }
  }

  void AddLines(std::string_view lines) {
    bool first = true;
    for (const auto line : text::Split(lines, '\n')) {
      if (!first) {
        BreakLine();
      }
      first = false;
      if (!line.empty() && line != "\r") {
        StartText();
        out_ += line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
      }
    }
  }

  QuoteCutter cutter_;
  std::string out_;
  int pending_ = 0;  // line breaks owed before the next text
  int quotes_ = 0;
  int preformatted_ = 0;
  bool blank_ = false;  // white space owed
  bool line_empty_ = true;
};

// Without a parser: tags go, the rest stays. For input that is too large or too deep.
std::string StripTags(std::string_view html) {
  std::string out;
  std::size_t at = 0;
  while (at < html.size()) {
    const auto open = html.find('<', at);
    out += html.substr(at, open == std::string_view::npos ? open : open - at);
    if (open == std::string_view::npos) {
      break;
    }
    const std::string lower = text::AsciiLower(html.substr(open, 9));
    const std::string_view hidden = lower.starts_with("<script")  ? "</script"
                                    : lower.starts_with("<style") ? "</style"
                                                                  : "";
    std::size_t from = open;
    if (!hidden.empty()) {
      auto end = html.find(hidden, open);
      from = end == std::string_view::npos ? html.size() : end;
    }
    const auto close = html.find('>', from);
    if (close == std::string_view::npos) {
      break;
    }
    if (lower.starts_with("<p") || lower.starts_with("<br") || lower.starts_with("<div") || lower.starts_with("<tr") ||
        lower.starts_with("</p")) {
      out += '\n';
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
    at = close + 1;
  }
  std::string tidy;
  for (const auto line : text::Split(out, '\n')) {
    const auto bare = text::Trim(line);
    if (!bare.empty()) {
      tidy += bare;
      tidy += '\n';
    }
  }
  return text::ToValidUtf8(tidy);
}

constexpr std::size_t kLargestText = 256 * 1024;  // of text that stands in for HTML which could not be parsed

}  // namespace

Sanitised Sanitise(std::string_view html, const Options& options) {
  Sanitised result;
  if (html.size() > options.max_bytes || !IsBounded(html)) {
    result.text = std::string(text::Prefix(StripTags(html), kLargestText));
    result.html = FromText(options.defang ? Defang(result.text) : result.text);
    result.fell_back = true;
    return result;
  }
  const Tree tree = ParseTree(html);
  result.text = TextWriter(options.drop_quotes).Write(*tree->document);
  const bool drop_quotes = options.drop_quotes && !result.text.empty();
  if (options.drop_quotes && !drop_quotes) {
    result.text = TextWriter().Write(*tree->document);
  }
  Writer(options, drop_quotes, result).Write(*tree->document);
  if (options.defang) {
    result.text = Defang(result.text);
  }
  return result;
}

std::string ToText(std::string_view html) {
  constexpr std::size_t kMaxBytes = 2 * 1024 * 1024;
  if (html.size() > kMaxBytes || !IsBounded(html)) {
    return StripTags(html);
  }
  return TextWriter().Write(*ParseTree(html)->document);
}

std::string Escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '`':
        out += "&#96;";
        break;
      case '\0':
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string FromText(std::string_view text) {
  std::string out = "<p>";
  std::size_t at = 0;
  const auto plain = [&](std::string_view piece) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < piece.size(); ++i) {
      if (piece[i] != '\n') {
        continue;
      }
      std::string_view line = piece.substr(begin, i - begin);
      out += Escape(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
      std::size_t last = i;
      while (last + 1 < piece.size() && (piece[last + 1] == '\n' || piece[last + 1] == '\r')) {
        ++last;
      }
      out += last > i ? "</p><p>" : "<br>";
      i = last;
      begin = i + 1;
    }
    out += Escape(piece.substr(begin));
  };
  while (at < text.size()) {
    auto link = text.find("http", at);
    while (link != std::string_view::npos && !text.substr(link).starts_with("http://") &&
           !text.substr(link).starts_with("https://")) {
      link = text.find("http", link + 4);
    }
    plain(text.substr(at, link == std::string_view::npos ? link : link - at));
    if (link == std::string_view::npos) {
      break;
    }
    auto end = text.find_first_of(" \t\r\n<>\"'`", link);
    end = end == std::string_view::npos ? text.size() : end;
    while (end > link && std::string_view(".,;:!?)]").contains(text[end - 1])) {
      --end;
    }
    const std::string_view url = text.substr(link, end - link);
    if (const auto safe = SafeLink(url)) {
      out += "<a href=\"" + Escape(*safe) + "\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">" + Escape(url) +
             "</a>";
    } else {
      out += Escape(url);
    }
    at = std::max(end, link + 4);
    if (end < link + 4) {
      out += Escape(text.substr(end, link + 4 - end));
    }
  }
  return out + "</p>";
}

std::string Defang(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto scheme = text.find("://", at);
    if (scheme == std::string_view::npos) {
      break;
    }
    std::size_t begin = scheme;
    while (begin > at &&
           ((text[begin - 1] >= 'a' && text[begin - 1] <= 'z') || (text[begin - 1] >= 'A' && text[begin - 1] <= 'Z'))) {
      --begin;
    }
    out += text.substr(at, begin - at);
    std::string name(text.substr(begin, scheme - begin));
    if (text::AsciiLower(name).starts_with("http")) {
      name = "hxxp" + name.substr(4);
    }
    auto host_end = text.find_first_of("/?# \t\r\n<>\"'", scheme + 3);
    host_end = host_end == std::string_view::npos ? text.size() : host_end;
    out += name + "://";
    for (const char c : text.substr(scheme + 3, host_end - scheme - 3)) {
      out += c == '.' ? "[.]" : std::string(1, c);
    }
    at = host_end;
  }
  out += text.substr(std::min(at, text.size()));
  return out;
}

}  // namespace propolis::html
