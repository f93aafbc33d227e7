import { post } from '@lib/api';
import type { Ticket } from '@lib/dto';
import { t } from '@lib/i18n';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useCommands } from '../commands';
import type { Pane } from '../Desk';
import { client, refreshLists, useEntries, usePresence, useTicket } from '../data';
import { PageBanner } from '../paging/PageBanner';
import { useSession } from '../session';
import { Side, type SideTab } from '../side/Side';
import { openTab } from '../tabs';
import { Empty, Loading } from '../ui/basics';
import { done, explainError } from '../ui/toast';
import type { Act } from './acts';
import { ClockStrip } from './ClockStrip';
import { Composer, type ComposerKind } from './Composer';
import { TicketHead } from './TicketHead';
import { Timeline } from './Timeline';

const ActDialog = lazy(() => import('./acts').then((module) => ({ default: module.ActDialog })));

type Props = { number: string; view: string; pane: Pane; onPane: (pane: Pane) => void; onBack: () => void };

export function TicketPane(props: Props) {
  const ticket = useTicket(props.number);
  if (ticket.isPending) {
    return (
      <section className="ticket">
        <Loading lines={6} />
      </section>
    );
  }
  if (ticket.isError || !ticket.data) {
    return (
      <section className="ticket none">
        <Empty icon="alert" title={t('ticket.failed')}>
          <p>{explainError(ticket.error)}</p>
          <button type="button" className="btn" onClick={props.onBack}>
            {t('ticket.back')}
          </button>
        </Empty>
      </section>
    );
  }
  return <TicketView {...props} ticket={ticket.data} />;
}

function TicketView({ ticket, view, pane, onPane, onBack }: Props & { ticket: Ticket }) {
  const entries = useEntries(ticket.id);
  const presence = usePresence(ticket.id);
  const session = useSession();
  const [act, setAct] = useState<Act>();
  const [tab, setTab] = useState<SideTab>('triage');
  const [kind, setKind] = useState<ComposerKind>('reply');
  const composer = useRef<{ focus: () => void; insert: (text: string) => void }>(null);
  const more = useRef<HTMLButtonElement>(null);

  useEffect(
    () => openTab({ number: ticket.number, subject: ticket.subject, view }),
    [ticket.number, ticket.subject, view],
  );
  useEffect(() => {
    if (!ticket.unread) return;
    post<void>(`/tickets/${ticket.id}/read`)
      .then(refreshLists)
      .catch(() => undefined);
  }, [ticket.id, ticket.unread]);
  useEffect(() => {
    const say = (doing: string) => void post(`/tickets/${ticket.id}/presence`, { doing }).catch(() => undefined);
    say('viewing');
    const timer = setInterval(() => say('viewing'), 30_000);
    return () => {
      clearInterval(timer);
      say('gone');
    };
  }, [ticket.id]);

  const compose = (next: ComposerKind) => {
    setKind(next);
    composer.current?.focus();
  };
  const copy = () =>
    void navigator.clipboard?.writeText(ticket.number).then(() => done(t('ticket.copied', { number: ticket.number })));
  useCommands({
    reply: () => compose('reply'),
    note: () => compose('note'),
    internal: () => compose(kind === 'reply' ? 'note' : 'reply'),
    assign: () => setAct('assign'),
    escalate: () => setAct('state'),
    macro: () => more.current?.click(),
    copy_number: copy,
  });

  const explain = (where: SideTab) => {
    setTab(where);
    onPane('side');
  };
  const others = (presence.data ?? []).filter((one) => one.staff.id !== session.id && one.doing !== 'gone');
  return (
    <>
      <section className="ticket" aria-label={t('ticket.label', { number: ticket.number })}>
        <TicketHead
          ticket={ticket}
          others={others}
          moreRef={more}
          onAct={setAct}
          onBack={onBack}
          onSide={() => onPane('side')}
          onExplain={() => explain('triage')}
          onCopy={copy}
        />
        <PageBanner ticket={ticket} />
        <ClockStrip ticket={ticket} onExplain={() => explain('clocks')} />
        <Timeline
          ticket={ticket}
          entries={entries.data}
          failed={entries.isError}
          onAct={setAct}
          onRetry={() => void entries.refetch()}
          onEvidence={() => explain('evidence')}
        />
        <Composer
          ref={composer}
          key={ticket.id}
          ticket={ticket}
          entries={entries.data ?? []}
          kind={kind}
          onKind={setKind}
          onSent={() => void client.invalidateQueries({ queryKey: ['entries', ticket.id] })}
        />
      </section>
      <Side
        ticket={ticket}
        tab={tab}
        onTab={setTab}
        pane={pane}
        onBack={() => onPane('ticket')}
        onAct={setAct}
        onInsert={(text) => composer.current?.insert(text)}
      />
      <Suspense>{act && <ActDialog act={act} ticket={ticket} onClose={() => setAct(undefined)} />}</Suspense>
    </>
  );
}
