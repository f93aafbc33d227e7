#include "livepatch/engine/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/number.h"

namespace propolis::livepatch {
namespace {

namespace fs = std::filesystem;
using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr int kMaxRounds = 32;
constexpr microseconds kLook{20};
constexpr std::string_view kSyscall("\x0f\x05", 2);

// Calls that answer EINTR although no handler ran (signal(7)); all others the kernel begins again by itself.
constexpr std::int64_t kInterrupted[] = {
    SYS_epoll_wait, SYS_epoll_pwait,  SYS_epoll_pwait2,  SYS_rt_sigtimedwait, SYS_semop,    SYS_semtimedop,
    SYS_read,       SYS_readv,        SYS_recvfrom,      SYS_recvmsg,         SYS_recvmmsg, SYS_accept,
    SYS_accept4,    SYS_io_getevents, SYS_io_pgetevents, SYS_write,           SYS_writev,   SYS_sendto,
    SYS_sendmsg,    SYS_msgrcv,       SYS_msgsnd};

std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::unexpected<Error> Denied(pid_t pid, const std::string& tracer) {
  std::string why = "it needs the same user, or the capability CAP_SYS_PTRACE";
  if (tracer != "0" && !tracer.empty()) {
    why = "process " + tracer + " traces it already";
  } else if (const auto scope = FirstLine("/proc/sys/kernel/yama/ptrace_scope"); !scope.empty() && scope != "0") {
    why += "; kernel.yama.ptrace_scope is " + scope;
  }
  return Fail(Code::kForbidden, "livepatch.no_ptrace", {{"pid", std::to_string(pid)}, {"why", why}});
}

std::uint64_t Hex(std::string_view text) { return std::strtoull(std::string(text).c_str(), nullptr, 16); }

}  // namespace

// --- memory and threads

Result<std::shared_ptr<const Process>> Process::Open(pid_t pid) {
  const int memory = open(("/proc/" + std::to_string(pid) + "/mem").c_str(), O_RDWR | O_CLOEXEC);
  if (memory < 0) {
    if (errno == ENOENT || errno == ESRCH) {
      return Fail(Code::kNotFound, "livepatch.no_process", {{"pid", std::to_string(pid)}});
    }
    return Denied(pid, "0");
  }
  return std::shared_ptr<const Process>(new Process(pid, memory));
}

Process::~Process() { close(memory_); }

std::string Process::program() const {
  std::error_code failed;
  return fs::read_symlink("/proc/" + std::to_string(pid_) + "/exe", failed).string();
}

std::string Process::Seen(const std::string& path) const {
  const std::string folder = "/proc/" + std::to_string(pid_);
  return path == program() ? folder + "/exe" : folder + "/root" + path;
}

// "BEGIN-END PERMISSIONS OFFSET DEVICE INODE PATH" (proc_pid_maps(5)).
std::vector<Mapping> Process::Mappings() const {
  std::vector<Mapping> mappings;
  std::ifstream file("/proc/" + std::to_string(pid_) + "/maps");
  for (std::string line; std::getline(file, line);) {
    const auto dash = line.find('-');
    const auto space = line.find(' ');
    if (dash == line.npos || space == line.npos || line.size() < space + 14) {
      continue;
    }
    Mapping mapping;
    mapping.begin = Hex(std::string_view(line).substr(0, dash));
    mapping.end = Hex(std::string_view(line).substr(dash + 1, space - dash - 1));
    mapping.readable = line[space + 1] == 'r';
    mapping.executable = line[space + 3] == 'x';
    mapping.offset = Hex(std::string_view(line).substr(space + 6, line.find(' ', space + 6) - space - 6));
    const auto path = line.find_first_of("/[", space + 6);
    mapping.path = path == line.npos ? "" : line.substr(path);
    mappings.push_back(std::move(mapping));
  }
  return mappings;
}

std::vector<pid_t> Process::Threads() const {
  std::vector<pid_t> threads;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(pid_) + "/task", failed)) {
    if (const auto id = text::ParseNumber<pid_t>(entry.path().filename().string())) {
      threads.push_back(*id);
    }
  }
  return threads;
}

std::string Process::NameOf(pid_t thread) const {
  return FirstLine("/proc/" + std::to_string(pid_) + "/task/" + std::to_string(thread) + "/comm");
}

std::string Process::StatusOf(pid_t thread, std::string_view name) const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/task/" + std::to_string(thread) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name) && line.size() > name.size() && line[name.size()] == ':') {
      const auto at = line.find_first_not_of(" \t", name.size() + 1);
      return at == line.npos ? "" : line.substr(at);
    }
  }
  return "";
}

bool Process::Read(std::uint64_t address, void* into, std::size_t size) const {
  return pread(memory_, into, size, static_cast<off_t>(address)) == static_cast<ssize_t>(size);
}

bool Process::Write(std::uint64_t address, const void* bytes, std::size_t size) const {
  return pwrite(memory_, bytes, size, static_cast<off_t>(address)) == static_cast<ssize_t>(size);
}

std::string Process::Bytes(std::uint64_t address, std::size_t size) const {
  std::string bytes(size, '\0');
  return Read(address, bytes.data(), size) ? bytes : "";
}

// --- stopping

Result<std::unique_ptr<Stop>> Stop::Of(std::shared_ptr<const Process> process, pid_t only,
                                       std::chrono::milliseconds limit) {
  std::unique_ptr<Stop> stop(new Stop(std::move(process)));
  // First everybody is seized, which stops nobody; then all are asked to stop in one burst.
  while (TRY(stop->Seize(only))) {
  }
  stop->began_ = steady_clock::now();
  const auto until = stop->began_ + limit;
  for (int round = 0; round < kMaxRounds; ++round) {
    for (const StoppedThread& thread : stop->threads_) {
      if (!thread.stopped) {
        ptrace(PTRACE_INTERRUPT, thread.id, nullptr, nullptr);
      }
    }
    if (!stop->Await(until)) {
      break;
    }
    // Who was made by a thread that had not stopped yet.
    if (!TRY(stop->Seize(only))) {
      return stop;
    }
  }
  return Fail(Code::kTimeout, "livepatch.stop_late");
}

// True when there was somebody new.
Result<bool> Stop::Seize(pid_t only) {
  bool fresh = false;
  for (const pid_t id : only != 0 ? std::vector<pid_t>{only} : process_->Threads()) {
    if (std::ranges::any_of(threads_, [&](const StoppedThread& thread) { return thread.id == id; })) {
      continue;
    }
    if (ptrace(PTRACE_SEIZE, id, nullptr, nullptr) == 0) {
      threads_.push_back({.id = id});
      fresh = true;
      continue;
    }
    const int failed = errno;
    const std::string state = process_->StatusOf(id, "State");
    if (failed != ESRCH && !state.empty() && state[0] != 'Z' && state[0] != 'X') {
      return Denied(process_->pid(), process_->StatusOf(id, "TracerPid"));
    }
  }
  return fresh;
}

// False: the thread is gone.
bool Stop::Look(StoppedThread& thread) const {
  int status = 0;
  const pid_t found = waitpid(thread.id, &status, __WALL | WNOHANG);
  if (found == 0) {
    return true;
  }
  if (found < 0 || !WIFSTOPPED(status)) {
    return false;
  }
  thread.stopped = true;
  thread.signal = status >> 16 == 0 ? WSTOPSIG(status) : 0;
  return ptrace(PTRACE_GETREGS, thread.id, nullptr, &thread.registers) == 0;
}

bool Stop::Await(steady_clock::time_point until) {
  while (true) {
    std::erase_if(threads_, [&](StoppedThread& thread) { return !thread.stopped && !Look(thread); });
    if (std::ranges::all_of(threads_, &StoppedThread::stopped)) {
      return true;
    }
    if (steady_clock::now() > until) {
      return false;
    }
    std::this_thread::sleep_for(kLook);
  }
}

Stop::~Stop() {
  // Whoever was asked to stop must have done so before it can be let go.
  Await(steady_clock::now() + std::chrono::seconds(5));
  for (StoppedThread& thread : threads_) {
    if (thread.stopped) {
      Repair(thread);
      ptrace(PTRACE_DETACH, thread.id, nullptr, static_cast<std::intptr_t>(thread.signal));
    }
  }
}

microseconds Stop::Lasted() const { return std::chrono::duration_cast<microseconds>(steady_clock::now() - began_); }

// A call that ended because of us is made again: the instruction before the one that comes next, with its number where
// the answer stands.
void Stop::Repair(StoppedThread& thread) const {
  user_regs_struct& registers = thread.registers;
  const auto number = static_cast<std::int64_t>(registers.orig_rax);
  if (thread.signal != 0 || static_cast<std::int64_t>(registers.rax) != -EINTR ||
      std::ranges::find(kInterrupted, number) == std::end(kInterrupted) ||
      process_->Bytes(registers.rip - kSyscall.size(), kSyscall.size()) != kSyscall) {
    return;
  }
  const std::uint64_t pending =
      Hex(process_->StatusOf(thread.id, "SigPnd")) | Hex(process_->StatusOf(thread.id, "ShdPnd"));
  if ((pending & ~Hex(process_->StatusOf(thread.id, "SigBlk"))) != 0) {
    return;  // the signal would have ended it as well
  }
  registers.rax = registers.orig_rax;
  registers.rip -= kSyscall.size();
  registers.orig_rax = ~0ULL;
  ptrace(PTRACE_SETREGS, thread.id, nullptr, &registers);
}

Result<std::int64_t> Stop::Call(std::int64_t number, std::uint64_t first, std::uint64_t second, std::uint64_t third,
                                std::uint64_t fourth, std::uint64_t fifth, std::uint64_t sixth) {
  const auto failed = [] { return Fail(Code::kInternal, "livepatch.no_injection"); };
  std::uint64_t instruction = 0;
  for (const Mapping& mapping : process_->Mappings()) {
    if (instruction == 0 && mapping.executable && mapping.readable && mapping.path != "[vsyscall]") {
      const std::string code = process_->Bytes(mapping.begin, mapping.end - mapping.begin);
      const auto at = code.find(kSyscall);
      instruction = at == code.npos ? 0 : mapping.begin + at;
    }
  }
  if (threads_.empty() || instruction == 0) {
    return failed();
  }
  StoppedThread& thread = threads_.front();
  user_regs_struct registers = thread.registers;
  registers.rax = static_cast<std::uint64_t>(number);
  registers.orig_rax = ~0ULL;  // it is in no call that could be begun again
  registers.rip = instruction;
  registers.rdi = first;
  registers.rsi = second;
  registers.rdx = third;
  registers.r10 = fourth;
  registers.r8 = fifth;
  registers.r9 = sixth;
  if (ptrace(PTRACE_SETREGS, thread.id, nullptr, &registers) != 0) {
    return failed();
  }
  int status = 0;
  do {  // a signal that comes before the step is kept for later
    thread.signal = WIFSTOPPED(status) && WSTOPSIG(status) != SIGTRAP ? WSTOPSIG(status) : thread.signal;
    if (ptrace(PTRACE_SINGLESTEP, thread.id, nullptr, nullptr) != 0 || waitpid(thread.id, &status, __WALL) < 0 ||
        !WIFSTOPPED(status)) {
      return failed();
    }
  } while (WSTOPSIG(status) != SIGTRAP || status >> 16 != 0);
  ptrace(PTRACE_GETREGS, thread.id, nullptr, &registers);
  ptrace(PTRACE_SETREGS, thread.id, nullptr, &thread.registers);
  return static_cast<std::int64_t>(registers.rax);
}

}  // namespace propolis::livepatch
