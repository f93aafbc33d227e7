// One line of the timeline, by its kind. Each kind has its own shape, so that none is taken for another.
import { post } from '@lib/api';
import type { Approval, Assurance, Evidence, PageRunLine, Ticket } from '@lib/dto';
import { bytes, t } from '@lib/i18n';
import type { IconName } from '@lib/icons';
import { diffLines, linkify, shortHash } from '@lib/text';
import { exact, timeOfDay } from '@lib/time';
import { useState } from 'react';
import { refreshTicket, type TimelineEntry } from '../data';
import { pageLine } from '../paging/words';
import { currentSession, useSession } from '../session';
import { Avatar, Icon, When } from '../ui/basics';
import { Stars } from '../ui/stars';
import { done, failed } from '../ui/toast';
import type { Act } from './acts';

type Props = {
  entry: TimelineEntry;
  ticket: Ticket;
  workNumber?: number;
  onAct: (act: Act) => void;
  onEvidence: () => void;
};

const text = (value: unknown) => (typeof value === 'string' ? value : '');

export function EntryView(props: Props) {
  switch (props.entry.kind) {
    case 'message':
      return <Message {...props} />;
    case 'note':
      return <Note {...props} />;
    case 'call':
      return <Call {...props} />;
    case 'work_record':
      return <Work {...props} />;
    case 'evidence':
      return <EvidenceLine {...props} />;
    case 'approval':
      return <ApprovalLine {...props} />;
    case 'promise':
      return <PromiseLine {...props} />;
    case 'survey':
      return <SurveyLine {...props} />;
    default:
      return <SystemLine {...props} />;
  }
}

export function Plain({ value, lang }: { value: string; lang?: string }) {
  return (
    <div className="plain" lang={lang} dir="auto">
      {linkify(value).map((piece, i) =>
        piece.href ? (
          <a
            key={i}
            href={piece.href}
            target={piece.href.startsWith('/') ? undefined : '_blank'}
            rel="noopener noreferrer nofollow"
          >
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </div>
  );
}

function Body({ entry, lang }: { entry: TimelineEntry; lang?: string }) {
  const [quoted, setQuoted] = useState(false);
  return (
    <div className="entry-body">
      {entry.body_html ? (
        // The server has cleaned it: no script, no style, no outside picture comes through.
        <div className="rich" lang={lang} dir="auto" dangerouslySetInnerHTML={{ __html: entry.body_html }} />
      ) : (
        <Plain value={entry.body_text ?? ''} lang={lang} />
      )}
      {entry.quoted_text && (
        <>
          <button type="button" className="quote-fold" aria-expanded={quoted} onClick={() => setQuoted(!quoted)}>
            <Icon name="more" small />
            {quoted ? t('entry.quote_hide') : t('entry.quote_show')}
          </button>
          {quoted && <blockquote className="quoted">{entry.quoted_text}</blockquote>}
        </>
      )}
      {entry.attachments.length > 0 && (
        <ul className="files">
          {entry.attachments.map((file) => (
            <li key={file.id}>
              <a className="chip line" href={`/api/v1/evidence/${file.id}/content`} download={file.filename}>
                <Icon name="clip" small />
                <bdi>{file.filename}</bdi>
                <span className="num">{bytes(file.size)}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const kAssurance: Record<Assurance, { tone: string; icon: IconName }> = {
  verified: { tone: 'ok', icon: 'shield' },
  authenticated: { tone: 'ok', icon: 'shield' },
  claimed: { tone: 'warn', icon: 'warning' },
  unknown: { tone: 'bad', icon: 'alert' },
};

export function AssuranceChip({ level }: { level: Assurance }) {
  const { tone, icon } = kAssurance[level] ?? kAssurance.unknown;
  return (
    <span className={`chip ${tone}`} title={t(`assurance.hint.${level}`)}>
      <Icon name={icon} small />
      {t(`assurance.${level}`)}
    </span>
  );
}

function Delivery({ entry }: { entry: TimelineEntry }) {
  const state = entry.delivery?.state;
  if (!state || state === 'received') return null;
  const icon: IconName = state === 'sent' ? 'check' : state === 'failed' ? 'alert' : 'clock';
  return (
    <span className={`delivery ${state}`} title={entry.delivery?.detail}>
      <Icon name={icon} small />
      {t(`delivery.${state}`)}
    </span>
  );
}

function Message({ entry, ticket }: Props) {
  const ours = entry.author.kind === 'staff';
  const to = [...(entry.recipients?.to ?? []), ...(entry.recipients?.cc ?? [])];
  const first = ticket.contact?.name ?? to[0] ?? '';
  return (
    <article className={ours ? 'entry ours' : 'entry'} aria-label={ours ? t('entry.ours') : t('entry.theirs')}>
      <header>
        <Avatar name={entry.author.name} />
        <b>{entry.author.name}</b>
        <span className="who" title={to.join(', ')}>
          {ours
            ? to.length > 1
              ? t('entry.to_more', { name: first, n: to.length - 1 })
              : t('entry.to', { name: first })
            : t('entry.customer')}
        </span>
        <Icon name={ticket.channel === 'portal' && !ours ? 'globe' : 'mail'} small />
        {ours ? <Delivery entry={entry} /> : entry.assurance && <AssuranceChip level={entry.assurance} />}
        <When at={entry.at} ago={!ours} />
      </header>
      <Body entry={entry} lang={ticket.language} />
    </article>
  );
}

function Note({ entry }: Props) {
  return (
    <article className="entry note" aria-label={t('entry.note')}>
      <header>
        <span className="note-tag">
          <Icon name="lock" small />
          {t('entry.note_tag')}
        </span>
        <b>{entry.author.name}</b>
        <span className="who">{t('entry.note_hidden')}</span>
        <When at={entry.at} />
      </header>
      <Body entry={entry} />
    </article>
  );
}

function Call({ entry }: Props) {
  const seconds = Number(entry.data.seconds ?? 0);
  return (
    <article className="entry call" aria-label={t('entry.call')}>
      <header>
        <span className="kind">
          <Icon name="phone" small />
          {entry.data.direction === 'out' ? t('entry.call_out') : t('entry.call_in')}
        </span>
        <span className="who">
          {entry.author.name} · {entry.data.contact_made ? t('entry.call_reached') : t('entry.call_missed')} ·{' '}
          {t('entry.minutes', { n: Math.max(1, Math.round(seconds / 60)) })}
        </span>
        <When at={entry.at} />
      </header>
      <Body entry={entry} />
    </article>
  );
}

function Work({ entry, workNumber }: Props) {
  const [more, setMore] = useState(false);
  const before = text(entry.data.before);
  const after = text(entry.data.after);
  const command = text(entry.data.command);
  const ok = entry.data.ok !== false;
  const lines = before || after ? diffLines(before, after) : [];
  const changed = lines.filter((line) => line.sign !== ' ');
  const shown = more ? lines : changed.slice(0, 6);
  return (
    <article className="entry work" aria-label={t('entry.work')}>
      <header>
        <span className="kind">
          <Icon name="wrench" small />
          {t('entry.work_n', { n: workNumber ?? 0 })}
        </span>
        <span className="who">{entry.author.name}</span>
        <When at={entry.at} />
      </header>
      <p className="work-action">{text(entry.data.action)}</p>
      {shown.length > 0 && (
        <pre className="diff">
          {shown.map((line, i) => (
            <span key={i} className={line.sign === '-' ? 'del' : line.sign === '+' ? 'ins' : undefined}>
              <span className="diff-word">
                {line.sign === '-' ? t('entry.before') : line.sign === '+' ? t('entry.after') : ''}
              </span>
              {line.sign === '-' ? '−' : line.sign} {line.text}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
      {more && command && (
        <pre className="diff command">
          <span className="sr">{t('work.command')}: </span>
          {command}
        </pre>
      )}
      <p className={ok ? 'work-result' : 'work-result bad'}>
        <Icon name={ok ? 'checkCircle' : 'alert'} small />
        <span>
          <b>{ok ? t('entry.result') : t('entry.result_bad')}</b> {text(entry.data.result)}
        </span>
        {(command || lines.length > shown.length || more) && (
          <button type="button" className="linkbtn" aria-expanded={more} onClick={() => setMore(!more)}>
            {more ? t('entry.less') : command ? t('entry.command') : t('entry.more')}
          </button>
        )}
      </p>
    </article>
  );
}

function custodyText(file: Evidence, zone: string): string {
  return file.custody
    .slice(0, 3)
    .map((event) => `${event.by.split(' ')[0]} ${t(`custody.${event.act}`)} ${timeOfDay(event.at, zone)}`)
    .join(' → ');
}

function EvidenceLine({ entry, onEvidence }: Props) {
  const file = entry.attachments[0];
  const zone = useSession().zone;
  return (
    <article className="entry strip" aria-label={t('entry.evidence')}>
      <span className="strip-icon">
        <Icon name="file" />
      </span>
      <div className="strip-text">
        <p className="clip">
          <b>
            <bdi>{file?.filename ?? text(entry.data.filename) ?? t('entry.evidence')}</bdi>
          </b>
          {file && (
            <>
              {' '}
              · {bytes(file.size)} · <code>sha256 {shortHash(file.sha256)}</code>
            </>
          )}
        </p>
        <p className="clip">
          {file && (
            <>
              <Custody file={file} /> {custodyText(file, zone)}
              {' · '}
            </>
          )}
          {entry.visibility === 'public' ? t('entry.customer_sees') : t('entry.customer_sees_not')}
        </p>
      </div>
      <When at={entry.at} />
      <button type="button" className="btn sm" onClick={onEvidence}>
        {t('entry.open')}
      </button>
    </article>
  );
}

export function Custody({ file }: { file: Evidence }) {
  if (file.intact === false) {
    return (
      <span className="custody bad">
        <Icon name="alert" small />
        {t('evidence.broken')}
      </span>
    );
  }
  return (
    <span className="custody ok">
      <Icon name="check" small />
      {t('evidence.sealed')}
    </span>
  );
}

function ApprovalLine({ entry, ticket, onAct }: Props) {
  const act = text(entry.data.act) || 'asked';
  const current =
    ticket.approval?.id === entry.data.approval_id || ticket.approval?.state === 'asked' ? ticket.approval : undefined;
  const open = act === 'asked' && current?.state === 'asked' ? current : undefined;
  return (
    <article className="entry strip approval" aria-label={t('entry.approval')}>
      <span className="strip-icon hold">
        <Icon name="stamp" />
      </span>
      <div className="strip-text">
        <p>
          <b>
            {t(`approval.${act}`)}
            {open?.summary ? `: ${open.summary}` : entry.body_text ? `: ${entry.body_text}` : ''}
          </b>
        </p>
        <p>
          {open
            ? open.approver
              ? t('approval.with', { name: open.approver.name })
              : t('approval.with_any')
            : t('approval.by', { name: entry.author.name })}
          {open && !open.may_decide && open.why_not && ` ${open.why_not}`}
          {text(entry.data.reason) && ` “${text(entry.data.reason)}”`}
        </p>
      </div>
      {open ? <ApprovalButtons approval={open} ticket={ticket} onAct={onAct} /> : <When at={entry.at} />}
    </article>
  );
}

function ApprovalButtons({
  approval,
  ticket,
  onAct,
}: {
  approval: Approval;
  ticket: Ticket;
  onAct: (act: Act) => void;
}) {
  const session = useSession();
  const withdraw = async () => {
    try {
      await post(`/approvals/${approval.id}/decision`, { decision: 'withdraw' });
      refreshTicket(ticket);
      done(t('approval.withdrawn'));
    } catch (error) {
      failed(error);
    }
  };
  return (
    <>
      {approval.may_decide && (
        <button type="button" className="btn sm pri" onClick={() => onAct('decide')}>
          {t('approval.decide')}
        </button>
      )}
      {approval.asked_by.id === session.id && (
        <button type="button" className="btn sm ghost" onClick={() => void withdraw()}>
          {t('approval.withdraw')}
        </button>
      )}
    </>
  );
}

function PromiseLine({ entry }: Props) {
  const kind = text(entry.data.kind) || 'eta';
  const act = text(entry.data.act) || 'made';
  const tone = act === 'broken' ? 'bad' : act === 'kept' ? 'ok' : '';
  const at = text(entry.data.at);
  return (
    <article className="entry strip slim" aria-label={t('entry.promise')}>
      <span className={`strip-icon ${tone}`}>
        <Icon name={act === 'kept' ? 'checkCircle' : act === 'broken' ? 'alert' : 'flag'} />
      </span>
      <div className="strip-text">
        <p>
          <b>{t(`promise.act.${act}`, { kind: t(`promise.${kind}`) })}</b> {at && <When at={at} />}
        </p>
        <p>
          {entry.author.name}
          {text(entry.data.reason) && `: ${text(entry.data.reason)}`}
        </p>
      </div>
      <When at={entry.at} />
    </article>
  );
}

function SurveyLine({ entry }: Props) {
  return (
    <article className="entry strip slim" aria-label={t('entry.survey')}>
      <span className="strip-icon">
        <Icon name="star" />
      </span>
      <div className="strip-text">
        <p>
          <b>{t('entry.survey')}</b> <Stars score={Number(entry.data.score ?? 0)} />
        </p>
        {text(entry.data.comment) && <p dir="auto">“{text(entry.data.comment)}”</p>}
      </div>
      <When at={entry.at} />
    </article>
  );
}

/** What a system entry says of service levels, due times, merges and splits; undefined: it speaks of something else. */
function systemAct(data: TimelineEntry['data']): string | undefined {
  const due = () => ({
    clock: t(`clock.${text(data.clock)}`),
    at: text(data.due) ? exact(text(data.due), currentSession()?.zone) : '',
    name: text(data.approver),
  });
  switch (data.act) {
    case 'policy':
      return t('system.policy', { name: text(data.to) });
    case 'merged_from':
      return t('system.merged_from', { number: text(data.number) });
    case 'split_into':
      return t('system.split_into', { number: text(data.number) });
    case 'split_from':
      return t('system.split_from', { number: text(data.number) });
    case 'due_date_asked':
      return t('system.due_asked', due());
    case 'manual_due':
      return t('system.due_set', due());
    case 'due_date_rejected':
      return t('system.due_rejected', due());
    case 'due_date_withdrawn':
      return t('system.due_withdrawn', due());
    default:
      return undefined;
  }
}

/** What the machine or a person changed, in one line. */
export function systemText(entry: TimelineEntry): string {
  const data = entry.data;
  const known = (prefix: string, value: unknown) => {
    const id = `${prefix}.${text(value)}`;
    const words = t(id);
    return words === id ? text(value) : words;
  };
  switch (entry.kind) {
    case 'state_change':
      return t('system.state', { from: known('state', data.from), to: known('state', data.to) });
    case 'triage': {
      const prefix = data.field === 'kind' ? 'kind' : data.field === 'state' ? 'state' : '';
      const word = (value: unknown) => (prefix ? known(prefix, value) : String(value ?? '')) || '—';
      return t('system.triage', { field: known('field', data.field), from: word(data.from), to: word(data.to) });
    }
    case 'routing': {
      const who =
        (data.assignee as { name?: string } | undefined)?.name ?? (data.team as { name?: string } | undefined)?.name;
      return data.gap
        ? t('system.routing_gap', { gap: known('gap', data.gap), name: who ?? '' })
        : t('system.routing', { name: who ?? '' });
    }
    case 'system':
      return data.act === 'page' ? pageText(data) : (systemAct(data) ?? (entry.body_text || t('system.other')));
    default:
      return entry.body_text || t('system.other');
  }
}

function pageText(data: TimelineEntry['data']): string {
  const act = text(data.what) as PageRunLine['act'];
  const line = pageLine({ act, step: Number(data.step), late: data.late === true, names: text(data.names) });
  return act === 'started' ? `${line} (${text(data.policy)})` : line;
}

function SystemLine({ entry }: Props) {
  const reason = text(entry.data.reason);
  return (
    <p className="system">
      <Icon name={entry.data.by === 'machine' || entry.author.kind === 'system' ? 'spark' : 'user'} small />
      <span>
        {systemText(entry)}
        {reason && ` · ${reason}`}
      </span>
      <span className="system-who">{entry.author.kind === 'system' ? t('entry.machine') : entry.author.name}</span>
      <When at={entry.at} />
    </p>
  );
}
