// Words in the reader's language. Each entry registers where its catalogues come from, then awaits setLanguage();
// from then on t() is synchronous. Catalogues are flat JSON objects: id -> ICU message (see icu.ts).
import { type Args, format } from './icu';

export type Language = 'en' | 'es' | 'pt';
export const languages: readonly Language[] = ['en', 'es', 'pt'];
/** Each language named in itself. */
export const languageNames: Record<Language, string> = { en: 'English', es: 'Español', pt: 'Português' };

type Catalogue = Record<string, string>;
export type Loader = (language: Language) => Promise<{ default: Catalogue }>;

const kStored = 'propolis.language';
let current: Language = 'en';
let messages: Catalogue = {};
let loaders: Loader[] = [];
const listeners = new Set<() => void>();

export function registerCatalogues(...from: Loader[]): void {
  loaders = from;
}

export function isLanguage(value: unknown): value is Language {
  return value === 'en' || value === 'es' || value === 'pt';
}

/** The language kept from the last visit, else the first of the browser's that is ours, else English. */
export function preferredLanguage(): Language {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(kStored);
  } catch {
    // Storage may be closed to us; the browser's own list decides then.
  }
  if (isLanguage(kept)) return kept;
  for (const tag of navigator.languages ?? []) {
    const base = tag.slice(0, 2).toLowerCase();
    if (isLanguage(base)) return base;
  }
  return 'en';
}

export async function setLanguage(language: Language): Promise<void> {
  const parts = await Promise.all(loaders.map((load) => load(language)));
  messages = Object.assign({}, ...parts.map((part) => part.default));
  current = language;
  if (typeof document !== 'undefined') document.documentElement.lang = language;
  try {
    localStorage.setItem(kStored, language);
  } catch {
    // Not kept: the session's own language comes from the server anyway.
  }
  for (const tell of listeners) tell();
}

export function language(): Language {
  return current;
}

/** Calls back after each change of language; returns the way to stop. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The message of that id in words; an unknown id shows itself, so that a gap is seen and not silent. */
export function t(id: string, args: Args = {}): string {
  const message = messages[id];
  return message === undefined ? id : format(message, args, current);
}

export function has(id: string): boolean {
  return id in messages;
}

export function number(value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(current, options).format(value);
}

export function bytes(size: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let value = size;
  let step = 0;
  while (value >= 1000 && step < units.length - 1) {
    value /= 1000;
    step++;
  }
  const digits = step === 0 || value >= 100 ? 0 : 1;
  return number(value, {
    style: 'unit',
    unit: units[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: digits,
  });
}

export function compare(a: string, b: string): number {
  return new Intl.Collator(current, { numeric: true, sensitivity: 'base' }).compare(a, b);
}

export function list(items: string[]): string {
  return new Intl.ListFormat(current, { type: 'conjunction' }).format(items);
}
