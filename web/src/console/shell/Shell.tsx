import { t } from '@lib/i18n';
import { Link, Outlet, useLocation, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { listenToKeys, useCommands } from '../commands';
import { announcement, liveState, startLive, useViews } from '../data';
import { may, useSession } from '../session';
import { useStore } from '../store';
import { closeTab, tabs } from '../tabs';
import { Icon, Mark } from '../ui/basics';
import { Toasts } from '../ui/toast';
import { MustEnrol } from './MustEnrol';
import { PersonMenu } from './PersonMenu';
import { StepUp } from './StepUp';

// Dialogs are fetched when they are first asked for: the first screen does not wait for them.
const NewTicket = lazy(() => import('../ticket/NewTicket').then((module) => ({ default: module.NewTicket })));
const Help = lazy(() => import('./Help').then((module) => ({ default: module.Help })));
const Palette = lazy(() => import('./Palette').then((module) => ({ default: module.Palette })));
const Preferences = lazy(() => import('./Preferences').then((module) => ({ default: module.Preferences })));

type Panel = 'palette' | 'help' | 'preferences' | 'new' | undefined;

export function Shell() {
  return useSession().must_enrol ? <MustEnrol /> : <Whole />;
}

function Whole() {
  useSession(); // a change of language or theme draws everything anew
  const [panel, setPanel] = useState<Panel>();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const heard = useStore(announcement);
  const params = useParams({ strict: false }) as { number?: string };

  useEffect(listenToKeys, []);
  useEffect(() => startLive((_, number) => t('live.new_ticket', { number })), []);
  useCommands({
    palette: () => setPanel('palette'),
    search: () => void navigate({ to: '/search' }),
    help: () => setPanel('help'),
    new: () => setPanel('new'),
    close_tab: () => params.number && leave(params.number),
  });

  function leave(number: string) {
    const all = tabs.get();
    const at = all.findIndex((tab) => tab.number === number);
    closeTab(number);
    if (params.number !== number) return;
    const next = all[at + 1] ?? all[at - 1];
    const view = all[at]?.view ?? 'my_open';
    if (next) void navigate({ to: '/q/$view/$number', params: { view: next.view, number: next.number } });
    else void navigate({ to: '/q/$view', params: { view } });
  }

  const desk = pathname.startsWith('/q/');
  return (
    <div className="app">
      <a className="skip" href="#content">
        {t('shell.skip')}
      </a>
      <header className="top">
        <Link to="/" className="brand" aria-label={t('shell.home')}>
          <Mark />
          <span>Propolis</span>
        </Link>
        {desk ? (
          <TabStrip current={params.number} onClose={leave} />
        ) : (
          <nav className="mainnav" aria-label={t('shell.main')}>
            <MainLinks />
          </nav>
        )}
        <button type="button" className="find" onClick={() => setPanel('palette')}>
          <Icon name="search" />
          <span>{t('shell.find')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <LiveSign />
        <Bell />
        <PersonMenu
          onHelp={() => setPanel('help')}
          onPreferences={() => setPanel('preferences')}
          onNew={() => setPanel('new')}
        />
      </header>
      <div id="content" className="content" tabIndex={-1}>
        <Outlet />
      </div>
      <Suspense>
        {panel === 'palette' && (
          <Palette
            onClose={() => setPanel(undefined)}
            onHelp={() => setPanel('help')}
            onNew={() => setPanel('new')}
            onPreferences={() => setPanel('preferences')}
          />
        )}
        {panel === 'help' && <Help onClose={() => setPanel(undefined)} />}
        {panel === 'preferences' && <Preferences onClose={() => setPanel(undefined)} />}
        {panel === 'new' && <NewTicket onClose={() => setPanel(undefined)} />}
      </Suspense>
      {/* Menus, lists and dialogs are drawn here, inside a landmark. */}
      <section id="floats" aria-label={t('shell.floats')} />
      <Toasts />
      <StepUp />
      <p className="sr" role="status" aria-live="polite">
        {heard}
      </p>
    </div>
  );
}

export function MainLinks() {
  return (
    <>
      <Link to="/q/$view" params={{ view: 'my_open' }} activeProps={{ 'aria-current': 'page' }}>
        {t('nav.tickets')}
      </Link>
      {may('report.read') && (
        <Link to="/dashboard" activeProps={{ 'aria-current': 'page' }}>
          {t('nav.dashboard')}
        </Link>
      )}
      <Link to="/knowledge" activeProps={{ 'aria-current': 'page' }}>
        {t('nav.knowledge')}
      </Link>
      {may('rota.read') && (
        <Link to="/on-call" activeProps={{ 'aria-current': 'page' }}>
          {t('nav.oncall')}
        </Link>
      )}
      <Link to="/search" activeProps={{ 'aria-current': 'page' }}>
        {t('nav.search')}
      </Link>
      <Link to="/admin" activeProps={{ 'aria-current': 'page' }}>
        {t('nav.admin')}
      </Link>
    </>
  );
}

function TabStrip({ current, onClose }: { current?: string; onClose: (number: string) => void }) {
  const open = useStore(tabs);
  return (
    <nav className="tabs" aria-label={t('shell.tabs')}>
      {open.map((tab) => (
        <span key={tab.number} className="tab" data-current={tab.number === current || undefined}>
          <Link
            to="/q/$view/$number"
            params={{ view: tab.view, number: tab.number }}
            aria-current={tab.number === current ? 'page' : undefined}
            title={`${tab.number} ${tab.subject}`}
          >
            {tab.draft && <i className="dot" role="img" aria-label={t('shell.draft')} />}
            <span className="num">{tab.number}</span>
            <span className="tab-subject">{tab.subject}</span>
          </Link>
          <button
            type="button"
            className="iconbtn"
            aria-label={t('shell.close_tab', { number: tab.number })}
            onClick={() => onClose(tab.number)}
          >
            <Icon name="x" small />
          </button>
        </span>
      ))}
    </nav>
  );
}

/** Mentions of me that wait, one press away. */
function Bell() {
  const count = useViews().data?.find((view) => view.key === 'mentions')?.count ?? 0;
  const label = t('shell.mentions', { n: count });
  return (
    <Link to="/q/$view" params={{ view: 'mentions' }} className="iconbtn bell" aria-label={label} title={label}>
      <Icon name="bell" />
      {count > 0 && <span className="num" data-count={count} />}
    </Link>
  );
}

function LiveSign() {
  const state = useStore(liveState);
  if (state !== 'lost') return null;
  return (
    <span className="chip warn" role="status">
      <Icon name="warning" small />
      {t('live.lost')}
    </span>
  );
}
