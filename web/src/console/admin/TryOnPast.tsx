// What a service level or calendar that is being edited would have done to past tickets, before it is saved.
import { post } from '@lib/api';
import type { SimulatedClock, Simulation } from '@lib/dto';
import { t } from '@lib/i18n';
import { useState } from 'react';
import { Icon, Loading, Prio, When } from '../ui/basics';
import { FormError, TextField, useSave } from '../ui/forms';
import type { Values } from './Crud';

type Draft = { policy?: Values; policy_id?: string; calendar?: Values; calendar_id?: string };

const kDay = 24 * 3600_000;
const dateOf = (at: Date) => at.toISOString().slice(0, 10);
const kShown = 20;

export function TryOnPast({ draft }: { draft: Draft }) {
  const [from, setFrom] = useState(dateOf(new Date(Date.now() - 90 * kDay)));
  const [to, setTo] = useState(dateOf(new Date()));
  const [told, setTold] = useState<Simulation>();
  const state = useSave();
  const named = (values: Values | undefined) => values && { ...values, name: values.name || t('replay.draft') };
  const run = () =>
    state.run(async () => {
      setTold(undefined);
      const end = new Date(Date.parse(`${to}T00:00:00Z`) + kDay);
      setTold(
        await post<Simulation>('/simulations', {
          ...draft,
          policy: named(draft.policy),
          calendar: named(draft.calendar),
          from: `${from}T00:00:00Z`,
          to: end.toISOString(),
        }),
      );
    });
  return (
    <fieldset className="localised try-past">
      <legend>{t('replay.title')}</legend>
      <p className="hint">{t('replay.hint')}</p>
      <div className="form-three with-end">
        <TextField type="date" label={t('audit.from')} value={from} onChange={setFrom} error={state.field('from')} />
        <TextField type="date" label={t('audit.to')} value={to} onChange={setTo} error={state.field('to')} />
        <button type="button" className="btn" aria-busy={state.busy} disabled={!from || !to} onClick={() => void run()}>
          <Icon name="history" small />
          {t('replay.run')}
        </button>
      </div>
      <FormError error={state.error} />
      <div role="status">{state.busy ? <Loading lines={3} /> : told && <Told told={told} />}</div>
    </fieldset>
  );
}

function Told({ told }: { told: Simulation }) {
  if (told.tickets === 0) return <p>{t('replay.none')}</p>;
  return (
    <>
      <p>
        {t('replay.summary', { tickets: told.tickets, flips: told.flips, moves: told.moves })}
        {!told.complete && ` ${t('replay.incomplete')}`}
      </p>
      {told.sums.length > 0 && (
        <div className="table-wrap stacks">
          <table className="table">
            <caption className="sr">{t('replay.title')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('field.priority')}</th>
                <th scope="col">{t('due.clock')}</th>
                <th scope="col" className="num">
                  {t('replay.kept')}
                </th>
                <th scope="col" className="num">
                  {t('replay.breached')}
                </th>
              </tr>
            </thead>
            <tbody>
              {told.sums.map((sum) => (
                <tr key={`${sum.priority} ${sum.clock}`}>
                  <th scope="row">{sum.priority}</th>
                  <td data-head={t('due.clock')}>{t(`clock.${sum.clock}`)}</td>
                  <td className="num" data-head={t('replay.kept')}>
                    {t('replay.change', { before: sum.kept_before, after: sum.kept_after })}
                  </td>
                  <td
                    className={sum.breached_after > sum.breached_before ? 'num warn-text' : 'num'}
                    data-head={t('replay.breached')}
                  >
                    {t('replay.change', { before: sum.breached_before, after: sum.breached_after })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Clocks title={t('replay.flipped')} clocks={told.flipped} all={told.flips} />
      <Clocks title={t('replay.moved')} clocks={told.moved} all={told.moves} />
    </>
  );
}

function Clocks({ title, clocks, all }: { title: string; clocks: SimulatedClock[]; all: number }) {
  if (clocks.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="try-clocks">
        {clocks.slice(0, kShown).map((one) => (
          <li key={`${one.id} ${one.clock} ${one.due_before}`}>
            <Prio value={one.priority} />
            <span>
              <a href={`/t/${one.number}`} target="_blank" rel="noopener">
                {one.number}
              </a>{' '}
              {one.subject}
              <br />
              <span className="dim">
                {t(`clock.${one.clock}`)}:{' '}
                {one.before === one.after ? (
                  <>
                    {one.due_before ? <When at={one.due_before} /> : t('replay.never')} →{' '}
                    {one.due_after ? <When at={one.due_after} /> : t('replay.never')}
                  </>
                ) : (
                  `${t(`replay.${one.before}`)} → ${t(`replay.${one.after}`)}`
                )}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {all > kShown && <p className="hint">{t('replay.more', { n: all - kShown })}</p>}
    </>
  );
}
