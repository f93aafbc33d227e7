// The agent: one thread that takes commands from the socket and carries switches through.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "livepatch/runtime/journal.h"
#include "livepatch/runtime/patcher.h"
#include "livepatch/runtime/protocol.h"
#include "livepatch/runtime/report.h"
#include "livepatch/runtime/runtime.h"
#include "livepatch/runtime/threads.h"

namespace propolis::livepatch {
namespace {

constexpr uint32_t kDeadline = 10'000;   // milliseconds
constexpr uint64_t kNudge = 10'000'000;  // nanoseconds between two wakings of sleepers
constexpr size_t kAnswerBytes = 256U << 10;
constexpr uint32_t kStartsBeforeGivingUp = 3;

livepatch_options options;
int folder = -1;
int listener = -1;
int stopper = -1;
int waiting = -1;  // whoever asked for the switch under way; -1: nobody
pthread_t agent;
bool running = false;
uint64_t nudged_at = 0;
JournalState journal;
char answer_buffer[kAnswerBytes];

void Log(const char* event, const char* detail) {
  if (options.log != nullptr) {
    options.log(options.context, event, detail);
  }
}

const char* DigestOf(const Patch* patch) { return patch == nullptr ? "" : patch->digest; }
uint32_t LevelOf(const Patch* patch) { return patch == nullptr ? 0 : patch->plan->level; }

// --- what may be applied

bool MayFollow(const PatchView& view, const char* digest, Reason* reason) {
  PlanHeader plan;
  if (view.plan_size < sizeof plan) {
    return reason->Say("the plan is damaged: it is no plan");
  }
  memcpy(&plan, view.plan, sizeof plan);
  if (plan.expires != 0 && plan.expires < time(nullptr)) {
    return reason->Say("it has expired");
  }
  // The same patch again is no step back.
  if (plan.level < journal.highest || (plan.level == journal.highest && strcmp(digest, journal.highest_digest) != 0)) {
    return reason->Say("its level %u is not above level %u, which was applied before", plan.level, journal.highest);
  }
  return true;
}

// From the bytes of a patch file to a resident patch; null: refused.
const Patch* Admit(const void* bytes, size_t size, Reason* reason) {
  PatchView view;
  if (!ViewPatch(bytes, size, &view)) {
    reason->Say("it is no patch");
    return nullptr;
  }
  if (options.verify == nullptr) {
    reason->Say("the service trusts no key");
    return nullptr;
  }
  livepatch_verdict verdict = {};
  options.verify(options.context, bytes, size, &verdict);
  if (!verdict.sound) {
    reason->Say("%s", verdict.why);
    return nullptr;
  }
  if (!MayFollow(view, verdict.digest, reason)) {
    return nullptr;
  }
  if (!Record(Step::kLoading, verdict.digest, 0) || !KeepPatch(folder, verdict.digest, bytes, size)) {
    reason->Say("journal and patch cannot be kept on disk");
    return nullptr;
  }
  return Load(verdict.digest, view.plan, view.plan_size, reason);
}

// --- the switch

// Armed and committed, or refused with all as before. `to` null: back to the release.
bool Begin(const Patch* to, Reason* reason) {
  if (!Arm(to, reason)) {
    return false;
  }
  if (!Record(Step::kArmed, DigestOf(to), LevelOf(to)) || !Record(Step::kCommitted, DigestOf(to), LevelOf(to))) {
    Disarm();
    return reason->Say("the journal cannot be written");
  }
  if (to != nullptr) {
    journal.highest = to->plan->level;
    snprintf(journal.highest_digest, sizeof journal.highest_digest, "%s", to->digest);
  }
  Commit();
  nudged_at = 0;
  return true;
}

// One look at a switch under way. True when it is through.
bool Continue() {
  const PatcherState& state = State();
  const uint64_t now = Now();
  if (options.wake != nullptr && now - nudged_at > kNudge) {
    nudged_at = now;
    options.wake(options.context);
  }
  const bool backing_out = state.phase == Phase::kBackingOut;
  const uint32_t deadline = options.deadline_ms == 0 ? kDeadline : options.deadline_ms;
  if (Advance()) {
    Record(backing_out ? Step::kBackedOut : Step::kActive, DigestOf(state.running), LevelOf(state.running));
    Log("livepatch.switched", state.last);
    return true;
  }
  if (!backing_out && now - state.committed_at > uint64_t{deadline} * 1'000'000U &&
      Record(Step::kCommitted, DigestOf(state.running), LevelOf(state.running))) {
    BackOut();
    Log("livepatch.backing_out", "the deadline passed");
  }
  return false;
}

// --- the socket

bool Receive(int client, void* into, size_t size) {
  for (size_t done = 0; done < size;) {
    const ssize_t got = recv(client, static_cast<char*>(into) + done, size - done, 0);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return false;
    }
    done += static_cast<size_t>(got);
  }
  return true;
}

void SendAll(int client, const void* bytes, size_t size) {
  for (size_t done = 0; done < size;) {
    const ssize_t put = send(client, static_cast<const char*>(bytes) + done, size - done, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) {
      continue;
    }
    if (put <= 0) {
      return;  // whoever asked is gone: the switch goes on without
    }
    done += static_cast<size_t>(put);
  }
}

void Reply(int client, Outcome outcome, const Answer& answer) {
  const AnswerHeader header = {kProtocolMagic, outcome, answer.size()};
  SendAll(client, &header, sizeof header);
  SendAll(client, answer_buffer, answer.size());
  close(client);
}

void ReplyReason(int client, Outcome outcome, const Reason& reason) {
  Answer answer(answer_buffer, sizeof answer_buffer);
  answer.Add("{\"why\":");
  answer.Quote(reason.text);
  answer.Add("}");
  Log(outcome == Outcome::kRefused ? "livepatch.refused" : "livepatch.unsound", reason.text);
  Reply(client, outcome, answer);
}

// Only who runs the service, and root.
bool IsOurs(int client) {
  ucred peer = {};
  socklen_t size = sizeof peer;
  return getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (peer.uid == geteuid() || peer.uid == 0);
}

void ReplyStatus(int client, Outcome outcome) {
  Answer answer(answer_buffer, sizeof answer_buffer);
  WriteStatus(&answer, journal.superseded);
  Reply(client, outcome, answer);
}

// Switches to `to`; the client is answered when the switch is through.
void Switch(int client, const Patch* to, bool admitted, Reason* reason) {
  if (!admitted) {
    ReplyReason(client, Outcome::kRefused, *reason);
  } else if (to == State().running) {
    ReplyStatus(client, Outcome::kDone);
  } else if (Begin(to, reason)) {
    waiting = client;
  } else {
    ReplyReason(client, Outcome::kRefused, *reason);
  }
}

void HandleApply(int client, uint64_t size) {
  Reason reason;
  void* bytes = size <= kMaxPatchBytes ? malloc(size + 1) : nullptr;
  const bool received = bytes != nullptr && Receive(client, bytes, size);
  const Patch* patch = nullptr;
  if (received) {
    patch = Admit(bytes, size, &reason);
  } else {
    reason.Say("the patch did not arrive whole, or is too large");
  }
  free(bytes);
  Switch(client, patch, patch != nullptr, &reason);
}

void Handle(int client, const RequestHeader& request) {
  Reason reason;
  const bool changes = request.verb == Verb::kApply || request.verb == Verb::kRevert;
  if (changes && State().phase != Phase::kNone) {
    return ReplyStatus(client, Outcome::kBusy);
  }
  switch (request.verb) {
    case Verb::kApply:
      return HandleApply(client, request.size);
    case Verb::kRevert:
      return Switch(client, nullptr, true, &reason);
    case Verb::kStatus:
      return ReplyStatus(client, Outcome::kDone);
    case Verb::kVerify:
      return Prove(&reason) ? ReplyStatus(client, Outcome::kDone) : ReplyReason(client, Outcome::kUnsound, reason);
    case Verb::kList: {
      Answer answer(answer_buffer, sizeof answer_buffer);
      WriteList(&answer);
      return Reply(client, Outcome::kDone, answer);
    }
  }
  reason.Say("there is no such command");
  ReplyReason(client, Outcome::kRefused, reason);
}

void Accept() {
  const int client = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) {
    return;
  }
  const timeval patience = {.tv_sec = 2, .tv_usec = 0};
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  RequestHeader request = {};
  if (!IsOurs(client) || !Receive(client, &request, sizeof request) || request.magic != kProtocolMagic) {
    close(client);
    return;
  }
  Handle(client, request);
}

void* Run(void*) {
  pthread_setname_np(pthread_self(), "livepatch");
  pollfd watched[2] = {{listener, POLLIN, 0}, {stopper, POLLIN, 0}};
  while (true) {
    const bool switching = State().phase != Phase::kNone;
    poll(watched, 2, switching ? 1 : -1);
    if ((watched[1].revents & POLLIN) != 0) {
      return nullptr;
    }
    if (switching && Continue() && waiting >= 0) {
      ReplyStatus(waiting, strcmp(State().last, "backed out") == 0 ? Outcome::kBackedOut : Outcome::kDone);
      waiting = -1;
    }
    if ((watched[0].revents & POLLIN) != 0) {
      Accept();
    }
  }
}

bool Listen(Reason* reason) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", options.folder, kSocketName);
  if (length < 0 || static_cast<size_t>(length) >= sizeof address.sun_path) {
    return reason->Say("the path of the folder is too long for a socket");
  }
  unlink(address.sun_path);
  listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  stopper = eventfd(0, EFD_CLOEXEC);
  if (listener < 0 || stopper < 0 || bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      chmod(address.sun_path, 0600) != 0 || listen(listener, 8) != 0) {
    return reason->Say("cannot listen on %s: %s", address.sun_path, strerror(errno));
  }
  return true;
}

// --- start

bool OpenFolder(Reason* reason) {
  folder = open(options.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct stat status;
  if (folder < 0 || fstat(folder, &status) != 0) {
    return reason->Say("%s: %s", options.folder, strerror(errno));
  }
  if ((status.st_mode & 077) != 0 || status.st_uid != geteuid()) {
    return reason->Say("%s must belong to the service and be closed to others (mode 0700)", options.folder);
  }
  const Program& program = State().program;
  return OpenJournal(folder, program.build_id, program.build_id_size, &journal) ||
         reason->Say("the journal in %s cannot be used", options.folder);
}

void ApplyAgain() {
  if (journal.superseded) {
    Log("livepatch.superseded", "the last patch was for another build");
  }
  if (journal.wanted[0] == 0) {
    return;
  }
  if (journal.failed_starts >= kStartsBeforeGivingUp) {
    return Log("livepatch.left_out", "the service did not survive its last starts with the patch");
  }
  Reason reason;
  size_t size = 0;
  void* bytes = ReadPatch(folder, journal.wanted, &size);
  Record(Step::kStarting, journal.wanted, journal.level);
  const Patch* patch = bytes == nullptr ? nullptr : Admit(bytes, size, &reason);
  free(bytes);
  if (patch == nullptr || !Begin(patch, &reason)) {
    return Log("livepatch.left_out", reason.text[0] == 0 ? "its file cannot be read" : reason.text);
  }
  while (!Continue()) {
    usleep(1000);
  }
}

bool StartAgent(Reason* reason) {
  // Signals are for the service's own threads.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const bool started = pthread_create(&agent, nullptr, Run, nullptr) == 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started || reason->Say("no thread can be started");
}

void CloseAll() {
  int* const files[] = {&folder, &listener, &stopper, &waiting};
  for (int* file : files) {
    if (*file >= 0) {
      close(*file);
      *file = -1;
    }
  }
  CloseJournal();
}

}  // namespace
}  // namespace propolis::livepatch

using namespace propolis::livepatch;

bool livepatch_start(const livepatch_options* given, char* why, size_t why_size) {
  Reason reason;
  if (running) {
    reason.Say("it runs already");
  } else {
    options = *given;
    StartEpochs();
    running = StartPatcher(&reason) && OpenFolder(&reason);
    if (running) {
      ApplyAgain();
      running = Listen(&reason) && StartAgent(&reason);
    }
    if (!running) {
      CloseAll();
      StopEpochs();
    }
  }
  snprintf(why, why_size, "%s", reason.text);
  return running;
}

void livepatch_stop(void) {
  if (running) {
    const uint64_t one = 1;
    if (write(stopper, &one, sizeof one) == sizeof one) {
      pthread_join(agent, nullptr);
    }
    running = false;
    CloseAll();
    StopEpochs();
  }
}
