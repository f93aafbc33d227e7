#include "channels/http/client.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <mutex>

#include "base/text.h"

namespace propolis::http {
namespace {

struct EasyDeleter {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using List = std::unique_ptr<curl_slist, ListDeleter>;

struct Door {
  const Allowed* allowed = nullptr;
  bool tls = false;
  bool refused = false;
};

// Every connection is opened here, with the address that it goes to: a name cannot resolve to another one afterwards.
curl_socket_t OpenSocket(void* user, curlsocktype, curl_sockaddr* address) {
  auto& door = *static_cast<Door*>(user);
  const auto to = AddressOf(address->addr);
  if (!to || !MayCall(*to, door.tls, *door.allowed)) {
    door.refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// Too much ends the call.
std::size_t Collect(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& body = *static_cast<std::string*>(user);
  if (size * count > kLargestAnswer - body.size()) {
    return 0;
  }
  body.append(bytes, size * count);
  return size * count;
}

// Counts what comes and keeps none of it; too much ends the call.
std::size_t Count(char*, std::size_t size, std::size_t count, void* user) {
  auto& left = *static_cast<std::size_t*>(user);
  if (size * count > left) {
    return 0;
  }
  left -= size * count;
  return size * count;
}

bool Append(List& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) {
    return false;
  }
  (void)list.release();
  list.reset(longer);
  return true;
}

Result<List> HeadersOf(const Call& call) {
  List list;
  bool good = Append(list, "Expect:") && Append(list, "User-Agent: Propolis");
  for (const auto& [name, value] : call.headers) {
    // "Name;" is how curl sends a header without a value.
    good = good && Append(list, value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  }
  if (!good) {
    return Fail(Code::kUnavailable, "http.failed", {{"why", "no memory"}});
  }
  return list;
}

void SetMethod(CURL* curl, const Call& call) {
  if (call.method == "GET") {
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    return;
  }
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call.body.data());
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call.method.c_str());
}

}  // namespace

Result<Answer> Ask(const Call& call, const Allowed& allowed) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const Easy curl(curl_easy_init());
  if (!curl) {
    return Fail(Code::kUnavailable, "http.failed", {{"why", "no curl handle"}});
  }
  const List headers = TRY(HeadersOf(call));
  Door door{&allowed, text::AsciiLower(call.url.substr(0, 8)) == "https://", false};
  Answer answer;
  std::size_t head_left = kLargestAnswer;
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(curl.get(), option, value); };
  set(CURLOPT_URL, call.url.c_str());
  SetMethod(curl.get(), call);
  set(CURLOPT_HTTPHEADER, headers.get());
  set(CURLOPT_PROTOCOLS_STR, "https,http");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, kConnectMillis);
  set(CURLOPT_TIMEOUT_MS, kLongestMillis);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_OPENSOCKETFUNCTION, &OpenSocket);
  set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&door));
  set(CURLOPT_WRITEFUNCTION, &Collect);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&answer.body));
  set(CURLOPT_HEADERFUNCTION, &Count);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&head_left));
  const CURLcode code = curl_easy_perform(curl.get());
  if (door.refused) {
    return Fail(Code::kForbidden, "http.refused_address");
  }
  if (code != CURLE_OK) {
    return Fail(Code::kUnavailable, "http.failed", {{"why", curl_easy_strerror(code)}});
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

Result<int> Send(const Call& call, const Allowed& allowed) {
  const Answer answer = TRY(Ask(call, allowed));
  return answer.status;
}

}  // namespace propolis::http
