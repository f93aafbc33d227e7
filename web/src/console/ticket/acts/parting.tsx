// A ticket is split in two; and what a merge or a split would make of the deadlines, told before it is done.
import { get, newKey, post } from '@lib/api';
import type { Forecast, Ticket } from '@lib/dto';
import { t } from '@lib/i18n';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { refreshTicket, tookTicket, useEntries } from '../../data';
import { Empty, Icon, Loading, When } from '../../ui/basics';
import { Dialog, TextField, useSave } from '../../ui/forms';
import { done, explainError } from '../../ui/toast';
import type { ActProps } from '../acts';

export const useMergePreview = (id: string, into: string | undefined) =>
  useQuery({
    queryKey: ['merge-preview', id, into],
    enabled: Boolean(into),
    retry: false,
    queryFn: () => get<Forecast>(`/tickets/${id}/merge-preview`, { query: { into } }),
  });

/** `now`: the column of what holds without it. */
export function ForecastTable({ forecast, now, then }: { forecast: Forecast; now: string; then: string }) {
  return (
    <>
      {forecast.clocks.length > 0 && (
        <div className="table-wrap stacks">
          <table className="table">
            <caption className="sr">{t('parting.caption')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('due.clock')}</th>
                <th scope="col">{now}</th>
                <th scope="col">{then}</th>
              </tr>
            </thead>
            <tbody>
              {forecast.clocks.map((one) => (
                <tr key={one.clock}>
                  <th scope="row">{t(`clock.${one.clock}`)}</th>
                  <td data-head={now}>{one.due_before ? <When at={one.due_before} /> : '—'}</td>
                  <td className={one.breached_after ? 'warn-text' : undefined} data-head={then}>
                    {one.due_after ? <When at={one.due_after} /> : '—'}
                    {one.breached_after && (
                      <>
                        {' '}
                        <Icon name="alert" small /> {t('clock.word.breach')}
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

export function Split({ ticket, onClose }: ActProps) {
  const entries = useEntries(ticket.id);
  const [seq, setSeq] = useState<number>();
  const [subject, setSubject] = useState('');
  const state = useSave();
  const messages = (entries.data ?? []).filter(
    (entry) => entry.kind === 'message' && entry.author.kind === 'customer' && entry.seq > 1,
  );
  const preview = useQuery({
    queryKey: ['split-preview', ticket.id, seq],
    enabled: seq !== undefined,
    retry: false,
    queryFn: () => get<Forecast>(`/tickets/${ticket.id}/split-preview`, { query: { seq } }),
  });
  const save = async () => {
    const made = await post<Ticket>(`/tickets/${ticket.id}/split`, { seq, subject: subject.trim() }, { key: newKey() });
    tookTicket(made);
    refreshTicket(ticket);
    done(t('act.split_done', { number: made.number }));
  };
  return (
    <Dialog
      wide
      title={t('act.split')}
      onClose={onClose}
      onSubmit={save}
      state={state}
      submit={t('act.split')}
      disabledWhy={seq === undefined ? t('split.choose') : undefined}
    >
      <p className="hint">{t('split.hint')}</p>
      {entries.isPending && <Loading lines={3} />}
      {entries.data && messages.length === 0 && (
        <Empty icon="mail" title={t('split.none')}>
          {t('split.none_hint')}
        </Empty>
      )}
      <ul className="merge-rows">
        {messages.map((entry) => (
          <li key={entry.id}>
            <label data-chosen={seq === entry.seq || undefined}>
              <input type="radio" name="seq" checked={seq === entry.seq} onChange={() => setSeq(entry.seq)} />
              <span className="clip">
                <b>{entry.author.name}</b> {entry.body_text}
              </span>
              <When at={entry.at} />
            </label>
          </li>
        ))}
      </ul>
      {preview.isError && <p className="form-error">{explainError(preview.error)}</p>}
      {preview.data && (
        <ForecastTable forecast={preview.data} now={t('split.from_now')} then={t('split.from_message')} />
      )}
      <TextField
        required
        label={t('split.subject')}
        value={subject}
        onChange={setSubject}
        error={state.field('subject')}
      />
    </Dialog>
  );
}
