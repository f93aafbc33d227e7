import { type Language, languageNames, t } from '@lib/i18n';
import { mask, type Warning } from '@lib/warnings';
import { Icon } from '../ui/basics';

export function Warnings(props: {
  list: Warning[];
  contactLanguage?: string;
  onRedact: (warning: Warning) => void;
  onShow: (warning: Warning) => void;
  onAttach: () => void;
  onDrop: (warning: Warning) => void;
  onAside: (warning: Warning) => void;
}) {
  const words = (warning: Warning) => {
    if (warning.kind === 'secret') return mask(warning.words);
    if (warning.kind === 'language')
      return `${languageNames[warning.words as Language]} → ${languageNames[props.contactLanguage as Language] ?? ''}`;
    return warning.words ? `“${warning.words}”` : '';
  };
  const act = (warning: Warning) => {
    switch (warning.kind) {
      case 'secret':
        return { label: t('warning.redact'), run: () => props.onRedact(warning) };
      case 'attachment':
        return { label: t('composer.attach'), run: props.onAttach };
      case 'outsider':
        return { label: t('warning.remove'), run: () => props.onDrop(warning) };
      case 'newer':
        return { label: t('warning.read'), run: () => props.onAside(warning) };
      case 'language':
        return undefined;
      default:
        return { label: t('warning.reword'), run: () => props.onShow(warning) };
    }
  };
  return (
    <ul className="warnings" aria-label={t('warning.label', { n: props.list.length })}>
      {props.list.slice(0, 6).map((warning) => {
        const settle = act(warning);
        return (
          <li key={warning.kind + warning.words + warning.from}>
            <Icon name={warning.kind === 'blame' ? 'chat' : 'warning'} small />
            <span className="clip">
              <b>{t(`warning.${warning.kind}`)}</b>{' '}
              {warning.kind === 'secret' ? <code>{words(warning)}</code> : words(warning)}
            </span>
            {settle && (
              <button type="button" className="btn sm" onClick={settle.run}>
                {settle.label}
              </button>
            )}
            {warning.kind !== 'newer' && (
              <button type="button" className="linkbtn" onClick={() => props.onAside(warning)}>
                {t('warning.aside')}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
