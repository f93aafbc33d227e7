#include "channels/http/template.h"

#include "base/json.h"
#include "base/text.h"
#include "net/url.h"

namespace propolis::http {
namespace {

std::string EscapeJson(std::string_view value) {
  json::Writer writer;
  writer.String(value);
  const std::string quoted = writer.Take();
  return quoted.substr(1, quoted.size() - 2);
}

std::string EscapeXml(std::string_view value) {
  std::string out;
  for (const char c : value) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') {
          out += c;
        }
    }
  }
  return out;
}

std::string WithoutControls(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    out += control ? ' ' : c;
  }
  return out;
}

std::string Escape(std::string_view value, Place place) {
  switch (place) {
    case Place::kUrl:
    case Place::kForm:
      return net::PercentEncode(value);
    case Place::kHeader:
      return WithoutControls(value);
    case Place::kJson:
      return EscapeJson(value);
    case Place::kXml:
      return EscapeXml(value);
    case Place::kPlain:
      return std::string(value);
  }
  return {};
}

}  // namespace

Place PlaceOf(std::string_view content_type) {
  const std::string type =
      text::AsciiLower(text::Trim(content_type.substr(0, std::min(content_type.find(';'), content_type.size()))));
  if (type == "application/json" || type.ends_with("+json")) {
    return Place::kJson;
  }
  if (type == "application/x-www-form-urlencoded") {
    return Place::kForm;
  }
  if (type == "text/xml" || type == "application/xml" || type == "text/html" || type.ends_with("+xml")) {
    return Place::kXml;
  }
  return Place::kPlain;
}

std::string Fill(std::string_view text, const Values& values, Place place) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", done)) {
    const auto end = text.find("}}", at);
    if (end == std::string_view::npos) {
      break;
    }
    out += text.substr(done, at - done);
    const auto value = values.find(text.substr(at + 2, end - at - 2));
    out += value == values.end() ? std::string() : Escape(value->second, place);
    done = end + 2;
  }
  return out += text.substr(done);
}

}  // namespace propolis::http
