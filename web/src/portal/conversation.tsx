/** @jsxImportSource preact */
import { newKey, post } from '@lib/api';
import type { Entry, PortalFile, PortalTicket, Session } from '@lib/dto';
import { t } from '@lib/i18n';
import { exact } from '@lib/time';
import { useRef, useState } from 'preact/hooks';
import { useKeptText } from './data';
import { Files } from './done';
import { FilePicker } from './picker';
import { Avatar, Icon, Problem } from './ui';
import { Uploads, useUploads } from './uploads';
import { brief } from './words';

/** Paragraphs of a plain text, its line breaks kept. */
function Plain({ text }: { text: string }) {
  const paragraphs = text.split(/\n{2,}/).filter((part) => part.trim());
  return (
    <>
      {paragraphs.map((part, at) => (
        <p key={at} dir="auto" class="plain">
          {part}
        </p>
      ))}
    </>
  );
}

function Message(props: { entry: Entry; files: PortalFile[]; session: Session; now: Date }) {
  const { entry, session, now } = props;
  const named = Array.isArray(entry.data.evidence) ? entry.data.evidence : [];
  const files = props.files.filter((file) => named.includes(file.id));
  const own = entry.author.kind === 'customer' && entry.author.id === session.id;
  const ours = entry.author.kind !== 'customer';
  return (
    <li class={ours ? 'msg' : 'msg me'}>
      <Avatar name={entry.author.name} own={!ours} />
      <div>
        <header>
          <b>{own ? t('talk.you') : entry.author.name}</b>
          {ours && <span>{t('talk.support')}</span>}
          <time dateTime={entry.at} title={exact(entry.at, session.zone)}>
            {brief(entry.at, session.zone, now)}
          </time>
        </header>
        {/* The server sanitises this HTML; plain text is used where there is none. */}
        {entry.body_html ? (
          <div class="html" dir="auto" dangerouslySetInnerHTML={{ __html: entry.body_html }} />
        ) : (
          <Plain text={entry.body_text ?? ''} />
        )}
        {entry.quoted_text && (
          <details>
            <summary>{t('talk.quoted')}</summary>
            <Plain text={entry.quoted_text} />
          </details>
        )}
        {files.length > 0 && <Files files={files} />}
      </div>
    </li>
  );
}

function Answer({ ticket, onSent }: { ticket: PortalTicket; onSent: () => void }) {
  const [text, setText] = useKeptText(ticket.id);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [sent, setSent] = useState(false);
  const key = useRef(newKey());
  const uploads = useUploads(`/portal/tickets/${encodeURIComponent(ticket.id)}/evidence`, onSent);

  const send = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    if (!text.trim()) {
      document.getElementById('answer')?.focus();
      return;
    }
    setBusy(true);
    setError(undefined);
    // The same key is sent again after a lost answer, so that a bad line never doubles a message.
    post(`/portal/tickets/${encodeURIComponent(ticket.id)}/messages`, { body: text.trim() }, { key: key.current })
      .then(() => {
        key.current = newKey();
        setText('');
        setSent(true);
        onSent();
      })
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <form class="answer" onSubmit={send}>
      <div class="box">
        <label class="sr" for="answer">
          {t('talk.answer')}
        </label>
        <textarea
          id="answer"
          rows={3}
          dir="auto"
          placeholder={t('talk.placeholder')}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setSent(false);
          }}
        />
        <div>
          <FilePicker class="btn sm ghost" label={t('talk.file')} onFiles={uploads.add} />
          <button type="submit" class="btn sm pri" aria-disabled={busy}>
            {t('talk.send')}
          </button>
        </div>
      </div>
      <Uploads uploads={uploads} />
      <p class="sr" role="status">
        {sent ? t('talk.sent') : ''}
      </p>
      {error !== undefined && <Problem error={error} />}
      {error !== undefined && <p class="quiet">{t('talk.kept')}</p>}
    </form>
  );
}

export function Conversation(props: { ticket: PortalTicket; session: Session; now: Date; onSent: () => void }) {
  const { ticket, session, now, onSent } = props;
  const newest = [...ticket.conversation].sort((a, b) => b.seq - a.seq);
  return (
    <section class="card talk" aria-labelledby="talk-title">
      <h2 id="talk-title">{t('talk.title')}</h2>
      {ticket.may.answer ? (
        <Answer ticket={ticket} onSent={onSent} />
      ) : (
        <p class="hold">
          <Icon name="lock" />
          {t('talk.closed')}
        </p>
      )}
      <ol>
        {newest.map((entry) => (
          <Message key={entry.id} entry={entry} files={ticket.evidence} session={session} now={now} />
        ))}
      </ol>
    </section>
  );
}
