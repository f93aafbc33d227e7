// Light, dark, or as the system has it. Set before the first paint of each entry.
export type Theme = 'system' | 'light' | 'dark';
const kStored = 'propolis.theme';

export function keptTheme(): Theme {
  try {
    const kept = localStorage.getItem(kStored);
    if (kept === 'light' || kept === 'dark') return kept;
  } catch {
    // Storage closed: the system decides.
  }
  return 'system';
}

export function applyTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem(kStored);
    else localStorage.setItem(kStored, theme);
  } catch {
    // Not kept on this machine; the console keeps it on the server too.
  }
}
