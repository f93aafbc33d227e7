// Reads the expectations of multipart cases: YAML of one simple shape, as python-multipart keeps them. For tests and
// scoring.
#pragma once

#include <fmt/format.h>

#include <sstream>
#include <string>
#include <string_view>

#include "net/content_coding.h"
#include "net/multipart.h"

namespace propolis::net {

// What became of a body, in one comparable text: "refused", or each part by name, file name and data.
inline std::string DescribePart(std::string_view name, std::string_view filename, std::string_view data) {
  return fmt::format("[{}|{}|{}]", name, filename, data);
}

inline std::string DescribeParts(const Result<std::vector<WholePart>>& parts) {
  if (!parts) {
    return "refused";
  }
  std::string out;
  for (const auto& part : *parts) {
    out += DescribePart(part.head.name, part.head.filename.value_or(""), part.data);
  }
  return out;
}

struct MultipartCase {
  std::string boundary;
  std::string outcome;  // as DescribeParts() says it
};

inline MultipartCase ReadMultipartCase(const std::string& yaml) {
  MultipartCase found;
  std::string name;
  std::string filename;
  std::string base64;
  bool in_part = false;
  const auto finish = [&] {
    ContentDecoder decoder;
    std::string data;
    if (in_part && decoder.Choose("base64") && decoder.Feed(base64, data) && decoder.Finish(data)) {
      found.outcome += DescribePart(name, filename, data);
    }
    name.clear();
    filename.clear();
    base64.clear();
  };
  std::istringstream in(yaml);
  for (std::string line; std::getline(in, line);) {
    const auto begin = line.find_first_not_of(" -");
    if (line.starts_with("boundary: ")) {
      found.boundary = line.substr(10);
      continue;
    }
    if (begin == std::string::npos || line.starts_with("expected:")) {
      continue;
    }
    if (line.find("error:") == begin) {
      found.outcome = "refused";
      return found;
    }
    const auto colon = line.find(": ", begin);
    if (colon == std::string::npos) {
      base64 += line.substr(begin);
      continue;
    }
    if (line.find("- ") < begin) {
      finish();
      in_part = true;
    }
    auto value = line.substr(colon + 2);
    if (value.size() >= 2 && (value.front() == '\'' || value.front() == '"')) {
      value = value.substr(1, value.size() - 2);
    }
    const auto key = line.substr(begin, colon - begin);
    if (key == "name") {
      name = value;
    } else if (key == "file_name") {
      filename = value;
    }
  }
  finish();
  return found;
}

}  // namespace propolis::net
