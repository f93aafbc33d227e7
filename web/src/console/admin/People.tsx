import { del, get } from '@lib/api';
import type { Calendar, Key, Page, Skill, Staff, Team } from '@lib/dto';
import { t } from '@lib/i18n';
import { day } from '@lib/time';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { refChoices, useStaffNames, useTeams, useTechnologies } from '../data';
import { useEscalationPolicies } from '../paging/data';
import { may, useSession } from '../session';
import { Avatar, Icon, When } from '../ui/basics';
import { Dialog } from '../ui/forms';
import { done } from '../ui/toast';
import { Crud } from './Crud';
import { languageChoices, zoneChoices } from './Organisations';

export const kRoles = ['agent', 'responder', 'approver', 'manager', 'security_officer', 'admin', 'auditor'] as const;
const useCalendars = () =>
  useQuery({
    queryKey: ['admin', 'calendars'],
    queryFn: () => get<Page<Calendar>>('/calendars', { query: { limit: 200 } }).then((page) => page.items),
  });

export function StaffAdmin() {
  const teams = useTeams();
  const calendars = useCalendars();
  const [skills, setSkills] = useState<Staff>();
  const [lost, setLost] = useState<Staff>();
  const own = useSession().id;
  return (
    <>
      <Crud<Staff>
        title={t('admin.staff')}
        hint={t('admin.staff.hint')}
        icon="user"
        path="/staff"
        queryKey={['admin', 'staff']}
        also={[['staff-names'], ['staff']]}
        nameOf={(item) => item.name}
        columns={[
          {
            head: t('field.name'),
            cell: (item) => (
              <span className="with-avatar">
                <Avatar name={item.name} />
                {item.name}
              </span>
            ),
          },
          { head: t('field.email'), cell: (item) => item.email },
          { head: t('staff.roles'), cell: (item) => item.roles.map((role) => roleName(role)).join(', ') },
          { head: t('admin.teams'), cell: (item) => item.teams.map((team) => team.name).join(', ') },
          {
            head: t('staff.shift'),
            cell: (item) => (
              <span className={`chip ${item.active ? (item.on_shift ? 'ok' : 'hold') : 'bad'}`}>
                <Icon name={item.active ? (item.on_shift ? 'check' : 'pause') : 'x'} small />
                {item.active ? (item.on_shift ? t('duty.on_shift') : t('duty.off_shift')) : t('staff.inactive')}
              </span>
            ),
          },
          {
            head: t('staff.load'),
            num: true,
            cell: (item) => t('duty.of', { open: item.open_tickets, capacity: item.capacity }),
          },
        ]}
        fields={[
          { kind: 'text', name: 'name', label: t('field.name'), required: true },
          { kind: 'email', name: 'email', label: t('field.email'), required: true },
          {
            kind: 'many',
            name: 'roles',
            label: t('staff.roles'),
            required: true,
            choices: kRoles.map((value) => ({ value, label: roleName(value) })),
          },
          { kind: 'many', name: 'team_ids', label: t('admin.teams'), choices: refChoices(teams.data) },
          { kind: 'many', name: 'languages', label: t('org.languages'), choices: languageChoices() },
          { kind: 'pick', name: 'zone', label: t('prefs.zone'), choices: zoneChoices() },
          {
            kind: 'pick',
            name: 'calendar_id',
            label: t('field.calendar'),
            clearable: true,
            choices: (calendars.data ?? []).map((one) => ({ value: one.id, label: one.name })),
          },
          { kind: 'number', name: 'capacity', label: t('staff.capacity'), hint: t('staff.capacity_hint') },
          {
            kind: 'password',
            name: 'password',
            label: t('sign_in.password'),
            hint: t('staff.password_hint'),
            when: (_, fresh) => fresh,
          },
          { kind: 'check', name: 'active', label: t('staff.active'), when: (_, fresh) => !fresh },
        ]}
        toForm={(item) => ({
          name: item?.name ?? '',
          email: item?.email ?? '',
          roles: item?.roles ?? ['agent'],
          team_ids: item?.teams.map((team) => team.id) ?? [],
          languages: item?.languages ?? ['en'],
          zone: item?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
          calendar_id: item?.calendar?.id ?? null,
          capacity: item?.capacity ?? 10,
          password: '',
          active: item?.active ?? true,
        })}
        toBody={(values, item) => ({
          name: values.name,
          email: values.email,
          roles: values.roles,
          team_ids: values.team_ids,
          languages: values.languages,
          zone: values.zone,
          calendar_id: values.calendar_id || (item ? null : undefined),
          capacity: Number(values.capacity),
          ...(item ? { active: values.active } : values.password ? { password: values.password } : {}),
        })}
        more={(item) => (
          <>
            <button type="button" className="btn sm ghost" onClick={() => setSkills(item)}>
              <Icon name="shield" small />
              {t('staff.skills')}
            </button>
            {may('user.grant') && item.id !== own && (
              <button
                type="button"
                className="iconbtn"
                aria-label={t('factor.forget', { name: item.name })}
                onClick={() => setLost(item)}
              >
                <Icon name="lock" small />
              </button>
            )}
          </>
        )}
      />
      {lost && (
        <Dialog
          danger
          title={t('factor.forget', { name: lost.name })}
          submit={t('factor.forget_yes')}
          onClose={() => setLost(undefined)}
          onSubmit={async () => {
            await del(`/staff/${lost.id}/factors`);
            done(t('factor.forgotten'));
          }}
        >
          <p>{t('factor.forget_text')}</p>
        </Dialog>
      )}
      {skills && (
        <Dialog title={skills.name} onClose={() => setSkills(undefined)} wide>
          <Skills staff={skills} />
        </Dialog>
      )}
    </>
  );
}

export function roleName(role: string): string {
  const id = `role.${role}`;
  const name = t(id);
  return name === id ? role : name;
}

function Skills({ staff }: { staff: Staff }) {
  const technologies = useTechnologies();
  return (
    <Crud<Skill>
      title={t('staff.skills')}
      hint={t('staff.skills_hint')}
      icon="shield"
      path={`/staff/${staff.id}/skills`}
      queryKey={['admin', 'skills', staff.id]}
      canChange={false}
      canRemove
      nameOf={(item) => item.technology.name}
      columns={[
        { head: t('field.technology'), cell: (item) => item.technology.name },
        { head: t('skill.level'), num: true, cell: (item) => item.level },
        { head: t('skill.certification'), cell: (item) => item.certification || '—' },
        {
          head: t('skill.until'),
          cell: (item) => (item.certified_until ? day(`${item.certified_until}T12:00:00Z`, 'UTC') : '—'),
        },
        {
          head: t('skill.valid'),
          cell: (item) => (
            <span className={`chip ${item.valid ? 'ok' : 'bad'}`}>
              <Icon name={item.valid ? 'check' : 'alert'} small />
              {item.valid ? t('skill.counts') : t('skill.expired')}
            </span>
          ),
        },
      ]}
      fields={[
        {
          kind: 'pick',
          name: 'technology_id',
          label: t('field.technology'),
          required: true,
          choices: (technologies.data ?? []).map((one) => ({ value: one.id, label: one.path || one.name })),
        },
        {
          kind: 'pick',
          name: 'level',
          label: t('skill.level'),
          choices: ['1', '2', '3'].map((value) => ({ value, label: value })),
        },
        { kind: 'text', name: 'certification', label: t('skill.certification') },
        { kind: 'date', name: 'certified_until', label: t('skill.until') },
        { kind: 'text', name: 'proof', label: t('skill.proof'), hint: t('skill.proof_hint') },
      ]}
      toForm={() => ({ technology_id: null, level: '1', certification: '', certified_until: '', proof: '' })}
      toBody={(values) => ({
        technology_id: values.technology_id ?? undefined,
        level: Number(values.level),
        certification: values.certification || undefined,
        certified_until: values.certified_until || undefined,
        proof: values.proof || undefined,
      })}
    />
  );
}

export function Teams() {
  const calendars = useCalendars();
  const names = useStaffNames();
  const technologies = useTechnologies();
  const policies = useEscalationPolicies();
  return (
    <Crud<Team>
      title={t('admin.teams')}
      hint={t('admin.teams.hint')}
      icon="users"
      path="/teams"
      queryKey={['admin', 'teams']}
      also={[['teams'], ['views'], ['escalation'], ['admin', 'escalation']]}
      nameOf={(item) => item.name}
      columns={[
        { head: t('field.name'), cell: (item) => item.name },
        { head: t('field.calendar'), cell: (item) => item.calendar?.name ?? '—' },
        { head: t('team.members'), cell: (item) => item.members.map((one) => one.name).join(', ') },
        { head: t('dash.open'), num: true, cell: (item) => item.open_tickets },
      ]}
      fields={[
        { kind: 'text', name: 'name', label: t('field.name'), required: true },
        {
          kind: 'pick',
          name: 'calendar_id',
          label: t('field.calendar'),
          required: true,
          choices: (calendars.data ?? []).map((one) => ({ value: one.id, label: one.name })),
        },
        {
          kind: 'pick',
          name: 'escalation_id',
          label: t('team.escalation'),
          hint: t('team.escalation_hint'),
          clearable: true,
          choices: refChoices(policies.data),
        },
        { kind: 'many', name: 'member_ids', label: t('team.members'), wide: true, choices: refChoices(names.data) },
        {
          kind: 'many',
          name: 'technology_ids',
          label: t('admin.technologies'),
          hint: t('team.technologies_hint'),
          wide: true,
          choices: (technologies.data ?? []).map((one) => ({ value: one.id, label: one.path || one.name })),
        },
      ]}
      toForm={(item) => ({
        name: item?.name ?? '',
        calendar_id: item?.calendar?.id ?? null,
        escalation_id: item?.escalation?.id ?? null,
        member_ids: item?.members.map((one) => one.id) ?? [],
        technology_ids: item?.technologies?.map((one) => one.id) ?? [],
      })}
      toBody={(values, item) => ({
        ...values,
        calendar_id: values.calendar_id ?? (item ? null : undefined),
        escalation_id: values.escalation_id ?? (item ? null : undefined),
      })}
    />
  );
}

export function Keys() {
  const [made, setMade] = useState<Key>();
  return (
    <>
      <Crud<Key>
        title={t('admin.keys')}
        hint={t('admin.keys.hint')}
        icon="key"
        path="/keys"
        queryKey={['admin', 'keys']}
        canChange={false}
        canRemove
        nameOf={(item) => item.name}
        onSaved={setMade}
        columns={[
          { head: t('field.name'), cell: (item) => item.name },
          { head: t('key.scopes'), cell: (item) => <code>{item.scopes.join(' ')}</code> },
          { head: t('key.created'), cell: (item) => <When at={item.created_at} /> },
          {
            head: t('key.used'),
            cell: (item) => (item.last_used_at ? <When at={item.last_used_at} /> : t('key.never')),
          },
          { head: t('key.expires'), cell: (item) => (item.expires_at ? <When at={item.expires_at} /> : '—') },
        ]}
        fields={[
          { kind: 'text', name: 'name', label: t('field.name'), required: true, hint: t('key.name_hint') },
          {
            kind: 'words',
            name: 'scopes',
            label: t('key.scopes'),
            required: true,
            hint: t('key.scopes_hint'),
            choices: ['*', 'ticket.read', 'ticket.reply', 'ticket.create', 'evidence.read', 'report.read'],
          },
          { kind: 'date', name: 'expires', label: t('key.expires') },
        ]}
        toForm={() => ({ name: '', scopes: ['ticket.read'], expires: '' })}
        toBody={(values) => ({
          name: values.name,
          scopes: values.scopes,
          expires_at: values.expires ? `${values.expires}T23:59:59Z` : undefined,
        })}
      />
      {made?.secret && (
        <Dialog title={t('key.made')} onClose={() => setMade(undefined)}>
          <p>{t('key.once')}</p>
          <p className="secret">
            <code>{made.secret}</code>
          </p>
          <button
            type="button"
            className="btn pri"
            onClick={() => void navigator.clipboard?.writeText(made.secret ?? '').then(() => done(t('key.copied')))}
          >
            <Icon name="copy" small />
            {t('key.copy')}
          </button>
        </Dialog>
      )}
    </>
  );
}
