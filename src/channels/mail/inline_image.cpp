#include "channels/mail/inline_image.h"

#include <algorithm>

#include "base/text.h"

namespace propolis::mail {
namespace {

// No scheme that a browser knows or a sanitised mail may contain.
constexpr std::string_view kMark = "src=\"propolis-cid:";

const Part* FindImage(const ParsedMail& mail, std::string_view content_id) {
  const auto found = std::ranges::find_if(mail.parts, [&](const Part& part) {
    return part.content_id == content_id && part.type.starts_with("image/") && !part.content.empty();
  });
  return content_id.empty() || found == mail.parts.end() ? nullptr : &*found;
}

}  // namespace

std::optional<std::string> NameInlineImage(const ParsedMail& mail, std::string_view content_id) {
  if (FindImage(mail, content_id) == nullptr) {
    return std::nullopt;
  }
  return std::string(kMark.substr(kMark.find('"') + 1)) + text::Base64UrlEncode(content_id);
}

std::string LinkInlineImages(std::string html, std::string_view base) {
  const std::string address = "src=\"" + std::string(base);
  for (auto at = html.find(kMark); at != std::string::npos; at = html.find(kMark, at + address.size())) {
    html.replace(at, kMark.size(), address);
  }
  return html;
}

std::optional<std::string> FindInlineImage(std::string_view raw, std::string_view name) {
  const auto content_id = text::Base64UrlDecode(name);
  const ParsedMail mail = content_id ? ParseMail(raw) : ParsedMail();
  const Part* image = content_id ? FindImage(mail, *content_id) : nullptr;
  return image == nullptr ? std::nullopt : std::optional(image->content);
}

}  // namespace propolis::mail
