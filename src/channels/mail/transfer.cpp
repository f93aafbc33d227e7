#include "channels/mail/transfer.h"

#include <array>
#include <cstdint>

namespace propolis::mail {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> kBase64Values = [] {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  return table;
}();

int HexValue(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

}  // namespace

Transfer DecodeBase64(std::string_view text) {
  Transfer out;
  out.bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  int count = 0;
  const auto flush = [&] {
    if (count >= 12) {
      out.bytes += static_cast<char>(bits >> (count - 8));
      if (count >= 18) {
        out.bytes += static_cast<char>(bits >> (count - 16));
      }
    }
    bits = 0;
    count = 0;
  };
  for (const char c : text) {
    const int value = kBase64Values[static_cast<unsigned char>(c)];
    if (value >= 0) {
      bits = (bits << 6) | static_cast<std::uint32_t>(value);
      count += 6;
      if (count == 24) {
        out.bytes += static_cast<char>(bits >> 16);
        out.bytes += static_cast<char>(bits >> 8);
        out.bytes += static_cast<char>(bits);
        bits = 0;
        count = 0;
      }
    } else if (c == '=') {
      flush();
    } else if (c != '\r' && c != '\n' && c != ' ' && c != '\t') {
      ++out.illegal;
    }
  }
  flush();
  return out;
}

Transfer DecodeQuotedPrintable(std::string_view text) {
  Transfer out;
  out.bytes.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '=') {
      if (at + 2 < text.size() && HexValue(text[at + 1]) >= 0 && HexValue(text[at + 2]) >= 0) {
        out.bytes += static_cast<char>(HexValue(text[at + 1]) * 16 + HexValue(text[at + 2]));
        at += 3;
        continue;
      }
      auto next = text.find_first_not_of(" \t", at + 1);
      if (next == std::string_view::npos) {
        break;  // a soft break at the very end
      }
      if (text[next] == '\r' || text[next] == '\n') {
        at = next + (text[next] == '\r' && next + 1 < text.size() && text[next + 1] == '\n' ? 2 : 1);
        continue;
      }
      ++out.illegal;
      out.bytes += c;
      ++at;
    } else if (c == ' ' || c == '\t') {
      const auto next = text.find_first_not_of(" \t", at);
      if (next != std::string_view::npos && text[next] != '\r' && text[next] != '\n') {
        out.bytes.append(text.substr(at, next - at));
      }
      at = next == std::string_view::npos ? text.size() : next;
    } else {
      out.bytes += c;
      ++at;
    }
  }
  return out;
}

std::string DecodeQHeader(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '_') {
      out += ' ';
    } else if (text[i] == '=' && i + 2 < text.size() + 0 && HexValue(text[i + 1]) >= 0 && HexValue(text[i + 2]) >= 0) {
      out += static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

Transfer DecodeUuencode(std::string_view text) {
  Transfer out;
  bool inside = false;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (!inside) {
      inside = line.starts_with("begin ");
      continue;
    }
    if (line == "end") {
      break;
    }
    if (line.empty()) {
      continue;
    }
    const auto value = [](char c) { return static_cast<std::uint32_t>((c - ' ') & 0x3f); };
    std::size_t left = value(line[0]);
    for (std::size_t i = 1; i < line.size() && left > 0; i += 4) {
      std::uint32_t bits = 0;
      for (std::size_t k = 0; k < 4; ++k) {
        bits = (bits << 6) | (i + k < line.size() ? value(line[i + k]) : 0U);
      }
      for (int shift = 16; shift >= 0 && left > 0; shift -= 8, --left) {
        out.bytes += static_cast<char>(bits >> shift);
      }
    }
  }
  return out;
}

std::string EncodeBase64(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() / 57 * 78 + 80);
  std::size_t column = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t k) {
      return i + k < bytes.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i + k])) : 0U;
    };
    const std::uint32_t bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
    out += kAlphabet[bits >> 18];
    out += kAlphabet[(bits >> 12) & 0x3f];
    out += i + 1 < bytes.size() ? kAlphabet[(bits >> 6) & 0x3f] : '=';
    out += i + 2 < bytes.size() ? kAlphabet[bits & 0x3f] : '=';
    column += 4;
    if (column >= 76) {
      out += "\r\n";
      column = 0;
    }
  }
  if (column > 0) {
    out += "\r\n";
  }
  return out;
}

std::string EncodeQuotedPrintable(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::size_t kLongest = 75;
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  std::size_t column = 0;
  const auto make_room = [&](std::size_t size) {
    if (column + size > kLongest) {
      out += "=\r\n";
      column = 0;
    }
    column += size;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r') {
      continue;
    }
    if (c == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool line_end = i + 1 >= text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
    // "From " at a line's start and a lone "." are changed by some relays.
    const bool fragile = column == 0 && (c == '.' || (c == 'F' && text.substr(i).starts_with("From ")));
    const bool plain = ((byte > 0x20 && byte < 0x7f && c != '=') || ((c == ' ' || c == '\t') && !line_end)) && !fragile;
    if (plain) {
      make_room(1);
      out.push_back(c);
    } else {
      const char escape[] = {'=', kHex[byte >> 4], kHex[byte & 15]};
      make_room(sizeof escape);
      out.append(escape, sizeof escape);
    }
  }
  if (column > 0) {
    out += "\r\n";
  }
  return out;
}

}  // namespace propolis::mail
