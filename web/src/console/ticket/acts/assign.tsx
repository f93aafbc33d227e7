// Who handles a ticket: chosen by hand, with the ranking's best beside.
import { patch } from '@lib/api';
import type { Ticket } from '@lib/dto';
import { t } from '@lib/i18n';
import { useState } from 'react';
import { refChoices, tookTicket, useRouting, useStaffNames, useTeams } from '../../data';
import { useSession } from '../../session';
import { Avatar } from '../../ui/basics';
import { Dialog, PickField } from '../../ui/forms';
import { done } from '../../ui/toast';
import type { ActProps } from '../acts';

export function Assign({ ticket, onClose }: ActProps) {
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
