import type { Clock, RowClock } from '@lib/dto';
import { t } from '@lib/i18n';
import type { IconName } from '@lib/icons';
import { countdown, span } from '@lib/time';
import { useNow } from '../store';
import { Icon } from './basics';

export type ClockFace = 'ok' | 'warn' | 'breach' | 'paused' | 'met';
export const faceIcons: Record<ClockFace, IconName> = {
  ok: 'clock',
  warn: 'warning',
  breach: 'alert',
  paused: 'pause',
  met: 'checkCircle',
};
const kSoonSeconds = 30 * 60;

/** Which of the five faces a clock shows, and its seconds: left, late (below zero) or taken. Pure. */
export function faceOf(clock: RowClock & Partial<Clock>, now: number): { face: ClockFace; seconds: number } {
  if (clock.state === 'met') return { face: 'met', seconds: clock.elapsed_seconds ?? 0 };
  if (clock.state === 'paused') return { face: 'paused', seconds: clock.remaining_seconds ?? 0 };
  if (clock.state === 'breached' && clock.met_at && clock.due_at) {
    return { face: 'breach', seconds: (Date.parse(clock.due_at) - Date.parse(clock.met_at)) / 1000 };
  }
  const left = clock.due_at ? (Date.parse(clock.due_at) - now) / 1000 : (clock.remaining_seconds ?? 0);
  if (clock.state === 'breached' || left < 0) return { face: 'breach', seconds: Math.min(left, 0) };
  const soon = clock.warn_at ? Date.parse(clock.warn_at) <= now : left <= kSoonSeconds;
  return { face: soon ? 'warn' : 'ok', seconds: left };
}

/** A clock in a row: icon, what it is, figures. */
export function ClockChip({ clock }: { clock: RowClock }) {
  const now = useNow();
  const { face, seconds } = faceOf(clock, now);
  const name = t(`clock.${clock.kind}`);
  return (
    <span className={`clk ${face}`}>
      <Icon name={faceIcons[face]} small />
      <span className="clip">
        {face === 'paused' ? t('clock.named_paused', { name }) : face === 'met' ? t('clock.named_met', { name }) : name}
      </span>{' '}
      <b>{face === 'paused' ? span(seconds) : countdown(seconds)}</b>
    </span>
  );
}

/** A clock in the ticket's strip: name, figures, a word, a bar. */
export function ClockBlock({ clock, onExplain }: { clock: Clock; onExplain: () => void }) {
  const now = useNow();
  const { face, seconds } = faceOf(clock, now);
  const used = clock.target_seconds > 0 ? Math.min(1, Math.max(0.03, clock.elapsed_seconds / clock.target_seconds)) : 0;
  const live = face === 'ok' || face === 'warn';
  const part = face === 'breach' ? 1 : live && clock.target_seconds > 0 ? liveShare(clock, seconds, used) : used;
  return (
    <button type="button" className={`clock ${face}`} onClick={onExplain} title={t('clock.explain_hint')}>
      <span className="clock-name">
        <Icon name={faceIcons[face]} small />
        {t(`clock.${clock.kind}`)}
      </span>
      <span className="clock-figures">
        {countdown(seconds)} <small>{t(`clock.word.${face}`, { target: span(clock.target_seconds) })}</small>
      </span>
      <span className={`bar ${face}`} aria-hidden="true">
        <i style={{ width: `${part * 100}%` }} />
      </span>
    </button>
  );
}

function liveShare(clock: Clock, left: number, used: number): number {
  const whole = clock.due_at ? (Date.parse(clock.due_at) - Date.parse(clock.started_at)) / 1000 : 0;
  return whole > 0 ? Math.min(1, Math.max(0.03, 1 - left / whole)) : used;
}
