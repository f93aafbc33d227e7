#include "app/witness_push.h"

#include <fmt/format.h>

#include "audit/tree.h"
#include "base/base64.h"
#include "base/log.h"
#include "base/number.h"
#include "base/text.h"
#include "channels/http/client.h"
#include "livepatch/runtime/scope.h"

namespace propolis::app {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::chrono::seconds kTick{1};
constexpr std::chrono::seconds kHeartbeat{10};
constexpr std::size_t kMostBytes = 1U << 20;  // of entries in one request
constexpr int kAttempts = 2;                  // the second with the size that the witness said it has

std::uint64_t NumberIn(const std::string& body) {
  return text::ParseNumber<std::uint64_t>(text::Trim(body)).value_or(0);
}

class Push {
 public:
  Push(store::Store& store, WitnessAddress witness, metrics::Registry& metrics)
      : store_(store),
        witness_(std::move(witness)),
        signed_(metrics.GetGauge("propolis_witness_signed_entries", "Entries of the audit log the witness signed.")),
        held_(metrics.GetGauge("propolis_witness_held_entries", "Entries of the audit log the witness keeps.")),
        failures_(metrics.GetCounter("propolis_witness_failures_total", "Pushes the witness did not take.")) {}

  void Run(const std::stop_token& stop) {
    const livepatch::ThreadScope thread("witness");
    while (livepatch::Pause(stop, kTick)) {
      const livepatch::RequestScope request("witness");
      if (const Status done = Once(stop); !done) {
        failures_.Add();
        log::Error("witness.push", done.error());
      }
    }
  }

 private:
  Status Once(const std::stop_token& stop) {
    const auto note =
        TRY(store_.Read([](store::ReadTx& tx) -> Result<std::string> { return audit::NewestCheckpoint(tx); }));
    const auto checkpoint = audit::ReadCheckpoint(note);
    if (!checkpoint) {
      return {};  // nothing was signed yet
    }
    if (checkpoint->size != shown_ || std::chrono::steady_clock::now() >= heard_ + kHeartbeat) {
      TRY(Show(*checkpoint, note));
    }
    while (copied_ < shown_ && !stop.stop_requested()) {
      TRY(Hand());
    }
    return {};
  }

  Result<http::Answer> Post(const char* path, std::string body) {
    static const http::Allowed anywhere = http::ParseAllowed({"0.0.0.0/0", "::/0"}).value();
    return http::Ask({.method = "POST",
                      .url = witness_.url + path,
                      .headers = {{"Content-Type", "text/plain"}},
                      .body = std::move(body)},
                     anywhere);
  }

  static std::unexpected<Error> Refused(const http::Answer& answer) {
    return Fail(Code::kUnavailable, "witness.refused",
                {{"status", std::to_string(answer.status)}, {"why", std::string(text::Trim(answer.body))}});
  }

  Status Show(const audit::Checkpoint& checkpoint, const std::string& note) {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      const auto proof =
          TRY(store_.Read([&](store::ReadTx& tx) { return audit::ConsistencyProof(tx, shown_, checkpoint.size); }));
      std::string request = fmt::format("old {}\n", shown_);
      for (const audit::Hash& hash : proof) {
        request.append(text::Base64Encode(audit::Bytes(hash))).push_back('\n');
      }
      const auto answer = TRY(Post("/add-checkpoint", fmt::format("{}\n{}", request, note)));
      if (answer.status == 200) {
        heard_ = std::chrono::steady_clock::now();
        return Shown(checkpoint, note, answer.body);
      }
      const std::uint64_t other = NumberIn(answer.body);
      if (answer.status != 409 || other == shown_ || other > checkpoint.size) {
        return Refused(answer);
      }
      shown_ = other;
    }
    return {};
  }

  Status Shown(const audit::Checkpoint& checkpoint, const std::string& note, const std::string& cosignature) {
    if (!witness_.key.empty() && !audit::CosignedAt(note + cosignature, witness_.key)) {
      return Fail(Code::kUnavailable, "witness.other_key");
    }
    const bool fresh = checkpoint.size != shown_;
    shown_ = checkpoint.size;
    signed_.Set(static_cast<std::int64_t>(shown_));
    if (!fresh || note.contains(cosignature)) {
      return {};
    }
    return store_.Write(
        [&](store::WriteTx& tx) -> Status {
          audit::AddCosignature(tx, checkpoint.size, cosignature);
          return {};
        },
        store::Turn::kBehind);
  }

  Status Hand() {
    std::string request = fmt::format("from {}\n", copied_);
    TRY(store_.Read([&](store::ReadTx& tx) -> Status {
      audit::EntryLines(tx, copied_, shown_, kMostBytes, request);
      return {};
    }));
    const auto answer = TRY(Post("/add-entries", std::move(request)));
    const std::uint64_t number = NumberIn(answer.body);
    if ((answer.status != 200 && answer.status != 409) || number == copied_ || number > shown_) {
      return Refused(answer);
    }
    copied_ = number;
    held_.Set(static_cast<std::int64_t>(copied_));
    return {};
  }

  store::Store& store_;
  WitnessAddress witness_;
  metrics::Gauge& signed_;
  metrics::Gauge& held_;
  metrics::Counter& failures_;
  std::uint64_t shown_ = 0;   // the size of the checkpoint that the witness signed last, as far as is known here
  std::uint64_t copied_ = 0;  // entries that it has
  SteadyTime heard_;
};

}  // namespace

std::jthread StartWitnessPush(store::Store& store, WitnessAddress witness, metrics::Registry& metrics) {
  return std::jthread(
      [push = Push(store, std::move(witness), metrics)](const std::stop_token& stop) mutable { push.Run(stop); });
}

}  // namespace propolis::app
