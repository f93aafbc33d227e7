/** @jsxImportSource preact */
// The API's documentation, drawn from the document that the desk itself serves. The document speaks English; the page
// around it speaks the reader's language.
import { type Language, language, languageNames, languages, onLanguage, setLanguage, t } from '@lib/i18n';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import {
  byTag,
  curlOf,
  limitsOf,
  membersOf,
  nameOf,
  type OpenApi,
  type Operation,
  operationsOf,
  type Parameter,
  type Schema,
  typeOf,
} from './document';

const kDocument = '/api/v1/openapi.json';
const kDeepest = 6;

/** Text in which `words` stand for code. */
function Prose({ text }: { text: string }) {
  return <>{text.split('`').map((part, i) => (i % 2 ? <code key={i}>{part}</code> : part))}</>;
}

function Method({ name }: { name: string }) {
  return <span class={`method ${name}`}>{name.toUpperCase()}</span>;
}

function Member({ name, schema, required, api, depth }: MemberProps) {
  const inner = depth < kDeepest ? membersOf(api, schema) : undefined;
  const choices = schema.enum ?? schema.items?.enum;
  const said = [limitsOf(schema), choices?.join(', ')].filter(Boolean).join(' · ');
  return (
    <li>
      <div class="member">
        <code class="name">{name}</code>
        <span class="type">{typeOf(schema)}</span>
        {required && <span class="needed">{t('docs.required')}</span>}
        {schema.description && (
          <span class="doc">
            <Prose text={schema.description} />
          </span>
        )}
        {said && <span class="limits">{said}</span>}
      </div>
      {inner && (
        <details>
          <summary>{nameOf(schema) ?? nameOf(schema.items ?? {}) ?? t('docs.members')}</summary>
          <Members schema={inner} api={api} depth={depth + 1} />
        </details>
      )}
    </li>
  );
}
type MemberProps = { name: string; schema: Schema; required: boolean; api: OpenApi; depth: number };

function Members({ schema, api, depth = 0 }: { schema: Schema; api: OpenApi; depth?: number }) {
  const members = Object.entries(schema.properties ?? {});
  if (!members.length) return null;
  return (
    <ul class="members">
      {members.map(([name, member]) => (
        <Member
          key={name}
          name={name}
          schema={member}
          required={schema.required?.includes(name) ?? false}
          api={api}
          depth={depth}
        />
      ))}
    </ul>
  );
}

function Part({ title, children }: { title: ComponentChildren; children: ComponentChildren }) {
  return (
    <div class="part">
      <h4>{title}</h4>
      {children}
    </div>
  );
}

function Parameters({ list, api }: { list: Parameter[]; api: OpenApi }) {
  return (
    <ul class="members">
      {list.map(({ name, in: where, required, description, schema }) => (
        <Member
          key={`${where} ${name}`}
          name={where === 'header' ? `${name}:` : where === 'path' ? `{${name}}` : `?${name}`}
          schema={{ ...schema, description }}
          required={required}
          api={api}
          depth={kDeepest}
        />
      ))}
    </ul>
  );
}

function Body({
  title,
  content,
  api,
}: {
  title: ComponentChildren;
  content: [string, { schema: Schema }];
  api: OpenApi;
}) {
  const [media, { schema }] = content;
  const members = membersOf(api, schema);
  return (
    <Part
      title={
        <>
          {title} <span class="type">{media === 'application/json' ? typeOf(schema) : media}</span>
        </>
      }
    >
      {members ? <Members schema={members} api={api} /> : null}
    </Part>
  );
}

function OperationView({ operation, api }: { operation: Operation; api: OpenApi }) {
  const { method, path, summary, description, parameters, responses } = operation;
  const body = Object.entries(operation.requestBody?.content ?? {})[0];
  const [status, good] = Object.entries(responses).find(([code]) => code.startsWith('2')) ?? ['200', undefined];
  const answer = Object.entries(good?.content ?? {})[0];
  const permission = operation['x-permission'];
  return (
    <article id={operation.operationId} class="operation">
      <h3>
        <a href={`#${operation.operationId}`}>{summary}</a>
      </h3>
      <p class="line">
        <Method name={method} />
        <code class="path">{path}</code>
        <span class="chip">
          {permission ?? (operation.security?.length === 0 ? t('docs.anyone') : t('docs.signed_in'))}
        </span>
      </p>
      {description && (
        <p class="doc">
          <Prose text={description} />
        </p>
      )}
      {parameters.length > 0 && (
        <Part title={t('docs.parameters')}>
          <Parameters list={parameters} api={api} />
        </Part>
      )}
      {body && <Body title={t('docs.body')} content={body} api={api} />}
      {answer ? (
        <Body title={t('docs.answer', { status })} content={answer} api={api} />
      ) : (
        <Part title={t('docs.answer_empty', { status })}>{null}</Part>
      )}
      <Part title={t('docs.example')}>
        <pre tabIndex={0}>{curlOf(api, operation, location.origin)}</pre>
      </Part>
    </article>
  );
}

function Contents({ groups }: { groups: [string, Operation[]][] }) {
  return (
    <ul class="contents">
      {groups.map(([tag, list]) => (
        <li key={tag}>
          <a href={`#tag-${tag}`} class="tag">
            {tag}
          </a>
          <ul>
            {list.map(({ operationId, method, path }) => (
              <li key={operationId}>
                <a href={`#${operationId}`}>
                  <Method name={method} />
                  <code>{path}</code>
                </a>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

const kAbout = ['key', 'problem', 'version', 'again', 'page', 'live'] as const;

function Basics() {
  return (
    <section class="basics" aria-labelledby="basics">
      <h2 id="basics">{t('docs.basics')}</h2>
      <dl>
        {kAbout.map((about) => (
          <div key={about}>
            <dt>{t(`docs.${about}`)}</dt>
            <dd>
              <Prose text={t(`docs.${about}.text`)} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Header({ wanted, onWanted }: { wanted: string; onWanted: (text: string) => void }) {
  return (
    <header class="top">
      <a href="/" class="brand">
        <img src="/mark.svg" alt="" width="22" height="22" />
        {t('docs.title')}
      </a>
      <input
        type="search"
        value={wanted}
        placeholder={t('docs.find')}
        aria-label={t('docs.find')}
        onInput={(event) => onWanted(event.currentTarget.value)}
      />
      <a href={kDocument} class="raw">
        openapi.json
      </a>
      <select
        aria-label={t('docs.language')}
        value={language()}
        onChange={(event) => void setLanguage(event.currentTarget.value as Language)}
      >
        {languages.map((one) => (
          <option key={one} value={one}>
            {languageNames[one]}
          </option>
        ))}
      </select>
    </header>
  );
}

export function Docs() {
  const [api, setApi] = useState<OpenApi>();
  const [failed, setFailed] = useState(false);
  const [wanted, setWanted] = useState('');
  const [, redraw] = useState(0);
  useEffect(() => onLanguage(() => redraw((n) => n + 1)), []);
  useEffect(() => {
    document.title = t('docs.title');
    fetch(kDocument)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
      .then(setApi)
      .catch(() => setFailed(true));
  }, []);
  // The address may name an operation, which is there only now.
  useEffect(() => {
    if (api && location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  }, [api]);
  const groups = useMemo(() => (api ? byTag(operationsOf(api), wanted) : []), [api, wanted]);

  return (
    <>
      <Header wanted={wanted} onWanted={setWanted} />
      <div class="page">
        <nav aria-label={t('docs.contents')}>
          <details open={matchMedia('(min-width: 900px)').matches}>
            <summary>{t('docs.contents')}</summary>
            <Contents groups={groups} />
          </details>
        </nav>
        <main>
          <h1>{t('docs.title')}</h1>
          {failed && <p role="alert">{t('docs.failed')}</p>}
          {api && <p class="doc">{api.info.description}</p>}
          {!wanted && <Basics />}
          {api && wanted && !groups.length && <p role="status">{t('docs.nothing')}</p>}
          {api &&
            groups.map(([tag, list]) => (
              <section key={tag} id={`tag-${tag}`} aria-label={tag}>
                <h2>{tag}</h2>
                {list.map((operation) => (
                  <OperationView key={operation.operationId} operation={operation} api={api} />
                ))}
              </section>
            ))}
        </main>
      </div>
    </>
  );
}
