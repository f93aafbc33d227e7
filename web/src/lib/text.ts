// Text as it stands in messages: lines, links, differences. Pure.

export type Piece = { text: string; href?: string };

/** Splits text at its web addresses and ticket numbers, so that they can be links; nothing else is read from it. */
export function linkify(text: string): Piece[] {
  const out: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(/\bhttps?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]}]|\bPR-\d{3,}-[A-Z]\b/g)) {
    if (match.index > at) out.push({ text: text.slice(at, match.index) });
    const word = match[0];
    out.push({ text: word, href: word.startsWith('PR-') ? `/t/${word}` : word });
    at = match.index + word.length;
  }
  if (at < text.length) out.push({ text: text.slice(at) });
  return out;
}

export type DiffLine = { sign: ' ' | '-' | '+'; text: string };
const kMostLines = 400;

/** Lines of before and after, as a difference (longest common subsequence; long texts are shown whole instead). */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before ? before.replace(/\n$/, '').split('\n') : [];
  const b = after ? after.replace(/\n$/, '').split('\n') : [];
  if (a.length > kMostLines || b.length > kMostLines) {
    return [...a.map((text) => ({ sign: '-' as const, text })), ...b.map((text) => ({ sign: '+' as const, text }))];
  }
  const best: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      best[i]![j] = a[i] === b[j] ? best[i + 1]![j + 1]! + 1 : Math.max(best[i + 1]![j]!, best[i]![j + 1]!);
    }
  }
  const out: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      out.push({ sign: ' ', text: a[i]! });
      i++;
      j++;
    } else if (best[i + 1]![j]! >= best[i]![j + 1]!) out.push({ sign: '-', text: a[i++]! });
    else out.push({ sign: '+', text: b[j++]! });
  }
  while (i < a.length) out.push({ sign: '-', text: a[i++]! });
  while (j < b.length) out.push({ sign: '+', text: b[j++]! });
  return out;
}

export function shortHash(hash: string): string {
  return hash.length > 14 ? `${hash.slice(0, 6)}…${hash.slice(-6)}` : hash;
}

/** What stands just before the caret when it opens a picker: "::vpn", "??ipsec", "@@rui". */
export function pickerAt(
  text: string,
  caret: number,
): { sign: '::' | '??' | '@@'; word: string; from: number } | undefined {
  const match = /(^|\s)(::|\?\?|@@)([\p{L}\p{N}_.-]{0,40})$/u.exec(text.slice(0, caret));
  if (!match) return undefined;
  const sign = match[2] as '::' | '??' | '@@';
  return { sign, word: match[3] ?? '', from: caret - sign.length - (match[3]?.length ?? 0) };
}
