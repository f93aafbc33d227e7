/** @jsxImportSource preact */
// One click in the mail, one word here. The link only names a score: it is the page's script that sends it, once the page
// is really in view, so that a scanner which follows links in mails does not vote.
import { ApiProblem, get, post } from '@lib/api';
import type { About, Survey as Asked } from '@lib/dto';
import { language, languageNames, languages, onLanguage, setLanguage, t } from '@lib/i18n';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { Rating } from '../portal/confirm';
import { Icon, Mark, Problem, Title, Waiting } from '../portal/ui';

const kInViewMs = 500;

/** Calls `act` once the page has been in view for a moment. */
function whenInView(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    if (document.visibilityState === 'visible') timer = setTimeout(act, kInViewMs);
  };
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  };
}

type Props = { token: string; linked?: number };

export function Survey({ token, linked }: Props) {
  const [survey, setSurvey] = useState<Asked>();
  const [desk, setDesk] = useState<string>();
  const [error, setError] = useState<unknown>();
  const [, redraw] = useState(0);
  const path = `/surveys/${encodeURIComponent(token)}`;

  useEffect(() => onLanguage(() => redraw((n) => n + 1)), []);
  useEffect(() => {
    get<About>('/about', { anonymous: true }).then(
      (about) => setDesk(about.desk_name),
      () => undefined,
    );
    get<Asked>(path, { anonymous: true })
      .then(async (found) => {
        await setLanguage(found.language);
        setSurvey(found);
      })
      .catch(setError);
  }, [path]);

  const gone = error instanceof ApiProblem && (error.status === 404 || error.status === 410);
  return (
    <>
      <header class="top">
        <div>
          <span class="brand">
            <Mark />
            {desk || t('brand')}
          </span>
          <div class="end">
            <div class="langs" role="group" aria-label={t('nav.language')}>
              {languages.map((one) => (
                <button
                  key={one}
                  type="button"
                  lang={one}
                  aria-label={`${one.toUpperCase()} ${languageNames[one]}`}
                  aria-pressed={one === language()}
                  onClick={() => setLanguage(one)}
                >
                  {one.toUpperCase()}
                </button>
              ))}
            </div>
          </div>
        </div>
      </header>
      <main id="content">
        {survey && <Answer path={path} survey={survey} linked={linked} />}
        {!survey && error === undefined && <Waiting />}
        {gone && (
          <section class="card narrow">
            <Title name={t('survey.gone')}>{t('survey.gone')}</Title>
            <p>{t('survey.gone_body')}</p>
          </section>
        )}
        {error !== undefined && !gone && <Problem error={error} retry={() => location.reload()} />}
      </main>
    </>
  );
}

function Answer({ path, survey, linked }: { path: string; survey: Asked; linked?: number }) {
  const [score, setScore] = useState(linked ?? survey.score);
  const [kept, setKept] = useState(survey.score);
  const [comment, setComment] = useState(survey.comment ?? '');
  const [finished, setFinished] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const send = useCallback(
    (value: number, words?: string) => {
      setError(undefined);
      setBusy(true);
      return post<Asked>(path, { score: value, comment: words?.trim() || undefined }, { anonymous: true })
        .then(() => {
          setKept(value);
          return true;
        })
        .catch((failure) => {
          setError(failure);
          return false;
        })
        .finally(() => setBusy(false));
    },
    [path],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: the link's score is sent once, when the page opens
  useEffect(() => {
    if (linked === undefined || linked === survey.score) return;
    return whenInView(() => send(linked, survey.comment));
  }, []);

  const finish = async (event: Event) => {
    event.preventDefault();
    if (busy || score === undefined) return;
    setFinished(await send(score, comment));
  };
  if (finished) {
    return (
      <section class="card narrow thanks">
        <Title key="thanks" name={t('survey.thanks')}>
          {t('survey.thanks')}
        </Title>
        <p role="status">{t('survey.thanks_body')}</p>
        <button type="button" class="btn" onClick={() => setFinished(false)}>
          {t('survey.change')}
        </button>
      </section>
    );
  }
  return (
    <section class="card narrow">
      <Title key="ask" name={t('survey.title')}>
        {t('survey.title')}
      </Title>
      <p class="quiet">
        <span class="num">{survey.ticket.number}</span> · <bdi>{survey.ticket.subject}</bdi>
      </p>
      <form onSubmit={finish}>
        <Rating
          name="score"
          titled
          score={score}
          onScore={(value) => {
            setScore(value);
            send(value, comment);
          }}
        />
        <p role="status" class="kept">
          {kept !== undefined && kept === score && (
            <>
              <Icon name="checkCircle" />
              {t('survey.kept', { score: kept, word: t(`rate.${kept}`) })}
            </>
          )}
        </p>
        <div class="field">
          <label for="comment">
            {t('rate.why')} <span>{t('form.optional')}</span>
          </label>
          <textarea
            id="comment"
            rows={4}
            maxLength={4000}
            dir="auto"
            value={comment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
        </div>
        {error !== undefined && <Problem error={error} />}
        <button type="submit" class="btn pri wide" aria-disabled={busy || score === undefined}>
          {t('rate.send')}
        </button>
      </form>
    </section>
  );
}
