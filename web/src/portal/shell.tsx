/** @jsxImportSource preact */
// The frame of every page: mark, ways, language, who is signed in.
import type { Session } from '@lib/dto';
import { type Language, language, languageNames, languages, t } from '@lib/i18n';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { kHome, routeOf } from './router';
import { Avatar, Mark } from './ui';

type Props = {
  desk?: string;
  path: string;
  session?: Session;
  speak: (language: Language) => void;
  leave: () => void;
  children: ComponentChildren;
};

function Ways({ path, session }: { path: string; session?: Session }) {
  const page = routeOf(path.split('?')[0] ?? '').page;
  const way = (href: string, label: string, here: boolean) => (
    <a href={href} aria-current={here ? 'page' : undefined}>
      {label}
    </a>
  );
  return (
    <>
      {session && way(kHome, t('nav.requests'), page === 'requests' || page === 'ticket')}
      {session && way(`${kHome}/new`, t('nav.new'), page === 'new')}
      {way(`${kHome}/articles`, t('nav.articles'), page === 'articles' || page === 'article')}
      {!session && way(kHome, t('nav.sign_in'), page === 'requests')}
    </>
  );
}

function Languages({ speak }: { speak: (language: Language) => void }) {
  return (
    <div class="langs" role="group" aria-label={t('nav.language')}>
      {languages.map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-label={`${one.toUpperCase()} ${languageNames[one]}`}
          aria-pressed={one === language()}
          onClick={() => speak(one)}
        >
          {one.toUpperCase()}
        </button>
      ))}
    </div>
  );
}

/** Name, ways (on a phone) and sign-out; closes by Escape, by a press elsewhere, and by going somewhere. */
function Menu({ path, session, leave }: Pick<Props, 'path' | 'session' | 'leave'>) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new path closes the menu
  useEffect(() => setOpen(false), [path]);
  useEffect(() => {
    if (!open) return;
    const onPress = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', onPress);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerdown', onPress);
      document.removeEventListener('keydown', onKey);
    };
  }, [open]);
  return (
    <div class={session ? 'menu' : 'menu phone'} ref={box}>
      <button
        ref={button}
        type="button"
        class="me"
        aria-expanded={open}
        aria-controls="menu"
        aria-label={session ? t('nav.menu_of', { name: session.name }) : t('nav.menu')}
        onClick={() => setOpen(!open)}
      >
        {session ? (
          <Avatar name={session.name} own />
        ) : (
          <svg class="ic" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M2 4h12M2 8h12M2 12h12" />
          </svg>
        )}
      </button>
      <div id="menu" class="sheet" hidden={!open}>
        {session && (
          <p>
            <b>{session.name}</b>
            <span>{session.email}</span>
            {session.organisation && <span>{session.organisation.name}</span>}
          </p>
        )}
        <nav class="phone" aria-label={t('nav.menu')}>
          <Ways path={path} session={session} />
        </nav>
        {session && (
          <button type="button" class="out" onClick={leave}>
            {t('nav.sign_out')}
          </button>
        )}
      </div>
    </div>
  );
}

export function Frame({ desk, path, session, speak, leave, children }: Props) {
  return (
    <>
      <a class="skip" href="#content">
        {t('nav.skip')}
      </a>
      <header class="top">
        <div>
          <a class="brand" href={kHome}>
            <Mark />
            {desk || t('brand')}
          </a>
          <nav class="ways" aria-label={t('nav.main')}>
            <Ways path={path} session={session} />
          </nav>
          <div class="end">
            {session?.organisation && <span class="org">{session.organisation.name}</span>}
            <Languages speak={speak} />
            <Menu path={path} session={session} leave={leave} />
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <footer class="foot">
        <p>{t('foot.password')}</p>
        <p>{t('foot.links', { host: location.host })}</p>
      </footer>
    </>
  );
}
