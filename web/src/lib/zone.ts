// Wall-clock times of an IANA zone that is not the browser's. A time that the clock skips or shows twice is taken as the
// browser's own arithmetic gives it: what is exact to the second is decided on the server.

const kDayMs = 86_400_000;

function parts(at: Date, zone: string): Record<string, number> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
}

/** What the clock of a zone shows, as if it were UTC. */
function reading(at: Date, zone: string): number {
  const { year, month, day, hour, minute, second } = parts(at, zone) as Record<string, number> & { year: number };
  return Date.UTC(year, month! - 1, day, hour, minute, second);
}

/** The moment at which the clock of a zone shows "2026-03-02T09:00"; undefined for what is no time. */
export function instantIn(zone: string, wall: string): Date | undefined {
  const wanted = Date.parse(`${wall}Z`);
  if (Number.isNaN(wanted)) return undefined;
  let at = wanted;
  for (let i = 0; i < 3; i++) at += wanted - reading(new Date(at), zone);
  return new Date(at);
}

/** "2026-03-02T09:00" as <input type="datetime-local"> wants it. */
export function wallIn(zone: string, at: Date): string {
  return new Date(reading(at, zone)).toISOString().slice(0, 16);
}

/** Midnights of `count` days in a zone, from the Monday of the week of `at`; one more, for the end. */
export function weekDays(zone: string, at: Date, count: number): Date[] {
  const today = reading(at, zone);
  const weekday = (new Date(today).getUTCDay() + 6) % 7;
  const monday = Math.floor(today / kDayMs) * kDayMs - weekday * kDayMs;
  return Array.from({ length: count + 1 }, (_, i) => {
    const wall = new Date(monday + i * kDayMs).toISOString().slice(0, 16);
    return instantIn(zone, wall)!;
  });
}
