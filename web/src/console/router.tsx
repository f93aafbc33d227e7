import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { Desk } from './Desk';
import type { ListFilter } from './data';
import { Missing } from './shell/Missing';
import { Problem } from './shell/Problem';
import { Shell } from './shell/Shell';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: Missing,
  errorComponent: ({ error }) => <Problem error={error} />,
});

const kFilters = [
  'sort',
  'kind',
  'priority',
  'state',
  'language',
  'channel',
  'assignee',
  'organisation',
  'technology',
  'team',
] as const;
const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/q/$view', params: { view: 'my_open' } });
  },
});
export const queue = createRoute({
  getParentRoute: () => root,
  path: '/q/$view',
  component: Desk,
  validateSearch: (search: Record<string, unknown>): ListFilter => {
    const out: ListFilter = {};
    for (const name of kFilters) if (text(search[name])) out[name] = text(search[name]);
    return out;
  },
});
const queueTicket = createRoute({ getParentRoute: () => queue, path: '/$number', component: () => null });
const ticket = createRoute({
  getParentRoute: () => root,
  path: '/t/$number',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/q/$view/$number', params: { view: 'desk_all', number: params.number } });
  },
});
const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  validateSearch: (found: Record<string, unknown>): { q?: string; sort?: string; type?: string } => ({
    q: text(found.q),
    sort: text(found.sort),
    type: text(found.type),
  }),
  component: lazyRouteComponent(() => import('./search/Search'), 'Search'),
});
const dashboard = createRoute({
  getParentRoute: () => root,
  path: '/dashboard',
  validateSearch: (found: Record<string, unknown>): { weeks?: number; team?: string; organisation?: string } => ({
    weeks: [4, 12, 26, 52].includes(Number(found.weeks)) ? Number(found.weeks) : undefined,
    team: text(found.team),
    organisation: text(found.organisation),
  }),
  component: lazyRouteComponent(() => import('./dashboard/Dashboard'), 'DashboardPage'),
});
const knowledge = createRoute({
  getParentRoute: () => root,
  path: '/knowledge',
  component: lazyRouteComponent(() => import('./admin/Articles'), 'ArticlesPage'),
});
const oncall = createRoute({
  getParentRoute: () => root,
  path: '/on-call',
  component: lazyRouteComponent(() => import('./oncall/OnCall'), 'OnCallPage'),
});
const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  beforeLoad: ({ location }) => {
    if (location.pathname.replace(/\/$/, '') === '/admin')
      throw redirect({ to: '/admin/$section', params: { section: 'organisations' } });
  },
});
const adminSection = createRoute({
  getParentRoute: () => admin,
  path: '/$section',
  validateSearch: (found: Record<string, unknown>): { id?: string } => ({ id: text(found.id) }),
  component: lazyRouteComponent(() => import('./admin/Admin'), 'Admin'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    queue.addChildren([queueTicket]),
    ticket,
    search,
    dashboard,
    knowledge,
    oncall,
    admin.addChildren([adminSection]),
  ]),
  defaultPreload: false,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
