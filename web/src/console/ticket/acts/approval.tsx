// The second pair of eyes: asking for an approval, deciding on one.
import { newKey, post } from '@lib/api';
import type { Approval } from '@lib/dto';
import { t } from '@lib/i18n';
import { useState } from 'react';
import { refChoices, refreshTicket, useStaffNames } from '../../data';
import { useSession } from '../../session';
import { AreaField, Dialog, PickField, Segments, TextField, useSave } from '../../ui/forms';
import { done } from '../../ui/toast';
import type { ActProps } from '../acts';

export function AskApproval({ ticket, onClose }: ActProps) {
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

export function Decide({ ticket, onClose }: ActProps) {
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
