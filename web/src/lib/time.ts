// Times as people read them. Pure: now and the zone are always handed in; the language is the one that i18n holds.
import { language } from './i18n';

export const kMinute = 60;
export const kHour = 3600;
export const kDay = 86400;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language()}|${zone ?? ''}|${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    try {
      format = new Intl.DateTimeFormat(language(), { ...options, timeZone: zone });
    } catch {
      format = new Intl.DateTimeFormat(language(), options); // a zone the browser does not know: its own
    }
    formats.set(key, format);
  }
  return format;
}

const two = (n: number) => String(n).padStart(2, '0');

/** Seconds as a countdown: 00:23:10; a day and more as "1 d 04:15", ten days as "10 d"; below zero with a minus sign. */
export function countdown(seconds: number): string {
  const sign = seconds < 0 ? '\u2212' : '';
  const all = Math.floor(Math.abs(seconds));
  const days = Math.floor(all / kDay);
  const hours = Math.floor((all % kDay) / kHour);
  const minutes = Math.floor((all % kHour) / kMinute);
  if (days >= 10) return `${sign}${days} d`;
  if (days > 0) return `${sign}${days} d ${two(hours)}:${two(minutes)}`;
  return `${sign}${two(hours)}:${two(minutes)}:${two(all % kMinute)}`;
}

/** A length of time in at most two units: "7 h 40", "3 d 4 h", "12 min", "40 s". */
export function span(seconds: number): string {
  const all = Math.round(Math.abs(seconds));
  const days = Math.floor(all / kDay);
  const hours = Math.floor((all % kDay) / kHour);
  const minutes = Math.floor((all % kHour) / kMinute);
  if (days > 0) return hours ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes ? `${hours} h ${two(minutes)}` : `${hours} h`;
  if (minutes > 0) return `${minutes} min`;
  return `${all} s`;
}

/** mm:ss or h:mm:ss: the short form of a median. */
export function clockSpan(seconds: number): string {
  const all = Math.round(seconds);
  const hours = Math.floor(all / kHour);
  const minutes = Math.floor((all % kHour) / kMinute);
  return hours > 0 ? `${hours}:${two(minutes)}` : `${minutes}:${two(all % kMinute)}`;
}

/** "5 minutes ago", "in 3 hours": one unit, the largest that fits. */
export function relative(at: string | Date, now: Date): string {
  const seconds = (new Date(at).getTime() - now.getTime()) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 365 * kDay],
    ['month', 30 * kDay],
    ['day', kDay],
    ['hour', kHour],
    ['minute', kMinute],
  ];
  const relatives = new Intl.RelativeTimeFormat(language(), { numeric: 'auto', style: 'short' });
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relatives.format(Math.trunc(seconds / size), unit);
  }
  return relatives.format(Math.trunc(seconds), 'second');
}

function dayKey(at: Date, zone: string | undefined): string {
  return formatter(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

/** The clock of today as 13:14, another day of this year with its date, another year with the year too. */
export function brief(at: string | Date, zone: string | undefined, now: Date): string {
  const when = new Date(at);
  if (dayKey(when, zone) === dayKey(now, zone)) return timeOfDay(when, zone);
  if (Math.abs(when.getTime() - now.getTime()) < 300 * kDay * 1000) {
    return formatter(zone, {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).format(when);
  }
  return formatter(zone, { day: 'numeric', month: 'short', year: 'numeric' }).format(when);
}

export function timeOfDay(at: string | Date, zone: string | undefined): string {
  return formatter(zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));
}

export function day(at: string | Date, zone: string | undefined): string {
  return formatter(zone, { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(at));
}

/** Date, second and zone: what a hover shows. */
export function exact(at: string | Date, zone: string | undefined): string {
  const text = formatter(zone, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(at));
  return `${text} ${placeOf(zone)}`;
}

/** "Quito" of America/Guayaquil is beyond us: the zone's own last name, with blanks. */
export function placeOf(zone: string | undefined): string {
  if (!zone) return '';
  return (zone.split('/').pop() ?? zone).replaceAll('_', ' ');
}

/** A moment as <input type="datetime-local"> wants it, in the browser's zone. */
export function toLocalInput(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The reverse: RFC 3339 in UTC, or undefined for what is no date. */
export function fromLocalInput(value: string): string | undefined {
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString().replace(/\.\d+Z$/, 'Z');
}
