// The acts on a ticket, each a small form in a dialog. An error leaves everything typed where it was.
import { get, newKey, patch, post } from '@lib/api';
import type { Approval, Kind, Page, Priority, SearchAnswer, State, Ticket, TicketPromise, TicketRow } from '@lib/dto';
import { t } from '@lib/i18n';
import { fromLocalInput, toLocalInput } from '@lib/time';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { kinds } from '../choices';
import { refChoices, refreshTicket, tookTicket, useRouting, useStaffNames, useTeams, useTechnologies } from '../data';
import { useSession } from '../session';
import { Avatar, Icon, Prio, StateWord } from '../ui/basics';
import { AreaField, CheckField, Dialog, PickField, Segments, TextField, useSave } from '../ui/forms';
import { done } from '../ui/toast';
import { sendFile } from './files';
import { kStates } from './TicketHead';

export type Act =
  | 'assign'
  | 'state'
  | 'work'
  | 'evidence'
  | 'promise'
  | 'approval'
  | 'decide'
  | 'merge'
  | 'call'
  | 'override'
  | 'triage';
type Props = { ticket: Ticket; onClose: () => void };

export function ActDialog({ act, ...props }: Props & { act: Act }) {
  switch (act) {
    case 'assign':
      return <Assign {...props} />;
    case 'state':
      return <ChangeState {...props} />;
    case 'work':
      return <WorkRecord {...props} />;
    case 'evidence':
      return <AddEvidence {...props} />;
    case 'promise':
      return <MakePromise {...props} />;
    case 'approval':
      return <AskApproval {...props} />;
    case 'decide':
      return <Decide {...props} />;
    case 'merge':
      return <Merge {...props} />;
    case 'call':
      return <LogCall {...props} />;
    case 'override':
      return <Override {...props} />;
    case 'triage':
      return <Triage {...props} />;
  }
}

function Assign({ ticket, onClose }: Props) {
  const names = useStaffNames();
  const teams = useTeams();
  const session = useSession();
  const routing = useRouting(ticket.id, true);
  const [who, setWho] = useState<string | null>(ticket.assignee?.id ?? null);
  const [team, setTeam] = useState<string | null>(ticket.team?.id ?? null);
  const save = async () => {
    const made = await patch<Ticket>(
      `/tickets/${ticket.id}`,
      { assignee_id: who === 'none' ? null : who, team_id: team !== ticket.team?.id ? (team ?? undefined) : undefined },
      { version: ticket.version },
    );
    tookTicket(made);
    const before = ticket.assignee?.id ?? null;
    done(made.assignee ? t('act.assigned', { name: made.assignee.name }) : t('act.unassigned'), () => {
      void patch<Ticket>(`/tickets/${ticket.id}`, { assignee_id: before }).then(tookTicket);
    });
  };
  const best = (routing.data?.ranking ?? []).filter((one) => one.eligible).slice(0, 3);
  return (
    <Dialog title={t('act.assign')} onClose={onClose} onSubmit={save} submit={t('act.assign')}>
      <PickField
        autoFocus
        label={t('field.assignee')}
        value={who}
        onChange={setWho}
        choices={[
          { value: session.id, label: t('act.me', { name: session.name }) },
          { value: 'none', label: t('ticket.unassigned') },
          ...refChoices(names.data?.filter((one) => one.id !== session.id)),
        ]}
      />
      {best.length > 0 && (
        <div className="field">
          <span className="label">{t('act.best')}</span>
          <ul className="best">
            {best.map((one) => (
              <li key={one.staff.id}>
                <button
                  type="button"
                  className="btn sm"
                  aria-pressed={who === one.staff.id}
                  onClick={() => setWho(one.staff.id)}
                >
                  <Avatar name={one.staff.name} />
                  {one.staff.name}
                </button>
                <span className="hint">
                  {one.facts
                    .filter((fact) => fact.ok)
                    .map((fact) => fact.text)
                    .slice(0, 3)
                    .join(', ')}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <PickField label={t('field.team')} value={team} onChange={setTeam} choices={refChoices(teams.data)} />
    </Dialog>
  );
}

function ChangeState({ ticket, onClose }: Props) {
  const legal = kStates.filter((state) => ticket.allowed.includes(state));
  const choices = legal.filter((state) => state !== 'merged' && state !== 'in_approval');
  const [to, setTo] = useState<State | null>(choices[0] ?? null);
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState(toLocalInput(new Date(Date.now() + 24 * 3600_000)));
  const state = useSave();
  const save = async () => {
    const made = await post<Ticket>(`/tickets/${ticket.id}/transitions`, {
      to,
      reason: reason.trim() || undefined,
      until: to === 'scheduled' ? fromLocalInput(until) : undefined,
    });
    tookTicket(made);
    done(t('act.now_state', { state: t(`state.${made.state}`) }));
  };
  return (
    <Dialog
      title={t('act.state')}
      onClose={onClose}
      onSubmit={save}
      state={state}
      submit={t('act.change')}
      disabledWhy={choices.length === 0 ? t('act.no_state') : undefined}
    >
      <p className="hint">
        {t('act.state_now')} <StateWord state={ticket.state} />
      </p>
      {choices.length > 0 && (
        <PickField
          autoFocus
          label={t('act.state_to')}
          value={to}
          onChange={(value) => setTo(value as State)}
          error={state.field('to')}
          choices={choices.map((value) => ({ value, label: t(`state.${value}`) }))}
        />
      )}
      {to === 'scheduled' && (
        <TextField
          label={t('act.until')}
          type="datetime-local"
          value={until}
          onChange={setUntil}
          required
          error={state.field('until')}
        />
      )}
      <AreaField
        label={t('field.reason')}
        value={reason}
        onChange={setReason}
        error={state.field('reason')}
        hint={t('act.reason_hint')}
      />
    </Dialog>
  );
}

function WorkRecord({ ticket, onClose }: Props) {
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
      <div className="field">
        <span className="label">{t('work.ok')}</span>
        <Segments
          label={t('work.ok')}
          value={ok}
          onChange={setOk}
          choices={[
            { value: 'yes', label: t('work.ok_yes') },
            { value: 'no', label: t('work.ok_no') },
          ]}
        />
      </div>
    </Dialog>
  );
}

function AddEvidence({ ticket, onClose }: Props) {
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

function MakePromise({ ticket, onClose }: Props) {
  const open = ticket.promises.filter((promise) => promise.outcome === 'open');
  const [which, setWhich] = useState<string>(open[0]?.id ?? 'new');
  const moving = open.find((promise) => promise.id === which);
  const [kind, setKind] = useState<TicketPromise['kind']>('eta');
  const [at, setAt] = useState(toLocalInput(open[0] ? new Date(open[0].at) : new Date(Date.now() + 4 * 3600_000)));
  const [until, setUntil] = useState(open[0]?.until ? toLocalInput(new Date(open[0].until)) : '');
  const [reason, setReason] = useState('');
  const [outcome, setOutcome] = useState<'moved' | 'kept' | 'broken'>('moved');
  const state = useSave();
  const save = async () => {
    const times = { at: fromLocalInput(at), until: until ? fromLocalInput(until) : undefined };
    if (moving && outcome !== 'moved')
      await patch(`/promises/${moving.id}`, { outcome, reason: reason || t(`promise.outcome.${outcome}`) });
    else if (moving) await patch(`/promises/${moving.id}`, { ...times, reason });
    else
      await post(`/tickets/${ticket.id}/promises`, { kind, ...times, reason: reason || undefined }, { key: newKey() });
    refreshTicket(ticket);
    done(t('promise.saved'));
  };
  const pick = (id: string) => {
    setWhich(id);
    const one = open.find((promise) => promise.id === id);
    if (!one) return;
    setAt(toLocalInput(new Date(one.at)));
    setUntil(one.until ? toLocalInput(new Date(one.until)) : '');
  };
  return (
    <Dialog title={t('act.promise')} onClose={onClose} onSubmit={save} state={state}>
      <p className="hint">{t('promise.hint')}</p>
      {open.length > 0 && (
        <PickField
          label={t('promise.which')}
          value={which}
          onChange={(value) => pick(value ?? 'new')}
          choices={[
            ...open.map((promise) => ({
              value: promise.id,
              label: t('promise.open_one', { kind: t(`promise.${promise.kind}`) }),
            })),
            { value: 'new', label: t('promise.new') },
          ]}
        />
      )}
      {moving ? (
        <div className="field">
          <span className="label">{t('promise.what')}</span>
          <Segments
            label={t('promise.what')}
            value={outcome}
            onChange={setOutcome}
            choices={(['moved', 'kept', 'broken'] as const).map((value) => ({
              value,
              label: t(`promise.outcome.${value}`),
            }))}
          />
        </div>
      ) : (
        <div className="field">
          <span className="label">{t('promise.kind')}</span>
          <Segments
            label={t('promise.kind')}
            value={kind}
            onChange={setKind}
            choices={(['eta', 'next_update'] as const).map((value) => ({ value, label: t(`promise.${value}`) }))}
          />
        </div>
      )}
      {(!moving || outcome === 'moved') && (
        <div className="form-two">
          <TextField
            required
            type="datetime-local"
            label={t('promise.at')}
            value={at}
            onChange={setAt}
            error={state.field('at')}
          />
          <TextField
            type="datetime-local"
            label={t('promise.until')}
            value={until}
            onChange={setUntil}
            error={state.field('until')}
          />
        </div>
      )}
      <AreaField
        label={moving ? t('promise.why_move') : t('field.reason')}
        required={Boolean(moving)}
        value={reason}
        onChange={setReason}
        error={state.field('reason')}
      />
    </Dialog>
  );
}

function AskApproval({ ticket, onClose }: Props) {
  const names = useStaffNames();
  const session = useSession();
  const [summary, setSummary] = useState('');
  const [resolution, setResolution] = useState('');
  const [approver, setApprover] = useState<string | null>(null);
  const [key] = useState(newKey);
  const state = useSave();
  const save = async () => {
    await post<Approval>(
      `/tickets/${ticket.id}/approvals`,
      { summary, resolution, approver_id: approver ?? undefined },
      { key },
    );
    refreshTicket(ticket);
    done(t('approval.asked_done'));
  };
  return (
    <Dialog title={t('act.approval')} onClose={onClose} onSubmit={save} state={state} wide submit={t('approval.ask')}>
      <p className="hint">{t('approval.hint')}</p>
      <TextField
        autoFocus
        required
        label={t('approval.summary')}
        hint={t('approval.summary_hint')}
        value={summary}
        onChange={setSummary}
        error={state.field('summary')}
      />
      <AreaField
        required
        rows={6}
        label={t('approval.resolution')}
        hint={t('approval.resolution_hint')}
        lang={ticket.language}
        value={resolution}
        onChange={setResolution}
        error={state.field('resolution')}
      />
      <PickField
        clearable
        label={t('approval.approver')}
        hint={t('approval.approver_hint')}
        value={approver}
        onChange={setApprover}
        error={state.field('approver_id')}
        choices={refChoices(names.data?.filter((one) => one.id !== session.id))}
      />
    </Dialog>
  );
}

function Decide({ ticket, onClose }: Props) {
  const approval = ticket.approval;
  const [decision, setDecision] = useState<'approve' | 'reject'>('approve');
  const [reason, setReason] = useState('');
  const state = useSave();
  if (!approval) return null;
  const save = async () => {
    await post<Approval>(`/approvals/${approval.id}/decision`, { decision, reason: reason || undefined });
    refreshTicket(ticket);
    done(decision === 'approve' ? t('approval.approved_done') : t('approval.rejected_done'));
  };
  return (
    <Dialog
      title={t('approval.decide_title', { number: ticket.number })}
      onClose={onClose}
      onSubmit={save}
      state={state}
      wide
      submit={decision === 'approve' ? t('approval.approve') : t('approval.reject')}
      disabledWhy={approval.may_decide ? undefined : (approval.why_not ?? t('approval.may_not'))}
    >
      <dl className="facts">
        <dt>{t('approval.summary')}</dt>
        <dd>{approval.summary}</dd>
        <dt>{t('approval.asked_by')}</dt>
        <dd>{approval.asked_by.name}</dd>
        <dt>{t('approval.resolution')}</dt>
        <dd className="preline" lang={ticket.language}>
          {approval.resolution}
        </dd>
      </dl>
      <p className="hint">{t('approval.decide_hint')}</p>
      <Segments
        label={t('approval.decide')}
        value={decision}
        onChange={setDecision}
        choices={[
          { value: 'approve', label: t('approval.approve') },
          { value: 'reject', label: t('approval.reject') },
        ]}
      />
      <AreaField
        label={t('field.reason')}
        required={decision === 'reject'}
        value={reason}
        onChange={setReason}
        error={state.field('reason')}
      />
    </Dialog>
  );
}

type Candidate = { id: string; number: string; subject: string; state?: State; priority?: Priority };

function Merge({ ticket, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const [into, setInto] = useState<Candidate>();
  const [reason, setReason] = useState('');
  const state = useSave();
  const found = useQuery({
    queryKey: ['merge', ticket.id, typed],
    queryFn: async () => {
      const asked = typed.trim();
      if (!asked) {
        const query = {
          organisation: ticket.organisation?.id,
          requester: ticket.organisation ? undefined : ticket.requester.email,
          limit: 8,
        };
        return (await get<Page<TicketRow>>('/tickets', { query })).items as Candidate[];
      }
      const answer = await get<SearchAnswer>('/search', { query: { q: asked, type: 'ticket', limit: 8 } });
      return answer.items.map((hit) => ({
        id: hit.id,
        number: hit.number ?? '',
        subject: hit.title,
        state: hit.state,
        priority: hit.priority,
      }));
    },
    placeholderData: (old) => old,
  });
  const rows = (found.data ?? []).filter((row) => row.id !== ticket.id && row.number && row.state !== 'merged');
  const save = async () => {
    const made = await post<Ticket>(`/tickets/${ticket.id}/transitions`, {
      to: 'merged',
      into: into?.number,
      reason: reason || undefined,
    });
    tookTicket(made);
    if (into) refreshTicket(into);
    done(t('act.merged', { number: into?.number }));
  };
  return (
    <Dialog
      title={t('act.merge')}
      onClose={onClose}
      onSubmit={save}
      state={state}
      wide
      submit={t('act.merge')}
      danger
      disabledWhy={into ? undefined : t('merge.choose')}
    >
      <p className="hint">{t('merge.hint', { number: ticket.number })}</p>
      <TextField
        autoFocus
        label={t('merge.find')}
        value={typed}
        onChange={setTyped}
        error={state.field('into')}
        placeholder="PR-…"
      />
      <ul className="merge-rows">
        {rows.map((row) => (
          <li key={row.id}>
            <label data-chosen={into?.id === row.id || undefined}>
              <input type="radio" name="into" checked={into?.id === row.id} onChange={() => setInto(row)} />
              {row.priority && <Prio value={row.priority} />}
              <span className="num">{row.number}</span>
              <span className="clip">{row.subject}</span>
              {row.state && <StateWord state={row.state} />}
            </label>
          </li>
        ))}
      </ul>
      {into && <p className="banner">{t('merge.preview', { from: ticket.number, into: into.number })}</p>}
      <TextField label={t('field.reason')} value={reason} onChange={setReason} error={state.field('reason')} />
    </Dialog>
  );
}

function LogCall({ ticket, onClose }: Props) {
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
        <div className="field">
          <span className="label">{t('call.direction')}</span>
          <Segments
            label={t('call.direction')}
            value={direction}
            onChange={setDirection}
            choices={[
              { value: 'out', label: t('call.out') },
              { value: 'in', label: t('call.in') },
            ]}
          />
        </div>
        <div className="field">
          <span className="label">{t('call.reached')}</span>
          <Segments
            label={t('call.reached')}
            value={made}
            onChange={setMade}
            choices={[
              { value: 'yes', label: t('common.yes') },
              { value: 'no', label: t('common.no') },
            ]}
          />
        </div>
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

function Override({ ticket, onClose }: Props) {
  const [priority, setPriority] = useState<Priority>(ticket.priority);
  const [reason, setReason] = useState(ticket.priority_override?.reason ?? '');
  const state = useSave();
  const send = async (value: { priority: Priority; reason: string } | null) => {
    tookTicket(await patch<Ticket>(`/tickets/${ticket.id}`, { priority_override: value }, { version: ticket.version }));
    done(value ? t('override.saved') : t('override.dropped'));
  };
  return (
    <Dialog
      title={t('act.override')}
      onClose={onClose}
      onSubmit={() => send({ priority, reason })}
      state={state}
      disabledWhy={reason.trim() ? undefined : t('override.needs_reason')}
    >
      <p className="hint">{t('override.hint')}</p>
      <Segments
        label={t('field.priority')}
        value={priority}
        onChange={setPriority}
        choices={(['P1', 'P2', 'P3', 'P4'] as const).map((value) => ({ value, label: value }))}
      />
      <AreaField
        autoFocus
        required
        label={t('field.reason')}
        value={reason}
        onChange={setReason}
        error={state.field('priority_override.reason') ?? state.field('reason')}
      />
      {ticket.priority_override && (
        <button
          type="button"
          className="btn sm"
          onClick={() => {
            void state.run(() => send(null)).then((good) => good && onClose());
          }}
        >
          {t('override.drop')}
        </button>
      )}
    </Dialog>
  );
}

function Triage({ ticket, onClose }: Props) {
  const technologies = useTechnologies();
  const [form, setForm] = useState({
    subject: ticket.subject,
    kind: ticket.kind as string,
    technology: ticket.technology?.id ?? null,
    language: ticket.language ?? null,
  });
  const state = useSave();
  const save = async () => {
    const change: Record<string, unknown> = {};
    if (form.subject !== ticket.subject) change.subject = form.subject;
    if (form.kind !== ticket.kind) change.kind = form.kind as Kind;
    if (form.technology && form.technology !== ticket.technology?.id) change.technology_id = form.technology;
    if (form.language && form.language !== ticket.language) change.language = form.language;
    if (Object.keys(change).length === 0) return;
    tookTicket(await patch<Ticket>(`/tickets/${ticket.id}`, change, { version: ticket.version }));
    done(t('act.corrected'));
  };
  return (
    <Dialog title={t('act.triage')} onClose={onClose} onSubmit={save} state={state}>
      <p className="hint">{t('triage.correct_hint')}</p>
      <TextField
        required
        label={t('field.subject')}
        value={form.subject}
        onChange={(subject) => setForm({ ...form, subject })}
        error={state.field('subject')}
      />
      <PickField
        label={t('field.kind')}
        value={form.kind}
        onChange={(kind) => setForm({ ...form, kind: kind ?? form.kind })}
        choices={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
        error={state.field('kind')}
      />
      <PickField
        label={t('field.technology')}
        value={form.technology}
        onChange={(technology) => setForm({ ...form, technology })}
        choices={(technologies.data ?? []).map((one) => ({ value: one.id, label: one.path || one.name }))}
        error={state.field('technology_id')}
      />
      <PickField
        label={t('field.language')}
        value={form.language}
        onChange={(language) => setForm({ ...form, language: language as typeof form.language })}
        choices={(['en', 'es', 'pt'] as const).map((value) => ({ value, label: t(`language.${value}`) }))}
      />
    </Dialog>
  );
}
