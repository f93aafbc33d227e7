/** @jsxImportSource preact */
import { ApiProblem, del, get, patch, post, setCsrf, whenSignedOut } from '@lib/api';
import type { About, Session } from '@lib/dto';
import { type Language, onLanguage, setLanguage, t } from '@lib/i18n';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { ArticlePage, Articles } from './articles';
import { forgetAll, forgetReadings, keepFor } from './data';
import { NewRequest } from './new-request';
import { Requests } from './requests';
import { go, kHome, routeOf, takeToken, usePath } from './router';
import { Frame } from './shell';
import { SignIn } from './sign-in';
import { TicketPage } from './ticket';
import { Problem, Title, Waiting } from './ui';

type Who =
  | { state: 'asking' }
  | { state: 'out'; spent?: boolean }
  | { state: 'in'; session: Session }
  | { state: 'lost'; error: unknown };

const token = takeToken();
// A mailed link followed while the portal is open changes only what is behind the #: the page starts again with it.
addEventListener('hashchange', () => {
  if (new URLSearchParams(location.hash.slice(1)).has('t')) location.reload();
});

async function enter(): Promise<Session> {
  if (token) return post<Session>('/portal/session', { token }, { anonymous: true });
  return get<Session>('/session', { anonymous: true });
}

function useLanguageChange(): void {
  const [, redraw] = useState(0);
  useEffect(() => onLanguage(() => redraw((n) => n + 1)), []);
}

/** Asks who is here: by the mailed link if one was followed, else by the session's cookie. */
function useWho(): [Who, (who: Who) => void, () => void] {
  const [who, setWho] = useState<Who>({ state: 'asking' });
  const ask = useCallback(() => {
    setWho({ state: 'asking' });
    enter()
      .then(async (session) => {
        setCsrf(session.csrf);
        keepFor(session.id);
        if (session.kind === 'customer') await setLanguage(session.language);
        setWho({ state: 'in', session });
      })
      .catch((error) => {
        const refused = error instanceof ApiProblem && error.status >= 400 && error.status < 500;
        if (refused && !token) forgetReadings();
        setWho(refused ? { state: 'out', spent: Boolean(token) } : { state: 'lost', error });
      });
  }, []);
  useEffect(() => {
    whenSignedOut(() => {
      forgetReadings();
      setWho({ state: 'out' });
    });
    ask();
  }, [ask]);
  return [who, setWho, ask];
}

function Page({ path, who, ask }: { path: string; who: Who; ask: () => void }) {
  const route = routeOf(path.split('?')[0] ?? '');
  if (route.page === 'articles') return <Articles />;
  if (route.page === 'article') return <ArticlePage id={route.id} />;
  if (who.state === 'asking') return <Waiting />;
  if (who.state === 'lost') return <Problem error={who.error} retry={ask} />;
  if (who.state === 'out') return <SignIn spent={who.spent} />;
  if (who.session.kind === 'staff') return <ForStaff />;
  switch (route.page) {
    case 'new':
      return <NewRequest session={who.session} />;
    case 'ticket':
      return <TicketPage key={route.id} id={route.id} session={who.session} />;
    case 'missing':
      return <Missing />;
    default:
      return <Requests session={who.session} />;
  }
}

function ForStaff() {
  return (
    <section class="card narrow">
      <Title name={t('staff.title')}>{t('staff.title')}</Title>
      <p>{t('staff.body')}</p>
      <a class="btn pri" href="/" target="_self">
        {t('staff.console')}
      </a>
    </section>
  );
}

function Missing() {
  return (
    <section class="card narrow">
      <Title name={t('missing.title')}>{t('missing.title')}</Title>
      <p>{t('missing.body')}</p>
      <a class="btn pri" href={kHome}>
        {t('nav.requests')}
      </a>
    </section>
  );
}

export function App() {
  useLanguageChange();
  const path = usePath();
  const [who, setWho, ask] = useWho();
  const [about, setAbout] = useState<About>();
  useEffect(() => {
    get<About>('/about', { anonymous: true }).then(setAbout, () => undefined);
  }, []);
  const session = who.state === 'in' && who.session.kind === 'customer' ? who.session : undefined;

  const speak = (language: Language) => {
    setLanguage(language);
    if (session) patch<Session>('/session', { language }).catch(() => undefined);
  };
  const leave = () => {
    del('/session')
      .catch(() => undefined)
      .then(() => {
        forgetAll();
        setCsrf('');
        setWho({ state: 'out' });
        go(kHome);
      });
  };
  return (
    <Frame desk={about?.desk_name} path={path} session={session} speak={speak} leave={leave}>
      <Page path={path} who={who} ask={ask} />
    </Frame>
  );
}
