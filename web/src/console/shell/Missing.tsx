import { t } from '@lib/i18n';
import { Link } from '@tanstack/react-router';
import { Icon } from '../ui/basics';

export function Missing() {
  return (
    <main className="whole-page">
      <Icon name="search" />
      <h1>{t('missing.title')}</h1>
      <p>{t('missing.text')}</p>
      <Link to="/" className="btn pri">
        {t('missing.home')}
      </Link>
    </main>
  );
}
