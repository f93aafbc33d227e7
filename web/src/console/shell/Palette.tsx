import { get } from '@lib/api';
import type { SearchAnswer } from '@lib/dto';
import { type Language, languageNames, languages, t } from '@lib/i18n';
import type { IconName } from '@lib/icons';
import { type Command, keyMap, showKey } from '@lib/keys';
import type { Theme } from '@lib/theme';
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState } from 'react';
import { adminSections } from '../admin/sections';
import { hasCommand, runCommand } from '../commands';
import { useViews } from '../data';
import { changeLanguage, may, setPreferences, usePreferences } from '../session';
import { useStore } from '../store';
import { tabs } from '../tabs';
import { Icon } from '../ui/basics';
import { viewIcon, viewName } from './views';

type Item = { key: string; group: string; label: string; icon: IconName; hint?: string; act: () => void };

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Every word typed begins a word of the label, or lies in it. */
export function matches(label: string, typed: string): boolean {
  const folded = fold(label);
  return fold(typed)
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => folded.includes(word));
}

export function Palette(props: {
  onClose: () => void;
  onHelp: () => void;
  onNew: () => void;
  onPreferences: () => void;
}) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const views = useViews();
  const open = useStore(tabs);
  const map = keyMap(usePreferences().keys);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed.trim()), 180);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useQuery({
    queryKey: ['palette', asked],
    enabled: asked.length > 1,
    queryFn: () => get<SearchAnswer>('/search', { query: { q: asked, limit: 8 } }),
    placeholderData: (old) => old,
  });

  const commands: [Command, IconName][] = [
    ['reply', 'reply'],
    ['note', 'note'],
    ['assign', 'user'],
    ['escalate', 'flag'],
    ['macro', 'more'],
    ['copy_number', 'copy'],
    ['select', 'check'],
    ['next', 'chevronDown'],
    ['previous', 'chevronUp'],
  ];
  const items: Item[] = [
    ...commands
      .filter(([command]) => hasCommand(command))
      .map(([command, icon]) => ({
        key: command,
        group: t('palette.acts'),
        label: t(`command.${command}`),
        icon,
        hint: showKey(map[command]),
        act: () => setTimeout(() => runCommand(command), 0),
      })),
    {
      key: 'new',
      group: t('palette.acts'),
      label: t('palette.new'),
      icon: 'plus',
      hint: showKey(map.new),
      act: props.onNew,
    },
    ...open.map((tab) => ({
      key: `tab ${tab.number}`,
      group: t('shell.tabs'),
      label: `${tab.number} ${tab.subject}`,
      icon: 'file' as IconName,
      act: () => void navigate({ to: '/q/$view/$number', params: { view: tab.view, number: tab.number } }),
    })),
    ...(views.data ?? []).map((view) => ({
      key: view.key,
      group: t('palette.queues'),
      label: view.name ? `${view.name}: ${viewName(view.key)}` : viewName(view.key),
      icon: viewIcon(view.key),
      hint: String(view.count),
      act: () => void navigate({ to: '/q/$view', params: { view: view.key } }),
    })),
    ...(may('report.read')
      ? [
          {
            key: 'dashboard',
            group: t('palette.go'),
            label: t('nav.dashboard'),
            icon: 'chart' as IconName,
            act: () => void navigate({ to: '/dashboard' }),
          },
        ]
      : []),
    {
      key: 'knowledge',
      group: t('palette.go'),
      label: t('nav.knowledge'),
      icon: 'book',
      act: () => void navigate({ to: '/knowledge' }),
    },
    ...(may('rota.read')
      ? [
          {
            key: 'oncall',
            group: t('palette.go'),
            label: t('nav.oncall'),
            icon: 'phone' as IconName,
            act: () => void navigate({ to: '/on-call' }),
          },
        ]
      : []),
    {
      key: 'search',
      group: t('palette.go'),
      label: t('nav.search'),
      icon: 'search',
      hint: showKey(map.search),
      act: () => void navigate({ to: '/search' }),
    },
    ...adminSections.map((section) => ({
      key: `admin ${section.key}`,
      group: t('nav.admin'),
      label: t(`admin.${section.key}`),
      icon: section.icon,
      act: () => void navigate({ to: '/admin/$section', params: { section: section.key } }),
    })),
    ...languages.map((language: Language) => ({
      key: `language ${language}`,
      group: t('prefs.title'),
      label: `${t('prefs.language')}: ${languageNames[language]}`,
      icon: 'globe' as IconName,
      act: () => void changeLanguage(language),
    })),
    ...(['system', 'light', 'dark'] as Theme[]).map((theme) => ({
      key: `theme ${theme}`,
      group: t('prefs.title'),
      label: `${t('prefs.theme')}: ${t(`theme.${theme}`)}`,
      icon: (theme === 'dark' ? 'moon' : 'sun') as IconName,
      act: () => setPreferences({ theme }),
    })),
    { key: 'prefs', group: t('prefs.title'), label: t('prefs.title'), icon: 'settings', act: props.onPreferences },
    { key: 'help', group: t('prefs.title'), label: t('help.title'), icon: 'help', hint: '?', act: props.onHelp },
  ];
  const tickets: Item[] = (asked.length > 1 ? (found.data?.items ?? []) : [])
    .filter((hit) => hit.number)
    .map((hit) => ({
      key: `hit ${hit.type} ${hit.id} ${hit.seq ?? ''}`,
      group: t('palette.found'),
      label: `${hit.number} ${hit.title}`,
      icon: hit.type === 'entry' ? 'chat' : 'inbox',
      act: () => void navigate({ to: '/q/$view/$number', params: { view: 'desk_all', number: hit.number! } }),
    }));
  const chosen = items.filter((item) => matches(`${item.group} ${item.label}`, typed)).slice(0, 40);
  const all: Item[] = [
    ...tickets,
    ...chosen,
    ...(typed.trim()
      ? [
          {
            key: 'all',
            group: t('nav.search'),
            label: t('palette.search_for', { text: typed.trim() }),
            icon: 'search' as IconName,
            act: () => void navigate({ to: '/search', search: { q: typed.trim() } }),
          },
        ]
      : []),
  ];
  const here = Math.min(at, Math.max(0, all.length - 1));
  const run = (item: Item | undefined) => {
    if (!item) return;
    props.onClose();
    item.act();
  };
  useEffect(() => {
    box.current?.querySelector(`[id="${id}-${here}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [here, id]);

  let group = '';
  return (
    <Modal.Root
      classNames={{ content: 'palette' }}
      opened
      onClose={props.onClose}
      size="lg"
      lockScroll={false}
      transitionProps={{ duration: 0 }}
      zIndex={300}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={t('palette.title')}>
        <div className="palette-find">
          <Icon name="search" />
          <input
            data-autofocus
            type="text"
            role="combobox"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={all.length > 0 ? `${id}-${here}` : undefined}
            aria-label={t('palette.title')}
            placeholder={t('palette.placeholder')}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setAt(0);
            }}
            onKeyDown={(event) => {
              if (event.key === 'ArrowDown') setAt(Math.min(here + 1, all.length - 1));
              else if (event.key === 'ArrowUp') setAt(Math.max(here - 1, 0));
              else if (event.key === 'Enter') run(all[here]);
              else return;
              event.preventDefault();
            }}
          />
        </div>
        <div className="palette-list" ref={box} id={`${id}-list`} role="listbox" aria-label={t('palette.title')}>
          {all.length === 0 && <p className="hint">{t('palette.nothing')}</p>}
          {all.map((item, i) => {
            const head = item.group !== group;
            group = item.group;
            return (
              <div key={item.key} role="presentation">
                {head && (
                  <p className="palette-group" role="presentation">
                    {item.group}
                  </p>
                )}
                <div
                  id={`${id}-${i}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={i === here}
                  className="palette-item"
                  onMouseMove={() => setAt(i)}
                  onClick={() => run(item)}
                  onKeyDown={(event) => event.key === 'Enter' && run(item)}
                >
                  <Icon name={item.icon} small />
                  <span>{item.label}</span>
                  {item.hint && <kbd>{item.hint}</kbd>}
                </div>
              </div>
            );
          })}
        </div>
      </Modal.Content>
    </Modal.Root>
  );
}
