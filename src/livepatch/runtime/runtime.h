// The live patching runtime: what a service links to be mended while it serves. C-callable; needs libc only.
//
// A service registers its threads, says where a thread is between two pieces of work (a safe point) and where it only
// waits (idle), and binds each request to the code it began with. A patch is then switched without stopping a thread:
// what began on the old code ends on it, what begins after the commit runs the new code. docs/livepatch.md.
//
// Unless livepatch_start was called, every call below returns at once.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What the service says of a signed patch.
struct livepatch_verdict {
  bool sound;
  char digest[65];  // SHA-256 of the file in hexadecimal: the name under which it is kept
  char why[256];    // when not sound: what is wrong, for people
};

struct livepatch_options {
  const char* folder;  // exists, mode 0700, ours: the socket `agent`, the `journal`, the patches
  // Checks signatures, expiry and whatever else the service asks of a patch. Without it every patch is refused.
  void (*verify)(void* context, const void* patch, size_t size, struct livepatch_verdict* verdict);
  // Makes threads that sleep in an event loop pass a safe point soon. May be null.
  void (*wake)(void* context);
  // One event and its detail, for the service's log. May be null.
  void (*log)(void* context, const char* event, const char* detail);
  void* context;
  uint32_t deadline_ms;  // how long a switch may take before it is backed out; 0: 10 000
};

// Applies again what the journal holds, then listens on <folder>/agent. False: `why` says what is wrong, nothing runs.
// Call it before other threads work. A patch that cannot be applied again is logged and left out, not fatal.
bool livepatch_start(const struct livepatch_options* options, char* why, size_t why_size);
void livepatch_stop(void);

// Was livepatch_start called, and not yet livepatch_stop?
bool livepatch_active(void);

// A thread that runs patchable code, from its first line to its last. `name` is kept by copy (15 characters).
void livepatch_thread_enter(const char* name);
void livepatch_thread_leave(void);
// This thread is between two pieces of work: no function that may be patched is on its stack but loops that never end.
void livepatch_safe_point(void);
// As a safe point that lasts: the thread waits and runs nothing in between.
void livepatch_idle_begin(void);
void livepatch_idle_end(void);

// A request keeps the code it began with, on whatever thread it is worked on and however often it is suspended.
struct livepatch_request {
  struct livepatch_request* next;
  struct livepatch_request* previous;
  const char* what;      // a literal, for the answer to "why not yet?"
  uint64_t began_ns;     // monotonic
  uint32_t epoch;        // 0: not begun
  uint32_t interrupted;  // what the thread ran before it took the request up
  int32_t thread;        // which works on it; 0: suspended
};
void livepatch_request_begin(struct livepatch_request* request, const char* what);
void livepatch_request_end(struct livepatch_request* request);
// Around each stretch of work for it on one thread. Stretches nest as calls do.
void livepatch_request_resume(struct livepatch_request* request);
void livepatch_request_suspend(struct livepatch_request* request);

// For work that a request hands to another thread and waits for: the epoch it runs under. 0: none.
uint32_t livepatch_epoch(void);
uint32_t livepatch_borrow(uint32_t epoch);  // run under it; answers what to give back
void livepatch_give_back(uint32_t previous);

#ifdef __cplusplus
}  // extern "C"
#endif
