#include "livepatch/engine/outside.h"

#include <elf.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include "livepatch/engine/imports.h"
#include "livepatch/engine/stack.h"
#include "livepatch/runtime/bind.h"

namespace propolis::livepatch {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kFirstPause{1};
constexpr milliseconds kLongestPause{200};
constexpr std::uint64_t kReach = 1ULL << 30;
constexpr std::size_t kNearJumpBytes = 5;
constexpr std::string_view kJumpToPad("\xeb\xf0", kEntryBytes);
constexpr std::string_view kAgent = "livepatch";  // the name of the runtime's thread

std::unexpected<Error> Refused(std::string why) {
  return Fail(Code::kConflict, "livepatch.service_refused", {{"why", std::move(why)}});
}

std::string NearJump(std::uint64_t from, std::uint64_t to) {
  const auto distance = static_cast<std::int32_t>(static_cast<std::int64_t>(to - from - kNearJumpBytes));
  std::string jump(kNearJumpBytes, '\xe9');
  std::memcpy(jump.data() + 1, &distance, sizeof distance);
  return jump;
}

enum class SiteState { kOld, kReplaced, kOther };

// A function that gives way: a jump into the room before its entry and one to it, or one over its first bytes.
struct Site {
  std::string name;
  std::uint64_t entry = 0;
  std::uint32_t replacement = 0;
  std::string old;  // the body, with the room before the entry if there is some
  bool padded = false;
  SiteState state = SiteState::kOther;
  std::uint64_t image = 0;  // where it leads, when it is replaced

  [[nodiscard]] std::uint64_t Begin() const { return padded ? entry - kPadBytes : entry; }
  [[nodiscard]] std::string Replaced(std::uint64_t to_image) const {
    std::string code = old;
    code.replace(0, kNearJumpBytes, NearJump(Begin(), to_image + replacement));
    if (padded) {
      code.replace(kPadBytes, kEntryBytes, kJumpToPad);
    }
    return code;
  }
  void Look(const Process& process) {
    const std::string now = process.Bytes(Begin(), old.size());
    state = SiteState::kOther;
    if (now == old || (padded && now.substr(kPadBytes) == old.substr(kPadBytes) && now[0] == '\xe9')) {
      state = SiteState::kOld;  // a jump in the room alone is what an interrupted attempt leaves
      return;
    }
    std::int32_t distance = 0;
    if (now.size() == old.size() && now[0] == '\xe9') {
      std::memcpy(&distance, now.data() + 1, sizeof distance);
      image = Begin() + kNearJumpBytes + static_cast<std::uint64_t>(std::int64_t{distance}) - replacement;
      state = now == Replaced(image) ? SiteState::kReplaced : SiteState::kOther;
    }
  }
  [[nodiscard]] bool Put(const Process& process, std::uint64_t to_image) const {
    const std::string jump = NearJump(Begin(), to_image + replacement);
    return process.Write(Begin(), jump.data(), jump.size()) &&
           (!padded || process.Write(entry, kJumpToPad.data(), kJumpToPad.size()));
  }
  [[nodiscard]] bool TakeBack(const Process& process) const {
    return padded ? process.Write(entry, old.data() + kPadBytes, kEntryBytes) &&
                        process.Write(Begin(), old.data(), kNearJumpBytes)
                  : process.Write(Begin(), old.data(), kNearJumpBytes);
  }
};

struct Target {
  std::uint64_t base = 0;
  std::uint64_t end = 0;
  std::uint64_t text_begin = 0;
  std::uint64_t text_end = 0;
  std::string build_id;
};

std::string BuildIdIn(std::string_view notes) {
  while (notes.size() >= sizeof(Elf64_Nhdr)) {
    Elf64_Nhdr note;
    std::memcpy(&note, notes.data(), sizeof note);
    const std::uint64_t name = (std::uint64_t{note.n_namesz} + 3) & ~3ULL;
    const std::uint64_t body = (std::uint64_t{note.n_descsz} + 3) & ~3ULL;
    if (name + body > notes.size() - sizeof note) {
      break;
    }
    if (note.n_type == NT_GNU_BUILD_ID && notes.substr(sizeof note, 4) == std::string_view("GNU\0", 4)) {
      return std::string(notes.substr(sizeof note + name, note.n_descsz));
    }
    notes.remove_prefix(sizeof note + name + body);
  }
  return "";
}

// From memory, not from the file.
Target FindTarget(const Process& process) {
  Target target;
  const std::string program = process.program();
  const auto mappings = process.Mappings();
  const auto first = std::ranges::find_if(
      mappings, [&](const Mapping& mapping) { return mapping.path == program && mapping.offset == 0; });
  Elf64_Ehdr header{};
  if (first == mappings.end() || !process.Read(first->begin, &header, sizeof header) ||
      std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_phentsize != sizeof(Elf64_Phdr) ||
      header.e_phnum > 64) {
    return target;
  }
  std::vector<Elf64_Phdr> segments(header.e_phnum);
  if (!process.Read(first->begin + header.e_phoff, segments.data(), segments.size() * sizeof(Elf64_Phdr))) {
    return target;
  }
  const auto load = std::ranges::find(segments, std::uint32_t{PT_LOAD}, &Elf64_Phdr::p_type);
  target.base = load == segments.end() ? 0 : first->begin - (load->p_vaddr & ~std::uint64_t{kPageBytes - 1});
  for (const Elf64_Phdr& segment : segments) {
    const std::uint64_t begin = target.base + segment.p_vaddr;
    if (segment.p_type == PT_LOAD) {
      target.end = std::max(target.end, begin + segment.p_memsz);
      if ((segment.p_flags & PF_X) != 0) {
        target.text_begin = target.text_begin == 0 ? begin : target.text_begin;
        target.text_end = begin + segment.p_memsz;
      }
    } else if (segment.p_type == PT_NOTE && target.build_id.empty() && segment.p_memsz < 65536) {
      target.build_id = BuildIdIn(process.Bytes(begin, segment.p_memsz));
    }
  }
  return target;
}

class Patching {
 public:
  static Result<std::unique_ptr<Patching>> Open(std::string_view plan, const OutsideOptions& options) {
    std::unique_ptr<Patching> patching(new Patching(plan, options));
    if (const char* fault = FaultOfPlan(patching->plan_.data(), plan.size())) {
      return Fail(Code::kInvalid, "livepatch.bad_plan", {{"why", fault}});
    }
    patching->process_ = TRY(Process::Open(options.pid));
    TRY(patching->Prepare());
    return patching;
  }

  Result<OutsideReport> Apply() {
    TRY(LookAtAll());
    const auto replaced = std::ranges::count(sites_, SiteState::kReplaced, &Site::state);
    if (replaced > 0) {
      image_ = std::ranges::find(sites_, SiteState::kReplaced, &Site::state)->image;
      if (!IsIntact(image_)) {
        return Refused("another patch runs already: take it back first");
      }
    }
    if (replaced == static_cast<std::ptrdiff_t>(sites_.size())) {
      return Report("applied", true);
    }
    if (header().frames.count > 0 && UsesExceptions(*process_)) {
      return Refused("exceptions of C++ cannot pass code that is brought in from outside: link the runtime");
    }
    if (image_ == 0) {
      TRY(Place());
    }
    std::vector<CodeRange> ranges;
    for (const Site& site : sites_) {
      if (site.state == SiteState::kOld) {
        ranges.push_back({site.name, site.Begin(), site.Begin() + site.old.size(), site.entry});
      }
    }
    return Switch("applied", ranges, [this](const Site& site) { return site.Put(*process_, image_); });
  }

  Result<OutsideReport> Revert() {
    TRY(LookAtAll());
    const auto found = std::ranges::find(sites_, SiteState::kReplaced, &Site::state);
    if (found == sites_.end()) {
      return Report("reverted", true);
    }
    image_ = found->image;
    if (!IsIntact(image_)) {
      return Refused("another patch runs");
    }
    const std::vector<CodeRange> ranges = {{"the patch", image_, image_ + header().text_size, 0}};
    return Switch("reverted", ranges, [this](const Site& site) { return site.TakeBack(*process_); });
  }

  std::vector<std::string> Verify() {
    std::vector<std::string> findings;
    for (Site& site : sites_) {
      site.Look(*process_);
      if (site.state != SiteState::kReplaced || site.image != sites_.front().image) {
        findings.push_back(site.name + " does not lead to the patch");
      }
    }
    if (findings.empty() && !IsIntact(sites_.front().image)) {
      findings.push_back("the code of the patch was changed in memory");
    }
    return findings;
  }

 private:
  Patching(std::string_view plan, const OutsideOptions& options) : options_(options), plan_((plan.size() + 15) / 8) {
    std::memcpy(plan_.data(), plan.data(), plan.size());
  }

  [[nodiscard]] const char* bytes() const { return reinterpret_cast<const char*>(plan_.data()); }
  [[nodiscard]] const PlanHeader& header() const { return *reinterpret_cast<const PlanHeader*>(plan_.data()); }
  [[nodiscard]] const char* StringAt(std::uint32_t at) const { return bytes() + header().strings.at + at; }

  Status Prepare() {
    for (const pid_t thread : process_->Threads()) {
      if (process_->NameOf(thread) == kAgent) {
        return Fail(Code::kConflict, "livepatch.has_agent");
      }
    }
    target_ = FindTarget(*process_);
    if (target_.build_id.empty() ||
        target_.build_id !=
            std::string_view(reinterpret_cast<const char*>(header().build_id), header().build_id_size)) {
      return Refused("it was made for another build");
    }
    TRY(ReadSites());
    std::vector<std::string> names;
    const auto* imports = reinterpret_cast<const std::uint32_t*>(bytes() + header().imports.at);
    for (std::uint32_t i = 0; i < header().imports.count; ++i) {
      names.emplace_back(StringAt(imports[i]));
    }
    imports_ = TRY(ResolveImports(*process_, target_.base, names));
    return {};
  }

  Status ReadSites() {
    const auto* functions = reinterpret_cast<const PlanFunction*>(bytes() + header().functions.at);
    for (std::uint32_t i = 0; i < header().functions.count; ++i) {
      const PlanFunction& function = functions[i];
      Site site;
      site.name = StringAt(function.name);
      site.entry = target_.base + function.entry;
      site.replacement = function.replacement;
      site.old.assign(bytes() + header().old_code.at + function.old_code, kPadBytes + function.old_size);
      site.padded = HasPad(reinterpret_cast<const std::uint8_t*>(site.old.data()));
      site.old.erase(0, site.padded ? 0 : kPadBytes);
      if (site.entry < target_.text_begin + kPadBytes || site.entry + function.old_size > target_.text_end) {
        return Refused(site.name + " does not lie in the program's code");
      }
      if (!site.padded && function.old_size < kNearJumpBytes) {
        return Refused(site.name + " is too short to be overwritten");
      }
      sites_.push_back(std::move(site));
    }
    return {};
  }

  Status LookAtAll() {
    for (Site& site : sites_) {
      site.Look(*process_);
      if (site.state == SiteState::kOther) {
        return Refused(site.name + " is not in memory as the release has it");
      }
    }
    return {};
  }

  // --- the image

  Result<std::string> Render(std::uint64_t at) const {
    std::string image(bytes() + header().image.at, header().image.count);
    Reason reason;
    if (!Bind(&header(), target_.base, at, imports_.data(), reinterpret_cast<std::uint8_t*>(image.data()), &reason)) {
      return Refused(reason.text);
    }
    return image;
  }

  // Is what runs there, its variables aside, this patch?
  [[nodiscard]] bool IsIntact(std::uint64_t at) const {
    const std::size_t size = header().text_size + header().read_only_size;
    const auto image = Render(at);
    return image && process_->Bytes(at, size) == image->substr(0, size);
  }

  // One that was taken back stays in memory; it is used again, with its variables.
  [[nodiscard]] std::uint64_t FindPlaced() const {
    for (const Mapping& mapping : process_->Mappings()) {
      if (mapping.executable && mapping.path.empty() && mapping.end - mapping.begin == header().text_size &&
          IsIntact(mapping.begin)) {
        return mapping.begin;
      }
    }
    return 0;
  }

  // A gap within reach of the program, with an empty page on both sides. Below it: above the heap grows.
  [[nodiscard]] std::uint64_t FindGap() const {
    const std::uint64_t size = header().image.count + 2 * std::uint64_t{kPageBytes};
    std::uint64_t free_from = 16 * std::uint64_t{kPageBytes};  // nothing is mapped below (vm.mmap_min_addr)
    std::uint64_t found = 0;
    for (const Mapping& mapping : process_->Mappings()) {
      if (mapping.begin >= free_from + size && mapping.begin <= target_.base &&
          target_.end - (mapping.begin - size) < 2 * kReach - kPageBytes) {
        found = mapping.begin - size + kPageBytes;
      }
      free_from = mapping.end;
    }
    return found;
  }

  // One thread is stopped for as long as it takes to map memory; the rest is written while all run.
  Status Place() {
    image_ = FindPlaced();
    if (image_ != 0) {
      return {};
    }
    const std::uint64_t at = FindGap();
    if (at == 0) {
      return Refused("there is no room near the program");
    }
    const auto image = TRY(Render(at));
    TRY(MapAll(at));
    if (!process_->Write(at, image.data(), image.size()) || process_->Bytes(at, image.size()) != image) {
      return Refused("its memory cannot be written");
    }
    image_ = at;
    return {};
  }

  Status MapAll(std::uint64_t at) {
    const auto stop = TRY(Stop::Of(process_, options_.pid, std::chrono::seconds(1)));
    const std::pair<std::uint32_t, int> parts[] = {{header().text_size, PROT_READ | PROT_EXEC},
                                                   {header().read_only_size, PROT_READ},
                                                   {header().writable_size, PROT_READ | PROT_WRITE}};
    for (const auto& [size, protection] : parts) {
      if (size == 0) {
        continue;
      }
      const auto mapped = TRY(stop->Call(SYS_mmap, at, size, static_cast<std::uint64_t>(protection),
                                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, ~0ULL, 0));
      if (mapped != static_cast<std::int64_t>(at)) {
        return Refused("the system does not let memory be mapped");
      }
      at += size;
    }
    return {};
  }

  // --- the switch

  template <class Change>
  Result<OutsideReport> Switch(std::string state, const std::vector<CodeRange>& ranges, Change change) {
    OutsideReport report = Report(std::move(state), false);
    const auto until = steady_clock::now() + options_.deadline;
    for (milliseconds pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
      const bool last = steady_clock::now() + pause > until;
      ++report.attempts;
      TRY(Attempt(ranges, change, last, report));
      if (report.done || last) {
        return report;
      }
      std::this_thread::sleep_for(pause);
    }
  }

  template <class Change>
  Status Attempt(const std::vector<CodeRange>& ranges, Change change, bool explain, OutsideReport& report) {
    auto stopped = Stop::Of(process_, 0, options_.longest_stop);
    if (!stopped) {
      return stopped.error().code == Code::kTimeout ? Status() : std::unexpected(stopped.error());
    }
    const std::unique_ptr<Stop> stop = std::move(*stopped);
    report.threads = stop->threads().size();
    report.in_the_way = WhoIsWithin(*process_, *stop, ranges);
    if (report.in_the_way.empty() && stop->Lasted() < options_.longest_stop) {
      for (const Site& site : sites_) {
        if (!change(site)) {
          return Refused("its code cannot be written");
        }
      }
      report.done = true;
    }
    report.stopped_us = stop->Lasted().count();
    if (!report.done && explain) {
      Explain(*process_, report.in_the_way);
    }
    return {};
  }

  [[nodiscard]] OutsideReport Report(std::string state, bool done) const {
    OutsideReport report;
    report.state = std::move(state);
    report.done = done;
    report.functions = sites_.size();
    report.threads = process_->Threads().size();
    return report;
  }

  OutsideOptions options_;
  std::vector<std::uint64_t> plan_;
  std::shared_ptr<const Process> process_;
  Target target_;
  std::vector<Site> sites_;
  std::vector<std::uint64_t> imports_;
  std::uint64_t image_ = 0;
};

}  // namespace

Result<OutsideReport> ApplyFromOutside(std::string_view plan, const OutsideOptions& options) {
  const auto patching = TRY(Patching::Open(plan, options));
  return patching->Apply();
}

Result<OutsideReport> RevertFromOutside(std::string_view plan, const OutsideOptions& options) {
  const auto patching = TRY(Patching::Open(plan, options));
  return patching->Revert();
}

Result<std::vector<std::string>> VerifyFromOutside(std::string_view plan, const OutsideOptions& options) {
  const auto patching = TRY(Patching::Open(plan, options));
  return patching->Verify();
}

}  // namespace propolis::livepatch
