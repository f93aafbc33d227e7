// A service that knows nothing of live patches: each connection has a thread, others are blocked in system calls for
// good. Lines: R work; W work that waits for G; E how often a blocked call was interrupted; S signals that arrived.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "work.h"

static int interrupted = 0;
static int signals = 0;
static int silent[2];  // a pair of sockets on which nothing ever arrives
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int rounds = 0;
static int waiting = 0;

void WaitForGo(void) {
  pthread_mutex_lock(&mutex);
  const int now = rounds;
  ++waiting;
  while (rounds == now) {
    pthread_cond_wait(&changed, &mutex);
  }
  pthread_mutex_unlock(&mutex);
}

static void CountSignal(int number) {
  (void)number;
  __atomic_add_fetch(&signals, 1, __ATOMIC_SEQ_CST);
}

static int Block(long which) {
  char byte;
  struct timespec long_time = {100000, 0};
  struct timeval long_value = {100000, 0};
  struct pollfd wanted = {silent[0], POLLIN, 0};
  struct epoll_event event = {.events = EPOLLIN};
  fd_set set;
  sigset_t none;
  switch (which) {
    case 0:
      return (int)read(silent[0], &byte, 1);
    case 1:
      return nanosleep(&long_time, NULL);
    case 2:
      return poll(&wanted, 1, 100000000);
    case 3: {
      const int epoll = epoll_create1(0);
      epoll_ctl(epoll, EPOLL_CTL_ADD, silent[0], &event);
      return epoll_wait(epoll, &event, 1, 100000000);
    }
    case 4:
      FD_ZERO(&set);
      FD_SET(silent[0], &set);
      return select(silent[0] + 1, &set, NULL, NULL, &long_value);
    case 5:
      sigemptyset(&none);
      sigaddset(&none, SIGRTMAX);
      return sigtimedwait(&none, NULL, &long_time);
    case 6:
      setsockopt(silent[1], SOL_SOCKET, SO_RCVTIMEO, &long_value, sizeof long_value);
      return (int)recv(silent[1], &byte, 1, 0);
    default:
      clock_gettime(CLOCK_REALTIME, &long_time);
      long_time.tv_sec += 100000;
      pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
      pthread_cond_t never = PTHREAD_COND_INITIALIZER;
      pthread_mutex_lock(&own);
      return pthread_cond_timedwait(&never, &own, &long_time);
  }
}

static void* RunBlocked(void* which) {
  while (1) {
    Block((long)which);
    __atomic_add_fetch(&interrupted, 1, __ATOMIC_SEQ_CST);
  }
}

static void Answer(const char* line, char* answer, size_t size) {
  char words[32];
  switch (line[0]) {
    case 'R': {
      const int second = Second(40, words, sizeof words);
      snprintf(answer, size, "%d %d %s\n", First(4), second, words);
      break;
    }
    case 'W':
      snprintf(answer, size, "%d\n", Waiting());
      break;
    case 'N':
      pthread_mutex_lock(&mutex);
      snprintf(answer, size, "%d\n", waiting);
      pthread_mutex_unlock(&mutex);
      break;
    case 'G':
      pthread_mutex_lock(&mutex);
      ++rounds;
      waiting = 0;
      pthread_cond_broadcast(&changed);
      pthread_mutex_unlock(&mutex);
      snprintf(answer, size, "gone\n");
      break;
    case 'E':
      snprintf(answer, size, "%d\n", __atomic_load_n(&interrupted, __ATOMIC_SEQ_CST));
      break;
    default:
      snprintf(answer, size, "%d\n", __atomic_load_n(&signals, __ATOMIC_SEQ_CST));
  }
}

static void* Serve(void* file) {
  const int client = (int)(long)file;
  char line[256];
  char answer[256];
  ssize_t got;
  while ((got = recv(client, line, sizeof line - 1, 0)) > 0) {
    line[got] = 0;
    Answer(line, answer, sizeof answer);
    if (send(client, answer, strlen(answer), MSG_NOSIGNAL) < 0) {
      break;
    }
  }
  if (got < 0) {
    __atomic_add_fetch(&interrupted, 1, __ATOMIC_SEQ_CST);
  }
  close(client);
  return NULL;
}

int main(void) {
  struct sigaction action = {.sa_handler = CountSignal, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  // Signals are for the first thread, which is not among the blocked ones.
  sigset_t usr1;
  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &usr1, NULL);
  pthread_t thread;
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, silent) != 0) {
    return 1;
  }
  for (long which = 0; which < 8; ++which) {
    pthread_create(&thread, NULL, RunBlocked, (void*)which);
  }
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(listener, (struct sockaddr*)&address, sizeof address);
  listen(listener, 64);
  getsockname(listener, (struct sockaddr*)&address, &size);
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  while (1) {
    pthread_sigmask(SIG_UNBLOCK, &usr1, NULL);
    const int client = accept(listener, NULL, NULL);
    pthread_sigmask(SIG_BLOCK, &usr1, NULL);
    if (client < 0 || pthread_create(&thread, NULL, Serve, (void*)(long)client) != 0) {
      return 1;
    }
    pthread_detach(thread);
  }
}
