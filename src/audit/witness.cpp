#include "audit/witness.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <map>

#include "base/base64.h"
#include "base/json.h"
#include "base/mutex.h"
#include "base/number.h"
#include "base/text.h"
#include "store/files.h"

namespace propolis::audit {
namespace {

namespace files = store::files;
using Answer = Witness::Answer;

constexpr std::size_t kMostProof = 63;        // lines: a tree of 2^63 leaves
constexpr std::size_t kLongestEntry = 65535;  // C2SP tlog-tiles: what an entry bundle can hold
constexpr Seconds kBack{2};                   // entries of one moment may be written in another order
constexpr Seconds kAhead{60};
constexpr Seconds kQuiet{60};  // an alarm of a kind is not raised again so soon

Answer Refuse(int status, std::string_view why) { return {.status = status, .body = std::string(why) + "\n"}; }

Answer Wants(std::uint64_t number) {
  return {.status = 409, .body = std::to_string(number) + "\n", .type = "text/x.tlog.size"};
}

// The number in a first line "WORD N"; takes the line away.
std::optional<std::uint64_t> TakeNumber(std::string_view word, std::string_view& text) {
  const auto end = text.find('\n');
  std::string_view line = text.substr(0, end);
  if (end == std::string_view::npos || !line.starts_with(word)) {
    return std::nullopt;
  }
  line.remove_prefix(word.size());
  text.remove_prefix(end + 1);
  const auto number = text::ParseNumber<std::uint64_t>(line);
  return number && std::to_string(*number) == line ? number : std::nullopt;
}

struct Growth {
  std::uint64_t old_size = 0;
  std::vector<Hash> proof;
  std::string_view note;
};

std::optional<Growth> ReadGrowth(std::string_view request) {
  const auto old_size = TakeNumber("old ", request);
  if (!old_size) {
    return std::nullopt;
  }
  Growth growth{.old_size = *old_size, .proof = {}, .note = {}};
  while (true) {
    const auto end = request.find('\n');
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    const std::string_view line = request.substr(0, end);
    request.remove_prefix(end + 1);
    if (line.empty()) {
      growth.note = request;
      return growth;
    }
    const auto bytes = text::Base64Decode(line);
    const auto hash = bytes ? HashFrom(*bytes) : std::nullopt;
    if (!hash || growth.proof.size() == kMostProof) {
      return std::nullopt;
    }
    growth.proof.push_back(*hash);
  }
}

bool Grew(const Checkpoint& before, const Checkpoint& after, std::span<const Hash> proof) {
  if (before.size == 0) {
    return proof.empty();
  }
  return VerifyConsistency(before.size, before.root, after.size, after.root, proof);
}

// When an entry says it was written.
std::optional<Time> WrittenAt(std::string_view line) {
  const auto entry = json::Document::Parse(line);
  const auto at = entry ? entry->Root().Find("at") : std::nullopt;
  return at ? ParseTime(at->AsString().value_or("")) : std::nullopt;
}

}  // namespace

Result<WitnessKey> WitnessKeyIn(const std::string& folder, const std::string& name) {
  TRY(files::MakeFolder(folder));
  const std::string path = folder + "/witness.key";
  if (access(path.c_str(), F_OK) != 0) {
    auto key = WitnessKey::Make(name);
    TRY(files::Replace(path, key.Secret()));
    return key;
  }
  auto key = WitnessKey::Parse(name, TRY(files::ReadWhole(path)));
  if (!key) {
    return Fail(Code::kInternal, "witness.bad_key", {{"file", path}});
  }
  return *std::move(key);
}

struct Witness::Impl {
  WitnessOptions options;
  WitnessKey key = WitnessKey::Make("");
  files::Descriptor lock;
  files::Descriptor log;

  mutable Mutex mutex;
  Checkpoint newest PROPOLIS_GUARDED_BY(mutex);
  Growing kept PROPOLIS_GUARDED_BY(mutex);  // the copy, up to log.jsonl.checkpoint
  off_t kept_bytes PROPOLIS_GUARDED_BY(mutex) = 0;
  Growing coming PROPOLIS_GUARDED_BY(mutex);  // with what came since and is not yet shown to be what was signed
  std::optional<Time> kept_until PROPOLIS_GUARDED_BY(mutex);  // the own time of the last entry of each
  std::optional<Time> coming_until PROPOLIS_GUARDED_BY(mutex);
  Standing standing PROPOLIS_GUARDED_BY(mutex);
  Time waits_since PROPOLIS_GUARDED_BY(mutex);  // signed entries without a copy, from then on
  std::map<AlarmKind, Time> raised PROPOLIS_GUARDED_BY(mutex);

  explicit Impl(WitnessOptions from) : options(std::move(from)) {}

  [[nodiscard]] std::string Path(std::string_view name) const { return options.folder + "/" + std::string(name); }
  [[nodiscard]] Time Now() const { return options.clock->Now(); }

  Status Open();
  Status OpenLog();
  Result<Checkpoint> Signed(const std::string& path) const;
  void Raise(AlarmKind kind, const std::string& text) PROPOLIS_REQUIRES(mutex);
  void KeepEvidence(const Checkpoint& of, std::string_view note) PROPOLIS_REQUIRES(mutex);
  std::optional<Hash> RootAt(std::uint64_t size) const PROPOLIS_REQUIRES(mutex);
  void JudgeOlder(const Checkpoint& older, std::string_view note) PROPOLIS_REQUIRES(mutex);
  void JudgeTime(std::string_view line) PROPOLIS_REQUIRES(mutex);
  Status Forget() PROPOLIS_REQUIRES(mutex);
  Status Keep() PROPOLIS_REQUIRES(mutex);
  Answer Sign(const Checkpoint& checkpoint, std::string_view note) PROPOLIS_REQUIRES(mutex);
};

// A checkpoint of its own folder, which it signed; the empty tree when there is none yet.
Result<Checkpoint> Witness::Impl::Signed(const std::string& path) const {
  if (access(path.c_str(), F_OK) != 0) {
    return Checkpoint{.size = 0, .root = EmptyRoot()};
  }
  const std::string note = TRY(files::ReadWhole(path));
  const auto checkpoint = ReadCheckpoint(note);
  if (!checkpoint || !IsSignedBy(note, options.log_key) || !CosignedAt(note, key.Verifier())) {
    return Fail(Code::kInternal, "witness.damaged", {{"file", path}});
  }
  return *checkpoint;
}

// The copy is read and hashed anew; what came after its checkpoint was not yet shown to be what was signed.
Status Witness::Impl::OpenLog() {
  const std::string path = Path("log.jsonl");
  const Checkpoint end = TRY(Signed(path + ".checkpoint"));
  log = files::Descriptor(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!log.IsOpen()) {
    return files::IoFailure(path);
  }
  const MutexLock held(mutex);
  std::string buffer;
  std::string line;
  while (kept.size() < end.size) {
    std::string_view piece = TRY(files::ReadSome(log, buffer, path));
    if (piece.empty()) {
      break;
    }
    while (!piece.empty() && kept.size() < end.size) {
      const auto stop = piece.find('\n');
      line += piece.substr(0, stop);
      piece.remove_prefix(stop == std::string_view::npos ? piece.size() : stop + 1);
      if (stop != std::string_view::npos) {
        kept.Add(LeafHash(line));
        kept_bytes += static_cast<off_t>(line.size() + 1);
        kept_until = WrittenAt(line);
        line.clear();
      }
    }
  }
  if (kept.size() != end.size || kept.Root() != end.root || kept.size() > newest.size) {
    return Fail(Code::kInternal, "witness.damaged", {{"file", path}});
  }
  return Forget();
}

Status Witness::Impl::Open() {
  TRY(files::MakeFolder(Path("evidence")));
  const std::string path = Path("lock");
  lock = files::Descriptor(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.IsOpen()) {
    return files::IoFailure(path);
  }
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return Fail(Code::kConflict, "witness.in_use", {{"folder", options.folder}});
  }
  key = TRY(WitnessKeyIn(options.folder, options.name));
  const Checkpoint signed_before = TRY(Signed(Path("checkpoint")));
  {
    const MutexLock held(mutex);
    newest = signed_before;
    standing.heard = waits_since = Now();
  }
  return OpenLog();
}

void Witness::Impl::Raise(AlarmKind kind, const std::string& text) {
  const Time now = Now();
  if (const auto before = raised.find(kind); before != raised.end() && now < before->second + kQuiet) {
    return;
  }
  raised[kind] = now;
  ++standing.alarms;
  const Alarm alarm{.at = now, .kind = kind, .text = text};
  json::Writer line;
  line.BeginObject().Field("at", FormatTime(now)).Field("kind", NameOf(kind)).Field("text", text).EndObject();
  const std::string path = Path("alarms.jsonl");
  const files::Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  // Who listens hears of it even when the disk is full.
  (void)(file.IsOpen() && files::WriteAll(file, line.Take() + "\n", path) && files::Sync(file, path));
  if (options.on_alarm) {
    options.on_alarm(alarm);
  }
}

void Witness::Impl::KeepEvidence(const Checkpoint& of, std::string_view note) {
  // One of each kind of history is proof enough, however often it comes.
  const std::string name = fmt::format("evidence/{}-{}.note", of.size, crypto::Hex(of.root).substr(0, 16));
  (void)files::Replace(Path(name), note);
}

// From the copy. nullopt: it does not reach so far.
std::optional<Hash> Witness::Impl::RootAt(std::uint64_t size) const {
  if (size > kept.size()) {
    return std::nullopt;
  }
  Growing tree;
  std::string text(256 * 1024, '\0');
  std::string line;
  for (off_t at = 0; tree.size() < size;) {
    const ssize_t got = pread(log.get(), text.data(), text.size(), at);
    if (got <= 0) {
      return std::nullopt;
    }
    at += got;
    std::string_view piece = std::string_view(text).substr(0, static_cast<std::size_t>(got));
    while (!piece.empty() && tree.size() < size) {
      const auto stop = piece.find('\n');
      line += piece.substr(0, stop);
      piece.remove_prefix(stop == std::string_view::npos ? piece.size() : stop + 1);
      if (stop != std::string_view::npos) {
        tree.Add(LeafHash(line));
        line.clear();
      }
    }
  }
  return tree.Root();
}

// A checkpoint of no more entries than were signed already.
void Witness::Impl::JudgeOlder(const Checkpoint& older, std::string_view note) {
  const auto root = older.size == newest.size ? std::optional(newest.root) : RootAt(older.size);
  if (root && *root != older.root) {
    KeepEvidence(older, note);
    Raise(AlarmKind::kFork,
          fmt::format("the log signed two different histories of {} entries: evidence/ has the second, this folder the "
                      "first",
                      older.size));
  } else if (older.size < newest.size) {
    Raise(AlarmKind::kShorter, fmt::format("the log came with {} entries after it had signed {}: an older state of it "
                                           "was put back, or entries were removed",
                                           older.size, newest.size));
  }
}

void Witness::Impl::JudgeTime(std::string_view line) {
  const auto written = WrittenAt(line);
  if (!written) {
    return;
  }
  const auto number = coming.size();
  if (coming_until && *written + kBack < *coming_until) {
    Raise(AlarmKind::kClock, fmt::format("entry {} is of {}, the one before it of {}: the desk's clock was put back",
                                         number, FormatTime(*written), FormatTime(*coming_until)));
  } else if (*written > Now() + kAhead) {
    Raise(AlarmKind::kClock, fmt::format("entry {} is of {}, which has not come yet", number, FormatTime(*written)));
  }
  coming_until = written;
}

// Back to what is known to be right.
Status Witness::Impl::Forget() {
  coming = kept;
  coming_until = kept_until;
  const std::string path = Path("log.jsonl");
  if (ftruncate(log.get(), kept_bytes) != 0 || lseek(log.get(), kept_bytes, SEEK_SET) < 0) {
    return files::IoFailure(path);
  }
  return {};
}

Status Witness::Impl::Keep() {
  const std::string path = Path("log.jsonl");
  TRY(files::Sync(log, path));
  const std::string note = TRY(files::ReadWhole(Path("checkpoint")));
  TRY(files::Replace(path + ".checkpoint", note));
  kept_bytes = lseek(log.get(), 0, SEEK_CUR);
  kept = coming;
  kept_until = coming_until;
  return {};
}

Answer Witness::Impl::Sign(const Checkpoint& checkpoint, std::string_view note) {
  const std::string line = key.Cosign(note, Now());
  if (checkpoint.size > newest.size) {
    if (kept.size() == newest.size) {
      waits_since = Now();
    }
    const Status written = files::Replace(Path("checkpoint"), std::string(note) + line);
    if (!written) {
      return Refuse(503, Describe(written.error()));
    }
    newest = checkpoint;
  }
  return {.status = 200, .body = line};
}

Witness::Witness(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Witness::~Witness() = default;

Result<std::unique_ptr<Witness>> Witness::Open(WitnessOptions options) {
  options.log_key = text::Trim(options.log_key);
  if (!IsVerifier(options.log_key)) {
    return Fail(Code::kInvalid, "witness.bad_log_key");
  }
  auto impl = std::make_unique<Impl>(std::move(options));
  TRY(impl->Open());
  return std::unique_ptr<Witness>(new Witness(std::move(impl)));
}

Answer Witness::AddCheckpoint(std::string_view request) {
  const auto growth = ReadGrowth(request);
  if (!growth) {
    return Refuse(400, "a request is: old N, the proof's lines, an empty line, the checkpoint");
  }
  const auto checkpoint = ReadCheckpoint(growth->note);
  if (!checkpoint) {
    return Refuse(404, "no checkpoint of the log that is witnessed here");
  }
  if (!IsSignedBy(growth->note, impl_->options.log_key)) {
    return Refuse(403, "not signed by the log");
  }
  const MutexLock lock(impl_->mutex);
  impl_->standing.heard = impl_->Now();
  if (checkpoint->size <= impl_->newest.size) {
    impl_->JudgeOlder(*checkpoint, growth->note);
  }
  if (growth->old_size > checkpoint->size) {
    return Refuse(400, "the checkpoint has fewer entries than the old one");
  }
  if (growth->old_size != impl_->newest.size) {
    return Wants(impl_->newest.size);
  }
  if (checkpoint->size == impl_->newest.size && checkpoint->root != impl_->newest.root) {
    return Wants(impl_->newest.size);
  }
  if (!Grew(impl_->newest, *checkpoint, growth->proof)) {
    impl_->KeepEvidence(*checkpoint, growth->note);
    impl_->Raise(AlarmKind::kInconsistent,
                 fmt::format("the log signed {} entries that are not shown to begin with the {} signed before: "
                             "evidence/ has the checkpoint",
                             checkpoint->size, impl_->newest.size));
    return Refuse(422, "the proof does not show that the log has only grown");
  }
  return impl_->Sign(*checkpoint, growth->note);
}

Answer Witness::AddEntries(std::string_view request) {
  const auto from = TakeNumber("from ", request);
  if (!from || (!request.empty() && !request.ends_with('\n'))) {
    return Refuse(400, "a request is: from N, then the entries, a line each");
  }
  Impl& self = *impl_;
  const MutexLock lock(self.mutex);
  if (*from != self.coming.size()) {
    return Wants(self.coming.size());
  }
  const std::string_view lines = request;
  while (!request.empty()) {
    const std::string_view line = request.substr(0, request.find('\n'));
    request.remove_prefix(line.size() + 1);
    if (line.empty() || line.size() > kLongestEntry || self.coming.size() == self.newest.size) {
      const Status forgotten = self.Forget();
      return forgotten ? Refuse(400, "a line that is empty, too long, or more than was signed")
                       : Refuse(503, Describe(forgotten.error()));
    }
    self.coming.Add(LeafHash(line));
    self.JudgeTime(line);
  }
  Status done = files::WriteAll(self.log, lines, self.Path("log.jsonl"));
  if (done && self.coming.size() == self.newest.size) {
    if (self.coming.Root() != self.newest.root) {
      self.Raise(AlarmKind::kCopies, fmt::format("the entries {} to {} are not those that the log signed",
                                                 self.kept.size(), self.newest.size));
      done = self.Forget();
      return done ? Refuse(422, "not the entries that were signed") : Refuse(503, Describe(done.error()));
    }
    if (self.coming_until && *self.coming_until + self.options.late < self.Now()) {
      self.Raise(AlarmKind::kLate,
                 fmt::format("entry {} of {} came only now", self.coming.size() - 1, FormatTime(*self.coming_until)));
    }
    done = self.Keep();
  }
  if (!done) {
    (void)self.Forget();
    return Refuse(503, Describe(done.error()));
  }
  return {.status = 200, .body = std::to_string(self.coming.size()) + "\n"};
}

void Witness::Watch() {
  const MutexLock lock(impl_->mutex);
  const Time now = impl_->Now();
  if (now > impl_->standing.heard + impl_->options.late) {
    impl_->Raise(AlarmKind::kSilent,
                 fmt::format("nothing came from the desk since {}", FormatTime(impl_->standing.heard)));
  } else if (impl_->kept.size() < impl_->newest.size && now > impl_->waits_since + impl_->options.late) {
    impl_->Raise(AlarmKind::kLate,
                 fmt::format("{} entries were signed, only {} came", impl_->newest.size, impl_->kept.size()));
  }
}

Standing Witness::GetStanding() const {
  const MutexLock lock(impl_->mutex);
  Standing standing = impl_->standing;
  standing.signed_size = impl_->newest.size;
  standing.held = impl_->kept.size();
  return standing;
}

}  // namespace propolis::audit
