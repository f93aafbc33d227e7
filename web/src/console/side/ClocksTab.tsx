import type { Clock, DueDate, Ticket } from '@lib/dto';
import { t } from '@lib/i18n';
import { span } from '@lib/time';
import { useState } from 'react';
import { useClocks, useExplanation } from '../data';
import { useSession } from '../session';
import type { Act } from '../ticket/acts';
import { adjustable, DecideDueDate } from '../ticket/acts/due';
import { Empty, Icon, Loading, When } from '../ui/basics';
import { ClockBlock } from '../ui/clocks';

export function ClocksTab({ ticket, onAct }: { ticket: Ticket; onAct: (act: Act) => void }) {
  const clocks = useClocks(ticket.id);
  const [open, setOpen] = useState<string>();
  const list = clocks.data ?? ticket.clocks;
  return (
    <>
      {list.length === 0 && (
        <Empty icon="clock" title={t('clock.none')}>
          {t('clock.none_hint')}
        </Empty>
      )}
      {ticket.policy && <WhichPolicy held={ticket.policy} />}
      {list.map((clock) => (
        <section key={clock.id}>
          <ClockBlock clock={clock} onExplain={() => setOpen(open === clock.id ? undefined : clock.id)} />
          <dl className="kv">
            <dt>{t('clock.target')}</dt>
            <dd>{span(clock.target_seconds)}</dd>
            {clock.due_at && (
              <>
                <dt>{t('clock.due')}</dt>
                <dd>
                  <When at={clock.due_at} />
                </dd>
              </>
            )}
            <dt>{t('clock.policy')}</dt>
            <dd>
              {clock.policy.name} v{clock.policy.version}, {clock.calendar.name}
            </dd>
            {clock.manual_approver && (
              <>
                <dt>{t('due.by_hand')}</dt>
                <dd>{t('due.approved_by', { name: clock.manual_approver, reason: clock.manual_reason ?? '' })}</dd>
              </>
            )}
            {clock.steps.length > 0 && (
              <>
                <dt>{t('clock.steps')}</dt>
                <dd>
                  {clock.steps.map((step) => (
                    <span key={step.key} className="clock-step">
                      <Icon
                        name={step.reached ? 'check' : 'bell'}
                        small
                        label={t(step.reached ? 'clock.step_done' : 'clock.step_ahead')}
                      />
                      {stepText(step.step)}
                      {step.at && (
                        <>
                          {', '}
                          <When at={step.at} />
                        </>
                      )}
                    </span>
                  ))}
                </dd>
              </>
            )}
            {clock.breach_cause && (
              <>
                <dt>{t('clock.cause')}</dt>
                <dd>{t(`clock.cause.${clock.breach_cause}`)}</dd>
              </>
            )}
          </dl>
          <button
            type="button"
            className="linkbtn"
            aria-expanded={open === clock.id}
            onClick={() => setOpen(open === clock.id ? undefined : clock.id)}
          >
            {open === clock.id ? t('clock.hide') : t('clock.explain')}
          </button>
          {open === clock.id && <Explanation ticket={ticket} clock={clock} />}
        </section>
      ))}
      <DueDates ticket={ticket} onAct={onAct} />
      <section>
        <h3>
          {t('promise.title')}
          <span>
            <button type="button" className="linkbtn" onClick={() => onAct('promise')}>
              {t('act.promise')}
            </button>
          </span>
        </h3>
        {ticket.promises.length === 0 && <p className="hint">{t('promise.none')}</p>}
        <ul className="promises">
          {ticket.promises.map((promise) => (
            <li key={promise.id}>
              <Icon
                name={promise.outcome === 'kept' ? 'checkCircle' : promise.outcome === 'broken' ? 'alert' : 'flag'}
                small
              />
              <span>
                <b>{t(`promise.${promise.kind}`)}</b> <When at={promise.at} />
                <br />
                <span className="dim">
                  {t(`promise.outcome.${promise.outcome}`)}, {promise.by.name}
                  {promise.moved > 0 && `, ${t('promise.moved', { n: promise.moved })}`}
                  {promise.reason && `: ${promise.reason}`}
                </span>
              </span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

/** "75%", "-900s", "+1800s" for people. */
function stepText(step: string): string {
  if (step.endsWith('%')) return t('clock.step_percent', { n: step.slice(0, -1) });
  const seconds = Number(step.slice(1, -1));
  return t(step.startsWith('-') ? 'clock.step_before' : 'clock.step_after', { span: span(seconds) });
}

function WhichPolicy({ held }: { held: NonNullable<Ticket['policy']> }) {
  const { why } = held;
  return (
    <section className="which-policy">
      <h3>{t('policy.which')}</h3>
      <p>
        <b>
          {held.policy.name} v{held.policy.version}
        </b>
        , {held.calendar.name}
      </p>
      {why && (
        <p className="dim">
          {t(`policy.why.${why.by}`, { name: why.name ?? '', place: why.place ?? 0, version: why.version ?? 0 })}
        </p>
      )}
    </section>
  );
}

function DueDates({ ticket, onAct }: { ticket: Ticket; onAct: (act: Act) => void }) {
  const me = useSession().id;
  const [deciding, setDeciding] = useState<DueDate>();
  const may = ticket.allowed.includes('ticket.update') && adjustable(ticket).length > 0;
  if (!may && ticket.due_dates.length === 0) return null;
  return (
    <section>
      <h3>
        {t('due.title')}
        {may && (
          <span>
            <button type="button" className="linkbtn" onClick={() => onAct('due')}>
              {t('act.due')}
            </button>
          </span>
        )}
      </h3>
      {ticket.due_dates.length === 0 && <p className="hint">{t('due.none')}</p>}
      <ul className="promises">
        {ticket.due_dates.map((due) => (
          <li key={due.id}>
            <Icon name={due.state === 'approved' ? 'checkCircle' : due.state === 'asked' ? 'clock' : 'x'} small />
            <span>
              <b>{t(`clock.${due.clock}`)}</b> <When at={due.due_at} />
              <br />
              <span className="dim">
                {t(`due.state.${due.state}`)}
                {due.decided_by && `, ${due.decided_by.name}`}
                {due.decision_reason && `: ${due.decision_reason}`}
              </span>
              <br />
              <span className="dim">
                {due.asked_by.name}: {due.reason}
              </span>
              {due.state === 'asked' && (due.may_decide || due.asked_by.id === me) && (
                <>
                  <br />
                  <button type="button" className="btn sm" onClick={() => setDeciding(due)}>
                    {due.may_decide ? t('due.decide') : t('due.do.withdraw')}
                  </button>
                </>
              )}
              {due.state === 'asked' && !due.may_decide && due.why_not && <p className="hint">{due.why_not}</p>}
            </span>
          </li>
        ))}
      </ul>
      {deciding && <DecideDueDate ticket={ticket} due={deciding} onClose={() => setDeciding(undefined)} />}
    </section>
  );
}

function Explanation({ ticket, clock }: { ticket: Ticket; clock: Clock }) {
  const explained = useExplanation(ticket.id, clock.id);
  if (explained.isPending) return <Loading />;
  if (!explained.data) return <p className="hint">{t('clock.explain_failed')}</p>;
  return (
    <div className="explanation">
      <p>{explained.data.text}</p>
      <ol className="segments-list">
        {explained.data.segments.map((segment) => (
          <li key={segment.from} className={segment.counted ? 'counted' : 'not-counted'}>
            <Icon
              name={segment.counted ? 'clock' : 'pause'}
              small
              label={segment.counted ? t('clock.counted') : t('clock.not_counted')}
            />
            <span>
              <When at={segment.from} /> – <When at={segment.to} /> · <b className="num">{span(segment.seconds)}</b>
              <br />
              <span className="dim">{segment.text}</span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
