#include "livepatch/engine/stack.h"

#include <elfutils/libdwfl.h>

#include <algorithm>
#include <cstring>

namespace propolis::livepatch {
namespace {

constexpr std::uint64_t kRedZone{128};             // bytes below the stack pointer that belong to the function
constexpr std::uint64_t kLargestStack = 64 << 20;  // bytes
constexpr std::size_t kMaxFrames = 24;

class Scan {
 public:
  Scan(const Process& process, const std::vector<CodeRange>& ranges)
      : process_(process), ranges_(ranges), mappings_(process.Mappings()) {
    for (const CodeRange& range : ranges) {
      lowest_ = std::min(lowest_, range.begin);
      highest_ = std::max(highest_, range.end);
    }
  }

  // The range that the thread is in or may return to; "" when it is in none.
  [[nodiscard]] std::string Look(const StoppedThread& thread) {
    const user_regs_struct& registers = thread.registers;
    for (const CodeRange& range : ranges_) {
      if (registers.rip >= range.begin && registers.rip < range.end && registers.rip != range.entry) {
        return range.name;
      }
    }
    const Mapping* stack = MappingAt(registers.rsp);
    if (stack == nullptr || !stack->readable) {
      return "a stack that cannot be seen";
    }
    std::string found = LookInto(std::max<std::uint64_t>(stack->begin, registers.rsp - kRedZone), stack->end);
    // On another stack, a signal's or a coroutine's, its own is waiting: where it ends is not known, so all of it
    // counts.
    const Mapping* own = OwnStack(thread);
    if (found.empty() && own != nullptr && own->begin != stack->begin) {
      found = LookInto(own->begin, own->end);
    }
    return found;
  }

 private:
  [[nodiscard]] const Mapping* MappingAt(std::uint64_t address) const {
    const auto found = std::ranges::find_if(
        mappings_, [&](const Mapping& mapping) { return address >= mapping.begin && address < mapping.end; });
    return found == mappings_.end() ? nullptr : &*found;
  }

  // The C library puts what belongs to a thread at the top of its stack; the first thread has the system's.
  [[nodiscard]] const Mapping* OwnStack(const StoppedThread& thread) const {
    if (thread.id != process_.pid()) {
      return MappingAt(thread.registers.fs_base);
    }
    const auto found = std::ranges::find(mappings_, "[stack]", &Mapping::path);
    return found == mappings_.end() ? nullptr : &*found;
  }

  std::string LookInto(std::uint64_t from, std::uint64_t to) {
    from &= ~std::uint64_t{7};
    if (to - from > kLargestStack) {
      return "a stack that is too large to be looked through";
    }
    words_.resize((to - from) / sizeof(std::uint64_t));
    if (!process_.Read(from, words_.data(), words_.size() * sizeof(std::uint64_t))) {
      return "a stack that cannot be seen";
    }
    for (const std::uint64_t word : words_) {
      if (word < lowest_ || word > highest_) {
        continue;
      }
      for (const CodeRange& range : ranges_) {
        if (word > range.begin && word <= range.end && word != range.entry) {
          return range.name;
        }
      }
    }
    return "";
  }

  const Process& process_;
  const std::vector<CodeRange>& ranges_;
  std::vector<Mapping> mappings_;
  std::vector<std::uint64_t> words_;
  std::uint64_t lowest_ = ~0ULL;
  std::uint64_t highest_ = 0;
};

struct Frames {
  Dwfl* session;
  std::vector<std::string>* names;
};

int VisitFrame(Dwfl_Frame* frame, void* data) {
  const auto& frames = *static_cast<Frames*>(data);
  Dwarf_Addr address = 0;
  bool activation = false;
  if (!dwfl_frame_pc(frame, &address, &activation) || frames.names->size() == kMaxFrames) {
    return DWARF_CB_ABORT;
  }
  const Dwarf_Addr call = activation ? address : address - 1;
  Dwfl_Module* module = dwfl_addrmodule(frames.session, call);
  const char* name = module == nullptr ? nullptr : dwfl_module_addrname(module, call);
  frames.names->emplace_back(name == nullptr ? "?" : name);
  return DWARF_CB_OK;
}

}  // namespace

std::vector<InTheWay> WhoIsWithin(const Process& process, const Stop& stop, const std::vector<CodeRange>& ranges) {
  std::vector<InTheWay> found;
  Scan scan(process, ranges);
  for (const StoppedThread& thread : stop.threads()) {
    std::string function = scan.Look(thread);
    if (!function.empty()) {
      found.push_back({thread.id, process.NameOf(thread.id), std::move(function), {}});
    }
  }
  return found;
}

void Explain(const Process& process, std::vector<InTheWay>& in_the_way) {
  static const Dwfl_Callbacks callbacks = {.find_elf = dwfl_linux_proc_find_elf,
                                           .find_debuginfo = dwfl_standard_find_debuginfo,
                                           .section_address = nullptr,
                                           .debuginfo_path = nullptr};
  Dwfl* session = dwfl_begin(&callbacks);
  if (session == nullptr) {
    return;
  }
  if (dwfl_linux_proc_report(session, process.pid()) == 0 && dwfl_report_end(session, nullptr, nullptr) == 0 &&
      dwfl_linux_proc_attach(session, process.pid(), /*assume_ptrace_stopped=*/true) == 0) {
    for (InTheWay& one : in_the_way) {
      Frames frames = {session, &one.stack};
      dwfl_getthread_frames(session, one.thread, VisitFrame, &frames);
    }
  }
  dwfl_end(session);
}

}  // namespace propolis::livepatch
