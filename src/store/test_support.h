// For tests of everything above the store: a desk in a folder of its own, gone at the end.
//
//   store::TestStore desk;             // the real schema
//   desk->Write([&](store::WriteTx& tx) -> Result<int> { ... });
//   desk.clock->Advance(Seconds(60));
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "store/store.h"

namespace propolis::store {

// A fresh folder under the system's temporary one, removed with everything in it.
class TestFolder {
 public:
  TestFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "propolis-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error("no temporary folder: " + pattern);
    }
    path = pattern;
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::string path;
};

class TestStore {
 public:
  explicit TestStore(OpenOptions options = {}) {
    if (!options.clock) {
      options.clock = clock;
    }
    if (options.location.empty()) {
      options.location = folder.path + "/desk";
    }
    if (options.durability == Durability::kFull) {
      options.durability = Durability::kNone;
    }
    auto opened = Open(options);
    if (!opened) {
      throw std::runtime_error(Describe(opened.error()));
    }
    store_ = std::move(*opened);
  }
  Store& operator*() const { return *store_; }
  Store* operator->() const { return store_.get(); }

  TestFolder folder;
  // 2026-03-02T09:00:00Z, a Monday. Stands still until it is moved.
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>(FromMicros(1'772'442'000'000'000));

 private:
  std::unique_ptr<Store> store_;
};

}  // namespace propolis::store
