import type { Ticket } from '@lib/dto';
import { t } from '@lib/i18n';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { TimelineEntry } from '../data';
import { Empty, Loading } from '../ui/basics';
import type { Act } from './acts';
import { EntryView } from './EntryView';

type Filter = 'all' | 'messages' | 'notes' | 'work' | 'evidence';
const kShownFirst = 40;

const group = (entry: TimelineEntry): Filter | 'system' => {
  switch (entry.kind) {
    case 'message':
    case 'call':
    case 'survey':
      return 'messages';
    case 'note':
      return 'notes';
    case 'work_record':
      return 'work';
    case 'evidence':
      return 'evidence';
    case 'approval':
    case 'promise':
      return 'all';
    default:
      return 'system';
  }
};

type Props = {
  ticket: Ticket;
  entries: TimelineEntry[] | undefined;
  failed: boolean;
  onAct: (act: Act) => void;
  onRetry: () => void;
  onEvidence: () => void;
};

type Block = { key: string; entries: TimelineEntry[]; folded: boolean };

export function Timeline({ ticket, entries, failed, onAct, onRetry, onEvidence }: Props) {
  const [filter, setFilter] = useState<Filter>('all');
  const [opened, setOpened] = useState<Set<string>>(new Set());
  const [all, setAll] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const count = entries?.length ?? 0;
  const counts = useMemo(() => {
    const out: Record<Filter, number> = { all: 0, messages: 0, notes: 0, work: 0, evidence: 0 };
    for (const entry of entries ?? []) {
      const one = group(entry);
      if (one === 'system') continue;
      out.all++;
      if (one !== 'all') out[one]++;
    }
    return out;
  }, [entries]);
  const works = useMemo(
    () => new Map((entries ?? []).filter((entry) => entry.kind === 'work_record').map((entry, i) => [entry.id, i + 1])),
    [entries],
  );

  // The newest is read first: the view starts at the end and stays there when it was there.
  const atEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs on each new entry
  useLayoutEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [count, filter]);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  const wanted = (entries ?? []).filter((entry) => filter === 'all' || group(entry) === filter);
  const cut = !all && wanted.length > kShownFirst ? wanted.length - kShownFirst : 0;
  const blocks: Block[] = [];
  for (const entry of wanted.slice(cut)) {
    const folded = group(entry) === 'system';
    const last = blocks[blocks.length - 1];
    if (last && folded && last.folded) last.entries.push(entry);
    else blocks.push({ key: entry.id, entries: [entry], folded });
  }

  return (
    <>
      <div className="filters" role="group" aria-label={t('timeline.show')}>
        {(['all', 'messages', 'notes', 'work', 'evidence'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={filter === one} onClick={() => setFilter(one)}>
            {t(`timeline.${one}`)} <span className="num">{counts[one]}</span>
          </button>
        ))}
      </div>
      <div
        className="timeline"
        ref={box}
        tabIndex={0}
        role="log"
        aria-label={t('timeline.label')}
        onScroll={(event) => {
          const at = event.currentTarget;
          atEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 40;
        }}
      >
        {failed && (
          <Empty icon="alert" title={t('timeline.failed')}>
            <button type="button" className="btn sm" onClick={onRetry}>
              {t('error.retry')}
            </button>
          </Empty>
        )}
        {!entries && !failed && <Loading lines={5} />}
        {entries && wanted.length === 0 && <Empty icon="chat" title={t('timeline.none')} />}
        {cut > 0 && (
          <button type="button" className="fold" onClick={() => setAll(true)}>
            {t('timeline.earlier', { n: cut })}
          </button>
        )}
        {blocks.map((block) =>
          block.folded && !opened.has(block.key) ? (
            <button
              key={block.key}
              type="button"
              className="fold"
              onClick={() => setOpened(new Set([...opened, block.key]))}
            >
              {t('timeline.system', { n: block.entries.length })}
            </button>
          ) : (
            block.entries.map((entry) => (
              <EntryView
                key={entry.id}
                entry={entry}
                ticket={ticket}
                workNumber={works.get(entry.id)}
                onAct={onAct}
                onEvidence={onEvidence}
              />
            ))
          ),
        )}
      </div>
    </>
  );
}
