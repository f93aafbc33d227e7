import { patch, post } from '@lib/api';
import type { State, Ticket } from '@lib/dto';
import { t } from '@lib/i18n';
import { hexagon } from '@lib/icons';
import { Link } from '@tanstack/react-router';
import type { Ref } from 'react';
import { type Presence, tookTicket } from '../data';
import { may, useSession } from '../session';
import { Avatar, ChannelIcon, Icon, Lang, Prio, StateWord, When } from '../ui/basics';
import { ActionMenu } from '../ui/menu';
import { done, failed } from '../ui/toast';
import type { Act } from './acts';

export const kStates: State[] = [
  'open',
  'waiting_customer',
  'waiting_third_party',
  'scheduled',
  'in_approval',
  'resolved',
  'closed',
  'merged',
  'spam',
];

type Props = {
  ticket: Ticket;
  others: Presence[];
  moreRef: Ref<HTMLButtonElement>;
  onAct: (act: Act) => void;
  onBack: () => void;
  onSide: () => void;
  onExplain: () => void;
  onCopy: () => void;
};

export function TicketHead({ ticket, others, moreRef, onAct, onBack, onSide, onExplain, onCopy }: Props) {
  const session = useSession();
  const following = ticket.watchers.some((one) => one.id === session.id);
  const follow = async () => {
    try {
      tookTicket(await patch<Ticket>(`/tickets/${ticket.id}`, { watch: !following }));
      done(following ? t('act.unfollowed') : t('act.followed'));
    } catch (error) {
      failed(error);
    }
  };
  const route = async () => {
    try {
      const made = await post<Ticket>(`/tickets/${ticket.id}/route`);
      tookTicket(made);
      done(made.assignee ? t('act.routed', { name: made.assignee.name }) : t('act.routed_none'));
    } catch (error) {
      failed(error);
    }
  };
  return (
    <header className="ticket-head">
      <div className="ticket-line">
        <button type="button" className="iconbtn narrow" aria-label={t('ticket.back')} onClick={onBack}>
          <Icon name="back" />
        </button>
        <button type="button" className="ticket-number num" onClick={onCopy} title={t('ticket.copy')}>
          {ticket.number}
        </button>
        <span aria-hidden="true">·</span>
        <span className="nowrap">{t(`kind.${ticket.kind}`)}</span>
        {!['merged', 'spam'].includes(ticket.state) && <Steps step={ticket.step} />}
        <span className="end">
          {others.slice(0, 2).map((one) => (
            <span key={one.staff.id} className="chip line wide-only">
              <Icon name={one.doing === 'typing' ? 'edit' : 'eye'} small />
              {t(`presence.${one.doing}`, { name: one.staff.name.split(' ')[0] })}
            </span>
          ))}
          <button type="button" className="btn sm" onClick={() => onAct('assign')}>
            {t('act.assign')} <kbd>a</kbd>
          </button>
          <ActionMenu
            label={t('ticket.more')}
            target={
              <button
                type="button"
                className="iconbtn"
                ref={moreRef}
                aria-label={t('ticket.more')}
                title={`${t('ticket.more')} (m)`}
              >
                <Icon name="more" />
              </button>
            }
            groups={[
              {
                label: t('ticket.acts'),
                items: [
                  { key: 'state', label: t('act.state'), icon: 'flag', hint: 'e', act: () => onAct('state') },
                  { key: 'work', label: t('act.work'), icon: 'wrench', act: () => onAct('work') },
                  { key: 'evidence', label: t('act.evidence'), icon: 'upload', act: () => onAct('evidence') },
                  { key: 'promise', label: t('act.promise'), icon: 'calendar', act: () => onAct('promise') },
                  { key: 'approval', label: t('act.approval'), icon: 'stamp', act: () => onAct('approval') },
                  { key: 'call', label: t('act.call'), icon: 'phone', act: () => onAct('call') },
                  ...(may('page.handle')
                    ? [{ key: 'page', label: t('act.page'), icon: 'bell' as const, act: () => onAct('page') }]
                    : []),
                ],
              },
              {
                label: t('ticket.changes'),
                items: [
                  { key: 'triage', label: t('act.triage'), icon: 'rules', act: () => onAct('triage') },
                  { key: 'override', label: t('act.override'), icon: 'warning', act: () => onAct('override') },
                  { key: 'route', label: t('act.route'), icon: 'route', act: () => void route() },
                  { key: 'merge', label: t('act.merge'), icon: 'merge', act: () => onAct('merge') },
                  { key: 'split', label: t('act.split'), icon: 'copy', act: () => onAct('split') },
                  {
                    key: 'follow',
                    label: following ? t('act.unfollow') : t('act.follow'),
                    icon: 'eye',
                    act: () => void follow(),
                  },
                  { key: 'copy', label: t('ticket.copy'), icon: 'copy', hint: '.', act: onCopy },
                ],
              },
            ]}
          />
          <button type="button" className="iconbtn narrow" aria-label={t('side.label')} onClick={onSide}>
            <Icon name="menu" />
          </button>
        </span>
      </div>
      <h2 className="ticket-title" lang={ticket.language} dir="auto">
        {ticket.subject}
      </h2>
      <div className="ticket-facts">
        <button type="button" className="why" onClick={onExplain}>
          <Prio value={ticket.priority} />
          <span>
            {ticket.priority_override
              ? t('ticket.because_override', { name: ticket.priority_override.by.name })
              : t('ticket.because', { impact: ticket.impact, urgency: ticket.urgency })}
            , <u>{t('ticket.explain')}</u>
          </span>
        </button>
        <button type="button" className="chip acc" onClick={() => onAct('state')} title={`${t('act.state')} (e)`}>
          <StateWord state={ticket.state} />
        </button>
        {ticket.technology && <span className="chip">{ticket.technology.name}</span>}
        <span className="chip">
          <ChannelIcon channel={ticket.channel} />
          <Lang value={ticket.language} />
        </span>
        <span className="ticket-assignee">
          <Avatar name={ticket.assignee?.name} />
          {ticket.assignee?.name ?? ticket.team?.name ?? t('ticket.unassigned')}
        </span>
      </div>
      {ticket.merged_into && (
        <p className="banner">
          <Icon name="merge" small />
          {t('ticket.merged_into')}{' '}
          <Link to="/t/$number" params={{ number: ticket.merged_into.number }}>
            {ticket.merged_into.number}
          </Link>
        </p>
      )}
      {ticket.scheduled_until && (
        <p className="banner">
          <Icon name="calendar" small />
          {t('ticket.sleeps')} <When at={ticket.scheduled_until} />
        </p>
      )}
    </header>
  );
}

function Steps({ step }: { step: number }) {
  const now = Math.min(5, Math.max(1, step));
  const name = t(`step.${now}`);
  return (
    <>
      <span className="wide-only" aria-hidden="true">
        ·
      </span>
      <span className="steps wide-only" role="img" aria-label={t('step.label', { now, name })}>
        {[1, 2, 3, 4, 5].map((one) => (
          <svg
            key={one}
            viewBox="0 0 28 24"
            className={one < now ? 'step-past' : one === now ? 'step-now' : undefined}
            aria-hidden="true"
          >
            <path d={hexagon} />
          </svg>
        ))}
      </span>
      <span className="wide-only nowrap" aria-hidden="true">
        {t('step.label', { now, name })}
      </span>
    </>
  );
}
