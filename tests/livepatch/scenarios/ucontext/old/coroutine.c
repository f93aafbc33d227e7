#include "coroutine.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "livepatch/runtime/runtime.h"
#include "scenario.h"

struct Coroutine {
  struct livepatch_request request;
  ucontext_t inside;
  ucontext_t outside;
  char said[64];
  char stack[65536];
};
static struct Coroutine* suspended = NULL;

const char* Version(void) { return "old"; }

// On a stack of its own; goes away in the middle.
static void Body(void) {
  struct Coroutine* own = suspended;
  snprintf(own->said, sizeof own->said, "%s ", Version());
  swapcontext(&own->inside, &own->outside);
  strcat(own->said, Version());
}

static void Continue(void) {
  livepatch_request_resume(&suspended->request);
  swapcontext(&suspended->outside, &suspended->inside);
  livepatch_request_suspend(&suspended->request);
}

void Ask(const char* line, char* answer, size_t size) {
  if (strcmp(line, "start") == 0) {
    suspended = calloc(1, sizeof *suspended);
    livepatch_request_begin(&suspended->request, "coroutine");
    getcontext(&suspended->inside);
    suspended->inside.uc_stack.ss_sp = suspended->stack;
    suspended->inside.uc_stack.ss_size = sizeof suspended->stack;
    suspended->inside.uc_link = &suspended->outside;
    makecontext(&suspended->inside, Body, 0);
    Continue();
    snprintf(answer, size, "started");
  } else if (strcmp(line, "finish") == 0) {
    Continue();
    livepatch_request_end(&suspended->request);
    snprintf(answer, size, "%s", suspended->said);
    free(suspended);
  } else {
    snprintf(answer, size, "%s", Version());
  }
}
