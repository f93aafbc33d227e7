// Texts out of JSON: lists of them, as a column keeps them, and single members.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace propolis::json {

class View;

std::string FromTexts(const std::vector<std::string>& texts);

// What is no string in it counts as ""; what is no array has none.
std::vector<std::string> ToTexts(std::string_view array);

// The member as it is; "" when there is none, or it is no string.
std::string TextOf(View object, std::string_view name);

}  // namespace propolis::json
