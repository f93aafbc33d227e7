// Rotas of the desk, as they are read and changed: oncall::Rota with names of people, who is on call now, and the
// overrides that are to come.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/dto.h"
#include "base/ids.h"
#include "domain/oncall/rota.h"
#include "domain/ref.h"

namespace propolis::oncall {

using RotaId = Id<struct RotaTag>;
using OverrideId = Id<struct RotaOverrideTag>;

struct DeskLayer {
  std::string name;
  Rotation rotation;
  std::vector<Ref> people;
  std::vector<Window> restrictions;
  static const dto::Type& Dto();
};

struct DeskOverride {
  OverrideId id;
  Time from;
  Time to;
  std::optional<Ref> in;
  std::optional<Ref> out;
  std::string reason;
  std::string made_by;
  Time made_at;
  static const dto::Type& Dto();
};

struct NextOnCall {
  Time at;
  std::vector<Ref> people;
  static const dto::Type& Dto();
};

struct DeskRota {
  RotaId id;
  std::string name;
  std::string zone;
  std::vector<DeskLayer> layers;
  std::vector<DeskOverride> overrides;  // that have not ended
  std::vector<Ref> on_call;             // now
  std::optional<NextOnCall> next;
  bool has_feed = false;
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

struct NewRota {
  std::string name;
  std::string zone;
  std::vector<Layer> layers;
  static const dto::Type& Dto();
};

struct RotaChange {
  std::optional<std::string> name;
  std::optional<std::string> zone;
  std::optional<std::vector<Layer>> layers;
  static const dto::Type& Dto();
};

struct NewOverride {
  Time from;
  Time to;
  std::optional<StaffId> in;
  std::optional<StaffId> out;
  std::string reason;
  static const dto::Type& Dto();
};

struct Period {
  Time from;
  Time to;
  static const dto::Type& Dto();
};

struct DeskTurn {
  Time from;
  Time to;
  Ref person;
  static const dto::Type& Dto();
};

struct LayerTurns {
  std::string name;
  std::vector<DeskTurn> turns;
  static const dto::Type& Dto();
};

struct DeskDuty {
  Time from;
  Time to;
  std::vector<Ref> people;
  bool overridden = false;
  static const dto::Type& Dto();
};

// What the layers say and what comes of them.
struct DeskSchedule {
  Time from;
  Time to;
  std::vector<LayerTurns> layers;
  std::vector<DeskDuty> duties;
  static const dto::Type& Dto();
};

struct FeedLink {
  std::string url;
  static const dto::Type& Dto();
};

}  // namespace propolis::oncall
