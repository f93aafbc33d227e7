import { instantIn, wallIn, weekDays } from '@lib/zone';
import { describe, expect, test } from 'vitest';

describe('the wall clock of a zone', () => {
  test('gives the moment, in winter and in summer', () => {
    expect(instantIn('Europe/Madrid', '2026-03-02T09:00')?.toISOString()).toBe('2026-03-02T08:00:00.000Z');
    expect(instantIn('Europe/Madrid', '2026-07-06T09:00')?.toISOString()).toBe('2026-07-06T07:00:00.000Z');
    expect(instantIn('America/Guayaquil', '2026-03-02T23:30')?.toISOString()).toBe('2026-03-03T04:30:00.000Z');
    expect(instantIn('Europe/Madrid', '')).toBeUndefined();
  });
  test('is read back as it was written', () => {
    for (const zone of ['Europe/Lisbon', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/Sao_Paulo'])
      for (const wall of ['2026-01-31T00:00', '2026-03-29T12:00', '2026-10-25T23:59'])
        expect(wallIn(zone, instantIn(zone, wall)!)).toBe(wall);
  });
  test('has weeks from Monday to Monday, an hour shorter over the spring jump', () => {
    const days = weekDays('Europe/Madrid', new Date('2026-03-29T10:00Z'), 7);
    expect(days[0]!.toISOString()).toBe('2026-03-22T23:00:00.000Z');
    expect(days[7]!.toISOString()).toBe('2026-03-29T22:00:00.000Z');
    expect(days[7]!.getTime() - days[0]!.getTime()).toBe((7 * 24 - 1) * 3_600_000);
  });
});
