// Who carries the on-call: hours and nights on call, pages and night pages, over a period.
import { get, kBase } from '@lib/api';
import type { OnCallLoad, Page } from '@lib/dto';
import { number, t } from '@lib/i18n';
import { instantIn } from '@lib/zone';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSession } from '../session';
import { Icon } from '../ui/basics';
import { TextField } from '../ui/forms';

const kHour = 3600;
const kDayMs = 86_400_000;
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const hours = (seconds: number) => number(Math.round((seconds / kHour) * 10) / 10);

export function Fairness() {
  const zone = useSession().zone || 'UTC';
  const [from, setFrom] = useState(() => dayOf(Date.now() - 28 * kDayMs));
  const [to, setTo] = useState(() => dayOf(Date.now()));
  // Whole days where one is, the last one included.
  const begin = from && instantIn(zone, `${from}T00:00`)?.toISOString();
  const next = to && dayOf(Date.parse(`${to}T00:00:00Z`) + kDayMs);
  const end = next && instantIn(zone, `${next}T00:00`)?.toISOString();
  const query = { from: begin ?? '', to: end ?? '' };
  const load = useQuery({
    queryKey: ['on-call-load', query],
    enabled: Boolean(begin && end && begin < end),
    queryFn: () => get<Page<OnCallLoad>>('/reports/on-call', { query }).then((page) => page.items),
  });
  return (
    <section className="card oncall-fairness" aria-label={t('fairness.title')}>
      <header className="oncall-head">
        <h2>{t('fairness.title')}</h2>
        <a className="btn sm" href={`${kBase}/reports/on-call.csv?${new URLSearchParams(query)}`} download>
          <Icon name="download" small />
          {t('fairness.csv')}
        </a>
      </header>
      <p className="hint">{t('fairness.hint')}</p>
      <div className="form-two">
        <TextField type="date" label={t('oncall.from')} value={from} onChange={setFrom} />
        <TextField type="date" label={t('oncall.to')} value={to} onChange={setTo} />
      </div>
      {load.data?.length === 0 && <p className="hint">{t('fairness.none')}</p>}
      {load.data && load.data.length > 0 && <Loads lines={load.data} />}
    </section>
  );
}

function Loads({ lines }: { lines: OnCallLoad[] }) {
  return (
    <div className="table-wrap card-table stacks">
      <table className="table">
        <caption className="sr">{t('fairness.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('fairness.person')}</th>
            <th scope="col">{t('fairness.rota')}</th>
            <th scope="col" className="num">
              {t('fairness.hours')}
            </th>
            <th scope="col" className="num">
              {t('fairness.night_hours')}
            </th>
            <th scope="col" className="num">
              {t('fairness.pages')}
            </th>
            <th scope="col" className="num">
              {t('fairness.night_pages')}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={`${line.rota?.id} ${line.person.id}`}>
              <th scope="row">{line.person.name}</th>
              <td data-head={t('fairness.rota')}>{line.rota?.name ?? t('fairness.no_rota')}</td>
              <td className="num" data-head={t('fairness.hours')}>
                {hours(line.seconds)}
              </td>
              <td className="num" data-head={t('fairness.night_hours')}>
                {hours(line.night_seconds)}
              </td>
              <td className="num" data-head={t('fairness.pages')}>
                {line.pages}
              </td>
              <td className="num" data-head={t('fairness.night_pages')}>
                {line.night_pages}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
