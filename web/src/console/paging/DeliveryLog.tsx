import { get } from '@lib/api';
import type { NoticeDelivery, Page } from '@lib/dto';
import { t } from '@lib/i18n';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Icon, When } from '../ui/basics';

/** What was sent, to oneself or to anybody, and what came of each attempt. */
export function DeliveryLog({ path, everybody }: { path: string; everybody?: boolean }) {
  const log = useQuery({
    queryKey: ['deliveries', path],
    queryFn: () => get<Page<NoticeDelivery>>(path).then((page) => page.items),
  });
  if (!log.data) return null;
  if (log.data.length === 0) return <p className="hint">{t('deliveries.none')}</p>;
  return (
    <div className="table-wrap card-table stacks">
      <table className="table">
        <caption className="sr">{t('deliveries.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('deliveries.what')}</th>
            {everybody && <th scope="col">{t('deliveries.who')}</th>}
            <th scope="col">{t('reach.by')}</th>
            <th scope="col">{t('deliveries.when')}</th>
            <th scope="col">{t('deliveries.outcome')}</th>
          </tr>
        </thead>
        <tbody>
          {log.data.map((one) => (
            <Row key={one.id} delivery={one} everybody={everybody} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ delivery, everybody }: { delivery: NoticeDelivery; everybody?: boolean }) {
  const last = delivery.attempts.at(-1);
  const state = delivery.mail === 'failed' ? 'failed' : delivery.state;
  const chip = { waiting: 'hold', sent: 'ok', failed: 'bad', dropped: '' }[state];
  return (
    <tr>
      <th scope="row">
        {t(`deliveries.kind.${delivery.kind}`)}{' '}
        {delivery.ticket && (
          <Link to="/t/$number" params={{ number: delivery.ticket }} className="num">
            {delivery.ticket}
          </Link>
        )}
      </th>
      {everybody && <td data-head={t('deliveries.who')}>{delivery.staff?.name ?? '—'}</td>}
      <td data-head={t('reach.by')}>
        {delivery.channel === 'mail' ? t('reach.mail') : delivery.label || t(`reach.way.${delivery.channel}`)}
      </td>
      <td data-head={t('deliveries.when')}>
        <When at={last?.at ?? delivery.due_at} />
      </td>
      <td data-head={t('deliveries.outcome')}>
        <span className={`chip ${chip}`}>
          <Icon name={state === 'sent' ? 'check' : state === 'failed' ? 'alert' : 'pause'} small />
          {t(`deliveries.state.${state}`)}
          {last?.code ? ` · ${last.code}` : ''}
        </span>
        {delivery.attempts.length > 1 && ` ${t('deliveries.attempts', { n: delivery.attempts.length })}`}
        {last?.outcome === 'failed' && last.detail && <span className="hint"> {last.detail}</span>}
      </td>
    </tr>
  );
}
