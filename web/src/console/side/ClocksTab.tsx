import type { Clock, Ticket } from '@lib/dto';
import { t } from '@lib/i18n';
import { span } from '@lib/time';
import { useState } from 'react';
import { useClocks, useExplanation } from '../data';
import type { Act } from '../ticket/acts';
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
