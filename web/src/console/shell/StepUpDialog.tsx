// Shows once more that it is she: by a passkey, a code, or the password of who has neither.
import { ApiProblem, get, post } from '@lib/api';
import type { Factors, StepUp } from '@lib/dto';
import { t } from '@lib/i18n';
import { hasPasskeys, showPasskey, wasCancelled } from '@lib/passkeys';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Icon } from '../ui/basics';
import { Dialog, FormError, TextField, useSave } from '../ui/forms';
import { explainError } from '../ui/toast';

export function StepUpDialog({ onEnd }: { onEnd: (done: boolean) => void }) {
  const factors = useQuery({ queryKey: ['step-up'], queryFn: () => get<Factors>('/session/factors'), gcTime: 0 });
  const [text, setText] = useState('');
  const state = useSave();
  const passkey = useSave();
  const send = (shown: StepUp) => post('/session/step-up', shown, { anonymous: true });
  const withPasskey = async () => {
    const done = await passkey.run(async () => {
      try {
        await send({ passkey: await showPasskey() });
      } catch (error) {
        throw wasCancelled(error) ? new ApiProblem({ status: 400, detail: t('step_up.cancelled') }) : error;
      }
    });
    if (done) onEnd(true);
  };
  const passkeys = factors.data?.passkeys.length ?? 0;
  const enrolled = passkeys > 0 || factors.data?.totp;
  const submit = async () => {
    await send(enrolled ? { code: text } : { password: text });
    onEnd(true);
  };
  // What there is to show decides where the dialog puts the cursor: it opens when that is known.
  if (factors.isPending) return null;
  return (
    <Dialog
      title={t('step_up.title')}
      submit={t('step_up.go')}
      state={state}
      keepOpen
      onClose={() => onEnd(false)}
      onSubmit={factors.data ? submit : undefined}
    >
      <p>{t('step_up.text')}</p>
      {factors.isError && <p className="form-error">{explainError(factors.error)}</p>}
      {passkeys > 0 && hasPasskeys() && (
        <p>
          <button
            type="button"
            className="btn pri"
            data-autofocus
            aria-busy={passkey.busy}
            onClick={() => void withPasskey()}
          >
            <Icon name="key" small />
            {t('step_up.passkey')}
          </button>
        </p>
      )}
      <FormError error={passkey.error} />
      {factors.data &&
        (enrolled ? (
          <TextField
            autoFocus={passkeys === 0}
            mono
            label={factors.data.totp ? t('step_up.code') : t('step_up.backup_code')}
            hint={factors.data.totp ? t('step_up.code_hint') : undefined}
            value={text}
            onChange={setText}
            autoComplete="one-time-code"
            error={state.field('code')}
          />
        ) : (
          <TextField
            autoFocus
            type="password"
            label={t('step_up.password')}
            value={text}
            onChange={setText}
            autoComplete="current-password"
            error={state.field('password')}
          />
        ))}
    </Dialog>
  );
}
