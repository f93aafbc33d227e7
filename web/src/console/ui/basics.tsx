import type { Channel, Priority, State } from '@lib/dto';
import { language, number, t } from '@lib/i18n';
import { hexagon, type IconName, icons } from '@lib/icons';
import { brief, exact, relative } from '@lib/time';
import type { ReactNode } from 'react';
import { useSession } from '../session';
import { useMinute } from '../store';

export function Icon({ name, small, label }: { name: IconName; small?: boolean; label?: string }) {
  const cls = small ? 'ic ic-s' : 'ic';
  if (label) {
    return (
      <svg className={cls} viewBox="0 0 16 16" role="img" aria-label={label}>
        <title>{label}</title>
        <path d={icons[name]} strokeWidth={name === 'more' ? 2 : undefined} />
      </svg>
    );
  }
  return (
    <svg className={cls} viewBox="0 0 16 16" aria-hidden="true">
      <path d={icons[name]} strokeWidth={name === 'more' ? 2 : undefined} />
    </svg>
  );
}

export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M7 3h10l5 9-5 9H7l-5-9z" fill="var(--honey)" />
      <path d="M9.1 7h5.800l2.900 5-2.900 5H9.100l-2.900-5z" fill="var(--surface)" />
      <path d="M10.600 9.600h2.800l1.400 2.400-1.400 2.400h-2.800L9.200 12z" fill="var(--honey-ink)" />
    </svg>
  );
}

export function Prio({ value }: { value: Priority }) {
  return (
    <svg className={`prio ${value}`} viewBox="0 0 28 24" role="img" aria-label={t('priority.label', { value })}>
      <path d={hexagon} />
      <text x="14" y="15.800">
        {value}
      </text>
    </svg>
  );
}

// Grounds that carry white initials at AA; a person keeps the same one.
const kGrounds = ['#0b6391', '#35694f', '#6a4f8c', '#8a4b2d', '#35506b', '#5b6b2f', '#8a3a5c', '#2f6670'];

export function initials(name: string): string {
  const words = name.split(/[\s@.]+/).filter(Boolean);
  const first = words[0]?.[0] ?? '?';
  const last = words.length > 1 ? (words[words.length - 1]?.[0] ?? '') : (words[0]?.[1] ?? '');
  return (first + last).toUpperCase();
}

/** The colour of a person's mark. */
export function groundOf(name: string): string {
  let sum = 0;
  for (const c of name) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) >>> 0;
  return kGrounds[sum % kGrounds.length]!;
}

export function Avatar({ name, big, label }: { name?: string; big?: boolean; label?: string }) {
  if (!name) {
    return (
      <span
        className="av none"
        role="img"
        aria-label={label ?? t('ticket.unassigned')}
        title={label ?? t('ticket.unassigned')}
        data-initials="?"
      />
    );
  }
  return (
    <span
      className={big ? 'av big' : 'av'}
      style={{ backgroundColor: groundOf(name) }}
      role="img"
      aria-label={label ?? name}
      title={label ?? name}
      data-initials={initials(name)}
    />
  );
}

const kStateSign: Record<State, string> = {
  new: 'new',
  open: 'open',
  waiting_customer: 'wait',
  waiting_third_party: 'wait',
  scheduled: 'wait',
  in_approval: 'half',
  resolved: 'done',
  closed: 'done',
  merged: 'done',
  spam: 'done',
};

export function StateWord({ state }: { state: State }) {
  return <span className={`state ${kStateSign[state]}`}>{t(`state.${state}`)}</span>;
}

const kChannelIcon: Record<Channel, IconName> = {
  mail: 'mail',
  portal: 'globe',
  api: 'api',
  phone: 'phone',
  chat: 'chat',
  alert: 'bell',
};

export function ChannelIcon({ channel }: { channel: Channel }) {
  return (
    <Icon name={kChannelIcon[channel] ?? 'mail'} small label={t('channel.label', { name: t(`channel.${channel}`) })} />
  );
}

export function Lang({ value }: { value?: string }) {
  if (!value) return null;
  const name = new Intl.DisplayNames(language(), { type: 'language' }).of(value) ?? value;
  return (
    <abbr className="lang" title={name}>
      {value.toUpperCase()}
    </abbr>
  );
}

/** A moment: short, with the exact one in both zones on hover. */
export function When({ at, zone, ago }: { at: string; zone?: string; ago?: boolean }) {
  const session = useSession();
  const now = useMinute();
  const own = session.zone || undefined;
  const title = zone && zone !== own ? `${exact(at, own)}\n${exact(at, zone)}` : exact(at, own);
  return (
    <time dateTime={at} title={title}>
      {brief(at, own, now)}
      {ago && ` · ${relative(at, now)}`}
    </time>
  );
}

export function Percent({ value, digits = 0 }: { value: number; digits?: number }) {
  return <>{number(value, { maximumFractionDigits: digits, minimumFractionDigits: digits })}&nbsp;%</>;
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <p className="empty-title">{title}</p>
      {children && <div className="empty-more">{children}</div>}
    </div>
  );
}

export function Loading({ lines = 3 }: { lines?: number }) {
  return (
    <div className="loading" role="status">
      <span className="sr">{t('common.loading')}</span>
      {Array.from({ length: lines }, (_, i) => (
        <i key={i} />
      ))}
    </div>
  );
}
