/** @jsxImportSource preact */
// The link in the mail that calls somebody. Opening it only shows what it is about: a button sends the answer, so that a
// scanner which follows links in mails takes nothing.
import { ApiProblem, get, post } from '@lib/api';
import type { PageByLink } from '@lib/dto';
import { onLanguage, setLanguage, t } from '@lib/i18n';
import { useEffect, useState } from 'preact/hooks';
import { Icon, Mark, Problem, Title, Waiting } from '../portal/ui';

export function AnswerPage({ token }: { token: string }) {
  const [page, setPage] = useState<PageByLink>();
  const [error, setError] = useState<unknown>();
  const [, redraw] = useState(0);
  const path = `/page-links/${encodeURIComponent(token)}`;
  useEffect(() => onLanguage(() => redraw((n) => n + 1)), []);
  useEffect(() => {
    get<PageByLink>(path, { anonymous: true })
      .then(async (found) => {
        await setLanguage(found.language);
        setPage(found);
      })
      .catch(setError);
  }, [path]);
  const gone = error instanceof ApiProblem && error.status === 404;
  return (
    <>
      <header class="top">
        <div>
          <span class="brand">
            <Mark />
            {t('brand')}
          </span>
        </div>
      </header>
      <main id="content">
        {page && <Answer path={path} page={page} onPage={setPage} />}
        {!page && error === undefined && <Waiting />}
        {gone && (
          <section class="card narrow">
            <Title name={t('page.gone')}>{t('page.gone')}</Title>
            <p>{t('page.gone_body')}</p>
          </section>
        )}
        {error !== undefined && !gone && <Problem error={error} retry={() => location.reload()} />}
      </main>
    </>
  );
}

function headline(page: PageByLink): string {
  if (page.state === 'ended') return t('page.ended');
  if (page.mine) return t('page.yours');
  if (page.acknowledged_by) return t('page.anothers', { name: page.acknowledged_by.name });
  return t('page.calls', { name: page.name.split(' ')[0] ?? '' });
}

function Answer(props: { path: string; page: PageByLink; onPage: (page: PageByLink) => void }) {
  const { page, path } = props;
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const send = async (act: 'acknowledge' | 'hand_back') => {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      props.onPage(await post<PageByLink>(path, { act, ...(act === 'hand_back' && { note }) }, { anonymous: true }));
      setNote('');
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const open = page.state === 'calling' || page.state === 'unanswered';
  return (
    <section class="card narrow">
      <Title key={headline(page)} name={headline(page)}>
        {headline(page)}
      </Title>
      <p class="quiet">
        <span class="num">{page.ticket.number}</span> · {page.ticket.priority} · <bdi>{page.ticket.subject}</bdi>
      </p>
      {page.note && <p class="preline">{page.note}</p>}
      {error !== undefined && <Problem error={error} />}
      {open && (
        <>
          <p>{t('page.calls_body')}</p>
          <button
            type="button"
            class="btn pri wide"
            aria-disabled={busy}
            onClick={() => {
              void send('acknowledge');
            }}
          >
            <Icon name="checkCircle" />
            {t('page.take')}
          </button>
        </>
      )}
      {page.mine && page.state === 'acknowledged' && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void send('hand_back');
          }}
        >
          <p>{t('page.yours_body')}</p>
          <div class="field">
            <label for="note">{t('page.why')}</label>
            <textarea
              id="note"
              rows={3}
              required
              maxLength={500}
              dir="auto"
              value={note}
              onInput={(event) => setNote(event.currentTarget.value)}
            />
          </div>
          <button type="submit" class="btn wide" aria-disabled={busy}>
            {t('page.hand_back')}
          </button>
        </form>
      )}
      <p>
        <a href={`/t/${page.ticket.number}`}>{t('page.open_ticket')}</a>
      </p>
    </section>
  );
}
