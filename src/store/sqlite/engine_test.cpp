#include "store/conformance.h"
#include "store/test_support.h"

namespace propolis::store {
namespace {

class SqliteDatabase final : public TestDatabase {
 public:
  Result<std::unique_ptr<Store>> Open(OpenOptions options) override {
    options.location = folder_.path + "/desk";
    return store::Open(options);
  }

 private:
  TestFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreConformance, testing::Values([]() -> std::unique_ptr<TestDatabase> {
                           return std::make_unique<SqliteDatabase>();
                         }));

TEST(SqliteStore, TheRealSchemaOpens) {
  TestStore desk;
  EXPECT_EQ(desk->GetHealth().schema, EmbeddedMigrations().back().number);
  const auto findings = desk->Verify(nullptr);
  ASSERT_TRUE(findings);
  EXPECT_TRUE(findings->empty());
}

}  // namespace
}  // namespace propolis::store
