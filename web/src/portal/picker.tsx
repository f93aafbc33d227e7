/** @jsxImportSource preact */
// A button that opens the file chooser: the browser's own control speaks the browser's language, not the reader's.
import { t } from '@lib/i18n';
import { useRef } from 'preact/hooks';
import { Icon } from './ui';

type Props = { id?: string; class: string; label: string; describedBy?: string; onFiles: (files: File[]) => void };

export function FilePicker({ id, class: className, label, describedBy, onFiles }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('talk.choose_file')}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
      <button
        id={id}
        type="button"
        class={className}
        aria-describedby={describedBy}
        onClick={() => input.current?.click()}
      >
        <Icon name="clip" />
        {label}
      </button>
    </>
  );
}
