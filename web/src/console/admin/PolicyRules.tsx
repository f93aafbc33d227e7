// Which ticket gets which service level: an ordered list, of which the first rule that holds decides.
import { get, put } from '@lib/api';
import type { Contract, Page, PolicyRule, PolicyRules } from '@lib/dto';
import { t } from '@lib/i18n';
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { kinds } from '../choices';
import { refChoices, useOrganisationNames, useTechnologies } from '../data';
import { Icon, Loading } from '../ui/basics';
import { type Choice, Dialog, FormError, useSave } from '../ui/forms';
import { done } from '../ui/toast';
import { type Field, Fields, type Values } from './Crud';
import { useCalendars, usePolicies } from './lists';

const kChannels = ['mail', 'portal', 'api', 'phone', 'chat', 'alert'] as const;

export function PolicyRulesCard() {
  const rules = useQuery({ queryKey: ['policy-rules'], queryFn: () => get<PolicyRules>('/policy-rules') });
  if (!rules.data) return <Loading lines={3} />;
  return <List key={rules.data.version} current={rules.data} />;
}

const labels = (choices: Choice[], ids: string[] | undefined) =>
  (ids ?? []).map((id) => choices.find((one) => one.value === id)?.label ?? id).join(', ');

function useChoices() {
  const organisations = refChoices(useOrganisationNames().data);
  const technologies = (useTechnologies().data ?? []).map((one) => ({ value: one.id, label: one.path || one.name }));
  const policies = refChoices(usePolicies().data);
  const calendars = refChoices(useCalendars().data);
  return { organisations, technologies, policies, calendars };
}

function List({ current }: { current: PolicyRules }) {
  const [rules, setRules] = useState(current.rules);
  const [editing, setEditing] = useState<number>();
  const choices = useChoices();
  const cache = useQueryClient();
  const state = useSave();
  const changed = rules !== current.rules;
  const move = (from: number, by: number) => {
    const made = [...rules];
    const [one] = made.splice(from, 1);
    made.splice(from + by, 0, one!);
    setRules(made);
  };
  const save = async () => {
    const made = await put<PolicyRules>('/policy-rules', { rules }, { version: current.version });
    cache.setQueryData(['policy-rules'], made);
    done(t('policy.saved', { n: made.version ?? 0 }));
  };
  const wrong = (i: number) =>
    state.field(`rules.${i}`) ?? state.field(`rules.${i}.name`) ?? state.field(`rules.${i}.contract_ids`);
  const told = (rule: PolicyRule) =>
    [
      labels(choices.organisations, rule.organisation_ids),
      rule.contract_ids?.length ? t('policy.rule_contracts', { n: rule.contract_ids.length }) : '',
      (rule.kinds ?? []).map((kind) => t(`kind.${kind}`)).join(', '),
      labels(choices.technologies, rule.technology_ids),
      (rule.channels ?? []).map((channel) => t(`channel.${channel}`)).join(', '),
    ]
      .filter(Boolean)
      .join(' · ') || t('policy.rule_all');
  return (
    <section className="card policy-rules" aria-labelledby="policy-rules-title">
      <header className="page-head">
        <h2 id="policy-rules-title">{t('policy.rules')}</h2>
        <span className="end">
          {changed && (
            <>
              <button type="button" className="btn" onClick={() => setRules(current.rules)}>
                {t('policy.rules_undo')}
              </button>
              <button type="button" className="btn pri" aria-busy={state.busy} onClick={() => void state.run(save)}>
                {t('common.save')}
              </button>
            </>
          )}
          <button type="button" className="btn" onClick={() => setEditing(rules.length)}>
            <Icon name="plus" small />
            {t('policy.rule_add')}
          </button>
        </span>
      </header>
      <p className="hint">{t('policy.rules_hint')}</p>
      <FormError error={state.error} />
      <ol className="rule-list">
        {rules.map((rule, i) => (
          <li key={rule.name} className={wrong(i) ? 'wrong' : undefined}>
            <span className="rule-text">
              <button type="button" className="linkbtn strong" onClick={() => setEditing(i)}>
                {rule.name}
              </button>
              <span className="dim">{told(rule)}</span>
              <span>
                {labels(choices.policies, [rule.policy_id])}
                {rule.calendar_id && `, ${labels(choices.calendars, [rule.calendar_id])}`}
              </span>
              {wrong(i) && <span className="form-error">{wrong(i)}</span>}
            </span>
            <span className="row-acts">
              <button
                type="button"
                className="iconbtn"
                aria-label={t('policy.rule_up', { name: rule.name })}
                disabled={i === 0}
                onClick={() => move(i, -1)}
              >
                <Icon name="chevronUp" small />
              </button>
              <button
                type="button"
                className="iconbtn"
                aria-label={t('policy.rule_down', { name: rule.name })}
                disabled={i === rules.length - 1}
                onClick={() => move(i, 1)}
              >
                <Icon name="chevronDown" small />
              </button>
              <button
                type="button"
                className="iconbtn"
                aria-label={t('admin.remove', { name: rule.name })}
                onClick={() => setRules(rules.filter((_, j) => j !== i))}
              >
                <Icon name="x" small />
              </button>
            </span>
          </li>
        ))}
        <li className="rule-last">
          <span className="rule-text">
            <b>{t('policy.rule_otherwise')}</b>
            <span className="dim">{t('policy.rule_contract')}</span>
          </span>
        </li>
      </ol>
      {editing !== undefined && (
        <RuleDialog
          rule={rules[editing]}
          taken={rules.filter((_, j) => j !== editing).map((one) => one.name)}
          choices={choices}
          onClose={() => setEditing(undefined)}
          onDone={(rule) =>
            setRules(editing < rules.length ? rules.map((old, j) => (j === editing ? rule : old)) : [...rules, rule])
          }
        />
      )}
    </section>
  );
}

function RuleDialog(props: {
  rule: PolicyRule | undefined;
  taken: string[];
  choices: ReturnType<typeof useChoices>;
  onClose: () => void;
  onDone: (rule: PolicyRule) => void;
}) {
  const { rule, choices } = props;
  const [values, setValues] = useState<Values>({
    name: '',
    organisation_ids: [],
    contract_ids: [],
    kinds: [],
    technology_ids: [],
    channels: [],
    policy_id: choices.policies[0]?.value ?? null,
    calendar_id: null,
    ...rule,
  });
  const contracts = useQueries({
    queries: (values.organisation_ids as string[]).map((id) => ({
      queryKey: ['admin', 'contracts', id],
      queryFn: () =>
        get<Page<Contract>>(`/organisations/${id}/contracts`, { query: { limit: 200 } }).then((page) => page.items),
    })),
  }).flatMap((one) => one.data ?? []);
  const fields: Field[] = [
    { kind: 'text', name: 'name', label: t('field.name'), required: true, wide: true },
    { kind: 'many', name: 'organisation_ids', label: t('field.organisation'), choices: choices.organisations },
    {
      kind: 'many',
      name: 'contract_ids',
      label: t('admin.contracts'),
      choices: refChoices(contracts),
      when: () => contracts.length > 0,
    },
    {
      kind: 'many',
      name: 'kinds',
      label: t('field.kind'),
      choices: kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) })),
    },
    {
      kind: 'many',
      name: 'technology_ids',
      label: t('field.technology'),
      hint: t('policy.rule_subtree'),
      choices: choices.technologies,
    },
    {
      kind: 'many',
      name: 'channels',
      label: t('contract.channels'),
      choices: kChannels.map((channel) => ({ value: channel, label: t(`channel.${channel}`) })),
    },
    { kind: 'pick', name: 'policy_id', label: t('clock.policy'), required: true, choices: choices.policies },
    {
      kind: 'pick',
      name: 'calendar_id',
      label: t('policy.calendar'),
      hint: t('policy.rule_calendar_hint'),
      choices: choices.calendars,
      clearable: true,
    },
  ];
  const name = String(values.name).trim();
  const problem = !name
    ? t('policy.rule_needs_name')
    : props.taken.includes(name)
      ? t('policy.rule_name_taken')
      : undefined;
  return (
    <Dialog
      wide
      title={rule?.name ?? t('policy.rule_add')}
      onClose={props.onClose}
      disabledWhy={problem}
      submit={t('policy.rule_take')}
      onSubmit={async () =>
        props.onDone({ ...values, name, calendar_id: values.calendar_id ?? undefined } as PolicyRule)
      }
    >
      <p className="hint">{t('policy.rule_hint')}</p>
      <Fields
        fields={fields}
        values={values}
        fresh={!rule}
        error={() => undefined}
        onChange={(field, value) => setValues((old) => ({ ...old, [field]: value }))}
      />
    </Dialog>
  );
}
