#include "livepatch/runtime/threads.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

#include "livepatch/runtime/runtime.h"

namespace propolis::livepatch {
namespace {

struct Thread {
  Thread* next;
  Thread* previous;
  std::atomic<uint32_t> epoch;
  std::atomic<bool> idle;
  std::atomic<uint64_t> since_ns;
  int32_t id;
  uint32_t depth;  // requests being worked on
  char name[16];
};

// What stubs compare. In the program's static thread-local storage, at one distance from every thread pointer.
__attribute__((tls_model("initial-exec"))) thread_local uint32_t current_epoch = 0;
__attribute__((tls_model("initial-exec"))) thread_local Thread self{};

std::atomic<bool> active{false};
std::atomic<uint32_t> committed{1};
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
Thread* threads = nullptr;              // under the mutex
livepatch_request* requests = nullptr;  // under the mutex
int tasks = -1;                         // /proc/self/task, opened while /proc is to be seen: a service may leave it

class Lock {
 public:
  Lock() { pthread_mutex_lock(&mutex); }
  ~Lock() { pthread_mutex_unlock(&mutex); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
};

template <class Node>
void Link(Node*& head, Node* node) {
  node->previous = nullptr;
  node->next = head;
  if (head != nullptr) {
    head->previous = node;
  }
  head = node;
}

template <class Node>
void Unlink(Node*& head, Node* node) {
  (node->previous == nullptr ? head : node->previous->next) = node->next;
  if (node->next != nullptr) {
    node->next->previous = node->previous;
  }
}

int32_t ThreadId() { return static_cast<int32_t>(syscall(SYS_gettid)); }

// What the thread has seen committed counts for whatever it runs next.
void Adopt() {
  const uint32_t epoch = committed.load(std::memory_order_seq_cst);
  if (epoch != self.epoch.load(std::memory_order_relaxed)) {
    self.since_ns.store(Now(), std::memory_order_relaxed);
    current_epoch = epoch;
    self.epoch.store(epoch, std::memory_order_release);
  }
}

void Describe(Holder* holder, const char* kind, const char* what, int32_t thread, uint64_t since_ns) {
  holder->kind = kind;
  snprintf(holder->what, sizeof holder->what, "%s", what);
  holder->thread = thread;
  holder->since_ns = since_ns;
}

bool IsRegistered(int32_t id) {
  for (const Thread* thread = threads; thread != nullptr; thread = thread->next) {
    if (thread->id == id) {
      return true;
    }
  }
  return false;
}

void ReadThreadName(int32_t id, char* name, size_t size) {
  char path[64];
  snprintf(path, sizeof path, "%d/comm", id);
  const int file = openat(tasks, path, O_RDONLY | O_CLOEXEC);
  const ssize_t length = file < 0 ? -1 : read(file, name, size - 1);
  if (file >= 0) {
    close(file);
  }
  name[length > 0 ? length : 0] = 0;
  name[strcspn(name, "\n")] = 0;
}

}  // namespace

uint64_t Now() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<uint64_t>(now.tv_nsec);
}

void StartEpochs() {
  if (tasks < 0) {
    tasks = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  }
  active.store(true, std::memory_order_seq_cst);
}

void StopEpochs() { active.store(false, std::memory_order_seq_cst); }

int32_t EpochOffset() {
  return static_cast<int32_t>(reinterpret_cast<const char*>(&current_epoch) -
                              static_cast<const char*>(__builtin_thread_pointer()));
}

uint32_t CommittedEpoch() { return committed.load(std::memory_order_seq_cst); }

void CommitEpoch(uint32_t epoch) { committed.store(epoch, std::memory_order_seq_cst); }

void SetOwnEpoch(uint32_t epoch) { current_epoch = epoch; }

size_t Holders(uint32_t only, Holder* holders, size_t room) {
  const uint32_t now = CommittedEpoch();
  const auto holds = [&](uint32_t epoch) { return only == 0 ? epoch != now : epoch == only; };
  size_t count = 0;
  const auto add = [&](const char* kind, const char* what, int32_t thread, uint64_t since_ns) {
    if (count++ < room) {
      Describe(&holders[count - 1], kind, what, thread, since_ns);
    }
  };
  Lock lock;
  for (const Thread* thread = threads; thread != nullptr; thread = thread->next) {
    if (!thread->idle.load(std::memory_order_seq_cst) && holds(thread->epoch.load(std::memory_order_acquire))) {
      add("thread", thread->name, thread->id, thread->since_ns.load(std::memory_order_relaxed));
    }
  }
  for (const livepatch_request* request = requests; request != nullptr; request = request->next) {
    if (holds(request->epoch)) {
      add("request", request->what, __atomic_load_n(&request->thread, __ATOMIC_RELAXED), request->began_ns);
    }
  }
  return count;
}

size_t Unregistered(Holder* holders, size_t room) {
  const int again = openat(tasks, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* folder = again < 0 ? nullptr : fdopendir(again);
  if (folder == nullptr) {
    if (again >= 0) {
      close(again);
    }
    if (room > 0) {
      Describe(&holders[0], "unregistered", "/proc cannot be read", 0, Now());
    }
    return 1;
  }
  size_t count = 0;
  const int32_t own = ThreadId();
  while (const dirent* entry = readdir(folder)) {
    const auto id = static_cast<int32_t>(strtol(entry->d_name, nullptr, 10));
    if (id <= 0 || id == own) {
      continue;
    }
    bool known;
    {
      Lock lock;
      known = IsRegistered(id);
    }
    if (!known && count++ < room) {
      char name[17];
      ReadThreadName(id, name, sizeof name);
      Describe(&holders[count - 1], "unregistered", name, id, Now());
    }
  }
  closedir(folder);
  return count;
}

ThreadCounts CountThreads() {
  ThreadCounts counts{};
  Lock lock;
  for (const Thread* thread = threads; thread != nullptr; thread = thread->next) {
    ++counts.threads;
    counts.idle += thread->idle.load(std::memory_order_relaxed) ? 1 : 0;
  }
  for (const livepatch_request* request = requests; request != nullptr; request = request->next) {
    ++counts.requests;
  }
  return counts;
}

}  // namespace propolis::livepatch

using namespace propolis::livepatch;

bool livepatch_active(void) { return active.load(std::memory_order_relaxed); }

void livepatch_thread_enter(const char* name) {
  if (!active.load(std::memory_order_relaxed) || self.id != 0) {
    return;
  }
  snprintf(self.name, sizeof self.name, "%s", name);
  self.id = ThreadId();
  self.depth = 0;
  self.idle.store(false, std::memory_order_relaxed);
  Lock lock;
  self.since_ns.store(Now(), std::memory_order_relaxed);
  current_epoch = committed.load(std::memory_order_seq_cst);
  self.epoch.store(current_epoch, std::memory_order_release);
  Link(threads, &self);
}

void livepatch_thread_leave(void) {
  if (self.id != 0) {
    Lock lock;
    Unlink(threads, &self);
    self.id = 0;
  }
}

void livepatch_safe_point(void) {
  if (self.id != 0 && self.depth == 0) {
    Adopt();
  }
}

void livepatch_idle_begin(void) {
  if (self.id != 0 && self.depth == 0) {
    self.idle.store(true, std::memory_order_seq_cst);
  }
}

void livepatch_idle_end(void) {
  if (self.id != 0 && self.depth == 0) {
    // First awake, then a look at what is committed: the agent commits first and then looks who is awake.
    self.idle.store(false, std::memory_order_seq_cst);
    Adopt();
  }
}

void livepatch_request_begin(livepatch_request* request, const char* what) {
  request->epoch = 0;
  request->thread = 0;
  if (!active.load(std::memory_order_relaxed)) {
    return;
  }
  request->what = what;
  request->began_ns = Now();
  Lock lock;
  // Within another request's work it belongs to that.
  request->epoch = self.depth > 0 ? current_epoch : committed.load(std::memory_order_seq_cst);
  Link(requests, request);
}

void livepatch_request_end(livepatch_request* request) {
  if (request->epoch != 0) {
    Lock lock;
    Unlink(requests, request);
    request->epoch = 0;
  }
}

void livepatch_request_resume(livepatch_request* request) {
  if (request->epoch != 0) {
    request->interrupted = current_epoch;
    __atomic_store_n(&request->thread, self.id, __ATOMIC_RELAXED);
    current_epoch = request->epoch;
    ++self.depth;
  }
}

void livepatch_request_suspend(livepatch_request* request) {
  if (request->epoch != 0) {
    --self.depth;
    current_epoch = request->interrupted;
    __atomic_store_n(&request->thread, 0, __ATOMIC_RELAXED);
  }
}

uint32_t livepatch_epoch(void) { return self.depth > 0 ? current_epoch : 0; }

uint32_t livepatch_borrow(uint32_t epoch) {
  const uint32_t previous = current_epoch;
  if (epoch != 0) {
    current_epoch = epoch;
  }
  return previous;
}

void livepatch_give_back(uint32_t previous) { current_epoch = previous; }
