// Hands mail over: to a relay by SMTP submission (RFC 5321, 6409; STARTTLS RFC 3207; libcurl speaks it), or into a
// folder of .eml files for demonstrations and tests.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/names.h"
#include "base/result.h"
#include "blob/blob_store.h"
#include "channels/mail/queue.h"
#include "channels/mail/settings.h"
#include "store/store.h"

namespace propolis::mail {

enum class Tls {
  kRequired,       // STARTTLS, with a certificate that holds; else the mail waits
  kOpportunistic,  // STARTTLS where the relay offers it
  kImplicit,       // smtps
  kNone,
};

struct Relay {
  std::string host;  // empty: none is set
  int port = 25;
  Tls tls = Tls::kRequired;
  std::string user;      // empty: no authentication
  std::string password;  // never logged
  std::string hello;     // our name; empty: this machine's
  int timeout_seconds = 60;
};

// How one mail for one recipient goes out. Blocking; safe from several threads.
class Carrier {
 public:
  virtual ~Carrier() = default;
  virtual Attempt Carry(const std::string& envelope_from, const std::string& recipient, const std::string& raw) = 0;
};

std::unique_ptr<Carrier> MakeRelayCarrier(const Relay& relay);
// Each mail a file "TIME-RECIPIENT.eml" in `folder`, written whole or not at all. The folder is made when it is
// missing.
std::unique_ptr<Carrier> MakeFolderCarrier(const std::string& folder);
// With neither: everything waits, visibly.
std::unique_ptr<Carrier> MakeWaitingCarrier();

// Whether an SMTP reply or a libcurl failure is for good. Pure: 5xx is, but for what is the relay's mood rather than
// the mail's fault (5.7.x policy of the connection before RCPT stays temporary by code 4xx anyway).
Attempt JudgeFailure(int curl_code, long reply_code, std::string_view what);

// Sends what is due, in turn, in a thread of its own between Start and Stop.
class Sender {
 public:
  // `blobs` may be null when no letter has files.
  Sender(store::Store& store, blob::Store* blobs, const Desk& desk, std::unique_ptr<Carrier> carrier);
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  void Start();
  void Stop();
  // Instead of Start: sends everything that is due now, on this thread. Answers how many attempts were made.
  Result<int> RunDue();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace propolis::mail

namespace propolis {
template <>
struct Names<mail::Tls> {
  using T = mail::Tls;
  using S = std::string_view;
  static constexpr std::array kTable = {std::pair{T::kRequired, S("required")},
                                        std::pair{T::kOpportunistic, S("opportunistic")},
                                        std::pair{T::kImplicit, S("implicit")}, std::pair{T::kNone, S("none")}};
};
}  // namespace propolis
