/** @jsxImportSource preact */
// Files on their way up: progress, cancel, try again.
import { ApiProblem, upload } from '@lib/api';
import { bytes, t } from '@lib/i18n';
import { useCallback, useRef, useState } from 'preact/hooks';
import { Icon, problemWords } from './ui';

type Item = {
  key: number;
  file: File;
  part: number;
  state: 'going' | 'done' | 'failed';
  error?: unknown;
  cancel: () => void;
};
export type UploadQueue = {
  items: Item[];
  add: (files: File[]) => void;
  retry: (item: Item) => void;
  drop: (item: Item) => void;
};

/** Uploads each added file to `path` at once; `onDone` after each that arrived. */
export function useUploads(path: string, onDone: () => void): UploadQueue {
  const [items, setItems] = useState<Item[]>([]);
  const next = useRef(1);

  const change = useCallback((key: number, values: Partial<Item>) => {
    setItems((before) => before.map((item) => (item.key === key ? { ...item, ...values } : item)));
  }, []);

  const start = (key: number, file: File) => {
    const form = new FormData();
    form.set('source', 'portal');
    form.set('file', file, file.name);
    const { done, cancel } = upload(path, form, (part) => change(key, { part }));
    done
      .then(() => {
        change(key, { state: 'done', part: 1 });
        onDone();
      })
      .catch((error) => {
        const cancelled = error instanceof ApiProblem && error.problem.code === 'cancelled';
        if (cancelled) setItems((before) => before.filter((item) => item.key !== key));
        else change(key, { state: 'failed', error });
      });
    return cancel;
  };

  const add = (files: File[]) => {
    const added = files.map((file): Item => {
      const key = next.current++;
      return { key, file, part: 0, state: 'going', cancel: start(key, file) };
    });
    setItems((before) => [...before, ...added]);
  };
  const retry = (item: Item) => change(item.key, { state: 'going', part: 0, cancel: start(item.key, item.file) });
  const drop = (item: Item) => {
    item.cancel();
    setItems((before) => before.filter((one) => one.key !== item.key));
  };
  return { items, add, retry, drop };
}

export function Uploads({ uploads }: { uploads: UploadQueue }) {
  if (uploads.items.length === 0) return null;
  return (
    <ul class="uploads" aria-label={t('upload.title')}>
      {uploads.items.map((item) => (
        <li key={item.key} class={item.state}>
          <Icon name={item.state === 'done' ? 'check' : item.state === 'failed' ? 'warning' : 'upload'} />
          <span class="name">
            <bdi>{item.file.name}</bdi>
            <small>
              {item.state === 'failed' ? problemWords(item.error) : bytes(item.file.size)}
              {item.state === 'done' && ` · ${t('upload.done')}`}
            </small>
          </span>
          {item.state === 'going' && (
            <progress max={1} value={item.part} aria-label={t('upload.of', { name: item.file.name })} />
          )}
          {item.state === 'failed' && (
            <button type="button" class="btn sm" onClick={() => uploads.retry(item)}>
              {t('act.retry')}
            </button>
          )}
          {item.state !== 'done' && (
            <button
              type="button"
              class="btn sm ghost"
              aria-label={t('upload.cancel', { name: item.file.name })}
              onClick={() => uploads.drop(item)}
            >
              <Icon name="x" />
            </button>
          )}
        </li>
      ))}
      <li class="sr" role="status">
        {t('upload.count', { n: uploads.items.filter((item) => item.state === 'done').length })}
      </li>
    </ul>
  );
}
