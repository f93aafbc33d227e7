// Where a ticket stands: its next state, and the merge into another.
import { get, post } from '@lib/api';
import type { Page, Priority, SearchAnswer, State, Ticket, TicketRow } from '@lib/dto';
import { t } from '@lib/i18n';
import { fromLocalInput, toLocalInput } from '@lib/time';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { refreshTicket, tookTicket } from '../../data';
import { Prio, StateWord, When } from '../../ui/basics';
import { AreaField, Dialog, PickField, TextField, useSave } from '../../ui/forms';
import { done, explainError } from '../../ui/toast';
import type { ActProps } from '../acts';
import { kStates } from '../TicketHead';
import { ForecastTable, useMergePreview } from './parting';

export function ChangeState({ ticket, onClose }: ActProps) {
  const legal = kStates.filter((state) => ticket.allowed.includes(state));
  const choices = legal.filter((state) => state !== 'merged' && state !== 'in_approval');
  const [to, setTo] = useState<State | null>(choices[0] ?? null);
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState(toLocalInput(new Date(Date.now() + 24 * 3600_000)));
  const state = useSave();
  const save = async () => {
    const made = await post<Ticket>(`/tickets/${ticket.id}/transitions`, {
      to,
      reason: reason.trim() || undefined,
      until: to === 'scheduled' ? fromLocalInput(until) : undefined,
    });
    tookTicket(made);
    done(t('act.now_state', { state: t(`state.${made.state}`) }));
  };
  return (
    <Dialog
      title={t('act.state')}
      onClose={onClose}
      onSubmit={save}
      state={state}
      submit={t('act.change')}
      disabledWhy={choices.length === 0 ? t('act.no_state') : undefined}
    >
      <p className="hint">
        {t('act.state_now')} <StateWord state={ticket.state} />
      </p>
      {choices.length > 0 && (
        <PickField
          autoFocus
          label={t('act.state_to')}
          value={to}
          onChange={(value) => setTo(value as State)}
          error={state.field('to')}
          choices={choices.map((value) => ({ value, label: t(`state.${value}`) }))}
        />
      )}
      {to === 'scheduled' && (
        <TextField
          label={t('act.until')}
          type="datetime-local"
          value={until}
          onChange={setUntil}
          required
          error={state.field('until')}
        />
      )}
      <AreaField
        label={t('field.reason')}
        value={reason}
        onChange={setReason}
        error={state.field('reason')}
        hint={t('act.reason_hint')}
      />
    </Dialog>
  );
}

type Candidate = { id: string; number: string; subject: string; state?: State; priority?: Priority };

export function Merge({ ticket, onClose }: ActProps) {
  const [typed, setTyped] = useState('');
  const [into, setInto] = useState<Candidate>();
  const [reason, setReason] = useState('');
  const state = useSave();
  const found = useQuery({
    queryKey: ['merge', ticket.id, typed],
    queryFn: async () => {
      const asked = typed.trim();
      if (!asked) {
        const query = {
          organisation: ticket.organisation?.id,
          requester: ticket.organisation ? undefined : ticket.requester.email,
          limit: 8,
        };
        return (await get<Page<TicketRow>>('/tickets', { query })).items as Candidate[];
      }
      const answer = await get<SearchAnswer>('/search', { query: { q: asked, type: 'ticket', limit: 8 } });
      return answer.items.map((hit) => ({
        id: hit.id,
        number: hit.number ?? '',
        subject: hit.title,
        state: hit.state,
        priority: hit.priority,
      }));
    },
    placeholderData: (old) => old,
  });
  const preview = useMergePreview(ticket.id, into?.number);
  const rows = (found.data ?? []).filter((row) => row.id !== ticket.id && row.number && row.state !== 'merged');
  const save = async () => {
    const made = await post<Ticket>(`/tickets/${ticket.id}/transitions`, {
      to: 'merged',
      into: into?.number,
      reason: reason || undefined,
    });
    tookTicket(made);
    if (into) refreshTicket(into);
    done(t('act.merged', { number: into?.number }));
  };
  return (
    <Dialog
      title={t('act.merge')}
      onClose={onClose}
      onSubmit={save}
      state={state}
      wide
      submit={t('act.merge')}
      danger
      disabledWhy={into ? undefined : t('merge.choose')}
    >
      <p className="hint">{t('merge.hint', { number: ticket.number })}</p>
      <TextField
        autoFocus
        label={t('merge.find')}
        value={typed}
        onChange={setTyped}
        error={state.field('into')}
        placeholder="PR-…"
      />
      <ul className="merge-rows">
        {rows.map((row) => (
          <li key={row.id}>
            <label data-chosen={into?.id === row.id || undefined}>
              <input type="radio" name="into" checked={into?.id === row.id} onChange={() => setInto(row)} />
              {row.priority && <Prio value={row.priority} />}
              <span className="num">{row.number}</span>
              <span className="clip">{row.subject}</span>
              {row.state && <StateWord state={row.state} />}
            </label>
          </li>
        ))}
      </ul>
      {into && <p className="banner">{t('merge.preview', { from: ticket.number, into: into.number })}</p>}
      {preview.isError && <p className="form-error">{explainError(preview.error)}</p>}
      {preview.data?.since && (
        <p>
          {t('parting.since')} <When at={preview.data.since} />
        </p>
      )}
      {preview.data && <ForecastTable forecast={preview.data} now={t('merge.due_now')} then={t('merge.due_then')} />}
      <TextField label={t('field.reason')} value={reason} onChange={setReason} error={state.field('reason')} />
    </Dialog>
  );
}
