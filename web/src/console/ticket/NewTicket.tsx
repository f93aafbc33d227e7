import { newKey, post } from '@lib/api';
import type { Channel, Ticket } from '@lib/dto';
import { language, languageNames, languages, t } from '@lib/i18n';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { kinds } from '../choices';
import { refreshLists, useOrganisationNames, useTechnologies } from '../data';
import { AreaField, Dialog, PickField, TextField, useSave } from '../ui/forms';

const kChannels: Channel[] = ['phone', 'chat', 'mail', 'portal', 'api', 'alert'];

export function NewTicket({ onClose }: { onClose: () => void }) {
  const organisations = useOrganisationNames();
  const technologies = useTechnologies();
  const navigate = useNavigate();
  const state = useSave();
  const [key] = useState(newKey);
  const [form, setForm] = useState({
    subject: '',
    body: '',
    email: '',
    name: '',
    kind: null as string | null,
    technology: null as string | null,
    organisation: null as string | null,
    language: language() as string,
    channel: 'phone' as string,
    urgency: null as string | null,
  });
  const set = (change: Partial<typeof form>) => setForm((old) => ({ ...old, ...change }));
  const save = async () => {
    const made = await post<Ticket>(
      '/tickets',
      {
        subject: form.subject,
        body: form.body,
        requester: { email: form.email, name: form.name || undefined },
        kind: form.kind ?? undefined,
        technology_id: form.technology ?? undefined,
        organisation_id: form.organisation ?? undefined,
        language: form.language,
        channel: form.channel,
        asked_urgency: form.urgency ? Number(form.urgency) : undefined,
      },
      { key },
    );
    refreshLists();
    void navigate({ to: '/q/$view/$number', params: { view: 'desk_all', number: made.number } });
  };
  return (
    <Dialog title={t('new.title')} onClose={onClose} onSubmit={save} state={state} wide submit={t('new.create')}>
      <p className="hint">{t('new.hint')}</p>
      <div className="form-two">
        <TextField
          autoFocus
          required
          type="email"
          label={t('new.email')}
          value={form.email}
          onChange={(email) => set({ email })}
          error={state.field('requester.email')}
        />
        <TextField
          label={t('new.name')}
          value={form.name}
          onChange={(name) => set({ name })}
          error={state.field('requester.name')}
        />
      </div>
      <TextField
        required
        label={t('field.subject')}
        value={form.subject}
        onChange={(subject) => set({ subject })}
        error={state.field('subject')}
      />
      <AreaField
        required
        rows={5}
        label={t('new.body')}
        value={form.body}
        onChange={(body) => set({ body })}
        error={state.field('body')}
      />
      <div className="form-two">
        <PickField
          clearable
          label={t('field.organisation')}
          hint={t('new.organisation_hint')}
          value={form.organisation}
          onChange={(organisation) => set({ organisation })}
          choices={(organisations.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
        />
        <PickField
          label={t('field.channel')}
          value={form.channel}
          onChange={(channel) => set({ channel: channel ?? 'phone' })}
          choices={kChannels.map((value) => ({ value, label: t(`channel.${value}`) }))}
        />
        <PickField
          clearable
          label={t('field.kind')}
          placeholder={t('new.machine')}
          value={form.kind}
          onChange={(kind) => set({ kind })}
          choices={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
        />
        <PickField
          clearable
          label={t('field.technology')}
          placeholder={t('new.machine')}
          value={form.technology}
          onChange={(technology) => set({ technology })}
          choices={(technologies.data ?? []).map((one) => ({ value: one.id, label: one.path || one.name }))}
        />
        <PickField
          clearable
          label={t('new.asked_urgency')}
          value={form.urgency}
          onChange={(urgency) => set({ urgency })}
          choices={['1', '2', '3', '4'].map((value) => ({ value, label: t(`urgency.${value}`) }))}
        />
        <PickField
          label={t('field.language')}
          value={form.language}
          onChange={(value) => set({ language: value ?? 'en' })}
          choices={languages.map((value) => ({ value, label: languageNames[value] }))}
        />
      </div>
    </Dialog>
  );
}
