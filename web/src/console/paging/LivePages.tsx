import { t } from '@lib/i18n';
import { useLivePages } from './data';
import { PageCard } from './PageCard';

/** Everybody who is being called now, and what was taken. */
export function LivePages() {
  const pages = useLivePages();
  if (!pages.data?.length) return null;
  return (
    <section aria-label={t('page.live')}>
      <h2>{t('page.live')}</h2>
      <ul className="page-list">
        {pages.data.map((page) => (
          <li key={page.id}>
            <PageCard page={page} titled />
          </li>
        ))}
      </ul>
    </section>
  );
}
