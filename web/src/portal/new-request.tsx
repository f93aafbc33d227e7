/** @jsxImportSource preact */
// One form for every request. What it asks for follows the kind of matter and the technology chosen.
import { ApiProblem, newKey, post, upload } from '@lib/api';
import type { Article, Kind, Page, PortalTicket, Session, Technology } from '@lib/dto';
import { bytes, compare, t } from '@lib/i18n';
import { useRef, useState } from 'preact/hooks';
import { articlesPath, useSettled } from './articles';
import { leaveNotice, useKeptText, useLoaded } from './data';
import { FilePicker } from './picker';
import { articlePath, go, ticketPath } from './router';
import { described, Field, Icon, Problem, problemWords, Title } from './ui';

type Matter = Extract<Kind, 'fault' | 'event' | 'request' | 'question' | 'vulnerability'>;
const kMatters: Matter[] = ['fault', 'event', 'vulnerability', 'request', 'question'];
/** What is asked beside the description, by the kind of matter. Each becomes a labelled line of the request. */
const kQuestions: Record<Matter, string[]> = {
  fault: ['where', 'since', 'changed', 'affected'],
  event: ['where', 'since', 'going_on', 'done_already'],
  vulnerability: ['where', 'reference', 'exposed'],
  request: ['where', 'by_when'],
  question: [],
};
const kUrgencies = [1, 2, 3, 4] as const;
const kMaxSubject = 200;

/** The description followed by one line per answered question. */
export function composeBody(text: string, questions: string[], answers: Record<string, string>): string {
  const lines = questions.filter((id) => answers[id]?.trim()).map((id) => `${t(`ask.${id}`)}: ${answers[id]!.trim()}`);
  return lines.length ? `${text.trim()}\n\n${lines.join('\n')}` : text.trim();
}

function Matters({ matter, pick }: { matter: Matter; pick: (matter: Matter) => void }) {
  return (
    <fieldset class="matters">
      <legend>{t('new.matter')}</legend>
      {kMatters.map((one) => (
        <label key={one}>
          <input type="radio" name="matter" checked={matter === one} onChange={() => pick(one)} />
          <span>
            <b>{t(`matter.${one}`)}</b>
            <small>{t(`matter.${one}_hint`)}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Urgency({ value, pick }: { value?: number; pick: (value: number) => void }) {
  return (
    <fieldset class="matters">
      <legend>{t('new.urgency')}</legend>
      {kUrgencies.map((level) => (
        <label key={level}>
          <input type="radio" name="urgency" checked={value === level} onChange={() => pick(level)} />
          <span>
            <b>{t(`urgency.${level}`)}</b>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Articles that may answer before anything is sent. */
function Suggestions({ words }: { words: string }) {
  const settled = useSettled(words.trim());
  const found = useLoaded<Page<Article>>(settled.length >= 6 ? articlesPath(settled) : undefined);
  const items = (found.value?.items ?? []).slice(0, 3);
  if (items.length === 0) return null;
  return (
    <aside class="suggest" aria-label={t('new.suggest')}>
      <p>{t('new.suggest')}</p>
      <ul>
        {items.map((article) => (
          <li key={article.id}>
            <a href={articlePath(article.id)} target="_blank" rel="noreferrer">
              <Icon name="book" />
              {article.title}
            </a>
          </li>
        ))}
      </ul>
    </aside>
  );
}

function Chosen({ files, drop }: { files: File[]; drop: (file: File) => void }) {
  if (files.length === 0) return null;
  return (
    <ul class="uploads">
      {files.map((file) => (
        <li key={file.name + file.size}>
          <Icon name="file" />
          <span class="name">
            <bdi>{file.name}</bdi>
            <small>{bytes(file.size)}</small>
          </span>
          <button
            type="button"
            class="btn sm ghost"
            aria-label={t('upload.cancel', { name: file.name })}
            onClick={() => drop(file)}
          >
            <Icon name="x" />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Sends the files one after the other; answers the words of the first problem, if any. */
async function sendFiles(id: string, files: File[], progress: (part: number) => void): Promise<string | undefined> {
  let wrong: string | undefined;
  for (const [at, file] of files.entries()) {
    const form = new FormData();
    form.set('source', 'portal');
    form.set('file', file, file.name);
    const path = `/portal/tickets/${encodeURIComponent(id)}/evidence`;
    await upload(path, form, (part) => progress((at + part) / files.length)).done.catch((error) => {
      wrong ??= `${file.name}: ${problemWords(error)}`;
    });
  }
  return wrong;
}

export function NewRequest({ session }: { session: Session }) {
  const [subject, setSubject] = useKeptText('new.subject');
  const [text, setText] = useKeptText('new.body');
  const [matter, setMatter] = useState<Matter>('fault');
  const [technology, setTechnology] = useState('');
  const [urgency, setUrgency] = useState<number>();
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const [files, setFiles] = useState<File[]>([]);
  const [tried, setTried] = useState(false);
  const [part, setPart] = useState<number>();
  const [error, setError] = useState<unknown>();
  const key = useRef(newKey());
  const known = useLoaded<Page<Technology>>('/portal/technologies');
  const technologies = [...(known.value?.items ?? [])].sort((a, b) => compare(a.name, b.name));
  const product = technologies.find((one) => one.id === technology)?.name;

  const questions = kQuestions[matter];
  const noSubject = tried && !subject.trim();
  const noText = tried && !text.trim();
  const fieldWords = (name: string) => (error instanceof ApiProblem ? error.field(name) : undefined);

  const send = async (event: Event) => {
    event.preventDefault();
    if (part !== undefined) return;
    setTried(true);
    if (!subject.trim() || !text.trim()) {
      document.getElementById(subject.trim() ? 'body' : 'subject')?.focus();
      return;
    }
    setError(undefined);
    setPart(0);
    try {
      const ticket = await post<PortalTicket>(
        '/portal/tickets',
        {
          subject: subject.trim(),
          body: composeBody(text, questions, answers),
          kind: matter,
          technology_id: technology || undefined,
          asked_urgency: urgency,
        },
        { key: key.current },
      );
      const wrong = await sendFiles(ticket.id, files, setPart);
      setSubject('');
      setText('');
      if (wrong) leaveNotice(t('new.file_failed', { wrong }));
      go(ticketPath(ticket.number), 'replace');
    } catch (failure) {
      setError(failure);
      setPart(undefined);
    }
  };

  return (
    <div class="wrap one form">
      <header class="head">
        <Title name={t('new.title')}>{t('new.title')}</Title>
        <p>{t('new.body')}</p>
      </header>
      <form class="card" onSubmit={send} noValidate>
        <Matters matter={matter} pick={setMatter} />
        {matter === 'event' && (
          <p class="hold">
            <Icon name="alert" />
            {t('new.event_advice')}
          </p>
        )}
        {technologies.length > 0 && (
          <Field id="technology" label={t('new.technology')}>
            <select id="technology" value={technology} onChange={(event) => setTechnology(event.currentTarget.value)}>
              <option value="">{t('new.technology_unknown')}</option>
              {technologies.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          </Field>
        )}
        <Field
          id="subject"
          label={t('new.subject')}
          hint={t(`new.subject_hint_${matter}`)}
          error={noSubject ? t('new.subject_missing') : fieldWords('subject')}
        >
          <input
            id="subject"
            maxLength={kMaxSubject}
            value={subject}
            required
            aria-invalid={noSubject}
            aria-describedby={described('subject', true, noSubject || Boolean(fieldWords('subject')))}
            onInput={(event) => setSubject(event.currentTarget.value)}
          />
        </Field>
        <Suggestions words={subject} />
        <Field
          id="body"
          label={t('new.text')}
          hint={t('new.text_hint')}
          error={noText ? t('new.text_missing') : fieldWords('body')}
        >
          <textarea
            id="body"
            rows={6}
            dir="auto"
            value={text}
            required
            aria-invalid={noText}
            aria-describedby={described('body', true, noText || Boolean(fieldWords('body')))}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </Field>
        {questions.map((id) => (
          <Field
            key={id}
            id={`ask-${id}`}
            label={id === 'where' && product ? t('ask.where_of', { product }) : t(`ask.${id}`)}
            optional
          >
            <input
              id={`ask-${id}`}
              value={answers[id] ?? ''}
              onInput={(event) => setAnswers({ ...answers, [id]: event.currentTarget.value })}
            />
          </Field>
        ))}
        <Urgency value={urgency} pick={setUrgency} />
        <div class="field" role="group" aria-labelledby="files-label">
          <p class="label" id="files-label">
            {t('new.files')} <span>{t('form.optional')}</span>
          </p>
          <p class="hint" id="files-hint">
            {t('new.files_hint')}
          </p>
          <FilePicker
            class="btn"
            label={t('talk.choose_file')}
            describedBy="files-hint"
            onFiles={(added) => setFiles([...files, ...added])}
          />
        </div>
        <Chosen files={files} drop={(file) => setFiles(files.filter((one) => one !== file))} />
        {error !== undefined && <Problem error={error} />}
        {part !== undefined && files.length > 0 && <progress max={1} value={part} aria-label={t('upload.title')} />}
        <div class="end">
          <button type="submit" class="btn pri" aria-disabled={part !== undefined}>
            {t('new.send')}
          </button>
          <p class="quiet">{t('new.as', { name: session.name, email: session.email })}</p>
        </div>
      </form>
    </div>
  );
}
