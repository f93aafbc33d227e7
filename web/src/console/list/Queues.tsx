import { get } from '@lib/api';
import type { QueueCount, Staff } from '@lib/dto';
import { t } from '@lib/i18n';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useViews } from '../data';
import { may, useSession } from '../session';
import { viewBase, viewIcon, viewName } from '../shell/views';
import { Icon, Loading } from '../ui/basics';

export function Queues({ current, onChosen }: { current: string; onChosen: () => void }) {
  const views = useViews();
  const session = useSession();
  const teams = new Map<string, QueueCount[]>();
  for (const view of views.data ?? []) {
    if (view.group === 'team') teams.set(view.name ?? '', [...(teams.get(view.name ?? '') ?? []), view]);
  }
  const own = new Set(session.teams.map((team) => team.name));
  const ordered = [...teams].sort(([a], [b]) => Number(own.has(b)) - Number(own.has(a)));
  const of = (group: QueueCount['group']) => (views.data ?? []).filter((view) => view.group === group);
  return (
    <nav className="queues" aria-label={t('queues.label')}>
      {views.isPending && <Loading lines={8} />}
      {views.isError && <p className="hint">{t('queues.failed')}</p>}
      {views.data && (
        <>
          <Group title={t('queues.mine')} views={of('mine')} current={current} onChosen={onChosen} />
          {ordered.map(([name, list], i) => (
            <Group
              key={name}
              title={name}
              views={list}
              current={current}
              onChosen={onChosen}
              folded={i > 0 && !list.some((view) => view.key === current)}
            />
          ))}
          <Group title={t('queues.desk')} views={of('desk')} current={current} onChosen={onChosen} />
        </>
      )}
      <nav className="queues-more" aria-label={t('shell.main')}>
        {may('report.read') && (
          <Link to="/dashboard">
            <Icon name="chart" />
            {t('nav.dashboard')}
          </Link>
        )}
        <Link to="/knowledge">
          <Icon name="book" />
          {t('nav.knowledge')}
        </Link>
        <Link to="/admin/$section" params={{ section: 'organisations' }}>
          <Icon name="settings" />
          {t('nav.admin')}
        </Link>
      </nav>
      <Duty />
    </nav>
  );
}

function Group(props: { title: string; views: QueueCount[]; current: string; onChosen: () => void; folded?: boolean }) {
  if (props.views.length === 0) return null;
  const links = (
    <ul>
      {props.views.map((view) => (
        <li key={view.key}>
          <Link
            to="/q/$view"
            params={{ view: view.key }}
            aria-current={view.key === props.current ? 'page' : undefined}
            onClick={props.onChosen}
            preload={false}
          >
            <Icon name={viewIcon(view.key)} />
            <span className="queue-name">{viewName(view.key)}</span>
            <Count view={view} />
          </Link>
        </li>
      ))}
    </ul>
  );
  if (!props.folded) {
    return (
      <section>
        <h2>{props.title}</h2>
        {links}
      </section>
    );
  }
  return (
    <details>
      <summary>
        <h2>{props.title}</h2>
        <Icon name="chevronRight" small />
      </summary>
      {links}
    </details>
  );
}

function Count({ view }: { view: QueueCount }) {
  const alarmed = view.alert && view.count > 0;
  const overdue = viewBase(view.key) === 'team_overdue';
  return (
    <span className={`num count${alarmed ? (overdue ? ' red' : ' hot') : ''}`}>
      {alarmed && <Icon name={overdue ? 'alert' : 'warning'} small label={t('queues.alert')} />}
      {view.count}
    </span>
  );
}

/** My own load against what I have room for. */
function Duty() {
  const session = useSession();
  const me = useQuery({
    queryKey: ['staff', session.id],
    queryFn: () => get<Staff>(`/staff/${session.id}`),
    retry: false,
  });
  if (!me.data || me.data.capacity <= 0) return null;
  const { open_tickets: open, capacity } = me.data;
  const cells = Math.min(capacity, 20);
  return (
    <dl className="duty">
      <dt>{me.data.on_shift ? t('duty.on_shift') : t('duty.off_shift')}</dt>
      <dd>{me.data.calendar?.name ?? t('duty.no_calendar')}</dd>
      <dt>{t('duty.load')}</dt>
      <dd>
        <span className="load" aria-hidden="true">
          {Array.from({ length: cells }, (_, i) => (
            <i key={i} className={i < Math.round((open / capacity) * cells) ? 'on' : undefined} />
          ))}
        </span>
        <span className="num">{t('duty.of', { open, capacity })}</span>
      </dd>
    </dl>
  );
}
