// Service levels: how soon, by priority; in which calendar; what pauses a clock; when it warns; which ticket gets which.
import type { Calendar, ClockKind, Policy, Priority, State } from '@lib/dto';
import { t } from '@lib/i18n';
import { span } from '@lib/time';
import { Crud } from './Crud';
import { secondsOf } from './duration';
import { useCalendars } from './lists';
import { PolicyRulesCard } from './PolicyRules';
import { Steps } from './PolicySteps';
import { TryOnPast } from './TryOnPast';

const kPriorities: Priority[] = ['P1', 'P2', 'P3', 'P4'];
const kClocks: ClockKind[] = ['first_response', 'next_response', 'keep_informed', 'resolution'];
const kPausing: State[] = ['waiting_customer', 'waiting_third_party', 'scheduled', 'in_approval'];

export function Policies() {
  const calendars = useCalendars();
  return (
    <>
      <Crud<Policy>
        title={t('admin.policies')}
        hint={t('admin.policies.hint')}
        icon="clock"
        path="/policies"
        queryKey={['admin', 'policies']}
        nameOf={(item) => item.name}
        columns={[
          { head: t('field.name'), cell: (item) => item.name },
          { head: t('policy.version'), num: true, cell: (item) => item.version },
          {
            head: t('policy.p1'),
            cell: (item) =>
              item.targets
                .filter((one) => one.priority === 'P1')
                .map((one) => `${t(`clock.${one.clock}`)} ${span(one.seconds)}`)
                .join(', '),
          },
          { head: t('policy.steps'), num: true, cell: (item) => item.steps.length },
        ]}
        fields={[
          { kind: 'text', name: 'name', label: t('field.name'), required: true },
          {
            kind: 'own',
            name: 'targets',
            label: t('policy.targets'),
            draw: (value, set, error) => (
              <Targets
                value={(value as Policy['targets']) ?? []}
                onChange={set}
                calendars={calendars.data ?? []}
                error={error('targets')}
              />
            ),
          },
          {
            kind: 'own',
            name: 'steps',
            label: t('policy.steps'),
            draw: (value, set, error) => (
              <Steps value={(value as Policy['steps']) ?? []} clocks={kClocks} onChange={set} error={error} />
            ),
          },
          {
            kind: 'own',
            name: 'pauses',
            label: t('policy.pauses'),
            draw: (value, set) => <Pauses value={(value as Policy['pauses']) ?? []} onChange={set} />,
          },
        ]}
        toForm={(item) => ({
          name: item?.name ?? '',
          targets:
            item?.targets ??
            kPriorities.flatMap((priority, i) => [
              { priority, clock: 'first_response', seconds: [900, 3600, 14400, 28800][i]! },
              { priority, clock: 'resolution', seconds: [14400, 28800, 86400, 259200][i]! },
            ]),
          steps: item?.steps ?? [
            { clock: 'first_response', percent: 75 },
            { clock: 'resolution', percent: 75 },
          ],
          pauses: item?.pauses ?? [
            { clock: 'resolution', states: ['waiting_customer', 'waiting_third_party', 'scheduled'] },
          ],
        })}
        toBody={(values) => values}
        panel={(body, item) => <TryOnPast draft={{ policy: body, policy_id: item?.id }} />}
      />
      <PolicyRulesCard />
    </>
  );
}

function Targets({
  value,
  onChange,
  calendars,
  error,
}: {
  value: Policy['targets'];
  onChange: (value: Policy['targets']) => void;
  calendars: Calendar[];
  error?: string;
}) {
  const change = (priority: Priority, clock: ClockKind, seconds: number | undefined) => {
    const rest = value.filter((one) => one.priority !== priority || one.clock !== clock);
    const calendar_id = calendarOf(value, priority) || undefined;
    onChange(seconds ? [...rest, { priority, clock, seconds, calendar_id }] : rest);
  };
  return (
    <fieldset className="localised">
      <legend>{t('policy.targets')}</legend>
      <p className="hint">{t('policy.targets_hint')}</p>
      {error && <p className="form-error">{error}</p>}
      <div className="table-wrap">
        <table className="table targets">
          <thead>
            <tr>
              <td />
              {kClocks.map((clock) => (
                <th key={clock} scope="col">
                  {t(`clock.${clock}`)}
                </th>
              ))}
              <th scope="col">{t('policy.calendar')}</th>
            </tr>
          </thead>
          <tbody>
            {kPriorities.map((priority) => (
              <tr key={priority}>
                <th scope="row">{priority}</th>
                {kClocks.map((clock) => {
                  const current = value.find((one) => one.priority === priority && one.clock === clock);
                  return (
                    <td key={clock}>
                      <input
                        className="input"
                        aria-label={`${priority} ${t(`clock.${clock}`)}`}
                        defaultValue={current ? span(current.seconds) : ''}
                        placeholder="—"
                        onBlur={(event) => {
                          const seconds = secondsOf(event.target.value);
                          event.target.value = seconds ? span(seconds) : '';
                          change(priority, clock, seconds);
                        }}
                      />
                    </td>
                  );
                })}
                <td>
                  <select
                    className="input"
                    aria-label={t('policy.calendar_of', { priority })}
                    value={calendarOf(value, priority)}
                    onChange={(event) =>
                      onChange(
                        value.map((one) =>
                          one.priority === priority ? { ...one, calendar_id: event.target.value || undefined } : one,
                        ),
                      )
                    }
                  >
                    <option value="">{t('policy.calendar_contract')}</option>
                    {calendars.map((one) => (
                      <option key={one.id} value={one.id}>
                        {one.name}
                      </option>
                    ))}
                  </select>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </fieldset>
  );
}

/** The calendar that a priority's targets have of their own; empty: the contract's. */
const calendarOf = (targets: Policy['targets'], priority: Priority) =>
  targets.find((one) => one.priority === priority && one.calendar_id)?.calendar_id ?? '';

function Pauses({ value, onChange }: { value: Policy['pauses']; onChange: (value: Policy['pauses']) => void }) {
  const holds = (clock: ClockKind, state: State) =>
    value.some((one) => one.clock === clock && one.states.includes(state));
  const toggle = (clock: ClockKind, state: State) => {
    const states = value.find((one) => one.clock === clock)?.states ?? [];
    const made = states.includes(state) ? states.filter((one) => one !== state) : [...states, state];
    onChange([...value.filter((one) => one.clock !== clock), ...(made.length > 0 ? [{ clock, states: made }] : [])]);
  };
  return (
    <fieldset className="localised">
      <legend>{t('policy.pauses')}</legend>
      <p className="hint">{t('policy.pauses_hint')}</p>
      <div className="table-wrap">
        <table className="table targets">
          <thead>
            <tr>
              <td />
              {kClocks.map((clock) => (
                <th key={clock} scope="col">
                  {t(`clock.${clock}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kPausing.map((state) => (
              <tr key={state}>
                <th scope="row">{t(`state.${state}`)}</th>
                {kClocks.map((clock) => (
                  <td key={clock} className="centre">
                    <input
                      type="checkbox"
                      checked={holds(clock, state)}
                      aria-label={`${t(`state.${state}`)}: ${t(`clock.${clock}`)}`}
                      onChange={() => toggle(clock, state)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </fieldset>
  );
}
