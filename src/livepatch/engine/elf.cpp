#include "livepatch/engine/elf.h"

#include <gelf.h>
#include <libelf.h>

#include <bit>
#include <fstream>

namespace propolis::livepatch {
namespace {

constexpr std::size_t kMaxFile = 2ULL << 30;
constexpr std::size_t kMaxSections = 1 << 20;
constexpr std::size_t kMaxSymbols = 8 << 20;

std::unexpected<Error> Bad(std::string why) {
  return Fail(Code::kInvalid, "livepatch.bad_elf", {{"why", std::move(why)}});
}

struct Closer {
  void operator()(::Elf* elf) const { elf_end(elf); }
};
using Handle = std::unique_ptr<::Elf, Closer>;

class Reader {
 public:
  explicit Reader(std::shared_ptr<const std::string> file) { out_.file = std::move(file); }

  Result<ElfFile> Read() {
    TRY(Open());
    TRY(ReadSections());
    for (std::size_t i = 0; i < out_.sections.size(); ++i) {
      if (out_.sections[i].type == SHT_SYMTAB) {
        TRY(ReadSymbols(i));
      }
    }
    for (std::size_t i = 0; i < out_.sections.size(); ++i) {
      if (out_.sections[i].type == SHT_RELA && out_.relocatable) {
        TRY(ReadReferences(i));
      }
    }
    ReadSegments();
    ReadBuildId();
    return std::move(out_);
  }

 private:
  Status Open() {
    elf_version(EV_CURRENT);
    if (out_.file->size() < sizeof(Elf64_Ehdr)) {
      return Bad("too short");
    }
    // libelf takes a writable pointer and, for reading, writes nothing.
    elf_.reset(elf_memory(const_cast<char*>(out_.file->data()), out_.file->size()));
    GElf_Ehdr header;
    if (!elf_ || elf_kind(elf_.get()) != ELF_K_ELF || gelf_getehdr(elf_.get(), &header) == nullptr) {
      return Bad("no ELF file");
    }
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_machine != EM_X86_64) {
      return Bad("not for x86-64");
    }
    out_.relocatable = header.e_type == ET_REL;
    return {};
  }

  Status ReadSections() {
    std::size_t count = 0;
    std::size_t names = 0;
    if (elf_getshdrnum(elf_.get(), &count) != 0 || elf_getshdrstrndx(elf_.get(), &names) != 0 || count > kMaxSections) {
      return Bad("section table");
    }
    out_.sections.resize(count);
    info_.resize(count);
    for (std::size_t i = 1; i < count; ++i) {
      GElf_Shdr header;
      Elf_Scn* scn = elf_getscn(elf_.get(), i);
      if (scn == nullptr || gelf_getshdr(scn, &header) == nullptr) {
        return Bad("section header");
      }
      Section& section = out_.sections[i];
      const char* name = elf_strptr(elf_.get(), names, header.sh_name);
      section.name = name == nullptr ? "" : name;
      section.type = header.sh_type;
      section.flags = header.sh_flags;
      section.address = header.sh_addr;
      section.size = header.sh_size;
      section.alignment = std::max<std::uint64_t>(1, header.sh_addralign);
      section.entry_size = header.sh_entsize;
      info_[i] = {header.sh_link, header.sh_info};
      if (!std::has_single_bit(section.alignment) || section.alignment > 4096) {
        return Bad("alignment of " + section.name);
      }
      if (header.sh_type != SHT_NOBITS) {
        if (header.sh_offset > out_.file->size() || header.sh_size > out_.file->size() - header.sh_offset) {
          return Bad("extent of " + section.name);
        }
        section.bytes = std::string_view(*out_.file).substr(header.sh_offset, header.sh_size);
      }
    }
    return {};
  }

  Elf_Data* DataOf(std::size_t index) { return elf_getdata(elf_getscn(elf_.get(), index), nullptr); }

  // Section numbers beyond 65,279 stand in a table of their own.
  Elf_Data* ExtendedIndices(std::size_t symbol_table) {
    for (std::size_t i = 1; i < out_.sections.size(); ++i) {
      if (out_.sections[i].type == SHT_SYMTAB_SHNDX && info_[i].link == symbol_table) {
        return DataOf(i);
      }
    }
    return nullptr;
  }

  Status ReadSymbols(std::size_t index) {
    if (!out_.symbols.empty()) {
      return Bad("two symbol tables");
    }
    Elf_Data* data = DataOf(index);
    Elf_Data* extended = ExtendedIndices(index);
    const std::size_t count = data == nullptr ? 0 : data->d_size / sizeof(Elf64_Sym);
    if (count > kMaxSymbols) {
      return Bad("too many symbols");
    }
    std::string file;
    std::uint32_t group = 0;
    out_.symbols.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Sym raw;
      Elf32_Word section = 0;
      if (gelf_getsymshndx(data, extended, static_cast<int>(i), &raw, &section) == nullptr) {
        return Bad("symbol");
      }
      Symbol& symbol = out_.symbols[i];
      const char* name = elf_strptr(elf_.get(), info_[index].link, raw.st_name);
      symbol.name = name == nullptr ? "" : name;
      symbol.value = raw.st_value;
      symbol.size = raw.st_size;
      symbol.type = GELF_ST_TYPE(raw.st_info);
      symbol.bind = GELF_ST_BIND(raw.st_info);
      symbol.section = raw.st_shndx == SHN_XINDEX ? section : (raw.st_shndx < SHN_LORESERVE ? raw.st_shndx : 0);
      if (symbol.section >= out_.sections.size()) {
        return Bad("section of " + symbol.name);
      }
      if (symbol.type == STT_FILE) {
        file = symbol.name;
        ++group;
      } else if (symbol.bind == STB_LOCAL) {
        symbol.file = file;
        symbol.group = group;
      }
      if (symbol.type == STT_SECTION) {
        symbol.name = out_.sections[symbol.section].name;
      }
    }
    return {};
  }

  Status ReadReferences(std::size_t index) {
    const std::size_t target = info_[index].info;
    if (target == 0 || target >= out_.sections.size()) {
      return Bad("references to nothing");
    }
    Section& section = out_.sections[target];
    Elf_Data* data = DataOf(index);
    const std::size_t count = data == nullptr ? 0 : data->d_size / sizeof(Elf64_Rela);
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Rela raw;
      if (gelf_getrela(data, static_cast<int>(i), &raw) == nullptr || raw.r_offset >= section.size ||
          GELF_R_SYM(raw.r_info) >= out_.symbols.size()) {
        return Bad("reference in " + section.name);
      }
      section.references.push_back({raw.r_offset, static_cast<std::uint32_t>(GELF_R_TYPE(raw.r_info)),
                                    static_cast<std::uint32_t>(GELF_R_SYM(raw.r_info)), raw.r_addend});
    }
    std::ranges::sort(section.references, {}, &Reference::offset);
    return {};
  }

  void ReadSegments() {
    std::size_t count = 0;
    if (elf_getphdrnum(elf_.get(), &count) != 0) {
      return;
    }
    for (std::size_t i = 0; i < count && i < 256; ++i) {
      GElf_Phdr header;
      if (gelf_getphdr(elf_.get(), static_cast<int>(i), &header) != nullptr && header.p_type == PT_TLS) {
        const std::uint64_t alignment = std::max<std::uint64_t>(1, header.p_align);
        out_.tls_size = (header.p_memsz + alignment - 1) / alignment * alignment;
      }
    }
  }

  void ReadBuildId() {
    for (const Section& section : out_.sections) {
      if (section.type == SHT_NOTE && section.name == ".note.gnu.build-id" && section.bytes.size() > 16) {
        out_.build_id = section.bytes.substr(16);
      }
    }
  }

  struct Info {
    std::uint32_t link = 0;
    std::uint32_t info = 0;
  };
  ElfFile out_;
  Handle elf_;
  std::vector<Info> info_;
};

}  // namespace

bool Symbol::IsFunction() const { return type == STT_FUNC; }

bool Symbol::IsLocal() const { return bind == STB_LOCAL; }

Result<std::shared_ptr<const std::string>> ReadFileWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) {
    return Fail(Code::kNotFound, "cli.no_file", {{"file", path}});
  }
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(0, file.tellg()));
  if (size > kMaxFile) {
    return Fail(Code::kTooLarge, "cli.bad_file", {{"file", path}, {"why", "too large"}});
  }
  auto bytes = std::make_shared<std::string>(size, '\0');
  file.seekg(0);
  if (!file.read(bytes->data(), static_cast<std::streamsize>(size))) {
    return Fail(Code::kInvalid, "cli.bad_file", {{"file", path}, {"why", "it cannot be read"}});
  }
  return std::shared_ptr<const std::string>(std::move(bytes));
}

Result<ElfFile> ReadElf(std::shared_ptr<const std::string> file) { return Reader(std::move(file)).Read(); }

Result<ElfFile> OpenElf(const std::string& path) {
  auto bytes = TRY(ReadFileWhole(path));
  return ReadElf(std::move(bytes));
}

std::string_view BytesAt(const ElfFile& elf, std::uint64_t address, std::uint64_t size) {
  for (const Section& section : elf.sections) {
    if ((section.flags & SHF_ALLOC) != 0 && address >= section.address &&
        address - section.address <= section.bytes.size() &&
        size <= section.bytes.size() - (address - section.address)) {
      return section.bytes.substr(address - section.address, size);
    }
  }
  return {};
}

}  // namespace propolis::livepatch
