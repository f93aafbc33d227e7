import { t } from '@lib/i18n';
import { Icon } from '../ui/basics';
import { explainError } from '../ui/toast';

export function Problem({ error }: { error: unknown }) {
  return (
    <main className="whole-page" role="alert">
      <Icon name="alert" />
      <h1>{t('error.title')}</h1>
      <p>{explainError(error)}</p>
      <button type="button" className="btn pri" onClick={() => location.reload()}>
        <Icon name="refresh" small />
        {t('error.retry')}
      </button>
    </main>
  );
}
