// How I am told of things: my ways, my rules, my quiet hours, and what was sent to me.
import '../styles/paging.css';
import { del, get, patch, post } from '@lib/api';
import type { ContactMethod, MadeContactMethod, NotificationRule, Reach, TestDelivery } from '@lib/dto';
import { t } from '@lib/i18n';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, refChoices } from '../data';
import { useStore } from '../store';
import { Icon, Loading } from '../ui/basics';
import { CheckField, Dialog, PickField, SegmentsField, TextField, useSave } from '../ui/forms';
import { done, failed, refused } from '../ui/toast';
import { DeliveryLog } from './DeliveryLog';
import { canPush, tellThisBrowser, thisBrowser, wayRemoved } from './push';

const kMail = 'mail';
const useReach = () => useQuery({ queryKey: ['reach'], queryFn: () => get<Reach>('/me/reach') });
const refresh = () => {
  void client.invalidateQueries({ queryKey: ['reach'] });
  void client.invalidateQueries({ queryKey: ['deliveries'] });
};

export function ReachDialog({ onClose }: { onClose: () => void }) {
  const reach = useReach();
  return reach.data ? (
    <ReachForm reach={reach.data} onClose={onClose} />
  ) : (
    <Dialog title={t('reach.title')} onClose={onClose}>
      <Loading lines={5} />
    </Dialog>
  );
}

const usual: NotificationRule[] = [{ kind: 'page' }, { kind: 'clock' }];

function ReachForm({ reach, onClose }: { reach: Reach; onClose: () => void }) {
  const [rules, setRules] = useState<NotificationRule[]>(reach.rules.length ? reach.rules : usual);
  const [quiet, setQuiet] = useState(Boolean(reach.quiet));
  const [from, setFrom] = useState(reach.quiet?.from ?? '22:00');
  const [to, setTo] = useState(reach.quiet?.to ?? '07:00');
  const [adding, setAdding] = useState(false);
  const state = useSave();
  const ways = [
    { value: kMail, label: t('reach.mail') },
    ...reach.methods.map(({ id, label }) => ({ value: id, label })),
  ];
  const known = rules.filter((rule) => !rule.method_id || reach.methods.some(({ id }) => id === rule.method_id));
  return (
    <>
      <Dialog
        title={t('reach.title')}
        wide
        state={state}
        onClose={onClose}
        onSubmit={async () => {
          await patch<Reach>(
            '/me/reach',
            { rules: known, quiet: quiet ? { from, to } : null },
            { version: reach.version },
          );
          refresh();
          done(t('admin.saved'));
        }}
      >
        <Ways
          methods={reach.methods}
          onAdd={() => setAdding(true)}
          onBrowser={(id) =>
            setRules([...rules.filter((rule) => rule.method_id !== id), { kind: 'page', method_id: id }])
          }
        />
        <fieldset className="localised">
          <legend>{t('reach.rules')}</legend>
          {state.field('rules') && (
            <p className="form-error" role="alert">
              {state.field('rules')}
            </p>
          )}
          {known.map((rule, i) => (
            <Rule
              key={i}
              value={rule}
              ways={ways}
              error={(name) => state.field(`rules.${i}${name ? `.${name}` : ''}`)}
              onChange={(made) => setRules(known.map((old, j) => (j === i ? made : old)))}
              onRemove={() => setRules(known.filter((_, j) => j !== i))}
            />
          ))}
          <button type="button" className="btn sm" onClick={() => setRules([...known, { kind: 'page', after: 5 }])}>
            <Icon name="plus" small />
            {t('reach.add_rule')}
          </button>
        </fieldset>
        <fieldset className="localised">
          <legend>{t('reach.quiet')}</legend>
          <CheckField
            label={t('reach.quiet_on')}
            hint={t('reach.quiet_hint', { zone: reach.zone.replaceAll('_', ' ') })}
            value={quiet}
            onChange={setQuiet}
          />
          {quiet && (
            <div className="form-two">
              <TextField
                type="time"
                label={t('oncall.from')}
                value={from}
                onChange={setFrom}
                error={state.field('quiet')}
              />
              <TextField type="time" label={t('oncall.to')} value={to} onChange={setTo} />
            </div>
          )}
        </fieldset>
        <h3>{t('deliveries.mine')}</h3>
        <DeliveryLog path="/me/deliveries" />
      </Dialog>
      {adding && <AddWay gateways={reach.gateways} onClose={() => setAdding(false)} />}
    </>
  );
}

function Rule(props: {
  value: NotificationRule;
  ways: { value: string; label: string }[];
  error: (name: string) => string | undefined;
  onChange: (value: NotificationRule) => void;
  onRemove: () => void;
}) {
  const { value } = props;
  return (
    <div className="form-three with-end">
      <PickField
        label={t('reach.of')}
        value={value.kind}
        onChange={(kind) => kind && props.onChange({ ...value, kind: kind as NotificationRule['kind'] })}
        choices={(['page', 'clock'] as const).map((kind) => ({ value: kind, label: t(`reach.kind.${kind}`) }))}
        error={props.error('')}
      />
      <PickField
        label={t('reach.by')}
        value={value.method_id ?? kMail}
        onChange={(way) => props.onChange({ ...value, method_id: way && way !== kMail ? way : undefined })}
        choices={props.ways}
        error={props.error('method_id')}
      />
      <TextField
        type="number"
        min={0}
        max={1440}
        label={t('reach.after')}
        value={String(value.after ?? 0)}
        onChange={(after) => props.onChange({ ...value, after: Number(after) })}
        error={props.error('after')}
      />
      <button type="button" className="iconbtn" aria-label={t('reach.remove_rule')} onClick={props.onRemove}>
        <Icon name="x" small />
      </button>
    </div>
  );
}

const iconOf = { webhook: 'link', phone: 'phone', push: 'bell' } as const;

function Ways(props: { methods: ContactMethod[]; onAdd: () => void; onBrowser: (id: string) => void }) {
  const { methods, onAdd } = props;
  const own = useStore(thisBrowser);
  const test = async (id?: string) => {
    try {
      await post<TestDelivery>('/me/reach/test', { method_id: id });
      done(t('reach.test_sent'));
      setTimeout(refresh, 1500);
    } catch (error) {
      failed(error);
    }
  };
  const remove = async (id: string) => {
    try {
      await del<void>(`/me/contact-methods/${id}`);
      await wayRemoved(id);
      refresh();
      done(t('admin.removed'));
    } catch (error) {
      failed(error);
    }
  };
  const tellHere = async () => {
    try {
      const method = await tellThisBrowser();
      if (!method) return refused(t('reach.push_denied'));
      refresh();
      props.onBrowser(method.id);
      done(t('reach.push_added'));
    } catch (error) {
      failed(error);
    }
  };
  return (
    <fieldset className="localised">
      <legend>{t('reach.ways')}</legend>
      <ul className="reach-ways">
        <li>
          <Icon name="mail" small />
          <strong>{t('reach.mail')}</strong>
          <span className="end">
            <button type="button" className="btn sm" onClick={() => void test()}>
              {t('reach.test', { name: t('reach.mail') })}
            </button>
          </span>
        </li>
        {methods.map((method) => (
          <li key={method.id}>
            <Icon name={iconOf[method.kind]} small />
            <strong>{method.label}</strong>
            <span className="hint clip">{method.id === own ? t('reach.this_browser') : method.address}</span>
            <span className="end">
              <button type="button" className="btn sm" onClick={() => void test(method.id)}>
                {t('reach.test', { name: method.label })}
              </button>
              <button
                type="button"
                className="iconbtn"
                aria-label={t('admin.remove', { name: method.label })}
                onClick={() => void remove(method.id)}
              >
                <Icon name="x" small />
              </button>
            </span>
          </li>
        ))}
      </ul>
      <div className="reach-add">
        <button type="button" className="btn sm" onClick={onAdd}>
          <Icon name="plus" small />
          {t('reach.add_way')}
        </button>
        {canPush() && !methods.some(({ id }) => id === own) && (
          <button type="button" className="btn sm" onClick={() => void tellHere()}>
            <Icon name="bell" small />
            {t('reach.push')}
          </button>
        )}
      </div>
    </fieldset>
  );
}

function AddWay({ gateways, onClose }: { gateways: Reach['gateways']; onClose: () => void }) {
  const [kind, setKind] = useState<'webhook' | 'phone'>('webhook');
  const [label, setLabel] = useState('');
  const [address, setAddress] = useState('');
  const [gateway, setGateway] = useState<string | null>(gateways[0]?.id ?? null);
  const [secret, setSecret] = useState<string>();
  const state = useSave();
  const close = () => {
    refresh();
    onClose();
  };
  if (secret) {
    return (
      <Dialog title={t('reach.made')} onClose={close}>
        <p>{t('reach.secret_once')}</p>
        <p className="secret">
          <code>{secret}</code>
        </p>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t('reach.add_way')}
      state={state}
      keepOpen
      onClose={close}
      onSubmit={async () => {
        const made = await post<MadeContactMethod>('/me/contact-methods', {
          kind,
          label,
          address,
          gateway_id: kind === 'phone' ? (gateway ?? undefined) : undefined,
        });
        done(t('admin.saved'));
        if (made.secret) setSecret(made.secret);
        else close();
      }}
    >
      <SegmentsField
        label={t('reach.way')}
        value={kind}
        onChange={setKind}
        choices={(['webhook', 'phone'] as const).map((value) => ({ value, label: t(`reach.way.${value}`) }))}
      />
      <TextField required label={t('field.name')} value={label} onChange={setLabel} error={state.field('label')} />
      <TextField
        required
        type={kind === 'phone' ? 'tel' : 'url'}
        label={t(`reach.address.${kind}`)}
        value={address}
        onChange={setAddress}
        error={state.field('address')}
      />
      {kind === 'phone' && (
        <PickField
          required
          label={t('reach.gateway')}
          hint={gateways.length === 0 ? t('reach.no_gateway') : undefined}
          value={gateway}
          onChange={setGateway}
          choices={refChoices(gateways)}
          error={state.field('gateway_id')}
        />
      )}
    </Dialog>
  );
}
