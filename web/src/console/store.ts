// A value outside React that components may watch.
import { useSyncExternalStore } from 'react';

export type Store<T> = {
  get: () => T;
  set: (next: T | ((old: T) => T)) => void;
  subscribe: (listener: () => void) => () => void;
};

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      const made = typeof next === 'function' ? (next as (old: T) => T)(value) : next;
      if (Object.is(made, value)) return;
      value = made;
      for (const tell of listeners) tell();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** A store kept in this browser under a key; broken or missing content reads as the first value. */
export function keptStore<T>(key: string, initial: T): Store<T> {
  let start = initial;
  try {
    const kept = localStorage.getItem(key);
    if (kept) start = JSON.parse(kept) as T;
  } catch {
    start = initial;
  }
  const store = createStore(start);
  store.subscribe(() => {
    try {
      localStorage.setItem(key, JSON.stringify(store.get()));
    } catch {
      // Full or closed storage: the value lives as long as the page.
    }
  });
  return store;
}

// One clock for every countdown on the page.
const now = createStore(Date.now());
let watchers = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const watchNow = (listener: () => void) => {
  if (watchers++ === 0) {
    now.set(Date.now());
    timer = setInterval(() => now.set(Date.now()), 1000);
  }
  const stop = now.subscribe(listener);
  return () => {
    stop();
    if (--watchers === 0) clearInterval(timer);
  };
};

/** Now in milliseconds, renewed each second. */
export function useNow(): number {
  return useSyncExternalStore(watchNow, now.get);
}
const minute = () => Math.floor(now.get() / 60000) * 60000;

/** Now in milliseconds, renewed each minute: for "37 min ago". */
export function useMinute(): Date {
  return new Date(useSyncExternalStore(watchNow, minute));
}
