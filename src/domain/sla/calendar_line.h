// One calendar through time: its versions, each from the moment it came into force. Working time that spans an edit is
// counted by the old hours before it and by the new ones after it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/sla/working_time.h"

namespace propolis::sla {

class CalendarLine {
 public:
  explicit CalendarLine(std::string id) : id_(std::move(id)) {}
  // From `from` on (nullopt: from ever) `hours` hold. Of two for the same moment the higher version wins.
  void Put(std::optional<Time> from, int version, std::shared_ptr<const WorkingTime> hours);

  [[nodiscard]] const std::string& id() const { return id_; }
  // As in WorkingTime.
  [[nodiscard]] std::optional<Time> Add(Time start, Micros amount) const;
  [[nodiscard]] Micros Within(Time from, Time to) const;

  struct Part {
    Stretch stretch;
    int version;
  };
  [[nodiscard]] std::vector<Part> Stretches(Time from, Time to) const;

 private:
  struct Piece {
    std::optional<Time> from;
    int version;
    std::shared_ptr<const WorkingTime> hours;
  };
  // Calls visit(piece, begin, end) for each piece that meets [from, to), in order; stops when it answers false.
  template <class Visit>
  void ForEachPiece(Time from, Time to, Visit visit) const;

  std::string id_;
  std::vector<Piece> pieces_;  // by `from`; before the first one the first one holds
};

}  // namespace propolis::sla
