// A small reader of ICU messages: {name}, {n, number}, {n, plural, =0 {…} one {# thing} other {# things}}, {x, select, …}.
// No framework, no eval; a message is read once and kept. An apostrophe quotes: '{' is a brace, '' is an apostrophe.

type Branch = { arg: string; kind: 'plural' | 'select'; cases: Map<string, Part[]> };
type Value = { arg: string; kind: 'plain' | 'number' };
type Part = string | Value | Branch;
export type Args = Record<string, string | number | undefined>;

const HASH: Part = '#';
const kMaxDepth = 8;

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  parts(depth: number, inPlural: boolean): Part[] {
    if (depth > kMaxDepth) throw new Error('message nests too deep');
    const out: Part[] = [];
    let plain = '';
    // Plain text is kept with a NUL before it, so that it differs from '#'.
    const flush = () => {
      if (plain) out.push(`\0${plain}`);
      plain = '';
    };
    while (this.at < this.text.length) {
      const c = this.text[this.at]!;
      if (c === "'") {
        const next = this.text[this.at + 1];
        if (next === "'") {
          plain += "'";
          this.at += 2;
        } else if (next === '{' || next === '}' || (next === '#' && inPlural)) {
          const end = this.text.indexOf("'", this.at + 1);
          plain += this.text.slice(this.at + 1, end < 0 ? undefined : end);
          this.at = end < 0 ? this.text.length : end + 1;
        } else {
          plain += c;
          this.at++;
        }
      } else if (c === '{') {
        flush();
        out.push(this.argument(depth));
      } else if (c === '}') {
        break;
      } else if (c === '#' && inPlural) {
        flush();
        out.push(HASH);
        this.at++;
      } else {
        plain += c;
        this.at++;
      }
    }
    flush();
    return out;
  }

  private word(): string {
    this.space();
    const start = this.at;
    while (this.at < this.text.length && !/[\s,{}]/.test(this.text[this.at]!)) this.at++;
    const word = this.text.slice(start, this.at);
    this.space();
    return word;
  }

  private space() {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  private expect(c: string) {
    if (this.text[this.at] !== c) throw new Error(`expected ${c} at ${this.at} in: ${this.text}`);
    this.at++;
  }

  private argument(depth: number): Part {
    this.expect('{');
    const arg = this.word();
    if (this.text[this.at] === '}') {
      this.at++;
      return { arg, kind: 'plain' };
    }
    this.expect(',');
    const kind = this.word();
    if (kind === 'number') {
      this.expect('}');
      return { arg, kind };
    }
    if (kind !== 'plural' && kind !== 'select') throw new Error(`unknown kind ${kind} in: ${this.text}`);
    this.expect(',');
    const cases = new Map<string, Part[]>();
    for (;;) {
      this.space();
      if (this.text[this.at] === '}') break;
      const key = this.word();
      this.expect('{');
      cases.set(key, this.parts(depth + 1, kind === 'plural'));
      this.expect('}');
    }
    this.at++;
    if (!cases.has('other')) throw new Error(`no "other" in: ${this.text}`);
    return { arg, kind, cases };
  }

  get rest(): number {
    return this.text.length - this.at;
  }
}

const read = new Map<string, Part[]>();
const plurals = new Map<string, Intl.PluralRules>();
const numbers = new Map<string, Intl.NumberFormat>();

function pluralRules(locale: string): Intl.PluralRules {
  const rules = plurals.get(locale) ?? new Intl.PluralRules(locale);
  plurals.set(locale, rules);
  return rules;
}

function numberFormat(locale: string): Intl.NumberFormat {
  const format = numbers.get(locale) ?? new Intl.NumberFormat(locale);
  numbers.set(locale, format);
  return format;
}

export function parse(message: string): Part[] {
  let parts = read.get(message);
  if (!parts) {
    const reader = new Reader(message);
    parts = reader.parts(0, false);
    if (reader.rest > 0) throw new Error(`a brace closes nothing in: ${message}`);
    read.set(message, parts);
  }
  return parts;
}

function write(parts: Part[], args: Args, locale: string, hash: number | undefined): string {
  let out = '';
  for (const part of parts) {
    if (part === '#') out += hash === undefined ? '#' : numberFormat(locale).format(hash);
    else if (typeof part === 'string') out += part.slice(1);
    else if (!('cases' in part)) {
      const value = args[part.arg] ?? '';
      out += part.kind === 'number' ? numberFormat(locale).format(Number(value)) : String(value);
    } else if (part.kind === 'select') {
      out += write(part.cases.get(String(args[part.arg] ?? '')) ?? part.cases.get('other')!, args, locale, hash);
    } else {
      const n = Number(args[part.arg] ?? 0);
      const chosen =
        part.cases.get(`=${n}`) ?? part.cases.get(pluralRules(locale).select(n)) ?? part.cases.get('other')!;
      out += write(chosen, args, locale, n);
    }
  }
  return out;
}

/** The message in words. An argument that is missing reads as nothing; a message that cannot be read shows as it is. */
export function format(message: string, args: Args, locale: string): string {
  return write(parse(message), args, locale, undefined);
}

/** Names of the arguments of a message: used by the test that holds the three catalogues to the same ones. */
export function argumentNames(message: string): string[] {
  const names = new Set<string>();
  const walk = (parts: Part[]) => {
    for (const part of parts) {
      if (typeof part === 'string') continue;
      names.add(part.arg);
      if ('cases' in part) for (const inner of part.cases.values()) walk(inner);
    }
  };
  walk(parse(message));
  return [...names].sort();
}
