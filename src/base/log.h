// Structured logs: one line an event, JSON or logfmt, on stderr. Thread-safe; a line is written whole.
//
//   log::Info("mail.received", {{"ticket", number}, {"bytes", size}});
//
// The event is a fixed dotted name, never text from outside; what varies goes into fields. Nobody can flood the log
// from outside: each event name has a budget (a burst of 50, then 10 a second) and the next line that passes carries
// `suppressed`, the number of lines that did not. Values are cut at 1 kB. Never log a secret: pass targets and headers
// through RedactTarget and RedactHeader.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/names.h"
#include "base/result.h"

namespace propolis::log {

enum class Level { kDebug, kInfo, kWarning, kError };
enum class Format { kJson, kLogfmt };

// One named value. Text is borrowed for the duration of the call.
struct Field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, double, bool> value;

  Field(std::string_view name, std::string_view text) : key(name), value(text) {}
  Field(std::string_view name, const char* text) : key(name), value(std::string_view(text)) {}
  Field(std::string_view name, const std::string& text) : key(name), value(std::string_view(text)) {}
  Field(std::string_view name, bool flag) : key(name), value(flag) {}
  Field(std::string_view name, double number) : key(name), value(number) {}
  template <std::integral T>
  Field(std::string_view name, T number) : key(name), value(static_cast<std::int64_t>(number)) {}
};
using Fields = std::initializer_list<Field>;

void Write(Level level, std::string_view event, Fields fields = {});
inline void Debug(std::string_view event, Fields fields = {}) { Write(Level::kDebug, event, fields); }
inline void Info(std::string_view event, Fields fields = {}) { Write(Level::kInfo, event, fields); }
inline void Warning(std::string_view event, Fields fields = {}) { Write(Level::kWarning, event, fields); }
inline void Error(std::string_view event, Fields fields = {}) { Write(Level::kError, event, fields); }
// With the error's description in the field `error`.
void Error(std::string_view event, const propolis::Error& error);

// Everything logged by this thread while a Context lives carries `request`. Contexts nest; the innermost counts.
class Context {
 public:
  explicit Context(std::string request);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

 private:
  std::string previous_;
};
// The id of the innermost Context of this thread; empty without one.
std::string_view CurrentRequest();

void SetLevel(Level least);  // default kInfo
[[nodiscard]] bool Enabled(Level level);
void SetFormat(Format format);  // default kJson
// Where finished lines go (without the newline). An empty function means stderr again. For tests.
void SetSink(std::function<void(std::string_view line)> sink);

// A request target whose query values are hidden where the name smells of a secret: "/x?token=***&page=2".
std::string RedactTarget(std::string_view target);
// The value of a header, or "***" for Authorization, Cookie and their like.
std::string RedactHeader(std::string_view name, std::string_view value);

}  // namespace propolis::log

namespace propolis {
template <>
struct Names<log::Level> {
  static constexpr std::array kTable = {std::pair{log::Level::kDebug, std::string_view("debug")},
                                        std::pair{log::Level::kInfo, std::string_view("info")},
                                        std::pair{log::Level::kWarning, std::string_view("warning")},
                                        std::pair{log::Level::kError, std::string_view("error")}};
};
template <>
struct Names<log::Format> {
  static constexpr std::array kTable = {std::pair{log::Format::kJson, std::string_view("json")},
                                        std::pair{log::Format::kLogfmt, std::string_view("logfmt")}};
};
}  // namespace propolis
