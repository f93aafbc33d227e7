#include "livepatch/engine/imports.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace propolis::livepatch {
namespace {

constexpr int kHiddenVersion = 0x8000;
constexpr std::string_view kPersonality = "__gxx_personality_v0";

// One program or library as its file has it: what it defines and what it is bound to.
class Binary {
 public:
  explicit Binary(const std::string& path) : file_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    elf_version(EV_CURRENT);
    elf_ = file_ < 0 ? nullptr : elf_begin(file_, ELF_C_READ, nullptr);
  }
  ~Binary() {
    elf_end(elf_);
    if (file_ >= 0) {
      close(file_);
    }
  }
  Binary(const Binary&) = delete;
  Binary& operator=(const Binary&) = delete;

  struct Definition {
    std::uint64_t value;
    bool chosen;  // by a function, when it is first bound
  };
  // The default version of a name.
  std::optional<Definition> Find(const std::string& name) {
    std::optional<Definition> found;
    ForEachSymbol([&](std::string_view symbol, const GElf_Sym& raw, bool hidden) {
      if (symbol == name && raw.st_shndx != SHN_UNDEF && !hidden && GELF_ST_TYPE(raw.st_info) != STT_TLS) {
        found = {raw.st_value, GELF_ST_TYPE(raw.st_info) == STT_GNU_IFUNC};
      }
    });
    return found;
  }

  bool Mentions(std::string_view name) {
    bool found = false;
    ForEachSymbol([&](std::string_view symbol, const GElf_Sym&, bool) { found = found || symbol == name; });
    return found;
  }

  // Where the loader wrote the address of `name`, from the load address.
  std::optional<std::uint64_t> SlotOf(const std::string& name) {
    std::optional<std::uint64_t> slot;
    ForEachSection([&](Elf_Scn* section, const GElf_Shdr& header) {
      Elf_Data* data = header.sh_type == SHT_RELA ? elf_getdata(section, nullptr) : nullptr;
      Elf_Scn* symbols = elf_getscn(elf_, header.sh_link);
      GElf_Shdr symbols_header;
      if (data == nullptr || symbols == nullptr || gelf_getshdr(symbols, &symbols_header) == nullptr) {
        return;
      }
      Elf_Data* table = elf_getdata(symbols, nullptr);
      GElf_Rela reference;
      for (int i = 0; table != nullptr && gelf_getrela(data, i, &reference) != nullptr; ++i) {
        const auto type = GELF_R_TYPE(reference.r_info);
        GElf_Sym symbol;
        if ((type != R_X86_64_GLOB_DAT && type != R_X86_64_JUMP_SLOT) || reference.r_addend != 0 ||
            gelf_getsym(table, static_cast<int>(GELF_R_SYM(reference.r_info)), &symbol) == nullptr) {
          continue;
        }
        const char* text = elf_strptr(elf_, symbols_header.sh_link, symbol.st_name);
        if (text != nullptr && name == text) {
          slot = reference.r_offset;
        }
      }
    });
    return slot;
  }

  // What its first loadable segment says of its address.
  std::uint64_t FirstAddress() {
    std::size_t count = 0;
    GElf_Phdr header;
    if (elf_ == nullptr || elf_getphdrnum(elf_, &count) != 0) {
      return 0;
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (gelf_getphdr(elf_, static_cast<int>(i), &header) != nullptr && header.p_type == PT_LOAD) {
        return header.p_vaddr & ~std::uint64_t{0xfff};
      }
    }
    return 0;
  }

 private:
  void ForEachSection(const std::function<void(Elf_Scn*, const GElf_Shdr&)>& visit) {
    for (Elf_Scn* section = elf_ == nullptr ? nullptr : elf_nextscn(elf_, nullptr); section != nullptr;
         section = elf_nextscn(elf_, section)) {
      GElf_Shdr header;
      if (gelf_getshdr(section, &header) != nullptr) {
        visit(section, header);
      }
    }
  }

  void ForEachSymbol(const std::function<void(std::string_view, const GElf_Sym&, bool)>& visit) {
    Elf_Data* versions = nullptr;
    ForEachSection([&](Elf_Scn* section, const GElf_Shdr& header) {
      versions = header.sh_type == SHT_GNU_versym ? elf_getdata(section, nullptr) : versions;
    });
    ForEachSection([&](Elf_Scn* section, const GElf_Shdr& header) {
      Elf_Data* data = header.sh_type == SHT_DYNSYM ? elf_getdata(section, nullptr) : nullptr;
      GElf_Sym symbol;
      for (int i = 0; data != nullptr && gelf_getsym(data, i, &symbol) != nullptr; ++i) {
        GElf_Versym version = 0;
        const bool hidden =
            versions != nullptr && gelf_getversym(versions, i, &version) != nullptr && (version & kHiddenVersion) != 0;
        const char* text = elf_strptr(elf_, header.sh_link, symbol.st_name);
        visit(text == nullptr ? "" : text, symbol, hidden);
      }
    });
  }

  int file_;
  ::Elf* elf_ = nullptr;
};

struct Library {
  std::uint64_t base = 0;
  std::unique_ptr<Binary> binary;
};

class Resolver {
 public:
  Resolver(const Process& process, std::uint64_t program_base)
      : process_(process),
        program_base_(program_base),
        mappings_(process.Mappings()),
        program_(process.Seen(process.program())) {
    std::set<std::string> code;
    for (const Mapping& mapping : mappings_) {
      if (mapping.executable && mapping.path.starts_with('/') && mapping.path != process.program()) {
        code.insert(mapping.path);
      }
    }
    for (const Mapping& mapping : mappings_) {
      if (mapping.offset == 0 && code.erase(mapping.path) > 0) {
        auto binary = std::make_unique<Binary>(process.Seen(mapping.path));
        const std::uint64_t first = binary->FirstAddress();
        libraries_.push_back({mapping.begin - first, std::move(binary)});
      }
    }
  }

  // 0 and the reason when it cannot be told.
  std::uint64_t Find(const std::string& name, std::string& why) {
    if (const auto own = program_.Find(name); own && !own->chosen) {
      return program_base_ +
             own->value;  // a variable that the linker copied into the program, or what it offers itself
    }
    if (const auto slot = program_.SlotOf(name)) {
      std::uint64_t address = 0;
      if (process_.Read(program_base_ + *slot, &address, sizeof address) && LiesInLibrary(address)) {
        return address;
      }
    }
    std::set<std::uint64_t> found;
    bool chosen = false;
    for (const Library& library : libraries_) {
      if (const auto definition = library.binary->Find(name)) {
        found.insert(library.base + definition->value);
        chosen = chosen || definition->chosen;
      }
    }
    why = found.empty() ? "livepatch.not_offered" : (chosen ? "livepatch.chosen_later" : "livepatch.offered_twice");
    return found.size() == 1 && !chosen ? *found.begin() : 0;
  }

  bool UsesExceptions() { return program_.Mentions(kPersonality); }

 private:
  [[nodiscard]] bool LiesInLibrary(std::uint64_t address) const {
    return std::ranges::any_of(mappings_, [&](const Mapping& mapping) {
      return address >= mapping.begin && address < mapping.end && mapping.path.starts_with('/') &&
             mapping.path != process_.program();
    });
  }

  const Process& process_;
  std::uint64_t program_base_;
  std::vector<Mapping> mappings_;
  Binary program_;
  std::vector<Library> libraries_;
};

}  // namespace

Result<std::vector<std::uint64_t>> ResolveImports(const Process& process, std::uint64_t program_base,
                                                  const std::vector<std::string>& names) {
  Resolver resolver(process, program_base);
  std::vector<std::uint64_t> addresses;
  std::vector<FieldError> refusals;
  for (const std::string& name : names) {
    std::string why;
    addresses.push_back(resolver.Find(name, why));
    if (addresses.back() == 0) {
      refusals.push_back({name, why, {}});
    }
  }
  if (!refusals.empty()) {
    return std::unexpected(Error{Code::kConflict, "livepatch.refused", {}, std::move(refusals)});
  }
  return addresses;
}

bool UsesExceptions(const Process& process) { return Resolver(process, 0).UsesExceptions(); }

}  // namespace propolis::livepatch
