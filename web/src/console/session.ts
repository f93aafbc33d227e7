// Who is signed in, what he may do, and his preferences, which live on the server.
import { get, patch, setCsrf } from '@lib/api';
import type { Permission, Session } from '@lib/dto';
import { type Language, setLanguage } from '@lib/i18n';
import { applyTheme, type Theme } from '@lib/theme';
import { createStore, useStore } from './store';
import { tabsAreOf } from './tabs';

export type Density = 'airy' | 'dense';
export type Sort = 'deadline' | '-updated' | '-created' | 'priority';
export type Column = 'organisation' | 'channel' | 'language' | 'assignee';
export type Preferences = {
  theme: Theme;
  density: Density;
  sort: Sort;
  hidden: Column[];
  keys: Record<string, string>;
  customerTime: boolean;
};
const kDefaults: Preferences = {
  theme: 'system',
  density: 'airy',
  sort: 'deadline',
  hidden: [],
  keys: {},
  customerTime: false,
};

const session = createStore<Session | undefined>(undefined);

export async function openSession(): Promise<Session> {
  const opened = await get<Session>('/session');
  await takeSession(opened);
  return opened;
}

export async function takeSession(opened: Session): Promise<void> {
  setCsrf(opened.csrf);
  await setLanguage(opened.language);
  tabsAreOf(opened.id);
  session.set(opened);
  applyTheme(preferences().theme);
}

export function useSession(): Session {
  const value = useStore(session);
  if (!value) throw new Error('no session');
  return value;
}

export function currentSession(): Session | undefined {
  return session.get();
}

export function may(permission: Permission): boolean {
  return session.get()?.permissions.includes(permission) ?? false;
}

function preferences(): Preferences {
  const kept = (session.get()?.preferences as { console?: Partial<Preferences> } | undefined)?.console;
  return { ...kDefaults, ...kept };
}

export function usePreferences(): Preferences {
  useStore(session);
  return preferences();
}

export { preferences };

let saving: ReturnType<typeof setTimeout> | undefined;

/** Changes what is seen at once and the server's copy a moment later; the last change wins. */
export function setPreferences(change: Partial<Preferences>): void {
  const old = session.get();
  if (!old) return;
  const made = { ...preferences(), ...change };
  session.set({ ...old, preferences: { ...old.preferences, console: made } });
  if (change.theme) applyTheme(change.theme);
  clearTimeout(saving);
  saving = setTimeout(() => {
    patch<Session>('/session', { preferences: session.get()?.preferences }).catch(() => undefined);
  }, 600);
}

export async function changeLanguage(language: Language): Promise<void> {
  await setLanguage(language);
  const old = session.get();
  if (old) session.set({ ...old, language });
  await patch('/session', { language }).catch(() => undefined);
}
