// Whether priorities drift upwards: shares of P1 and P2 against the bound, priorities set by hand, and what a matrix that
// is being edited would have given past tickets.
import { get } from '@lib/api';
import type { Drift, DriftRow, Priority } from '@lib/dto';
import { number, t } from '@lib/i18n';
import { priorityOf } from '@lib/matrix';
import { useQuery } from '@tanstack/react-query';
import { Empty, Icon, Loading, Prio, When } from '../ui/basics';
import { explainError } from '../ui/toast';

const kPriorities: Priority[] = ['P1', 'P2', 'P3', 'P4'];
const kShown = 12;

export const useDrift = () => useQuery({ queryKey: ['drift'], queryFn: () => get<Drift>('/reports/drift') });

const percent = (value: number) => `${number(value, { maximumFractionDigits: 0 })} %`;

/** Tickets by priority under a matrix; those with a priority set by hand are not counted. */
function sums(drift: Drift, matrix: Priority[][]): Record<Priority, number> {
  const all = { P1: 0, P2: 0, P3: 0, P4: 0 };
  for (const one of drift.levels) {
    const priority = priorityOf(matrix, one.impact, one.urgency);
    if (priority) all[priority] += one.tickets;
  }
  return all;
}

export function MatrixPreview({ now, then }: { now: Priority[][]; then: Priority[][] }) {
  const drift = useDrift();
  if (!drift.data || drift.data.levels.length === 0) return null;
  const before = sums(drift.data, now);
  const after = sums(drift.data, then);
  return (
    <div role="status" className="matrix-preview">
      <p>
        {t('drift.preview', { n: kPriorities.reduce((sum, one) => sum + before[one], 0) })}{' '}
        <When at={drift.data.from} />
      </p>
      <ul>
        {kPriorities.map((one) => (
          <li key={one}>
            <Prio value={one} />
            <span className={before[one] === after[one] ? 'num' : 'num warn-text'}>
              {before[one] === after[one]
                ? number(before[one])
                : t('replay.change', { before: before[one], after: after[one] })}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function DriftCard() {
  const drift = useDrift();
  return (
    <section className="card drift" aria-labelledby="drift-title">
      <h2 id="drift-title">{t('drift.title')}</h2>
      {drift.isPending && <Loading lines={4} />}
      {drift.isError && (
        <Empty icon="alert" title={t('admin.failed')}>
          {explainError(drift.error)}
        </Empty>
      )}
      {drift.data && (
        <>
          <p className="hint">
            {t('drift.summary', {
              share: drift.data.tickets > 0 ? percent((100 * drift.data.high) / drift.data.tickets) : '—',
              n: drift.data.tickets,
              bound: percent(drift.data.bound),
            })}{' '}
            <When at={drift.data.from} />
          </p>
          <div className="drift-tables">
            <Shares title={t('field.organisation')} rows={drift.data.organisations} bound={drift.data.bound} />
            <Shares title={t('drift.agent')} rows={drift.data.agents} bound={drift.data.bound} />
          </div>
          <h3>{t('drift.overrides')}</h3>
          {drift.data.overrides.length === 0 && <p className="hint">{t('drift.no_overrides')}</p>}
          <ul className="try-clocks">
            {drift.data.overrides.slice(0, kShown).map((one) => (
              <li key={one.id}>
                <Prio value={one.priority} />
                <span>
                  <a href={`/t/${one.number}`}>{one.number}</a> {one.subject}
                  <br />
                  <span className="dim">
                    {t('drift.override', { priority: one.by_matrix, name: one.by })} <When at={one.at} />: {one.reason}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Shares({ title, rows, bound }: { title: string; rows: DriftRow[]; bound: number }) {
  if (rows.length === 0) return null;
  return (
    <div className="table-wrap stacks">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{title}</th>
            <th scope="col" className="num">
              {t('drift.tickets')}
            </th>
            <th scope="col" className="num">
              {t('drift.share')}
            </th>
            <th scope="col">{t('drift.weeks')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, kShown).map((row) => (
            <tr key={row.of.id}>
              <th scope="row">{row.of.name}</th>
              <td className="num" data-head={t('drift.tickets')}>
                {row.tickets}
              </td>
              <td className={row.over ? 'num warn-text' : 'num'} data-head={t('drift.share')}>
                <span>
                  {row.over && <Icon name="trendUp" small label={t('dash.over_bound')} />} {percent(row.percent)}
                </span>
              </td>
              <td data-head={t('drift.weeks')}>
                <Weeks row={row} bound={bound} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The share week by week as bars, with the bound as a line. */
function Weeks({ row, bound }: { row: DriftRow; bound: number }) {
  const shares = row.weeks.map((week) => (week.tickets > 0 ? (100 * week.high) / week.tickets : 0));
  const height = 24;
  const top = Math.max(bound * 2, ...shares, 1);
  const y = (share: number) => height - (share / top) * height;
  return (
    <svg
      className="drift-weeks"
      viewBox={`0 0 ${row.weeks.length * 8} ${height}`}
      role="img"
      aria-label={shares.map(percent).join(', ')}
    >
      {shares.map((share, i) => (
        <rect
          key={row.weeks[i]!.from}
          className={share > bound ? 'over' : undefined}
          x={i * 8 + 1}
          y={y(share)}
          width={6}
          height={height - y(share)}
        />
      ))}
      <line x1={0} x2={row.weeks.length * 8} y1={y(bound)} y2={y(bound)} />
    </svg>
  );
}
