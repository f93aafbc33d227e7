// What waits for the reader now: overdue tickets, approvals, promises, an organisation for which too much is urgent.
import '../styles/dash.css';
import type { Dashboard, DashboardGroup } from '@lib/dto';
import { t } from '@lib/i18n';
import type { IconName } from '@lib/icons';
import { Link } from '@tanstack/react-router';
import { Icon } from '../ui/basics';

export function NeedsYou({ data, drift }: { data: Dashboard; drift?: DashboardGroup }) {
  const needs = data.needs_you;
  const calm = needs.overdue === 0 && needs.approvals === 0 && needs.promises_due === 0 && !drift;
  const lines: { key: string; icon: IconName; n: number; text: string; view: string; bad?: boolean }[] = [
    {
      key: 'overdue',
      icon: 'alert',
      n: needs.overdue,
      text: t('dash.overdue', { n: needs.overdue }),
      view: 'desk_open',
      bad: true,
    },
    {
      key: 'approvals',
      icon: 'stamp',
      n: needs.approvals,
      text: t('dash.approvals', { n: needs.approvals }),
      view: 'to_approve',
    },
    {
      key: 'promises',
      icon: 'flag',
      n: needs.promises_due,
      text: t('dash.promises_due', { n: needs.promises_due }),
      view: 'desk_promises',
    },
  ];
  return (
    <section className={calm ? 'needs calm' : 'needs'} aria-label={t('dash.needs')}>
      <h2>{t('dash.needs')}</h2>
      {calm ? (
        <p>
          <Icon name="check" small /> {t('dash.calm')}
        </p>
      ) : (
        <ul>
          {lines.map((line) => (
            <li key={line.key} className={line.bad && line.n > 0 ? 'bad' : undefined}>
              <Link
                to="/q/$view"
                params={{ view: line.view }}
                search={line.key === 'overdue' ? { sort: 'deadline' } : undefined}
              >
                <Icon name={line.icon} small />
                <b>{line.text}</b>
              </Link>
              {line.key === 'overdue' && needs.oldest_overdue && (
                <Link to="/t/$number" params={{ number: needs.oldest_overdue.number }} className="num">
                  {needs.oldest_overdue.number}
                </Link>
              )}
            </li>
          ))}
          {drift && (
            <li>
              <Link to="/q/$view" params={{ view: 'desk_all' }} search={{ organisation: drift.id, priority: 'P1,P2' }}>
                <Icon name="trendUp" small />
                <b>{t('dash.drift')}</b> {drift.name}
              </Link>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
