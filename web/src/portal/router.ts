// Paths of the portal and the way between them. Links are plain <a>; a click is caught here, so nothing reloads.
import { useEffect, useState } from 'preact/hooks';

export type Route =
  | { page: 'requests' }
  | { page: 'new' }
  | { page: 'ticket'; id: string }
  | { page: 'articles' }
  | { page: 'article'; id: string }
  | { page: 'sign-in' }
  | { page: 'missing' };

export const kHome = '/portal';
export const ticketPath = (id: string) => `${kHome}/tickets/${encodeURIComponent(id)}`;
export const articlePath = (id: string) => `${kHome}/articles/${encodeURIComponent(id)}`;

export function routeOf(path: string): Route {
  const [root, room, id, ...rest] = path.split('/').filter(Boolean);
  if (root !== 'portal' || rest.length > 0) return { page: 'missing' };
  if (!room) return { page: 'requests' };
  if (room === 'tickets' && id) return { page: 'ticket', id: decode(id) };
  if (room === 'tickets') return { page: 'requests' };
  if (room === 'articles') return id ? { page: 'article', id: decode(id) } : { page: 'articles' };
  if (room === 'new' && !id) return { page: 'new' };
  if (room === 'sign-in' && !id) return { page: 'sign-in' };
  return { page: 'missing' };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The one-time token of a mailed link (`…#t=TOKEN`); it is taken out of the address bar and the history at once. */
export function takeToken(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('t') ?? undefined;
  if (token) history.replaceState(null, '', location.pathname + location.search);
  return token;
}

/** True once a page was reached from another one, not by opening the window. */
export let moved = false;

const listeners = new Set<() => void>();

export function go(path: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'replace') history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  moved = true;
  scrollTo(0, 0);
  for (const tell of listeners) tell();
}

/** The path shown now; the component is drawn again when it changes. */
export function usePath(): string {
  const [path, setPath] = useState(location.pathname + location.search);
  useEffect(() => {
    const read = () => setPath(location.pathname + location.search);
    const onBack = () => {
      moved = true;
      read();
    };
    const onClick = (event: MouseEvent) => {
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
      const link = (event.target as Element | null)?.closest?.('a');
      if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
      if (routeOf(link.pathname).page === 'missing' || link.hash) return;
      event.preventDefault();
      go(link.pathname + link.search);
    };
    listeners.add(read);
    addEventListener('popstate', onBack);
    document.addEventListener('click', onClick);
    return () => {
      listeners.delete(read);
      removeEventListener('popstate', onBack);
      document.removeEventListener('click', onClick);
    };
  }, []);
  return path;
}
