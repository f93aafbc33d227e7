// When a clock warns before its due time, and when it escalates after it.
import type { ClockKind, Policy } from '@lib/dto';
import { t } from '@lib/i18n';
import { span } from '@lib/time';
import { Icon } from '../ui/basics';
import { secondsOf } from './duration';

type Step = Policy['steps'][number];
type When = 'percent' | 'before' | 'after';

const kWhens: When[] = ['percent', 'before', 'after'];
const whenOf = (step: Step): When =>
  step.percent !== undefined ? 'percent' : step.before_seconds !== undefined ? 'before' : 'after';

/** The same clock, told another way: each has a usual value to begin with. */
function fresh(clock: ClockKind, when: When): Step {
  if (when === 'percent') return { clock, percent: 75 };
  return when === 'before' ? { clock, before_seconds: 900 } : { clock, after_seconds: 1800 };
}

const textOf = (step: Step) =>
  step.percent !== undefined ? `${step.percent} %` : span(step.before_seconds ?? step.after_seconds ?? 0);

function withValue(step: Step, text: string): Step {
  if (step.percent !== undefined) {
    const percent = Math.round(Number(text.replace('%', '').replace(',', '.').trim()));
    return percent >= 1 && percent <= 100 ? { clock: step.clock, percent } : step;
  }
  const seconds = secondsOf(text);
  if (step.before_seconds !== undefined) return seconds ? { clock: step.clock, before_seconds: seconds } : step;
  return { clock: step.clock, after_seconds: seconds ?? 0 };
}

export function Steps({
  value,
  clocks,
  onChange,
  error,
}: {
  value: Step[];
  clocks: ClockKind[];
  onChange: (value: Step[]) => void;
  error: (name: string) => string | undefined;
}) {
  const set = (at: number, step: Step) => onChange(value.map((old, j) => (at === j ? step : old)));
  const wrong = (at: number) =>
    error(`steps.${at}`) ?? error(`steps.${at}.clock`) ?? error(`steps.${at}.before_seconds`);
  return (
    <fieldset className="localised">
      <legend>{t('policy.steps')}</legend>
      <p className="hint">{t('policy.steps_hint')}</p>
      {value.map((step, i) => (
        // Steps have no name of their own; their order is what the form knows them by.
        <div key={i}>
          <div className="form-three with-end">
            <select
              className="input"
              aria-label={t('policy.step_clock', { n: i + 1 })}
              value={step.clock}
              onChange={(event) => set(i, { ...step, clock: event.target.value as ClockKind })}
            >
              {clocks.map((clock) => (
                <option key={clock} value={clock}>
                  {t(`clock.${clock}`)}
                </option>
              ))}
            </select>
            <select
              className="input"
              aria-label={t('policy.step_when', { n: i + 1 })}
              value={whenOf(step)}
              onChange={(event) => set(i, fresh(step.clock, event.target.value as When))}
            >
              {kWhens.map((when) => (
                <option key={when} value={when}>
                  {t(`policy.step.${when}`)}
                </option>
              ))}
            </select>
            <input
              key={`${whenOf(step)} ${textOf(step)}`}
              className="input"
              aria-label={t('policy.step_value', { n: i + 1 })}
              aria-invalid={wrong(i) ? true : undefined}
              defaultValue={textOf(step)}
              onBlur={(event) => {
                const made = withValue(step, event.target.value);
                event.target.value = textOf(made);
                set(i, made);
              }}
            />
            <button
              type="button"
              className="iconbtn"
              aria-label={t('policy.step_remove', { n: i + 1 })}
              onClick={() => onChange(value.filter((_, j) => j !== i))}
            >
              <Icon name="x" small />
            </button>
          </div>
          {wrong(i) && <p className="form-error">{wrong(i)}</p>}
        </div>
      ))}
      <button type="button" className="btn sm" onClick={() => onChange([...value, fresh(clocks[0]!, 'percent')])}>
        <Icon name="plus" small />
        {t('policy.step_add')}
      </button>
    </fieldset>
  );
}
