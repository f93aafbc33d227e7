// The list that `::`, `??` and `@@` open in the composer: snippets, articles, colleagues.
import { get } from '@lib/api';
import type { Article, Page, Ticket } from '@lib/dto';
import { type Language, t, language as uiLanguage } from '@lib/i18n';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useSnippets, useStaffNames } from '../data';
import { useSession } from '../session';

type PickerProps = {
  open: { sign: '::' | '??' | '@@'; word: string };
  ticket: Ticket;
  onPick: (text: string) => void;
  onClose: () => void;
  area: HTMLTextAreaElement | null;
};

/** What a snippet's {{…}} stand for; one that is not known stays, and warns before sending. */
export function fill(body: string, ticket: Ticket, me: string): string {
  const known: Record<string, string | undefined> = {
    number: ticket.number,
    subject: ticket.subject,
    name: ticket.contact?.name ?? ticket.requester.name,
    first_name: (ticket.contact?.name ?? ticket.requester.name ?? '').split(' ')[0],
    organisation: ticket.organisation?.name,
    agent: me,
    technology: ticket.technology?.name,
  };
  return body.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (whole, name: string) => known[name] ?? whole);
}

const fold = (value: string) => value.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function Picker({ open, ticket, onPick, onClose, area }: PickerProps) {
  const session = useSession();
  const snippets = useSnippets();
  const names = useStaffNames();
  const articles = useQuery({
    queryKey: ['articles'],
    enabled: open.sign === '??',
    queryFn: () => get<Page<Article>>('/articles', { query: { limit: 200 } }).then((page) => page.items),
  });
  const [at, setAt] = useState(0);
  const language = (ticket.contact?.language ?? ticket.language ?? uiLanguage()) as Language;
  const word = fold(open.word);
  const items = useMemo(() => {
    if (open.sign === '::') {
      return (snippets.data ?? [])
        .map((one) => ({
          key: one.id,
          label: one.title[language] || one.title.en,
          hint: `::${one.key}`,
          text: fill(one.body[language] || one.body.en, ticket, session.name),
        }))
        .filter((one) => fold(`${one.hint} ${one.label}`).includes(word));
    }
    if (open.sign === '@@') {
      return (names.data ?? [])
        .filter((one) => fold(one.name).includes(word))
        .map((one) => ({
          key: one.id,
          label: one.name,
          hint: one.on_shift ? t('duty.on_shift') : '',
          text: `@${one.name} `,
        }));
    }
    return (articles.data ?? [])
      .filter((one) => fold(`${one.title} ${one.tags.join(' ')}`).includes(word))
      .map((one) => ({
        key: one.id,
        label: one.title,
        hint: one.visibility === 'public' ? t('article.public') : t('article.internal'),
        text:
          one.visibility === 'public' ? `${one.title}: ${location.origin}/portal/articles/${one.id} ` : `${one.body}\n`,
      }));
  }, [open.sign, word, snippets.data, names.data, articles.data, language, ticket, session.name]);
  const shown = items.slice(0, 8);
  const here = Math.min(at, Math.max(0, shown.length - 1));
  useEffect(() => {
    if (!area) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'ArrowDown') setAt(Math.min(here + 1, shown.length - 1));
      else if (event.key === 'ArrowUp') setAt(Math.max(here - 1, 0));
      else if ((event.key === 'Enter' && !event.ctrlKey) || event.key === 'Tab') {
        const item = shown[here];
        if (!item) return;
        onPick(item.text);
      } else if (event.key === 'Escape') onClose();
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    area.addEventListener('keydown', onKey, true);
    return () => area.removeEventListener('keydown', onKey, true);
  }, [area, here, shown, onPick, onClose]);
  return (
    <div
      className="picker"
      role="listbox"
      aria-label={t(`picker.${open.sign === '::' ? 'snippets' : open.sign === '??' ? 'articles' : 'people'}`)}
    >
      {shown.length === 0 && <p className="hint">{t('picker.none')}</p>}
      {shown.map((item, i) => (
        <div
          key={item.key}
          role="option"
          tabIndex={-1}
          aria-selected={i === here}
          onMouseDown={(event) => {
            event.preventDefault();
            onPick(item.text);
          }}
        >
          <span className="clip">{item.label}</span>
          <small>{item.hint}</small>
        </div>
      ))}
    </div>
  );
}
