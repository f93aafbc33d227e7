import { del, post } from '@lib/api';
import type { Rota, RotaFeedLink } from '@lib/dto';
import { t } from '@lib/i18n';
import { instantIn, wallIn } from '@lib/zone';
import { useState } from 'react';
import { refChoices, useStaffNames } from '../data';
import { may, useSession } from '../session';
import { Icon } from '../ui/basics';
import { Dialog, PickField, TextField, useSave } from '../ui/forms';
import { done, failed } from '../ui/toast';
import { refreshRotas } from './data';

const kHourMs = 3_600_000;

/** Other people for a while. Who may not write rotas can only come on call herself. */
export function OverrideDialog({ rota, onClose }: { rota: Rota; onClose: () => void }) {
  const session = useSession();
  const names = useStaffNames();
  const free = may('rota.write');
  const [from, setFrom] = useState(() => wallIn(rota.zone, new Date()));
  const [to, setTo] = useState(() => wallIn(rota.zone, new Date(Date.now() + 24 * kHourMs)));
  const onCall = rota.on_call.some(({ id }) => id === session.id);
  const [taking, setTaking] = useState<string | null>(free && onCall ? null : session.id);
  const [leaving, setLeaving] = useState<string | null>(rota.on_call[0]?.id ?? null);
  const [reason, setReason] = useState('');
  const state = useSave();
  const moment = (wall: string) => instantIn(rota.zone, wall)?.toISOString() ?? wall;
  return (
    <Dialog
      title={free ? t('oncall.override') : t('oncall.take_over')}
      state={state}
      onClose={onClose}
      onSubmit={async () => {
        await post<Rota>(`/rotas/${rota.id}/overrides`, {
          from: moment(from),
          to: moment(to),
          in: taking ?? undefined,
          out: leaving ?? undefined,
          reason,
        });
        refreshRotas();
        done(t('admin.saved'));
      }}
    >
      <p className="hint">{t('oncall.times_in', { zone: rota.zone.replaceAll('_', ' ') })}</p>
      <div className="form-two">
        <TextField
          required
          type="datetime-local"
          label={t('oncall.from')}
          value={from}
          onChange={setFrom}
          error={state.field('from')}
        />
        <TextField
          required
          type="datetime-local"
          label={t('oncall.to')}
          value={to}
          onChange={setTo}
          error={state.field('to')}
        />
        {free && (
          <PickField
            clearable
            label={t('oncall.in')}
            value={taking}
            onChange={setTaking}
            choices={refChoices(names.data)}
            error={state.field('in')}
          />
        )}
        <PickField
          clearable
          label={t('oncall.out')}
          hint={t('oncall.out_hint')}
          value={leaving}
          onChange={setLeaving}
          choices={refChoices(names.data)}
          error={state.field('out')}
        />
      </div>
      <TextField label={t('field.reason')} value={reason} onChange={setReason} error={state.field('reason')} />
    </Dialog>
  );
}

/** A secret link for calendar programs: shown once, replaced or ended at any time. */
export function FeedDialog({ rota, onClose }: { rota?: Rota; onClose: () => void }) {
  const [url, setUrl] = useState<string>();
  const path = rota ? `/rotas/${rota.id}/feed` : '/me/on-call-feed';
  const end = async () => {
    try {
      await del<void>(path);
      setUrl(undefined);
      refreshRotas();
      done(t('oncall.feed_ended'));
    } catch (error) {
      failed(error);
    }
  };
  return (
    <Dialog
      title={rota ? t('oncall.feed_of', { name: rota.name }) : t('oncall.feed_mine')}
      keepOpen
      submit={t('oncall.feed_make')}
      onClose={onClose}
      onSubmit={async () => {
        setUrl((await post<RotaFeedLink>(path)).url);
        refreshRotas();
      }}
    >
      <p>{t('oncall.feed_text')}</p>
      {url && (
        <div className="oncall-link">
          <TextField mono label={t('oncall.feed_link')} value={url} onChange={() => undefined} />
          <button
            type="button"
            className="btn sm"
            onClick={() => void navigator.clipboard.writeText(url).then(() => done(t('oncall.feed_copied')))}
          >
            <Icon name="copy" small />
            {t('oncall.feed_copy')}
          </button>
        </div>
      )}
      <button type="button" className="btn sm" onClick={() => void end()}>
        <Icon name="x" small />
        {t('oncall.feed_end')}
      </button>
    </Dialog>
  );
}
