// A time promised to the customer: made, moved, settled.
import { newKey, patch, post } from '@lib/api';
import type { TicketPromise } from '@lib/dto';
import { t } from '@lib/i18n';
import { fromLocalInput, toLocalInput } from '@lib/time';
import { useState } from 'react';
import { refreshTicket } from '../../data';
import { AreaField, Dialog, PickField, SegmentsField, TextField, useSave } from '../../ui/forms';
import { done } from '../../ui/toast';
import type { ActProps } from '../acts';

export function MakePromise({ ticket, onClose }: ActProps) {
  const open = ticket.promises.filter((promise) => promise.outcome === 'open');
  const [which, setWhich] = useState<string>(open[0]?.id ?? 'new');
  const moving = open.find((promise) => promise.id === which);
  const [kind, setKind] = useState<TicketPromise['kind']>('eta');
  const [at, setAt] = useState(toLocalInput(open[0] ? new Date(open[0].at) : new Date(Date.now() + 4 * 3600_000)));
  const [until, setUntil] = useState(open[0]?.until ? toLocalInput(new Date(open[0].until)) : '');
  const [reason, setReason] = useState('');
  const [outcome, setOutcome] = useState<'moved' | 'kept' | 'broken'>('moved');
  const state = useSave();
  const save = async () => {
    const times = { at: fromLocalInput(at), until: until ? fromLocalInput(until) : undefined };
    if (moving && outcome !== 'moved')
      await patch(`/promises/${moving.id}`, { outcome, reason: reason || t(`promise.outcome.${outcome}`) });
    else if (moving) await patch(`/promises/${moving.id}`, { ...times, reason });
    else
      await post(`/tickets/${ticket.id}/promises`, { kind, ...times, reason: reason || undefined }, { key: newKey() });
    refreshTicket(ticket);
    done(t('promise.saved'));
  };
  const pick = (id: string) => {
    setWhich(id);
    const one = open.find((promise) => promise.id === id);
    if (!one) return;
    setAt(toLocalInput(new Date(one.at)));
    setUntil(one.until ? toLocalInput(new Date(one.until)) : '');
  };
  return (
    <Dialog title={t('act.promise')} onClose={onClose} onSubmit={save} state={state}>
      <p className="hint">{t('promise.hint')}</p>
      {open.length > 0 && (
        <PickField
          label={t('promise.which')}
          value={which}
          onChange={(value) => pick(value ?? 'new')}
          choices={[
            ...open.map((promise) => ({
              value: promise.id,
              label: t('promise.open_one', { kind: t(`promise.${promise.kind}`) }),
            })),
            { value: 'new', label: t('promise.new') },
          ]}
        />
      )}
      {moving ? (
        <SegmentsField
          label={t('promise.what')}
          value={outcome}
          onChange={setOutcome}
          choices={(['moved', 'kept', 'broken'] as const).map((value) => ({
            value,
            label: t(`promise.outcome.${value}`),
          }))}
        />
      ) : (
        <SegmentsField
          label={t('promise.kind')}
          value={kind}
          onChange={setKind}
          choices={(['eta', 'next_update'] as const).map((value) => ({ value, label: t(`promise.${value}`) }))}
        />
      )}
      {(!moving || outcome === 'moved') && (
        <div className="form-two">
          <TextField
            required
            type="datetime-local"
            label={t('promise.at')}
            value={at}
            onChange={setAt}
            error={state.field('at')}
          />
          <TextField
            type="datetime-local"
            label={t('promise.until')}
            value={until}
            onChange={setUntil}
            error={state.field('until')}
          />
        </div>
      )}
      <AreaField
        label={moving ? t('promise.why_move') : t('field.reason')}
        required={Boolean(moving)}
        value={reason}
        onChange={setReason}
        error={state.field('reason')}
      />
    </Dialog>
  );
}
