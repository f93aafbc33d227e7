// Escalation policies: whom to call, in which order; with who that is now.
import '../styles/paging.css';
import { get } from '@lib/api';
import type { EscalationPolicy, EscalationStep, EscalationTarget, Reach } from '@lib/dto';
import { t } from '@lib/i18n';
import { useQuery } from '@tanstack/react-query';
import { refChoices, useStaffNames, useTeams } from '../data';
import { namesOf, useRotas } from '../oncall/data';
import { useEscalationPolicies } from '../paging/data';
import { Icon } from '../ui/basics';
import { ManyField, TextField } from '../ui/forms';
import { Crud } from './Crud';

const kMinute = 60;
const minutes = (seconds: number) => String(seconds / kMinute);
const seconds = (typed: unknown) => Math.round(Number(typed) * kMinute);

export function Escalation() {
  const policies = useEscalationPolicies();
  return (
    <Crud<EscalationPolicy>
      title={t('admin.escalation')}
      hint={t('admin.escalation.hint')}
      icon="phone"
      path="/escalation-policies"
      queryKey={['admin', 'escalation']}
      also={[['escalation'], ['admin', 'teams']]}
      canRemove
      nameOf={(item) => item.name}
      columns={[
        { head: t('field.name'), cell: (item) => item.name },
        { head: t('escalation.called_now'), cell: (item) => <Preview policy={item} /> },
        {
          head: t('escalation.for'),
          cell: (item) =>
            [...item.teams.map(({ name }) => name), ...(item.is_default ? [t('escalation.all_others')] : [])].join(
              ', ',
            ) || '—',
        },
      ]}
      fields={[
        { kind: 'text', name: 'name', label: t('field.name'), required: true },
        {
          kind: 'own',
          name: 'steps',
          label: t('escalation.steps'),
          draw: (value, set, error) => <Steps value={value as EscalationStep[]} onChange={set} error={error} />,
        },
        { kind: 'number', name: 'repeats', label: t('escalation.repeats'), hint: t('escalation.repeats_hint') },
        { kind: 'number', name: 'pause', label: t('escalation.pause'), hint: t('escalation.pause_hint') },
        {
          kind: 'pick',
          name: 'next_id',
          label: t('escalation.next'),
          hint: t('escalation.next_hint'),
          clearable: true,
          choices: refChoices(policies.data),
        },
        { kind: 'check', name: 'is_default', label: t('escalation.default'), hint: t('escalation.default_hint') },
      ]}
      toForm={(item) => ({
        name: item?.name ?? '',
        steps: item?.steps.map(({ after, targets }) => ({ after, targets: targets.map(plain) })) ?? [
          { after: 0, targets: [] },
        ],
        repeats: item?.repeats ?? 1,
        pause: minutes(item?.pause ?? 300),
        next_id: item?.next?.id ?? null,
        is_default: item?.is_default ?? false,
      })}
      toBody={(values, item) => ({
        ...values,
        repeats: Number(values.repeats),
        pause: seconds(values.pause),
        next_id: values.next_id ?? (item ? null : undefined),
      })}
    />
  );
}

const plain = ({ kind, id }: EscalationTarget) => ({ kind, id });

function Preview({ policy }: { policy: EscalationPolicy }) {
  return (
    <ol className="escalation-preview">
      {policy.steps.map((step, i) => (
        <li key={i}>
          {step.after > 0 && `${t('escalation.after', { minutes: minutes(step.after) })} `}
          {step.targets.map((target, j) => (
            <span key={target.id}>
              {j > 0 && '; '}
              {target.kind === 'person' || target.kind === 'webhook'
                ? target.name
                : `${target.name}: ${namesOf(target.now)}`}
            </span>
          ))}
        </li>
      ))}
    </ol>
  );
}

type Errors = (name: string) => string | undefined;

function Steps(props: { value: EscalationStep[]; onChange: (value: EscalationStep[]) => void; error: Errors }) {
  const { value, onChange } = props;
  const set = (at: number, change: Partial<EscalationStep>) =>
    onChange(value.map((old, i) => (i === at ? { ...old, ...change } : old)));
  return (
    <>
      {props.error('steps') && (
        <p className="form-error" role="alert">
          {props.error('steps')}
        </p>
      )}
      {value.map((step, i) => (
        <Step
          key={i}
          number={i + 1}
          value={step}
          onChange={(change) => set(i, change)}
          onRemove={() => onChange(value.filter((_, j) => j !== i))}
          error={(name) => props.error(`steps.${i}.${name}`)}
        />
      ))}
      <button type="button" className="btn sm" onClick={() => onChange([...value, { after: 300, targets: [] }])}>
        <Icon name="plus" small />
        {t('escalation.add_step')}
      </button>
    </>
  );
}

const keyOf = ({ kind, id }: EscalationTarget) => `${kind}:${id}`;

function Step(props: {
  number: number;
  value: EscalationStep;
  onChange: (change: Partial<EscalationStep>) => void;
  onRemove: () => void;
  error: Errors;
}) {
  const staff = useStaffNames();
  const rotas = useRotas();
  const teams = useTeams();
  const gateways = useQuery({
    queryKey: ['reach'],
    queryFn: () => get<Reach>('/me/reach'),
  });
  const { value, error } = props;
  const of = (kind: EscalationTarget['kind'], refs: { id: string; name: string }[] | undefined) =>
    (refs ?? []).map(({ id, name }) => ({ value: `${kind}:${id}`, label: t(`escalation.target.${kind}`, { name }) }));
  const choices = [
    ...of('rota', rotas.data),
    ...of('team', teams.data),
    ...of('person', staff.data),
    ...of('webhook', gateways.data?.gateways),
  ];
  const wrong = value.targets.map((_, i) => error(`targets.${i}`)).find(Boolean);
  return (
    <fieldset className="localised escalation-step">
      <legend>{t('escalation.step', { number: props.number })}</legend>
      <div className="form-two">
        <TextField
          type="number"
          min={0}
          max={1440}
          step="any"
          label={props.number === 1 ? t('escalation.after_start') : t('escalation.after_step')}
          value={minutes(value.after)}
          onChange={(typed) => props.onChange({ after: seconds(typed) })}
          error={error('after')}
        />
        <ManyField
          required
          label={t('escalation.targets')}
          value={value.targets.map(keyOf)}
          onChange={(keys) =>
            props.onChange({
              targets: keys.map((key) => {
                const [kind, id] = key.split(':');
                return { kind: kind as EscalationTarget['kind'], id: id ?? '' };
              }),
            })
          }
          choices={choices}
          error={error('targets') ?? wrong}
        />
      </div>
      <div>
        <button type="button" className="btn sm" onClick={props.onRemove}>
          <Icon name="x" small />
          {t('escalation.remove_step', { number: props.number })}
        </button>
      </div>
    </fieldset>
  );
}
