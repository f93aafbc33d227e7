// A server of ours as a process of its own, and what it costs.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace propolis::bench {

class Process {
 public:
  // Starts it and waits for the first line that it prints, or for its port when it prints nothing. Throws
  // std::runtime_error.
  Process(std::vector<std::string> command, unsigned short port, bool prints);
  ~Process();  // SIGTERM, and waits
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] double start_ms() const { return start_ms_; }
  // In 10^6 bytes: what it has of the machine's memory now, and had at most.
  [[nodiscard]] double RssMb() const;
  [[nodiscard]] double PeakMb() const;
  // Seconds of processor time so far.
  [[nodiscard]] double CpuSeconds() const;

 private:
  pid_t pid_ = 0;
  double start_ms_ = 0;
};

// Seconds of processor time that this process has used so far.
double OwnCpuSeconds();
// A port that nobody listens on.
unsigned short FreePort();
// Runs a command with `input` on its standard input; answers what it prints. Throws std::runtime_error when it fails.
std::string Output(const std::vector<std::string>& command, const std::string& input = "");

}  // namespace propolis::bench
