// Files by their content: a blob's name is the SHA-256 of its bytes, so it never changes and equal ones are kept once.
// DIR/ab/cd/abcd... (64 hex digits); half-written files live in DIR/tmp. An answered Put survives a power cut. What is
// read is hashed again on the way out, so damage is noticed instead of delivered.
//
// Safe to use from any thread. Store the blob first, then commit the row that names it; rows that are gone leave blobs
// behind until Sweep. Errors: kUnavailable "store.io" from the file system, kTooLarge "blob.too_large" {limit},
// kNotFound "blob.missing" {sha256}, kInternal "blob.damaged" {sha256}.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/result.h"
#include "base/time.h"
#include "store/files.h"
#include "store/store.h"

namespace propolis::blob {

using Stored = store::files::Digested;  // sha256 and size

// The next bytes of a stream, valid until the next call; empty at the end.
using Source = std::function<Result<std::string_view>()>;

// Hands out one blob piece by piece. The last piece comes only after the whole has proved to be what its name says.
class Reader {
 public:
  // Empty at the end. Valid until the next call.
  Result<std::string_view> Next();
  [[nodiscard]] std::int64_t size() const { return size_; }

 private:
  friend class Store;
  Reader(store::files::Descriptor file, std::string path, std::string sha256, std::int64_t size)
      : file_(std::move(file)), path_(std::move(path)), sha256_(std::move(sha256)), size_(size) {}

  store::files::Descriptor file_;
  std::string path_;
  std::string sha256_;
  std::int64_t size_;
  crypto::Sha256Stream hash_;
  std::string current_;
  std::string ahead_;
  std::size_t ahead_size_ = 0;
  bool started_ = false;
};

struct Limits {
  std::int64_t largest = std::int64_t{1} << 30;  // bytes of one blob
};

class Store {
 public:
  // Creates the folder when it is missing, and clears away what was half-written a day ago.
  static Result<std::unique_ptr<Store>> OpenFolder(const std::string& folder, Limits limits = {});

  Result<Stored> Put(std::string_view bytes);
  Result<Stored> PutStream(const Source& source);
  // Moves a file in (copies when it is on another file system). Regular files only. Once moved it
  // is gone from its place, even when it then proves too large.
  Result<Stored> TakeFile(const std::string& path);

  Result<Reader> Open(std::string_view sha256) const;
  // The whole blob, at most `limit` bytes.
  Result<std::string> Read(std::string_view sha256, std::int64_t limit) const;
  // Where the blob lies, after its bytes have been checked: for those who send files by themselves.
  Result<std::string> CheckedPath(std::string_view sha256) const;
  [[nodiscard]] bool Exists(std::string_view sha256) const;
  // Not finding it is success.
  Status Remove(std::string_view sha256);
  // Removes blobs that nothing names. Those put or put again after `before` are kept: their rows may not be committed
  // yet. Answers how many.
  Result<std::int64_t> Sweep(const std::function<bool(std::string_view sha256)>& is_named, Time before);
  // Hashes everything. One line for each damaged or misplaced file.
  Result<std::vector<std::string>> Verify(const store::Progress& progress) const;

 private:
  Store(std::string folder, Limits limits) : folder_(std::move(folder)), limits_(limits) {}
  [[nodiscard]] Result<std::string> PathOf(std::string_view sha256) const;
  [[nodiscard]] std::string TemporaryPath() const;
  Status Keep(const std::string& temporary, const std::string& sha256);
  [[nodiscard]] Result<std::vector<std::string>> List() const;

  std::string folder_;
  Limits limits_;
};

}  // namespace propolis::blob
