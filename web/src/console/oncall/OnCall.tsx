// Who is on call: every rota with its people of now, one of them in full.
import '../styles/oncall.css';
import { del } from '@lib/api';
import type { Rota, RotaOverride } from '@lib/dto';
import { t } from '@lib/i18n';
import { useState } from 'react';
import { LivePages } from '../paging/LivePages';
import { ReachDialog } from '../paging/Reach';
import { currentSession, may } from '../session';
import { Avatar, Empty, Icon, Loading, When } from '../ui/basics';
import { Dialog } from '../ui/forms';
import { done, explainError, failed } from '../ui/toast';
import { namesOf, refreshRotas, useRotas } from './data';
import { FeedDialog, OverrideDialog } from './dialogs';
import { Fairness } from './Fairness';
import { RotaDialog } from './RotaDialog';
import { Timeline } from './Timeline';

type Open = 'add' | 'change' | 'remove' | 'override' | 'feed' | 'my_feed' | 'reach';

export function OnCallPage() {
  const rotas = useRotas();
  const [chosen, setChosen] = useState<string>();
  const [open, setOpen] = useState<Open>();
  const rota = rotas.data?.find(({ id }) => id === chosen) ?? rotas.data?.[0];
  const close = (id?: string) => {
    setOpen(undefined);
    if (id) setChosen(id);
  };
  return (
    <main className="page oncall">
      <header className="page-head">
        <h1>{t('nav.oncall')}</h1>
        <span className="end oncall-acts">
          <button type="button" className="btn" onClick={() => setOpen('reach')}>
            <Icon name="bell" small />
            {t('reach.title')}
          </button>
          <button type="button" className="btn" onClick={() => setOpen('my_feed')}>
            <Icon name="calendar" small />
            {t('oncall.feed_mine')}
          </button>
          {may('rota.write') && (
            <button type="button" className="btn pri" onClick={() => setOpen('add')}>
              <Icon name="plus" small />
              {t('oncall.add')}
            </button>
          )}
        </span>
      </header>
      <LivePages />
      {rotas.isPending && <Loading lines={5} />}
      {rotas.isError && (
        <Empty icon="alert" title={t('admin.failed')}>
          <p>{explainError(rotas.error)}</p>
        </Empty>
      )}
      {rotas.data?.length === 0 && (
        <Empty icon="phone" title={t('oncall.none')}>
          <p>{t('oncall.none_text')}</p>
        </Empty>
      )}
      {rota && (
        <>
          <ul className="oncall-rotas">
            {rotas.data?.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  className="card"
                  aria-pressed={one.id === rota.id}
                  onClick={() => setChosen(one.id)}
                >
                  <RotaCard rota={one} />
                </button>
              </li>
            ))}
          </ul>
          <section className="card" aria-label={rota.name}>
            <header className="oncall-head">
              <h2>{rota.name}</h2>
              <span className="oncall-acts">
                {(may('rota.write') || may('rota.cover')) && (
                  <button type="button" className="btn sm" onClick={() => setOpen('override')}>
                    <Icon name="user" small />
                    {may('rota.write') ? t('oncall.override') : t('oncall.take_over')}
                  </button>
                )}
                {may('rota.write') && (
                  <>
                    <button type="button" className="btn sm" onClick={() => setOpen('feed')}>
                      <Icon name="link" small />
                      {t('oncall.feed')}
                    </button>
                    <button type="button" className="btn sm" onClick={() => setOpen('change')}>
                      <Icon name="edit" small />
                      {t('oncall.change')}
                    </button>
                    <button
                      type="button"
                      className="iconbtn"
                      aria-label={t('admin.remove', { name: rota.name })}
                      onClick={() => setOpen('remove')}
                    >
                      <Icon name="x" small />
                    </button>
                  </>
                )}
              </span>
            </header>
            <Timeline key={rota.id} rota={rota} />
            <Overrides rota={rota} />
          </section>
        </>
      )}
      <Fairness />
      {open === 'add' && <RotaDialog onClose={close} />}
      {open === 'reach' && <ReachDialog onClose={close} />}
      {open === 'my_feed' && <FeedDialog onClose={close} />}
      {rota && open === 'change' && <RotaDialog rota={rota} onClose={close} />}
      {rota && open === 'override' && <OverrideDialog rota={rota} onClose={close} />}
      {rota && open === 'feed' && <FeedDialog rota={rota} onClose={close} />}
      {rota && open === 'remove' && (
        <Dialog
          title={t('admin.remove', { name: rota.name })}
          danger
          submit={t('admin.remove_yes')}
          onClose={() => close()}
          onSubmit={async () => {
            await del<void>(`/rotas/${rota.id}`);
            refreshRotas();
            done(t('admin.removed'));
          }}
        >
          <p>{t('oncall.remove_text')}</p>
        </Dialog>
      )}
    </main>
  );
}

function RotaCard({ rota }: { rota: Rota }) {
  return (
    <>
      <strong>{rota.name}</strong>
      <span className={rota.on_call.length ? 'oncall-people' : 'oncall-people none'}>
        {rota.on_call.length === 0 && <Icon name="alert" small />}
        {rota.on_call.map((person) => (
          <Avatar key={person.id} name={person.name} />
        ))}
        {namesOf(rota.on_call)}
      </span>
      <span className="hint">
        {rota.next ? (
          <>
            {t('oncall.next', { names: namesOf(rota.next.people) })} <When at={rota.next.at} ago />
          </>
        ) : (
          t('oncall.no_next')
        )}
      </span>
    </>
  );
}

function Overrides({ rota }: { rota: Rota }) {
  if (rota.overrides.length === 0) return null;
  const mine = (one: RotaOverride) =>
    may('rota.write') || (may('rota.cover') && one.made_by === currentSession()?.name);
  const end = async (one: RotaOverride) => {
    try {
      await del<Rota>(`/rotas/${rota.id}/overrides/${one.id}`);
      refreshRotas();
      done(t('oncall.override_ended'));
    } catch (error) {
      failed(error);
    }
  };
  return (
    <section className="oncall-overrides">
      <h3>{t('oncall.overrides')}</h3>
      <ul>
        {rota.overrides.map((one) => (
          <li key={one.id}>
            <span>
              {one.in && one.out && t('oncall.in_for_out', { in: one.in.name, out: one.out.name })}
              {one.in && !one.out && t('oncall.in_too', { in: one.in.name })}
              {!one.in && one.out && t('oncall.out_only', { out: one.out.name })}
            </span>
            <span>
              <When at={one.from} /> – <When at={one.to} />
            </span>
            <span className="hint">{[one.reason, one.made_by].filter(Boolean).join(' · ')}</span>
            {mine(one) && (
              <button type="button" className="btn sm" onClick={() => void end(one)}>
                {t('oncall.take_back')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
