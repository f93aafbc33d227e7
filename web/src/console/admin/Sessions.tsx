// Where I am signed in: what is not mine is ended here.
import { del, get } from '@lib/api';
import { browserOf } from '@lib/browser';
import type { OwnSession, Page } from '@lib/dto';
import { t } from '@lib/i18n';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Icon, Loading, When } from '../ui/basics';
import { done, explainError, failed } from '../ui/toast';

const kKey = ['admin', 'sessions'];

export function Sessions() {
  const client = useQueryClient();
  const sessions = useQuery({
    queryKey: kKey,
    queryFn: () => get<Page<OwnSession>>('/sessions').then((page) => page.items),
  });
  const end = async (path: string, said: string) => {
    try {
      await del(path);
      done(said);
    } catch (error) {
      failed(error);
    }
    await client.invalidateQueries({ queryKey: kKey });
  };
  const others = sessions.data?.some(({ current }) => !current);
  return (
    <section className="card">
      <header className="card-head">
        <h2>{t('sessions.title')}</h2>
        {others && (
          <button type="button" className="btn" onClick={() => void end('/sessions', t('sessions.ended_others'))}>
            {t('sessions.end_others')}
          </button>
        )}
      </header>
      <p className="hint">{t('sessions.hint')}</p>
      {sessions.isPending && <Loading />}
      {sessions.isError && <p className="form-error">{explainError(sessions.error)}</p>}
      <ul className="factors">
        {sessions.data?.map((one) => (
          <li key={one.id}>
            <Icon name="user" />
            <div>
              <p className="strong" title={one.agent}>
                {browserOf(one.agent) || t('sessions.unknown')}
              </p>
              <p className="hint">
                {one.address && <>{one.address} · </>}
                {t('sessions.started')} <When at={one.started_at} /> · {t('key.used')} <When at={one.seen_at} />
              </p>
            </div>
            {one.current ? (
              <span className="chip">{t('sessions.current')}</span>
            ) : (
              <button
                type="button"
                className="btn sm"
                aria-label={t('sessions.end_one', { name: browserOf(one.agent) || t('sessions.unknown') })}
                onClick={() => void end(`/sessions/${one.id}`, t('sessions.ended'))}
              >
                {t('sessions.end')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
