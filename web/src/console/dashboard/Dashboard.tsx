import '../styles/dash.css';
import { get, url } from '@lib/api';
import type { Dashboard, DashboardGroup, DashboardWeek } from '@lib/dto';
import { number, t } from '@lib/i18n';
import type { IconName } from '@lib/icons';
import { clockSpan, day, span } from '@lib/time';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useOrganisationNames, useTeams, useTriagePolicy } from '../data';
import { usePreferences, useSession } from '../session';
import { useMinute } from '../store';
import { Empty, Icon, Loading } from '../ui/basics';
import { Dialog } from '../ui/forms';
import { ActionMenu } from '../ui/menu';
import { explainError } from '../ui/toast';
import { Backlog, bucketName, Lines, Parts, Spark } from './charts';

const Flow = lazy(() => import('./Flow'));
const kTarget = 95;
type Filter = { weeks?: number; team?: string; organisation?: string };

export function DashboardPage() {
  const filter = useSearch({ strict: false }) as Filter;
  const navigate = useNavigate();
  const weeks = filter.weeks ?? 12;
  const teams = useTeams();
  const organisations = useOrganisationNames();
  const session = useSession();
  const now = useMinute();
  const today = now.toISOString().slice(0, 10);
  const query = {
    from: new Date(Date.parse(`${today}T00:00:00Z`) - weeks * 7 * 86400_000).toISOString().replace('.000', ''),
    to: new Date(Date.parse(`${today}T00:00:00Z`) + 86400_000).toISOString().replace('.000', ''),
    team: filter.team,
    organisation: filter.organisation,
  };
  const dash = useQuery({
    queryKey: ['dashboard', query],
    queryFn: () => get<Dashboard>('/reports/dashboard', { query }),
    refetchInterval: 60_000,
    placeholderData: (old) => old,
  });
  const set = (change: Filter) => void navigate({ to: '/dashboard', search: { ...filter, ...change }, replace: true });
  const csv = (table: string) => url('/reports/dashboard.csv', { ...query, table });
  const pick = (
    name: string,
    value: string,
    items: { key: string; label: string; checked: boolean; act: () => void }[],
  ) => (
    <ActionMenu
      label={name}
      target={
        <button type="button" className="btn sm">
          {value}
          <Icon name="chevronDown" small />
        </button>
      }
      groups={[{ label: name, items }]}
    />
  );
  return (
    <main className="page dash">
      <header className="page-head">
        <h1>{t('dash.title')}</h1>
        {pick(t('field.team'), teams.data?.find((team) => team.id === filter.team)?.name ?? t('dash.all_teams'), [
          { key: '', label: t('dash.all_teams'), checked: !filter.team, act: () => set({ team: undefined }) },
          ...(teams.data ?? []).map((team) => ({
            key: team.id,
            label: team.name,
            checked: filter.team === team.id,
            act: () => set({ team: team.id }),
          })),
        ])}
        {pick(
          t('dash.span'),
          t('dash.weeks', { n: weeks }),
          [4, 12, 26, 52].map((n) => ({
            key: String(n),
            label: t('dash.weeks', { n }),
            checked: weeks === n,
            act: () => set({ weeks: n }),
          })),
        )}
        {pick(
          t('field.organisation'),
          organisations.data?.find((one) => one.id === filter.organisation)?.name ?? t('dash.all_organisations'),
          [
            {
              key: '',
              label: t('dash.all_organisations'),
              checked: !filter.organisation,
              act: () => set({ organisation: undefined }),
            },
            ...(organisations.data ?? []).map((one) => ({
              key: one.id,
              label: one.name,
              checked: filter.organisation === one.id,
              act: () => set({ organisation: one.id }),
            })),
          ],
        )}
        <span className="end dim num">
          {dash.dataUpdatedAt > 0 &&
            t('dash.live', {
              at: new Date(dash.dataUpdatedAt).toLocaleTimeString(session.language, {
                hourCycle: 'h23',
                timeZone: session.zone || undefined,
              }),
            })}
        </span>
        <a className="btn sm" href={csv('weeks')} download="propolis-weeks.csv">
          <Icon name="download" small />
          CSV
        </a>
      </header>
      {dash.isPending && <Loading lines={8} />}
      {dash.isError && (
        <Empty icon="alert" title={t('dash.failed')}>
          {explainError(dash.error)}
        </Empty>
      )}
      {dash.data && <Body data={dash.data} csv={csv} />}
    </main>
  );
}

type Table = { title: string; name: string; head: string[]; rows: (string | number)[][] };

const percent = (value: number | undefined | null) =>
  value === undefined || value === null ? '—' : `${number(value, { maximumFractionDigits: 1 })} %`;
const score = (value: number | undefined) => (value === undefined ? '—' : number(value, { maximumFractionDigits: 1 }));
const seconds = (value: number | undefined) => (value === undefined ? '—' : span(value));

function Body({ data, csv }: { data: Dashboard; csv: (table: string) => string }) {
  const [table, setTable] = useState<Table>();
  const policy = useTriagePolicy();
  const theme = usePreferences().theme;
  const bound = policy.data?.high_share_bound ?? 18;
  const weeks = data.weeks;
  const share = (week: DashboardWeek | DashboardGroup) => (week.high_share === undefined ? undefined : week.high_share);
  const weekTable = (): Table => ({
    title: t('dash.by_week'),
    name: 'weeks',
    head: [
      t('dash.week'),
      t('dash.opened'),
      t('dash.resolved'),
      t('dash.sla'),
      t('dash.sla_high'),
      t('dash.first_response'),
      t('dash.csat'),
      t('dash.share'),
    ],
    rows: weeks.map((week) => [
      week.week,
      week.opened,
      week.resolved,
      percent(week.sla_kept),
      percent(week.sla_kept_high),
      seconds(week.first_response_median_seconds),
      score(week.csat),
      percent(share(week)),
    ]),
  });
  const drifting = data.by_organisation
    .filter((row) => (row.high_share ?? 0) > bound)
    .sort((a, b) => (b.high_share ?? 0) - (a.high_share ?? 0));
  const promises = data.promises;
  const gaps = data.certification_gaps.filter((gap) => gap.state !== 'ok');
  const promised = promises.kept + promises.moved + promises.broken + promises.open;
  const answers = data.csat_scores.reduce((sum, one) => sum + one.count, 0);
  const backlog = data.backlog_by_age.reduce((sum, row) => sum + row.P1 + row.P2 + row.P3 + row.P4, 0);
  const lastShare = weeks
    .map(share)
    .filter((value) => value !== undefined)
    .at(-1);
  return (
    <div className="dash-grid">
      <NeedsYou data={data} drift={drifting[0]} />
      <Tiles data={data} />
      <Card span={6} title={t('dash.sla_by_week')} note={t('dash.final_only')} onTable={() => setTable(weekTable())}>
        <Lines
          weeks={weeks}
          main={(week) => week.sla_kept}
          second={(week) => week.sla_kept_high}
          target={kTarget}
          targetName={t('dash.target', { n: kTarget })}
          cap={100}
          label={t('dash.sla_chart', { last: percent(weeks.at(-1)?.sla_kept), target: kTarget })}
        />
        <p className="legend" aria-hidden="true">
          <span>
            <svg viewBox="0 0 20 10" aria-hidden="true">
              <path className="line-main" d="M0 5h20" />
            </svg>
            {t('dash.all_priorities')}
          </span>
          <span>
            <svg viewBox="0 0 20 10" aria-hidden="true">
              <path className="line-second" d="M1 5h18" />
            </svg>
            {t('dash.p1p2')}
          </span>
          <span>
            <svg viewBox="0 0 20 10" aria-hidden="true">
              <path className="point-miss" d="m10 0 5 9H5z" />
            </svg>
            {t('dash.under_target')}
          </span>
        </p>
      </Card>
      <Card
        span={3}
        title={t('dash.backlog')}
        note={number(backlog)}
        onTable={() =>
          setTable({
            title: t('dash.backlog'),
            name: 'backlog_by_age',
            head: [t('dash.age'), 'P1', 'P2', 'P3', 'P4'],
            rows: data.backlog_by_age.map((row) => [bucketName(row.bucket), row.P1, row.P2, row.P3, row.P4]),
          })
        }
      >
        <Backlog rows={data.backlog_by_age} />
        {data.needs_you.oldest_overdue && (
          <p className="card-foot">
            {t('dash.oldest')}{' '}
            <Link to="/t/$number" params={{ number: data.needs_you.oldest_overdue.number }} className="num">
              {data.needs_you.oldest_overdue.number}
            </Link>
          </p>
        )}
      </Card>
      <Card span={3} title={t('dash.flow')} note={t('dash.week')} onTable={() => setTable(weekTable())}>
        <Suspense fallback={<Loading lines={4} />}>
          <Flow weeks={weeks} theme={theme} />
        </Suspense>
        <p className="legend" aria-hidden="true">
          <span>
            <svg viewBox="0 0 20 10" aria-hidden="true">
              <path className="line-main" d="M0 5h20" />
            </svg>
            {t('dash.opened')}
          </span>
          <span>
            <svg viewBox="0 0 20 10" aria-hidden="true">
              <path className="line-resolved" d="M0 5h20" />
            </svg>
            {t('dash.resolved')}
          </span>
        </p>
      </Card>
      <Card
        span={4}
        title={t('dash.share')}
        note={t('dash.bound', { n: number(bound, { maximumFractionDigits: 0 }) })}
        onTable={() => setTable(groupTable('by_organisation', t('field.organisation'), data.by_organisation))}
      >
        <Lines
          weeks={weeks}
          main={share}
          target={bound}
          targetName={lastShare !== undefined && lastShare > bound ? t('dash.over_bound') : ''}
          over="bad"
          height={140}
          width={400}
          label={t('dash.share_chart', { last: percent(lastShare), bound: number(bound) })}
        />
        <table className="mini">
          <tbody>
            {(drifting.length > 0
              ? drifting
              : [...data.by_organisation].sort((a, b) => (b.high_share ?? 0) - (a.high_share ?? 0))
            )
              .slice(0, 3)
              .map((row) => (
                <tr key={row.id}>
                  <td>
                    <Link
                      to="/q/$view"
                      params={{ view: 'desk_all' }}
                      search={{ organisation: row.id, priority: 'P1,P2' }}
                    >
                      {row.name}
                    </Link>
                  </td>
                  <td className="num">{percent(row.high_share)}</td>
                  <td className={`num ${(row.high_share ?? 0) > bound ? 'warn-text' : 'dim'}`}>
                    {row.high_share !== undefined && (
                      <>
                        <Icon
                          name={row.high_share > bound ? 'trendUp' : 'check'}
                          small
                          label={row.high_share > bound ? t('dash.over_bound') : t('dash.under_bound')}
                        />
                        {signed(row.high_share - bound, 0)}
                      </>
                    )}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </Card>
      <Card
        span={4}
        title={t('dash.satisfaction')}
        note={t('dash.answers', { n: data.csat_answers })}
        onTable={() =>
          setTable({
            title: t('dash.comments'),
            name: 'csat_scores',
            head: [t('dash.score'), t('dash.comment'), t('field.organisation'), t('field.number')],
            rows: data.comments.map((one) => [one.score, one.comment, one.organisation ?? '', one.number]),
          })
        }
        tableName={t('dash.answers_open')}
      >
        <p className="big-figure">
          {data.csat === undefined ? '—' : number(data.csat, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}{' '}
          <small>{t('dash.of_five')}</small>
        </p>
        <ul className="hist">
          {[5, 4, 3, 2, 1].map((one) => {
            const count = data.csat_scores.find((row) => row.score === one)?.count ?? 0;
            return (
              <li key={one}>
                <span className="num">{one}</span>
                <span className="bar" aria-hidden="true">
                  <i style={{ width: `${answers > 0 ? (count / answers) * 100 : 0}%` }} />
                </span>
                <span className="num">{count}</span>
              </li>
            );
          })}
        </ul>
        {data.comments.slice(0, 2).map((one) => (
          <p key={one.number + one.at} className="card-foot comment" dir="auto">
            “{one.comment}”{' '}
            <span className="dim">
              {one.organisation ?? ''}, {t('dash.score_of', { n: one.score })}
            </span>
          </p>
        ))}
        {data.comments.length === 0 && <p className="card-foot dim">{t('dash.no_comments')}</p>}
      </Card>
      <Card
        span={4}
        title={t('promise.title')}
        note={t('dash.promised', { n: promised })}
        link={{ view: 'desk_promises', name: t('nav.tickets') }}
      >
        <Parts
          label={t('dash.promise_parts', promises)}
          parts={[
            { key: 'kept', value: promises.kept, cls: 'good' },
            { key: 'moved', value: promises.moved, cls: 'plain' },
            { key: 'open', value: promises.open, cls: 'open' },
            { key: 'broken', value: promises.broken, cls: 'bad' },
          ]}
        />
        <p className="parts-words">{t('dash.promise_parts', promises)}</p>
        <h3 className="card-sub">{t('dash.gaps')}</h3>
        {gaps.length === 0 && <p className="hint">{t('dash.no_gaps')}</p>}
        <table className="mini">
          <tbody>
            {gaps.slice(0, 4).map((gap) => (
              <tr key={gap.technology.id + gap.level}>
                <td>
                  <b>{t('dash.gap_level', { name: gap.technology.name, n: gap.level })}</b>
                </td>
                <td>
                  {t('dash.holders', { n: gap.holders })}
                  {gap.expires_on && `, ${day(`${gap.expires_on}T12:00:00Z`, 'UTC')}`}
                </td>
                <td className="num">
                  <span className={`chip ${gap.state === 'gap' ? 'bad' : gap.state === 'soon' ? 'warn' : 'ok'}`}>
                    <Icon name={gap.state === 'gap' ? 'alert' : gap.state === 'soon' ? 'warning' : 'check'} small />
                    {t(`dash.gap.${gap.state}`)}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
      <Groups data={data} csv={csv} />
      {table && (
        <Dialog title={table.title} onClose={() => setTable(undefined)} wide>
          <TableView table={table} />
          <a className="btn sm" href={csv(table.name)} download={`propolis-${table.name}.csv`}>
            <Icon name="download" small />
            CSV
          </a>
        </Dialog>
      )}
    </div>
  );
}

const signed = (value: number, digits = 1) =>
  `${value > 0 ? '+' : value < 0 ? '−' : '±'}${number(Math.abs(value), { maximumFractionDigits: digits })}`;

function groupTable(name: string, title: string, rows: DashboardGroup[]): Table {
  return {
    title,
    name,
    head: [
      title,
      t('dash.open'),
      t('dash.opened'),
      t('dash.resolved'),
      t('dash.sla'),
      t('dash.first_response'),
      t('dash.resolution'),
      t('dash.csat'),
      t('dash.share'),
    ],
    rows: rows.map((row) => [
      row.name,
      row.open,
      row.opened,
      row.resolved,
      percent(row.sla_kept),
      seconds(row.first_response_median_seconds),
      seconds(row.resolution_median_seconds),
      score(row.csat),
      percent(row.high_share),
    ]),
  };
}

function TableView({ table }: { table: Table }) {
  return (
    <div className="table-wrap">
      <table className="table">
        <caption className="sr">{table.title}</caption>
        <thead>
          <tr>
            {table.head.map((head, i) => (
              <th key={head} scope="col" className={i > 0 ? 'num' : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) =>
                j === 0 ? (
                  <th key={j} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={j} className={typeof cell === 'number' || /^[\d—+−]/.test(cell) ? 'num' : undefined}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Card(props: {
  span: 3 | 4 | 6 | 12;
  title: string;
  note?: string;
  onTable?: () => void;
  tableName?: string;
  link?: { view: string; name: string };
  children: ReactNode;
}) {
  return (
    <section className={`card span-${props.span}`}>
      <header>
        <h2>{props.title}</h2>
        {props.note && <span>{props.note}</span>}
        {props.onTable && (
          <button
            type="button"
            className="btn sm ghost"
            onClick={props.onTable}
            aria-label={props.tableName ? undefined : t('dash.table_of', { name: props.title })}
          >
            {props.tableName ?? t('dash.table')}
          </button>
        )}
        {props.link && (
          <Link to="/q/$view" params={{ view: props.link.view }} className="btn sm ghost">
            {props.link.name}
          </Link>
        )}
      </header>
      {props.children}
    </section>
  );
}

function NeedsYou({ data, drift }: { data: Dashboard; drift?: DashboardGroup }) {
  const needs = data.needs_you;
  const calm = needs.overdue === 0 && needs.approvals === 0 && needs.promises_due === 0 && !drift;
  const lines: { key: string; icon: IconName; n: number; text: string; view: string; bad?: boolean }[] = [
    {
      key: 'overdue',
      icon: 'alert',
      n: needs.overdue,
      text: t('dash.overdue', { n: needs.overdue }),
      view: 'desk_open',
      bad: true,
    },
    {
      key: 'approvals',
      icon: 'stamp',
      n: needs.approvals,
      text: t('dash.approvals', { n: needs.approvals }),
      view: 'to_approve',
    },
    {
      key: 'promises',
      icon: 'flag',
      n: needs.promises_due,
      text: t('dash.promises_due', { n: needs.promises_due }),
      view: 'desk_promises',
    },
  ];
  return (
    <section className={calm ? 'needs calm' : 'needs'} aria-label={t('dash.needs')}>
      <h2>{t('dash.needs')}</h2>
      {calm ? (
        <p>
          <Icon name="check" small /> {t('dash.calm')}
        </p>
      ) : (
        <ul>
          {lines.map((line) => (
            <li key={line.key} className={line.bad && line.n > 0 ? 'bad' : undefined}>
              <Link
                to="/q/$view"
                params={{ view: line.view }}
                search={line.key === 'overdue' ? { sort: 'deadline' } : undefined}
              >
                <Icon name={line.icon} small />
                <b>{line.text}</b>
              </Link>
              {line.key === 'overdue' && needs.oldest_overdue && (
                <Link to="/t/$number" params={{ number: needs.oldest_overdue.number }} className="num">
                  {needs.oldest_overdue.number}
                </Link>
              )}
            </li>
          ))}
          {drift && (
            <li>
              <Link to="/q/$view" params={{ view: 'desk_all' }} search={{ organisation: drift.id, priority: 'P1,P2' }}>
                <Icon name="trendUp" small />
                <b>{t('dash.drift')}</b> {drift.name}
              </Link>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

type Delta = { value: number; text: string; good: boolean | undefined };

function Tiles({ data }: { data: Dashboard }) {
  const before = data.previous;
  const delta = (
    now: number | null | undefined,
    old: number | null | undefined,
    betterWhenHigher: boolean | undefined,
    text: (value: number) => string,
  ): Delta | undefined => {
    if (now === undefined || now === null || old === undefined || old === null) return undefined;
    const value = now - old;
    return {
      value,
      text: text(value),
      good: betterWhenHigher === undefined || value === 0 ? undefined : value > 0 === betterWhenHigher,
    };
  };
  const tiles: {
    key: string;
    name: string;
    value: ReactNode;
    delta?: Delta;
    note: string;
    spark: (number | undefined)[];
    view: string;
    search?: object;
  }[] = [
    {
      key: 'open',
      name: t('dash.open_now'),
      value: number(data.open_now),
      delta: delta(data.open_now, before.open_now, undefined, (value) => signed(value, 0)),
      note: t('dash.on_before'),
      spark: data.weeks.map((week) => week.opened - week.resolved),
      view: 'desk_open',
    },
    {
      key: 'sla',
      name: t('dash.sla'),
      value:
        data.sla_kept === null || data.sla_kept === undefined ? (
          '—'
        ) : (
          <>
            {number(data.sla_kept, { maximumFractionDigits: 1 })}
            <small>%</small>
          </>
        ),
      delta: delta(data.sla_kept, before.sla_kept, true, (value) => signed(value)),
      note:
        (data.sla_kept ?? 0) >= kTarget
          ? t('dash.target_met', { n: kTarget })
          : t('dash.target_missed', { n: kTarget }),
      spark: data.weeks.map((week) => week.sla_kept),
      view: 'desk_all',
      search: { sort: 'deadline' },
    },
    {
      key: 'first',
      name: t('dash.first_response_median'),
      value:
        data.first_response_median_seconds === undefined ? (
          '—'
        ) : (
          <>
            {clockSpan(data.first_response_median_seconds)}
            <small>{data.first_response_median_seconds >= 3600 ? 'h' : 'min'}</small>
          </>
        ),
      delta: delta(
        data.first_response_median_seconds,
        before.first_response_median_seconds,
        false,
        (value) => `${value > 0 ? '+' : '−'}${clockSpan(Math.abs(value))}`,
      ),
      note: t('dash.on_before'),
      spark: data.weeks.map((week) => week.first_response_median_seconds),
      view: 'desk_all',
    },
    {
      key: 'promises',
      name: t('dash.promises_kept'),
      value:
        data.promises_kept === undefined ? (
          '—'
        ) : (
          <>
            {number(data.promises_kept, { maximumFractionDigits: 0 })}
            <small>%</small>
          </>
        ),
      delta: delta(data.promises_kept, before.promises_kept, true, (value) => signed(value, 0)),
      note:
        (data.promises_kept ?? 0) >= kTarget
          ? t('dash.target_met', { n: kTarget })
          : t('dash.target_missed', { n: kTarget }),
      spark: [],
      view: 'desk_promises',
    },
    {
      key: 'csat',
      name: t('dash.csat'),
      value:
        data.csat === undefined ? (
          '—'
        ) : (
          <>
            {number(data.csat, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}
            <small>{t('dash.of_five')}</small>
          </>
        ),
      delta: delta(data.csat, before.csat, true, (value) => signed(value)),
      note: t('dash.answers', { n: data.csat_answers }),
      spark: data.weeks.map((week) => week.csat),
      view: 'desk_resolved',
    },
    {
      key: 'resolved',
      name: t('dash.resolved'),
      value: number(data.resolved),
      delta: delta(data.resolved, before.resolved, true, (value) => signed(value, 0)),
      note: t('dash.of_opened', { n: data.opened }),
      spark: data.weeks.map((week) => week.resolved),
      view: 'desk_resolved',
    },
  ];
  return (
    <section className="tiles" aria-label={t('dash.figures')}>
      {tiles.map((tile) => (
        <Link
          key={tile.key}
          to="/q/$view"
          params={{ view: tile.view }}
          search={(tile.search ?? {}) as never}
          className="tile"
        >
          <span className="tile-name">{tile.name}</span>
          <span className="tile-value">{tile.value}</span>
          <span className="tile-delta">
            {tile.delta && (
              <b className={tile.delta.good === undefined ? undefined : tile.delta.good ? 'ok-text' : 'warn-text'}>
                {tile.delta.value !== 0 && <Icon name={tile.delta.value > 0 ? 'trendUp' : 'trendDown'} small />}
                {tile.delta.text}
              </b>
            )}{' '}
            <span className="clip">{tile.note}</span>
          </span>
          <Spark values={tile.spark} />
        </Link>
      ))}
    </section>
  );
}

function Groups({ data, csv }: { data: Dashboard; csv: (table: string) => string }) {
  const [by, setBy] = useState<'by_team' | 'by_technology' | 'by_organisation'>('by_team');
  const rows = data[by];
  const filterName = by === 'by_team' ? 'team' : by === 'by_technology' ? 'technology' : 'organisation';
  return (
    <section className="card span-12">
      <header>
        <h2>{t('dash.groups')}</h2>
        <div className="segments small" role="group" aria-label={t('dash.groups')}>
          {(['by_team', 'by_technology', 'by_organisation'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={by === one} onClick={() => setBy(one)}>
              {t(`dash.${one}`)}
            </button>
          ))}
        </div>
        <a className="btn sm ghost" href={csv(by)} download={`propolis-${by}.csv`}>
          CSV
        </a>
      </header>
      {rows.length === 0 ? (
        <p className="hint">{t('dash.no_data')}</p>
      ) : (
        <div className="table-wrap">
          <table className="table">
            <caption className="sr">{t(`dash.${by}`)}</caption>
            <thead>
              <tr>
                {groupTable(by, t(`field.${filterName}`), []).head.map((head, i) => (
                  <th key={head} scope="col" className={i > 0 ? 'num' : undefined}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <th scope="row">
                    <Link to="/q/$view" params={{ view: 'desk_all' }} search={{ [filterName]: row.id } as never}>
                      {row.name}
                    </Link>
                  </th>
                  {groupTable(by, '', [row])
                    .rows[0]!.slice(1)
                    .map((cell, i) => (
                      <td key={i} className="num">
                        {cell}
                      </td>
                    ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
