// What the portal says: states, times and promises in the customer's own words. Pure; never an internal state's name.
import type { PortalStatus, PortalTicket, Priority } from '@lib/dto';
import { language, t } from '@lib/i18n';
import { kDay, kHour, kMinute, placeOf, timeOfDay } from '@lib/time';

export const statusWord = (status: PortalStatus) => t(`status.${status}`);
export const priorityWord = (priority: Priority) => t(`priority.${priority}`, { priority });

/** The sentence that heads the page: what is so, and who has to act. */
export function headline(ticket: Pick<PortalTicket, 'status' | 'specialist'>): string {
  if (ticket.status === 'investigating' && ticket.specialist) {
    return t('headline.investigating_by', { name: firstName(ticket.specialist.name) });
  }
  return t(`headline.${ticket.status}`);
}

/** The line under it: what comes next and until when. */
export function outlook(ticket: PortalTicket, zone: string, now: Date): string {
  if (ticket.status === 'closed') return ticket.survey ? t('outlook.rated') : t('outlook.closed');
  if (ticket.status === 'waiting_you') return t('outlook.waiting_you');
  if (ticket.status === 'to_confirm') {
    return ticket.grace_until
      ? t('outlook.to_confirm_until', { date: longDate(ticket.grace_until, zone) })
      : t('outlook.to_confirm');
  }
  if (ticket.next_update) return t('outlook.next_update', { when: moment(ticket.next_update.at, zone, now) });
  if (ticket.eta) return t('outlook.eta', { when: moment(ticket.eta.at, zone, now) });
  return t(`outlook.${ticket.status}`);
}

export const firstName = (name: string) => name.trim().split(/\s+/)[0] ?? name;

export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : undefined];
  return (
    letters
      .map((word) => (word ? ([...word][0] ?? '') : ''))
      .join('')
      .toUpperCase() || '?'
  );
}

function dayNumber(at: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return Date.parse(`${parts.format(at)}T00:00:00Z`) / (kDay * 1000);
}

/** "today", "tomorrow", "yesterday", else "Sunday 29 November" without the year when it is near. */
export function dayWord(at: string | Date, zone: string, now: Date): string {
  const when = new Date(at);
  const days = dayNumber(when, zone) - dayNumber(now, zone);
  if (Math.abs(days) <= 1) return t(days === 0 ? 'day.today' : days === 1 ? 'day.tomorrow' : 'day.yesterday');
  const near = Math.abs(days) < 300;
  return new Intl.DateTimeFormat(language(), {
    timeZone: zone,
    weekday: Math.abs(days) < 7 ? 'long' : undefined,
    day: 'numeric',
    month: near ? 'long' : 'short',
    year: near ? undefined : 'numeric',
  }).format(when);
}

/** "today at 15:00". */
export function moment(at: string | Date, zone: string, now: Date): string {
  return t('day.at', { day: dayWord(at, zone, now), time: timeOfDay(at, zone) });
}

export function longDate(at: string | Date, zone: string): string {
  return new Intl.DateTimeFormat(language(), { timeZone: zone, day: 'numeric', month: 'long' }).format(new Date(at));
}

export function monthOf(date: string): string {
  return new Intl.DateTimeFormat(language(), { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(
    new Date(`${date.slice(0, 10)}T12:00:00Z`),
  );
}

/** Time for a list: of today only the clock, else the date. */
export function brief(at: string | Date, zone: string, now: Date): string {
  const when = new Date(at);
  if (dayNumber(when, zone) === dayNumber(now, zone)) return timeOfDay(when, zone);
  const far = Math.abs(when.getTime() - now.getTime()) > 300 * kDay * 1000;
  const year = far ? 'numeric' : undefined;
  const day = new Intl.DateTimeFormat(language(), { timeZone: zone, day: 'numeric', month: 'short', year }).format(
    when,
  );
  return far ? day : `${day}, ${timeOfDay(when, zone)}`;
}

/** Big and small line of a promised time: "17:30–18:00" / "today, Quito time"; "in 38 min" for what is near. */
export function promised(at: string, until: string | undefined, zone: string, now: Date): [string, string] {
  const clock = until ? `${timeOfDay(at, zone)}–${timeOfDay(until, zone)}` : timeOfDay(at, zone);
  return [clock, t('promise.day_zone', { day: dayWord(at, zone, now), place: placeOf(zone) })];
}

/** "in 38 min", "2 h ago": whole units, as a person would say. */
export function distance(at: string, now: Date): string {
  const seconds = Math.round((new Date(at).getTime() - now.getTime()) / 1000);
  const words = new Intl.RelativeTimeFormat(language(), { numeric: 'auto', style: 'short' });
  const size = Math.abs(seconds);
  if (size >= kDay) return words.format(Math.round(seconds / kDay), 'day');
  if (size >= kHour) return words.format(Math.round(seconds / kHour), 'hour');
  return words.format(Math.round(seconds / kMinute), 'minute');
}
