import '../styles/admin.css';
import type { Article } from '@lib/dto';
import { t } from '@lib/i18n';
import { Icon, When } from '../ui/basics';
import { AreaField } from '../ui/forms';
import { Crud } from './Crud';
import { markdown } from './markdown';
import { languageChoices } from './Organisations';

export function ArticlesPage() {
  return (
    <main className="page">
      <Articles />
    </main>
  );
}

export function Articles({ openId }: { openId?: string }) {
  return (
    <Crud<Article>
      title={t('admin.articles')}
      hint={t('admin.articles.hint')}
      icon="book"
      path="/articles"
      queryKey={['admin', 'articles']}
      also={[['articles'], ['article'], ['knowledge']]}
      openId={openId}
      nameOf={(item) => item.title}
      columns={[
        { head: t('field.title'), cell: (item) => item.title },
        { head: t('field.language'), cell: (item) => item.language.toUpperCase() },
        {
          head: t('article.visibility'),
          cell: (item) => (
            <span className={`chip ${item.visibility === 'public' ? 'acc' : ''}`}>
              <Icon name={item.visibility === 'public' ? 'globe' : 'lock'} small />
              {t(`article.${item.visibility}`)}
            </span>
          ),
        },
        { head: t('field.state'), cell: (item) => t(`article.${item.state}`) },
        { head: t('article.tags'), cell: (item) => item.tags.join(', ') },
        { head: t('article.updated'), cell: (item) => <When at={item.updated_at} /> },
      ]}
      fields={[
        { kind: 'text', name: 'title', label: t('field.title'), required: true, wide: true },
        { kind: 'pick', name: 'language', label: t('field.language'), choices: languageChoices() },
        {
          kind: 'pick',
          name: 'visibility',
          label: t('article.visibility'),
          choices: (['internal', 'public'] as const).map((value) => ({ value, label: t(`article.${value}`) })),
        },
        {
          kind: 'pick',
          name: 'state',
          label: t('field.state'),
          choices: (['draft', 'published'] as const).map((value) => ({ value, label: t(`article.${value}`) })),
        },
        { kind: 'words', name: 'tags', label: t('article.tags') },
        {
          kind: 'own',
          name: 'body',
          label: t('article.body'),
          draw: (value, set, error) => <BodyEditor value={String(value ?? '')} onChange={set} error={error('body')} />,
        },
      ]}
      toForm={(item) => ({
        title: item?.title ?? '',
        language: item?.language ?? 'en',
        visibility: item?.visibility ?? 'internal',
        state: item?.state ?? 'draft',
        tags: item?.tags ?? [],
        body: item?.body ?? '',
      })}
      toBody={(values) => values}
    />
  );
}

/** Markdown on the left, what becomes of it on the right; the server makes and cleans the HTML that readers get. */
function BodyEditor({ value, onChange, error }: { value: string; onChange: (value: string) => void; error?: string }) {
  return (
    <div className="form-two editor">
      <AreaField
        mono
        rows={14}
        required
        label={t('article.body')}
        hint={t('article.body_hint')}
        value={value}
        onChange={onChange}
        error={error}
      />
      <div className="field">
        <span className="label">{t('article.preview')}</span>
        <div className="rich preview">{markdown(value)}</div>
      </div>
    </div>
  );
}
