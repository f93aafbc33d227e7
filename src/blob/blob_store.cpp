#include "blob/blob_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <utility>

#include "base/text.h"

namespace propolis::blob {
namespace {

namespace fs = std::filesystem;
namespace files = store::files;

constexpr std::time_t kAbandoned = 24 * 3600;  // seconds after which a half-written file belongs to nobody

bool IsName(std::string_view sha256) {
  return sha256.size() == 64 &&
         std::ranges::all_of(sha256, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::unexpected<Error> Missing(std::string_view sha256) {
  return Fail(Code::kNotFound, "blob.missing", {{"sha256", std::string(sha256.substr(0, 64))}});
}

std::unexpected<Error> TooLarge(std::int64_t limit) {
  return Fail(Code::kTooLarge, "blob.too_large", {{"limit", fmt::format("{}", limit)}});
}

void ClearAbandoned(const std::string& folder) {
  std::error_code error;
  const std::time_t now = std::time(nullptr);
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    struct stat about = {};
    if (lstat(entry->path().c_str(), &about) == 0 && S_ISREG(about.st_mode) && now - about.st_mtime > kAbandoned) {
      unlink(entry->path().c_str());
    }
  }
}

// Removes the file at the end unless it has been moved away.
class Temporary {
 public:
  explicit Temporary(std::string path) : path_(std::move(path)) {}
  ~Temporary() {
    if (!path_.empty()) {
      unlink(path_.c_str());
    }
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  void Moved() { path_.clear(); }

 private:
  std::string path_;
};

}  // namespace

Result<std::string_view> Reader::Next() {
  if (!started_) {
    started_ = true;
    ahead_size_ = TRY(files::ReadSome(file_, ahead_, path_)).size();
  }
  std::swap(current_, ahead_);
  const std::string_view piece = std::string_view(current_).substr(0, ahead_size_);
  if (piece.empty()) {
    return piece;
  }
  hash_.Add(piece);
  ahead_size_ = TRY(files::ReadSome(file_, ahead_, path_)).size();
  if (ahead_size_ == 0 && crypto::Hex(hash_.Finish()) != sha256_) {
    return Fail(Code::kInternal, "blob.damaged", {{"sha256", sha256_}});
  }
  return piece;
}

Result<std::unique_ptr<Store>> Store::OpenFolder(const std::string& folder, Limits limits) {
  crypto::Start();
  TRY(files::MakeFolder(folder + "/tmp"));
  ClearAbandoned(folder + "/tmp");
  return std::unique_ptr<Store>(new Store(folder, limits));
}

Result<Stored> Store::Put(std::string_view bytes) {
  bool given = false;
  return PutStream(
      [&]() -> Result<std::string_view> { return std::exchange(given, true) ? std::string_view() : bytes; });
}

Result<Stored> Store::PutStream(const Source& source) {
  Temporary temporary(TemporaryPath());
  crypto::Sha256Stream hash;
  Stored stored;
  {
    const files::Descriptor file = TRY(files::Create(temporary.path()));
    while (true) {
      const std::string_view piece = TRY(source());
      if (piece.empty()) {
        break;
      }
      stored.size += static_cast<std::int64_t>(piece.size());
      if (stored.size > limits_.largest) {
        return TooLarge(limits_.largest);
      }
      hash.Add(piece);
      TRY(files::WriteAll(file, piece, temporary.path()));
    }
    TRY(files::Sync(file, temporary.path()));
  }
  stored.sha256 = crypto::Hex(hash.Finish());
  TRY(Keep(temporary.path(), stored.sha256));
  temporary.Moved();
  return stored;
}

Result<Stored> Store::TakeFile(const std::string& path) {
  std::int64_t seen = 0;
  const auto within = [&](std::int64_t bytes) { return (seen += bytes) <= limits_.largest; };
  Temporary temporary(TemporaryPath());
  TRY(files::OpenToRead(path));  // a regular file and no link
  // Out of reach of whoever spooled it before it is hashed, so that what is hashed is what is kept.
  const bool moved = rename(path.c_str(), temporary.path().c_str()) == 0;
  if (!moved && errno != EXDEV) {
    return files::IoFailure(path);
  }
  Result<Stored> stored = moved ? files::Digest(temporary.path(), within) : files::Copy(path, temporary.path(), within);
  if (seen > limits_.largest) {
    return TooLarge(limits_.largest);
  }
  if (!stored) {
    return stored;
  }
  if (moved) {
    const files::Descriptor file = TRY(files::OpenToRead(temporary.path()));
    if (fchmod(file.get(), 0600) != 0) {
      return files::IoFailure(temporary.path());
    }
    TRY(files::Sync(file, temporary.path()));
  }
  TRY(Keep(temporary.path(), stored->sha256));
  temporary.Moved();
  if (!moved) {
    unlink(path.c_str());
  }
  return stored;
}

// An equal blob that is already there is replaced: that costs nothing, heals it if it was damaged, and makes it young.
Status Store::Keep(const std::string& temporary, const std::string& sha256) {
  const std::string path = TRY(PathOf(sha256));
  const std::string folder = fs::path(path).parent_path().string();
  const std::string above = fs::path(folder).parent_path().string();
  const bool is_new = !fs::exists(folder);
  TRY(files::MakeFolder(folder));
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    return files::IoFailure(path);
  }
  TRY(files::SyncFolder(folder));
  if (is_new) {
    TRY(files::SyncFolder(above));
    TRY(files::SyncFolder(folder_));
  }
  return {};
}

Result<Reader> Store::Open(std::string_view sha256) const {
  const std::string path = TRY(PathOf(sha256));
  auto file = files::OpenToRead(path);
  if (!file) {
    return errno == ENOENT ? Missing(sha256) : std::unexpected(std::move(file).error());
  }
  struct stat about = {};
  if (fstat(file->get(), &about) != 0) {
    return files::IoFailure(path);
  }
  Reader reader(std::move(*file), path, std::string(sha256), about.st_size);
  if (about.st_size == 0 && sha256 != crypto::Hex(crypto::Sha256(""))) {
    return Fail(Code::kInternal, "blob.damaged", {{"sha256", std::string(sha256)}});
  }
  return reader;
}

Result<std::string> Store::Read(std::string_view sha256, std::int64_t limit) const {
  Reader reader = TRY(Open(sha256));
  if (reader.size() > limit) {
    return TooLarge(limit);
  }
  std::string bytes;
  while (true) {
    const std::string_view piece = TRY(reader.Next());
    if (piece.empty()) {
      return bytes;
    }
    bytes += piece;
  }
}

Result<std::string> Store::CheckedPath(std::string_view sha256) const {
  Reader reader = TRY(Open(sha256));
  while (true) {
    const std::string_view piece = TRY(reader.Next());
    if (piece.empty()) {
      return PathOf(sha256);
    }
  }
}

bool Store::Exists(std::string_view sha256) const {
  const auto path = PathOf(sha256);
  return path && access(path->c_str(), R_OK) == 0;
}

Status Store::Remove(std::string_view sha256) {
  const std::string path = TRY(PathOf(sha256));
  if (unlink(path.c_str()) != 0 && errno != ENOENT) {
    return files::IoFailure(path);
  }
  return {};
}

Result<std::int64_t> Store::Sweep(const std::function<bool(std::string_view sha256)>& is_named, Time before) {
  const std::vector<std::string> all = TRY(List());
  std::int64_t removed = 0;
  for (const std::string& path : all) {
    const std::string name = fs::path(path).filename().string();
    struct stat about = {};
    if (!IsName(name) || is_named(name) || lstat(path.c_str(), &about) != 0 ||
        Time(std::chrono::seconds(about.st_mtime)) >= before) {
      continue;
    }
    TRY(Remove(name));
    ++removed;
  }
  return removed;
}

Result<std::vector<std::string>> Store::Verify(const store::Progress& progress) const {
  const std::vector<std::string> all = TRY(List());
  std::vector<std::string> findings;
  std::int64_t done = 0;
  for (const std::string& path : all) {
    const std::string name = fs::path(path).filename().string();
    const auto expected = PathOf(name);
    if (!expected || *expected != path) {
      findings.push_back(fmt::format("{} is not a blob", path));
    } else if (const auto digested = files::Digest(path); !digested) {
      findings.push_back(fmt::format("{} cannot be read: {}", path, Describe(digested.error())));
    } else if (digested->sha256 != name) {
      findings.push_back(fmt::format("{} is damaged: its bytes hash to {}", path, digested->sha256));
    }
    ++done;
    if (progress && !progress(done, static_cast<std::int64_t>(all.size()))) {
      return Fail(Code::kTimeout, "store.cancelled");
    }
  }
  return findings;
}

Result<std::string> Store::PathOf(std::string_view sha256) const {
  if (!IsName(sha256)) {
    return Missing(sha256);
  }
  return fmt::format("{}/{}/{}/{}", folder_, sha256.substr(0, 2), sha256.substr(2, 2), sha256);
}

std::string Store::TemporaryPath() const {
  return fmt::format("{}/tmp/{}", folder_, text::HexEncode(crypto::RandomBytes(16)));
}

Result<std::vector<std::string>> Store::List() const {
  std::vector<std::string> found;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder_, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (entry.depth() == 0 && entry->path().filename() == "tmp") {
      entry.disable_recursion_pending();
    } else if (entry->is_symlink() || !entry->is_directory()) {
      found.push_back(entry->path().string());
    }
  }
  if (error) {
    return Fail(Code::kUnavailable, "store.io", {{"path", folder_}, {"why", error.message()}});
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace propolis::blob
