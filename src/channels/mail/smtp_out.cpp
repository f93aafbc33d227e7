#include "channels/mail/smtp_out.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/mutex.h"
#include "base/text.h"
#include "channels/mail/mime_write.h"
#include "livepatch/runtime/scope.h"

namespace propolis::mail {
namespace {

struct EasyDeleter {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Upload {
  std::string_view left;
};

std::size_t ReadMore(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& upload = *static_cast<Upload*>(user);
  const std::size_t take = std::min(size * count, upload.left.size());
  std::memcpy(buffer, upload.left.data(), take);
  upload.left.remove_prefix(take);
  return take;
}

// The relay's last reply line, for people.
std::size_t KeepReply(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& last = *static_cast<std::string*>(user);
  constexpr std::size_t kLongest = 300;
  last = std::string(text::Trim({buffer, std::min(size * count, kLongest)}));
  return size * count;
}

class RelayCarrier final : public Carrier {
 public:
  explicit RelayCarrier(Relay relay) : relay_(std::move(relay)) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  }

  Attempt Carry(const std::string& envelope_from, const std::string& recipient, const std::string& raw) override {
    const std::unique_ptr<CURL, EasyDeleter> curl(curl_easy_init());
    if (!curl) {
      return {.delays_only = true, .error = "no curl handle"};
    }
    const std::unique_ptr<curl_slist, ListDeleter> recipients(
        curl_slist_append(nullptr, ("<" + recipient + ">").c_str()));
    Upload upload{raw};
    std::string reply;
    const std::string scheme = relay_.tls == Tls::kImplicit ? "smtps://" : "smtp://";
    const std::string url =
        scheme + relay_.host + ":" + std::to_string(relay_.port) + (relay_.hello.empty() ? "" : "/" + relay_.hello);
    const std::string from = "<" + (envelope_from == "<>" ? std::string() : envelope_from) + ">";
    const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(curl.get(), option, value); };
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_MAIL_FROM, from.c_str());
    set(CURLOPT_MAIL_RCPT, recipients.get());
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &ReadMore);
    set(CURLOPT_READDATA, static_cast<void*>(&upload));
    set(CURLOPT_HEADERFUNCTION, &KeepReply);
    set(CURLOPT_HEADERDATA, static_cast<void*>(&reply));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_CONNECTTIMEOUT, 20L);
    set(CURLOPT_TIMEOUT, static_cast<long>(relay_.timeout_seconds));
    set(CURLOPT_USE_SSL, static_cast<long>(UseSsl()));
    if (!relay_.user.empty()) {
      set(CURLOPT_USERNAME, relay_.user.c_str());
      set(CURLOPT_PASSWORD, relay_.password.c_str());
    }
    if (relay_.tls == Tls::kOpportunistic) {  // unchecked encryption is better than none, and no worse
      set(CURLOPT_SSL_VERIFYPEER, 0L);
      set(CURLOPT_SSL_VERIFYHOST, 0L);
    }
    const CURLcode code = curl_easy_perform(curl.get());
    if (code == CURLE_OK) {
      return {.sent = true, .error = ""};
    }
    long reply_code = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &reply_code);
    return JudgeFailure(code, reply_code, reply.empty() ? curl_easy_strerror(code) : reply.c_str());
  }

 private:
  [[nodiscard]] curl_usessl UseSsl() const {
    switch (relay_.tls) {
      case Tls::kRequired:
      case Tls::kImplicit:
        return CURLUSESSL_ALL;
      case Tls::kOpportunistic:
        return CURLUSESSL_TRY;
      case Tls::kNone:
        return CURLUSESSL_NONE;
    }
    return CURLUSESSL_ALL;
  }

  Relay relay_;
};

class FolderCarrier final : public Carrier {
 public:
  explicit FolderCarrier(std::string folder) : folder_(std::move(folder)) {}

  Attempt Carry(const std::string&, const std::string& recipient, const std::string& raw) override {
    namespace fs = std::filesystem;
    std::error_code error;
    fs::create_directories(folder_, error);
    const auto now = std::chrono::floor<Micros>(std::chrono::system_clock::now());
    const std::string name = std::to_string(ToMicros(now)) + "-" + SafeFilename(recipient) + ".eml";
    const fs::path path = fs::path(folder_) / name;
    const fs::path part = fs::path(folder_) / ("." + name + ".part");
    const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = file >= 0;
    for (std::string_view left = raw; good && !left.empty();) {
      const ssize_t written = ::write(file, left.data(), left.size());
      good = written > 0;
      left.remove_prefix(good ? static_cast<std::size_t>(written) : 0);
    }
    good = good && ::fsync(file) == 0;
    if (file >= 0) {
      ::close(file);
    }
    good = good && ::rename(part.c_str(), path.c_str()) == 0;
    if (!good) {
      return {.delays_only = true, .error = "cannot write " + path.string()};
    }
    return {.sent = true, .error = ""};
  }

 private:
  std::string folder_;
};

class WaitingCarrier final : public Carrier {
 public:
  Attempt Carry(const std::string&, const std::string&, const std::string&) override {
    return {.delays_only = true, .error = "no mail relay is set"};
  }
};

}  // namespace

std::unique_ptr<Carrier> MakeRelayCarrier(const Relay& relay) { return std::make_unique<RelayCarrier>(relay); }
std::unique_ptr<Carrier> MakeFolderCarrier(const std::string& folder) {
  return std::make_unique<FolderCarrier>(folder);
}
std::unique_ptr<Carrier> MakeWaitingCarrier() { return std::make_unique<WaitingCarrier>(); }

Attempt JudgeFailure(int curl_code, long reply_code, std::string_view what) {
  Attempt attempt;
  attempt.error = what;
  // Only an answer to the mail itself counts against it. Whatever happened before (name, connection, TLS, sign-in) is
  // ours to put right, and the mail waits meanwhile.
  const bool about_mail = curl_code == CURLE_SEND_ERROR || curl_code == CURLE_RECV_ERROR ||
                          curl_code == CURLE_UPLOAD_FAILED || curl_code == CURLE_WEIRD_SERVER_REPLY;
  if (curl_code == CURLE_LOGIN_DENIED || curl_code == CURLE_USE_SSL_FAILED ||
      curl_code == CURLE_PEER_FAILED_VERIFICATION || curl_code == CURLE_COULDNT_CONNECT ||
      curl_code == CURLE_COULDNT_RESOLVE_HOST || (reply_code >= 530 && reply_code <= 538)) {
    attempt.delays_only = true;
    return attempt;
  }
  attempt.permanent = about_mail && reply_code >= 500 && reply_code < 600;
  return attempt;
}

struct Sender::State {
  static constexpr Micros kLook = std::chrono::seconds(1);

  store::Store& store;
  blob::Store* blobs;
  Desk desk;
  std::unique_ptr<Carrier> carrier;
  std::thread thread;
  store::Store::Subscription commits;
  Mutex mutex;
  CondVar changed;
  bool stopping PROPOLIS_GUARDED_BY(mutex) = false;
  bool poked PROPOLIS_GUARDED_BY(mutex) = false;

  State(store::Store& s, blob::Store* b, const Desk& d, std::unique_ptr<Carrier> c)
      : store(s), blobs(b), desk(d), carrier(std::move(c)) {}

  Attempt SendOne(const Due& due) {
    std::vector<OutgoingFile> files;
    for (const auto& file : due.files) {
      constexpr std::int64_t kLargest = 25 * 1024 * 1024;
      auto bytes = blobs == nullptr ? Result<std::string>(Fail(Code::kInternal, "error.internal"))
                                    : blobs->Read(file.sha256, kLargest);
      if (!bytes) {
        return {.error = "attachment " + file.name + ": " + Describe(bytes.error())};
      }
      files.push_back({file.name, file.type, std::move(*bytes)});
    }
    const std::string raw = due.header + WriteBody(due.text, due.html, files, due.message_id);
    // Answers that the desk gives by itself have the null sender (RFC 3834 section 3.3).
    return carrier->Carry(due.kind == NameOf(LetterKind::kReceipt) ? "<>" : desk.address, due.recipient, raw);
  }

  Result<int> RunDue() {
    int attempts = 0;
    for (;;) {
      constexpr int kBatch = 10;
      const auto due =
          TRY(store.Write([](store::WriteTx& tx) -> Result<std::vector<Due>> { return Claim(tx, kBatch); }));
      if (due.empty()) {
        return attempts;
      }
      for (const auto& one : due) {
        const Attempt attempt = SendOne(one);
        ++attempts;
        if (!attempt.sent) {
          log::Warning("mail.not_sent", {{"id", one.id}, {"permanent", attempt.permanent}, {"why", attempt.error}});
        }
        TRY(store.Write([&](store::WriteTx& tx) -> Status {
          Settle(tx, one, attempt);
          return {};
        }));
      }
    }
  }

  bool Stopping() PROPOLIS_EXCLUDES(mutex) {
    MutexLock lock(mutex);
    return stopping;
  }

  // Until Poke() or Stop(), at most `longest`.
  void Sleep(Micros longest) PROPOLIS_EXCLUDES(mutex) {
    MutexLock lock(mutex);
    if (!stopping && !poked) {
      const livepatch::IdleScope idle;
      changed.WaitFor(mutex, longest);
    }
    poked = false;
  }

  // Until a letter is due. Letters are queued by transactions that emit no event (a sign-in link, the outbox), of which
  // nobody tells: so it also looks by itself.
  void WaitForWork() PROPOLIS_EXCLUDES(mutex) {
    while (!Stopping()) {
      const auto next = store.Read([](store::ReadTx& tx) -> Result<std::optional<Time>> { return NextDue(tx); });
      const Time now = std::chrono::floor<Micros>(std::chrono::system_clock::now());
      Micros pause = kLook;
      if (next && *next) {
        if (**next <= now) {
          return;
        }
        pause = std::min<Micros>(**next - now, kLook);
      }
      Sleep(pause);
    }
  }

  void Loop() {
    const livepatch::ThreadScope scope("mail-out");
    (void)store.Write([](store::WriteTx& tx) -> Result<std::int64_t> { return Reclaim(tx); });
    while (!Stopping()) {
      livepatch_safe_point();
      if (const auto sent = RunDue(); !sent) {
        log::Error("mail.queue", sent.error());
        Sleep(kLook);
      }
      WaitForWork();
    }
  }

  void Poke() PROPOLIS_EXCLUDES(mutex) {
    MutexLock lock(mutex);
    poked = true;
    changed.NotifyAll();
  }

  void Stop() PROPOLIS_EXCLUDES(mutex) {
    commits.reset();
    {
      MutexLock lock(mutex);
      stopping = true;
      changed.NotifyAll();
    }
    if (thread.joinable()) {
      thread.join();
    }
  }
};

Sender::Sender(store::Store& store, blob::Store* blobs, const Desk& desk, std::unique_ptr<Carrier> carrier)
    : state_(std::make_unique<State>(store, blobs, desk, std::move(carrier))) {}
Sender::~Sender() { Stop(); }

void Sender::Start() {
  state_->commits = state_->store.OnCommit([state = state_.get()](std::int64_t) { state->Poke(); });
  state_->thread = std::thread([state = state_.get()] { state->Loop(); });
}

void Sender::Stop() { state_->Stop(); }

Result<int> Sender::RunDue() { return state_->RunDue(); }

}  // namespace propolis::mail
