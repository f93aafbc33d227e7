// Forms that lose nothing: values stay as typed on an error, each field carries the server's own words beside it.

import { ApiProblem } from '@lib/api';
import { t } from '@lib/i18n';
import { Modal, MultiSelect, Select, TagsInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { Icon } from './basics';
import { explainError } from './toast';

export type Choice = { value: string; label: string };

type FieldProps = { label: string; hint?: string; error?: string; required?: boolean };

function Labelled({
  id,
  label,
  hint,
  error,
  required,
  children,
}: FieldProps & { id: string; children: (described: string | undefined) => ReactNode }) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <div className={error ? 'field wrong' : 'field'}>
      <label htmlFor={id}>
        {label}
        {required && (
          <span className="must" aria-hidden="true">
            {' '}
            *
          </span>
        )}
      </label>
      {children(described)}
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

export function TextField(
  props: FieldProps & {
    value: string;
    onChange: (value: string) => void;
    type?: string;
    autoFocus?: boolean;
    placeholder?: string;
    autoComplete?: string;
    min?: string | number;
    max?: string | number;
    step?: string | number;
    list?: string[];
    mono?: boolean;
    lang?: string;
  },
) {
  const id = useId();
  return (
    <Labelled id={id} {...props}>
      {(described) => (
        <>
          <input
            id={id}
            className={props.mono ? 'input mono' : 'input'}
            type={props.type ?? 'text'}
            value={props.value}
            onChange={(event) => props.onChange(event.target.value)}
            required={props.required}
            data-autofocus={props.autoFocus || undefined}
            placeholder={props.placeholder}
            autoComplete={props.autoComplete ?? 'off'}
            min={props.min}
            max={props.max}
            step={props.step}
            lang={props.lang}
            list={props.list ? `${id}-list` : undefined}
            aria-invalid={props.error ? true : undefined}
            aria-describedby={described}
          />
          {props.list && (
            <datalist id={`${id}-list`}>
              {props.list.map((item) => (
                <option key={item} value={item} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Labelled>
  );
}

export function AreaField(
  props: FieldProps & {
    value: string;
    onChange: (value: string) => void;
    rows?: number;
    mono?: boolean;
    autoFocus?: boolean;
    lang?: string;
  },
) {
  const id = useId();
  return (
    <Labelled id={id} {...props}>
      {(described) => (
        <textarea
          id={id}
          className={props.mono ? 'input mono' : 'input'}
          rows={props.rows ?? 3}
          value={props.value}
          lang={props.lang}
          onChange={(event) => props.onChange(event.target.value)}
          required={props.required}
          data-autofocus={props.autoFocus || undefined}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={described}
        />
      )}
    </Labelled>
  );
}

/** A list that opens is its own scroller: what scrolls must be what the keys move in. */
const dropdown = { withScrollArea: false, comboboxProps: { withinPortal: true, zIndex: 400 } };

export function PickField(
  props: FieldProps & {
    value: string | null;
    onChange: (value: string | null) => void;
    choices: Choice[];
    clearable?: boolean;
    placeholder?: string;
    autoFocus?: boolean;
  },
) {
  return (
    <Select
      label={props.label}
      description={props.hint}
      error={props.error}
      required={props.required}
      data={props.choices}
      value={props.value}
      onChange={props.onChange}
      clearable={props.clearable}
      clearButtonProps={{ 'aria-label': t('common.clear') }}
      searchable={props.choices.length > 7}
      placeholder={props.placeholder}
      allowDeselect={false}
      nothingFoundMessage={t('common.nothing_found')}
      data-autofocus={props.autoFocus || undefined}
      size="sm"
      {...dropdown}
    />
  );
}

export function ManyField(
  props: FieldProps & { value: string[]; onChange: (value: string[]) => void; choices: Choice[] },
) {
  return (
    <MultiSelect
      label={props.label}
      description={props.hint}
      error={props.error}
      required={props.required}
      data={props.choices}
      value={props.value}
      onChange={props.onChange}
      searchable={props.choices.length > 7}
      nothingFoundMessage={t('common.nothing_found')}
      size="sm"
      {...dropdown}
    />
  );
}

export function WordsField(
  props: FieldProps & { value: string[]; onChange: (value: string[]) => void; choices?: string[] },
) {
  return (
    <TagsInput
      label={props.label}
      description={props.hint ?? t('form.tags_hint')}
      error={props.error}
      required={props.required}
      value={props.value}
      onChange={props.onChange}
      data={props.choices}
      acceptValueOnBlur
      size="sm"
      {...dropdown}
    />
  );
}

export function CheckField(props: {
  label: string;
  hint?: string;
  value: boolean;
  onChange: (value: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="field check">
      <input id={id} type="checkbox" checked={props.value} onChange={(event) => props.onChange(event.target.checked)} />
      <label htmlFor={id}>{props.label}</label>
      {props.hint && <p className="hint">{props.hint}</p>}
    </div>
  );
}

/** A row of choices of which one is taken, as buttons in a group. */
export function Segments<T extends string>(props: {
  label: string;
  value: T;
  choices: { value: T; label: ReactNode }[];
  onChange: (value: T) => void;
}) {
  return (
    <fieldset className="segments">
      <legend className="sr">{props.label}</legend>
      {props.choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === props.value}
          onClick={() => props.onChange(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  );
}

/** The same as a field of a form, under its label. */
export function SegmentsField<T extends string>(props: Parameters<typeof Segments<T>>[0]) {
  return (
    <div className="field">
      <span className="label">{props.label}</span>
      <Segments {...props} />
    </div>
  );
}

export type FormState = { error: unknown; busy: boolean; field: (name: string) => string | undefined };

/** Runs a save once at a time and keeps its error for the fields; true when it went through. */
export function useSave(): FormState & { run: (act: () => Promise<unknown>) => Promise<boolean>; reset: () => void } {
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  return {
    error,
    busy,
    field: (name) => (error instanceof ApiProblem ? error.field(name) : undefined),
    reset: () => setError(undefined),
    run: async (act) => {
      if (busy) return false;
      setBusy(true);
      setError(undefined);
      try {
        await act();
        return true;
      } catch (problem) {
        setError(problem);
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}

export function FormError({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <p className="form-error" role="alert">
      {explainError(error)}
    </p>
  );
}

export function Dialog(props: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
  /** With these, the dialog is a form: submit saves, and closes when the save went through. */
  onSubmit?: () => Promise<unknown>;
  submit?: string;
  danger?: boolean;
  /** The dialog stays after a save: it shows what came of it. */
  keepOpen?: boolean;
  state?: ReturnType<typeof useSave>;
  disabledWhy?: string;
}) {
  const own = useSave();
  const state = props.state ?? own;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (props.onSubmit && !props.disabledWhy && (await state.run(props.onSubmit)) && !props.keepOpen) props.onClose();
  };
  const body = (
    <>
      <div className="dialog-body">{props.children}</div>
      {props.onSubmit && (
        <div className="dialog-foot">
          <FormError error={state.error} />
          {props.disabledWhy && <p className="why-not">{props.disabledWhy}</p>}
          <button type="button" className="btn" onClick={props.onClose}>
            {t('common.cancel')}
          </button>
          <button
            type="submit"
            className={props.danger ? 'btn danger' : 'btn pri'}
            disabled={Boolean(props.disabledWhy)}
            aria-busy={state.busy}
          >
            {state.busy ? t('common.saving') : (props.submit ?? t('common.save'))}
          </button>
        </div>
      )}
    </>
  );
  return (
    <Modal.Root
      opened
      onClose={props.onClose}
      size={props.wide ? 'xl' : 'md'}
      lockScroll={false}
      transitionProps={{ duration: 0 }}
      zIndex={300}
      classNames={{ content: 'dialog' }}
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className="dialog-head">
          <Modal.Title className="dialog-title">{props.title}</Modal.Title>
          <button type="button" className="iconbtn" aria-label={t('common.close')} onClick={props.onClose}>
            <Icon name="x" />
          </button>
        </div>
        <Modal.Body className="dialog-wrap">
          {props.onSubmit ? (
            <form onSubmit={save} noValidate>
              {body}
            </form>
          ) : (
            body
          )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
