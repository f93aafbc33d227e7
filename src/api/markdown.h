// Markdown (CommonMark with tables and plain links) as HTML that is safe to show.
#pragma once

#include <string>
#include <string_view>

namespace propolis::api {

std::string MarkdownToHtml(std::string_view markdown);

}  // namespace propolis::api
