import { get } from '@lib/api';
import type { AuditItem, Page } from '@lib/dto';
import { t } from '@lib/i18n';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { refChoices, useStaffNames } from '../data';
import { actText, detailText } from '../side/HistoryTab';
import { Empty, Icon, Loading, When } from '../ui/basics';
import { PickField, TextField } from '../ui/forms';
import { explainError } from '../ui/toast';

export function Audit() {
  const names = useStaffNames();
  const [filter, setFilter] = useState({ actor: null as string | null, act: '', ticket: '', from: '', to: '' });
  const query = {
    actor: filter.actor,
    act: filter.act.trim(),
    ticket: filter.ticket.trim(),
    from: filter.from ? `${filter.from}T00:00:00Z` : undefined,
    to: filter.to ? `${filter.to}T23:59:59Z` : undefined,
  };
  const rows = useInfiniteQuery({
    queryKey: ['audit', query],
    queryFn: ({ pageParam }) =>
      get<Page<AuditItem>>('/audit', { query: { ...query, limit: 100, cursor: pageParam || undefined } }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
    placeholderData: (old) => old,
  });
  const all = rows.data?.pages.flatMap((page) => page.items) ?? [];
  const set = (change: Partial<typeof filter>) => setFilter((old) => ({ ...old, ...change }));
  return (
    <section className="crud">
      <header className="page-head">
        <h1>{t('admin.audit')}</h1>
      </header>
      <p className="hint">{t('admin.audit.hint')}</p>
      <div className="form-five">
        <PickField
          clearable
          label={t('audit.actor')}
          value={filter.actor}
          onChange={(actor) => set({ actor })}
          choices={refChoices(names.data)}
        />
        <TextField
          label={t('audit.act')}
          value={filter.act}
          onChange={(act) => set({ act })}
          placeholder="ticket.reply"
        />
        <TextField
          label={t('audit.ticket')}
          value={filter.ticket}
          onChange={(ticket) => set({ ticket })}
          placeholder="PR-…"
        />
        <TextField label={t('audit.from')} type="date" value={filter.from} onChange={(from) => set({ from })} />
        <TextField label={t('audit.to')} type="date" value={filter.to} onChange={(to) => set({ to })} />
      </div>
      {rows.isPending && <Loading lines={6} />}
      {rows.isError && (
        <Empty icon="alert" title={t('admin.failed')}>
          {explainError(rows.error)}
        </Empty>
      )}
      {rows.data && all.length === 0 && <Empty icon="history" title={t('audit.none')} />}
      {all.length > 0 && (
        <div className="table-wrap card-table stacks">
          <table className="table">
            <caption className="sr">{t('admin.audit')}</caption>
            <thead>
              <tr>
                <th scope="col" className="num">
                  {t('audit.seq')}
                </th>
                <th scope="col">{t('audit.at')}</th>
                <th scope="col">{t('audit.actor')}</th>
                <th scope="col">{t('audit.act')}</th>
                <th scope="col">{t('audit.outcome')}</th>
                <th scope="col">{t('audit.ticket')}</th>
                <th scope="col">{t('audit.details')}</th>
              </tr>
            </thead>
            <tbody>
              {all.map((row) => (
                <tr key={row.seq}>
                  <td className="num" data-head={t('audit.seq')}>
                    {row.seq}
                  </td>
                  <td className="nowrap" data-head={t('audit.at')}>
                    <When at={row.at} />
                  </td>
                  <td data-head={t('audit.actor')}>{row.actor.name ?? row.actor.kind}</td>
                  <td data-head={t('audit.act')}>
                    {actText(row.act)} <code className="dim">{row.act}</code>
                  </td>
                  <td data-head={t('audit.outcome')}>
                    <span className={`chip ${row.outcome === 'done' ? 'ok' : 'bad'}`}>
                      <Icon name={row.outcome === 'done' ? 'check' : 'x'} small />
                      {t(`audit.${row.outcome}`)}
                    </span>
                  </td>
                  <td className="nowrap tabular" data-head={t('audit.ticket')}>
                    {row.ticket && (
                      <Link to="/t/$number" params={{ number: row.ticket }}>
                        {row.ticket}
                      </Link>
                    )}
                  </td>
                  <td className="break dim" data-head={t('audit.details')}>
                    {detailText(row.details)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.hasNextPage && (
        <button type="button" className="btn" onClick={() => void rows.fetchNextPage()}>
          {t('common.more')}
        </button>
      )}
    </section>
  );
}
