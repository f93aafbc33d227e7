import '../styles/admin.css';
import { get } from '@lib/api';
import type { SearchAnswer, SearchItem } from '@lib/dto';
import { t } from '@lib/i18n';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Empty, Icon, Loading, Prio, StateWord, When } from '../ui/basics';
import { Segments } from '../ui/forms';
import { explainError } from '../ui/toast';

const kExamples = [
  '"fase 2"',
  'is:open priority:P1',
  'organisation:northmere -vpn',
  'certific*',
  'has:evidence after:2026-11-01',
  'is:breached language:pt',
];
const kOperators: [string, string][] = [
  ['"…"', 'search.op.phrase'],
  ['-', 'search.op.not'],
  ['OR', 'search.op.or'],
  ['abc*', 'search.op.prefix'],
  ['state: priority: kind: channel: language:', 'search.op.fields'],
  ['organisation: assignee: technology: from: number:', 'search.op.people'],
  ['before: after:', 'search.op.dates'],
  ['has:evidence is:open is:breached', 'search.op.flags'],
];

export function Search() {
  const {
    q = '',
    sort = 'relevance',
    type,
  } = useSearch({ strict: false }) as { q?: string; sort?: string; type?: string };
  const navigate = useNavigate();
  const [typed, setTyped] = useState(q);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => setTyped(q), [q]);
  useEffect(() => box.current?.focus(), []);
  const go = (change: { q?: string; sort?: string; type?: string }) =>
    void navigate({ to: '/search', search: { q: typed.trim() || undefined, sort, type, ...change }, replace: true });
  useEffect(() => {
    if (typed.trim() === q) return;
    const timer = setTimeout(
      () => void navigate({ to: '/search', search: { q: typed.trim() || undefined, sort, type }, replace: true }),
      350,
    );
    return () => clearTimeout(timer);
  }, [typed, q, sort, type, navigate]);
  const found = useInfiniteQuery({
    queryKey: ['search', q, sort, type],
    enabled: q.length > 0,
    queryFn: ({ pageParam, signal }) =>
      get<SearchAnswer>('/search', { query: { q, sort, type, limit: 25, cursor: pageParam || undefined }, signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  });
  const first = found.data?.pages[0];
  const hits = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <main className="page search-page">
      <header className="page-head">
        <h1>{t('nav.search')}</h1>
      </header>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          go({ q: typed.trim() || undefined });
        }}
      >
        <div className="search-box">
          <Icon name="search" />
          <input
            ref={box}
            type="search"
            value={typed}
            placeholder={t('search.placeholder')}
            aria-label={t('search.placeholder')}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        <div className="search-tools">
          <Segments
            label={t('search.type')}
            value={type ?? ''}
            onChange={(value) => go({ type: value || undefined })}
            choices={['', 'ticket', 'entry', 'article'].map((value) => ({
              value,
              label: t(`search.type.${value || 'all'}`),
            }))}
          />
          <Segments
            label={t('list.sort')}
            value={sort}
            onChange={(value) => go({ sort: value })}
            choices={['relevance', 'recent'].map((value) => ({ value, label: t(`search.${value}`) }))}
          />
          {first && (
            <span className="num dim end" role="status">
              {first.total.capped
                ? t('search.many', { n: first.total.value })
                : t('search.found', { n: first.total.value })}
            </span>
          )}
        </div>
      </form>
      {first && first.query.problems.length > 0 && (
        <ul className="banner warn" role="status">
          {first.query.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      {q && found.isPending && <Loading lines={5} />}
      {found.isError && (
        <Empty icon="alert" title={t('search.failed')}>
          {explainError(found.error)}
        </Empty>
      )}
      {first && hits.length === 0 && (
        <Empty icon="search" title={t('search.none')}>
          {t('search.none_hint')}
        </Empty>
      )}
      <ol className="hits">
        {hits.map((hit) => (
          <Hit key={`${hit.type} ${hit.id} ${hit.seq ?? ''}`} hit={hit} />
        ))}
      </ol>
      {found.hasNextPage && (
        <button
          type="button"
          className="btn"
          onClick={() => void found.fetchNextPage()}
          aria-busy={found.isFetchingNextPage}
        >
          {t('common.more')}
        </button>
      )}
      {!q && (
        <section className="card search-help">
          <h2>{t('search.help')}</h2>
          <dl className="facts">
            {kOperators.map(([sign, id]) => (
              <div key={id} className="contents">
                <dt>
                  <code>{sign}</code>
                </dt>
                <dd>{t(id)}</dd>
              </div>
            ))}
          </dl>
          <p className="hint">{t('search.examples')}</p>
          <p className="chips">
            {kExamples.map((example) => (
              <button key={example} type="button" className="chip line" onClick={() => setTyped(example)}>
                <code>{example}</code>
              </button>
            ))}
          </p>
        </section>
      )}
    </main>
  );
}

function Hit({ hit }: { hit: SearchItem }) {
  const body = (
    <>
      <span className="hit-title">
        {hit.priority && <Prio value={hit.priority} />}
        {hit.number && <span className="num dim">{hit.number}</span>}
        {hit.type === 'article' && <Icon name="book" small label={t('search.type.article')} />}
        {hit.type === 'entry' && <Icon name="chat" small label={t('search.type.entry')} />}
        <b className="clip" dir="auto">
          {hit.title}
        </b>
      </span>
      {/* The server escapes the text and adds nothing but <mark>. */}
      <span className="hit-snippet" dir="auto" dangerouslySetInnerHTML={{ __html: hit.snippet_html }} />
      <span className="hit-meta">
        {hit.state && <StateWord state={hit.state} />}
        {hit.organisation?.name}
        <When at={hit.at} />
      </span>
    </>
  );
  return (
    <li>
      {hit.type === 'article' ? (
        <Link to="/admin/$section" params={{ section: 'articles' }} search={{ id: hit.id }} className="hit">
          {body}
        </Link>
      ) : (
        <Link
          to="/q/$view/$number"
          params={{ view: 'desk_all', number: hit.number ?? hit.ticket_id ?? hit.id }}
          className="hit"
        >
          {body}
        </Link>
      )}
    </li>
  );
}
