import { del } from '@lib/api';
import { type Language, languageNames, languages, t } from '@lib/i18n';
import type { Theme } from '@lib/theme';
import { useNavigate } from '@tanstack/react-router';
import { changeLanguage, may, setPreferences, usePreferences, useSession } from '../session';
import { forgetTabs } from '../tabs';
import { Avatar } from '../ui/basics';
import { ActionMenu } from '../ui/menu';

export function PersonMenu({
  onHelp,
  onPreferences,
  onNew,
}: {
  onHelp: () => void;
  onPreferences: () => void;
  onNew: () => void;
}) {
  const session = useSession();
  const prefs = usePreferences();
  const navigate = useNavigate();
  const themes: Theme[] = ['system', 'light', 'dark'];
  const signOut = async () => {
    await del('/session').catch(() => undefined);
    forgetTabs();
    location.assign('/sign-in');
  };
  return (
    <ActionMenu
      label={t('shell.person')}
      target={
        <button type="button" className="person" aria-label={t('shell.person_of', { name: session.name })}>
          <Avatar name={session.name} big label={session.name} />
        </button>
      }
      groups={[
        {
          label: session.name,
          items: [
            { key: 'new', label: t('palette.new'), icon: 'plus', hint: 'c', act: onNew },
            {
              key: 'tickets',
              label: t('nav.tickets'),
              icon: 'inbox',
              act: () => void navigate({ to: '/q/$view', params: { view: 'my_open' } }),
            },
            ...(may('report.read')
              ? [
                  {
                    key: 'dashboard',
                    label: t('nav.dashboard'),
                    icon: 'chart' as const,
                    act: () => void navigate({ to: '/dashboard' }),
                  },
                ]
              : []),
            {
              key: 'knowledge',
              label: t('nav.knowledge'),
              icon: 'book',
              act: () => void navigate({ to: '/knowledge' }),
            },
            ...(may('rota.read')
              ? [
                  {
                    key: 'oncall',
                    label: t('nav.oncall'),
                    icon: 'phone' as const,
                    act: () => void navigate({ to: '/on-call' }),
                  },
                ]
              : []),
            {
              key: 'admin',
              label: t('nav.admin'),
              icon: 'settings',
              act: () => void navigate({ to: '/admin/$section', params: { section: 'organisations' } }),
            },
          ],
        },
        {
          label: t('prefs.language'),
          items: languages.map((language: Language) => ({
            key: language,
            label: languageNames[language],
            checked: session.language === language,
            act: () => void changeLanguage(language),
          })),
        },
        {
          label: t('prefs.theme'),
          items: themes.map((theme) => ({
            key: theme,
            label: t(`theme.${theme}`),
            checked: prefs.theme === theme,
            act: () => setPreferences({ theme }),
          })),
        },
        {
          items: [
            {
              key: 'factors',
              label: t('admin.factors'),
              icon: 'lock',
              act: () => void navigate({ to: '/admin/$section', params: { section: 'factors' } }),
            },
            { key: 'prefs', label: t('prefs.title'), icon: 'settings', act: onPreferences },
            { key: 'help', label: t('help.title'), icon: 'help', hint: '?', act: onHelp },
            { key: 'out', label: t('shell.sign_out'), icon: 'signOut', act: () => void signOut() },
          ],
        },
      ]}
    />
  );
}
