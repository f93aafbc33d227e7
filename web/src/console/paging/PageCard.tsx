// A page: who is called for a ticket, who took it, and the two answers to it.
import '../styles/paging.css';
import { post } from '@lib/api';
import type { PageRun } from '@lib/dto';
import { t } from '@lib/i18n';
import type { IconName } from '@lib/icons';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { namesOf } from '../oncall/data';
import { may, useSession } from '../session';
import { Icon, Prio, When } from '../ui/basics';
import { done, failed } from '../ui/toast';
import { refreshPages } from './data';
import { pageLine, pageState } from './words';

// Forms come when one is asked for: a ticket shows this card at once.
const HandBack = lazy(() => import('./HandBack').then((module) => ({ default: module.HandBack })));

const kIcons: Record<PageRun['state'], IconName> = {
  calling: 'phone',
  acknowledged: 'check',
  unanswered: 'alert',
  ended: 'check',
};

export function PageCard({ page, titled }: { page: PageRun; titled?: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <div className={`page-card ${page.state}`} role={page.state === 'ended' ? undefined : 'status'}>
      <Icon name={kIcons[page.state]} />
      <div className="page-words">
        {titled && (
          <Link to="/t/$number" params={{ number: page.ticket.number }} className="page-ticket">
            <Prio value={page.ticket.priority} />
            <span className="num">{page.ticket.number}</span>
            <bdi className="clip">{page.ticket.subject}</bdi>
          </Link>
        )}
        <strong>{pageState(page)}</strong>
        <span className="hint">
          {t(`page.cause.${page.cause}`, { name: page.lines[0]?.by ?? '' })} · {page.policy} ·{' '}
          <When at={page.started_at} ago />
        </span>
        {page.note && <span className="preline">{page.note}</span>}
        {page.step_at && (
          <span className="hint">
            {t('page.next', { names: namesOf(page.next) })} <When at={page.step_at} ago />
          </span>
        )}
        {open && <PageLines page={page} />}
      </div>
      <span className="page-acts">
        <PageActs page={page} />
        <button type="button" className="btn sm ghost" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name={open ? 'chevronUp' : 'chevronDown'} small />
          {t('page.what_happened')}
        </button>
      </span>
    </div>
  );
}

function PageLines({ page }: { page: PageRun }) {
  return (
    <ol className="page-lines">
      {page.lines.map((line, i) => (
        <li key={i}>
          <When at={line.at} />
          <span>
            {pageLine({ ...line, names: line.called.map(({ name }) => name).join(', ') })}
            {line.by && ` · ${line.by}`}
            {line.note && ` · ${line.note}`}
          </span>
        </li>
      ))}
    </ol>
  );
}

function PageActs({ page }: { page: PageRun }) {
  const session = useSession();
  const [returning, setReturning] = useState(false);
  if (!may('page.handle') || page.state === 'ended') return null;
  const take = async () => {
    try {
      await post<PageRun>(`/pages/${page.id}/acknowledge`);
      refreshPages();
      done(t('page.taken'));
    } catch (error) {
      failed(error);
      refreshPages();
    }
  };
  return (
    <>
      {!page.acknowledged_by && (
        <button type="button" className="btn sm pri" onClick={() => void take()}>
          <Icon name="check" small />
          {t('page.take')}
        </button>
      )}
      {page.acknowledged_by?.id === session.id && (
        <button type="button" className="btn sm" onClick={() => setReturning(true)}>
          <Icon name="undo" small />
          {t('page.hand_back')}
        </button>
      )}
      <Suspense>{returning && <HandBack page={page} onClose={() => setReturning(false)} />}</Suspense>
    </>
  );
}
