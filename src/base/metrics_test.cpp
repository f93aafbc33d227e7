#include "base/metrics.h"

#include <gtest/gtest.h>

#include <thread>

namespace propolis::metrics {
namespace {

TEST(Metrics, PrometheusText) {
  Registry registry;
  registry.GetCounter("b_total", "Things", {{"kind", "a\"b\\c\nd"}}).Add(3);
  registry.GetGauge("a_now", "Now").Set(-2);
  auto& histogram = registry.GetHistogram("c_seconds", "Time", {{"route", "/x"}}, {0.1, 1});
  histogram.Observe(0.05);
  histogram.Observe(0.1);
  histogram.Observe(0.5);
  histogram.Observe(7);
  EXPECT_EQ(registry.Text(),
            "# HELP a_now Now\n# TYPE a_now gauge\na_now -2\n"
            "# HELP b_total Things\n# TYPE b_total counter\nb_total{kind=\"a\\\"b\\\\c\\nd\"} 3\n"
            "# HELP c_seconds Time\n# TYPE c_seconds histogram\n"
            "c_seconds_bucket{route=\"/x\",le=\"0.1\"} 2\n"
            "c_seconds_bucket{route=\"/x\",le=\"1\"} 3\n"
            "c_seconds_bucket{route=\"/x\",le=\"+Inf\"} 4\n"
            "c_seconds_sum{route=\"/x\"} 7.65\n"
            "c_seconds_count{route=\"/x\"} 4\n");
}

TEST(Metrics, SameSeriesSameObjectAndBoundedFamilies) {
  Registry registry;
  EXPECT_EQ(&registry.GetCounter("x_total", "X", {{"a", "1"}}), &registry.GetCounter("x_total", "X", {{"a", "1"}}));
  for (int i = 0; i < 3000; ++i) {
    registry.GetCounter("y_total", "Y", {{"name", std::to_string(i)}}).Add();
  }
  EXPECT_EQ(registry.GetCounter("y_total", "Y", {{"name", "2999"}}).Value(), 2000U);
  EXPECT_NE(registry.Text().find("y_total{overflow=\"true\"} 2000"), std::string::npos);
}

TEST(Metrics, CountsFromManyThreads) {
  Registry registry;
  auto& counter = registry.GetCounter("n_total", "N");
  auto& histogram = registry.GetHistogram("h", "H");
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5000; ++i) {
        counter.Add();
        histogram.Observe(1);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(counter.Value(), 20000U);
  EXPECT_EQ(histogram.Count(), 20000U);
  EXPECT_DOUBLE_EQ(histogram.Sum(), 20000.0);
}

TEST(Metrics, CollectorsRunBeforeText) {
  Registry registry;
  auto& gauge = registry.GetGauge("g", "G");
  registry.OnCollect([&] { gauge.Set(7); });
  EXPECT_NE(registry.Text().find("g 7\n"), std::string::npos);
}

}  // namespace
}  // namespace propolis::metrics
