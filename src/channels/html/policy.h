// What may pass the sanitiser: elements, attributes, URLs and styles. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace propolis::html {

enum class Fate {
  kKeep,    // written out
  kUnwrap,  // not written, its children are
  kText,    // its raw text is written as text
  kDrop,    // gone with all that is in it
};

// `tag` in lower case, of the HTML namespace.
Fate FateOf(std::string_view tag);
bool IsVoid(std::string_view tag);
bool IsBlock(std::string_view tag);

// The value to write for an attribute of a kept element, nullopt to leave it out. Not for href, src and style.
std::optional<std::string> AttributeValue(std::string_view tag, std::string_view name, std::string_view value);

// A link's target as written out, nullopt when its scheme is not allowed. Reads it as a browser does (WHATWG URL, basic
// parser): controls and blanks at the ends and tabs and newlines anywhere are ignored.
std::optional<std::string> SafeLink(std::string_view url);
// The same for http and https only.
std::optional<std::string> SafeRemote(std::string_view url);
// "cid:X" to X.
std::optional<std::string> ContentIdOf(std::string_view url);

// The allowed declarations of a style attribute, empty when none is.
std::string SafeStyle(std::string_view style);

}  // namespace propolis::html
