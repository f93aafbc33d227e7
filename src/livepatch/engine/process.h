// A process seen from outside (proc(5), ptrace(2)): for services that do not link the runtime. Linux, x86-64.
#pragma once

#include <sys/types.h>
#include <sys/user.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace propolis::livepatch {

struct Mapping {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t offset = 0;  // in its file
  bool readable = false;
  bool executable = false;
  std::string path;  // "" when it is no file
};

// Memory and threads. Nobody is stopped for it.
class Process {
 public:
  // Denied ("livepatch.no_ptrace") says what forbids it, NotFound ("livepatch.no_process").
  static Result<std::shared_ptr<const Process>> Open(pid_t pid);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] std::string program() const;                      // its path, as the mappings name it
  [[nodiscard]] std::string Seen(const std::string& path) const;  // that path, as we can open it
  [[nodiscard]] std::vector<Mapping> Mappings() const;
  [[nodiscard]] std::vector<pid_t> Threads() const;
  [[nodiscard]] std::string NameOf(pid_t thread) const;
  // A line of /proc/PID/task/THREAD/status, after its name and colon.
  [[nodiscard]] std::string StatusOf(pid_t thread, std::string_view line) const;
  bool Read(std::uint64_t address, void* into, std::size_t size) const;
  // Even where the process itself may not write.
  [[nodiscard]] bool Write(std::uint64_t address, const void* bytes, std::size_t size) const;
  [[nodiscard]] std::string Bytes(std::uint64_t address, std::size_t size) const;  // "" when they cannot be read

 private:
  Process(pid_t pid, int memory) : pid_(pid), memory_(memory) {}
  pid_t pid_;
  int memory_;
};

struct StoppedThread {
  pid_t id = 0;
  bool stopped = false;
  int signal = 0;  // that was about to be delivered, and is when the thread goes on
  user_regs_struct registers{};
};

// Threads of a process, stopped. Destroyed: they go on, and no system call that this interrupted answers EINTR.
class Stop {
 public:
  // All threads (`only` 0), until none is left that was made meanwhile; or one. Timeout ("livepatch.stop_late") when
  // they are not stopped within the limit.
  static Result<std::unique_ptr<Stop>> Of(std::shared_ptr<const Process> process, pid_t only,
                                          std::chrono::milliseconds limit);
  ~Stop();
  Stop(const Stop&) = delete;
  Stop& operator=(const Stop&) = delete;

  [[nodiscard]] const std::vector<StoppedThread>& threads() const { return threads_; }
  // Since the first thread was asked to stop.
  [[nodiscard]] std::chrono::microseconds Lasted() const;
  // Lets the first thread make a system call. Its answer, negative for an error (-errno).
  Result<std::int64_t> Call(std::int64_t number, std::uint64_t first, std::uint64_t second, std::uint64_t third = 0,
                            std::uint64_t fourth = 0, std::uint64_t fifth = 0, std::uint64_t sixth = 0);

 private:
  explicit Stop(std::shared_ptr<const Process> process) : process_(std::move(process)) {}
  Result<bool> Seize(pid_t only);
  bool Await(std::chrono::steady_clock::time_point until);
  bool Look(StoppedThread& thread) const;
  void Repair(StoppedThread& thread) const;

  std::shared_ptr<const Process> process_;
  std::vector<StoppedThread> threads_;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace propolis::livepatch
