/** @jsxImportSource preact */
import { kBase } from '@lib/api';
import type { PortalFile, PortalTicket } from '@lib/dto';
import { bytes, t } from '@lib/i18n';
import { exact } from '@lib/time';
import { Icon } from './ui';
import { brief } from './words';

/** What was done, newest first. */
export function Done({ ticket, zone, now }: { ticket: PortalTicket; zone: string; now: Date }) {
  const actions = [...ticket.actions].sort((a, b) => b.at.localeCompare(a.at));
  if (actions.length === 0 && ticket.evidence.length === 0) return null;
  return (
    <section class="card done" aria-labelledby="done-title">
      <h2 id="done-title">{t('done.title')}</h2>
      {actions.length > 0 && (
        <ol>
          {actions.map((action) => (
            <li key={`${action.at}${action.text}`} class={action.ok ? '' : 'failed'}>
              <Icon name={action.ok ? 'check' : 'x'} />
              <span>
                <bdi>{action.text}</bdi>
                {!action.ok && <small>{t('done.failed')}</small>}
              </span>
              <time dateTime={action.at} title={exact(action.at, zone)}>
                {brief(action.at, zone, now)}
              </time>
            </li>
          ))}
        </ol>
      )}
      {ticket.evidence.length > 0 && (
        <>
          <h3>{t('done.files')}</h3>
          <Files files={ticket.evidence} />
        </>
      )}
    </section>
  );
}

export function Files({ files }: { files: PortalFile[] }) {
  return (
    <ul class="files">
      {files.map((file) => (
        <li key={file.id}>
          <a href={`${kBase}/evidence/${file.id}/content`} download={file.filename}>
            <Icon name="file" />
            <bdi>{file.filename}</bdi>
            <span>{bytes(file.size)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
