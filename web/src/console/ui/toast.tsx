// Short words after an act, with the way back where there is one. Errors stay until they are closed.
import { ApiProblem, isOffline } from '@lib/api';
import { t } from '@lib/i18n';
import { createStore, useStore } from '../store';
import { Icon } from './basics';

type Toast = { id: number; tone: 'ok' | 'bad'; text: string; detail?: string; undo?: () => void; undoLabel?: string };
const toasts = createStore<Toast[]>([]);
let next = 1;

function show(toast: Omit<Toast, 'id'>, ms: number): number {
  const id = next++;
  toasts.set((old) => [...old.slice(-3), { ...toast, id }]);
  if (ms > 0) setTimeout(() => closeToast(id), ms);
  return id;
}

export function closeToast(id: number): void {
  toasts.set((old) => old.filter((toast) => toast.id !== id));
}

export function done(text: string, undo?: () => void): void {
  show({ tone: 'ok', text, undo }, undo ? 8000 : 4000);
}

/** What went wrong and what to do, in the server's words if it had any. */
export function explainError(error: unknown): string {
  if (isOffline(error)) return t('error.offline');
  if (error instanceof ApiProblem) {
    if (error.status === 412) return t('error.stale');
    const fields = error.problem.errors?.map((one) => one.message).join(' ');
    return error.problem.detail || fields || error.problem.title || t('error.status', { status: error.status });
  }
  return t('error.unknown');
}

/** Somebody other than the desk said no. */
export function refused(text: string): void {
  show({ tone: 'bad', text }, 12000);
}

export function failed(error: unknown): void {
  const id = error instanceof ApiProblem ? error.problem.request_id : undefined;
  show({ tone: 'bad', text: explainError(error), detail: id ? t('error.request', { id }) : undefined }, 12000);
}

export function Toasts() {
  const shown = useStore(toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <div key={toast.id} className={`toast ${toast.tone}`}>
          <Icon name={toast.tone === 'ok' ? 'checkCircle' : 'alert'} />
          <div>
            <p>{toast.text}</p>
            {toast.detail && <p className="toast-detail">{toast.detail}</p>}
          </div>
          {toast.undo && (
            <button
              type="button"
              className="btn sm"
              onClick={() => {
                closeToast(toast.id);
                toast.undo?.();
              }}
            >
              <Icon name="undo" small />
              {toast.undoLabel ?? t('common.undo')}
            </button>
          )}
          <button type="button" className="iconbtn" aria-label={t('common.close')} onClick={() => closeToast(toast.id)}>
            <Icon name="x" small />
          </button>
        </div>
      ))}
    </div>
  );
}
