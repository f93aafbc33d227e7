// Header values with parameters: `form-data; name="a b"; filename*=UTF-8''x` (RFC 9110 section 5.6.6, RFC 8187). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace propolis::net {

bool IsTokenCharacter(char c);  // RFC 9110 section 5.6.2

struct HeadValue {
  std::string value;                                            // in lower case
  std::vector<std::pair<std::string, std::string>> parameters;  // names in lower case, values unquoted
  [[nodiscard]] std::optional<std::string_view> Find(std::string_view name) const;
};
// nullopt on broken syntax or a parameter given twice. Inside quotes a backslash escapes only a quote or a backslash:
// browsers of old send Windows paths unescaped. %22, as browsers of today escape a quote in a form, becomes one.
std::optional<HeadValue> ParseHeadValue(std::string_view text);

// RFC 8187: charset'language'percent-encoded, UTF-8 and ISO-8859-1 only.
std::optional<std::string> DecodeExtendedValue(std::string_view text);

}  // namespace propolis::net
