// Many tickets at once: choose the change, see what it will do, then what became of each, with the way back.
import { newKey, post } from '@lib/api';
import type { BulkAnswer, State, TicketRow } from '@lib/dto';
import { t } from '@lib/i18n';
import { useState } from 'react';
import { refChoices, refreshLists, useStaffNames, useTeams } from '../data';
import { Icon, Prio, StateWord } from '../ui/basics';
import { Dialog, PickField, useSave } from '../ui/forms';

type Change = { assignee_id?: string; team_id?: string; state?: State; impact?: number; urgency?: number };
const kStates: State[] = ['open', 'waiting_customer', 'waiting_third_party', 'closed', 'spam'];
const kChunk = 50;

export function Bulk({ rows, onAll, onDone }: { rows: TicketRow[]; onAll: () => void; onDone: () => void }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="bulk" role="toolbar" aria-label={t('bulk.label')}>
      <b className="num">{t('bulk.chosen', { n: rows.length })}</b>
      <button type="button" className="btn sm ghost" onClick={onAll}>
        {t('bulk.all')}
      </button>
      <button type="button" className="btn sm pri" onClick={() => setOpen(true)}>
        {t('bulk.change')}
      </button>
      <button type="button" className="iconbtn" aria-label={t('bulk.clear')} onClick={onDone}>
        <Icon name="x" small />
      </button>
      {open && <BulkDialog rows={rows} onClose={() => setOpen(false)} onDone={onDone} />}
    </div>
  );
}

function BulkDialog({ rows, onClose, onDone }: { rows: TicketRow[]; onClose: () => void; onDone: () => void }) {
  const names = useStaffNames();
  const teams = useTeams();
  const [change, setChange] = useState<Change>({});
  const [results, setResults] = useState<Map<string, string>>();
  const [progress, setProgress] = useState(0);
  const save = useSave();
  const set = (one: Change) => setChange((old) => ({ ...old, ...one }));
  const empty = Object.values(change).every((value) => value === undefined);

  const send = async (ids: string[], what: Change) => {
    const out = new Map<string, string>();
    for (let at = 0; at < ids.length; at += kChunk) {
      const answer = await post<BulkAnswer>(
        '/tickets/bulk',
        { ids: ids.slice(at, at + kChunk), change: what },
        { key: newKey() },
      );
      for (const one of answer.results) out.set(one.id, one.ok ? '' : (one.problem ?? t('bulk.refused')));
      setProgress(Math.min(1, (at + kChunk) / ids.length));
    }
    refreshLists();
    return out;
  };
  const run = async () => {
    setResults(
      await send(
        rows.map((row) => row.id),
        change,
      ),
    );
  };
  // Back to what each had: grouped, so that it is a few requests and not one a ticket.
  const undo = async () => {
    const groups = new Map<string, { what: Change; ids: string[] }>();
    for (const row of rows.filter((one) => results?.get(one.id) === '')) {
      const what: Change = {};
      if (change.assignee_id !== undefined && row.assignee) what.assignee_id = row.assignee.id;
      if (change.team_id !== undefined && row.team) what.team_id = row.team.id;
      if (change.state !== undefined && row.state !== 'new') what.state = row.state;
      const key = JSON.stringify(what);
      const group = groups.get(key) ?? { what, ids: [] };
      group.ids.push(row.id);
      groups.set(key, group);
    }
    for (const { what, ids } of groups.values()) if (Object.keys(what).length > 0) await send(ids, what);
    onDone();
  };
  const good = [...(results?.values() ?? [])].filter((text) => text === '').length;

  if (results) {
    return (
      <Dialog title={t('bulk.result', { good, n: rows.length })} onClose={onDone} wide>
        <ul className="bulk-rows" aria-label={t('bulk.preview')} tabIndex={0}>
          {rows.map((row) => {
            const problem = results.get(row.id);
            return (
              <li key={row.id}>
                <Icon
                  name={problem ? 'alert' : 'checkCircle'}
                  small
                  label={problem ? t('bulk.refused') : t('bulk.done')}
                />
                <span className="num">{row.number}</span>
                <span className="bulk-subject">{row.subject}</span>
                {problem && <span className="bad-text">{problem}</span>}
              </li>
            );
          })}
        </ul>
        <div className="dialog-foot">
          {change.impact === undefined && change.urgency === undefined && good > 0 && (
            <button type="button" className="btn" onClick={() => void save.run(undo)} aria-busy={save.busy}>
              <Icon name="undo" small />
              {t('common.undo')}
            </button>
          )}
          <button type="button" className="btn pri" onClick={onDone}>
            {t('common.done')}
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t('bulk.title', { n: rows.length })}
      onClose={onClose}
      keepOpen
      wide
      state={save}
      submit={t('bulk.apply', { n: rows.length })}
      onSubmit={run}
      disabledWhy={empty ? t('bulk.nothing') : undefined}
    >
      <div className="form-two">
        <PickField
          label={t('field.assignee')}
          clearable
          value={change.assignee_id ?? null}
          onChange={(value) => set({ assignee_id: value ?? undefined })}
          choices={refChoices(names.data)}
        />
        <PickField
          label={t('field.team')}
          clearable
          value={change.team_id ?? null}
          onChange={(value) => set({ team_id: value ?? undefined })}
          choices={refChoices(teams.data)}
        />
        <PickField
          label={t('field.state')}
          clearable
          value={change.state ?? null}
          onChange={(value) => set({ state: (value as State) ?? undefined })}
          choices={kStates.map((value) => ({ value, label: t(`state.${value}`) }))}
        />
        <div className="form-two">
          <PickField
            label={t('field.impact')}
            clearable
            value={change.impact ? String(change.impact) : null}
            onChange={(value) => set({ impact: value ? Number(value) : undefined })}
            choices={['1', '2', '3', '4'].map((value) => ({ value, label: value }))}
          />
          <PickField
            label={t('field.urgency')}
            clearable
            value={change.urgency ? String(change.urgency) : null}
            onChange={(value) => set({ urgency: value ? Number(value) : undefined })}
            choices={['1', '2', '3', '4'].map((value) => ({ value, label: value }))}
          />
        </div>
      </div>
      <h3 className="form-part">{t('bulk.preview')}</h3>
      <ul className="bulk-rows" aria-label={t('bulk.preview')} tabIndex={0}>
        {rows.slice(0, 100).map((row) => (
          <li key={row.id}>
            <Prio value={row.priority} />
            <span className="num">{row.number}</span>
            <span className="bulk-subject">{row.subject}</span>
            <StateWord state={row.state} />
            {change.state && change.state !== row.state && (
              <>
                <Icon name="chevronRight" small label={t('bulk.becomes')} />
                <StateWord state={change.state} />
              </>
            )}
          </li>
        ))}
      </ul>
      {save.busy && <progress className="progress" value={progress} aria-label={t('bulk.progress')} />}
    </Dialog>
  );
}
