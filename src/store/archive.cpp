#include "store/archive.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <utility>

#include "base/crypto.h"
#include "base/json.h"
#include "store/files.h"

namespace propolis::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifest = "MANIFEST.json";
constexpr std::int64_t kFormat = 1;

std::unexpected<Error> Broken(std::string why) {
  return Fail(Code::kInvalid, "store.manifest_broken", {{"why", std::move(why)}});
}

// Only what Backup writes: no absolute paths, no "..", no odd bytes.
bool IsArchivePath(std::string_view path) {
  if (path == "desk.sqlite") {
    return true;
  }
  if (!path.starts_with("blobs/") || path.size() > 300 || path.ends_with('/')) {
    return false;
  }
  const bool plain = std::ranges::all_of(path, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-' || c == '.';
  });
  return plain && path.find("..") == std::string_view::npos && path.find("//") == std::string_view::npos;
}

// The regular files below a folder, relative, sorted. Symbolic links are not followed and not listed.
Result<std::vector<std::string>> ListFiles(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const bool is_link = entry->is_symlink();
    if (!is_link && entry->is_directory() && entry->path().filename() == "tmp") {
      entry.disable_recursion_pending();
    } else if (!is_link && entry->is_regular_file()) {
      found.push_back(entry->path().lexically_relative(folder).string());
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return Fail(Code::kUnavailable, "store.io", {{"path", folder}, {"why", error.message()}});
  }
  std::ranges::sort(found);
  return found;
}

Status MakeParents(const std::string& root, const std::string& file, std::set<std::string>& folders) {
  std::string parent = fs::path(file).parent_path().string();
  if (folders.contains(parent)) {
    return {};
  }
  TRY(files::MakeFolder(parent));
  while (parent.size() > root.size() && folders.insert(parent).second) {
    parent = fs::path(parent).parent_path().string();
  }
  return {};
}

Status SyncFolders(const std::set<std::string>& folders, const std::string& root) {
  for (const std::string& folder : folders) {
    TRY(files::SyncFolder(folder));
  }
  return files::SyncFolder(root);
}

Result<ArchivedFile> ReadArchivedFile(json::View view) {
  const auto path = view.Find("path");
  const auto size = view.Find("size");
  const auto sha256 = view.Find("sha256");
  if (!path || !size || !sha256 || !path->AsString() || !size->AsInteger() || !sha256->AsString()) {
    return Broken("a file lacks path, size or sha256");
  }
  ArchivedFile file{std::string(*path->AsString()), *size->AsInteger(), std::string(*sha256->AsString())};
  if (!IsArchivePath(file.path)) {
    return Broken(fmt::format("not a path of a backup: {}", file.path));
  }
  return file;
}

Status CheckDigest(const ArchivedFile& expected, const files::Digested& actual) {
  if (actual.size != expected.size || actual.sha256 != expected.sha256) {
    return Fail(Code::kInvalid, "store.backup_damaged", {{"path", expected.path}});
  }
  return {};
}

}  // namespace

std::int64_t FolderSize(const std::string& folder) {
  std::int64_t size = 0;
  if (const auto found = ListFiles(folder)) {
    for (const std::string& file : *found) {
      std::error_code gone;
      const auto bytes = fs::file_size(fs::path(folder) / file, gone);
      size += gone ? 0 : static_cast<std::int64_t>(bytes);
    }
  }
  return size;
}

Status ArchiveFolder(const std::string& from, const std::string& to, const std::string& prefix,
                     const std::function<bool(std::int64_t bytes)>& pieces, Manifest& manifest) {
  const std::vector<std::string> found = TRY(ListFiles(from));
  std::set<std::string> folders;
  for (const std::string& name : found) {
    const std::string source = fmt::format("{}/{}", from, name);
    const std::string path = fmt::format("{}/{}", prefix, name);
    const std::string target = fmt::format("{}/{}", to, path);
    if (!IsArchivePath(path)) {
      return Fail(Code::kInvalid, "store.odd_file", {{"path", path}});
    }
    TRY(MakeParents(to, target, folders));
    const bool linked = link(source.c_str(), target.c_str()) == 0;
    if (!linked && errno == ENOENT) {
      continue;  // erased since the list was made
    }
    files::Digested digested = TRY(linked ? files::Digest(target, pieces) : files::Copy(source, target, pieces));
    manifest.files.push_back({path, digested.size, std::move(digested.sha256)});
  }
  return SyncFolders(folders, to);
}

Status WriteManifest(const Manifest& manifest, const std::string& folder) {
  json::Writer writer;
  writer.BeginObject()
      .Field("format", kFormat)
      .Field("engine", manifest.engine)
      .Field("schema", manifest.schema)
      .Field("last_event", manifest.last_event)
      .Field("made_at", FormatTime(manifest.made_at));
  writer.Key("files").BeginArray();
  for (const ArchivedFile& file : manifest.files) {
    writer.BeginObject().Field("path", file.path).Field("size", file.size).Field("sha256", file.sha256).EndObject();
  }
  writer.EndArray().EndObject();
  const std::string path = fmt::format("{}/{}", folder, kManifest);
  const files::Descriptor file = TRY(files::Create(path));
  TRY(files::WriteAll(file, writer.Take() + "\n", path));
  TRY(files::Sync(file, path));
  return files::SyncFolder(folder);
}

Result<Manifest> ReadManifest(const std::string& folder) {
  const std::string path = fmt::format("{}/{}", folder, kManifest);
  if (!fs::exists(path)) {
    return Fail(Code::kInvalid, "store.manifest_missing", {{"folder", folder}});
  }
  const files::Descriptor file = TRY(files::OpenToRead(path));
  std::string text;
  std::string buffer;
  while (true) {
    const std::string_view piece = TRY(files::ReadSome(file, buffer, path));
    if (piece.empty()) {
      break;
    }
    text += piece;
  }
  const auto document = json::Document::Parse(text);
  if (!document) {
    return Broken(Describe(document.error()));
  }
  const json::View root = document->Root();
  const auto integer = [&](std::string_view name) {
    const auto value = root.Find(name);
    return value ? value->AsInteger() : std::nullopt;
  };
  const auto text_of = [&](std::string_view name) {
    const auto value = root.Find(name);
    return std::string(value ? value->AsString().value_or("") : "");
  };
  const auto listed = root.Find("files");
  const auto made_at = ParseTime(text_of("made_at"));
  if (integer("format") != kFormat || !integer("schema") || !listed || listed->kind() != json::Kind::kArray ||
      !made_at) {
    return Broken("not a manifest of format 1");
  }
  Manifest manifest{text_of("engine"), *integer("schema"), integer("last_event").value_or(0), *made_at, {}};
  std::set<std::string> seen;
  for (std::size_t i = 0; i < listed->Size(); ++i) {
    ArchivedFile entry = TRY(ReadArchivedFile(listed->At(i)));
    if (!seen.insert(entry.path).second) {
      return Broken(fmt::format("listed twice: {}", entry.path));
    }
    manifest.files.push_back(std::move(entry));
  }
  if (!seen.contains("desk.sqlite")) {
    return Broken("no database");
  }
  return manifest;
}

Status Restore(const std::string& from, const std::string& to, const Progress& progress) {
  crypto::Start();
  std::error_code error;
  if (fs::exists(to, error) && !fs::is_empty(to, error)) {
    return Fail(Code::kConflict, "store.restore_target_used", {{"folder", to}});
  }
  const Manifest manifest = TRY(ReadManifest(from));
  std::int64_t total = 0;
  for (const ArchivedFile& file : manifest.files) {
    total += 2 * file.size;
  }
  std::int64_t done = 0;
  const files::Pieces pieces = [&](std::int64_t bytes) {
    done += bytes;
    return !progress || progress(std::min(done, total), total);
  };
  for (const ArchivedFile& file : manifest.files) {
    const files::Digested digested = TRY(files::Digest(fmt::format("{}/{}", from, file.path), pieces));
    TRY(CheckDigest(file, digested));
  }
  TRY(files::MakeFolder(to));
  TRY(files::MakeFolder(to + "/blobs"));
  std::set<std::string> folders = {to + "/blobs"};
  for (const ArchivedFile& file : manifest.files) {
    // The database gets its name last: a restore that was interrupted cannot be taken for a desk.
    const std::string target = fmt::format("{}/{}", to, file.path == "desk.sqlite" ? "desk.restoring" : file.path);
    TRY(MakeParents(to, target, folders));
    const files::Digested digested = TRY(files::Copy(fmt::format("{}/{}", from, file.path), target, pieces));
    TRY(CheckDigest(file, digested));
  }
  TRY(SyncFolders(folders, to));
  fs::rename(to + "/desk.restoring", to + "/desk.sqlite", error);
  if (error) {
    return Fail(Code::kUnavailable, "store.io", {{"path", to}, {"why", error.message()}});
  }
  return files::SyncFolder(to);
}

}  // namespace propolis::store
