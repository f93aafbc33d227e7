// Numbers about the running server: counters, gauges and histograms with labels, printed in the Prometheus text format
// (version 0.0.4). Ask the registry for a series once, keep the reference (it lives as long as the registry), and
// update it from any thread: an update is one or two relaxed atomic operations.
//
//   metrics::Counter& sent = registry.GetCounter("propolis_mail_sent_total", "Mails handed to the relay", {{"result",
//   "ok"}}); sent.Add();
//
// A family has at most kMaxSeries label sets; further ones share the series {overflow="true"}, so that a label made
// from outside text cannot eat the memory.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace propolis::metrics {

using Labels = std::vector<std::pair<std::string, std::string>>;
inline constexpr std::size_t kMaxSeries = 1000;

class Counter {
 public:
  void Add(std::uint64_t by = 1) { value_.fetch_add(by, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t Value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
 public:
  void Set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void Add(std::int64_t by = 1) { value_.fetch_add(by, std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t Value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

class Histogram {
 public:
  // Upper bounds, ascending; +Inf is added.
  explicit Histogram(std::vector<double> bounds);
  void Observe(double value);
  [[nodiscard]] std::uint64_t Count() const;
  [[nodiscard]] double Sum() const { return sum_.load(std::memory_order_relaxed); }
  [[nodiscard]] const std::vector<double>& Bounds() const { return bounds_; }
  // Observations in bucket `index`, not cumulative; index Bounds().size() is +Inf.
  [[nodiscard]] std::uint64_t InBucket(std::size_t index) const;

 private:
  std::vector<double> bounds_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> buckets_;
  std::atomic<double> sum_{0};
};

// 1 ms to 10 s in steps of about 2.5.
std::vector<double> DurationBounds();

class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // The same name and labels give the same object. A name must keep its kind; a mix-up is a bug and aborts.
  Counter& GetCounter(std::string_view name, std::string_view help, const Labels& labels = {});
  Gauge& GetGauge(std::string_view name, std::string_view help, const Labels& labels = {});
  Histogram& GetHistogram(std::string_view name, std::string_view help, const Labels& labels = {},
                          const std::vector<double>& bounds = DurationBounds());
  // Runs before every Text(): a place to set gauges that are cheap to read and dear to maintain.
  void OnCollect(std::function<void()> collect);
  [[nodiscard]] std::string Text();

 private:
  struct Family;
  Family& FamilyOf(std::string_view name, std::string_view help, int kind) PROPOLIS_REQUIRES(mutex_);

  Mutex mutex_;
  std::map<std::string, std::unique_ptr<Family>, std::less<>> families_ PROPOLIS_GUARDED_BY(mutex_);
  std::vector<std::function<void()>> collectors_ PROPOLIS_GUARDED_BY(mutex_);
};

}  // namespace propolis::metrics
