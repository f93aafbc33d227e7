// Files that must be there after a power cut. Every function answers Code::kUnavailable with "store.io" {path, why}
// when the file system refuses; paths in errors are for operators.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace propolis::store::files {

// An open file descriptor, closed at the end.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool IsOpen() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// The error for the failure in errno.
[[nodiscard]] std::unexpected<Error> IoFailure(std::string_view path);

// The folder and the missing ones above it, mode 0700.
Status MakeFolder(const std::string& path);
// Exclusively created, mode 0600.
Result<Descriptor> Create(const std::string& path);
// Never follows a symbolic link at the end of the path, and only regular files.
Result<Descriptor> OpenToRead(const std::string& path);
Status WriteAll(const Descriptor& file, std::string_view bytes, std::string_view path);
// The whole file anew, or as it was: also after a power cut.
Status Replace(const std::string& path, std::string_view bytes);
// The whole file.
Result<std::string> ReadWhole(const std::string& path);
// The next bytes, at most 256 KiB; empty at the end. Valid until the next call.
Result<std::string_view> ReadSome(const Descriptor& file, std::string& buffer, std::string_view path);
Status Sync(const Descriptor& file, std::string_view path);
Status SyncFolder(const std::string& path);

struct Digested {
  std::string sha256;  // lower case hex
  std::int64_t size = 0;
};
// Called with every piece's size; answering false ends with Code::kTimeout "store.cancelled".
using Pieces = std::function<bool(std::int64_t bytes)>;
Result<Digested> Digest(const std::string& path, const Pieces& pieces = nullptr);
// Copies and syncs; the target must not exist. Answers the digest of what was copied.
Result<Digested> Copy(const std::string& from, const std::string& to, const Pieces& pieces = nullptr);

}  // namespace propolis::store::files
