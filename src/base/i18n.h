// The message catalogue of the server: locales/{en,es,pt}.json, ICU MessageFormat with named arguments, in the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"

namespace propolis::i18n {

// The message in the language, arguments filled in. An id that is missing comes back as it is (a test forbids that).
std::string Translate(Language language, std::string_view id, const std::vector<Arg>& args = {});
bool Has(Language language, std::string_view id);
// All ids of one language's catalogue, sorted.
std::vector<std::string> Ids(Language language);
// The best of our languages for an Accept-Language header (RFC 9110 section 12.5.4); `fallback` when it names none.
Language Negotiate(std::string_view accept_language, Language fallback = Language::kEn);

}  // namespace propolis::i18n
