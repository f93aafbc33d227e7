import type { TicketRow } from '@lib/dto';
import { languageNames, languages, t } from '@lib/i18n';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { kinds } from '../choices';
import { useCommands } from '../commands';
import { type ListFilter, useTeams, useTickets, useViews } from '../data';
import { type Column, type Sort, setPreferences, usePreferences } from '../session';
import { viewBase, viewName } from '../shell/views';
import { Empty, Icon, Loading } from '../ui/basics';
import { ActionMenu } from '../ui/menu';
import { explainError } from '../ui/toast';
import { RowLine } from './RowLine';

const Bulk = lazy(() => import('./Bulk').then((module) => ({ default: module.Bulk })));
const kSorts: Sort[] = ['deadline', '-updated', '-created', 'priority'];
const kColumns: Column[] = ['organisation', 'channel', 'language', 'assignee'];

type Props = { view: string; current?: string; onQueues: () => void; onOpen: (number: string) => void };

export function TicketList({ view, current, onQueues, onOpen }: Props) {
  const filter = useSearch({ strict: false }) as ListFilter;
  const navigate = useNavigate();
  const prefs = usePreferences();
  const views = useViews();
  const teams = useTeams();
  // Ended tickets have no deadline: where they are shown, the last change leads.
  const ended = ['desk_resolved', 'desk_all'].includes(viewBase(view));
  const sort = (filter.sort as Sort) ?? (ended ? '-updated' : prefs.sort);
  const tickets = useTickets(view, { ...filter, sort });
  const rows = useMemo(() => tickets.data?.pages.flatMap((page) => page.items) ?? [], [tickets.data]);
  const info = views.data?.find((one) => one.key === view);
  const [selected, setSelected] = useState<Map<string, TicketRow>>(new Map());
  const [selecting, setSelecting] = useState(false);
  const [focus, setFocus] = useState(-1);
  const lastPicked = useRef(-1);
  const scroller = useRef<HTMLDivElement>(null);

  const set = (change: ListFilter) =>
    void navigate({ to: '.', search: ((old: ListFilter) => ({ ...old, ...change })) as never, replace: true });

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (prefs.density === 'dense' ? 64 : 90),
    overscan: 8,
    getItemKey: (i) => rows[i]?.id ?? i,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the density changes the heights
  useEffect(() => virtual.measure(), [prefs.density]);
  const drawn = virtual.getVirtualItems();
  const last = drawn[drawn.length - 1]?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 20 && tickets.hasNextPage && !tickets.isFetchingNextPage) void tickets.fetchNextPage();
  }, [last, rows.length, tickets.hasNextPage, tickets.isFetchingNextPage, tickets.fetchNextPage]);

  const at = current ? rows.findIndex((row) => row.number === current) : focus;
  const step = (by: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, at + by));
    const row = rows[to];
    if (!row) return;
    setFocus(to);
    virtual.scrollToIndex(to, { align: 'auto' });
    if (current) onOpen(row.number);
  };
  const pick = useCallback(
    (row: TicketRow, range: boolean) => {
      const index = rows.findIndex((one) => one.id === row.id);
      setSelecting(true);
      setSelected((old) => {
        const made = new Map(old);
        if (range && lastPicked.current >= 0) {
          const [from, to] = [Math.min(lastPicked.current, index), Math.max(lastPicked.current, index)];
          for (const one of rows.slice(from, to + 1)) made.set(one.id, one);
        } else if (made.has(row.id)) made.delete(row.id);
        else made.set(row.id, row);
        return made;
      });
      lastPicked.current = index;
    },
    [rows],
  );
  useCommands({
    next: () => step(1),
    previous: () => step(-1),
    open: () => {
      const row = rows[at];
      if (row) onOpen(row.number);
    },
    select: () => {
      const row = rows[at];
      if (row) pick(row, false);
    },
  });

  const title = viewName(view);
  const filters = (
    ['priority', 'state', 'language', 'channel', 'team', 'assignee', 'organisation', 'technology'] as const
  ).filter((name) => filter[name]);
  // The queue's own count is of all its tickets; once filtered, only what was fetched is known.
  const whole = filters.length === 0 && !filter.kind ? info?.count : undefined;
  const count =
    whole === undefined && tickets.hasNextPage
      ? t('list.count_more', { n: rows.length })
      : t('list.count', { n: whole ?? rows.length });
  return (
    <section className="list" aria-label={t('list.label')}>
      <header className="list-head">
        <h2>
          <button type="button" className="iconbtn narrow" aria-label={t('queues.label')} onClick={onQueues}>
            <Icon name="menu" />
          </button>
          {title}
          <span className="num">{count}</span>
        </h2>
        <div className="list-tools">
          <ActionMenu
            label={t('list.sort')}
            target={
              <button type="button" className="btn sm ghost">
                <span className="sr">{t('list.sort')}: </span>
                {t(`sort.${sort}`)}
                <Icon name="chevronDown" small />
              </button>
            }
            groups={[
              {
                label: t('list.sort'),
                items: kSorts.map((one) => ({
                  key: one,
                  label: t(`sort.${one}`),
                  checked: sort === one,
                  act: () => {
                    if (!ended) setPreferences({ sort: one });
                    set({ sort: one });
                  },
                })),
              },
            ]}
          />
          <ActionMenu
            label={t('list.kind')}
            target={
              <button type="button" className="btn sm ghost">
                {filter.kind ? t(`kind.${filter.kind}`) : t('list.all_kinds')}
                <Icon name="chevronDown" small />
              </button>
            }
            groups={[
              {
                label: t('list.kind'),
                items: [
                  {
                    key: 'all',
                    label: t('list.all_kinds'),
                    checked: !filter.kind,
                    act: () => set({ kind: undefined }),
                  },
                  ...kinds.map((kind) => ({
                    key: kind,
                    label: t(`kind.${kind}`),
                    checked: filter.kind === kind,
                    act: () => set({ kind }),
                  })),
                ],
              },
            ]}
          />
          <span className="end">
            <button
              type="button"
              className="iconbtn"
              aria-pressed={selecting}
              aria-label={t('list.selecting')}
              title={`${t('list.selecting')} (x)`}
              onClick={() => {
                setSelecting(!selecting);
                setSelected(new Map());
              }}
            >
              <Icon name="checkCircle" />
            </button>
            <ActionMenu
              label={t('list.filter')}
              target={
                <button type="button" className="iconbtn" aria-label={t('list.filter')} title={t('list.filter')}>
                  <Icon name="filter" />
                </button>
              }
              groups={[
                {
                  label: t('field.priority'),
                  items: ['P1', 'P2', 'P3', 'P4'].map((priority) => ({
                    key: priority,
                    label: priority,
                    checked: filter.priority === priority,
                    act: () => set({ priority: filter.priority === priority ? undefined : priority }),
                  })),
                },
                {
                  label: t('field.language'),
                  items: languages.map((language) => ({
                    key: language,
                    label: languageNames[language],
                    checked: filter.language === language,
                    act: () => set({ language: filter.language === language ? undefined : language }),
                  })),
                },
                {
                  label: t('field.team'),
                  items: (teams.data ?? []).map((team) => ({
                    key: team.id,
                    label: team.name,
                    checked: filter.team === team.id,
                    act: () => set({ team: filter.team === team.id ? undefined : team.id }),
                  })),
                },
              ]}
            />
            <ActionMenu
              label={t('list.view')}
              target={
                <button type="button" className="iconbtn" aria-label={t('list.view')} title={t('list.view')}>
                  <Icon name="more" />
                </button>
              }
              groups={[
                {
                  label: t('prefs.density'),
                  items: (['airy', 'dense'] as const).map((density) => ({
                    key: density,
                    label: t(`density.${density}`),
                    checked: prefs.density === density,
                    act: () => setPreferences({ density }),
                  })),
                },
                {
                  label: t('list.columns'),
                  items: kColumns.map((column) => ({
                    key: column,
                    label: t(`field.${column}`),
                    checked: !prefs.hidden.includes(column),
                    act: () =>
                      setPreferences({
                        hidden: prefs.hidden.includes(column)
                          ? prefs.hidden.filter((one) => one !== column)
                          : [...prefs.hidden, column],
                      }),
                  })),
                },
              ]}
            />
          </span>
        </div>
        {filters.length > 0 && (
          <div className="list-filters">
            {filters.map((name) => (
              <button key={name} type="button" className="chip acc" onClick={() => set({ [name]: undefined })}>
                {t(`field.${name}`)}:{' '}
                {name === 'team'
                  ? (teams.data?.find((team) => team.id === filter.team)?.name ?? '')
                  : name === 'state'
                    ? t(`state.${filter.state}`)
                    : shortValue(filter[name])}
                <Icon name="x" small label={t('list.clear_filter')} />
              </button>
            ))}
          </div>
        )}
      </header>
      <div
        className="rows"
        ref={scroller}
        data-density={prefs.density}
        tabIndex={0}
        role="region"
        aria-label={t('list.rows')}
      >
        {tickets.isPending && <Loading lines={8} />}
        {tickets.isError && (
          <Empty icon="alert" title={t('list.failed')}>
            <p>{explainError(tickets.error)}</p>
            <button type="button" className="btn sm" onClick={() => void tickets.refetch()}>
              {t('error.retry')}
            </button>
          </Empty>
        )}
        {tickets.data && rows.length === 0 && (
          <NothingHere
            view={view}
            filtered={filters.length > 0 || Boolean(filter.kind)}
            onClear={() => void navigate({ to: '.', search: {} as never })}
          />
        )}
        <div className="rows-tall" style={{ height: virtual.getTotalSize() }}>
          {drawn.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <div
                key={item.key}
                className="rows-place"
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              >
                <RowLine
                  row={row}
                  view={view}
                  current={row.number === current}
                  focused={!current && item.index === focus}
                  selected={selected.has(row.id)}
                  selecting={selecting}
                  hidden={prefs.hidden}
                  onSelect={pick}
                />
              </div>
            );
          })}
        </div>
        {tickets.isFetchingNextPage && <Loading lines={1} />}
      </div>
      <Suspense>
        {selected.size > 0 && (
          <Bulk
            rows={[...selected.values()]}
            onAll={() => setSelected(new Map(rows.map((row) => [row.id, row])))}
            onDone={() => {
              setSelected(new Map());
              setSelecting(false);
            }}
          />
        )}
      </Suspense>
    </section>
  );
}

const shortValue = (value: string | undefined) => (value && value.length > 20 ? '…' : value);

function NothingHere({ view, filtered, onClear }: { view: string; filtered: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <Empty icon="filter" title={t('list.none_filtered')}>
        <button type="button" className="btn sm" onClick={onClear}>
          {t('list.clear_filters')}
        </button>
      </Empty>
    );
  }
  const base = viewBase(view);
  const id =
    base === 'my_open' || base === 'to_approve' || base === 'mentions' || base === 'team_overdue' ? base : 'other';
  return (
    <Empty icon="check" title={t(`list.none.${id}`)}>
      <p>{t(`list.none_hint.${id}`)}</p>
    </Empty>
  );
}
