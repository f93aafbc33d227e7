// Lists of texts, as a column keeps them: a JSON array of strings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace propolis::json {

std::string FromTexts(const std::vector<std::string>& texts);

// What is no string in it counts as ""; what is no array has none.
std::vector<std::string> ToTexts(std::string_view array);

}  // namespace propolis::json
