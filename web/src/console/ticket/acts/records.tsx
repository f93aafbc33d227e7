// What was done and found: work records, evidence, calls.
import { newKey, post } from '@lib/api';
import { t } from '@lib/i18n';
import { useState } from 'react';
import { refreshTicket } from '../../data';
import { Icon } from '../../ui/basics';
import { AreaField, CheckField, Dialog, SegmentsField, TextField, useSave } from '../../ui/forms';
import { done } from '../../ui/toast';
import type { ActProps } from '../acts';
import { sendFile } from '../files';

export function WorkRecord({ ticket, onClose }: ActProps) {
  const [form, setForm] = useState({ action: '', before: '', after: '', command: '', result: '' });
  const [ok, setOk] = useState<'yes' | 'no'>('yes');
  const [key] = useState(newKey);
  const state = useSave();
  const set = (name: keyof typeof form) => (value: string) => setForm((old) => ({ ...old, [name]: value }));
  const save = async () => {
    await post(
      `/tickets/${ticket.id}/work-records`,
      {
        action: form.action,
        before: form.before || undefined,
        after: form.after || undefined,
        command: form.command || undefined,
        result: form.result,
        ok: ok === 'yes',
      },
      { key },
    );
    refreshTicket(ticket);
    done(t('work.saved'));
  };
  return (
    <Dialog title={t('act.work')} onClose={onClose} onSubmit={save} state={state} wide>
      <p className="hint">{t('work.hint')}</p>
      <TextField
        autoFocus
        required
        label={t('work.action')}
        value={form.action}
        onChange={set('action')}
        error={state.field('action')}
      />
      <div className="form-two">
        <AreaField
          mono
          label={t('work.before')}
          value={form.before}
          onChange={set('before')}
          error={state.field('before')}
          rows={4}
        />
        <AreaField
          mono
          label={t('work.after')}
          value={form.after}
          onChange={set('after')}
          error={state.field('after')}
          rows={4}
        />
      </div>
      <AreaField
        mono
        label={t('work.command')}
        value={form.command}
        onChange={set('command')}
        error={state.field('command')}
        rows={2}
      />
      <AreaField
        required
        label={t('work.result')}
        value={form.result}
        onChange={set('result')}
        error={state.field('result')}
        rows={2}
      />
      <SegmentsField
        label={t('work.ok')}
        value={ok}
        onChange={setOk}
        choices={[
          { value: 'yes', label: t('work.ok_yes') },
          { value: 'no', label: t('work.ok_no') },
        ]}
      />
    </Dialog>
  );
}

export function AddEvidence({ ticket, onClose }: ActProps) {
  const [files, setFiles] = useState<File[]>([]);
  const [source, setSource] = useState('');
  const [note, setNote] = useState('');
  const [isPublic, setPublic] = useState(false);
  const [progress, setProgress] = useState<number>();
  const [cancel, setCancel] = useState<() => void>();
  const [over, setOver] = useState(false);
  const state = useSave();
  const save = async () => {
    const left = [...files];
    try {
      while (left.length > 0) {
        const sent = sendFile(ticket.id, left[0]!, { source, note: note || undefined, isPublic }, setProgress);
        setCancel(() => sent.cancel);
        await sent.done;
        left.shift();
      }
    } finally {
      setFiles(left);
      setProgress(undefined);
      setCancel(undefined);
      refreshTicket(ticket);
    }
    done(t('evidence.saved'));
  };
  return (
    <Dialog
      title={t('act.evidence')}
      onClose={onClose}
      onSubmit={save}
      state={state}
      disabledWhy={files.length === 0 ? t('evidence.choose_first') : undefined}
    >
      <label
        className="drop"
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          setFiles([...files, ...event.dataTransfer.files]);
        }}
      >
        <Icon name="upload" />
        <span>{t('evidence.drop')}</span>
        <input
          type="file"
          multiple
          className="sr"
          onChange={(event) => setFiles([...files, ...(event.target.files ?? [])])}
        />
      </label>
      {files.length > 0 && (
        <ul className="files">
          {files.map((file, i) => (
            <li key={`${file.name} ${i}`} className="chip line">
              <bdi>{file.name}</bdi>
              <button
                type="button"
                className="chip-x"
                aria-label={t('composer.drop_file', { name: file.name })}
                onClick={() => setFiles(files.filter((one) => one !== file))}
              >
                <Icon name="x" small />
              </button>
            </li>
          ))}
        </ul>
      )}
      {state.field('file') && <p className="form-error">{state.field('file')}</p>}
      <TextField
        required
        label={t('evidence.source')}
        hint={t('evidence.source_hint')}
        value={source}
        onChange={setSource}
        error={state.field('source')}
      />
      <TextField label={t('evidence.note')} value={note} onChange={setNote} error={state.field('note')} />
      <CheckField label={t('evidence.public')} hint={t('evidence.public_hint')} value={isPublic} onChange={setPublic} />
      {progress !== undefined && (
        <div className="uploading" role="status">
          <progress className="progress" value={progress} aria-label={t('evidence.uploading')} />
          <span className="num">{Math.round(progress * 100)} %</span>
          <button type="button" className="btn sm" onClick={() => cancel?.()}>
            {t('common.stop')}
          </button>
        </div>
      )}
    </Dialog>
  );
}

export function LogCall({ ticket, onClose }: ActProps) {
  const [direction, setDirection] = useState<'in' | 'out'>('out');
  const [made, setMade] = useState<'yes' | 'no'>('yes');
  const [minutes, setMinutes] = useState('5');
  const [body, setBody] = useState('');
  const [key] = useState(newKey);
  const state = useSave();
  const save = async () => {
    await post(
      `/tickets/${ticket.id}/calls`,
      {
        direction,
        contact_made: made === 'yes',
        seconds: Math.round(Number(minutes.replace(',', '.')) * 60) || 0,
        body,
      },
      { key },
    );
    refreshTicket(ticket);
    done(t('call.saved'));
  };
  return (
    <Dialog title={t('act.call')} onClose={onClose} onSubmit={save} state={state}>
      <div className="form-two">
        <SegmentsField
          label={t('call.direction')}
          value={direction}
          onChange={setDirection}
          choices={[
            { value: 'out', label: t('call.out') },
            { value: 'in', label: t('call.in') },
          ]}
        />
        <SegmentsField
          label={t('call.reached')}
          value={made}
          onChange={setMade}
          choices={[
            { value: 'yes', label: t('common.yes') },
            { value: 'no', label: t('common.no') },
          ]}
        />
      </div>
      <TextField
        label={t('call.minutes')}
        type="number"
        min={0}
        value={minutes}
        onChange={setMinutes}
        error={state.field('seconds')}
      />
      <AreaField
        autoFocus
        required
        label={t('call.body')}
        value={body}
        onChange={setBody}
        error={state.field('body')}
      />
    </Dialog>
  );
}
