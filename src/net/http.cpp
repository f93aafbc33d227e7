#include "net/http.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "base/text.h"

namespace propolis::net {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool SameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return Lower(x) == Lower(y); });
}

}  // namespace

void Headers::Add(std::string_view name, std::string_view value) {
  const auto at = static_cast<std::uint32_t>(text_.size());
  const auto name_size = static_cast<std::uint32_t>(name.size());
  text_.append(name).append(value);
  fields_.push_back(Place{at, name_size, at + name_size, static_cast<std::uint32_t>(value.size())});
}

void Headers::Set(std::string_view name, std::string_view value) {
  const std::string kept(value);  // may point into text_
  Remove(name);
  Add(name, kept);
}

void Headers::Remove(std::string_view name) {
  std::erase_if(fields_, [&](const Place& place) {
    return SameName(std::string_view(text_).substr(place.name_at, place.name_size), name);
  });
}

void Headers::Clear() {
  text_.clear();
  fields_.clear();
}

std::pair<std::string_view, std::string_view> Headers::At(std::size_t index) const {
  const auto& place = fields_[index];
  const std::string_view all = text_;
  return {all.substr(place.name_at, place.name_size), all.substr(place.value_at, place.value_size)};
}

std::optional<std::string_view> Headers::Find(std::string_view name) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto [candidate, value] = At(i);
    if (SameName(candidate, name)) {
      return value;
    }
  }
  return std::nullopt;
}

std::vector<std::string_view> Headers::All(std::string_view name) const {
  std::vector<std::string_view> values;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto [candidate, value] = At(i);
    if (SameName(candidate, name)) {
      values.push_back(value);
    }
  }
  return values;
}

std::size_t Headers::Count(std::string_view name) const { return All(name).size(); }

std::optional<std::string_view> Pairs::Find(std::string_view name) const {
  for (const auto& [candidate, value] : items_) {
    if (candidate == name) {
      return value;
    }
  }
  return std::nullopt;
}

std::vector<std::string_view> Pairs::All(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [candidate, value] : items_) {
    if (candidate == name) {
      values.push_back(value);
    }
  }
  return values;
}

SpooledFile::~SpooledFile() {
  if (!path_.empty()) {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
}

std::optional<std::string_view> Request::Cookie(std::string_view name) const {
  for (const auto field : headers.All("Cookie")) {
    for (const auto pair : text::Split(field, ';')) {
      const auto trimmed = text::Trim(pair);
      const auto equals = trimmed.find('=');
      if (equals != std::string_view::npos && trimmed.substr(0, equals) == name) {
        auto value = trimmed.substr(equals + 1);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
          value = value.substr(1, value.size() - 2);
        }
        return value;
      }
    }
  }
  return std::nullopt;
}

std::string Request::ContentType() const {
  const auto field = headers.Find("Content-Type");
  return field ? text::AsciiLower(text::Trim(field->substr(0, field->find(';')))) : std::string();
}

std::shared_ptr<const std::string> SseEvent(std::string_view event, std::string_view id, std::string_view data) {
  // A line end inside of `event` or `id` would start a field of its own.
  const auto one_line = [](std::string_view value) { return value.substr(0, value.find_first_of("\r\n")); };
  std::string out;
  out.reserve(data.size() + event.size() + id.size() + 32);
  if (!event.empty()) {
    out.append("event: ").append(one_line(event)).append("\n");
  }
  if (!id.empty()) {
    out.append("id: ").append(one_line(id)).append("\n");
  }
  while (true) {
    const auto end = data.find_first_of("\r\n");
    out.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == std::string_view::npos) {
      break;
    }
    data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  out.push_back('\n');
  return std::make_shared<const std::string>(std::move(out));
}

std::shared_ptr<const std::string> SseRetry(std::chrono::milliseconds wait) {
  return std::make_shared<const std::string>(fmt::format("retry: {}\n\n", wait.count()));
}

Response Response::Text(int status, std::string_view text) {
  Response response;
  response.status = status;
  response.headers.Add("Content-Type", "text/plain; charset=utf-8");
  response.headers.Add("X-Content-Type-Options", "nosniff");
  response.body = text;
  return response;
}

Response Response::Json(int status, std::string json) {
  Response response;
  response.status = status;
  response.headers.Add("Content-Type", "application/json");
  response.headers.Add("X-Content-Type-Options", "nosniff");
  response.headers.Add("Cache-Control", "no-store");
  response.body = std::move(json);
  return response;
}

Response Response::Html(int status, std::string html) {
  Response response;
  response.status = status;
  response.headers.Add("Content-Type", "text/html; charset=utf-8");
  response.headers.Add("Cache-Control", "no-store");
  PageHeaders(response.headers);
  response.body = std::move(html);
  return response;
}

Response Response::Empty(int status) {
  Response response;
  response.status = status;
  return response;
}

Response Response::Redirect(int status, std::string_view location) {
  Response response;
  response.status = status;
  response.headers.Add("Location", location);
  response.headers.Add("Cache-Control", "no-store");
  return response;
}

Result<Response> Response::File(std::filesystem::path path, std::string_view content_type) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error || !std::filesystem::is_regular_file(path, error)) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  Response response;
  response.headers.Add("Content-Type", content_type);
  response.headers.Add("X-Content-Type-Options", "nosniff");
  response.file = FileRange{std::move(path), 0, size, false};
  return response;
}

Response Response::Stream(OnStream start) {
  Response response;
  response.headers.Add("Content-Type", "text/event-stream");
  response.headers.Add("Cache-Control", "no-store");
  response.headers.Add("X-Accel-Buffering", "no");  // nginx in front must not hold events back
  response.headers.Add("X-Content-Type-Options", "nosniff");
  response.on_stream = std::move(start);
  return response;
}

void PageHeaders(Headers& headers) {
  headers.Set("Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
              "font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "
              "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  headers.Set("X-Content-Type-Options", "nosniff");
  headers.Set("X-Frame-Options", "DENY");
  headers.Set("Referrer-Policy", "no-referrer");
  headers.Set("Cross-Origin-Opener-Policy", "same-origin");
  headers.Set("Cross-Origin-Resource-Policy", "same-origin");
  headers.Set("Permissions-Policy",
              "camera=(self), microphone=(self), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self), "
              "publickey-credentials-create=(self)");
}

std::string SetCookie(std::string_view name, std::string_view value, const CookieOptions& options) {
  std::string out =
      fmt::format("{}={}; Path={}; SameSite={}", name, value, options.path, options.strict ? "Strict" : "Lax");
  if (options.http_only) {
    out.append("; HttpOnly");
  }
  if (options.secure) {
    out.append("; Secure");
  }
  if (options.max_age) {
    out.append(fmt::format("; Max-Age={}", options.max_age->count()));
  }
  return out;
}

std::string HttpDate(std::chrono::sys_seconds time) {
  static constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::string_view ReasonPhrase(int status) {
  static constexpr std::array kPhrases = {
      std::pair{100, "Continue"},
      std::pair{200, "OK"},
      std::pair{201, "Created"},
      std::pair{202, "Accepted"},
      std::pair{204, "No Content"},
      std::pair{206, "Partial Content"},
      std::pair{301, "Moved Permanently"},
      std::pair{302, "Found"},
      std::pair{303, "See Other"},
      std::pair{304, "Not Modified"},
      std::pair{307, "Temporary Redirect"},
      std::pair{308, "Permanent Redirect"},
      std::pair{400, "Bad Request"},
      std::pair{401, "Unauthorized"},
      std::pair{403, "Forbidden"},
      std::pair{404, "Not Found"},
      std::pair{405, "Method Not Allowed"},
      std::pair{406, "Not Acceptable"},
      std::pair{408, "Request Timeout"},
      std::pair{409, "Conflict"},
      std::pair{410, "Gone"},
      std::pair{411, "Length Required"},
      std::pair{412, "Precondition Failed"},
      std::pair{413, "Content Too Large"},
      std::pair{414, "URI Too Long"},
      std::pair{415, "Unsupported Media Type"},
      std::pair{416, "Range Not Satisfiable"},
      std::pair{417, "Expectation Failed"},
      std::pair{422, "Unprocessable Content"},
      std::pair{423, "Locked"},
      std::pair{428, "Precondition Required"},
      std::pair{429, "Too Many Requests"},
      std::pair{431, "Request Header Fields Too Large"},
      std::pair{500, "Internal Server Error"},
      std::pair{501, "Not Implemented"},
      std::pair{502, "Bad Gateway"},
      std::pair{503, "Service Unavailable"},
      std::pair{504, "Gateway Timeout"},
      std::pair{505, "HTTP Version Not Supported"},
      std::pair{507, "Insufficient Storage"},
  };
  const auto found = std::find_if(kPhrases.begin(), kPhrases.end(), [&](const auto& it) { return it.first == status; });
  return found == kPhrases.end() ? "Status" : found->second;
}

}  // namespace propolis::net
