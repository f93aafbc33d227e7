// How I sign in: passkeys, the authenticator app, backup codes; and, for those who grant, whose people must have one.
import '../styles/admin.css';
import { del, get, patch, post, put } from '@lib/api';
import type { BackupCodes, Factors as FactorsSent, Passkey, SecondFactorPolicy, TotpStart } from '@lib/dto';
import { t } from '@lib/i18n';
import { addPasskey, hasPasskeys, wasCancelled, wasThere } from '@lib/passkeys';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { encode } from 'uqr';
import { may, openSession, useSession } from '../session';
import { Empty, Icon, Loading, When } from '../ui/basics';
import { Dialog, FormError, ManyField, TextField, useSave } from '../ui/forms';
import { done, explainError, failed } from '../ui/toast';
import { kRoles, roleName } from './People';
import { Sessions } from './Sessions';

const kKey = ['admin', 'factors'];

export function Factors() {
  const session = useSession();
  const client = useQueryClient();
  const factors = useQuery({ queryKey: kKey, queryFn: () => get<FactorsSent>('/session/factors') });
  const [codes, setCodes] = useState<string[]>();
  const refresh = async (made?: BackupCodes) => {
    if (made?.codes.length) setCodes(made.codes);
    await client.invalidateQueries({ queryKey: kKey });
    // While she looks at her codes the page stays; closing them opens the desk.
    if (session.must_enrol && !made?.codes.length) await openSession();
  };
  const close = () => {
    setCodes(undefined);
    if (session.must_enrol) void openSession();
  };
  return (
    <section className="crud">
      <header className="page-head">
        <h1>{t('admin.factors')}</h1>
      </header>
      <p className="hint">{t('admin.factors.hint')}</p>
      {session.must_enrol && (
        <p className="banner warn" role="status">
          {t('factor.must')}
        </p>
      )}
      {factors.isError && <p className="form-error">{explainError(factors.error)}</p>}
      {factors.isPending && <Loading />}
      {factors.data && (
        <>
          <Passkeys items={factors.data.passkeys} onChange={refresh} />
          <App on={factors.data.totp} onChange={refresh} />
          {(factors.data.totp || factors.data.passkeys.length > 0) && (
            <Backup left={factors.data.backup_codes} onChange={refresh} />
          )}
        </>
      )}
      {!session.must_enrol && <Sessions />}
      {may('user.grant') && <Policy />}
      {codes && <Codes codes={codes} onClose={close} />}
    </section>
  );
}

type Changed = { onChange: (made?: BackupCodes) => Promise<void> };

function Passkeys({ items, onChange }: { items: Passkey[] } & Changed) {
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState<Passkey>();
  const [removing, setRemoving] = useState<Passkey>();
  return (
    <section className="card">
      <header className="card-head">
        <h2>{t('passkey.title')}</h2>
        {hasPasskeys() && (
          <button type="button" className="btn pri" onClick={() => setAdding(true)}>
            <Icon name="plus" small />
            {t('passkey.add')}
          </button>
        )}
      </header>
      <p className="hint">{hasPasskeys() ? t('passkey.text') : t('passkey.no_browser')}</p>
      {items.length === 0 ? (
        <Empty icon="key" title={t('passkey.none')} />
      ) : (
        <ul className="factors">
          {items.map((item) => (
            <li key={item.id}>
              <Icon name="key" />
              <div>
                <p className="strong">{item.name}</p>
                <p className="hint">
                  {t('key.created')} <When at={item.created_at} /> · {t('key.used')}{' '}
                  {item.last_used_at ? <When at={item.last_used_at} /> : t('key.never')}
                </p>
              </div>
              <span className="chip">{item.device_bound ? t('passkey.bound') : t('passkey.synced')}</span>
              <button
                type="button"
                className="iconbtn"
                aria-label={t('passkey.rename', { name: item.name })}
                onClick={() => setRenaming(item)}
              >
                <Icon name="edit" small />
              </button>
              <button
                type="button"
                className="iconbtn"
                aria-label={t('admin.remove', { name: item.name })}
                onClick={() => setRemoving(item)}
              >
                <Icon name="x" small />
              </button>
            </li>
          ))}
        </ul>
      )}
      {adding && <AddPasskey onClose={() => setAdding(false)} onChange={onChange} />}
      {renaming && <RenamePasskey passkey={renaming} onClose={() => setRenaming(undefined)} onChange={onChange} />}
      {removing && (
        <Dialog
          danger
          title={t('admin.remove', { name: removing.name })}
          submit={t('admin.remove_yes')}
          onClose={() => setRemoving(undefined)}
          onSubmit={async () => {
            await del(`/session/passkeys/${removing.id}`);
            await onChange();
          }}
        >
          <p>{t('passkey.remove_text')}</p>
        </Dialog>
      )}
    </section>
  );
}

function AddPasskey({ onClose, onChange }: { onClose: () => void } & Changed) {
  const [name, setName] = useState('');
  const [there, setThere] = useState(false);
  const state = useSave();
  const add = async () => {
    setThere(false);
    try {
      const made = await addPasskey(name.trim() || t('passkey.one'));
      onClose();
      await onChange(made);
      done(t('passkey.added'));
    } catch (error) {
      if (wasThere(error)) setThere(true);
      else if (!wasCancelled(error)) throw error;
    }
  };
  return (
    <Dialog keepOpen title={t('passkey.add')} submit={t('passkey.go')} state={state} onClose={onClose} onSubmit={add}>
      <p className="hint">{t('passkey.how')}</p>
      {there && (
        <p className="form-error" role="alert">
          {t('passkey.there')}
        </p>
      )}
      <TextField
        autoFocus
        label={t('passkey.name')}
        hint={t('passkey.name_hint')}
        value={name}
        onChange={setName}
        error={state.field('name')}
      />
    </Dialog>
  );
}

function RenamePasskey({ passkey, onClose, onChange }: { passkey: Passkey; onClose: () => void } & Changed) {
  const [name, setName] = useState(passkey.name);
  const state = useSave();
  const save = async () => {
    await patch<Passkey>(`/session/passkeys/${passkey.id}`, { name });
    await onChange();
  };
  return (
    <Dialog title={t('passkey.rename', { name: passkey.name })} state={state} onClose={onClose} onSubmit={save}>
      <TextField
        autoFocus
        required
        label={t('passkey.name')}
        value={name}
        onChange={setName}
        error={state.field('name')}
      />
    </Dialog>
  );
}

function App({ on, onChange }: { on: boolean } & Changed) {
  const [start, setStart] = useState<TotpStart>();
  const [removing, setRemoving] = useState(false);
  const begin = () => post<TotpStart>('/session/totp').then(setStart).catch(failed);
  return (
    <section className="card">
      <header className="card-head">
        <h2>{t('totp.title')}</h2>
        {on && (
          <button type="button" className="btn" onClick={() => setRemoving(true)}>
            {t('totp.remove')}
          </button>
        )}
        {!on && (
          <button type="button" className="btn pri" onClick={() => void begin()}>
            <Icon name="plus" small />
            {t('totp.add')}
          </button>
        )}
      </header>
      <p className="hint">{t('totp.text')}</p>
      {on && (
        <p>
          <span className="chip ok">
            <Icon name="check" small />
            {t('totp.on')}
          </span>
        </p>
      )}
      {start && <AddApp start={start} onClose={() => setStart(undefined)} onChange={onChange} />}
      {removing && (
        <Dialog
          danger
          title={t('totp.remove')}
          submit={t('admin.remove_yes')}
          onClose={() => setRemoving(false)}
          onSubmit={async () => {
            await del('/session/totp');
            await onChange();
          }}
        >
          <p>{t('totp.remove_text')}</p>
        </Dialog>
      )}
    </section>
  );
}

function AddApp({ start, onClose, onChange }: { start: TotpStart; onClose: () => void } & Changed) {
  const [code, setCode] = useState('');
  const state = useSave();
  const confirm = async () => {
    const made = await post<BackupCodes>('/session/totp/confirm', { code });
    onClose();
    await onChange(made);
    done(t('totp.added'));
  };
  return (
    <Dialog title={t('totp.add')} submit={t('totp.confirm')} state={state} onClose={onClose} onSubmit={confirm}>
      <p>{t('totp.scan')}</p>
      <Picture text={start.uri} />
      <p className="hint">{t('totp.type')}</p>
      <p className="secret">
        <code data-testid="totp-secret">{start.secret.match(/.{1,4}/g)?.join(' ')}</code>
      </p>
      <TextField
        autoFocus
        required
        mono
        label={t('totp.code')}
        hint={t('totp.code_hint')}
        value={code}
        onChange={setCode}
        autoComplete="one-time-code"
        error={state.field('code')}
      />
    </Dialog>
  );
}

/** A QR code, black on white whatever the theme: cameras want it so. */
function Picture({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 4 });
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .filter(Boolean)
    .join('');
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t('totp.picture')}>
      <path d={path} />
    </svg>
  );
}

function Backup({ left, onChange }: { left: number } & Changed) {
  const [asking, setAsking] = useState(false);
  return (
    <section className="card">
      <header className="card-head">
        <h2>{t('backup.title')}</h2>
        <button type="button" className="btn" onClick={() => setAsking(true)}>
          {t('backup.renew')}
        </button>
      </header>
      <p className="hint">{t('backup.text')}</p>
      <p className={left < 3 ? 'banner warn' : undefined}>{t('backup.left', { n: left })}</p>
      {asking && (
        <Dialog
          title={t('backup.renew')}
          submit={t('backup.renew')}
          onClose={() => setAsking(false)}
          onSubmit={async () => onChange(await post<BackupCodes>('/session/backup-codes'))}
        >
          <p>{t('backup.renew_text')}</p>
        </Dialog>
      )}
    </section>
  );
}

function Codes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const copy = () => navigator.clipboard?.writeText(codes.join('\n')).then(() => done(t('backup.copied')));
  return (
    <Dialog title={t('backup.title')} onClose={onClose}>
      <p>{t('backup.once')}</p>
      <ol className="backup-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="dialog-foot">
        <button type="button" className="btn" onClick={() => void copy()}>
          <Icon name="copy" small />
          {t('backup.copy')}
        </button>
        <button type="button" className="btn pri" onClick={onClose}>
          {t('backup.kept')}
        </button>
      </div>
    </Dialog>
  );
}

function Policy() {
  const key = ['admin', 'second-factor-policy'];
  const client = useQueryClient();
  const policy = useQuery({ queryKey: key, queryFn: () => get<SecondFactorPolicy>('/second-factor-policy') });
  const state = useSave();
  const set = (roles: string[]) =>
    state.run(async () => {
      client.setQueryData(key, await put<SecondFactorPolicy>('/second-factor-policy', { roles }));
      done(t('admin.saved'));
      // The rule may be about oneself.
      await openSession();
    });
  return (
    <section className="card">
      <h2>{t('factor.policy')}</h2>
      <FormError error={state.error} />
      {policy.data && (
        <ManyField
          label={t('factor.policy_roles')}
          hint={t('factor.policy_hint')}
          value={policy.data.roles}
          onChange={(roles) => void set(roles)}
          choices={kRoles.map((value) => ({ value, label: roleName(value) }))}
        />
      )}
    </section>
  );
}
