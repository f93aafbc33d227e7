#include "domain/oncall/rota.h"

#include <algorithm>

#include "domain/wall_clock.h"

namespace propolis::oncall {
namespace {

std::string Indexed(std::string_view list, std::size_t index) {
  return std::string(list) + "/" + std::to_string(index);
}

bool Involves(const Override& override, const std::optional<std::string>& person) {
  return person && (override.in == person || override.out == person);
}

void CheckLayer(const Layer& layer, const std::string& path, std::vector<FieldError>& errors) {
  if (layer.people.empty()) {
    errors.push_back({path + "/people", "rota.layer_without_people", {}});
  }
  std::ranges::move(Validate(layer.restrictions, path + "/restrictions"), std::back_inserter(errors));
}

// Walks over a stretch of time from one change to the next, and along the turns of each layer with it.
class Sweep {
 public:
  Sweep(const Rota& rota, Time from, Time to) : rota_(rota) {
    edges_ = {from, to};
    for (const Layer& layer : rota.layers) {
      turns_.push_back(Turns(rota, layer, from, to));
      for (const Turn& turn : turns_.back()) {
        edges_.push_back(turn.from);
        edges_.push_back(turn.to);
      }
    }
    for (const Override& override : rota.overrides) {
      for (const Time edge : {override.from, override.to}) {
        if (from < edge && edge < to) {
          edges_.push_back(edge);
        }
      }
    }
    std::ranges::sort(edges_);
    const auto repeated = std::ranges::unique(edges_);
    edges_.erase(repeated.begin(), repeated.end());
    at_.resize(turns_.size());
  }

  std::vector<Duty> Run() {
    std::vector<Duty> duties;
    for (std::size_t i = 0; i + 1 < edges_.size(); ++i) {
      Duty duty{edges_[i], edges_[i + 1], {}, false};
      if (const auto person = FromLayers(duty.from)) {
        duty.people.push_back(*person);
      }
      Apply(duty);
      if (!duties.empty() && duties.back().people == duty.people && duties.back().overridden == duty.overridden) {
        duties.back().to = duty.to;
      } else {
        duties.push_back(std::move(duty));
      }
    }
    return duties;
  }

 private:
  // The person of the uppermost layer that holds.
  std::optional<std::string> FromLayers(Time at) {
    std::optional<std::string> person;
    for (std::size_t layer = 0; layer < turns_.size(); ++layer) {
      const auto& turns = turns_[layer];
      while (at_[layer] < turns.size() && turns[at_[layer]].to <= at) {
        ++at_[layer];
      }
      if (at_[layer] < turns.size() && turns[at_[layer]].from <= at) {
        person = turns[at_[layer]].person;
      }
    }
    return person;
  }

  void Apply(Duty& duty) const {
    for (const Override& override : rota_.overrides) {
      if (duty.from < override.from || override.to <= duty.from) {
        continue;
      }
      const auto there = override.out ? std::ranges::find(duty.people, *override.out) : duty.people.end();
      if (override.out && there == duty.people.end()) {
        continue;  // who would be replaced is not on call
      }
      if (override.out) {
        duty.people.erase(there);
      }
      if (override.in && std::ranges::find(duty.people, *override.in) == duty.people.end()) {
        duty.people.push_back(*override.in);
      }
      duty.overridden = true;
    }
    std::ranges::sort(duty.people);
  }

  const Rota& rota_;
  std::vector<std::vector<Turn>> turns_;  // by layer
  std::vector<std::size_t> at_;           // the turn of each layer that is next or on
  std::vector<Time> edges_;
};

}  // namespace

const dto::Type& Layer::Dto() {
  static const dto::Type type =
      dto::Object<Layer>("RotaLayer", "People who take turns; it covers the layers below while it holds.")
          .Required("name", &Layer::name, "For people.", dto::Text(1, 80))
          .Required("rotation", &Layer::rotation, "When turns are handed over.")
          .Required("people", &Layer::people, "Their ids, in the order of their turns.", dto::Items(0, kMostPeople))
          .Optional("restrictions", &Layer::restrictions, "When the layer holds; always when left out.",
                    dto::Items(0, kMostWindows))
          .Done();
  return type;
}

const dto::Type& Override::Dto() {
  static const dto::Type type = dto::Object<Override>("RotaOverrideRule", "Other people for a while.")
                                    .Required("from", &Override::from, "When it begins.")
                                    .Required("to", &Override::to, "When it ends.")
                                    .Optional("in", &Override::in, "Who comes on call.", dto::Text(1, 80))
                                    .Optional("out", &Override::out, "Who goes off call.", dto::Text(1, 80))
                                    .Done();
  return type;
}

const dto::Type& Rota::Dto() {
  static const dto::Type type =
      dto::Object<Rota>("RotaRule", "Layers of rotations and overrides.")
          .Required("zone", &Rota::zone, "IANA time zone of all its wall-clock times.", dto::Text(1, 64, "zone"))
          .Required("layers", &Rota::layers, "The lowest first.", dto::Items(0, kMostLayers))
          .Optional("overrides", &Rota::overrides, "Other people for a while.", dto::Items(0, kMostOverrides))
          .Done();
  return type;
}

const dto::Type& Turn::Dto() {
  static const dto::Type type = dto::Object<Turn>("RotaTurn", "One person's turn in a layer.")
                                    .Required("from", &Turn::from, "When it begins.")
                                    .Required("to", &Turn::to, "When it ends.")
                                    .Required("person", &Turn::person, "Whose it is.")
                                    .Done();
  return type;
}

const dto::Type& Duty::Dto() {
  static const dto::Type type = dto::Object<Duty>("RotaDuty", "Who is on call for a while.")
                                    .Required("from", &Duty::from, "When it begins.")
                                    .Required("to", &Duty::to, "When it ends.")
                                    .Required("people", &Duty::people, "Empty: a gap.")
                                    .Required("overridden", &Duty::overridden, "An override made it what it is.")
                                    .Done();
  return type;
}

const dto::Type& Coming::Dto() {
  static const dto::Type type = dto::Object<Coming>("RotaComing", "Who is on call next, and from when.")
                                    .Required("at", &Coming::at, "The hand-over.")
                                    .Required("people", &Coming::people, "Empty: nobody is.")
                                    .Done();
  return type;
}

std::vector<FieldError> CheckOverride(const Override& added, const std::vector<Override>& others,
                                      const std::string& prefix) {
  std::vector<FieldError> errors;
  if (added.to <= added.from) {
    errors.push_back({prefix + "to", "rota.ends_before_start", {}});
  }
  if (!added.in && !added.out) {
    errors.push_back({prefix + "in", "rota.override_names_nobody", {}});
  }
  if (added.in && added.in == added.out) {
    errors.push_back({prefix + "in", "rota.override_same_person", {}});
  }
  for (const Override& other : others) {
    if (added.from < other.to && other.from < added.to && (Involves(other, added.in) || Involves(other, added.out))) {
      errors.push_back({prefix + "from",
                        "rota.overrides_overlap",
                        {{"from", FormatTime(other.from)}, {"to", FormatTime(other.to)}}});
      break;
    }
  }
  return errors;
}

std::vector<FieldError> Validate(const Rota& rota) {
  std::vector<FieldError> errors;
  if (FindZone(rota.zone) == nullptr) {
    errors.push_back({"zone", "field.not_zone", {}});
  }
  if (rota.layers.empty()) {
    errors.push_back({"layers", "rota.without_layers", {}});
  }
  for (std::size_t i = 0; i < rota.layers.size(); ++i) {
    CheckLayer(rota.layers[i], Indexed("layers", i), errors);
  }
  std::vector<Override> before;
  for (std::size_t i = 0; i < rota.overrides.size(); ++i) {
    std::ranges::move(CheckOverride(rota.overrides[i], before, Indexed("overrides", i) + "/"),
                      std::back_inserter(errors));
    before.push_back(rota.overrides[i]);
  }
  return errors;
}

std::vector<Turn> Turns(const Rota& rota, const Layer& layer, Time from, Time to) {
  const date::time_zone& zone = *FindZone(rota.zone);
  const Shifts shifts(zone, layer.rotation);
  const auto people = static_cast<std::int64_t>(layer.people.size());
  std::vector<Turn> turns;
  const std::vector<Span> spans = Covered(layer.restrictions, zone, from, to);
  if (spans.empty()) {
    return turns;
  }
  std::int64_t number = shifts.NumberAt(spans.front().from);
  for (const Span& span : spans) {
    Time begin = span.from;
    while (begin < span.to) {
      const Time end = shifts.Begin(number + 1);
      if (end <= begin) {
        ++number;
        continue;
      }
      const auto turn = static_cast<std::size_t>(((number % people) + people) % people);
      turns.push_back({begin, std::min(end, span.to), layer.people[turn]});
      begin = turns.back().to;
    }
  }
  return turns;
}

Result<std::vector<Duty>> Schedule(const Rota& rota, Time from, Time to) {
  if (to <= from) {
    return FailField("to", "rota.ends_before_start");
  }
  if (to - from > kLongestSchedule) {
    return FailField("to", "rota.schedule_too_long", {{"days", std::to_string(kLongestSchedule.count())}});
  }
  return Sweep(rota, from, to).Run();
}

Duty OnCall(const Rota& rota, Time at) { return Sweep(rota, at, at + Micros{1}).Run().front(); }

std::optional<Coming> NextHandOver(const Rota& rota, Time at) {
  // Most hand over within days: only those that do not are looked at for longer.
  for (const std::chrono::days ahead : {std::chrono::days{8}, std::chrono::days{40}, kLongestSchedule}) {
    const std::vector<Duty> duties = Sweep(rota, at, at + ahead).Run();
    for (const Duty& duty : duties) {
      if (duty.people != duties.front().people) {
        return Coming{duty.from, duty.people};
      }
    }
  }
  return std::nullopt;
}

}  // namespace propolis::oncall
