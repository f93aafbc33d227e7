#include "base/log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cmath>
#include <map>
#include <memory>

#include "base/json.h"
#include "base/mutex.h"
#include "base/text.h"
#include "base/time.h"

namespace propolis::log {
namespace {

constexpr std::size_t kMaxValue = 1024;
constexpr std::size_t kMaxEvents = 512;  // further event names share one budget
constexpr double kBurst = 50;
constexpr double kRefillPerSecond = 10;

std::atomic<Level> least_level{Level::kInfo};
std::atomic<Format> line_format{Format::kJson};
thread_local std::string current_request;

// A token bucket for each event name.
class Budget {
 public:
  // The number of lines swallowed since the last one that passed, or nullopt when this one must be swallowed too.
  std::optional<std::uint64_t> Spend(std::string_view event) PROPOLIS_EXCLUDES(mutex_) {
    const auto now = std::chrono::steady_clock::now();
    MutexLock lock(mutex_);
    auto found = buckets_.find(event);
    if (found == buckets_.end()) {
      const bool full = buckets_.size() >= kMaxEvents;
      found = buckets_.try_emplace(full ? std::string("log.other") : std::string(event), Bucket{kBurst, now, 0}).first;
    }
    auto& bucket = found->second;
    const std::chrono::duration<double> passed = now - bucket.last;
    bucket.tokens = std::min(kBurst, bucket.tokens + passed.count() * kRefillPerSecond);
    bucket.last = now;
    if (bucket.tokens < 1) {
      ++bucket.suppressed;
      return std::nullopt;
    }
    bucket.tokens -= 1;
    return std::exchange(bucket.suppressed, 0);
  }

 private:
  struct Bucket {
    double tokens;
    std::chrono::steady_clock::time_point last;
    std::uint64_t suppressed;
  };
  Mutex mutex_;
  std::map<std::string, Bucket, std::less<>> buckets_ PROPOLIS_GUARDED_BY(mutex_);
};

using Sink = std::function<void(std::string_view)>;

struct Output {
  Budget budget;
  Mutex mutex;
  Sink sink PROPOLIS_GUARDED_BY(mutex);

  void Emit(std::string line) PROPOLIS_EXCLUDES(mutex) {
    MutexLock lock(mutex);
    if (sink) {
      sink(line);
      return;
    }
    line.push_back('\n');
    std::string_view rest = line;
    while (!rest.empty()) {
      const auto written = ::write(STDERR_FILENO, rest.data(), rest.size());
      if (written <= 0) {
        return;  // nowhere left to complain
      }
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
  }
};

Output& TheOutput() {
  static auto* output = new Output;  // never destroyed: threads may log while the process ends
  return *output;
}

std::string Cut(std::string_view value) {
  if (value.size() <= kMaxValue) {
    return std::string(value);
  }
  return std::string(value.substr(0, kMaxValue)) + "...";
}

class Line {
 public:
  virtual ~Line() = default;
  virtual void Add(std::string_view key, std::string_view value) = 0;
  virtual void Add(std::string_view key, std::int64_t value) = 0;
  virtual void Add(std::string_view key, double value) = 0;
  virtual void Add(std::string_view key, bool value) = 0;
  virtual std::string Take() = 0;
};

class JsonLine final : public Line {
 public:
  JsonLine() { writer_.BeginObject(); }
  void Add(std::string_view key, std::string_view value) override { writer_.Field(key, std::string_view(Cut(value))); }
  void Add(std::string_view key, std::int64_t value) override { writer_.Field(key, value); }
  void Add(std::string_view key, double value) override { writer_.Field(key, value); }
  void Add(std::string_view key, bool value) override { writer_.Field(key, value); }
  std::string Take() override {
    writer_.EndObject();
    return writer_.Take();
  }

 private:
  json::Writer writer_;
};

class LogfmtLine final : public Line {
 public:
  void Add(std::string_view key, std::string_view value) override {
    const auto plain = [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\'; };
    if (!value.empty() && value.size() <= kMaxValue && std::all_of(value.begin(), value.end(), plain)) {
      Raw(key, value);
    } else {
      json::Writer quoted;
      quoted.String(Cut(value));
      Raw(key, quoted.Take());
    }
  }
  void Add(std::string_view key, std::int64_t value) override { Raw(key, fmt::format("{}", value)); }
  void Add(std::string_view key, double value) override { Raw(key, fmt::format("{}", value)); }
  void Add(std::string_view key, bool value) override { Raw(key, value ? "true" : "false"); }
  std::string Take() override { return std::move(out_); }

 private:
  void Raw(std::string_view key, std::string_view value) {
    if (!out_.empty()) {
      out_.push_back(' ');
    }
    out_.append(key).append("=").append(value);
  }
  std::string out_;
};

bool SmellsOfSecret(std::string_view name) {
  const auto lower = text::AsciiLower(name);
  static constexpr std::array<std::string_view, 13> kSuspects = {"token", "secret",    "password", "passwd", "key",
                                                                 "code",  "signature", "sig",      "auth",   "session",
                                                                 "state", "link",      "assertion"};
  return std::any_of(kSuspects.begin(), kSuspects.end(),
                     [&](std::string_view suspect) { return lower.contains(suspect); });
}

}  // namespace

void Write(Level level, std::string_view event, Fields fields) {
  if (!Enabled(level)) {
    return;
  }
  auto& output = TheOutput();
  const auto suppressed = output.budget.Spend(event);
  if (!suppressed) {
    return;
  }
  std::unique_ptr<Line> line;
  if (line_format.load(std::memory_order_relaxed) == Format::kJson) {
    line = std::make_unique<JsonLine>();
  } else {
    line = std::make_unique<LogfmtLine>();
  }
  line->Add("time", FormatTime(SystemClock().Now()));
  line->Add("level", NameOf(level));
  line->Add("event", event);
  if (!current_request.empty()) {
    line->Add("request", current_request);
  }
  for (const auto& field : fields) {
    std::visit([&](const auto& value) { line->Add(field.key, value); }, field.value);
  }
  if (*suppressed > 0) {
    line->Add("suppressed", static_cast<std::int64_t>(*suppressed));
  }
  output.Emit(line->Take());
}

void Error(std::string_view event, const propolis::Error& error) { Error(event, {{"error", Describe(error)}}); }

Context::Context(std::string request) : previous_(std::exchange(current_request, std::move(request))) {}
Context::~Context() { current_request = std::move(previous_); }
std::string_view CurrentRequest() { return current_request; }

void SetLevel(Level least) { least_level = least; }
bool Enabled(Level level) { return level >= least_level.load(std::memory_order_relaxed); }
void SetFormat(Format format) { line_format = format; }

void SetSink(std::function<void(std::string_view line)> sink) {
  auto& output = TheOutput();
  MutexLock lock(output.mutex);
  output.sink = std::move(sink);
}

std::string RedactTarget(std::string_view target) {
  const auto question = target.find('?');
  if (question == std::string_view::npos) {
    return std::string(target);
  }
  std::string out(target.substr(0, question));
  char separator = '?';
  for (const auto pair : text::Split(target.substr(question + 1), '&')) {
    const auto name = pair.substr(0, pair.find('='));
    out.push_back(separator);
    separator = '&';
    // A percent in the name may spell a suspect word in disguise.
    if (name.size() < pair.size() && (SmellsOfSecret(name) || name.contains('%'))) {
      out.append(name).append("=***");
    } else {
      out.append(pair);
    }
  }
  return out;
}

std::string RedactHeader(std::string_view name, std::string_view value) {
  const auto lower = text::AsciiLower(name);
  const bool secret = lower == "cookie" || lower == "set-cookie" || lower.contains("auth") || SmellsOfSecret(lower);
  return secret ? "***" : std::string(value);
}

}  // namespace propolis::log
