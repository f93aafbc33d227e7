#include "auth/secrets_file.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "auth/record.h"
#include "base/crypto.h"
#include "store/files.h"

namespace propolis::auth::secrets {
namespace {

namespace files = store::files;
namespace fs = std::filesystem;

constexpr std::size_t kLongestFile = 4096;  // bytes
constexpr std::int64_t kBatch = 100;        // secrets in one transaction: a few milliseconds

std::string FolderOf(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

Status WriteNew(const std::string& path, std::string_view text) {
  const auto file = TRY(files::Create(path));
  TRY(files::WriteAll(file, text, path));
  return files::Sync(file, path);
}

// In place of what is there, at once or not at all. The desk's lock keeps others out.
Status Replace(const std::string& path, const Keyring& keyring) {
  const std::string fresh = path + ".new";
  std::error_code failed;
  fs::remove(fresh, failed);  // of a rotation that was cut short
  TRY(WriteNew(fresh, keyring.Text()));
  fs::rename(fresh, path, failed);
  if (failed) {
    return Fail(Code::kUnavailable, "store.io", {{"path", path}, {"why", failed.message()}});
  }
  return files::SyncFolder(FolderOf(path));
}

}  // namespace

std::string KeyPath(const std::string& given, const std::string& folder) {
  if (!given.empty()) {
    return given;
  }
  if (const char* credentials = std::getenv(std::string(kCredentials).c_str()); credentials != nullptr) {
    std::string path = std::string(credentials) + "/" + std::string(kCredential);
    std::error_code ignored;
    if (fs::exists(path, ignored)) {
      return path;
    }
  }
  return folder + "/" + std::string(kKeyFile);
}

Result<std::optional<Keyring>> ReadKeys(const std::string& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    return std::optional<Keyring>();
  }
  const auto file = TRY(files::OpenToRead(path));
  struct stat about = {};
  if (fstat(file.get(), &about) != 0) {
    return files::IoFailure(path);
  }
  if ((about.st_mode & S_IRWXO) != 0) {
    return Fail(Code::kInternal, "secrets.key_open", {{"file", path}});
  }
  std::string buffer;
  const auto text = TRY(files::ReadSome(file, buffer, path));
  auto keyring = text.size() <= kLongestFile ? Keyring::Parse(text) : std::nullopt;
  if (!keyring) {
    return Fail(Code::kInternal, "secrets.bad_key", {{"file", path}});
  }
  return keyring;
}

Result<Keyring> MakeKeys(const std::string& path) {
  Keyring fresh = Keyring::Make();
  const std::string beside = path + "." + crypto::RandomToken(6);
  TRY(WriteNew(beside, fresh.Text()));
  // A link, unlike a rename, never takes the place of a key that seals already; and it shows a file that is complete.
  std::error_code taken;
  fs::create_hard_link(beside, path, taken);
  std::error_code ignored;
  fs::remove(beside, ignored);
  if (!taken) {
    TRY(files::SyncFolder(FolderOf(path)));
    return fresh;
  }
  if (auto there = TRY(ReadKeys(path))) {
    return *std::move(there);
  }
  return Fail(Code::kUnavailable, "store.io", {{"path", path}, {"why", taken.message()}});
}

Status Rotate(store::Store& store, const std::string& path, const store::Progress& progress) {
  auto keyring = TRY(ReadKeys(path));
  if (!keyring) {
    return Fail(Code::kNotFound, "secrets.key_missing", {{"file", path}});
  }
  if (!keyring->HasOldKeys()) {
    keyring = keyring->WithFreshKey();
    TRY(Replace(path, *keyring));
  }
  Use(*keyring);
  std::int64_t left = 1;
  for (std::int64_t done = 0; left > 0; done += kBatch) {
    left = TRY(store.Write([](store::WriteTx& tx) { return Reseal(tx, kBatch); }));
    if (progress && !progress(done + kBatch, done + kBatch + left)) {
      return Fail(Code::kTimeout, "store.cancelled");
    }
  }
  TRY(store.Write([](store::WriteTx& tx) -> Status {
    Record(tx, SystemActor(), "secrets.rotate");
    return {};
  }));
  TRY(Replace(path, keyring->WithoutOldKeys()));
  Use(keyring->WithoutOldKeys());
  return {};
}

}  // namespace propolis::auth::secrets
