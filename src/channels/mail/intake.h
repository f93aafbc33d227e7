// Mail in: raw bytes become a ticket, a message on one, or a report about a mail of ours, exactly once for each mail
// and durably before it is acknowledged. One bad mail never blocks: whatever can be read of it is kept.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/actor.h"
#include "base/names.h"
#include "base/result.h"
#include "blob/blob_store.h"
#include "channels/mail/lmtp.h"
#include "channels/mail/parse.h"
#include "channels/mail/settings.h"
#include "store/store.h"

namespace propolis::mail {

enum class IntakeAct {
  kOpened,    // a new ticket
  kAppended,  // a message on a ticket
  kReport,    // a bounce or complaint about a mail of ours, noted on its ticket
  kSetAside,  // kept, but nobody's work: a loop, a stray automatic answer or bounce
};

struct IntakeOutcome {
  IntakeAct act = IntakeAct::kSetAside;
  std::string reason;  // why there: "reply_address", "stranger", "no_clue", "loop" ...
  std::int64_t ticket = 0;
  std::int64_t entry_seq = 0;
  bool duplicate = false;  // it had come before; this is what became of it then
};

// A file that came with a mail, already stored as a blob.
struct AttachedFile {
  std::string sha256;
  std::int64_t size = 0;
  std::string name;  // safe, never empty
  std::string type;
};
// Makes the file part of the ticket, in the mail's transaction.
using KeepFile = std::function<Status(store::WriteTx&, const auth::Actor& author, std::int64_t ticket,
                                      std::int64_t entry_seq, const AttachedFile&)>;

struct IntakeOptions {
  Desk desk;
  ParseLimits limits;
  KeepFile keep_file;  // empty: files stay inside the raw mail only
};

class Intake final : public MailSink {
 public:
  Intake(store::Store& store, blob::Store& blobs, IntakeOptions options)
      : store_(store), blobs_(blobs), options_(std::move(options)) {}

  // Idempotent by Message-ID and content: a mail that comes again is answered with what became of it. Errors:
  // kTooLarge "mail.too_large" {max}; kUnavailable from store or file system (try again later).
  Result<IntakeOutcome> DeliverRaw(const Envelope& envelope, std::string_view raw);

  DeliveryReply CheckRecipient(const std::string& recipient) override;
  std::vector<DeliveryReply> Deliver(const Envelope& envelope, std::string_view raw) override;

 private:
  store::Store& store_;
  blob::Store& blobs_;
  IntakeOptions options_;
};

// The exit code for `mail deliver` in a pipe (sysexits.h): 0 taken, 75 EX_TEMPFAIL, 65 EX_DATAERR.
int PipeExitCode(const Result<IntakeOutcome>& outcome);

// What identifies a mail's content: SHA-256 without the trace headers that each hop adds.
std::string ContentHash(std::string_view raw);

}  // namespace propolis::mail

namespace propolis {
template <>
struct Names<mail::IntakeAct> {
  using A = mail::IntakeAct;
  using S = std::string_view;
  static constexpr std::array kTable = {std::pair{A::kOpened, S("opened")}, std::pair{A::kAppended, S("appended")},
                                        std::pair{A::kReport, S("report")}, std::pair{A::kSetAside, S("set_aside")}};
};
}  // namespace propolis
