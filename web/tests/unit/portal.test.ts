import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PortalTicket } from '../../src/lib/dto';
import { type Language, registerCatalogues, setLanguage } from '../../src/lib/i18n';
import { routeOf } from '../../src/portal/router';
import { brief, dayWord, distance, headline, initials, moment, outlook, promised } from '../../src/portal/words';

const zone = 'America/Guayaquil'; // UTC-5 all year
const now = new Date('2026-11-22T19:22:00Z'); // 14:22 there
const read = (language: Language) =>
  JSON.parse(readFileSync(join(__dirname, `../../src/locales/portal/${language}.json`), 'utf8'));

beforeAll(async () => {
  registerCatalogues(async (language) => ({ default: read(language) }));
  await setLanguage('es');
});

describe('times as the customer reads them', () => {
  it('names the day by the customer’s own midnight', () => {
    expect(dayWord('2026-11-23T04:59:00Z', zone, now)).toBe('hoy');
    expect(dayWord('2026-11-23T05:00:00Z', zone, now)).toBe('mañana');
    expect(dayWord('2026-11-22T04:59:00Z', zone, now)).toBe('ayer');
    expect(dayWord('2026-11-29T15:00:00Z', zone, now)).toBe('29 de noviembre');
  });
  it('says a promised time with its day and place', () => {
    expect(promised('2026-11-22T22:30:00Z', '2026-11-22T23:00:00Z', zone, now)).toEqual([
      '17:30–18:00',
      'hoy, hora de Guayaquil',
    ]);
    expect(moment('2026-11-22T20:00:00Z', zone, now)).toBe('hoy a las 15:00');
    expect(distance('2026-11-22T20:00:00Z', now)).toBe('dentro de 38 min');
  });
  it('shows of today only the clock', () => {
    expect(brief('2026-11-22T17:56:00Z', zone, now)).toBe('12:56');
    expect(brief('2026-11-20T17:56:00Z', zone, now)).toContain('12:56');
    expect(brief('2025-01-20T17:56:00Z', zone, now)).toMatch(/2025/);
  });
});

describe('words', () => {
  const ticket = { status: 'investigating', specialist: { name: 'Inês Prado' } } as PortalTicket;
  it('heads the page with what is so', () => {
    expect(headline(ticket)).toBe('Inês está trabajando en ello.');
    expect(headline({ ...ticket, specialist: undefined })).toBe('Estamos trabajando en ello.');
  });
  it('tells the next update before the expected end', () => {
    const both = {
      ...ticket,
      eta: { at: '2026-11-23T20:00:00Z', by: 'x' },
      next_update: { at: '2026-11-22T20:00:00Z', by: 'x' },
    };
    expect(outlook(both, zone, now)).toContain('hoy a las 15:00');
    expect(outlook({ ...both, next_update: undefined }, zone, now)).toContain('mañana a las 15:00');
  });
  it('takes initials of any name', () => {
    expect(['Ana Paredes', 'Inês', '', '李 小龙'].map(initials)).toEqual(['AP', 'I', '?', '李小']);
  });
  it('has a word for every status, step, priority, identity and score in every language', () => {
    for (const language of ['en', 'es', 'pt'] as const) {
      const words = read(language);
      for (const status of ['received', 'classified', 'investigating', 'waiting_you', 'to_confirm', 'closed']) {
        expect(words[`status.${status}`], status).toBeTruthy();
        expect(words[`headline.${status}`], status).toBeTruthy();
      }
      for (const step of ['received', 'classified', 'investigated', 'confirm', 'closed'])
        expect(words[`step.${step}`]).toBeTruthy();
      for (const priority of ['P1', 'P2', 'P3', 'P4']) expect(words[`priority.${priority}`]).toBeTruthy();
      for (const level of ['unknown', 'claimed', 'authenticated', 'verified'])
        expect(words[`identity.${level}`]).toBeTruthy();
      for (const score of [1, 2, 3, 4, 5]) expect(words[`rate.${score}`]).toBeTruthy();
    }
  });
});

describe('paths', () => {
  it('reads each page and refuses the rest', () => {
    expect(routeOf('/portal')).toEqual({ page: 'requests' });
    expect(routeOf('/portal/tickets/PR-1-K')).toEqual({ page: 'ticket', id: 'PR-1-K' });
    expect(routeOf('/portal/articles')).toEqual({ page: 'articles' });
    expect(routeOf('/portal/articles/a%2Fb')).toEqual({ page: 'article', id: 'a/b' });
    expect(routeOf('/portal/new')).toEqual({ page: 'new' });
    expect(routeOf('/portal/new/x')).toEqual({ page: 'missing' });
    expect(routeOf('/portal/articles/%')).toEqual({ page: 'article', id: '%' });
    expect(routeOf('/')).toEqual({ page: 'missing' });
  });
});
