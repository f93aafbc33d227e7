// Templates of requests: what stands in {{double braces}} is filled in, escaped by where it stands, so that no value
// can end the place that it was given. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace propolis::http {

using Values = std::map<std::string, std::string, std::less<>>;

enum class Place {
  kUrl,     // percent-encoded (RFC 3986)
  kHeader,  // without control characters; other than ASCII as UTF-8
  kJson,    // inside of a string (RFC 8259)
  kForm,    // percent-encoded
  kXml,     // character references (XML 1.0)
  kPlain    // as it is
};

// How the places of a body of that media type are escaped.
Place PlaceOf(std::string_view content_type);

// A place without a value is left empty.
std::string Fill(std::string_view text, const Values& values, Place place);

}  // namespace propolis::http
