import type { ClockKind, Ticket } from '@lib/dto';
import { t } from '@lib/i18n';
import { span, timeOfDay } from '@lib/time';
import { useSession } from '../session';
import { useNow } from '../store';
import { Icon, When } from '../ui/basics';
import { ClockBlock } from '../ui/clocks';

const kOrder: ClockKind[] = ['acknowledge', 'first_response', 'next_response', 'keep_informed', 'resolution'];

export function ClockStrip({ ticket, onExplain }: { ticket: Ticket; onExplain: () => void }) {
  // One block a kind: of several rounds of one clock, the last counts.
  const clocks = kOrder
    .map((kind) =>
      ticket.clocks
        .filter((clock) => clock.kind === kind && clock.state !== 'cancelled')
        .sort((a, b) => a.started_at.localeCompare(b.started_at))
        .at(-1),
    )
    .filter((clock) => clock !== undefined);
  const newest = (kind: string) =>
    ticket.promises
      .filter((promise) => promise.kind === kind && promise.outcome === 'open')
      .sort((a, b) => a.made_at.localeCompare(b.made_at))
      .at(-1);
  const eta = newest('eta');
  const update = newest('next_update');
  if (clocks.length === 0 && !eta && !update) return null;
  return (
    <section className="clock-strip" aria-label={t('clock.label')}>
      {clocks.map((clock) => (
        <ClockBlock key={clock.id} clock={clock} onExplain={onExplain} />
      ))}
      {(eta ?? update) && <PromiseBlock eta={eta} update={update} />}
    </section>
  );
}

type P = Ticket['promises'][number] | undefined;

function PromiseBlock({ eta, update }: { eta: P; update: P }) {
  const now = useNow();
  const zone = useSession().zone;
  const main = eta ?? update;
  if (!main) return null;
  const left = (Date.parse(main.at) - now) / 1000;
  return (
    <div className={left < 0 ? 'clock breach' : 'clock'}>
      <span className="clock-name">
        <Icon name="flag" small />
        {eta ? t('promise.eta') : t('promise.next_update')}
      </span>
      <span className="clock-figures">
        <When at={main.at} />
        {main.until && `–${timeOfDay(main.until, zone)}`}{' '}
        <small>{left >= 0 ? t('promise.in', { span: span(left) }) : t('promise.late', { span: span(left) })}</small>
      </span>
      <span className="clock-note">
        {[
          main.moved > 0 && t('promise.moved', { n: main.moved }),
          eta && update && t('promise.update_at', { at: timeOfDay(update.at, zone) }),
          t('promise.by', { name: main.by.name }),
        ]
          .filter(Boolean)
          .slice(0, 2)
          .join(', ')}
      </span>
    </div>
  );
}
