// What the browser keeps between two pages, and for whom.
import { beforeEach, describe, expect, it, vi } from 'vitest';

/** Storage as browsers have it: names and texts, the names as its own keys. */
function storage(kept: Record<string, string> = {}) {
  const calls = {
    getItem: (name: string) => kept[name] ?? null,
    setItem: (name: string, text: string) => {
      kept[name] = text;
    },
    removeItem: (name: string) => {
      delete kept[name];
    },
  };
  return new Proxy(kept, { get: (_, name) => calls[name as keyof typeof calls] ?? kept[name as string] });
}

describe('tabs of the console', () => {
  let local: Record<string, string>;
  beforeEach(() => {
    vi.resetModules();
    local = {};
    vi.stubGlobal('localStorage', storage(local));
  });
  const open = () => import('../../src/console/tabs');

  it('are there after a reload for the same person, and for nobody else', async () => {
    const before = await open();
    before.tabsAreOf('ana');
    before.openTab({ number: 'PR-1-R', subject: 'Ransomware', view: 'mine' });
    vi.resetModules();
    const again = await open();
    again.tabsAreOf('ana');
    expect(again.tabs.get().map(({ number }) => number)).toEqual(['PR-1-R']);
    again.tabsAreOf('rui');
    expect(again.tabs.get()).toEqual([]);
    expect(JSON.stringify(local)).not.toContain('Ransomware');
  });

  it('go at sign-out', async () => {
    const { forgetTabs, openTab, tabsAreOf } = await open();
    tabsAreOf('ana');
    openTab({ number: 'PR-1-R', subject: 'Ransomware', view: 'mine' });
    expect(JSON.stringify(local)).toContain('Ransomware');
    forgetTabs();
    expect(JSON.stringify(local)).not.toContain('Ransomware');
  });
});

describe('the portal’s tab', () => {
  let session: Record<string, string>;
  beforeEach(() => {
    session = { 'propolis.portal./portal/tickets': '["read"]', 'propolis.portal.draft.new': '"typed"', other: 'x' };
    vi.stubGlobal('sessionStorage', storage(session));
  });
  const names = () => Object.keys(session).sort();

  it('keeps what was typed when a session ends by itself, for the same person', async () => {
    const { forgetReadings, keepFor } = await import('../../src/portal/data');
    session['propolis.portal.of'] = '"luz"';
    forgetReadings();
    expect(names()).toEqual(['other', 'propolis.portal.draft.new', 'propolis.portal.of']);
    keepFor('luz');
    expect(names()).toContain('propolis.portal.draft.new');
    keepFor('eva');
    expect(names()).toEqual(['other', 'propolis.portal.of']);
  });

  it('keeps nothing at sign-out', async () => {
    const { forgetAll } = await import('../../src/portal/data');
    forgetAll();
    expect(names()).toEqual(['other']);
  });
});
