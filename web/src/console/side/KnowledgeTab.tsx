import { get } from '@lib/api';
import type { Article, Page, SearchAnswer, Ticket } from '@lib/dto';
import { type Language, language, t } from '@lib/i18n';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSnippets } from '../data';
import { useSession } from '../session';
import { fill } from '../ticket/Picker';
import { Empty, Icon, Lang, Loading } from '../ui/basics';

export function KnowledgeTab({ ticket, onInsert }: { ticket: Ticket; onInsert: (text: string) => void }) {
  const [typed, setTyped] = useState('');
  const snippets = useSnippets();
  const session = useSession();
  const asked = typed.trim() || ticket.technology?.name || '';
  const found = useQuery({
    queryKey: ['knowledge', asked],
    queryFn: async () => {
      if (!asked)
        return (await get<Page<Article>>('/articles', { query: { limit: 20 } })).items.map((one) => ({
          id: one.id,
          title: one.title,
          language: one.language as string | undefined,
        }));
      const answer = await get<SearchAnswer>('/search', { query: { q: asked, type: 'article', limit: 20 } });
      return answer.items.map((one) => ({ id: one.id, title: one.title, language: undefined as string | undefined }));
    },
    placeholderData: (old) => old,
  });
  const spoken = (ticket.contact?.language ?? ticket.language ?? language()) as Language;
  const matching = (snippets.data ?? []).filter((one) =>
    `${one.key} ${one.title[spoken]} ${one.title.en}`.toLowerCase().includes(typed.trim().toLowerCase()),
  );
  return (
    <>
      <section>
        <h3>{t('side.knowledge')}</h3>
        <input
          className="input"
          type="search"
          value={typed}
          placeholder={t('knowledge.find')}
          aria-label={t('knowledge.find')}
          onChange={(event) => setTyped(event.target.value)}
        />
        <h4 className="side-sub">{t('admin.articles')}</h4>
        {found.isPending && <Loading />}
        {found.data?.length === 0 && (
          <Empty icon="book" title={t('knowledge.none')}>
            {t('knowledge.none_hint')}
          </Empty>
        )}
        <ul className="knowledge">
          {(found.data ?? []).map((one) => (
            <ArticleLine key={one.id} id={one.id} title={one.title} language={one.language} onInsert={onInsert} />
          ))}
        </ul>
      </section>
      <section>
        <h3>{t('admin.snippets')}</h3>
        {matching.length === 0 && <p className="hint">{t('knowledge.no_snippets')}</p>}
        <ul className="knowledge">
          {matching.slice(0, 20).map((one) => (
            <li key={one.id}>
              <button
                type="button"
                className="knowledge-item"
                title={one.body[spoken]}
                onClick={() => onInsert(fill(one.body[spoken] || one.body.en, ticket, session.name))}
              >
                <code>::{one.key}</code>
                <span className="clip">{one.title[spoken] || one.title.en}</span>
                <Icon name="reply" small label={t('knowledge.insert')} />
              </button>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function ArticleLine({
  id,
  title,
  language: spoken,
  onInsert,
}: {
  id: string;
  title: string;
  language?: string;
  onInsert: (text: string) => void;
}) {
  const [open, setOpen] = useState(false);
  const article = useQuery({
    queryKey: ['article', id],
    enabled: open,
    queryFn: () => get<Article>(`/articles/${id}`),
  });
  return (
    <li>
      <button type="button" className="knowledge-item" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="book" small />
        <span className="clip">{title}</span>
        <Lang value={spoken} />
        <Icon name={open ? 'chevronUp' : 'chevronDown'} small />
      </button>
      {open && article.data && (
        <div className="knowledge-open">
          <div className="rich" dangerouslySetInnerHTML={{ __html: article.data.body_html }} />
          <button
            type="button"
            className="btn sm"
            onClick={() =>
              onInsert(
                article.data.visibility === 'public'
                  ? `${article.data.title}: ${location.origin}/portal/articles/${id}`
                  : article.data.body,
              )
            }
          >
            <Icon name="reply" small />
            {t('knowledge.insert')}
          </button>
        </div>
      )}
    </li>
  );
}
