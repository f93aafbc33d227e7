// The row of figures at the top, each with its trend and the tickets behind it.
import '../styles/dash.css';
import type { Dashboard } from '@lib/dto';
import { number, t } from '@lib/i18n';
import { clockSpan } from '@lib/time';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from '../ui/basics';
import { Spark } from './charts';
import { signed } from './figures';

export const kTarget = 95;
type Delta = { value: number; text: string; good: boolean | undefined };

export function Tiles({ data }: { data: Dashboard }) {
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
