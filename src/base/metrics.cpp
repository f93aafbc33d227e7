#include "base/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <utility>

namespace propolis::metrics {
namespace {

enum Kind : int { kCounter, kGauge, kHistogram };

constexpr std::array<std::string_view, 3> kKindNames = {"counter", "gauge", "histogram"};

std::string EscapeLabel(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out.append("\\n");
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// `a="b",c="d"` without braces.
std::string Flatten(const Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    if (!out.empty()) {
      out.push_back(',');
    }
    out.append(name).append("=\"").append(EscapeLabel(value)).append("\"");
  }
  return out;
}

void Sample(std::string& out, std::string_view name, std::string_view labels, std::string_view more,
            std::string_view value) {
  out.append(name);
  if (!labels.empty() || !more.empty()) {
    out.append("{").append(labels);
    if (!labels.empty() && !more.empty()) {
      out.push_back(',');
    }
    out.append(more).append("}");
  }
  out.append(" ").append(value).append("\n");
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), buckets_(new std::atomic<std::uint64_t>[bounds_.size() + 1]()) {}

void Histogram::Observe(double value) {
  const auto index = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  buckets_[static_cast<std::size_t>(index)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::uint64_t Histogram::InBucket(std::size_t index) const { return buckets_[index].load(std::memory_order_relaxed); }

std::uint64_t Histogram::Count() const {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i <= bounds_.size(); ++i) {
    count += InBucket(i);
  }
  return count;
}

std::vector<double> DurationBounds() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

struct Registry::Family {
  int kind = kCounter;
  std::string help;
  std::map<std::string, std::unique_ptr<Counter>> counters;
  std::map<std::string, std::unique_ptr<Gauge>> gauges;
  std::map<std::string, std::unique_ptr<Histogram>> histograms;

  template <class T, class... Args>
  static T& Get(std::map<std::string, std::unique_ptr<T>>& series, const Labels& labels, const Args&... args) {
    auto key = Flatten(labels);
    if (series.size() >= kMaxSeries && !series.contains(key)) {
      key = "overflow=\"true\"";
    }
    auto& slot = series[key];
    if (!slot) {
      slot = std::make_unique<T>(args...);
    }
    return *slot;
  }
};

Registry::Registry() = default;
Registry::~Registry() = default;

Registry::Family& Registry::FamilyOf(std::string_view name, std::string_view help, int kind) {
  auto found = families_.find(name);
  if (found == families_.end()) {
    found = families_.emplace(std::string(name), std::make_unique<Family>()).first;
    found->second->kind = kind;
    found->second->help = help;
  }
  if (found->second->kind != kind) {
    std::fputs("metrics: one name, two kinds\n", stderr);
    std::abort();
  }
  return *found->second;
}

Counter& Registry::GetCounter(std::string_view name, std::string_view help, const Labels& labels) {
  MutexLock lock(mutex_);
  return Family::Get(FamilyOf(name, help, kCounter).counters, labels);
}

Gauge& Registry::GetGauge(std::string_view name, std::string_view help, const Labels& labels) {
  MutexLock lock(mutex_);
  return Family::Get(FamilyOf(name, help, kGauge).gauges, labels);
}

Histogram& Registry::GetHistogram(std::string_view name, std::string_view help, const Labels& labels,
                                  const std::vector<double>& bounds) {
  MutexLock lock(mutex_);
  return Family::Get(FamilyOf(name, help, kHistogram).histograms, labels, bounds);
}

void Registry::OnCollect(std::function<void()> collect) {
  MutexLock lock(mutex_);
  collectors_.push_back(std::move(collect));
}

std::string Registry::Text() {
  std::vector<std::function<void()>> collectors;
  {
    MutexLock lock(mutex_);
    collectors = collectors_;
  }
  for (const auto& collect : collectors) {
    collect();
  }
  std::string out;
  MutexLock lock(mutex_);
  for (const auto& [name, family] : families_) {
    out.append(fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family->help, name,
                           kKindNames[static_cast<std::size_t>(family->kind)]));
    for (const auto& [labels, counter] : family->counters) {
      Sample(out, name, labels, "", fmt::format("{}", counter->Value()));
    }
    for (const auto& [labels, gauge] : family->gauges) {
      Sample(out, name, labels, "", fmt::format("{}", gauge->Value()));
    }
    for (const auto& [labels, histogram] : family->histograms) {
      std::uint64_t running = 0;
      for (std::size_t i = 0; i <= histogram->Bounds().size(); ++i) {
        running += histogram->InBucket(i);
        const auto le =
            i < histogram->Bounds().size() ? fmt::format("{}", histogram->Bounds()[i]) : std::string("+Inf");
        Sample(out, name + "_bucket", labels, fmt::format("le=\"{}\"", le), fmt::format("{}", running));
      }
      Sample(out, name + "_sum", labels, "", fmt::format("{}", histogram->Sum()));
      Sample(out, name + "_count", labels, "", fmt::format("{}", running));
    }
  }
  return out;
}

}  // namespace propolis::metrics
