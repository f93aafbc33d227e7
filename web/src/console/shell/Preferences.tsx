import { patch } from '@lib/api';
import type { Session } from '@lib/dto';
import { type Language, languageNames, languages, t } from '@lib/i18n';
import { type Command, collisions, defaultKeys, keyMap } from '@lib/keys';
import type { Theme } from '@lib/theme';
import { useState } from 'react';
import { zones } from '../choices';
import { type Density, setPreferences, takeSession, usePreferences, useSession } from '../session';
import { Dialog, PickField, SegmentsField, TextField } from '../ui/forms';

export function Preferences({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const prefs = usePreferences();
  const [language, setLang] = useState<Language>(session.language);
  const [zone, setZone] = useState(session.zone);
  const [keys, setKeys] = useState(keyMap(prefs.keys));
  const clash = collisions(keys);
  const save = async () => {
    const remapped: Record<string, string> = {};
    for (const command of Object.keys(defaultKeys) as Command[]) {
      if (keys[command] !== defaultKeys[command]) remapped[command] = keys[command];
    }
    setPreferences({ keys: remapped });
    const made = await patch<Session>('/session', {
      language,
      zone,
      preferences: { ...session.preferences, console: { ...prefs, keys: remapped } },
    });
    await takeSession(made);
  };
  const first = clash[0];
  return (
    <Dialog
      title={t('prefs.title')}
      onClose={onClose}
      onSubmit={save}
      wide
      disabledWhy={first && t('prefs.collision', { a: t(`command.${first[0]}`), b: t(`command.${first[1]}`) })}
    >
      <div className="form-two">
        <PickField
          label={t('prefs.language')}
          value={language}
          onChange={(value) => setLang((value ?? 'en') as Language)}
          choices={languages.map((value) => ({ value, label: languageNames[value] }))}
        />
        <PickField
          label={t('prefs.zone')}
          hint={t('prefs.zone_hint')}
          value={zone}
          onChange={(value) => setZone(value ?? '')}
          choices={zones().map((value) => ({ value, label: value.replaceAll('_', ' ') }))}
        />
      </div>
      <div className="form-two">
        <SegmentsField<Theme>
          label={t('prefs.theme')}
          value={prefs.theme}
          onChange={(theme) => setPreferences({ theme })}
          choices={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
        />
        <SegmentsField<Density>
          label={t('prefs.density')}
          value={prefs.density}
          onChange={(density) => setPreferences({ density })}
          choices={(['airy', 'dense'] as const).map((value) => ({ value, label: t(`density.${value}`) }))}
        />
      </div>
      <h3 className="form-part">{t('prefs.keys')}</h3>
      <p className="hint">{t('prefs.keys_hint')}</p>
      <div className="form-keys">
        {(Object.keys(defaultKeys) as Command[])
          .filter((command) => command !== 'palette')
          .map((command) => (
            <TextField
              key={command}
              label={t(`command.${command}`)}
              value={keys[command]}
              onChange={(value) => setKeys({ ...keys, [command]: value.trim() || defaultKeys[command] })}
            />
          ))}
      </div>
    </Dialog>
  );
}
