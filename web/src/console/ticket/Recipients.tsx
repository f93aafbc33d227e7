import type { Ticket } from '@lib/dto';
import { t } from '@lib/i18n';
import { useState } from 'react';
import { Icon, Lang } from '../ui/basics';

/** The customer, and the copies, which are added and dropped here. */
export function Recipients(props: { ticket: Ticket; to: string[]; cc: string[]; onCc: (cc: string[]) => void }) {
  const { ticket, to, cc, onCc } = props;
  const [adding, setAdding] = useState('');
  const add = () => {
    const address = adding.trim().replace(/,$/, '');
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address)) return;
    if (!cc.includes(address)) onCc([...cc, address]);
    setAdding('');
  };
  return (
    <div className="composer-row to">
      <span>{t('composer.to')}</span>
      {to.map((address) => (
        <span key={address} className="chip line" title={address}>
          {ticket.contact?.email === address ? ticket.contact.name : address}
          {ticket.contact?.assurance && ['verified', 'authenticated'].includes(ticket.contact.assurance) && (
            <span className="ok-text">
              <Icon name="shield" small label={t(`assurance.${ticket.contact.assurance}`)} />
            </span>
          )}
        </span>
      ))}
      <span>{t('composer.cc')}</span>
      {cc.map((address) => (
        <span key={address} className="chip line">
          {address}
          <button
            type="button"
            className="chip-x"
            aria-label={t('composer.drop_cc', { address })}
            onClick={() => onCc(cc.filter((one) => one !== address))}
          >
            <Icon name="x" small />
          </button>
        </span>
      ))}
      <input
        className="cc-input"
        type="email"
        value={adding}
        placeholder={t('composer.add_cc')}
        aria-label={t('composer.add_cc')}
        onChange={(event) => setAdding(event.target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === ',') {
            event.preventDefault();
            add();
          }
        }}
      />
      <span className="end">
        <Lang value={ticket.contact?.language ?? ticket.language} />
      </span>
    </div>
  );
}

/** The team and whom the note calls; never the customer. */
export function Readers({ team, text }: { team?: string; text: string }) {
  return (
    <div className="composer-row to">
      <span>{t('composer.seen_by')}</span>
      <span className="chip line">
        <Icon name="users" small />
        {team ?? t('composer.desk')}
      </span>
      {mentionNames(text).map((name) => (
        <span key={name} className="chip line">
          {name}
        </span>
      ))}
      <b className="never">{t('composer.never')}</b>
    </div>
  );
}

function mentionNames(text: string): string[] {
  return [
    ...new Set([...text.matchAll(/@([\p{L}][\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*)?)/gu)].map((match) => `@${match[1]}`)),
  ].slice(0, 6);
}
