/** "15m", "4h", "2d", "90": seconds; a plain number is minutes. Undefined for what is none. */
export function secondsOf(text: string): number | undefined {
  const clean = text.trim();
  if (!clean) return undefined;
  let all = 0;
  let rest = clean;
  for (const match of clean.matchAll(/(\d+(?:[.,]\d+)?)\s*(d|h|min|m|s)?/g)) {
    const size = { d: 86400, h: 3600, min: 60, m: 60, s: 1 }[match[2] ?? 'min'] ?? 60;
    all += Number(match[1]!.replace(',', '.')) * size;
    rest = rest.replace(match[0], '');
  }
  return rest.trim() || all <= 0 ? undefined : Math.round(all);
}
