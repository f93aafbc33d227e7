// The other side of the audit log: a process on another machine, or at least under another user, that the desk can
// only push to. It keeps its own copy of every entry, countersigns what grew out of what it saw before, and raises an
// alarm for what did not (C2SP tlog-witness). Whoever takes over the desk with its key can write on, but not rewrite.
//
// Its folder: `witness.key`; `checkpoint`, the newest one it signed; `log.jsonl` with `log.jsonl.checkpoint`, the
// entries it holds and the checkpoint they end at (as `propolis audit export` writes them: `propolis audit verify`
// reads them without anybody's help); `alarms.jsonl`; `evidence/`, the signed notes that contradict each other.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "audit/note.h"
#include "base/names.h"
#include "base/result.h"
#include "base/time.h"

namespace propolis::audit {

enum class AlarmKind {
  kFork,          // the log signed two histories
  kInconsistent,  // a signed checkpoint that is not shown to have grown out of the one before
  kShorter,       // the log came with fewer entries than it had signed
  kCopies,        // entries that are not what was signed
  kLate,          // entries that came long after they were written, or do not come
  kSilent,        // nothing came at all
  kClock,         // times that go back or lie ahead
};

struct Alarm {
  Time at;
  AlarmKind kind = AlarmKind::kFork;
  std::string text;  // English, for whoever is responsible for the witness
};

struct WitnessOptions {
  std::string folder;   // made when it is missing, mode 0700
  std::string log_key;  // the desk's verifier key: propolis audit key
  std::string name = "propolis-witness";
  Seconds late{60};
  std::shared_ptr<const Clock> clock;
  std::function<void(const Alarm&)> on_alarm;  // after it was written down; may be empty
};

// The key in the folder's file witness.key (mode 0600); folder and key are made when they are missing. Error: kInternal
// "witness.bad_key".
Result<WitnessKey> WitnessKeyIn(const std::string& folder, const std::string& name);

struct Standing {
  std::uint64_t signed_size = 0;  // entries in the newest checkpoint it signed
  std::uint64_t held = 0;         // entries of which it keeps a copy
  std::uint64_t alarms = 0;       // since it was started
  Time heard;                     // when the log last came
};

// Thread-safe.
class Witness {
 public:
  // Reads its own copy anew. Errors: kInternal "witness.damaged" when that is not what it signed; "witness.bad_key";
  // kConflict "witness.in_use" when another process works on the folder; kInvalid "witness.bad_log_key".
  static Result<std::unique_ptr<Witness>> Open(WitnessOptions options);
  ~Witness();
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;

  // What HTTP answers.
  struct Answer {
    int status = 200;
    std::string body;
    std::string_view type = "text/plain; charset=utf-8";
  };
  // C2SP tlog-witness: "old N", the consistency proof, an empty line, the checkpoint. 200 with the cosignature; 400
  // when it cannot be read or has fewer entries than N; 403 without the log's signature; 404 of another log; 409 with
  // its own size when that is not N, or its root is another one; 422 for a wrong proof.
  Answer AddCheckpoint(std::string_view request);
  // "from N" and the entries from number N (from 0) on, a line each, at most up to the newest signed checkpoint; they
  // are kept once all up to there have come and are what was signed. 409 with the number it wants when that is not N;
  // 400 when it cannot be read; 422 for other entries than were signed.
  Answer AddEntries(std::string_view request);
  // Looks at the clock: to be called every second or so.
  void Watch();

  [[nodiscard]] Standing GetStanding() const;

 private:
  struct Impl;
  explicit Witness(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace propolis::audit

template <>
struct propolis::Names<propolis::audit::AlarmKind> {
  using K = propolis::audit::AlarmKind;
  static constexpr std::array kTable = {std::pair{K::kFork, std::string_view("fork")},
                                        std::pair{K::kInconsistent, std::string_view("inconsistent")},
                                        std::pair{K::kShorter, std::string_view("shorter")},
                                        std::pair{K::kCopies, std::string_view("copies")},
                                        std::pair{K::kLate, std::string_view("late")},
                                        std::pair{K::kSilent, std::string_view("silent")},
                                        std::pair{K::kClock, std::string_view("clock")}};
};
