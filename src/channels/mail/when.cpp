#include "channels/mail/when.h"

#include <unicode/calendar.h>
#include <unicode/dtptngen.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>

#include <memory>

#include "base/i18n.h"

namespace propolis::mail {
namespace {

constexpr const char* kClock = "HH:mm";

std::unique_ptr<icu::TimeZone> ZoneOf(std::string_view zone) {
  std::unique_ptr<icu::TimeZone> found(icu::TimeZone::createTimeZone(
      icu::UnicodeString::fromUTF8({zone.data(), static_cast<std::int32_t>(zone.size())})));
  if (*found == icu::TimeZone::getUnknown()) {
    found.reset(icu::TimeZone::getGMT()->clone());
  }
  return found;
}

double Millis(Time at) { return static_cast<double>(ToMicros(at)) / 1000.0; }

std::string Format(Time at, const char* skeleton, Language language, std::string_view zone) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Locale locale(std::string(NameOf(language)).c_str());
  const std::unique_ptr<icu::DateTimePatternGenerator> generator(
      icu::DateTimePatternGenerator::createInstance(locale, error));
  if (U_FAILURE(error)) {
    return FormatTime(at);
  }
  // Clocks are written alike in the three languages.
  const icu::UnicodeString pattern = std::string_view(skeleton) == kClock
                                         ? icu::UnicodeString(skeleton)
                                         : generator->getBestPattern(icu::UnicodeString(skeleton), error);
  icu::SimpleDateFormat format(pattern, locale, error);
  if (U_FAILURE(error)) {
    return FormatTime(at);
  }
  format.adoptTimeZone(ZoneOf(zone).release());
  icu::UnicodeString text;
  format.format(Millis(at), text);
  std::string out;
  text.toUTF8String(out);
  return out;
}

// Days since the epoch as the zone counts them.
std::int64_t LocalDay(Time at, std::string_view zone) {
  UErrorCode error = U_ZERO_ERROR;
  std::int32_t raw = 0;
  std::int32_t saving = 0;
  ZoneOf(zone)->getOffset(Millis(at), 0, raw, saving, error);
  return std::chrono::floor<std::chrono::days>(at + std::chrono::milliseconds(raw + saving)).time_since_epoch().count();
}

}  // namespace

std::string SayClock(Time at, Language language, std::string_view zone) { return Format(at, kClock, language, zone); }

std::string SayDay(Time at, Language language, std::string_view zone) { return Format(at, "MMMMd", language, zone); }

std::string SayWhen(Time at, std::optional<Time> until, Time now, Language language, std::string_view zone) {
  const std::int64_t days = LocalDay(at, zone) - LocalDay(now, zone);
  std::string day;
  if (days == 0) {
    day = i18n::Translate(language, "mail.when.today");
  } else if (days == 1) {
    day = i18n::Translate(language, "mail.when.tomorrow");
  } else {
    day = Format(at, "EEEEMMMMd", language, zone);
  }
  std::string clock = SayClock(at, language, zone);
  if (until && *until > at) {
    clock += "–";
    clock += LocalDay(*until, zone) == LocalDay(at, zone) ? SayClock(*until, language, zone)
                                                          : SayWhen(*until, std::nullopt, now, language, zone);
  }
  std::string said = i18n::Translate(language, "mail.when.day_and_clock", {{"day", day}, {"clock", clock}});
  if (zone.empty() || zone == "UTC") {
    said += " UTC";
  }
  return said;
}

}  // namespace propolis::mail
