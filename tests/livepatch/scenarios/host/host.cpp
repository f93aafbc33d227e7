// The lines that every scenario understands:
//   go          lets all go on who wait in WaitForGo
//   waiting N   answers when N wait there
// Whatever else is asked is the scenario's, as one request.
#include <array>
#include <condition_variable>
#include <mutex>
#include <string>

#include "livepatch/runtime/scope.h"
#include "scenario.h"

std::string Answer(const std::string& line);

namespace {

std::mutex mutex;
std::condition_variable changed;
int round_of_go = 0;
int waiting = 0;

std::string Go() {
  const std::lock_guard lock(mutex);
  ++round_of_go;
  waiting = 0;
  changed.notify_all();
  return "gone";
}

std::string Waiting(int wanted) {
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return waiting >= wanted; });
  return std::to_string(waiting);
}

}  // namespace

void WaitForGo() {
  std::unique_lock lock(mutex);
  const int now = round_of_go;
  ++waiting;
  changed.notify_all();
  changed.wait(lock, [&] { return round_of_go > now; });
}

std::string Answer(const std::string& line) {
  if (line == "go") {
    return Go();
  }
  if (line.starts_with("waiting ")) {
    return Waiting(std::stoi(line.substr(8)));
  }
  const propolis::livepatch::RequestScope request("scenario");
  std::array<char, 512> answer{};
  Ask(line.c_str(), answer.data(), answer.size());
  return answer.data();
}
