// Live updates: one EventSource for the page, resumed from the last event seen, reopened with growing pauses.
import { kBase } from './api';

export type LiveEvent = { seq: number; kind: string; ticket?: { id: string; number: string }; at: string };
export type LiveState = 'connecting' | 'open' | 'lost';

export type Live = { close: () => void };

const kFirstPauseMs = 1000;
const kLongestPauseMs = 30000;

/** `onReset`: events were missed beyond what the server keeps; whatever is shown must be fetched again. */
export function live(handlers: {
  onEvent: (event: LiveEvent) => void;
  onReset: () => void;
  onState?: (state: LiveState) => void;
}): Live {
  let source: EventSource | undefined;
  let last = '';
  let pause = kFirstPauseMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const seen = (event: MessageEvent) => {
    if (event.lastEventId) last = event.lastEventId;
  };

  const open = () => {
    if (closed) return;
    handlers.onState?.('connecting');
    source = new EventSource(`${kBase}/events${last ? `?since=${encodeURIComponent(last)}` : ''}`);
    source.onopen = () => {
      pause = kFirstPauseMs;
      handlers.onState?.('open');
    };
    source.addEventListener('ticket', (event) => {
      seen(event as MessageEvent);
      try {
        handlers.onEvent(JSON.parse((event as MessageEvent).data) as LiveEvent);
      } catch {
        handlers.onReset();
      }
    });
    source.addEventListener('reset', (event) => {
      seen(event as MessageEvent);
      handlers.onReset();
    });
    source.onerror = () => {
      source?.close();
      if (closed) return;
      handlers.onState?.('lost');
      clearTimeout(timer);
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, kLongestPauseMs);
    };
  };

  open();
  return {
    close: () => {
      closed = true;
      clearTimeout(timer);
      source?.close();
    },
  };
}
