#include "domain/calendars/ical_import.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"
#include "domain/recurrence/recurrence.h"

namespace propolis::calendars {
namespace {

using recurrence::Reading;
using std::chrono::days;
using std::chrono::local_days;

constexpr days kLongestEvent{60};
constexpr std::size_t kLongestName = 200;  // characters
constexpr std::size_t kMostRules = 200;    // in a file
constexpr std::size_t kMostTimes = 24;     // a day, of a rule
constexpr local_days kEarliestRule{std::chrono::year{1900} / 1 / 1};

struct Event {
  std::optional<Reading> start;
  std::optional<Reading> end;
  std::string name;
  std::string rule;
  std::set<local_days> except;
  bool cancelled = false;
  bool unreadable = false;
};

// Content lines with the folded ones put together again.
std::vector<std::string> ContentLines(std::string_view ics) {
  std::vector<std::string> lines;
  while (!ics.empty()) {
    const auto end = std::min(ics.find('\n'), ics.size());
    std::string_view line = ics.substr(0, end);
    ics.remove_prefix(std::min(end + 1, ics.size()));
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if ((line.starts_with(' ') || line.starts_with('\t')) && !lines.empty()) {
      lines.back() += line.substr(1);
    } else if (!line.empty()) {
      lines.emplace_back(line);
    }
  }
  return lines;
}

// Where the name and its parameters end; a colon in a quoted parameter does not count.
std::size_t ColonOf(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    quoted = quoted != (line[i] == '"');
    if (line[i] == ':' && !quoted) {
      return i;
    }
  }
  return line.size();
}

std::string Unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      out.push_back(text[i] == 'n' || text[i] == 'N' ? ' ' : text[i]);
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

void TakeProperty(std::string_view name, std::string_view value, Event& event) {
  if (name == "dtstart") {
    event.start = recurrence::ParseReading(value);
    event.unreadable = event.unreadable || !event.start;
  } else if (name == "dtend") {
    event.end = recurrence::ParseReading(value);
    event.unreadable = event.unreadable || !event.end;
  } else if (name == "summary") {
    event.name = std::string(text::Trim(text::Clean(Unescaped(value))));
  } else if (name == "rrule") {
    event.rule = value;
  } else if (name == "status") {
    event.cancelled = value == "CANCELLED";
  } else if (name == "exdate") {
    for (const auto one : text::Split(value, ',')) {
      const auto at = recurrence::ParseReading(one);
      event.unreadable = event.unreadable || !at;
      if (at) {
        event.except.insert(std::chrono::floor<days>(*at));
      }
    }
  }
}

std::vector<Event> EventsOf(std::string_view ics) {
  std::vector<Event> events;
  bool inside = false;
  int nested = 0;  // an alarm inside an event has properties of its own
  for (const std::string& line : ContentLines(ics)) {
    const std::size_t colon = ColonOf(line);
    const std::string_view head = std::string_view(line).substr(0, colon);
    const std::string_view value = colon < line.size() ? std::string_view(line).substr(colon + 1) : std::string_view();
    const std::string name = text::AsciiLower(head.substr(0, head.find(';')));
    if (name == "begin" && !inside) {
      inside = value == "VEVENT";
      if (inside) {
        events.emplace_back();
      }
    } else if (name == "begin") {
      ++nested;
    } else if (name == "end" && inside) {
      inside = nested > 0;
      nested = std::max(0, nested - 1);
    } else if (inside && nested == 0) {
      TakeProperty(name, value, events.back());
    }
  }
  return events;
}

// How many days an event takes. An end at midnight is the end of the day before.
days LengthOf(const Event& event) {
  const local_days first = std::chrono::floor<days>(*event.start);
  const local_days last =
      event.end && *event.end > *event.start ? std::chrono::floor<days>(*event.end - Seconds{1}) : first;
  return std::min(last - first + days{1}, kLongestEvent);
}

bool IsPlainYearly(const Event& event) {
  return event.rule == "FREQ=YEARLY" && event.except.empty() && LengthOf(event) == days{1};
}

std::unexpected<Error> Wrong(std::string message, const Event& event) {
  return FailField("ics", std::move(message), {{"name", std::string(text::Prefix(event.name, 80))}});
}

}  // namespace

Result<std::vector<sla::Holiday>> DaysOffOf(std::string_view ics, sla::Date first, sla::Date last) {
  if (ics.size() > kLargestIcal) {
    return FailField("ics", "field.too_long", {{"max", std::to_string(kLargestIcal)}});
  }
  const std::vector<Event> events = EventsOf(ics);
  if (events.empty()) {
    return FailField("ics", "calendar.ics_without_events");
  }
  const auto rules = std::ranges::count_if(events, [](const Event& event) { return !event.rule.empty(); });
  if (static_cast<std::size_t>(rules) > kMostRules) {
    return FailField("ics", "field.too_many", {{"max", std::to_string(kMostRules)}});
  }
  std::vector<sla::Holiday> found;
  std::set<local_days> known;
  for (const Event& event : events) {
    if (event.cancelled) {
      continue;
    }
    if (!event.start || event.unreadable) {
      return Wrong("calendar.ics_bad_date", event);
    }
    const std::string name(text::Prefix(event.name, kLongestName));
    const local_days start_day = std::chrono::floor<days>(*event.start);
    if (IsPlainYearly(event)) {
      const std::chrono::year_month_day date{start_day};
      found.push_back({.date = {}, .yearly = sla::MonthDay{{date.month(), date.day()}}, .name = name});
      continue;
    }
    std::vector<Reading> starts = {*event.start};
    if (!event.rule.empty()) {
      auto rule = recurrence::ParseRule(event.rule);
      if (!rule || rule->frequency < recurrence::Frequency::kDaily || rule->TimesADay() > kMostTimes ||
          start_day < kEarliestRule) {
        return Wrong("calendar.ics_bad_rule", event);
      }
      const Reading end = last.day + days{1};
      rule->until = std::min(rule->until.value_or(end), end);
      starts = recurrence::Occurrences(*rule, *event.start, first.day - LengthOf(event), kMostImported + 1);
    }
    for (const Reading start : starts) {
      const local_days begin = std::chrono::floor<days>(start);
      for (local_days day = begin; day < begin + LengthOf(event); day += days{1}) {
        if (first.day <= day && day <= last.day && !event.except.contains(begin) && known.insert(day).second) {
          found.push_back({.date = sla::Date{day}, .yearly = {}, .name = name});
        }
      }
      if (found.size() > kMostImported) {
        return FailField("ics", "field.too_many", {{"max", std::to_string(kMostImported)}});
      }
    }
  }
  std::ranges::sort(found, {}, [](const sla::Holiday& day) { return std::tuple(day.date, day.yearly, day.name); });
  return found;
}

}  // namespace propolis::calendars
