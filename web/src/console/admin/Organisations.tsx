import { get } from '@lib/api';
import type { Calendar, Contact, Contract, Organisation, Page, Policy } from '@lib/dto';
import { languageNames, languages, number, t } from '@lib/i18n';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { zones } from '../choices';
import { useTechnologies } from '../data';
import { Icon } from '../ui/basics';
import { Dialog, TextField } from '../ui/forms';
import { Crud } from './Crud';

export const languageChoices = () => languages.map((value) => ({ value, label: languageNames[value] }));
export const zoneChoices = () => zones().map((value) => ({ value, label: value.replaceAll('_', ' ') }));

type Secure = Organisation['security_contacts'];

export function Organisations({ openId }: { openId?: string }) {
  const technologies = useTechnologies();
  const [inside, setInside] = useState<{ organisation: Organisation; what: 'contacts' | 'contracts' }>();
  return (
    <>
      <Crud<Organisation>
        title={t('admin.organisations')}
        hint={t('admin.organisations.hint')}
        icon="building"
        path="/organisations"
        queryKey={['admin', 'organisations']}
        also={[['organisations'], ['organisation']]}
        openId={openId}
        nameOf={(item) => item.name}
        columns={[
          { head: t('field.name'), cell: (item) => item.name },
          { head: t('org.stage'), cell: (item) => <span className="chip acc">{t(`stage.${item.stage}`)}</span> },
          { head: t('org.industry'), cell: (item) => item.industry },
          { head: t('org.languages'), cell: (item) => item.languages.map((one) => one.toUpperCase()).join(', ') },
          { head: t('customer.contract'), cell: (item) => item.contract?.name ?? '—' },
          { head: t('dash.open'), num: true, cell: (item) => item.open_tickets },
          {
            head: t('dash.csat'),
            num: true,
            cell: (item) => (item.csat === undefined ? '—' : number(item.csat, { maximumFractionDigits: 1 })),
          },
        ]}
        fields={[
          { kind: 'text', name: 'name', label: t('field.name'), required: true },
          {
            kind: 'pick',
            name: 'stage',
            label: t('org.stage'),
            choices: (['onboarding', 'hypercare', 'production'] as const).map((value) => ({
              value,
              label: t(`stage.${value}`),
            })),
          },
          { kind: 'text', name: 'industry', label: t('org.industry') },
          { kind: 'pick', name: 'zone', label: t('prefs.zone'), choices: zoneChoices() },
          { kind: 'many', name: 'languages', label: t('org.languages'), choices: languageChoices() },
          { kind: 'words', name: 'domains', label: t('org.domains'), hint: t('org.domains_hint') },
          { kind: 'words', name: 'regulations', label: t('org.regulations') },
          {
            kind: 'many',
            name: 'technology_ids',
            label: t('admin.technologies'),
            choices: (technologies.data ?? []).map((one) => ({ value: one.id, label: one.path || one.name })),
          },
          {
            kind: 'own',
            name: 'security_contacts',
            label: t('org.security_contacts'),
            draw: (value, set, error) => (
              <SecureContacts value={(value as Secure) ?? []} onChange={set} error={error} />
            ),
          },
          { kind: 'area', name: 'notes', label: t('org.notes') },
        ]}
        toForm={(item) => ({
          name: item?.name ?? '',
          stage: item?.stage ?? 'onboarding',
          industry: item?.industry ?? '',
          zone: item?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
          languages: item?.languages ?? ['en'],
          domains: item?.domains ?? [],
          regulations: item?.regulations ?? [],
          technology_ids: item?.technologies.map((one) => one.id) ?? [],
          security_contacts: item?.security_contacts ?? [],
          notes: item?.notes ?? '',
        })}
        toBody={(values) => values}
        more={(item) => (
          <>
            <button
              type="button"
              className="btn sm ghost"
              onClick={() => setInside({ organisation: item, what: 'contacts' })}
            >
              <Icon name="users" small />
              {t('admin.contacts')}
            </button>
            <button
              type="button"
              className="btn sm ghost"
              onClick={() => setInside({ organisation: item, what: 'contracts' })}
            >
              <Icon name="file" small />
              {t('admin.contracts')}
            </button>
          </>
        )}
      />
      {inside && (
        <Dialog title={inside.organisation.name} onClose={() => setInside(undefined)} wide>
          {inside.what === 'contacts' ? (
            <Contacts organisation={inside.organisation} />
          ) : (
            <Contracts organisation={inside.organisation} />
          )}
        </Dialog>
      )}
    </>
  );
}

function SecureContacts({
  value,
  onChange,
  error,
}: {
  value: Secure;
  onChange: (value: Secure) => void;
  error: (name: string) => string | undefined;
}) {
  const set = (at: number, change: Partial<Secure[number]>) =>
    onChange(value.map((one, i) => (i === at ? { ...one, ...change } : one)));
  return (
    <fieldset className="localised">
      <legend>{t('org.security_contacts')}</legend>
      <p className="hint">{t('org.security_hint')}</p>
      {value.map((one, i) => (
        <div key={i} className="form-three with-end">
          <TextField
            label={t('field.name')}
            value={one.name}
            onChange={(name) => set(i, { name })}
            error={error(`security_contacts.${i}.name`)}
          />
          <TextField
            label={t('field.phone')}
            type="tel"
            value={one.phone}
            onChange={(phone) => set(i, { phone })}
            error={error(`security_contacts.${i}.phone`)}
          />
          <TextField
            label={t('field.email')}
            type="email"
            value={one.email}
            onChange={(email) => set(i, { email })}
            error={error(`security_contacts.${i}.email`)}
          />
          <button
            type="button"
            className="iconbtn"
            aria-label={t('admin.remove', { name: one.name })}
            onClick={() => onChange(value.filter((_, j) => j !== i))}
          >
            <Icon name="x" small />
          </button>
        </div>
      ))}
      <button type="button" className="btn sm" onClick={() => onChange([...value, { name: '', phone: '', email: '' }])}>
        <Icon name="plus" small />
        {t('admin.add')}
      </button>
    </fieldset>
  );
}

function Contacts({ organisation }: { organisation: Organisation }) {
  return (
    <Crud<Contact>
      title={t('admin.contacts')}
      hint={t('admin.contacts.hint')}
      icon="users"
      path={`/organisations/${organisation.id}/contacts`}
      itemPath={(item) => `/contacts/${item.id}`}
      queryKey={['admin', 'contacts', organisation.id]}
      nameOf={(item) => item.name}
      columns={[
        { head: t('field.name'), cell: (item) => item.name },
        { head: t('field.email'), cell: (item) => item.emails.join(', ') },
        { head: t('contact.roles'), cell: (item) => item.roles.map((role) => t(`contact.role.${role}`)).join(', ') },
        { head: t('field.language'), cell: (item) => item.language.toUpperCase() },
      ]}
      fields={[
        { kind: 'text', name: 'name', label: t('field.name'), required: true },
        { kind: 'pick', name: 'language', label: t('field.language'), choices: languageChoices() },
        { kind: 'words', name: 'emails', label: t('contact.emails'), required: true },
        { kind: 'words', name: 'phones', label: t('contact.phones') },
        {
          kind: 'many',
          name: 'roles',
          label: t('contact.roles'),
          choices: (['requester', 'approver', 'security', 'executive'] as const).map((value) => ({
            value,
            label: t(`contact.role.${value}`),
          })),
        },
        { kind: 'check', name: 'portal', label: t('contact.portal') },
      ]}
      toForm={(item) => ({
        name: item?.name ?? '',
        language: item?.language ?? organisation.languages[0] ?? 'en',
        emails: item?.emails ?? [],
        phones: item?.phones ?? [],
        roles: item?.roles ?? ['requester'],
        portal: item?.portal ?? true,
      })}
      toBody={(values) => values}
    />
  );
}

const items = <T,>(path: string) => get<Page<T>>(path, { query: { limit: 200 } }).then((page) => page.items);

function Contracts({ organisation }: { organisation: Organisation }) {
  const policies = useQuery({ queryKey: ['admin', 'policies'], queryFn: () => items<Policy>('/policies') });
  const calendars = useQuery({ queryKey: ['admin', 'calendars'], queryFn: () => items<Calendar>('/calendars') });
  return (
    <Crud<Contract>
      title={t('admin.contracts')}
      hint={t('admin.contracts.hint')}
      icon="file"
      path={`/organisations/${organisation.id}/contracts`}
      itemPath={(item) => `/contracts/${item.id}`}
      queryKey={['admin', 'contracts', organisation.id]}
      also={[['admin', 'organisations'], ['organisation']]}
      nameOf={(item) => item.name}
      columns={[
        { head: t('field.name'), cell: (item) => item.name },
        { head: t('clock.policy'), cell: (item) => item.policy.name },
        { head: t('field.calendar'), cell: (item) => item.calendar.name },
        { head: t('contract.from'), cell: (item) => item.starts_on },
        { head: t('contract.to'), cell: (item) => item.ends_on ?? '—' },
      ]}
      fields={[
        { kind: 'text', name: 'name', label: t('field.name'), required: true },
        {
          kind: 'pick',
          name: 'policy_id',
          label: t('clock.policy'),
          required: true,
          choices: (policies.data ?? []).map((one) => ({ value: one.id, label: one.name })),
        },
        {
          kind: 'pick',
          name: 'calendar_id',
          label: t('field.calendar'),
          required: true,
          choices: (calendars.data ?? []).map((one) => ({ value: one.id, label: one.name })),
        },
        {
          kind: 'many',
          name: 'channels',
          label: t('contract.channels'),
          choices: (['mail', 'portal', 'api', 'phone', 'chat', 'alert'] as const).map((value) => ({
            value,
            label: t(`channel.${value}`),
          })),
        },
        { kind: 'many', name: 'languages', label: t('org.languages'), choices: languageChoices() },
        { kind: 'date', name: 'starts_on', label: t('contract.from'), required: true },
        { kind: 'date', name: 'ends_on', label: t('contract.to') },
      ]}
      toForm={(item) => ({
        name: item?.name ?? '',
        policy_id: item?.policy.id ?? policies.data?.[0]?.id ?? null,
        calendar_id: item?.calendar.id ?? calendars.data?.[0]?.id ?? null,
        channels: item?.channels ?? ['mail', 'portal', 'phone'],
        languages: item?.languages ?? organisation.languages,
        starts_on: item?.starts_on ?? new Date().toISOString().slice(0, 10),
        ends_on: item?.ends_on ?? '',
      })}
      toBody={(values, item) => ({ ...values, ends_on: values.ends_on || (item ? null : undefined) })}
    />
  );
}
