/** @jsxImportSource preact */
import type { PortalTicket } from '@lib/dto';
import { t } from '@lib/i18n';
import type { IconName } from '@lib/icons';
import { exact } from '@lib/time';
import { Cell, Icon } from './ui';
import { brief, dayWord, distance, firstName, headline, outlook, promised } from './words';

type Step = PortalTicket['steps'][number];

function stepNote(step: Step, ticket: PortalTicket, zone: string, now: Date): string {
  if (step.state === 'now') return t('step.now');
  if (!step.at) return step.key === 'closed' ? t('step.closed_note') : '';
  const when = brief(step.at, zone, now);
  return step.key === 'classified' ? `${when}, ${ticket.priority}` : when;
}

function Comb({ ticket, zone, now }: { ticket: PortalTicket; zone: string; now: Date }) {
  return (
    <ol class="comb" aria-label={t('step.label')}>
      {ticket.steps.map((step, at) => (
        <li key={step.key} class={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
          <Cell done={step.state === 'done'} figure={at + 1} />
          <span>
            {t(`step.${step.key}`)}
            {step.state === 'done' && <span class="sr">{t('step.done')}</span>}
            <small>{stepNote(step, ticket, zone, now)}</small>
          </span>
        </li>
      ))}
    </ol>
  );
}

function Figure(props: { icon: IconName; name: string; big: string; small: string; title?: string }) {
  return (
    <div>
      <dt>
        <Icon name={props.icon} />
        {props.name}
      </dt>
      <dd title={props.title}>{props.big}</dd>
      <dd>{props.small}</dd>
    </div>
  );
}

function Promises({ ticket, zone, now }: { ticket: PortalTicket; zone: string; now: Date }) {
  const { eta, next_update: update, promises } = ticket;
  const solved = ticket.status === 'to_confirm';
  const [etaBig, etaSmall] = solved
    ? [t('promise.solved'), t('promise.solved_note')]
    : eta
      ? promised(eta.at, eta.until, zone, now)
      : [t('promise.none'), t('promise.eta_soon')];
  const updateBig = update ? promised(update.at, undefined, zone, now)[0] : t('promise.none');
  const updateSmall = update
    ? t('promise.from', {
        when: new Date(update.at) < now ? dayWord(update.at, zone, now) : distance(update.at, now),
        name: firstName(update.by),
      })
    : t('promise.on_change');
  return (
    <dl class="eta">
      <Figure icon="flag" name={t('promise.eta')} big={etaBig} small={etaSmall} title={eta && exact(eta.at, zone)} />
      {!solved && (
        <Figure
          icon="clock"
          name={t('promise.next_update')}
          big={updateBig}
          small={updateSmall}
          title={update && exact(update.at, zone)}
        />
      )}
      <Figure
        icon="checkCircle"
        name={t('promise.promises')}
        big={promises.total ? t('promise.kept', { kept: promises.kept, total: promises.total }) : t('promise.none_yet')}
        small={t('promise.here')}
      />
    </dl>
  );
}

const icons = { kept: 'checkCircle', broken: 'alert', moved: 'flag', open: 'clock' } as const;

/** Every time that was promised, and what became of it. */
function History({ ticket, zone }: { ticket: PortalTicket; zone: string }) {
  const { history } = ticket.promises;
  return history.length === 0 ? null : (
    <details class="promised">
      <summary>{t('promise.history')}</summary>
      <ul>
        {history.map((one) => (
          <li key={one.kind + one.at}>
            <Icon name={icons[one.outcome]} />
            <span>
              {t(`promise.${one.kind}`)}: <b>{exact(one.at, zone)}</b>
              <small>
                {[t(`promise.was.${one.outcome}`), one.moved > 0 && t('promise.moved', { n: one.moved }), one.by]
                  .filter(Boolean)
                  .join(', ')}
              </small>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function StatusCard({ ticket, zone, now }: { ticket: PortalTicket; zone: string; now: Date }) {
  return (
    <section class="card stat" aria-labelledby="status-title">
      <div role="status">
        <h2 id="status-title">{headline(ticket)}</h2>
        <p>{outlook(ticket, zone, now)}</p>
      </div>
      <Comb ticket={ticket} zone={zone} now={now} />
      {ticket.status !== 'closed' && <Promises ticket={ticket} zone={zone} now={now} />}
      <History ticket={ticket} zone={zone} />
    </section>
  );
}
