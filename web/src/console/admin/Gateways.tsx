// Ways out of the desk: gateways for SMS, voice and chat rooms, the networks that it may call, and what was sent.
import { get, put } from '@lib/api';
import type { Gateway, OutgoingHttp } from '@lib/dto';
import { t } from '@lib/i18n';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { DeliveryLog } from '../paging/DeliveryLog';
import { may } from '../session';
import { Empty } from '../ui/basics';
import { AreaField, Dialog, useSave } from '../ui/forms';
import { done } from '../ui/toast';
import { Crud } from './Crud';

const kJson = `{
  "to": "{{to}}",
  "text": "{{text}} {{link}}"
}`;

export function Gateways() {
  const [open, setOpen] = useState(false);
  if (!may('channel.write')) {
    return (
      <Empty icon="lock" title={t('gateway.not_yours')}>
        <p>{t('admin.gateways.hint')}</p>
      </Empty>
    );
  }
  return (
    <>
      <Crud<Gateway>
        title={t('admin.gateways')}
        hint={t('admin.gateways.hint')}
        icon="send"
        path="/gateways"
        queryKey={['admin', 'gateways']}
        also={[['gateways'], ['reach']]}
        canRemove
        nameOf={(item) => item.name}
        columns={[
          { head: t('field.name'), cell: (item) => item.name },
          { head: t('gateway.request'), cell: (item) => <code>{`${item.method} ${item.url}`}</code> },
          { head: t('gateway.secret'), cell: (item) => (item.has_secret ? t('gateway.secret_set') : '—') },
        ]}
        fields={[
          { kind: 'text', name: 'name', label: t('field.name'), required: true },
          {
            kind: 'pick',
            name: 'method',
            label: t('gateway.method'),
            choices: ['POST', 'PUT', 'GET'].map((value) => ({ value, label: value })),
          },
          {
            kind: 'text',
            name: 'url',
            label: t('gateway.url'),
            required: true,
            wide: true,
            hint: `${t('gateway.places')} {{to}} {{name}} {{text}} {{link}} {{ticket}} {{priority}} {{secret}}`,
          },
          { kind: 'area', name: 'headers', label: t('gateway.headers'), hint: t('gateway.headers_hint') },
          {
            kind: 'text',
            name: 'content_type',
            label: t('gateway.content_type'),
            hint: t('gateway.content_type_hint'),
            when: (values) => values.method !== 'GET',
          },
          { kind: 'mono', name: 'body', label: t('gateway.body'), when: (values) => values.method !== 'GET' },
          { kind: 'password', name: 'secret', label: t('gateway.secret'), hint: t('gateway.secret_hint') },
        ]}
        toForm={(item) => ({
          name: item?.name ?? '',
          method: item?.method ?? 'POST',
          url: item?.url ?? 'https://',
          headers: (item?.headers ?? []).map(({ name, value }) => `${name}: ${value}`).join('\n'),
          content_type: item?.content_type ?? 'application/json',
          body: item?.body ?? kJson,
          secret: '',
        })}
        toBody={(values) => ({
          ...values,
          headers: String(values.headers)
            .split('\n')
            .filter((line) => line.trim())
            .map((line) => {
              const colon = line.indexOf(':');
              return colon < 0
                ? { name: line.trim(), value: '' }
                : { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() };
            }),
          body: values.method === 'GET' ? '' : values.body,
          secret: values.secret || undefined,
        })}
      />
      <section className="gateway-more">
        <h2>{t('outgoing.title')}</h2>
        <p className="hint">{t('outgoing.hint')}</p>
        <button type="button" className="btn" onClick={() => setOpen(true)}>
          {t('outgoing.change')}
        </button>
        {open && <Networks onClose={() => setOpen(false)} />}
        <h2>{t('deliveries.title')}</h2>
        <DeliveryLog path="/deliveries" everybody />
      </section>
    </>
  );
}

function Networks({ onClose }: { onClose: () => void }) {
  const stored = useQuery({ queryKey: ['outgoing-http'], queryFn: () => get<OutgoingHttp>('/outgoing-http') });
  return stored.data ? <NetworksForm stored={stored.data} onClose={onClose} /> : null;
}

function NetworksForm({ stored, onClose }: { stored: OutgoingHttp; onClose: () => void }) {
  const cache = useQueryClient();
  const [text, setText] = useState(stored.networks.join('\n'));
  const state = useSave();
  const lines = text.split('\n').filter((line) => line.trim());
  const wrong = lines.map((_, i) => state.field(`networks.${i}`)).find(Boolean);
  return (
    <Dialog
      title={t('outgoing.title')}
      state={state}
      onClose={onClose}
      onSubmit={async () => {
        await put<OutgoingHttp>('/outgoing-http', { networks: lines.map((line) => line.trim()) });
        void cache.invalidateQueries({ queryKey: ['outgoing-http'] });
        done(t('admin.saved'));
      }}
    >
      <AreaField
        mono
        label={t('outgoing.networks')}
        hint={t('outgoing.networks_hint')}
        value={text}
        onChange={setText}
        error={wrong ?? state.field('networks')}
      />
    </Dialog>
  );
}
