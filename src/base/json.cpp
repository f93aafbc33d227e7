#include "base/json.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cassert>
#include <cmath>

#include "base/text.h"

namespace propolis::json {
namespace {

namespace bj = boost::json;

const bj::value& Of(const void* value) { return *static_cast<const bj::value*>(value); }

// Boost.JSON keeps the last of two equal names; a hostile body may rely on others keeping the first.
class DuplicateFinder {
 public:
  static std::size_t CountMembers(const bj::value& value) {
    std::size_t count = 0;
    if (value.is_object()) {
      for (const auto& member : value.get_object()) {
        count += 1 + CountMembers(member.value());
      }
    } else if (value.is_array()) {
      for (const auto& item : value.get_array()) {
        count += CountMembers(item);
      }
    }
    return count;
  }

  // Names in the text: every string that is followed by a colon outside of strings.
  static std::size_t CountNames(std::string_view text) {
    std::size_t count = 0;
    bool inside = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (inside) {
        if (text[i] == '\\') {
          ++i;
        } else if (text[i] == '"') {
          inside = false;
        }
      } else if (text[i] == '"') {
        inside = true;
      } else if (text[i] == ':') {
        ++count;
      }
    }
    return count;
  }
};

std::unexpected<Error> SyntaxError(std::size_t at, std::string why) {
  return FailField("", "json.syntax", {{"at", fmt::format("{}", at)}, {"why", std::move(why)}});
}

}  // namespace

Kind View::kind() const {
  switch (Of(value_).kind()) {
    case bj::kind::null:
      return Kind::kNull;
    case bj::kind::bool_:
      return Kind::kBool;
    case bj::kind::int64:
    case bj::kind::uint64:
      return Kind::kInteger;
    case bj::kind::double_:
      return Kind::kDouble;
    case bj::kind::string:
      return Kind::kString;
    case bj::kind::array:
      return Kind::kArray;
    case bj::kind::object:
      return Kind::kObject;
  }
  return Kind::kNull;
}

std::optional<bool> View::AsBool() const {
  const bool* value = Of(value_).if_bool();
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<std::int64_t> View::AsInteger() const {
  const std::int64_t* value = Of(value_).if_int64();
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<double> View::AsDouble() const {
  if (const double* value = Of(value_).if_double(); value != nullptr) {
    return *value;
  }
  if (const std::int64_t* value = Of(value_).if_int64(); value != nullptr) {
    return static_cast<double>(*value);
  }
  if (const std::uint64_t* value = Of(value_).if_uint64(); value != nullptr) {
    return static_cast<double>(*value);
  }
  return std::nullopt;
}

std::optional<std::string_view> View::AsString() const {
  const bj::string* value = Of(value_).if_string();
  return value != nullptr ? std::optional(std::string_view(value->data(), value->size())) : std::nullopt;
}

std::size_t View::Size() const {
  const bj::value& value = Of(value_);
  return value.is_array() ? value.get_array().size() : value.is_object() ? value.get_object().size() : 0;
}

View View::At(std::size_t index) const { return View(&Of(value_).get_array()[index]); }

std::optional<View> View::Find(std::string_view name) const {
  const bj::object* object = Of(value_).if_object();
  if (object == nullptr) {
    return std::nullopt;
  }
  const bj::value* member = object->if_contains(bj::string_view(name.data(), name.size()));
  return member != nullptr ? std::optional(View(member)) : std::nullopt;
}

void View::ForEachMember(const std::function<void(std::string_view, View)>& visit) const {
  if (const bj::object* object = Of(value_).if_object(); object != nullptr) {
    for (const auto& member : *object) {
      visit(std::string_view(member.key().data(), member.key().size()), View(&member.value()));
    }
  }
}

std::string View::ToText() const { return bj::serialize(Of(value_)); }

struct Document::Body {
  bj::monotonic_resource memory;
  bj::value root;
};

Document::Document(std::unique_ptr<Body> body) : body_(std::move(body)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::Parse(std::string_view text) {
  auto body = std::make_unique<Body>();
  bj::parse_options options;
  options.max_depth = 32;
  // Bounded: the parser's own stack and the tree both live in `memory`, freed at once.
  bj::stream_parser parser(&body->memory, options);
  bj::error_code error;
  const std::size_t used = parser.write(text.data(), text.size(), error);
  if (!error) {
    parser.finish(error);
  }
  if (error) {
    return SyntaxError(used, error.message());
  }
  body->root = parser.release();
  if (DuplicateFinder::CountNames(text) != DuplicateFinder::CountMembers(body->root)) {
    return SyntaxError(0, "the same name twice in one object");
  }
  return Document(std::move(body));
}

View Document::Root() const { return View(&body_->root); }

void Writer::Separate() {
  if (comma_) {
    out_ += ',';
  }
  comma_ = true;
}

Writer& Writer::BeginObject() {
  Separate();
  out_ += '{';
  ++depth_;
  comma_ = false;
  return *this;
}

Writer& Writer::EndObject() {
  out_ += '}';
  --depth_;
  comma_ = true;
  return *this;
}

Writer& Writer::BeginArray() {
  Separate();
  out_ += '[';
  ++depth_;
  comma_ = false;
  return *this;
}

Writer& Writer::EndArray() {
  out_ += ']';
  --depth_;
  comma_ = true;
  return *this;
}

namespace {

bool StandsForItself(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

void AppendEscaped(std::string& out, char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
  }
}

void AppendQuoted(std::string& out, std::string_view text) {
  std::string valid;
  if (!text::IsUtf8(text)) {
    valid = text::ToValidUtf8(text);
    text = valid;
  }
  out += '"';
  while (!text.empty()) {
    const auto run = std::ranges::find_if_not(text, StandsForItself) - text.begin();
    out.append(text.substr(0, static_cast<std::size_t>(run)));
    text.remove_prefix(static_cast<std::size_t>(run));
    if (!text.empty()) {
      AppendEscaped(out, text.front());
      text.remove_prefix(1);
    }
  }
  out += '"';
}

}  // namespace

Writer& Writer::Key(std::string_view name) {
  Separate();
  AppendQuoted(out_, name);
  out_ += ':';
  comma_ = false;
  return *this;
}

Writer& Writer::String(std::string_view text) {
  Separate();
  AppendQuoted(out_, text);
  return *this;
}

Writer& Writer::Integer(std::int64_t value) {
  Separate();
  out_ += fmt::format_int(value).c_str();
  return *this;
}

Writer& Writer::Double(double value) {
  Separate();
  out_ += std::isfinite(value) ? fmt::format("{}", value) : "null";
  return *this;
}

Writer& Writer::Bool(bool value) {
  Separate();
  out_ += value ? "true" : "false";
  return *this;
}

Writer& Writer::Null() {
  Separate();
  out_ += "null";
  return *this;
}

Writer& Writer::Raw(std::string_view json) {
  Separate();
  out_ += json;
  return *this;
}

std::string Writer::Take() {
  assert(depth_ == 0);
  comma_ = false;
  return std::move(out_);
}

std::string Quote(std::string_view text) {
  std::string out;
  AppendQuoted(out, text);
  return out;
}

}  // namespace propolis::json
