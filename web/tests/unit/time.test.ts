import { describe, expect, it } from 'vitest';
import { faceOf } from '../../src/console/ui/clocks';
import {
  brief,
  clockSpan,
  countdown,
  fromLocalInput,
  placeOf,
  span,
  timeOfDay,
  toLocalInput,
} from '../../src/lib/time';

describe('time', () => {
  it.each([
    [1390, '00:23:10'],
    [-760, '\u221200:12:40'],
    [0, '00:00:00'],
    [101_700, '1 d 04:15'],
    [86_399, '23:59:59'],
  ])('counts %i down', (seconds, text) => expect(countdown(seconds)).toBe(text));
  it.each([
    [27_600, '7 h 40'],
    [3600, '1 h'],
    [45, '45 s'],
    [720, '12 min'],
    [90_000, '1 d 1 h'],
    [-120, '2 min'],
  ])('spans %i', (seconds, text) => expect(span(seconds)).toBe(text));
  it('shows a median', () => {
    expect(clockSpan(520)).toBe('8:40');
    expect(clockSpan(15_300)).toBe('4:15');
  });
  it('reads a moment in the zone asked for', () => {
    const at = '2026-11-22T18:44:00Z';
    expect(timeOfDay(at, 'America/Guayaquil')).toBe('13:44');
    expect(brief(at, 'America/Guayaquil', new Date('2026-11-22T23:00:00Z'))).toBe('13:44');
    expect(brief(at, 'America/Guayaquil', new Date('2026-11-24T23:00:00Z'))).toContain('Nov');
    expect(timeOfDay(at, 'No/Such_Zone')).toMatch(/^\d\d:\d\d$/);
    expect(placeOf('America/Sao_Paulo')).toBe('Sao Paulo');
  });
  it('goes to a date field and back', () => {
    const at = new Date('2026-11-22T18:44:00Z');
    expect(fromLocalInput(toLocalInput(at))).toBe('2026-11-22T18:44:00Z');
    expect(fromLocalInput('soon')).toBeUndefined();
  });
});

describe('the face of a clock', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  const due = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
  it.each([
    [{ kind: 'resolution', state: 'running', due_at: due(120) }, 'ok', 7200],
    [{ kind: 'next_response', state: 'running', due_at: due(20) }, 'warn', 1200],
    [{ kind: 'next_response', state: 'running', due_at: due(-10) }, 'breach', -600],
    [{ kind: 'next_response', state: 'breached', due_at: due(-10) }, 'breach', -600],
    [{ kind: 'resolution', state: 'paused', remaining_seconds: 27600 }, 'paused', 27600],
    [{ kind: 'first_response', state: 'met', elapsed_seconds: 372 }, 'met', 372],
    [{ kind: 'first_response', state: 'breached', due_at: due(-60), met_at: due(-30) }, 'breach', -1800],
    [{ kind: 'resolution', state: 'running', due_at: due(90), warn_at: due(-1) }, 'warn', 5400],
  ] as const)('%o', (clock, face, seconds) => expect(faceOf(clock, now)).toEqual({ face, seconds }));
});
