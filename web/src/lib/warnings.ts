// What to look at twice before a reply leaves. Pure: text and circumstances in, findings out; a person decides.
import type { Language } from './i18n';

export type WarningKind = 'secret' | 'placeholder' | 'attachment' | 'language' | 'outsider' | 'blame' | 'newer';
export type Warning = {
  kind: WarningKind;
  /** The words that led to it, as they stand in the text (a secret is shown masked by the caller). */
  words: string;
  from?: number;
  to?: number;
};

export type Circumstances = {
  text: string;
  /** What the customer reads; unknown: no language check. */
  language?: Language;
  attachments: number;
  /** Addresses that this reply goes to, and the domains that belong to the customer or to people already on the ticket. */
  added: string[];
  knownDomains: string[];
  /** A message came after the draft was begun. */
  newer: boolean;
};

const kSecrets: RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{30,}\b/g,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}\b/g,
  // "password: x", "clave nueva: x", "senha = x", "psk x": the word, then a token that is no ordinary word.
  /\b(?:password|passwd|passphrase|contraseña|clave(?: nueva)?|senha(?: nova)?|palavra-passe|psk|pre-shared key|token|api[ -]?key|secret)\b\s*(?:(?:is|es|é)\s+|[:=]\s*)?["'«“]?((?=\S*[\d•*!#$%&@^_+-])(?=\S*[\p{L}])\S{5,}[^\s.,;:!?)"'»”])/giu,
];
const kPlaceholders =
  /\{\{[^}]*\}\}|\[(?:nombre|name|nome|date|fecha|data|customer|cliente|x{2,}|\.{3}|…)\]|<(?:name|nombre|nome|insert[^>]*)>|\bX{3,}\b|_{4,}|\b(?:TBD|lorem ipsum)\b/gi;
const kAttachment =
  /\b(?:attached|attachment|enclosed|find attached|adjunto|adjunta|adjuntos|adjuntamos|en el adjunto|anexo|anexa|anexado|em anexo|anexamos|segue anexo)\b/i;
const kBlame: Record<Language, RegExp> = {
  en: /\b(?:you (?:should have|failed to|did not even|didn't even|misconfigured|broke|obviously|clearly)|your (?:fault|mistake|own fault)|as (?:i|we) (?:already|told you)|obviously|simply read|works for (?:me|us)|user error|calm down)\b/gi,
  es: /(?<!\p{L})(?:ustedes? (?:configur\w+ mal|rompi\w+|debi\w+ haber|no (?:leyeron|leyó|hicieron))|(?:es|fue) (?:su|tu|vuestra) culpa|culpa (?:suya|tuya|de ustedes)|su error|como ya (?:le|les|te) dij\w+|obviamente|cálm\w+|error (?:suyo|de usuario))(?!\p{L})/giu,
  pt: /(?<!\p{L})(?:voc[êe]s? (?:configur\w+ mal|quebr\w+|deveri\w+ ter|não (?:leram|leu|fizeram))|(?:é|foi) (?:culpa sua|sua culpa|vossa culpa)|culpa de vocês|seu erro|erro (?:seu|do usuário|do utilizador)|como já (?:lhe|lhes|te) diss\w+|obviamente|acalme-se)(?!\p{L})/giu,
};
// Small words that one of the three uses and the others do not.
const kMarks: Record<Language, RegExp> = {
  en: /\b(?:the|and|you|your|with|this|that|have|please|is|are|was|we|will|from|been|has|it)\b/gi,
  es: /(?<!\p{L})(?:el|los|las|una|usted|ustedes|y|con|pero|está|hemos|ya|muy|gracias|hola|le|del|al|en|sí|también|puede)(?!\p{L})/giu,
  pt: /(?<!\p{L})(?:o|os|um|uma|você|vocês|e|com|mas|está|já|muito|obrigado|obrigada|olá|lhe|do|da|ao|em|não|também|pode|são)(?!\p{L})/giu,
};

/** The language a text is likely in; undefined when it is too short or too even to say. */
export function likelyLanguage(text: string): Language | undefined {
  const words = text.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length;
  if (words < 6) return undefined;
  const scores = (Object.keys(kMarks) as Language[])
    .map((language) => ({ language, n: [...text.matchAll(kMarks[language])].length }))
    .sort((a, b) => b.n - a.n);
  const [first, second] = scores;
  if (!first || !second || first.n < 2 || first.n < second.n * 1.3) return undefined;
  return first.language;
}

function finds(kind: WarningKind, text: string, pattern: RegExp): Warning[] {
  return [...text.matchAll(pattern)].map((match) => {
    const words = match[1] ?? match[0];
    const from = match.index + match[0].lastIndexOf(words);
    return { kind, words, from, to: from + words.length };
  });
}

export function mask(secret: string): string {
  if (secret.length <= 4) return '••••';
  return `${secret.slice(0, 3)}••••${secret.slice(-2)}`;
}

/** Lines that only quote what was written before are not ours to check. */
function ownWords(text: string): string {
  return text.replace(/^>.*$/gm, (line) => ' '.repeat(line.length));
}

export function warningsFor(given: Circumstances): Warning[] {
  const text = ownWords(given.text);
  const out: Warning[] = [];
  const taken = new Set<string>();
  for (const pattern of kSecrets) {
    for (const found of finds('secret', text, pattern)) {
      if (/^(?:https?:|••|\*{3}|.*••)/.test(found.words) || taken.has(found.words)) continue;
      taken.add(found.words);
      out.push(found);
    }
  }
  out.push(...finds('placeholder', text, kPlaceholders));
  for (const language of Object.keys(kBlame) as Language[]) out.push(...finds('blame', text, kBlame[language]));
  if (given.attachments === 0) {
    const said = text.match(kAttachment);
    if (said)
      out.push({ kind: 'attachment', words: said[0], from: said.index, to: (said.index ?? 0) + said[0].length });
  }
  const spoken = likelyLanguage(text);
  if (given.language && spoken && spoken !== given.language) out.push({ kind: 'language', words: spoken });
  const known = given.knownDomains.map((domain) => domain.toLowerCase());
  for (const address of given.added) {
    const domain = address.split('@')[1]?.toLowerCase() ?? '';
    const ours = known.some((one) => domain === one || domain.endsWith(`.${one}`));
    if (!ours) out.push({ kind: 'outsider', words: address });
  }
  if (given.newer) out.push({ kind: 'newer', words: '' });
  return out;
}
