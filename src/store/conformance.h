// What every engine must do, written against the abstract Store. An engine's test file instantiates the suite:
//
//   INSTANTIATE_TEST_SUITE_P(Sqlite, StoreConformance, testing::Values(&MakeSqliteDesk));
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "store/store.h"

namespace propolis::store {

// One database that can be opened, closed and opened again. Gone with all its data at the end.
class TestDatabase {
 public:
  virtual ~TestDatabase() = default;
  // `options` come with everything but the location. At most one store is open at a time, unless a test says otherwise.
  virtual Result<std::unique_ptr<Store>> Open(OpenOptions options) = 0;
};

using MakeTestDatabase = std::function<std::unique_ptr<TestDatabase>()>;

class StoreConformance : public testing::TestWithParam<MakeTestDatabase> {
 protected:
  // The small schema of the tests, and a clock that stands still.
  static OpenOptions Options();
  void SetUp() override;
  // Closes and opens again.
  void Reopen(const OpenOptions& options);

  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<Store> store_;
};

}  // namespace propolis::store
