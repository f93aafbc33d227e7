import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { argumentNames, format } from '../../src/lib/icu';

const read = (path: string) => JSON.parse(readFileSync(join(__dirname, '../../src/locales', path), 'utf8'));
const sources = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });

describe.each(['', 'portal/', 'docs/'])('catalogues %s', (folder) => {
  const en = read(`${folder}en.json`);
  it.each(['es', 'pt'])('%s has the same ids and arguments as English', (language) => {
    const other = read(`${folder}${language}.json`);
    expect(Object.keys(other).sort()).toEqual(Object.keys(en).sort());
    for (const id of Object.keys(en)) {
      expect(other[id].trim(), id).not.toBe('');
      expect(argumentNames(other[id]), id).toEqual(argumentNames(en[id]));
    }
  });
});

describe('use of the catalogues', () => {
  const console_ = read('en.json');
  const portal = read('portal/en.json');
  const docs = read('docs/en.json');
  it('every id written in the source exists', () => {
    const missing: string[] = [];
    for (const path of sources(join(__dirname, '../../src'))) {
      const ids = /src\/docs\//.test(path) ? docs : /src\/(portal|survey|page)\//.test(path) ? portal : console_;
      for (const match of readFileSync(path, 'utf8').matchAll(/\bt\(\s*'([^'$]+)'/g)) {
        if (!(match[1]! in ids)) missing.push(`${match[1]} in ${path}`);
      }
    }
    expect(missing).toEqual([]);
  });
});

describe('messages', () => {
  it('counts by the language', () => {
    const message = '{n, plural, =0 {none} one {# ticket} other {# tickets}}';
    expect(format(message, { n: 0 }, 'en')).toBe('none');
    expect(format(message, { n: 1 }, 'en')).toBe('1 ticket');
    expect(format(message, { n: 1200 }, 'en')).toBe('1,200 tickets');
  });
  it('chooses, nests and quotes', () => {
    expect(format("{g, select, a {it''s {x}} other {'{'{x}'}'}}", { g: 'a', x: 1 }, 'en')).toBe("it's 1");
    expect(format("{g, select, a {it''s {x}} other {'{'{x}'}'}}", { g: 'b', x: 1 }, 'en')).toBe('{1}');
  });
  it('refuses what it cannot read', () => {
    expect(() => format('{n, plural, one {x}}', { n: 1 }, 'en')).toThrow();
    expect(() => format('}', {}, 'en')).toThrow();
  });
});
