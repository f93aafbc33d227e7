// service FOLDER [deadline=MS] [mdwe|seccomp|chroot]: answers lines on a free port of this machine, which it prints;
// takes live patches that the key in FOLDER/key signed. Each connection has a thread of its own.
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <thread>

#include "answer.h"
#include "livepatch/runtime/plan.h"
#include "livepatch/runtime/scope.h"

namespace lp = propolis::livepatch;

namespace {

std::string key;  // raw bytes

// All that a service must know of signatures: one key, over the digests of manifest and plan.
void Verify(void*, const void* patch, size_t size, livepatch_verdict* verdict) {
  const auto* bytes = static_cast<const unsigned char*>(patch);
  unsigned char digest[32];
  crypto_hash_sha256(digest, bytes, size);
  sodium_bin2hex(verdict->digest, sizeof verdict->digest, digest, sizeof digest);
  lp::PatchView view;
  std::string text = "propolis-livepatch-1\n";
  if (lp::ViewPatch(patch, size, &view)) {
    for (const auto& [at, length] :
         {std::pair(view.manifest, view.manifest_size), std::pair(view.plan, view.plan_size)}) {
      crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(at), length);
      text.append(reinterpret_cast<const char*>(digest), sizeof digest);
    }
    for (uint32_t i = 0; i < view.signature_count; ++i) {
      const lp::PatchSignature& signature = view.signatures[i];
      verdict->sound = verdict->sound || (std::memcmp(signature.key, key.data(), sizeof signature.key) == 0 &&
                                          crypto_sign_verify_detached(
                                              signature.signature, reinterpret_cast<const unsigned char*>(text.data()),
                                              text.size(), signature.key) == 0);
    }
  }
  std::snprintf(verdict->why, sizeof verdict->why, "no trusted signature holds");
}

void Log(void*, const char* event, const char* detail) { std::fprintf(stderr, "%s: %s\n", event, detail); }

// A line without its end; empty at the end of the connection.
std::string ReadLine(int client, std::string& buffer) {
  const lp::IdleScope idle;
  for (size_t end; (end = buffer.find('\n')) == std::string::npos;) {
    char piece[512];
    const ssize_t got = recv(client, piece, sizeof piece, 0);
    if (got <= 0) {
      return "";
    }
    buffer.append(piece, static_cast<size_t>(got));
  }
  std::string line = buffer.substr(0, buffer.find('\n'));
  buffer.erase(0, line.size() + 1);
  return line;
}

void Serve(int client) {
  const lp::ThreadScope scope("connection");
  std::string buffer;
  for (std::string line = ReadLine(client, buffer); !line.empty(); line = ReadLine(client, buffer)) {
    const std::string answer = Answer(line) + "\n";
    if (send(client, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) {
      break;
    }
  }
  close(client);
}

// From here on whoever calls mprotect for anything but plain data (as the stacks of threads are) ends the service.
bool ForbidMprotect() {
  sock_filter code[] = {{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
                        {BPF_JMP | BPF_JEQ | BPF_K, 0, 3, SYS_mprotect},
                        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, args[2])},
                        {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, PROT_READ | PROT_WRITE},
                        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS},
                        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
  const sock_fprog program = {std::size(code), code};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}

// A confinement that is put on when everything has started. False: this system cannot.
bool Confine(const std::string& how, const char* folder) {
  return how.empty() || (how == "seccomp" && ForbidMprotect()) ||
         (how == "chroot" && chroot(folder) == 0 && chdir("/") == 0);
}

void AcceptAll(int listener) {
  const lp::ThreadScope scope("acceptor");
  while (true) {
    int client;
    {
      const lp::IdleScope idle;
      client = accept(listener, nullptr, nullptr);
    }
    std::thread(Serve, client).detach();
  }
}

}  // namespace

int main(int count, char** words) {
  livepatch_options options = {};
  options.folder = words[1];
  options.verify = Verify;
  options.log = Log;
  std::string confinement;
  for (int i = 2; i < count; ++i) {
    const std::string word = words[i];
    if (word.starts_with("deadline=")) {
      options.deadline_ms = static_cast<uint32_t>(std::stoul(word.substr(9)));
    } else if (word == "seccomp" || word == "chroot") {
      confinement = word;
    } else if (word == "mdwe" && prctl(65 /* PR_SET_MDWE */, 1, 0, 0, 0) != 0) {
      std::puts("no mdwe");
      return 77;
    }
  }
  std::ifstream file(std::string(words[1]) + "/key", std::ios::binary);
  key.assign(std::istreambuf_iterator<char>(file), {});
  key.resize(crypto_sign_PUBLICKEYBYTES);
  char why[512];
  if (sodium_init() < 0 || !livepatch_start(&options, why, sizeof why)) {
    std::printf("cannot start: %s\n", why);
    return 1;
  }
  if (!Confine(confinement, words[1])) {
    std::printf("no %s\n", confinement.c_str());
    return 77;
  }
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address);
  listen(listener, 128);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("port %d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  AcceptAll(listener);
}
