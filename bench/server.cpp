#include "server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace propolis::bench {
namespace {

using Steady = std::chrono::steady_clock;

pid_t Spawn(const std::vector<std::string>& command, int in, int out) {
  std::vector<char*> words;
  for (const auto& word : command) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);  // the log
  pid_t pid = 0;
  const int failed = posix_spawn(&pid, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    throw std::runtime_error("cannot start " + command[0]);
  }
  return pid;
}

sockaddr_in Local(unsigned short port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool Answers(unsigned short port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Local(port);
  const bool connected = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return connected;
}

double StatusMb(pid_t pid, const std::string& field) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) {
      constexpr double kKiB = 1024;
      return std::strtod(line.c_str() + field.size() + 1, nullptr) * kKiB / 1e6;
    }
  }
  return 0;
}

}  // namespace

Process::Process(std::vector<std::string> command, unsigned short port, bool prints) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    throw std::runtime_error("pipe");
  }
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const auto start = Steady::now();
  pid_ = Spawn(command, nothing, ends[1]);
  close(nothing);
  close(ends[1]);
  char byte = 0;
  if (prints) {
    while (read(ends[0], &byte, 1) == 1 && byte != '\n') {
    }
  } else {
    while (!Answers(port) && Steady::now() < start + std::chrono::seconds(10)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  start_ms_ = std::chrono::duration<double, std::milli>(Steady::now() - start).count();
  close(ends[0]);
  if (prints && byte != '\n') {
    waitpid(pid_, nullptr, 0);
    throw std::runtime_error(command[0] + " ended before it was ready");
  }
}

Process::~Process() {
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

double Process::RssMb() const { return StatusMb(pid_, "VmRSS"); }
double Process::PeakMb() const { return StatusMb(pid_, "VmHWM"); }

double Process::CpuSeconds() const {
  std::ifstream stat("/proc/" + std::to_string(pid_) + "/stat");
  std::string text;
  std::getline(stat, text);
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) {
    fields >> skipped;
  }
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double OwnCpuSeconds() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

unsigned short FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Local(0);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no free port");
  }
  close(fd);
  return ntohs(address.sin_port);
}

std::string Output(const std::vector<std::string>& command, const std::string& input) {
  int in[2];
  int out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
    throw std::runtime_error("pipe");
  }
  const pid_t pid = Spawn(command, in[0], out[1]);
  close(in[0]);
  close(out[1]);
  const bool written = write(in[1], input.data(), input.size()) == static_cast<ssize_t>(input.size());
  close(in[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t n = read(out[0], buffer, sizeof buffer); n > 0; n = read(out[0], buffer, sizeof buffer)) {
    text.append(buffer, static_cast<std::size_t>(n));
  }
  close(out[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  if (status != 0 || !written) {
    throw std::runtime_error(command[0] + " " + (command.size() > 1 ? command[1] : "") + " failed: " + text);
  }
  return text;
}

}  // namespace propolis::bench
