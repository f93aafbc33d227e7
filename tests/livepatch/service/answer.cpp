// The requests of the service, one line each:
//   R          work in one go: the versions that took part, the identifiers, separated by blanks
//   B          begin a request that is suspended; answers its number
//   F NUMBER   finish it, on whatever thread: the versions of both halves and of its steps
//   W          work until somebody says G: the versions before and after
//   G          let all W go on
//   P          what probes are for
#include "answer.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>

#include "livepatch/runtime/scope.h"
#include "work.h"

namespace {

struct Suspended {
  livepatch_request request = {};
  work::Sequence sequence;
  int made = 0;
  int stepped = 0;
};

std::mutex mutex;
std::condition_variable released;
int releases = 0;
int number = 0;
std::map<int, std::unique_ptr<Suspended>> suspended;

void Spin() {
  const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(100);
  while (std::chrono::steady_clock::now() < until) {
  }
}

std::string Work() {
  const propolis::livepatch::RequestScope request("work");
  static const auto shape = work::MakeShape();
  std::string versions = std::to_string(work::Make());
  versions += " " + std::to_string(work::Throw()) + " " + std::to_string(shape->Version());
  Spin();
  versions += " " + std::to_string(work::Doubled()) + " " + std::to_string(work::Check());
  const long id = work::NextId();
  const long counted = work::Counted();
  const long own = work::CountedByThread();
  versions += " " + std::to_string(id % 10) + " " + std::to_string(counted % 10) + " " + std::to_string(own % 10);
  return versions + " " + std::to_string(id / 10) + " " + std::to_string(counted / 10) + " " + work::Text(4) + " " +
         std::to_string(work::Limit({}));
}

std::string Begin() {
  auto fresh = std::make_unique<Suspended>();
  livepatch_request_begin(&fresh->request, "suspended");
  livepatch_request_resume(&fresh->request);
  fresh->made = work::Make();
  fresh->stepped = fresh->sequence.Next();
  livepatch_request_suspend(&fresh->request);
  const std::lock_guard lock(mutex);
  suspended[++number] = std::move(fresh);
  return std::to_string(number);
}

std::string Finish(int which) {
  std::unique_ptr<Suspended> found;
  {
    const std::lock_guard lock(mutex);
    found = std::move(suspended[which]);
    suspended.erase(which);
  }
  if (!found) {
    return "none";
  }
  livepatch_request_resume(&found->request);
  const int checked = work::Check();
  const int stepped = found->sequence.Next();
  livepatch_request_suspend(&found->request);
  livepatch_request_end(&found->request);
  return std::to_string(found->made) + " " + std::to_string(checked) + " " + std::to_string(found->stepped % 10) + " " +
         std::to_string(stepped % 10);
}

std::string Wait() {
  const propolis::livepatch::RequestScope request("waits");
  const int before = work::Make();
  {
    std::unique_lock lock(mutex);
    const int now = releases;
    released.wait(lock, [&] { return releases > now; });
  }
  return std::to_string(before) + " " + std::to_string(work::Check());
}

}  // namespace

std::string Answer(const std::string& line) {
  switch (line.empty() ? ' ' : line[0]) {
    case 'R':
      return Work();
    case 'B':
      return Begin();
    case 'F':
      return Finish(std::stoi(line.substr(1)));
    case 'W':
      return Wait();
    case 'G': {
      const std::lock_guard lock(mutex);
      ++releases;
      released.notify_all();
      return "released";
    }
    default:
      return "what?";
  }
}
