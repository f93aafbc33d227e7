#include "domain/oncall/calendar_feed.h"

#include <chrono>

namespace propolis::oncall {
namespace {

constexpr std::size_t kLineOctets = 75;  // RFC 5545, 3.1; without the line's end

// RFC 5545, 3.3.11. Other control characters may not stand in a text at all.
std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == ';' || c == ',') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
      out.push_back(c);
    }
  }
  return out;
}

bool ContinuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

// A long line goes on in the next one after a space; a UTF-8 character is never torn.
void AddLine(std::string& out, std::string_view line) {
  std::size_t room = kLineOctets;
  while (line.size() > room) {
    std::size_t cut = room;
    while (cut > 1 && ContinuesCharacter(line[cut])) {
      --cut;
    }
    out.append(line.substr(0, cut)).append("\r\n ");
    line.remove_prefix(cut);
    room = kLineOctets - 1;
  }
  out.append(line).append("\r\n");
}

// RFC 5545, 3.3.5, form 2: UTC.
std::string Stamp(Time at) {
  const auto second = std::chrono::floor<Seconds>(at);
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{second - day};
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

}  // namespace

std::string ToICalendar(const std::string& name, const std::vector<FeedEvent>& events, Time stamp) {
  std::string out;
  AddLine(out, "BEGIN:VCALENDAR");
  AddLine(out, "VERSION:2.0");
  AddLine(out, "PRODID:-//Propolis//On call//EN");
  AddLine(out, "CALSCALE:GREGORIAN");
  AddLine(out, "METHOD:PUBLISH");
  AddLine(out, "X-WR-CALNAME:" + Escaped(name));
  AddLine(out, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
  for (const FeedEvent& event : events) {
    AddLine(out, "BEGIN:VEVENT");
    AddLine(out, "UID:" + Escaped(event.uid));
    AddLine(out, "DTSTAMP:" + Stamp(stamp));
    AddLine(out, "DTSTART:" + Stamp(event.from));
    AddLine(out, "DTEND:" + Stamp(event.to));
    AddLine(out, "SUMMARY:" + Escaped(event.summary));
    AddLine(out, "TRANSP:TRANSPARENT");
    AddLine(out, "END:VEVENT");
  }
  AddLine(out, "END:VCALENDAR");
  return out;
}

}  // namespace propolis::oncall
