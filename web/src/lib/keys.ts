// Keyboard commands: which key means which act. Pure; the console asks it on each key press.
export type Command =
  | 'help'
  | 'search'
  | 'palette'
  | 'next'
  | 'previous'
  | 'open'
  | 'select'
  | 'reply'
  | 'note'
  | 'internal'
  | 'assign'
  | 'macro'
  | 'escalate'
  | 'new'
  | 'close_tab'
  | 'copy_number';

/** `e` edits the state, `m` opens the acts; all may be remapped, the palette's Ctrl+K stays. */
export const defaultKeys: Record<Command, string> = {
  help: '?',
  search: '/',
  palette: 'ctrl+k',
  next: 'j',
  previous: 'k',
  open: 'o',
  select: 'x',
  reply: 'r',
  note: 'n',
  internal: 'i',
  assign: 'a',
  macro: 'm',
  escalate: 'e',
  new: 'c',
  close_tab: 'shift+w',
  copy_number: '.',
};

type Press = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean };

/** A press in the words of the key map: "ctrl+k", "shift+w", "?". A shifted sign stands for itself. */
export function pressed(event: Press): string {
  if (event.altKey) return '';
  const letter = event.key.length === 1 && /\p{L}/u.test(event.key);
  const key = letter ? event.key.toLowerCase() : event.key;
  const ctrl = event.ctrlKey || event.metaKey ? 'ctrl+' : '';
  const shift = letter && event.shiftKey ? 'shift+' : '';
  return ctrl + shift + key;
}

export function keyMap(remapped: Record<string, string>): Record<Command, string> {
  return { ...defaultKeys, ...remapped } as Record<Command, string>;
}

export function commandOf(event: Press, map: Record<Command, string>): Command | undefined {
  const what = pressed(event);
  if (!what) return undefined;
  return (Object.keys(map) as Command[]).find((command) => map[command] === what);
}

/** Two commands on one key: the pairs that a person must not save. */
export function collisions(map: Record<Command, string>): [Command, Command][] {
  const seen = new Map<string, Command>();
  const out: [Command, Command][] = [];
  for (const command of Object.keys(map) as Command[]) {
    const first = seen.get(map[command]);
    if (first) out.push([first, command]);
    else seen.set(map[command], command);
  }
  return out;
}

export function showKey(key: string): string {
  return key
    .split('+')
    .map((part) => (part === 'ctrl' ? 'Ctrl' : part === 'shift' ? 'Shift' : part.length === 1 ? part : part))
    .join(' ');
}
