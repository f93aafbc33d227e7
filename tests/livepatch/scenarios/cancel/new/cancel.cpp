#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include <atomic>

#include "livepatch/runtime/scope.h"
#include "scenario.h"

namespace {

std::atomic<int> cleaned{0};
sem_t inside;

template <int kCount>
struct Cleaner {
  ~Cleaner() { cleaned += kCount; }
};

[[gnu::noinline]] void Sleep() {
  const Cleaner<10> cleaner;
  sem_post(&inside);
  pause();
}

void* Run(void*) {
  const propolis::livepatch::ThreadScope scope("sleeper");
  const Cleaner<1> cleaner;
  Sleep();
  return nullptr;
}

}  // namespace

// Ends a thread while it is in the code above: what it holds is released on the way out.
void Ask(const char* line, char* answer, size_t size) {
  (void)line;
  cleaned = 0;
  sem_init(&inside, 0, 0);
  pthread_t thread;
  pthread_create(&thread, nullptr, Run, nullptr);
  sem_wait(&inside);
  pthread_cancel(thread);
  void* end = nullptr;
  pthread_join(thread, &end);
  snprintf(answer, size, "new cleaned %d, %s", cleaned.load(), end == PTHREAD_CANCELED ? "cancelled" : "returned");
}
