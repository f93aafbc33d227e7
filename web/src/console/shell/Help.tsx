import { t } from '@lib/i18n';
import { type Command, defaultKeys, keyMap, showKey } from '@lib/keys';
import { usePreferences } from '../session';
import { Dialog } from '../ui/forms';

const kGroups: [string, Command[]][] = [
  ['help.everywhere', ['palette', 'search', 'help', 'new', 'close_tab']],
  ['help.list', ['next', 'previous', 'open', 'select']],
  ['help.ticket', ['reply', 'note', 'internal', 'assign', 'escalate', 'macro', 'copy_number']],
];
const kComposer: [string, string][] = [
  ['Ctrl Enter', 'help.send'],
  ['::', 'help.snippet'],
  ['??', 'help.article'],
  ['@@', 'help.mention'],
];

export function Help({ onClose }: { onClose: () => void }) {
  const map = keyMap(usePreferences().keys);
  return (
    <Dialog title={t('help.title')} onClose={onClose} wide>
      <div className="help-grid">
        {kGroups.map(([title, commands]) => (
          <section key={title}>
            <h3>{t(title)}</h3>
            <dl>
              {commands
                .filter((command) => command in defaultKeys)
                .map((command) => (
                  <div key={command}>
                    <dt>
                      <kbd>{showKey(map[command])}</kbd>
                    </dt>
                    <dd>{t(`command.${command}`)}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>{t('help.composer')}</h3>
          <dl>
            {kComposer.map(([key, id]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{t(id)}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
      <p className="hint">
        {t('help.remap')} <a href="/docs">{t('help.api')}</a>
      </p>
    </Dialog>
  );
}
