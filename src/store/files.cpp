#include "store/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/crypto.h"

namespace propolis::store::files {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

Result<Digested> Pass(const std::string& from, const Descriptor* to, std::string_view to_path, const Pieces& pieces) {
  const Descriptor source = TRY(OpenToRead(from));
  crypto::Sha256Stream hash;
  Digested digested;
  std::string buffer;
  while (true) {
    const std::string_view piece = TRY(ReadSome(source, buffer, from));
    if (piece.empty()) {
      break;
    }
    hash.Add(piece);
    digested.size += static_cast<std::int64_t>(piece.size());
    if (to != nullptr) {
      TRY(WriteAll(*to, piece, to_path));
    }
    if (pieces && !pieces(static_cast<std::int64_t>(piece.size()))) {
      return Fail(Code::kTimeout, "store.cancelled");
    }
  }
  digested.sha256 = crypto::Hex(hash.Finish());
  return digested;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

std::unexpected<Error> IoFailure(std::string_view path) {
  const std::string why = std::generic_category().message(errno);
  return Fail(Code::kUnavailable, "store.io", {{"path", std::string(path)}, {"why", why}});
}

Status MakeFolder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0) {
    return {};
  }
  if (errno == EEXIST && std::filesystem::is_directory(path)) {
    return {};
  }
  const std::string parent = std::filesystem::path(path).parent_path().string();
  if (errno != ENOENT || parent.empty() || parent == path) {
    return IoFailure(path);
  }
  TRY(MakeFolder(parent));
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return IoFailure(path);
  }
  return {};
}

Result<Descriptor> Create(const std::string& path) {
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.IsOpen()) {
    return IoFailure(path);
  }
  return file;
}

Result<Descriptor> OpenToRead(const std::string& path) {
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat about = {};
  if (!file.IsOpen() || fstat(file.get(), &about) != 0) {
    return IoFailure(path);
  }
  if (!S_ISREG(about.st_mode)) {
    errno = EINVAL;
    return IoFailure(path);
  }
  return file;
}

Status WriteAll(const Descriptor& file, std::string_view bytes, std::string_view path) {
  while (!bytes.empty()) {
    const ssize_t written = write(file.get(), bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      return IoFailure(path);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status Replace(const std::string& path, std::string_view bytes) {
  const std::string fresh = path + ".new";
  if (unlink(fresh.c_str()) != 0 && errno != ENOENT) {
    return IoFailure(fresh);
  }
  {
    const Descriptor file = TRY(Create(fresh));
    TRY(WriteAll(file, bytes, fresh));
    TRY(Sync(file, fresh));
  }
  if (rename(fresh.c_str(), path.c_str()) != 0) {
    return IoFailure(path);
  }
  return SyncFolder(std::filesystem::path(path).parent_path().string());
}

Result<std::string> ReadWhole(const std::string& path) {
  const Descriptor file = TRY(OpenToRead(path));
  std::string buffer;
  std::string whole;
  for (auto piece = TRY(ReadSome(file, buffer, path)); !piece.empty(); piece = TRY(ReadSome(file, buffer, path))) {
    whole += piece;
  }
  return whole;
}

Result<std::string_view> ReadSome(const Descriptor& file, std::string& buffer, std::string_view path) {
  buffer.resize(kPiece);
  while (true) {
    const ssize_t got = read(file.get(), buffer.data(), buffer.size());
    if (got >= 0) {
      return std::string_view(buffer).substr(0, static_cast<std::size_t>(got));
    }
    if (errno != EINTR) {
      return IoFailure(path);
    }
  }
}

Status Sync(const Descriptor& file, std::string_view path) {
  if (fsync(file.get()) != 0) {
    return IoFailure(path);
  }
  return {};
}

Status SyncFolder(const std::string& path) {
  const Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.IsOpen()) {
    return IoFailure(path);
  }
  return Sync(folder, path);
}

Result<Digested> Digest(const std::string& path, const Pieces& pieces) { return Pass(path, nullptr, "", pieces); }

Result<Digested> Copy(const std::string& from, const std::string& to, const Pieces& pieces) {
  const Descriptor target = TRY(Create(to));
  Digested digested = TRY(Pass(from, &target, to, pieces));
  TRY(Sync(target, to));
  return digested;
}

}  // namespace propolis::store::files
