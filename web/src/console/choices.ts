import type { Kind } from '@lib/dto';

export const kinds: Kind[] = ['request', 'fault', 'question', 'event', 'incident', 'vulnerability', 'onboarding'];

/** IANA time zones that the browser knows. */
export function zones(): string[] {
  return Intl.supportedValuesOf('timeZone');
}
