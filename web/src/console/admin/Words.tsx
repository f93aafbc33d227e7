import { post } from '@lib/api';
import type { Classification, ClassificationRule, Snippet, Technology } from '@lib/dto';
import { compare, number, t } from '@lib/i18n';
import { useState } from 'react';
import { kinds } from '../choices';
import { useTechnologies } from '../data';
import { Icon } from '../ui/basics';
import { AreaField, FormError, TextField, useSave } from '../ui/forms';
import { Crud } from './Crud';
import { languageChoices } from './Organisations';

const technologyChoices = (list: Technology[] | undefined) =>
  [...(list ?? [])]
    .sort((a, b) => compare(a.path, b.path))
    .map((one) => ({ value: one.id, label: one.path || one.name }));
/** Two lines of them; all of them on hover and in the form. */
function RuleWords({ words }: { words: string[] }) {
  const text = words.map((word) => `«${word}»`).join(', ');
  return (
    <span className="rule-words" title={text}>
      {text}
    </span>
  );
}
const levels = ['1', '2', '3', '4'].map((value) => ({ value, label: value }));

export function Technologies() {
  const technologies = useTechnologies();
  return (
    <Crud<Technology>
      title={t('admin.technologies')}
      hint={t('admin.technologies.hint')}
      icon="route"
      path="/technologies"
      queryKey={['admin', 'technologies']}
      also={[['technologies']]}
      nameOf={(item) => item.path || item.name}
      columns={[
        {
          head: t('field.name'),
          cell: (item) => <span className={`tree ${item.level}`}>{item.path || item.name}</span>,
        },
        { head: t('technology.level'), cell: (item) => t(`technology.level.${item.level}`) },
        { head: t('technology.keywords'), cell: (item) => item.keywords.join(', ') },
      ]}
      fields={[
        { kind: 'text', name: 'name', label: t('field.name'), required: true },
        {
          kind: 'pick',
          name: 'level',
          when: (_, fresh) => fresh,
          label: t('technology.level'),
          choices: (['domain', 'vendor', 'product'] as const).map((value) => ({
            value,
            label: t(`technology.level.${value}`),
          })),
        },
        {
          kind: 'pick',
          name: 'parent_id',
          label: t('technology.parent'),
          clearable: true,
          when: (values, fresh) => fresh && values.level !== 'domain',
          choices: technologyChoices(technologies.data?.filter((one) => one.level !== 'product')),
        },
        { kind: 'words', name: 'keywords', label: t('technology.keywords'), hint: t('technology.keywords_hint') },
      ]}
      toForm={(item) => ({
        name: item?.name ?? '',
        level: item?.level ?? 'product',
        parent_id: item?.parent_id ?? null,
        keywords: item?.keywords ?? [],
      })}
      toBody={(values, item) =>
        item
          ? { name: values.name, keywords: values.keywords }
          : { ...values, parent_id: values.level === 'domain' ? undefined : (values.parent_id ?? undefined) }
      }
    />
  );
}

export function Rules() {
  const technologies = useTechnologies();
  return (
    <>
      <Crud<ClassificationRule>
        title={t('admin.rules')}
        hint={t('admin.rules.hint')}
        icon="rules"
        path="/triage/rules"
        queryKey={['admin', 'rules']}
        canRemove
        nameOf={(item) => item.name}
        columns={[
          { head: t('field.name'), cell: (item) => item.name },
          { head: t('rule.words'), cell: (item) => <RuleWords words={item.words} /> },
          {
            head: t('rule.says'),
            cell: (item) =>
              [
                item.technology?.name,
                item.kind && t(`kind.${item.kind}`),
                item.impact && `${t('field.impact')} ${item.impact}`,
                item.urgency && `${t('field.urgency')} ${item.urgency}`,
              ]
                .filter(Boolean)
                .join(', '),
          },
          { head: t('rule.weight'), num: true, cell: (item) => number(item.weight, { minimumFractionDigits: 2 }) },
          {
            head: t('rule.active'),
            cell: (item) => (
              <span className={`chip ${item.active ? 'ok' : 'hold'}`}>
                <Icon name={item.active ? 'check' : 'pause'} small />
                {item.active ? t('common.yes') : t('common.no')}
              </span>
            ),
          },
        ]}
        fields={[
          { kind: 'text', name: 'name', label: t('field.name'), required: true },
          { kind: 'words', name: 'words', label: t('rule.words'), required: true, hint: t('rule.words_hint') },
          { kind: 'many', name: 'languages', label: t('org.languages'), choices: languageChoices() },
          {
            kind: 'pick',
            name: 'technology_id',
            label: t('field.technology'),
            clearable: true,
            choices: technologyChoices(technologies.data),
          },
          {
            kind: 'pick',
            name: 'kind',
            label: t('field.kind'),
            clearable: true,
            choices: kinds.map((value) => ({ value, label: t(`kind.${value}`) })),
          },
          { kind: 'pick', name: 'impact', label: t('field.impact'), clearable: true, choices: levels },
          { kind: 'pick', name: 'urgency', label: t('field.urgency'), clearable: true, choices: levels },
          { kind: 'number', name: 'weight', label: t('rule.weight'), hint: t('rule.weight_hint') },
          { kind: 'check', name: 'active', label: t('rule.active') },
        ]}
        toForm={(item) => ({
          name: item?.name ?? '',
          words: item?.words ?? [],
          languages: item?.languages ?? [],
          technology_id: item?.technology?.id ?? null,
          kind: item?.kind ?? null,
          impact: item?.impact ? String(item.impact) : null,
          urgency: item?.urgency ? String(item.urgency) : null,
          weight: item?.weight ?? 0.8,
          active: item?.active ?? true,
        })}
        toBody={(values, item) => ({
          name: values.name,
          words: values.words,
          languages: values.languages,
          technology_id: values.technology_id || (item ? null : undefined),
          kind: values.kind || (item ? null : undefined),
          impact: values.impact ? Number(values.impact) : item ? null : undefined,
          urgency: values.urgency ? Number(values.urgency) : item ? null : undefined,
          weight: Number(String(values.weight).replace(',', '.')),
          active: values.active,
        })}
      />
      <TryBox />
    </>
  );
}

/** What the rules would say of a text, without making a ticket. */
function TryBox() {
  const [subject, setSubject] = useState('');
  const [body, setBody] = useState('');
  const [found, setFound] = useState<Classification>();
  const state = useSave();
  const lines = found
    ? [
        found.technology && { name: t('field.technology'), value: found.technology.name, guess: found.technology },
        found.kind && { name: t('field.kind'), value: t(`kind.${found.kind.value}`), guess: found.kind },
        found.impact && { name: t('field.impact'), value: String(found.impact.value), guess: found.impact },
        found.urgency && { name: t('field.urgency'), value: String(found.urgency.value), guess: found.urgency },
      ].filter((line) => line !== undefined)
    : [];
  return (
    <section className="card try-box">
      <h2>{t('try.title')}</h2>
      <p className="hint">{t('try.hint')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void state.run(async () => setFound(await post<Classification>('/triage/try', { subject, body })));
        }}
      >
        <TextField label={t('field.subject')} value={subject} onChange={setSubject} error={state.field('subject')} />
        <AreaField label={t('new.body')} value={body} onChange={setBody} error={state.field('body')} />
        <FormError error={state.error} />
        <button type="submit" className="btn" aria-busy={state.busy}>
          {t('try.run')}
        </button>
      </form>
      {found && (
        <div role="status">
          {lines.length === 0 && <p className="hint">{t('try.nothing')}</p>}
          <ul className="guesses">
            {lines.map((line) => (
              <li key={line.name}>
                <div className="guess">
                  <span className="guess-name">{line.name}</span>
                  <b>{line.value}</b>
                  <span className="num">
                    {number(line.guess.confidence, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}
                  </span>
                  <span className={`chip ${line.guess.applied ? 'ok' : 'hold'}`}>
                    {line.guess.applied ? t('try.applied') : t('try.proposed')}
                  </span>
                </div>
                <div className="guess-words">
                  <span>{line.guess.words.map((word) => `«${word}»`).join(', ')}</span>
                </div>
              </li>
            ))}
          </ul>
          {found.language && <p className="hint">{t('try.language', { language: t(`language.${found.language}`) })}</p>}
        </div>
      )}
    </section>
  );
}

export function Snippets() {
  return (
    <Crud<Snippet>
      title={t('admin.snippets')}
      hint={t('admin.snippets.hint')}
      icon="note"
      path="/snippets"
      queryKey={['admin', 'snippets']}
      also={[['snippets']]}
      canRemove
      nameOf={(item) => item.key}
      columns={[
        { head: t('snippet.key'), cell: (item) => <code>::{item.key}</code> },
        { head: 'English', cell: (item) => item.title.en },
        { head: 'Español', cell: (item) => item.title.es },
        { head: 'Português', cell: (item) => item.title.pt },
      ]}
      fields={[
        { kind: 'text', name: 'key', label: t('snippet.key'), required: true, hint: t('snippet.key_hint') },
        { kind: 'localised', name: 'title', label: t('field.title') },
        { kind: 'localised', name: 'body', label: t('snippet.body'), area: true, hint: t('snippet.body_hint') },
      ]}
      toForm={(item) => ({
        key: item?.key ?? '',
        title: item?.title ?? { en: '', es: '', pt: '' },
        body: item?.body ?? { en: '', es: '', pt: '' },
      })}
      toBody={(values) => values}
    />
  );
}
