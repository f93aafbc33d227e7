import type { Ticket } from '@lib/dto';
import { language, number, t } from '@lib/i18n';
import { useState } from 'react';
import { useRouting, useTriagePolicy } from '../data';
import { Avatar, Icon, Loading, When } from '../ui/basics';
import { AreaField, Dialog, useSave } from '../ui/forms';

/** The written criteria behind each level of impact and urgency. */
export function Criteria({ onClose }: { onClose: () => void }) {
  const policy = useTriagePolicy();
  return (
    <Dialog title={t('triage.criteria')} onClose={onClose} wide>
      {(['impact', 'urgency'] as const).map((axis) => (
        <section key={axis}>
          <h3 className="form-part">{t(`field.${axis}`)}</h3>
          <dl className="facts">
            {policy.data?.[axis].map((one) => (
              <div key={one.level} className="contents">
                <dt>
                  {one.level} {one.title[language()]}
                </dt>
                <dd>{one.criteria[language()]}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}

/** Who fits this ticket, and why: the ranking that routing kept. */
export function Ranking({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const routing = useRouting(ticket.id, true);
  const data = routing.data ?? ticket.routing;
  return (
    <Dialog title={t('triage.ranking_title')} onClose={onClose} wide>
      {!data && <Loading />}
      {data && (
        <>
          <p className="hint">
            {t('triage.ranking_hint')} <When at={data.at} />
          </p>
          {data.gap && (
            <p className="banner">
              <Icon name="warning" small />
              {t(`gap.${data.gap}`)}
            </p>
          )}
          <ol className="ranking">
            {data.ranking.map((one) => (
              <li key={one.staff.id} data-chosen={one.chosen || undefined} data-out={!one.eligible || undefined}>
                <Avatar name={one.staff.name} big />
                <div>
                  <p>
                    <b>{one.staff.name}</b>{' '}
                    {one.chosen && (
                      <span className="chip acc">
                        <Icon name="check" small />
                        {t('triage.chosen')}
                      </span>
                    )}
                    {!one.eligible && <span className="chip hold">{t('triage.not_eligible')}</span>}
                  </p>
                  <ul className="ranking-facts">
                    {one.facts.map((fact) => (
                      <li key={fact.criterion} className={fact.ok ? 'ok-text' : 'bad-text'}>
                        <Icon name={fact.ok ? 'check' : 'x'} small label={fact.ok ? t('common.yes') : t('common.no')} />
                        {fact.text}
                      </li>
                    ))}
                  </ul>
                </div>
                <span className="num">{number(one.score, { maximumFractionDigits: 2 })}</span>
              </li>
            ))}
          </ol>
        </>
      )}
    </Dialog>
  );
}

/** Where too many tickets are P1 and P2 already, one more needs a reason. */
export function RaiseReason(props: { why: string; onClose: () => void; onSay: (reason: string) => Promise<void> }) {
  const [reason, setReason] = useState('');
  const state = useSave();
  return (
    <Dialog
      title={t('triage.raise')}
      onClose={props.onClose}
      state={state}
      onSubmit={() => props.onSay(reason.trim())}
      disabledWhy={reason.trim() ? undefined : t('override.needs_reason')}
    >
      <p>{props.why}</p>
      <AreaField
        autoFocus
        required
        label={t('field.reason')}
        value={reason}
        onChange={setReason}
        error={state.field('reason')}
      />
    </Dialog>
  );
}
