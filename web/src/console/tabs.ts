// The open tickets: kept in this browser, so that a reload loses none, for the person who opened them and until she signs out.
import { keptStore } from './store';

export type Tab = { number: string; subject: string; view: string; draft?: boolean };
const kMost = 12;
export const tabs = keptStore<Tab[]>('propolis.tabs', []);
const owner = keptStore<string>('propolis.tabs.of', '');

/** Says whose they are from now on: what somebody else left open in this browser is gone. */
export function tabsAreOf(person: string): void {
  if (owner.get() !== person) tabs.set([]);
  owner.set(person);
}

/** Nothing stays behind; at sign-out. */
export function forgetTabs(): void {
  tabs.set([]);
}

export function openTab(tab: Tab): void {
  tabs.set((old) => {
    const at = old.findIndex((one) => one.number === tab.number);
    if (at >= 0) return old.map((one, i) => (i === at ? { ...one, ...tab } : one));
    return [...old, tab].slice(-kMost);
  });
}

export function closeTab(number: string): void {
  tabs.set((old) => old.filter((one) => one.number !== number));
}

export function markDraft(number: string, draft: boolean): void {
  tabs.set((old) =>
    old.some((one) => one.number === number && Boolean(one.draft) !== draft)
      ? old.map((one) => (one.number === number ? { ...one, draft } : one))
      : old,
  );
}
