// What a person says against the machine: another classification, another priority.
import { patch } from '@lib/api';
import type { Kind, Priority, Ticket } from '@lib/dto';
import { t } from '@lib/i18n';
import { useState } from 'react';
import { kinds } from '../../choices';
import { tookTicket, useTechnologies } from '../../data';
import { AreaField, Dialog, PickField, Segments, TextField, useSave } from '../../ui/forms';
import { done } from '../../ui/toast';
import type { ActProps } from '../acts';

export function Triage({ ticket, onClose }: ActProps) {
  const technologies = useTechnologies();
  const [form, setForm] = useState({
    subject: ticket.subject,
    kind: ticket.kind as string,
    technology: ticket.technology?.id ?? null,
    language: ticket.language ?? null,
  });
  const state = useSave();
  const save = async () => {
    const change: Record<string, unknown> = {};
    if (form.subject !== ticket.subject) change.subject = form.subject;
    if (form.kind !== ticket.kind) change.kind = form.kind as Kind;
    if (form.technology && form.technology !== ticket.technology?.id) change.technology_id = form.technology;
    if (form.language && form.language !== ticket.language) change.language = form.language;
    if (Object.keys(change).length === 0) return;
    tookTicket(await patch<Ticket>(`/tickets/${ticket.id}`, change, { version: ticket.version }));
    done(t('act.corrected'));
  };
  return (
    <Dialog title={t('act.triage')} onClose={onClose} onSubmit={save} state={state}>
      <p className="hint">{t('triage.correct_hint')}</p>
      <TextField
        required
        label={t('field.subject')}
        value={form.subject}
        onChange={(subject) => setForm({ ...form, subject })}
        error={state.field('subject')}
      />
      <PickField
        label={t('field.kind')}
        value={form.kind}
        onChange={(kind) => setForm({ ...form, kind: kind ?? form.kind })}
        choices={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
        error={state.field('kind')}
      />
      <PickField
        label={t('field.technology')}
        value={form.technology}
        onChange={(technology) => setForm({ ...form, technology })}
        choices={(technologies.data ?? []).map((one) => ({ value: one.id, label: one.path || one.name }))}
        error={state.field('technology_id')}
      />
      <PickField
        label={t('field.language')}
        value={form.language}
        onChange={(language) => setForm({ ...form, language: language as typeof form.language })}
        choices={(['en', 'es', 'pt'] as const).map((value) => ({ value, label: t(`language.${value}`) }))}
      />
    </Dialog>
  );
}

export function Override({ ticket, onClose }: ActProps) {
  const [priority, setPriority] = useState<Priority>(ticket.priority);
  const [reason, setReason] = useState(ticket.priority_override?.reason ?? '');
  const state = useSave();
  const send = async (value: { priority: Priority; reason: string } | null) => {
    tookTicket(await patch<Ticket>(`/tickets/${ticket.id}`, { priority_override: value }, { version: ticket.version }));
    done(value ? t('override.saved') : t('override.dropped'));
  };
  return (
    <Dialog
      title={t('act.override')}
      onClose={onClose}
      onSubmit={() => send({ priority, reason })}
      state={state}
      disabledWhy={reason.trim() ? undefined : t('override.needs_reason')}
    >
      <p className="hint">{t('override.hint')}</p>
      <Segments
        label={t('field.priority')}
        value={priority}
        onChange={setPriority}
        choices={(['P1', 'P2', 'P3', 'P4'] as const).map((value) => ({ value, label: value }))}
      />
      <AreaField
        autoFocus
        required
        label={t('field.reason')}
        value={reason}
        onChange={setReason}
        error={state.field('priority_override.reason') ?? state.field('reason')}
      />
      {ticket.priority_override && (
        <button
          type="button"
          className="btn sm"
          onClick={() => {
            void state.run(() => send(null)).then((good) => good && onClose());
          }}
        >
          {t('override.drop')}
        </button>
      )}
    </Dialog>
  );
}
