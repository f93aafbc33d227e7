// Every chart's figures as a table, and the table of teams, technologies and organisations.
import '../styles/dash.css';
import type { Dashboard, DashboardGroup } from '@lib/dto';
import { t } from '@lib/i18n';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { percent, score, seconds } from './figures';

export type Table = { title: string; name: string; head: string[]; rows: (string | number)[][] };

export function groupTable(name: string, title: string, rows: DashboardGroup[]): Table {
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

function Heads({ of }: { of: string[] }) {
  return (
    <thead>
      <tr>
        {of.map((head, i) => (
          <th key={head} scope="col" className={i > 0 ? 'num' : undefined}>
            {head}
          </th>
        ))}
      </tr>
    </thead>
  );
}

export function TableView({ table }: { table: Table }) {
  return (
    <div className="table-wrap">
      <table className="table">
        <caption className="sr">{table.title}</caption>
        <Heads of={table.head} />
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

export function Groups({ data, csv }: { data: Dashboard; csv: (table: string) => string }) {
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
            <Heads of={groupTable(by, t(`field.${filterName}`), []).head} />
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
