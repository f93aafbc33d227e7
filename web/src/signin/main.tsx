// /sign-in and /setup: two small forms, one entry.
import '../tokens.css';
import '../base.css';
import './signin.css';
import { ApiProblem, get, isOffline, post } from '@lib/api';
import type { About, Session } from '@lib/dto';
import {
  type Language,
  language,
  languageNames,
  languages,
  preferredLanguage,
  registerCatalogues,
  setLanguage,
  t,
} from '@lib/i18n';
import { icons } from '@lib/icons';
import { hasPasskeys, signInWithPasskey, wasCancelled } from '@lib/passkeys';
import { applyTheme, keptTheme } from '@lib/theme';
import { type FormEvent, useEffect, useId, useState } from 'react';
import { createRoot } from 'react-dom/client';

/** Only a path on this desk: never another site, never a scheme. */
export function safeNext(next: string | null): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : '/';
}

function Field(props: {
  label: string;
  type: string;
  value: string;
  onChange: (value: string) => void;
  autoComplete: string;
  error?: string;
  hint?: string;
  autoFocus?: boolean;
}) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const secret = props.type === 'password';
  return (
    <div className={props.error ? 'field wrong' : 'field'}>
      <label htmlFor={id}>{props.label}</label>
      <div className="control">
        <input
          id={id}
          type={secret && shown ? 'text' : props.type}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
          autoComplete={props.autoComplete}
          autoFocus={props.autoFocus}
          required
          aria-invalid={props.error ? true : undefined}
          aria-describedby={props.error ? `${id}-error` : props.hint ? `${id}-hint` : undefined}
        />
        {secret && (
          <button type="button" className="peek" aria-pressed={shown} onClick={() => setShown(!shown)}>
            <svg className="ic" viewBox="0 0 16 16" aria-hidden="true">
              <path d={icons.eye} />
            </svg>
            <span className="sr">{t('sign_in.show')}</span>
          </button>
        )}
      </div>
      {props.hint && !props.error && (
        <p className="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {props.error && (
        <p className="error" id={`${id}-error`} role="alert">
          {props.error}
        </p>
      )}
    </div>
  );
}

function Page() {
  const setup = location.pathname.startsWith('/setup');
  const [, setTongue] = useState<Language>(language());
  const [form, setForm] = useState({ name: '', email: '', password: '', code: '' });
  const [wantsCode, setWantsCode] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const [busy, setBusy] = useState(false);
  const [about, setAbout] = useState<About>();
  const token = decodeURIComponent(location.hash.replace(/^#(t=)?/, ''));
  useEffect(() => {
    get<About>('/about', { anonymous: true })
      .then(setAbout)
      .catch(() => undefined);
  }, []);
  const title = setup ? t('setup.title') : t('sign_in.title');
  useEffect(() => {
    document.title = `${title} · Propolis`;
  }, [title]);
  const field = (name: string) => problem?.field(name);
  const enter = async (sign: () => Promise<Session>) => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const session = await sign();
      const next = safeNext(new URLSearchParams(location.search).get('next'));
      location.replace(session.kind === 'customer' ? '/portal' : next);
    } catch (error) {
      setBusy(false);
      if (wasCancelled(error)) return;
      const told = error instanceof ApiProblem ? error : new ApiProblem({ status: 500, detail: t('passkey.failed') });
      // The first answer that asks for a code is no mistake of hers.
      if (told.field('code') && !wantsCode) setWantsCode(true);
      else setProblem(told);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, email, password, code } = form;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const body = setup ? { token, name, email, password, zone } : { email, password, ...(code && { code }) };
    void enter(() => post<Session>(setup ? '/setup' : '/session', body, { anonymous: true }));
  };
  const words =
    problem &&
    (isOffline(problem)
      ? t('error.offline')
      : (problem.problem.detail ?? problem.problem.title ?? t('error.status', { status: problem.status })));
  return (
    <main className="gate">
      <form className="gate-card" onSubmit={submit} noValidate>
        <div className="gate-brand">
          <img src="/mark.svg" alt="" width="40" height="40" />
          <span>{about?.desk_name || 'Propolis'}</span>
        </div>
        <h1>{title}</h1>
        <p className="hint">{setup ? t('setup.text') : t('sign_in.text')}</p>
        {setup && !token && (
          <p className="form-error" role="alert">
            {t('setup.no_token')}
          </p>
        )}
        {words && (
          <p className="form-error" role="alert">
            {words}
          </p>
        )}
        {setup && (
          <Field
            autoFocus
            label={t('setup.name')}
            type="text"
            autoComplete="name"
            value={form.name}
            onChange={(name) => setForm({ ...form, name })}
            error={field('name')}
          />
        )}
        <Field
          autoFocus={!setup}
          label={t('sign_in.email')}
          type="email"
          autoComplete="username"
          value={form.email}
          onChange={(email) => setForm({ ...form, email })}
          error={field('email')}
        />
        <Field
          label={t('sign_in.password')}
          type="password"
          autoComplete={setup ? 'new-password' : 'current-password'}
          value={form.password}
          onChange={(password) => setForm({ ...form, password })}
          error={field('password')}
          hint={setup ? t('setup.password_hint') : undefined}
        />
        {wantsCode && (
          <Field
            autoFocus
            label={t('sign_in.code')}
            type="text"
            autoComplete="one-time-code"
            value={form.code}
            onChange={(code) => setForm({ ...form, code })}
            error={field('code')}
            hint={t('sign_in.code_hint')}
          />
        )}
        <button type="submit" className="btn pri wide" aria-busy={busy}>
          {busy ? t('sign_in.busy') : setup ? t('setup.create') : t('sign_in.go')}
        </button>
        {!setup && hasPasskeys() && (
          <button type="button" className="btn wide" onClick={() => void enter(signInWithPasskey)}>
            <svg className="ic" viewBox="0 0 16 16" aria-hidden="true">
              <path d={icons.key} />
            </svg>
            {t('sign_in.passkey')}
          </button>
        )}
        {!setup && (
          <p className="hint">
            {t('sign_in.customer')} <a href="/portal">{t('sign_in.portal')}</a>
          </p>
        )}
      </form>
      <nav className="tongues" aria-label={t('prefs.language')}>
        {languages.map((one) => (
          <button
            key={one}
            type="button"
            lang={one}
            aria-pressed={language() === one}
            onClick={() => void setLanguage(one).then(() => setTongue(one))}
          >
            {languageNames[one]}
          </button>
        ))}
      </nav>
    </main>
  );
}

async function start() {
  applyTheme(keptTheme());
  registerCatalogues((one) => import(`../locales/${one}.json`));
  await setLanguage(preferredLanguage());
  const root = document.getElementById('root');
  if (root) createRoot(root).render(<Page />);
}

void start();
