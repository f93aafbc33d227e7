// Reading with a bad line in mind: the last answer of this tab is shown at once, then replaced by a fresh one.
import { get, isOffline } from '@lib/api';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

const kPrefix = 'propolis.portal.';
const kDraft = 'draft.';
const kOwner = 'of';
const kFreshMs = 20_000;

function kept<T>(path: string): T | undefined {
  try {
    const text = sessionStorage.getItem(kPrefix + path);
    return text ? (JSON.parse(text) as T) : undefined;
  } catch {
    return undefined;
  }
}

function keep(path: string, value: unknown): void {
  try {
    sessionStorage.setItem(kPrefix + path, JSON.stringify(value));
  } catch {
    // Full or closed: the page works without it.
  }
}

function forget(also: (name: string) => boolean): void {
  try {
    for (const key of Object.keys(sessionStorage))
      if (key.startsWith(kPrefix) && also(key.slice(kPrefix.length))) sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept then.
  }
}

/** Forgets what this tab read and wrote; at sign-out. */
export function forgetAll(): void {
  forget(() => true);
}

/** Forgets what this tab read, when a session ended by itself; what was typed and not sent waits for whoever typed it. */
export function forgetReadings(): void {
  forget((name) => !name.startsWith(kDraft) && name !== kOwner);
}

/** Says who is here: what somebody else read and typed in this tab is gone. */
export function keepFor(person: string): void {
  if (kept<string>(kOwner) !== person) forgetAll();
  keep(kOwner, person);
}

export type Loaded<T> = { value?: T; error?: unknown; stale: boolean; reload: () => void; set: (value: T) => void };

/**
 * GET `path` with a copy kept for this tab. While the page is visible it is asked again every 20 s (`watch`).
 * `stale`: what is shown is the kept copy because the server could not be reached.
 */
export function useLoaded<T>(path: string | undefined, watch = false): Loaded<T> {
  const [value, setValue] = useState<T | undefined>(() => (path ? kept<T>(path) : undefined));
  const [error, setError] = useState<unknown>();
  const [stale, setStale] = useState(false);
  const shown = useRef(path);

  const load = useCallback(() => {
    if (!path) return;
    get<T>(path)
      .then((fresh) => {
        if (shown.current !== path) return;
        setValue(fresh);
        setError(undefined);
        setStale(false);
        keep(path, fresh);
      })
      .catch((failure) => {
        if (shown.current !== path) return;
        setStale(isOffline(failure));
        setError(failure);
      });
  }, [path]);

  useEffect(() => {
    shown.current = path;
    setValue(path ? kept<T>(path) : undefined);
    setError(undefined);
    load();
    if (!watch) return;
    const again = () => {
      if (!document.hidden) load();
    };
    const timer = setInterval(again, kFreshMs);
    document.addEventListener('visibilitychange', again);
    addEventListener('online', again);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', again);
      removeEventListener('online', again);
    };
  }, [path, watch, load]);

  const set = useCallback(
    (fresh: T) => {
      setValue(fresh);
      if (path) keep(path, fresh);
    },
    [path],
  );
  return { value, error, stale, reload: load, set };
}

/** Text that survives a reload of the tab; emptied by setting it to ''. */
export function useKeptText(name: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => kept<string>(kDraft + name) ?? '');
  useEffect(() => setText(kept<string>(kDraft + name) ?? ''), [name]);
  const set = useCallback(
    (next: string) => {
      setText(next);
      keep(kDraft + name, next);
    },
    [name],
  );
  return [text, set];
}

let notice: string | undefined;

/** A word for the page that is shown next: what went wrong on the way there. */
export function leaveNotice(text: string): void {
  notice = text;
}

export function takeNotice(): string | undefined {
  const text = notice;
  notice = undefined;
  return text;
}
