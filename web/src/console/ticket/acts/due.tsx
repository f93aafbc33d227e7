// A due time set by hand: asked for by one person, decided by another.
import { newKey, post } from '@lib/api';
import type { ClockKind, DueDate, Ticket } from '@lib/dto';
import { t } from '@lib/i18n';
import { fromLocalInput, toLocalInput } from '@lib/time';
import { useState } from 'react';
import { refreshTicket } from '../../data';
import { When } from '../../ui/basics';
import { AreaField, Dialog, PickField, SegmentsField, TextField, useSave } from '../../ui/forms';
import { done } from '../../ui/toast';
import type { ActProps } from '../acts';

/** Clocks that may still get another due time, each kind once. */
export const adjustable = (ticket: Ticket): ClockKind[] => [
  ...new Set(ticket.clocks.filter((one) => one.state === 'running' || one.state === 'paused').map((one) => one.kind)),
];

export function AskDueDate({ ticket, onClose }: ActProps) {
  const clocks = adjustable(ticket);
  const [clock, setClock] = useState<ClockKind | null>(clocks.at(-1) ?? null);
  const [at, setAt] = useState(toLocalInput(new Date(Date.now() + 24 * 3600_000)));
  const [reason, setReason] = useState('');
  const state = useSave();
  const save = async () => {
    await post(
      `/tickets/${ticket.id}/due-dates`,
      { clock, due_at: fromLocalInput(at), reason: reason.trim() },
      { key: newKey() },
    );
    refreshTicket(ticket);
    done(t('due.asked'));
  };
  return (
    <Dialog
      title={t('act.due')}
      onClose={onClose}
      onSubmit={save}
      state={state}
      submit={t('due.ask')}
      disabledWhy={clocks.length === 0 ? t('due.no_clock') : undefined}
    >
      <p className="hint">{t('due.hint')}</p>
      <PickField
        required
        label={t('due.clock')}
        value={clock}
        onChange={(value) => setClock(value as ClockKind)}
        choices={clocks.map((value) => ({ value, label: t(`clock.${value}`) }))}
        error={state.field('clock')}
      />
      <TextField
        required
        type="datetime-local"
        label={t('due.at')}
        value={at}
        onChange={setAt}
        error={state.field('due_at')}
      />
      <AreaField required label={t('field.reason')} value={reason} onChange={setReason} error={state.field('reason')} />
    </Dialog>
  );
}

export function DecideDueDate({ ticket, due, onClose }: ActProps & { due: DueDate }) {
  const decisions = due.may_decide ? (['approve', 'reject'] as const) : (['withdraw'] as const);
  const [decision, setDecision] = useState<'approve' | 'reject' | 'withdraw'>(decisions[0]);
  const [reason, setReason] = useState('');
  const state = useSave();
  const save = async () => {
    await post(`/due-dates/${due.id}/decision`, { decision, reason: reason.trim() || undefined });
    refreshTicket(ticket);
    done(t(`due.did.${decision}`));
  };
  return (
    <Dialog
      title={t('due.decide')}
      onClose={onClose}
      onSubmit={save}
      state={state}
      submit={t(`due.do.${decision}`)}
      danger={decision !== 'approve'}
    >
      <p>
        <b>{t(`clock.${due.clock}`)}</b>: <When at={due.due_at} />
      </p>
      <p className="dim">
        {due.asked_by.name}: {due.reason}
      </p>
      {decisions.length > 1 && (
        <SegmentsField
          label={t('due.decision')}
          value={decision}
          onChange={setDecision}
          choices={decisions.map((value) => ({ value, label: t(`due.do.${value}`) }))}
        />
      )}
      <AreaField
        label={t('field.reason')}
        required={decision === 'reject'}
        value={reason}
        onChange={setReason}
        error={state.field('reason')}
      />
    </Dialog>
  );
}
