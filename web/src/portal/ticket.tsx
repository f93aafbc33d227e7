/** @jsxImportSource preact */
// One request: what is so, what you must do, when you hear next, what was done, what was said.
import type { PortalTicket, Session } from '@lib/dto';
import { t } from '@lib/i18n';
import { exact } from '@lib/time';
import { useState } from 'preact/hooks';
import { AskCard } from './confirm';
import { Conversation } from './conversation';
import { takeNotice, useLoaded } from './data';
import { Done } from './done';
import { kHome } from './router';
import { StatusCard } from './status';
import { Icon, Problem, Title, Waiting } from './ui';
import { moment, monthOf, priorityWord } from './words';

function Head({ ticket, zone, now }: { ticket: PortalTicket; zone: string; now: Date }) {
  return (
    <header class="head">
      <p>
        <span class="num">{ticket.number}</span>
        <span aria-hidden="true">·</span>
        <span title={exact(ticket.opened_at, zone)}>
          {t('ticket.opened', { when: moment(ticket.opened_at, zone, now) })}
        </span>
        <span aria-hidden="true">·</span>
        <span>{priorityWord(ticket.priority)}</span>
      </p>
      <Title name={`${ticket.number} ${ticket.subject}`}>
        <bdi>{ticket.subject}</bdi>
      </Title>
    </header>
  );
}

function specialistWords({ name, level }: { name: string; level?: number }): string {
  return level ? t('who.level', { name, level }) : name;
}

function Who({ ticket }: { ticket: PortalTicket }) {
  const contract = ticket.contract;
  const facts: [string, string | undefined][] = [
    [t('who.specialist'), ticket.specialist ? specialistWords(ticket.specialist) : t('who.nobody_yet')],
    [t('who.reviewer'), ticket.reviewer?.name],
    [t('who.technology'), ticket.technology],
    [
      t('who.contract'),
      contract &&
        (contract.ends_on ? t('who.until', { name: contract.name, month: monthOf(contract.ends_on) }) : contract.name),
    ],
    [t('who.asked_by'), ticket.requester],
    [t('who.cc'), ticket.cc.join(', ')],
  ];
  const known = ticket.assurance === 'authenticated' || ticket.assurance === 'verified';
  return (
    <section class="card who" aria-labelledby="who-title">
      <h2 id="who-title">{t('who.title')}</h2>
      <dl>
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <p class={known ? 'identity' : 'identity unsure'}>
        <Icon name="shield" />
        <span>{t(`identity.${ticket.assurance}`)}</span>
      </p>
    </section>
  );
}

export function TicketPage({ id, session }: { id: string; session: Session }) {
  const loaded = useLoaded<PortalTicket>(`/portal/tickets/${encodeURIComponent(id)}`, true);
  const { value: ticket, error, stale, reload, set } = loaded;
  const [notice] = useState(takeNotice);
  const zone = session.zone;
  const now = new Date();
  if (!ticket) return error === undefined ? <Waiting lines={8} /> : <Problem error={error} retry={reload} />;
  return (
    <div class="wrap">
      <a class="back" href={kHome}>
        <Icon name="back" />
        {t('ticket.all')}
      </a>
      <Head ticket={ticket} zone={zone} now={now} />
      {notice && (
        <p class="hold" role="alert">
          <Icon name="warning" />
          {notice}
        </p>
      )}
      {stale && (
        <p class="hold" role="status">
          <Icon name="warning" />
          {t('ticket.stale')}
        </p>
      )}
      <div class="main">
        <StatusCard ticket={ticket} zone={zone} now={now} />
        <Done ticket={ticket} zone={zone} now={now} />
        <Conversation ticket={ticket} session={session} now={now} onSent={reload} />
      </div>
      <aside class="side" aria-label={t('ticket.side')}>
        <AskCard ticket={ticket} zone={zone} onDone={set} reload={reload} />
        <Who ticket={ticket} />
      </aside>
    </div>
  );
}
