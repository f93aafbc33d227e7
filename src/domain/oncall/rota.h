// A rota says who is on call at any instant. Layers take turns each by its own rotation; where a layer holds, it covers
// those below it. Overrides then replace, add or take out people for a while.
//
// Plain data, its JSON form, its validation, and its arithmetic: values in, values out. People are ids in text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/dto.h"
#include "base/result.h"
#include "base/time.h"
#include "domain/oncall/rotation.h"
#include "domain/oncall/window.h"

namespace propolis::oncall {

struct Layer {
  std::string name;
  Rotation rotation;
  std::vector<std::string> people;   // in the order of their turns
  std::vector<Window> restrictions;  // when the layer holds; always when there are none
  static const dto::Type& Dto();
};

// For [from, to): `in` instead of `out`, while `out` is on call; `in` as well, without `out`; `out` not, without `in`.
struct Override {
  Time from;
  Time to;
  std::optional<std::string> in;
  std::optional<std::string> out;
  static const dto::Type& Dto();
};

struct Rota {
  std::string zone;           // IANA
  std::vector<Layer> layers;  // the lowest first
  std::vector<Override> overrides;
  static const dto::Type& Dto();
};

// One person's part of a layer.
struct Turn {
  Time from;
  Time to;
  std::string person;
  bool operator==(const Turn&) const = default;
  static const dto::Type& Dto();
};

// Who is on call for a while; nobody, when a gap is left.
struct Duty {
  Time from;
  Time to;
  std::vector<std::string> people;
  bool overridden = false;  // an override made it what it is
  bool operator==(const Duty&) const = default;
  static const dto::Type& Dto();
};

struct Coming {
  Time at;
  std::vector<std::string> people;
  static const dto::Type& Dto();
};

constexpr std::size_t kMostLayers = 10;
constexpr std::size_t kMostPeople = 100;  // in a layer
constexpr std::size_t kMostOverrides = 1000;
constexpr std::chrono::days kLongestSchedule{400};

// Every wrong field, as paths ("layers/0/people"): an unknown zone, no layers, a layer without people, windows
// as oncall::Validate(windows) says, and overrides as CheckOverride says.
std::vector<FieldError> Validate(const Rota& rota);
// Wrong fields of one more override below `prefix`: it ends before it begins, names nobody or the same person twice, or
// overlaps another one that names one of its people.
std::vector<FieldError> CheckOverride(const Override& added, const std::vector<Override>& others,
                                      const std::string& prefix);

// The turns of one layer in [from, to), in order. Requires a valid rota.
std::vector<Turn> Turns(const Rota& rota, const Layer& layer, Time from, Time to);
// Who is on call from `from` to `to`, in order and without gaps; neighbours differ. Requires a valid rota.
// Errors: field errors on to: not after `from`, or longer than kLongestSchedule.
Result<std::vector<Duty>> Schedule(const Rota& rota, Time from, Time to);
// The people on call at an instant. Requires a valid rota.
Duty OnCall(const Rota& rota, Time at);
// When other people are on call than at `at`; nullopt: not within kLongestSchedule. Requires a valid rota.
std::optional<Coming> NextHandOver(const Rota& rota, Time at);

}  // namespace propolis::oncall
