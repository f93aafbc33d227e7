// Where a reply or a note is written. The two never look alike; a reply waits eight seconds before it leaves.
import { newKey, post } from '@lib/api';
import type { Draft, Evidence, State, Ticket } from '@lib/dto';
import { type Language, t, language as uiLanguage } from '@lib/i18n';
import { pickerAt } from '@lib/text';
import { fromLocalInput, timeOfDay, toLocalInput } from '@lib/time';
import { warningsFor } from '@lib/warnings';
import { forwardRef, useEffect, useId, useImperativeHandle, useMemo, useRef, useState } from 'react';
import {
  dropDraft,
  getDraft,
  putDraft,
  refreshTicket,
  type TimelineEntry,
  useOrganisation,
  useStaffNames,
} from '../data';
import { usePreferences, useSession } from '../session';
import { markDraft } from '../tabs';
import { Icon } from '../ui/basics';
import { ActionMenu } from '../ui/menu';
import { done, explainError, failed } from '../ui/toast';
import { sendFile } from './files';
import { Picker } from './Picker';
import { Readers, Recipients } from './Recipients';
import { Warnings } from './Warnings';

export type ComposerKind = 'reply' | 'note';
type Handle = { focus: () => void; insert: (text: string) => void };
type Props = {
  ticket: Ticket;
  entries: TimelineEntry[];
  kind: ComposerKind;
  onKind: (kind: ComposerKind) => void;
  onSent: () => void;
};
type PromiseDraft = { kind: 'eta' | 'next_update'; at: string };
type Outgoing = {
  id: number;
  left: number;
  kind: ComposerKind;
  body: string;
  run: () => Promise<void>;
  back: () => void;
};

const kUndoSeconds = 8;
const kSaveAfterMs = 1200;

export const Composer = forwardRef<Handle, Props>(function Composer({ ticket, entries, kind, onKind, onSent }, handle) {
  const session = useSession();
  usePreferences();
  const organisation = useOrganisation(ticket.organisation?.id);
  const [texts, setTexts] = useState<Record<ComposerKind, string>>({ reply: '', note: '' });
  const [cc, setCc] = useState<string[]>(ticket.cc);
  const [savedAt, setSavedAt] = useState<string>();
  const [saveFailed, setSaveFailed] = useState(false);
  const [begun, setBegun] = useState<number>();
  const [setAside, setSetAside] = useState<Set<string>>(new Set());
  const [nextState, setNextState] = useState<State>();
  const [promise, setPromise] = useState<PromiseDraft>();
  const [files, setFiles] = useState<Evidence[]>([]);
  const [progress, setProgress] = useState<number>();
  const [problem, setProblem] = useState<string>();
  const [outgoing, setOutgoing] = useState<Outgoing>();
  const [caret, setCaret] = useState(0);
  const [dragging, setDragging] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const id = useId();
  const text = texts[kind];
  const reply = kind === 'reply';

  // What was written before, here or on another machine, comes back.
  const [loaded, setLoaded] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a ticket
  useEffect(() => {
    let gone = false;
    void getDraft(ticket.id).then((draft) => {
      if (gone) return;
      setLoaded(true);
      if (!draft?.body) return;
      setTexts((old) => ({ ...old, [draft.kind]: old[draft.kind] || draft.body }));
      if (draft.kind === 'note') onKind('note');
      if (draft.cc) setCc(draft.cc);
      setSavedAt(draft.saved_at);
      setBegun(draft.saved_at ? Date.parse(draft.saved_at) : Date.now());
    });
    return () => {
      gone = true;
    };
  }, [ticket.id]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: saved when the words or the copies change
  useEffect(() => {
    if (!loaded || outgoing) return;
    markDraft(ticket.number, text.trim().length > 0);
    const draft: Draft = { kind, body: text, cc: reply ? cc : undefined };
    const timer = setTimeout(() => {
      if (!text.trim()) {
        if (savedAt) void dropDraft(ticket.id).then(() => setSavedAt(undefined));
        return;
      }
      putDraft(ticket.id, draft)
        .then((kept) => {
          setSavedAt(kept?.saved_at ?? new Date().toISOString());
          setSaveFailed(false);
        })
        .catch(() => setSaveFailed(true));
      void post(`/tickets/${ticket.id}/presence`, { doing: 'typing' }).catch(() => undefined);
    }, kSaveAfterMs);
    return () => clearTimeout(timer);
  }, [text, cc, kind, loaded]);

  const write = (value: string) => {
    if (begun === undefined && value) setBegun(Date.now());
    if (!value) setBegun(undefined);
    setTexts((old) => ({ ...old, [kind]: value }));
    setProblem(undefined);
  };
  const insertAt = (from: number, to: number, what: string) => {
    write(text.slice(0, from) + what + text.slice(to));
    requestAnimationFrame(() => {
      area.current?.focus();
      const end = from + what.length;
      area.current?.setSelectionRange(end, end);
      setCaret(end);
    });
  };
  useImperativeHandle(handle, () => ({
    focus: () => area.current?.focus(),
    insert: (what) =>
      insertAt(area.current?.selectionEnd ?? text.length, area.current?.selectionEnd ?? text.length, what),
  }));

  // A timer of one second each drives the wait before sending.
  useEffect(() => {
    if (!outgoing) return;
    const timer = setTimeout(() => {
      if (outgoing.left > 1) setOutgoing({ ...outgoing, left: outgoing.left - 1 });
      else void outgoing.run();
    }, 1000);
    return () => clearTimeout(timer);
  }, [outgoing]);
  // Leaving the ticket does not lose it: what waits is sent at once.
  const waiting = useRef<Outgoing | undefined>(undefined);
  waiting.current = outgoing;
  useEffect(() => {
    const leave = () => void waiting.current?.run();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, []);

  const to = [ticket.contact?.email ?? ticket.requester.email];
  const newer =
    begun !== undefined &&
    entries.some((entry) => entry.kind === 'message' && Date.parse(entry.at) > begun && entry.author.id !== session.id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the addresses come anew with the ticket
  const warnings = useMemo(
    () =>
      reply
        ? warningsFor({
            text,
            language: (ticket.contact?.language ?? ticket.language) as Language | undefined,
            attachments: files.length,
            added: cc.filter((address) => !ticket.cc.includes(address)),
            knownDomains: [
              ...(organisation.data?.domains ?? []),
              ...[...to, ...ticket.cc, ticket.requester.email].map((address) => address.split('@')[1] ?? ''),
              session.email.split('@')[1] ?? '',
            ].filter(Boolean),
            newer,
          }).filter((one) => !setAside.has(one.kind + one.words))
        : [],
    [reply, text, files.length, cc, ticket, organisation.data, newer, setAside, session.email],
  );

  const send = () => {
    const body = text.trim();
    if (!body || outgoing) return;
    if (warnings.length > 0) {
      setProblem(t('composer.settle_first', { n: warnings.length }));
      return;
    }
    const key = newKey();
    const sentKind = kind;
    const keep = { text, cc, files, promise, nextState };
    let ran = false;
    const run = async () => {
      if (ran) return;
      ran = true;
      setOutgoing(undefined);
      try {
        if (sentKind === 'note') {
          await post(`/tickets/${ticket.id}/notes`, { body, mentions: mentionsIn(body, names.data ?? []) }, { key });
        } else {
          await post(
            `/tickets/${ticket.id}/messages`,
            {
              body,
              cc,
              set_state: keep.nextState,
              promise: keep.promise && { kind: keep.promise.kind, at: fromLocalInput(keep.promise.at) },
              attachment_ids: keep.files.length > 0 ? keep.files.map((file) => file.id) : undefined,
            },
            { key },
          );
        }
        await dropDraft(ticket.id);
        markDraft(ticket.number, false);
        done(sentKind === 'note' ? t('composer.note_saved') : t('composer.sent'));
        refreshTicket(ticket);
        onSent();
      } catch (error) {
        // Nothing typed is lost: it all comes back into the composer.
        setTexts((old) => ({ ...old, [sentKind]: old[sentKind] || keep.text }));
        setFiles(keep.files);
        setPromise(keep.promise);
        setNextState(keep.nextState);
        setProblem(explainError(error));
        failed(error);
      }
    };
    const clear = () => {
      setTexts((old) => ({ ...old, [sentKind]: '' }));
      setFiles([]);
      setPromise(undefined);
      setNextState(undefined);
      setBegun(undefined);
      setSavedAt(undefined);
      setSetAside(new Set());
    };
    if (sentKind === 'note') {
      clear();
      void run();
      return;
    }
    clear();
    setOutgoing({
      id: Date.now(),
      left: kUndoSeconds,
      kind: sentKind,
      body,
      run,
      back: () => {
        ran = true;
        setOutgoing(undefined);
        setTexts((old) => ({ ...old, [sentKind]: keep.text }));
        setFiles(keep.files);
        setPromise(keep.promise);
        setNextState(keep.nextState);
        setBegun(Date.now());
        requestAnimationFrame(() => area.current?.focus());
      },
    });
  };

  const attach = async (list: FileList | File[] | null) => {
    for (const file of list ?? []) {
      try {
        setProgress(0);
        const made = await sendFile(
          ticket.id,
          file,
          { source: t('composer.attached_source'), isPublic: reply },
          setProgress,
        ).done;
        setFiles((old) => [...old, made]);
        refreshTicket(ticket);
      } catch (error) {
        failed(error);
      } finally {
        setProgress(undefined);
      }
    }
  };

  const names = useStaffNames();
  const open = pickerAt(text, caret);
  if (outgoing) {
    return (
      <section className="composer sending" aria-label={t('composer.label')}>
        <div className="composer-wait" role="status">
          <Icon name="send" />
          <p className="clip">
            <b>{t('composer.leaves_in', { n: outgoing.left })}</b> {outgoing.body}
          </p>
          <button type="button" className="btn" autoFocus onClick={outgoing.back}>
            <Icon name="undo" small />
            {t('common.undo')}
          </button>
          <button type="button" className="btn ghost" onClick={() => void outgoing.run()}>
            {t('composer.now')}
          </button>
        </div>
      </section>
    );
  }
  return (
    <section
      className="composer"
      data-kind={kind}
      data-dragging={dragging || undefined}
      aria-label={t('composer.label')}
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={(event) => {
        event.preventDefault();
        setDragging(false);
        void attach(event.dataTransfer.files);
      }}
    >
      <div className="composer-row">
        <fieldset className="composer-kind">
          <legend className="sr">{t('composer.kind')}</legend>
          {(['reply', 'note'] as const).map((one) => (
            <label key={one} data-kind={one}>
              <input type="radio" name={`${id}-kind`} checked={kind === one} onChange={() => onKind(one)} />
              <Icon name={one === 'reply' ? 'mail' : 'lock'} small />
              {t(`composer.${one}`)}
            </label>
          ))}
        </fieldset>
        <span className="composer-saved" role="status">
          {saveFailed ? (
            <span className="bad-text">{t('composer.not_saved')}</span>
          ) : (
            savedAt && t('composer.saved', { at: timeOfDay(savedAt, session.zone) })
          )}
        </span>
      </div>
      {reply ? (
        <Recipients ticket={ticket} to={to} cc={cc} onCc={setCc} />
      ) : (
        <Readers team={ticket.team?.name} text={text} />
      )}
      {warnings.length > 0 && (
        <Warnings
          list={warnings}
          contactLanguage={ticket.contact?.language ?? ticket.language}
          onRedact={(warning) => insertAt(warning.from ?? 0, warning.to ?? 0, '••••••')}
          onShow={(warning) => {
            area.current?.focus();
            if (warning.from !== undefined) area.current?.setSelectionRange(warning.from, warning.to ?? warning.from);
          }}
          onAttach={() => picker.current?.click()}
          onDrop={(warning) => setCc(cc.filter((one) => one !== warning.words))}
          onAside={(warning) => {
            if (warning.kind === 'newer') setBegun(Date.now());
            setSetAside(new Set([...setAside, warning.kind + warning.words]));
          }}
        />
      )}
      <div className="composer-text">
        <textarea
          ref={area}
          value={text}
          rows={3}
          dir="auto"
          lang={reply ? (ticket.contact?.language ?? ticket.language) : uiLanguage()}
          aria-label={reply ? t('composer.reply_label') : t('composer.note_label')}
          placeholder={reply ? t('composer.reply_hint') : t('composer.note_hint')}
          aria-describedby={problem ? `${id}-problem` : undefined}
          onChange={(event) => {
            write(event.target.value);
            setCaret(event.target.selectionEnd);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionEnd)}
          onPaste={(event) => {
            if (event.clipboardData.files.length > 0) {
              event.preventDefault();
              void attach(event.clipboardData.files);
            }
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              send();
            }
            if (event.key === 'Escape' && !open) area.current?.blur();
          }}
        />
        {open && (
          <Picker
            key={open.sign}
            open={open}
            ticket={ticket}
            onPick={(what) => insertAt(open.from, caret, what)}
            onClose={() => setCaret(-1)}
            area={area.current}
          />
        )}
      </div>
      {(files.length > 0 || progress !== undefined) && (
        <ul className="files composer-files">
          {files.map((file) => (
            <li key={file.id} className="chip line">
              <Icon name="clip" small />
              <bdi>{file.filename}</bdi>
              <button
                type="button"
                className="chip-x"
                aria-label={t('composer.drop_file', { name: file.filename })}
                onClick={() => setFiles(files.filter((one) => one.id !== file.id))}
              >
                <Icon name="x" small />
              </button>
            </li>
          ))}
          {progress !== undefined && (
            <progress className="progress" value={progress} aria-label={t('evidence.uploading')} />
          )}
        </ul>
      )}
      {promise && (
        <div className="composer-row promise-row">
          <Icon name="flag" small />
          <select
            aria-label={t('promise.kind')}
            className="input"
            value={promise.kind}
            onChange={(event) => setPromise({ ...promise, kind: event.target.value as PromiseDraft['kind'] })}
          >
            <option value="eta">{t('promise.eta')}</option>
            <option value="next_update">{t('promise.next_update')}</option>
          </select>
          <input
            className="input"
            type="datetime-local"
            aria-label={t('promise.at')}
            value={promise.at}
            min={toLocalInput(new Date())}
            onChange={(event) => setPromise({ ...promise, at: event.target.value })}
          />
          <button
            type="button"
            className="iconbtn"
            aria-label={t('promise.drop')}
            onClick={() => setPromise(undefined)}
          >
            <Icon name="x" small />
          </button>
        </div>
      )}
      <div className="composer-row foot">
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            void attach(event.target.files);
            event.target.value = '';
          }}
        />
        <button
          type="button"
          className="iconbtn"
          aria-label={t('composer.attach')}
          title={t('composer.attach')}
          onClick={() => picker.current?.click()}
        >
          <Icon name="clip" />
        </button>
        <button
          type="button"
          className="btn sm ghost"
          onClick={() => insertAt(caretOr(caret, text), caretOr(caret, text), needBlank(text, caret, '::'))}
        >
          {t('composer.snippet')} <kbd>::</kbd>
        </button>
        <button
          type="button"
          className="btn sm ghost wide-only"
          onClick={() => insertAt(caretOr(caret, text), caretOr(caret, text), needBlank(text, caret, '??'))}
        >
          {t('composer.article')} <kbd>??</kbd>
        </button>
        {reply && (
          <button
            type="button"
            className="btn sm ghost"
            aria-pressed={Boolean(promise)}
            onClick={() =>
              setPromise(
                promise ? undefined : { kind: 'next_update', at: toLocalInput(new Date(Date.now() + 2 * 3600_000)) },
              )
            }
          >
            <Icon name="flag" small />
            {t('composer.promise')}
          </button>
        )}
        <span className="end">
          {problem && (
            <span className="bad-text" role="alert" id={`${id}-problem`}>
              {problem}
            </span>
          )}
          {!problem && warnings.length > 0 && (
            <span className="to-settle">{t('composer.to_settle', { n: warnings.length })}</span>
          )}
          {reply && (
            <ActionMenu
              label={t('composer.then')}
              target={
                <button type="button" className="btn sm ghost wide-only" title={t('composer.then')}>
                  {nextState ? t(`state.${nextState}`) : <span className="sr">{t('composer.then')}</span>}
                  <Icon name="chevronUp" small />
                </button>
              }
              groups={[
                {
                  label: t('composer.then'),
                  items: [
                    {
                      key: 'keep',
                      label: t('composer.then_keep'),
                      checked: !nextState,
                      act: () => setNextState(undefined),
                    },
                    ...(['open', 'waiting_customer', 'waiting_third_party'] as State[]).map((state) => ({
                      key: state,
                      label: t(`state.${state}`),
                      checked: nextState === state,
                      act: () => setNextState(state),
                    })),
                  ],
                },
              ]}
            />
          )}
          <button type="button" className="btn pri send" aria-disabled={!text.trim() || undefined} onClick={send}>
            {!reply && <Icon name="lock" small />}
            {reply ? t('composer.send') : t('composer.save_note')}
            <kbd className="wide-only">Ctrl ↵</kbd>
          </button>
        </span>
      </div>
    </section>
  );
});

const caretOr = (caret: number, text: string) => (caret >= 0 && caret <= text.length ? caret : text.length);
const needBlank = (text: string, caret: number, sign: string) => {
  const before = text[caretOr(caret, text) - 1];
  return before && !/\s/.test(before) ? ` ${sign}` : sign;
};

function mentionsIn(body: string, staff: { id: string; name: string }[]): string[] {
  return staff.filter((one) => body.includes(`@${one.name}`)).map((one) => one.id);
}
