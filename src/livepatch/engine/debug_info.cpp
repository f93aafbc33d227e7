#include "livepatch/engine/debug_info.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <fmt/format.h>

#include <memory>

namespace propolis::livepatch {
namespace {

constexpr int kMaxDepth = 40;

struct SessionCloser {
  void operator()(Dwfl* session) const { dwfl_end(session); }
};

// One file's debugging information, its references filled in.
class Session {
 public:
  static Result<Session> Open(const std::string& path) {
    static char* no_search = nullptr;
    static const Dwfl_Callbacks callbacks = {.find_elf = dwfl_build_id_find_elf,
                                             .find_debuginfo = dwfl_standard_find_debuginfo,
                                             .section_address = dwfl_offline_section_address,
                                             .debuginfo_path = &no_search};
    Session session;
    session.handle_.reset(dwfl_begin(&callbacks));
    Dwfl_Module* module =
        session.handle_ ? dwfl_report_offline(session.handle_.get(), path.c_str(), path.c_str(), -1) : nullptr;
    Dwarf_Addr bias = 0;  // of a loaded module: addresses here are the file's own
    session.dwarf_ = module == nullptr ? nullptr : dwfl_module_getdwarf(module, &bias);
    if (session.dwarf_ == nullptr) {
      return Fail(Code::kInvalid, "livepatch.no_debug_info", {{"file", path}});
    }
    return session;
  }

  template <class Visit>
  void ForEachUnit(Visit visit) {
    Dwarf_CU* unit = nullptr;
    Dwarf_Die die;
    while (dwarf_get_units(dwarf_, unit, &unit, nullptr, nullptr, &die, nullptr) == 0) {
      visit(die);
    }
  }

 private:
  std::unique_ptr<Dwfl, SessionCloser> handle_;
  Dwarf* dwarf_ = nullptr;
};

template <class Visit>
void ForEachChild(Dwarf_Die* parent, Visit visit) {
  Dwarf_Die child;
  if (dwarf_child(parent, &child) == 0) {
    do {
      visit(&child);
    } while (dwarf_siblingof(&child, &child) == 0);
  }
}

std::string NameOf(Dwarf_Die* die) {
  const char* name = dwarf_diename(die);
  return name == nullptr ? "" : name;
}

std::string LinkageName(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  const char* name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute));
  if (name != nullptr) {
    return name;
  }
  std::string plain = NameOf(die);
  return plain.substr(0, plain.find('<'));  // without the arguments of a template
}

std::uint64_t Number(Dwarf_Die* die, unsigned attribute_name) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  return dwarf_formudata(dwarf_attr(die, attribute_name, &attribute), &value) == 0 ? value : 0;
}

bool Flag(Dwarf_Die* die, unsigned attribute_name) {
  Dwarf_Attribute attribute;
  return dwarf_attr(die, attribute_name, &attribute) != nullptr;
}

// The type of a member as far as it matters to whoever reads its bytes.
std::string TypeOf(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  Dwarf_Die type;
  if (dwarf_formref_die(dwarf_attr(die, DW_AT_type, &attribute), &type) == nullptr) {
    return "";
  }
  Dwarf_Word size = 0;
  dwarf_aggregate_size(&type, &size);
  return fmt::format("{}:{}:{}", dwarf_tag(&type), NameOf(&type), size);
}

// The place of a virtual function in the table is an expression of one constant.
std::uint64_t VirtualPlace(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_getlocation(dwarf_attr(die, DW_AT_vtable_elem_location, &attribute), &operations, &count) != 0 ||
      count == 0) {
    return 0;
  }
  return operations[0].number;
}

std::string Describe(Dwarf_Die* type) {
  std::string text = fmt::format("size {}", Number(type, DW_AT_byte_size));
  ForEachChild(type, [&](Dwarf_Die* child) {
    switch (dwarf_tag(child)) {
      case DW_TAG_member:
        if (!Flag(child, DW_AT_external)) {  // not static
          text += fmt::format("; {} {} at {} {} {}", NameOf(child), TypeOf(child),
                              Number(child, DW_AT_data_member_location), Number(child, DW_AT_data_bit_offset),
                              Number(child, DW_AT_bit_size));
        }
        break;
      case DW_TAG_inheritance:
        text += fmt::format("; base {} at {}", TypeOf(child), Number(child, DW_AT_data_member_location));
        break;
      case DW_TAG_subprogram:
        if (Flag(child, DW_AT_virtuality)) {
          text += fmt::format("; virtual {} at {}", LinkageName(child), VirtualPlace(child));
        }
        break;
      default:
        break;
    }
  });
  return text;
}

bool IsClass(int tag) { return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type; }

void CollectClasses(Dwarf_Die* die, const std::string& scope, int depth, std::map<std::string, std::string>& out) {
  if (depth > kMaxDepth) {
    return;
  }
  ForEachChild(die, [&](Dwarf_Die* child) {
    const int tag = dwarf_tag(child);
    if (!IsClass(tag) && tag != DW_TAG_namespace && tag != DW_TAG_subprogram && tag != DW_TAG_lexical_block) {
      return;
    }
    const std::string name = NameOf(child);
    const std::string path = scope + (tag == DW_TAG_lexical_block ? "" : (scope.empty() ? "" : "::") + name);
    if (IsClass(tag) && !name.empty() && !Flag(child, DW_AT_declaration)) {
      out.emplace(path, Describe(child));
    }
    CollectClasses(child, path, depth + 1, out);
  });
}

// The copies below one function.
void CollectCopies(Dwarf_Die* die, std::uint64_t entry, const std::set<std::string>& names, int depth,
                   std::vector<InlinedCopy>& out) {
  if (depth > kMaxDepth) {
    return;
  }
  ForEachChild(die, [&](Dwarf_Die* child) {
    const int tag = dwarf_tag(child);
    if (tag == DW_TAG_inlined_subroutine) {
      std::string name = LinkageName(child);
      if (names.contains(name)) {
        out.push_back({std::move(name), entry});
      }
    }
    if (tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block) {
      CollectCopies(child, entry, names, depth + 1, out);
    }
  });
}

void CollectFunctions(Dwarf_Die* die, const std::set<std::string>& names, int depth, std::vector<InlinedCopy>& out) {
  if (depth > kMaxDepth) {
    return;
  }
  ForEachChild(die, [&](Dwarf_Die* child) {
    const int tag = dwarf_tag(child);
    Dwarf_Addr entry = 0;
    if (tag == DW_TAG_subprogram && dwarf_lowpc(child, &entry) == 0) {
      CollectCopies(child, entry, names, 0, out);
    } else if (tag == DW_TAG_namespace || IsClass(tag)) {
      CollectFunctions(child, names, depth + 1, out);
    }
  });
}

}  // namespace

Result<std::map<std::string, std::string>> ClassLayouts(const std::string& object) {
  Session session = TRY(Session::Open(object));
  std::map<std::string, std::string> layouts;
  bool full = false;
  session.ForEachUnit([&](Dwarf_Die& unit) {
    ForEachChild(&unit, [&](Dwarf_Die* child) { full = full || dwarf_tag(child) == DW_TAG_base_type; });
    CollectClasses(&unit, "", 0, layouts);
  });
  if (!full) {
    return Fail(Code::kInvalid, "livepatch.no_debug_info", {{"file", object}});
  }
  return layouts;
}

Result<std::vector<InlinedCopy>> InlinedCopies(const std::string& program, const std::set<std::string>& names) {
  Session session = TRY(Session::Open(program));
  std::vector<InlinedCopy> copies;
  session.ForEachUnit([&](Dwarf_Die& unit) { CollectFunctions(&unit, names, 0, copies); });
  return copies;
}

}  // namespace propolis::livepatch
