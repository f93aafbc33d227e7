// The memory of a patch as it is put together: pieces of code and data, what they refer to, and the plan made of it.
#pragma once

#include <map>
#include <optional>
#include <tuple>

#include "livepatch/engine/object.h"
#include "livepatch/runtime/plan.h"

namespace propolis::livepatch {

struct LinkOptions;

inline constexpr std::size_t kNoPiece = static_cast<std::size_t>(-1);

// An address that is known only when the patch is loaded.
struct Target {
  PlanBase base;
  std::int64_t offset;   // from the program's load address, or within the piece; kNothing: the value itself
  std::uint32_t import;  // kImport
  std::size_t piece;     // kImage
};

class Image {
 public:
  Image();

  std::size_t Add(Room room, const Section& section);
  void Refer(std::size_t piece, std::uint64_t offset, PlanKind kind, const Target& target, std::int64_t addend);
  std::uint32_t Import(const std::string& name);
  // A place that holds the address (or the constant), as the release's code expects for what lies in libraries.
  Target Pointer(const Target& target);
  // Something near that can be called: the thing itself, or a jump to the import.
  Target Callable(const Target& target);
  // One unwind record; `common`: where the record it refers to was put. Answers where it was put.
  std::uint64_t AddFrame(std::string_view record, std::optional<std::uint64_t> common);
  [[nodiscard]] std::size_t frames() const { return frames_; }
  // The function at `entry` of the release, `code` from its pad on, gives way to `offset` in the piece.
  void Replace(std::string name, std::uint64_t entry, std::string_view code, std::size_t piece, std::uint64_t offset);
  [[nodiscard]] const std::vector<std::string>& imports() const { return imports_; }

  // TooLarge ("livepatch.too_large") beyond what the runtime takes. `probe`: its piece, or kNoPiece.
  Result<std::string> Write(std::string_view build_id, const LinkOptions& options, std::size_t probe,
                            std::uint32_t probe_at);

 private:
  struct Piece {
    Room room;
    std::uint64_t alignment;
    std::string bytes;
    std::uint32_t at = 0;  // in the image
  };
  struct Use {
    std::size_t piece;
    std::uint64_t offset;
    PlanKind kind;
    Target target;
    std::int64_t addend;
  };
  struct Function {
    std::string name;
    std::uint64_t entry;
    std::string code;
    std::size_t piece;
    std::uint64_t offset;
  };
  using Key = std::tuple<PlanBase, std::int64_t, std::uint32_t, std::size_t>;
  static Key KeyOf(const Target& target) { return {target.base, target.offset, target.import, target.piece}; }
  std::uint32_t LayOut(Room room, std::uint32_t at);
  [[nodiscard]] bool IsTooLarge() const;
  std::string Render(PlanHeader& header);
  void WriteTables(PlanHeader& header, std::string& plan);
  [[nodiscard]] std::vector<PlanRelocation> Relocations() const;

  std::vector<Piece> pieces_;
  std::vector<Use> uses_;
  std::vector<Function> functions_;
  std::vector<std::string> imports_;
  std::map<Key, Target> pointers_;
  std::map<Key, Target> thunks_;
  std::size_t frames_;
};

}  // namespace propolis::livepatch
