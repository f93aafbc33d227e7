// For who must have a second factor and has none: the page to enrol one, and nothing else until then.
import { del } from '@lib/api';
import { t } from '@lib/i18n';
import { lazy, Suspense } from 'react';
import { Loading, Mark } from '../ui/basics';
import { Toasts } from '../ui/toast';
import { StepUp } from './StepUp';

const Factors = lazy(() => import('../admin/Factors').then((module) => ({ default: module.Factors })));

export function MustEnrol() {
  const signOut = async () => {
    await del('/session').catch(() => undefined);
    location.assign('/sign-in');
  };
  return (
    <div className="app">
      <header className="top">
        <span className="brand">
          <Mark />
          <span>Propolis</span>
        </span>
        <button type="button" className="btn sign-out" onClick={() => void signOut()}>
          {t('shell.sign_out')}
        </button>
      </header>
      <main id="content" className="content page admin-page" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Factors />
        </Suspense>
      </main>
      <section id="floats" aria-label={t('shell.floats')} />
      <Toasts />
      <StepUp />
    </div>
  );
}
