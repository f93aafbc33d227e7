/** @jsxImportSource preact */
// Public articles: found by words, read without signing in.
import type { Article, Page } from '@lib/dto';
import { language, t } from '@lib/i18n';
import { day } from '@lib/time';
import { useEffect, useState } from 'preact/hooks';
import { useLoaded } from './data';
import { articlePath, kHome } from './router';
import { Icon, Problem, Title, Waiting } from './ui';

const kPauseMs = 250;

export const articlesPath = (words: string) =>
  `/portal/articles?language=${language()}${words ? `&q=${encodeURIComponent(words)}` : ''}`;

/** `value` once it has stood still for a moment. */
export function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), kPauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** The first lines of an article without its marks. */
function opening(article: Article): string {
  const plain = article.body
    .replace(/^\|.*$/gm, '')
    .replace(/[#*_`>[\]]|\(https?:[^)]*\)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > 180 ? `${plain.slice(0, 180).replace(/\s\S*$/, '')}…` : plain;
}

export function Articles() {
  const [words, setWords] = useState('');
  const found = useLoaded<Page<Article>>(articlesPath(useSettled(words.trim())));
  const items = found.value?.items ?? [];
  return (
    <div class="wrap one">
      <header class="head">
        <Title name={t('articles.title')}>{t('articles.title')}</Title>
      </header>
      <div role="search" class="find">
        <label class="sr" for="find">
          {t('articles.find')}
        </label>
        <Icon name="search" />
        <input
          id="find"
          type="search"
          placeholder={t('articles.find')}
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      </div>
      {found.error !== undefined && <Problem error={found.error} retry={found.reload} />}
      {!found.value && found.error === undefined && <Waiting />}
      <p class="sr" role="status">
        {found.value ? t('articles.count', { n: items.length }) : ''}
      </p>
      {found.value && items.length === 0 && (
        <div class="card empty">
          <Icon name="book" />
          <p>{words.trim() ? t('articles.none_for', { words: words.trim() }) : t('articles.none')}</p>
        </div>
      )}
      {items.length > 0 && (
        <ul class="card rows">
          {items.map((article) => (
            <li key={article.id}>
              <a class="row plain" href={articlePath(article.id)} lang={article.language}>
                <span class="what">
                  <b>{article.title}</b>
                  <span class="quiet">{opening(article)}</span>
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function ArticlePage({ id }: { id: string }) {
  const { value: article, error, reload } = useLoaded<Article>(`/portal/articles/${encodeURIComponent(id)}`);
  if (!article) return error === undefined ? <Waiting lines={8} /> : <Problem error={error} retry={reload} />;
  return (
    <div class="wrap one">
      <a class="back" href={`${kHome}/articles`}>
        <Icon name="back" />
        {t('articles.all')}
      </a>
      <article class="card prose" lang={article.language}>
        <Title name={article.title}>{article.title}</Title>
        <p class="quiet">{t('articles.updated', { date: day(article.updated_at, undefined) })}</p>
        {/* The server renders and sanitises this HTML. */}
        <div dangerouslySetInnerHTML={{ __html: article.body_html }} />
      </article>
    </div>
  );
}
