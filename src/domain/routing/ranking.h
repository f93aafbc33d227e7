// Who is best qualified for a ticket. Pure: candidates and a need in, a ranking with its reasons out.
//
// Eligible is who passes, in this order: a valid certification for the technology (the exact product, its vendor or its
// domain) at the level needed; on shift; speaks the language; room for one more ticket. The first of these that nobody
// left passes names the gap. Among the eligible, a nearer certification always wins; then free room, knowing the
// organisation and time since the last assignment are weighed together.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dto.h"
#include "base/ids.h"
#include "base/text.h"
#include "domain/ref.h"
#include "domain/vocabulary.h"

namespace propolis::routing {

enum class Criterion { kCertified, kLevel, kOnShift, kLanguage, kCapacity, kKnowsOrganisation, kIdle };
enum class Gap { kNoOneCertified, kNoneOnShift, kNoneSpeaksLanguage, kAllFull };

struct Holding {
  TechnologyId technology;
  int level = 1;              // 1..3
  std::string certification;  // empty: none
  std::string until;          // YYYY-MM-DD, the last day it counts; empty: does not expire
};

struct Candidate {
  StaffId id;
  std::string name;
  std::vector<Holding> skills;
  bool on_shift = false;
  std::vector<Language> languages;
  std::int64_t open_tickets = 0;
  std::int64_t capacity = 0;
  std::int64_t handled = 0;  // recent tickets of the organisation
  Time last_assigned;        // the epoch: never
};

struct Need {
  std::vector<TechnologyId> lineage;  // the technology, then what is above it; empty: not known
  std::string technology;             // its name, for people
  Priority priority = Priority::kP4;
  std::optional<Language> language;  // empty: no matter
  std::string today;                 // YYYY-MM-DD
  Time now;
};

// P1 asks for level 2, all else for level 1.
int LevelNeeded(Priority priority);
// Named, and not past its last day.
bool IsValid(const Holding& holding, std::string_view today);

// One reason. `text` is a message id when ranked and stored, the translated text when told.
struct Fact {
  Criterion criterion = Criterion::kCertified;
  bool ok = false;
  std::string text;
  std::vector<std::string> values;  // what fills the message, by its order; empty when told
  static const dto::Type& Dto();
};

struct Ranked {
  Ref staff;
  double score = 0;
  bool chosen = false;
  bool eligible = false;
  std::vector<Fact> facts;
  static const dto::Type& Dto();
};

struct Routing {
  std::optional<Ref> chosen;
  std::optional<Gap> gap;
  Time at;
  std::vector<Ranked> ranking;  // best first, at most 12
  static const dto::Type& Dto();
};

// With no technology known nobody is ranked and nobody chosen: the ticket waits in its team's queue to be triaged.
Routing Rank(const Need& need, const std::vector<Candidate>& candidates);

// The same with its reasons as text in a language.
Routing Tell(Routing routing, Language language);

// How a ranking is kept, of which there is one a ticket: JSON lists in a fixed order, a third of what its document
// takes. Reads the first `most` of the ranking. Error: kInternal when it is none of ours.
std::string Pack(const Routing& routing);
Result<Routing> Unpack(std::string_view packed, std::size_t most = SIZE_MAX);

}  // namespace propolis::routing

namespace propolis {

template <>
struct Names<routing::Criterion> {
  using C = routing::Criterion;
  static constexpr std::array kTable = {std::pair{C::kCertified, std::string_view("certified")},
                                        std::pair{C::kLevel, std::string_view("level")},
                                        std::pair{C::kOnShift, std::string_view("on_shift")},
                                        std::pair{C::kLanguage, std::string_view("language")},
                                        std::pair{C::kCapacity, std::string_view("capacity")},
                                        std::pair{C::kKnowsOrganisation, std::string_view("knows_organisation")},
                                        std::pair{C::kIdle, std::string_view("idle")}};
};

template <>
struct Names<routing::Gap> {
  using G = routing::Gap;
  static constexpr std::array kTable = {std::pair{G::kNoOneCertified, std::string_view("no_one_certified")},
                                        std::pair{G::kNoneOnShift, std::string_view("none_on_shift")},
                                        std::pair{G::kNoneSpeaksLanguage, std::string_view("none_speaks_language")},
                                        std::pair{G::kAllFull, std::string_view("all_full")}};
};

}  // namespace propolis
