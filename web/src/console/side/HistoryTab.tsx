import type { Ticket } from '@lib/dto';
import { t } from '@lib/i18n';
import { useHistory } from '../data';
import { Empty, Loading, When } from '../ui/basics';

export function detailText(details: Record<string, unknown>): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([key, value]) => `${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}

export function HistoryTab({ ticket }: { ticket: Ticket }) {
  const history = useHistory(ticket.id);
  return (
    <section>
      <h3>{t('side.history')}</h3>
      {history.isPending && <Loading />}
      {history.isError && <p className="hint">{t('history.failed')}</p>}
      {history.data?.length === 0 && <Empty icon="history" title={t('history.none')} />}
      <ol className="history">
        {(history.data ?? []).map((row, i) => (
          <li key={i}>
            <p>
              <b>{row.by}</b> <code>{row.act}</code> <When at={row.at} />
            </p>
            {detailText(row.details) && <p className="dim break">{detailText(row.details)}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
