/** @jsxImportSource preact */
// The card that asks something of the customer: does it work, and how did we do.
import { newKey, post } from '@lib/api';
import type { PortalTicket } from '@lib/dto';
import { t } from '@lib/i18n';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, Problem } from './ui';
import { longDate } from './words';

const kScores = [1, 2, 3, 4, 5] as const;

export function Rating(props: {
  score?: number;
  onScore: (score: number) => void;
  optional?: boolean;
  titled?: boolean;
  name: string;
}) {
  return (
    <fieldset class="rating">
      <legend class={props.titled ? 'sr' : undefined}>
        {t('rate.title')} {props.optional && <span>{t('form.optional')}</span>}
      </legend>
      <div class="rate">
        {kScores.map((score) => (
          <label key={score}>
            <input
              type="radio"
              name={props.name}
              value={score}
              aria-label={t('rate.score', { score, word: t(`rate.${score}`) })}
              checked={props.score === score}
              onChange={() => props.onScore(score)}
            />
            <span aria-hidden="true">{score}</span>
          </label>
        ))}
      </div>
      <div class="ends" aria-hidden="true">
        <span>{t('rate.1')}</span>
        <span>{t('rate.5')}</span>
      </div>
    </fieldset>
  );
}

type Props = { ticket: PortalTicket; zone: string; onDone: (ticket: PortalTicket) => void; reload: () => void };

/** Sends once, tells why it failed, and takes the new state of the request from the answer. */
function useSend({ onDone, reload }: Props) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const key = useRef(newKey());
  const send = (path: string, body: unknown) => {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    post<PortalTicket | undefined>(path, body, { key: key.current })
      .then((ticket) => {
        key.current = newKey();
        if (ticket?.conversation) onDone(ticket);
        else reload();
      })
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return { busy, error, send };
}

function Confirm(props: Props) {
  const { ticket, zone } = props;
  const [score, setScore] = useState<number>();
  const [failing, setFailing] = useState(false);
  const [comment, setComment] = useState('');
  const [missing, setMissing] = useState(false);
  const still = useRef<HTMLTextAreaElement>(null);
  const { busy, error, send } = useSend(props);
  useEffect(() => {
    if (failing) still.current?.focus();
  }, [failing]);
  const path = `/portal/tickets/${encodeURIComponent(ticket.id)}/confirm`;
  const answer = (event: Event) => {
    event.preventDefault();
    if (!failing) return send(path, { works: true, score });
    setMissing(!comment.trim());
    if (comment.trim()) send(path, { works: false, comment: comment.trim() });
    else still.current?.focus();
  };
  return (
    <form class="card ask" aria-labelledby="ask-title" onSubmit={answer}>
      <h2 id="ask-title">{failing ? t('confirm.still_title') : t('confirm.title')}</h2>
      {failing ? (
        <>
          <label for="still">{t('confirm.still_label')}</label>
          <textarea
            id="still"
            rows={4}
            value={comment}
            ref={still}
            aria-invalid={missing}
            aria-describedby={missing ? 'still-wrong' : undefined}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          {missing && (
            <p class="wrong" id="still-wrong" role="alert">
              <Icon name="warning" />
              {t('confirm.still_missing')}
            </p>
          )}
          <button key="tell" type="submit" class="btn pri" aria-disabled={busy}>
            {t('confirm.still_send')}
          </button>
          <button key="back" type="button" class="btn" onClick={() => setFailing(false)}>
            {t('act.back')}
          </button>
        </>
      ) : (
        <>
          <p>
            {ticket.grace_until ? t('confirm.grace', { date: longDate(ticket.grace_until, zone) }) : t('confirm.body')}
          </p>
          <button type="submit" class="btn pri" aria-disabled={busy}>
            <Icon name="check" />
            {t('confirm.works')}
          </button>
          <button type="button" class="btn" onClick={() => setFailing(true)}>
            {t('confirm.still')}
          </button>
          {ticket.may.rate && <Rating name="score" score={score} onScore={setScore} optional />}
        </>
      )}
      {error !== undefined && <Problem error={error} />}
    </form>
  );
}

function Rate(props: Props) {
  const { ticket } = props;
  const [score, setScore] = useState<number | undefined>(ticket.survey?.score);
  const [comment, setComment] = useState(ticket.survey?.comment ?? '');
  const [missing, setMissing] = useState(false);
  const { busy, error, send } = useSend(props);
  const rate = (event: Event) => {
    event.preventDefault();
    setMissing(score === undefined);
    if (score === undefined) return;
    send(`/portal/tickets/${encodeURIComponent(ticket.id)}/rating`, { score, comment: comment.trim() || undefined });
  };
  return (
    <form class="card ask rate-only" aria-label={t('rate.title')} onSubmit={rate}>
      <Rating name="score" score={score} onScore={setScore} />
      {missing && (
        <p class="wrong" role="alert">
          <Icon name="warning" />
          {t('rate.choose')}
        </p>
      )}
      <label for="why">{t('rate.why')}</label>
      <textarea id="why" rows={3} value={comment} onInput={(event) => setComment(event.currentTarget.value)} />
      <button type="submit" class="btn pri" aria-disabled={busy}>
        {t('rate.send')}
      </button>
      {error !== undefined && <Problem error={error} />}
    </form>
  );
}

function Thanks({ ticket }: { ticket: PortalTicket }) {
  const score = ticket.survey!.score;
  return (
    <section class="card thanks" aria-label={t('rate.title')}>
      <p role="status">
        <Icon name="checkCircle" />
        <span>{t('rate.thanks', { score, word: t(`rate.${score}`) })}</span>
      </p>
    </section>
  );
}

export function AskCard(props: Props) {
  const { may, survey } = props.ticket;
  if (may.confirm) return <Confirm {...props} />;
  if (survey) return <Thanks ticket={props.ticket} />;
  if (may.rate) return <Rate {...props} />;
  return null;
}
