// Who answers a keyboard command now: the last that asked for it. A screen registers while it is shown.
import { type Command, commandOf, keyMap } from '@lib/keys';
import { useEffect, useRef } from 'react';
import { preferences } from './session';

type Handler = () => void;
const handlers = new Map<Command, Handler[]>();

export function runCommand(command: Command): boolean {
  const all = handlers.get(command);
  const last = all?.[all.length - 1];
  last?.();
  return Boolean(last);
}

export function hasCommand(command: Command): boolean {
  return (handlers.get(command)?.length ?? 0) > 0;
}

/** While the caller is shown, these commands are his. */
export function useCommands(own: Partial<Record<Command, Handler>>): void {
  const latest = useRef(own);
  latest.current = own;
  const names = Object.keys(own).sort().join(' ');
  useEffect(() => {
    const mine = names.split(' ').filter(Boolean) as Command[];
    const wrapped = mine.map((command) => [command, () => latest.current[command]?.()] as const);
    for (const [command, handler] of wrapped) handlers.set(command, [...(handlers.get(command) ?? []), handler]);
    return () => {
      for (const [command, handler] of wrapped) {
        handlers.set(
          command,
          (handlers.get(command) ?? []).filter((one) => one !== handler),
        );
      }
    };
  }, [names]);
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = commandOf(event, keyMap(preferences().keys));
    if (!command) return;
    // Plain keys belong to the field in which one types, and to an open dialog or menu.
    if (command !== 'palette' && typing(event.target)) return;
    if (command !== 'palette' && document.querySelector('[role="dialog"], [role="menu"]')) return;
    if (runCommand(command)) event.preventDefault();
  };
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}
