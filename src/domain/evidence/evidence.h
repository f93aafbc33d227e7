// Evidence: a file of a ticket with its SHA-256, where it came from, who collected it, and every hand it went through.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "domain/vocabulary.h"
#include "store/store.h"

namespace propolis::evidence {

enum class Act { kCollected, kRead, kVerified, kExported };

struct Custody {
  Time at;
  Act act = Act::kCollected;
  std::string by;
  static const dto::Type& Dto();
};

struct Collector {
  std::string kind;  // staff, customer, system
  std::string name;
  static const dto::Type& Dto();
};

struct Evidence {
  EvidenceId id;
  std::string filename;
  std::int64_t size = 0;  // bytes
  std::string media_type;
  std::string sha256;  // hex
  std::string source;
  std::string note;
  Collector collected_by;
  Time collected_at;
  Visibility visibility = Visibility::kInternal;
  std::vector<Custody> custody;
  std::optional<bool> intact;  // as last verified
  static const dto::Type& Dto();
};

// A name that is safe to show and to save under: no path, no controls or deceiving characters, no leading dots, at most
// 200 bytes with its extension kept. Never empty.
std::string SafeFilename(std::string_view name);
// What a file is by its first bytes, from a short list of types that a browser does no harm with; whatever else is text
// is text/plain (HTML and SVG too), the rest application/octet-stream. The name and what the sender claims do not
// count.
std::string SniffMediaType(std::string_view first_bytes);
// A claimed type, if it is one of those; otherwise application/octet-stream.
std::string SafeMediaType(std::string_view claimed);
// A Content-Disposition that always saves (RFC 6266, RFC 8187).
std::string Disposition(std::string_view filename);

// Code points; what is longer is cut.
inline constexpr std::size_t kMostSource = 200;
inline constexpr std::size_t kMostNote = 2000;

// A file that lies in the blob store already.
struct NewEvidence {
  std::string sha256;
  std::int64_t size = 0;
  std::string filename;
  std::string media_type;
  std::string source;
  std::string note;
  Visibility visibility = Visibility::kInternal;  // a customer's is public always
};

// Adds it to a ticket with an entry and the first custody event. Error: kConflict when the ticket has ended for good.
Result<Evidence> Add(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const NewEvidence& fresh);
// Errors: kNotFound also for what a customer may not see.
Result<Evidence> Get(store::ReadTx& tx, const auth::Actor& actor, EvidenceId id);
// Of a ticket that the caller may read; customers get the public ones.
std::vector<Evidence> Of(store::ReadTx& tx, const auth::Actor& actor, std::int64_t number);
// It was hashed again and handed out (or found damaged): custody events and an audit leaf.
Status NoteExport(store::WriteTx& tx, const auth::Actor& actor, EvidenceId id, bool intact);

}  // namespace propolis::evidence

namespace propolis {
template <>
struct Names<evidence::Act> {
  using A = evidence::Act;
  static constexpr std::array kTable = {
      std::pair{A::kCollected, std::string_view("collected")}, std::pair{A::kRead, std::string_view("read")},
      std::pair{A::kVerified, std::string_view("verified")}, std::pair{A::kExported, std::string_view("exported")}};
};
}  // namespace propolis
