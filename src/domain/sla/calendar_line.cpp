#include "domain/sla/calendar_line.h"

namespace propolis::sla {

void CalendarLine::Put(std::optional<Time> from, int version, std::shared_ptr<const WorkingTime> hours) {
  const auto same = std::ranges::find(pieces_, from, &Piece::from);
  if (same != pieces_.end()) {
    if (same->version <= version) {
      *same = {from, version, std::move(hours)};
    }
    return;
  }
  pieces_.push_back({from, version, std::move(hours)});
  std::ranges::sort(pieces_, {}, &Piece::from);  // nullopt sorts first
}

template <class Visit>
void CalendarLine::ForEachPiece(Time from, Time to, Visit visit) const {
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Time begin = i == 0 ? from : std::max(from, *pieces_[i].from);
    const Time end = i + 1 == pieces_.size() ? to : std::min(to, *pieces_[i + 1].from);
    if (begin < end && !visit(pieces_[i], begin, end)) {
      return;
    }
  }
}

std::optional<Time> CalendarLine::Add(Time start, Micros amount) const {
  std::optional<Time> due;
  ForEachPiece(start, Time::max(), [&](const Piece& piece, Time begin, Time end) {
    const auto at = piece.hours->Add(begin, amount);
    if (at && (*at < end || (*at == end && amount > Micros{0}))) {
      due = at;
      return false;
    }
    if (end != Time::max()) {
      amount -= piece.hours->Within(begin, end);
    }
    return true;
  });
  return due;
}

Micros CalendarLine::Within(Time from, Time to) const {
  Micros sum{0};
  ForEachPiece(from, to, [&](const Piece& piece, Time begin, Time end) {
    sum += piece.hours->Within(begin, end);
    return true;
  });
  return sum;
}

std::vector<CalendarLine::Part> CalendarLine::Stretches(Time from, Time to) const {
  std::vector<Part> parts;
  ForEachPiece(from, to, [&](const Piece& piece, Time begin, Time end) {
    for (Stretch& stretch : piece.hours->Stretches(begin, end)) {
      parts.push_back({std::move(stretch), piece.version});
    }
    return true;
  });
  return parts;
}

}  // namespace propolis::sla
