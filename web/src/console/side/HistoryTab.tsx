import type { Ticket } from '@lib/dto';
import { has, t } from '@lib/i18n';
import { useHistory } from '../data';
import { Empty, Loading, When } from '../ui/basics';

export function detailText(details: Record<string, unknown>): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([key, value]) => `${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}

/** What was done, in words; an act without words shows its name. */
export function actText(act: string): string {
  const id = `act_done.${act}`;
  return has(id) ? t(id) : act;
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
              <b>{row.by}</b> {actText(row.act)} <When at={row.at} />
            </p>
            {detailText(row.details) && <p className="dim break">{detailText(row.details)}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
