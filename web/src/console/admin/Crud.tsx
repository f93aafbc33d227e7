// One list with its form, for everything that an administrator keeps: read, add, change, remove.
import { del, get, newKey, patch, post } from '@lib/api';
import type { Page } from '@lib/dto';
import { type Language, languageNames, languages, t } from '@lib/i18n';
import type { IconName } from '@lib/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Empty, Icon, Loading } from '../ui/basics';
import {
  AreaField,
  CheckField,
  type Choice,
  Dialog,
  ManyField,
  PickField,
  TextField,
  useSave,
  WordsField,
} from '../ui/forms';
import { done, explainError } from '../ui/toast';

export type Values = Record<string, unknown>;

type Base = {
  name: string;
  label: string;
  hint?: string;
  required?: boolean;
  /** Shown only when this holds. */
  when?: (values: Values, fresh: boolean) => boolean;
  wide?: boolean;
};
export type Field = Base &
  (
    | { kind: 'text' | 'area' | 'number' | 'date' | 'email' | 'password' | 'mono' }
    | { kind: 'check' }
    | { kind: 'pick'; choices: Choice[]; clearable?: boolean }
    | { kind: 'many'; choices: Choice[] }
    | { kind: 'words'; choices?: string[] }
    | { kind: 'localised'; area?: boolean }
    | {
        kind: 'own';
        draw: (value: unknown, set: (value: unknown) => void, error: (name: string) => string | undefined) => ReactNode;
      }
  );

export type Column<T> = { head: string; cell: (item: T) => ReactNode; num?: boolean };

export type CrudProps<T extends { id: string; version?: number }> = {
  title: string;
  hint: string;
  icon: IconName;
  path: string;
  /** Where one item is changed: path by default. */
  itemPath?: (item: T) => string;
  columns: Column<T>[];
  fields: Field[];
  toForm: (item: T | undefined) => Values;
  toBody: (values: Values, item: T | undefined) => Values;
  nameOf: (item: T) => string;
  queryKey: unknown[];
  also?: unknown[][];
  canChange?: boolean;
  canRemove?: boolean;
  canAdd?: boolean;
  more?: (item: T) => ReactNode;
  onSaved?: (item: T) => void;
  /** Below the fields of the form, with what they hold. */
  panel?: (body: Values, item: T | undefined) => ReactNode;
  filterable?: boolean;
  openId?: string;
};

export function Crud<T extends { id: string; version?: number }>(props: CrudProps<T>) {
  const cache = useQueryClient();
  const [editing, setEditing] = useState<T | 'new' | undefined>();
  const [removing, setRemoving] = useState<T>();
  const [typed, setTyped] = useState('');
  const [shown, setShown] = useState(false);
  const items = useQuery({
    queryKey: props.queryKey,
    queryFn: async () => {
      const all: T[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < 20; page++) {
        const answer: Page<T> = await get(props.path, { query: { limit: 200, cursor } });
        all.push(...answer.items);
        cursor = answer.next_cursor;
        if (!cursor) break;
      }
      return all;
    },
  });
  const refresh = () => {
    for (const queryKey of [props.queryKey, ...(props.also ?? [])]) void cache.invalidateQueries({ queryKey });
  };
  const asked = !shown && props.openId ? items.data?.find((item) => item.id === props.openId) : undefined;
  const current = editing ?? asked;
  const close = () => {
    setShown(true);
    setEditing(undefined);
  };
  const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const rows = (items.data ?? []).filter((item) => fold(props.nameOf(item)).includes(fold(typed)));
  return (
    <section className="crud">
      <header className="page-head">
        <h1>{props.title}</h1>
        {(props.filterable ?? true) && (items.data?.length ?? 0) > 8 && (
          <input
            className="input narrow-input"
            type="search"
            value={typed}
            placeholder={t('admin.filter')}
            aria-label={t('admin.filter')}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
        {props.canAdd !== false && (
          <span className="end">
            <button type="button" className="btn pri" onClick={() => setEditing('new')}>
              <Icon name="plus" small />
              {t('admin.add')}
            </button>
          </span>
        )}
      </header>
      <p className="hint">{props.hint}</p>
      {items.isPending && <Loading lines={5} />}
      {items.isError && (
        <Empty icon="alert" title={t('admin.failed')}>
          <p>{explainError(items.error)}</p>
        </Empty>
      )}
      {items.data && items.data.length === 0 && (
        <Empty icon={props.icon} title={t('admin.none')}>
          <p>{props.hint}</p>
        </Empty>
      )}
      {rows.length > 0 && (
        <div className="table-wrap card-table stacks">
          <table className="table">
            <caption className="sr">{props.title}</caption>
            <thead>
              <tr>
                {props.columns.map((column) => (
                  <th key={column.head} scope="col" className={column.num ? 'num' : undefined}>
                    {column.head}
                  </th>
                ))}
                <th scope="col">
                  <span className="sr">{t('admin.acts')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((item) => (
                <tr key={item.id}>
                  {props.columns.map((column, i) =>
                    i === 0 ? (
                      <th key={column.head} scope="row">
                        {props.canChange === false ? (
                          column.cell(item)
                        ) : (
                          <button type="button" className="linkbtn strong" onClick={() => setEditing(item)}>
                            {column.cell(item)}
                          </button>
                        )}
                      </th>
                    ) : (
                      <td key={column.head} className={column.num ? 'num' : undefined} data-head={column.head}>
                        {column.cell(item)}
                      </td>
                    ),
                  )}
                  <td className="row-acts">
                    {props.more?.(item)}
                    {props.canChange !== false && (
                      <button
                        type="button"
                        className="iconbtn"
                        aria-label={t('admin.edit', { name: props.nameOf(item) })}
                        onClick={() => setEditing(item)}
                      >
                        <Icon name="edit" small />
                      </button>
                    )}
                    {props.canRemove && (
                      <button
                        type="button"
                        className="iconbtn"
                        aria-label={t('admin.remove', { name: props.nameOf(item) })}
                        onClick={() => setRemoving(item)}
                      >
                        <Icon name="x" small />
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {current && (
        <Editor
          {...props}
          item={current === 'new' ? undefined : current}
          onClose={close}
          onDone={(item) => {
            refresh();
            if (item) props.onSaved?.(item);
          }}
        />
      )}
      {removing && (
        <Dialog
          title={t('admin.remove', { name: props.nameOf(removing) })}
          danger
          submit={t('admin.remove_yes')}
          onClose={() => setRemoving(undefined)}
          onSubmit={async () => {
            await del(`${props.itemPath?.(removing) ?? `${props.path}/${removing.id}`}`);
            refresh();
            done(t('admin.removed'));
          }}
        >
          <p>{t('admin.remove_text')}</p>
        </Dialog>
      )}
    </section>
  );
}

function Editor<T extends { id: string; version?: number }>(
  props: CrudProps<T> & { item: T | undefined; onClose: () => void; onDone: (item: T | undefined) => void },
) {
  const { item } = props;
  const [values, setValues] = useState<Values>(() => props.toForm(item));
  const [key] = useState(newKey);
  const state = useSave();
  const save = async () => {
    const body = props.toBody(values, item);
    const made = item
      ? await patch<T>(props.itemPath?.(item) ?? `${props.path}/${item.id}`, body, { version: item.version })
      : await post<T>(props.path, body, { key });
    props.onDone(made);
    done(t('admin.saved'));
  };
  return (
    <Dialog
      title={item ? props.nameOf(item) : t('admin.add_to', { title: props.title })}
      onClose={props.onClose}
      onSubmit={save}
      state={state}
      wide
    >
      <Fields
        fields={props.fields}
        values={values}
        fresh={!item}
        error={state.field}
        onChange={(name, value) => setValues((old) => ({ ...old, [name]: value }))}
      />
      {props.panel?.(props.toBody(values, item), item)}
    </Dialog>
  );
}

const asText = (value: unknown) => (value === undefined || value === null ? '' : String(value));

export function Fields(props: {
  fields: Field[];
  values: Values;
  fresh: boolean;
  error: (name: string) => string | undefined;
  onChange: (name: string, value: unknown) => void;
}) {
  return (
    <div className="form-grid">
      {props.fields
        .filter((field) => field.when?.(props.values, props.fresh) ?? true)
        .map((field) => {
          const value = props.values[field.name];
          const set = (made: unknown) => props.onChange(field.name, made);
          const error = props.error(field.name);
          const common = { label: field.label, hint: field.hint, required: field.required, error };
          const wide =
            field.wide ||
            field.kind === 'area' ||
            field.kind === 'mono' ||
            field.kind === 'localised' ||
            field.kind === 'own';
          let drawn: ReactNode;
          switch (field.kind) {
            case 'area':
              drawn = <AreaField {...common} value={asText(value)} onChange={set} />;
              break;
            case 'mono':
              drawn = <AreaField {...common} mono rows={10} value={asText(value)} onChange={set} />;
              break;
            case 'check':
              drawn = <CheckField label={field.label} hint={field.hint} value={Boolean(value)} onChange={set} />;
              break;
            case 'pick':
              drawn = (
                <PickField
                  {...common}
                  value={(value as string | null) ?? null}
                  onChange={set}
                  choices={field.choices}
                  clearable={field.clearable}
                />
              );
              break;
            case 'many':
              drawn = (
                <ManyField {...common} value={(value as string[]) ?? []} onChange={set} choices={field.choices} />
              );
              break;
            case 'words':
              drawn = (
                <WordsField {...common} value={(value as string[]) ?? []} onChange={set} choices={field.choices} />
              );
              break;
            case 'localised':
              drawn = (
                <LocalisedField
                  {...common}
                  area={field.area}
                  value={(value as Record<Language, string>) ?? { en: '', es: '', pt: '' }}
                  onChange={set}
                  name={field.name}
                  errorOf={props.error}
                />
              );
              break;
            case 'own':
              drawn = field.draw(value, set, props.error);
              break;
            default:
              drawn = (
                <TextField
                  {...common}
                  type={field.kind === 'text' ? 'text' : field.kind}
                  step={field.kind === 'number' ? 'any' : undefined}
                  autoComplete={field.kind === 'password' ? 'new-password' : undefined}
                  value={asText(value)}
                  onChange={set}
                />
              );
          }
          return (
            <div key={field.name} className={wide ? 'wide' : undefined}>
              {drawn}
            </div>
          );
        })}
    </div>
  );
}

/** The same words in the three languages, side by side. */
export function LocalisedField(props: {
  label: string;
  hint?: string;
  required?: boolean;
  error?: string;
  area?: boolean;
  name: string;
  value: Record<Language, string>;
  onChange: (value: Record<Language, string>) => void;
  errorOf: (name: string) => string | undefined;
}) {
  return (
    <fieldset className="localised">
      <legend>{props.label}</legend>
      {props.hint && <p className="hint">{props.hint}</p>}
      {props.error && <p className="form-error">{props.error}</p>}
      <div className="form-three">
        {languages.map((language) => {
          const common = {
            label: languageNames[language],
            required: props.required,
            lang: language,
            value: props.value[language] ?? '',
            error: props.errorOf(`${props.name}.${language}`),
            onChange: (text: string) => props.onChange({ ...props.value, [language]: text }),
          };
          return props.area ? (
            <AreaField key={language} {...common} rows={5} />
          ) : (
            <TextField key={language} {...common} />
          );
        })}
      </div>
    </fieldset>
  );
}
