import '../styles/dash.css';
import { get, url } from '@lib/api';
import type { Dashboard, DashboardGroup, DashboardWeek } from '@lib/dto';
import { number, t } from '@lib/i18n';
import { day } from '@lib/time';
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
import { Backlog, bucketName, Lines, Parts } from './charts';
import { offBy, percent, score, seconds, signed } from './figures';
import { NeedsYou } from './NeedsYou';
import { kTarget, Tiles } from './Tiles';
import { Groups, groupTable, type Table, TableView } from './tables';

const Flow = lazy(() => import('./Flow'));
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
        {data.eta_error_median_seconds !== undefined && data.eta_error_p90_seconds !== undefined && (
          <>
            <p className="parts-words">
              {t('dash.eta_error', {
                median: offBy(data.eta_error_median_seconds),
                p90: offBy(data.eta_error_p90_seconds),
              })}
            </p>
            <p className="hint">{t('dash.eta_hint', { n: data.etas })}</p>
          </>
        )}
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
