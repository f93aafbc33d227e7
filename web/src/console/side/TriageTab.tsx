import { ApiProblem, patch } from '@lib/api';
import type { Classification, Ticket } from '@lib/dto';
import { language, number, t } from '@lib/i18n';
import { cellRole, kDefaultMatrix, priorityOf } from '@lib/matrix';
import { lazy, Suspense, useState } from 'react';
import { tookTicket, useTriagePolicy } from '../data';
import type { Act } from '../ticket/acts';
import { Icon } from '../ui/basics';
import { done, failed } from '../ui/toast';

const Ranking = lazy(() => import('./triage-dialogs').then((module) => ({ default: module.Ranking })));
const Criteria = lazy(() => import('./triage-dialogs').then((module) => ({ default: module.Criteria })));
const RaiseReason = lazy(() => import('./triage-dialogs').then((module) => ({ default: module.RaiseReason })));
const kLevels = [1, 2, 3, 4] as const;

export function TriageTab({ ticket, onAct }: { ticket: Ticket; onAct: (act: Act) => void }) {
  const policy = useTriagePolicy();
  const [ranking, setRanking] = useState(false);
  const [criteria, setCriteria] = useState(false);
  const [asked, setAsked] = useState<{ impact: number; urgency: number; why: string }>();
  const matrix = policy.data?.matrix ?? kDefaultMatrix;
  const threshold = policy.data?.apply_threshold ?? 0.8;
  const title = (axis: 'impact' | 'urgency', level: number) =>
    policy.data?.[axis].find((one) => one.level === level)?.title[language()] ?? t(`${axis}.${level}`);

  const put = async (impact: number, urgency: number, reason?: string) => {
    const before = { impact: ticket.impact, urgency: ticket.urgency };
    const made = await patch<Ticket>(`/tickets/${ticket.id}`, { impact, urgency, reason }, { version: ticket.version });
    tookTicket(made);
    done(t('triage.set', { impact, urgency, priority: made.priority }), () => {
      patch<Ticket>(`/tickets/${ticket.id}`, before).then(tookTicket).catch(failed);
    });
  };
  const set = async (impact: number, urgency: number) => {
    if (impact === ticket.impact && urgency === ticket.urgency) return;
    try {
      await put(impact, urgency);
    } catch (error) {
      const why = error instanceof ApiProblem ? error.field('reason') : undefined;
      if (why) setAsked({ impact, urgency, why });
      else failed(error);
    }
  };
  return (
    <>
      {asked && (
        <Suspense>
          <RaiseReason
            why={asked.why}
            onClose={() => setAsked(undefined)}
            onSay={(reason) => put(asked.impact, asked.urgency, reason)}
          />
        </Suspense>
      )}
      <section>
        <h3>
          {t('triage.matrix')}
          <span>{policy.data && t('triage.version', { n: policy.data.version })}</span>
        </h3>
        <table className="matrix">
          <caption className="sr">{t('triage.matrix_caption')}</caption>
          <thead>
            <tr>
              <td />
              {kLevels.map((urgency) => (
                <th
                  key={urgency}
                  scope="col"
                  data-on={ticket.urgency === urgency || undefined}
                  title={title('urgency', urgency)}
                >
                  {urgency} <span>{title('urgency', urgency).toLowerCase()}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kLevels.map((impact) => (
              <tr key={impact}>
                <th scope="row" data-on={ticket.impact === impact || undefined} title={title('impact', impact)}>
                  {impact} <span>{title('impact', impact).toLowerCase()}</span>
                </th>
                {kLevels.map((urgency) => {
                  const role = cellRole(impact, urgency, ticket);
                  const priority = priorityOf(matrix, impact, urgency) ?? '';
                  return (
                    <td key={urgency}>
                      <button
                        type="button"
                        className={`cell ${role} ${priority}`}
                        aria-pressed={role === 'chosen'}
                        aria-label={t('triage.cell', { impact, urgency, priority })}
                        onClick={() => void set(impact, urgency)}
                      >
                        {priority}
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
        <p className="reason">
          <b>{ticket.priority}.</b>{' '}
          {ticket.priority_override
            ? t('triage.overridden', {
                name: ticket.priority_override.by.name,
                reason: ticket.priority_override.reason,
              })
            : t('triage.because', {
                impact: title('impact', ticket.impact),
                urgency: title('urgency', ticket.urgency),
              })}{' '}
          {ticket.asked_urgency
            ? ticket.asked_urgency === ticket.urgency
              ? t('triage.asked_same', { urgency: title('urgency', ticket.asked_urgency).toLowerCase() })
              : t('triage.asked_other', { urgency: title('urgency', ticket.asked_urgency).toLowerCase() })
            : ''}
        </p>
        <p className="links">
          <button type="button" className="linkbtn" onClick={() => setCriteria(true)}>
            {t('triage.criteria')}
          </button>
          <button type="button" className="linkbtn" onClick={() => onAct('override')}>
            {t('act.override')}
          </button>
        </p>
      </section>
      <section>
        <h3>
          {t('triage.classification')}
          <span>
            <Icon name={ticket.classification?.by === 'person' ? 'user' : 'spark'} small />
            {ticket.classification?.by === 'person'
              ? t('triage.person')
              : t('triage.machine', { threshold: number(threshold, { minimumFractionDigits: 2 }) })}
          </span>
        </h3>
        {ticket.classification ? (
          <Guesses
            ticket={ticket}
            found={ticket.classification}
            threshold={threshold}
            onCorrect={() => onAct('triage')}
            onSet={set}
          />
        ) : (
          <p className="hint">{t('triage.no_classification')}</p>
        )}
        <Why ticket={ticket} onRanking={() => setRanking(true)} />
      </section>
      <Suspense>
        {criteria && <Criteria onClose={() => setCriteria(false)} />}
        {ranking && <Ranking ticket={ticket} onClose={() => setRanking(false)} />}
      </Suspense>
    </>
  );
}

type GuessLine = { key: string; label: string; value: string } & ReturnType<typeof pickGuess>;

function Guesses(props: {
  ticket: Ticket;
  found: Classification;
  threshold: number;
  onCorrect: () => void;
  onSet: (impact: number, urgency: number) => void;
}) {
  const { found, ticket } = props;
  const lines: GuessLine[] = [];
  if (found.technology)
    lines.push({
      key: 'technology',
      label: t('field.technology'),
      value: found.technology.name,
      ...pickGuess(found.technology),
    });
  if (found.kind)
    lines.push({ key: 'kind', label: t('field.kind'), value: t(`kind.${found.kind.value}`), ...pickGuess(found.kind) });
  if (found.impact)
    lines.push({
      key: 'impact',
      label: t('field.impact'),
      value: String(found.impact.value),
      ...pickGuess(found.impact),
    });
  if (found.urgency)
    lines.push({
      key: 'urgency',
      label: t('field.urgency'),
      value: String(found.urgency.value),
      ...pickGuess(found.urgency),
    });
  const differs = (line: GuessLine) =>
    line.key === 'technology'
      ? found.technology?.id !== ticket.technology?.id
      : line.key === 'kind'
        ? found.kind?.value !== ticket.kind
        : line.key === 'impact'
          ? found.impact?.value !== ticket.impact
          : found.urgency?.value !== ticket.urgency;
  if (lines.length === 0) return <p className="hint">{t('triage.no_classification')}</p>;
  return (
    <ul className="guesses">
      {lines.map((line) => (
        <li key={line.key}>
          <div className="guess">
            <span className="guess-name">{line.label}</span>
            <b className="clip">{line.applied ? line.value : t('triage.only_proposed', { value: line.value })}</b>
            <span className="num">
              {number(line.confidence, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}
            </span>
            <span className="meter" aria-hidden="true">
              <i style={{ width: `${line.confidence * 100}%` }} />
              <i className="meter-mark" style={{ left: `${props.threshold * 100}%` }} />
            </span>
          </div>
          <div className="guess-words">
            <span className="clip" lang={found.language}>
              {differs(line) ? t('triage.person_word') : line.words.map((word) => `«${word}»`).join(', ')}
              {!differs(line) && <span className="dim"> · {t(`triage.method_${line.method}`)}</span>}
            </span>
            {line.key === 'impact' || line.key === 'urgency' ? (
              differs(line) && (
                <button
                  type="button"
                  className="linkbtn"
                  onClick={() =>
                    line.key === 'impact'
                      ? props.onSet(found.impact!.value, ticket.urgency)
                      : props.onSet(ticket.impact, found.urgency!.value)
                  }
                >
                  {t('triage.take')}
                </button>
              )
            ) : (
              <button type="button" className="linkbtn" onClick={props.onCorrect}>
                {t('triage.correct')}
              </button>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

type Guess = { confidence: number; words: string[]; applied: boolean; method?: 'rules' | 'model' };
const pickGuess = (guess: Guess) => ({
  confidence: guess.confidence,
  words: guess.words,
  applied: guess.applied,
  method: guess.method ?? 'rules',
});

function Why({ ticket, onRanking }: { ticket: Ticket; onRanking: () => void }) {
  const routing = ticket.routing;
  if (!routing) return null;
  const chosen = routing.ranking?.find((one) => one.chosen);
  return (
    <p className="reason why-person">
      {routing.chosen ? (
        <>
          <b>{t('triage.why', { name: routing.chosen.name.split(' ')[0] })}</b>{' '}
          {chosen?.facts
            .filter((fact) => fact.ok)
            .map((fact) => fact.text)
            .join(' ')}{' '}
        </>
      ) : (
        <>
          <b>{t('triage.nobody')}</b> {routing.gap && t(`gap.${routing.gap}`)}{' '}
        </>
      )}
      <button type="button" className="linkbtn" onClick={onRanking}>
        {t('triage.ranking')}
      </button>
    </p>
  );
}
