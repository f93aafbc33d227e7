#include "threads.h"

#include <pthread.h>

#include "livepatch/runtime/runtime.h"
#include "scenario.h"

static void* Run(void* which) {
  livepatch_thread_enter("helper");
  void* said = (void*)(which == NULL ? First() : Second());
  livepatch_thread_leave();
  return said;
}

// Threads that are made and end all the time.
void Ask(const char* line, char* answer, size_t size) {
  pthread_t threads[2];
  void* said[2];
  for (int i = 0; i < 2; ++i) {
    pthread_create(&threads[i], NULL, Run, i == 0 ? NULL : threads);
  }
  for (int i = 0; i < 2; ++i) {
    pthread_join(threads[i], &said[i]);
  }
  snprintf(answer, size, "%s %s %s", line, (const char*)said[0], (const char*)said[1]);
}
