/** @jsxImportSource preact */
// Signing in without a password: the address is given, a link comes by mail. The answer is the same for every address.
import { post } from '@lib/api';
import { language, t } from '@lib/i18n';
import { useState } from 'preact/hooks';
import { described, Field, Icon, Problem, Title } from './ui';

export function SignIn({ spent }: { spent?: boolean }) {
  const [email, setEmail] = useState('');
  const [wrong, setWrong] = useState<string>();
  const [sent, setSent] = useState<string>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  const ask = (event: Event) => {
    event.preventDefault();
    const address = email.trim();
    if (!/^[^\s@]+@[^\s@]+$/.test(address)) {
      setWrong(t('sign_in.wrong'));
      document.getElementById('email')?.focus();
      return;
    }
    setWrong(undefined);
    setError(undefined);
    setBusy(true);
    post('/portal/sign-in', { email: address, language: language() }, { anonymous: true })
      .then(() => setSent(address))
      .catch(setError)
      .finally(() => setBusy(false));
  };

  if (sent) {
    return (
      <section class="card narrow">
        <Title key="sent" name={t('sign_in.sent')}>
          {t('sign_in.sent')}
        </Title>
        <p role="status">{t('sign_in.sent_to', { email: sent })}</p>
        <p class="quiet">{t('sign_in.sent_hint')}</p>
        <button type="button" class="btn" onClick={() => setSent(undefined)}>
          {t('sign_in.other')}
        </button>
      </section>
    );
  }
  return (
    <section class="card narrow">
      <Title key="ask" name={t('sign_in.title')}>
        {t('sign_in.title')}
      </Title>
      {spent && (
        <p class="hold" role="status">
          <Icon name="clock" />
          {t('sign_in.spent')}
        </p>
      )}
      <p>{t('sign_in.body')}</p>
      <form onSubmit={ask} noValidate>
        <Field id="email" label={t('sign_in.email')} error={wrong}>
          <input
            id="email"
            type="email"
            name="email"
            autoComplete="email"
            inputMode="email"
            required
            value={email}
            aria-invalid={Boolean(wrong)}
            aria-describedby={described('email', false, Boolean(wrong))}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </Field>
        {error !== undefined && <Problem error={error} />}
        <button type="submit" class="btn pri wide" aria-disabled={busy}>
          {t('sign_in.send')}
        </button>
      </form>
    </section>
  );
}
