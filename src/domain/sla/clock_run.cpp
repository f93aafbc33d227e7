#include "domain/sla/clock_walk.h"

namespace propolis::sla::internal {

// Counting time in one piece, however many spans it is told in.
std::vector<Run::Block> Run::Blocks() const {
  std::vector<Block> blocks;
  bool counting = false;
  for (const Span& span : spans) {
    if (span.Counts() && !counting) {
      blocks.push_back({span.from, std::nullopt});
    } else if (!span.Counts() && counting) {
      blocks.back().to = span.from;
    }
    counting = span.Counts();
  }
  if (counting && stopped_at) {
    blocks.back().to = *stopped_at;
  }
  return blocks;
}

Micros Run::Elapsed(Time until) const {
  Micros sum{0};
  if (hours != nullptr) {
    for (const Block& block : Blocks()) {
      if (const Time to = std::min(until, block.to.value_or(until)); block.from < to) {
        sum += hours->Within(block.from, to);
      }
    }
  }
  return sum;
}

std::optional<Time> Run::Reach(Micros amount) const {
  if (hours == nullptr) {
    return std::nullopt;
  }
  const auto blocks = Blocks();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (!blocks[i].to) {
      return hours->Add(blocks[i].from, amount);
    }
    const Micros here = hours->Within(blocks[i].from, *blocks[i].to);
    // With nothing left at a pause the clock is due when it goes on: the due time is then the next open instant.
    if (amount < here || (amount == here && i + 1 == blocks.size())) {
      return hours->Add(blocks[i].from, amount);
    }
    amount -= here;
  }
  return std::nullopt;
}

void Run::BeginSpan(const Span& span) {
  Span& last = spans.back();
  if (last.why == span.why && last.state == span.state && last.policy == span.policy) {
    return;
  }
  if (last.from == span.from) {
    last = span;
  } else {
    spans.push_back(span);
  }
  Reckon();
}

void Run::MoveStart(Time earlier, const Span& as) {
  if (spans.front().Counts()) {
    spans.front().from = earlier;
  } else {
    Span span = as;
    span.from = earlier;
    span.why = Segment::Why::kCounted;
    spans.insert(spans.begin(), span);
  }
  started_at = earlier;
  Reckon();
}

void Run::Reckon() {
  if (breached_at) {
    return;
  }
  if (manual != nullptr) {
    due = manual->due;
  } else if (!target || !spans.back().Counts()) {
    due.reset();
  } else {
    due = Reach(*target);
  }
}

void Run::Breach(Time at, ClockCause why) {
  if (!due && target) {
    due = Reach(*target);
  }
  breached_at = at;
  cause = why;
}

void Run::CheckChange(Time at, ClockCause why) {
  if (breached_at || stopped_at) {
    return;
  }
  const bool over = due ? *due < at : target && manual == nullptr && Elapsed(at) > *target;
  if (over) {
    Breach(at, why);
  }
}

}  // namespace propolis::sla::internal
