// What a file may be called and what it is: pure.
#include "base/text.h"
#include "domain/evidence/evidence.h"

namespace propolis::evidence {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t kMostName = 200;  // bytes
constexpr std::size_t kMostExtension = 20;

struct Magic {
  std::string_view bytes;
  std::string_view type;
};

constexpr Magic kMagics[] = {
    {"\x89PNG\r\n\x1a\n"sv, "image/png"},
    {"\xff\xd8\xff"sv, "image/jpeg"},
    {"GIF87a"sv, "image/gif"},
    {"GIF89a"sv, "image/gif"},
    {"%PDF-"sv, "application/pdf"},
    {"PK\x03\x04"sv, "application/zip"},
    {"\x1f\x8b"sv, "application/gzip"},
    {"7z\xbc\xaf\x27\x1c"sv, "application/x-7z-compressed"},
    {"\xd4\xc3\xb2\xa1"sv, "application/vnd.tcpdump.pcap"},
    {"\xa1\xb2\xc3\xd4"sv, "application/vnd.tcpdump.pcap"},
    {"\x0a\x0d\x0d\x0a"sv, "application/vnd.tcpdump.pcap"},
};

bool IsText(std::string_view bytes) {
  if (bytes.find('\0') != std::string_view::npos) {
    return false;
  }
  // The sample may end inside a character.
  for (std::size_t cut = 0; cut < 4 && cut <= bytes.size(); ++cut) {
    if (text::IsUtf8(bytes.substr(0, bytes.size() - cut))) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string SafeFilename(std::string_view name) {
  const auto slash = name.find_last_of("/\\");
  std::string clean = text::Clean(slash == std::string_view::npos ? name : name.substr(slash + 1));
  for (char& c : clean) {
    if (std::string_view("<>:\"|?*\n\t").find(c) != std::string_view::npos) {
      c = '_';
    }
  }
  const auto begin = clean.find_first_not_of(". ");
  clean = begin == std::string::npos ? "" : clean.substr(begin);
  while (!clean.empty() && (clean.back() == '.' || clean.back() == ' ')) {
    clean.pop_back();
  }
  if (clean.size() > kMostName) {
    const auto dot = clean.rfind('.');
    std::string extension = dot == std::string::npos || clean.size() - dot > kMostExtension ? "" : clean.substr(dot);
    std::size_t end = kMostName - extension.size();
    while (end > 0 && (static_cast<unsigned char>(clean[end]) & 0xc0) == 0x80) {
      --end;
    }
    clean = clean.substr(0, end) + extension;
  }
  return clean.empty() ? "file" : clean;
}

std::string SniffMediaType(std::string_view first_bytes) {
  for (const Magic& magic : kMagics) {
    if (first_bytes.starts_with(magic.bytes)) {
      return std::string(magic.type);
    }
  }
  if (first_bytes.size() >= 12 && first_bytes.starts_with("RIFF") && first_bytes.substr(8, 4) == "WEBP") {
    return "image/webp";
  }
  return IsText(first_bytes) ? "text/plain" : "application/octet-stream";
}

std::string SafeMediaType(std::string_view claimed) {
  const bool known = std::ranges::any_of(kMagics, [&](const Magic& magic) { return magic.type == claimed; });
  return known || claimed == "image/webp" || claimed == "text/plain" ? std::string(claimed)
                                                                     : "application/octet-stream";
}

std::string Disposition(std::string_view filename) {
  std::string ascii;
  std::string encoded;
  for (const char c : filename) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
    ascii += plain || c == ' ' ? c : '_';
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", ascii, encoded);
}

}  // namespace propolis::evidence
