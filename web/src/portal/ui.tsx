/** @jsxImportSource preact */
// Small parts that every page of the portal uses.
import { ApiProblem, isOffline } from '@lib/api';
import { t } from '@lib/i18n';
import { hexagon, type IconName, icons } from '@lib/icons';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { moved } from './router';
import { initials } from './words';

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="ic" viewBox="0 0 16 16" aria-hidden="true">
      <path d={icons[name]} />
    </svg>
  );
}

export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M7 3h10l5 9-5 9H7l-5-9z" fill="var(--honey)" />
      <path d="M9.200 7.200h5.600l2.800 4.800-2.800 4.800H9.200L6.400 12z" fill="var(--surface)" />
      <path d="M10.600 9.600h2.800l1.400 2.400-1.400 2.400h-2.800L9.200 12z" fill="var(--honey-ink)" />
    </svg>
  );
}

/** One step of the comb: a tick when done, its number otherwise. */
export function Cell({ done, figure }: { done: boolean; figure: number }) {
  return (
    <svg viewBox="0 0 28 24" aria-hidden="true">
      <path class="cell" d={hexagon} />
      {done ? (
        <path class="tick" d="m9.500 12.500 3 3 6-6.500" />
      ) : (
        <text x="14" y="16">
          {figure}
        </text>
      )}
    </svg>
  );
}

export function Avatar({ name, own }: { name: string; own?: boolean }) {
  return <span class={own ? 'av own' : 'av'} data-initials={initials(name)} aria-hidden="true" />;
}

/** The heading of a page: names the window and takes the focus when the page was reached by a link. */
export function Title({
  children,
  name,
  class: className,
}: {
  children: ComponentChildren;
  name: string;
  class?: string;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = name;
  }, [name]);
  useEffect(() => {
    const lost = document.activeElement === document.body || !document.activeElement?.isConnected;
    if (moved && lost) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} class={className}>
      {children}
    </h1>
  );
}

/** What went wrong, and what to do about it, in the reader's words. */
export function problemWords(error: unknown): string {
  if (isOffline(error)) return t('problem.offline');
  if (error instanceof ApiProblem) {
    if (error.status === 413) return t('problem.too_large');
    if (error.status === 429) return t('problem.too_many');
    if (error.status < 500 && (error.problem.detail || error.problem.title)) return error.message;
  }
  return t('problem.unknown');
}

export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <div class="problem" role="alert">
      <Icon name="warning" />
      <p>{problemWords(error)}</p>
      {retry && (
        <button type="button" class="btn" onClick={retry}>
          {t('act.retry')}
        </button>
      )}
    </div>
  );
}

/** Grey shapes where text will stand: nothing jumps when it comes. */
export function Waiting({ lines = 4 }: { lines?: number }) {
  return (
    <div class="card waiting" role="status">
      <span class="sr">{t('loading')}</span>
      {Array.from({ length: lines }, (_, line) => (
        <i key={line} />
      ))}
    </div>
  );
}

export function Field(props: {
  id: string;
  label: string;
  hint?: string;
  error?: string;
  optional?: boolean;
  children: ComponentChildren;
}) {
  return (
    <div class="field">
      <label for={props.id}>
        {props.label} {props.optional && <span>{t('form.optional')}</span>}
      </label>
      {props.hint && (
        <p class="hint" id={`${props.id}-hint`}>
          {props.hint}
        </p>
      )}
      {props.children}
      {props.error && (
        <p class="wrong" id={`${props.id}-wrong`}>
          <Icon name="warning" />
          {props.error}
        </p>
      )}
    </div>
  );
}

/** The ids that describe a field, for aria-describedby. */
export function described(id: string, hint: boolean, error: boolean): string | undefined {
  return [hint && `${id}-hint`, error && `${id}-wrong`].filter(Boolean).join(' ') || undefined;
}
