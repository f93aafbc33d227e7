import type { Evidence, Ticket } from '@lib/dto';
import { bytes, t } from '@lib/i18n';
import { useEvidence } from '../data';
import type { Act } from '../ticket/acts';
import { Custody } from '../ticket/EntryView';
import { Empty, Icon, Loading, When } from '../ui/basics';
import { done } from '../ui/toast';

export function EvidenceTab({ ticket, onAct }: { ticket: Ticket; onAct: (act: Act) => void }) {
  const evidence = useEvidence(ticket.id);
  return (
    <>
      <section>
        <h3>
          {t('side.evidence')}
          <span>
            <button type="button" className="btn sm" onClick={() => onAct('evidence')}>
              <Icon name="upload" small />
              {t('act.evidence')}
            </button>
          </span>
        </h3>
        {evidence.isPending && <Loading />}
        {evidence.data?.length === 0 && (
          <Empty icon="file" title={t('evidence.none')}>
            {t('evidence.none_hint')}
          </Empty>
        )}
      </section>
      {(evidence.data ?? []).map((file) => (
        <File key={file.id} file={file} />
      ))}
    </>
  );
}

function File({ file }: { file: Evidence }) {
  return (
    <section>
      <h3 className="break">
        <bdi>{file.filename}</bdi>
      </h3>
      <p className="file-state">
        <Custody file={file} />
        <span className="num">{bytes(file.size)}</span>
        <span className="chip">
          {file.visibility === 'public' ? t('entry.customer_sees') : t('entry.customer_sees_not')}
        </span>
      </p>
      <dl className="kv">
        <dt>SHA-256</dt>
        <dd>
          <button
            type="button"
            className="hash"
            title={t('evidence.copy')}
            onClick={() => void navigator.clipboard?.writeText(file.sha256).then(() => done(t('evidence.copied')))}
          >
            <code>{file.sha256}</code>
          </button>
        </dd>
        <dt>{t('evidence.source')}</dt>
        <dd>{file.source}</dd>
        <dt>{t('evidence.collected')}</dt>
        <dd>
          {file.collected_by.name}, <When at={file.collected_at} />
        </dd>
      </dl>
      <h4 className="side-sub">{t('evidence.custody')}</h4>
      <ol className="custody-list">
        {file.custody.map((event, i) => (
          <li key={i}>
            <b>{event.by}</b> {t(`custody.${event.act}`)} <When at={event.at} />
          </li>
        ))}
      </ol>
      <a className="btn sm" href={`/api/v1/evidence/${file.id}/content`} download={file.filename}>
        <Icon name="download" small />
        {t('evidence.download')}
      </a>
    </section>
  );
}
