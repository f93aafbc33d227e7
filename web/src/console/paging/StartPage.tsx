import { newKey, post } from '@lib/api';
import type { PageRun } from '@lib/dto';
import { t } from '@lib/i18n';
import { useState } from 'react';
import { refreshTicket } from '../data';
import { namesOf } from '../oncall/data';
import type { ActProps } from '../ticket/acts';
import { AreaField, Dialog, PickField, useSave } from '../ui/forms';
import { done } from '../ui/toast';
import { refreshPages, useEscalationPolicies } from './data';

/** Calls whoever is on call, with a word on why. */
export function StartPage({ ticket, onClose }: ActProps) {
  const policies = useEscalationPolicies();
  const own = policies.data?.find(({ teams }) => teams.some(({ id }) => id === ticket.team?.id));
  const usual = own ?? policies.data?.find((one) => one.is_default);
  const [chosen, setChosen] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [key] = useState(newKey);
  const state = useSave();
  const policy = chosen ? policies.data?.find(({ id }) => id === chosen) : usual;
  const first = policy?.steps[0]?.targets.flatMap(({ now }) => now) ?? [];
  return (
    <Dialog
      title={t('act.page')}
      submit={t('page.call')}
      state={state}
      onClose={onClose}
      onSubmit={async () => {
        await post<PageRun>(`/tickets/${ticket.id}/pages`, { note, policy_id: chosen ?? undefined }, { key });
        refreshPages();
        refreshTicket(ticket);
        done(t('page.started'));
      }}
    >
      <PickField
        label={t('page.policy')}
        value={policy?.id ?? null}
        onChange={setChosen}
        choices={(policies.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        hint={policy && t('page.first_called', { names: namesOf(first) })}
        error={state.field('policy_id')}
      />
      <AreaField
        autoFocus
        required
        label={t('page.note')}
        hint={t('page.note_hint')}
        value={note}
        onChange={setNote}
        error={state.field('note')}
      />
    </Dialog>
  );
}
