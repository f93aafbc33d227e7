// The guides name buttons as the interface does, and show pictures that exist.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(__dirname, '../../../docs/guides');
const words = ['', 'portal/'].flatMap((part) =>
  Object.values(
    JSON.parse(readFileSync(join(__dirname, `../../src/locales/${part}en.json`), 'utf8')) as Record<string, string>,
  ),
);

describe.each(readdirSync(folder))('%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  it('names what is there', () => {
    const named = [...text.matchAll(/\*\*([^*]+)\*\*/g)].map((match) => match[1]!.replace(/\s+/g, ' '));
    expect(named.filter((one) => one !== 'CSV' && !words.includes(one))).toEqual([]);
  });
  it('shows pictures that exist', () => {
    const shown = [...text.matchAll(/\]\((\.\.[^)]+)\)/g)].map((match) => match[1]!);
    expect(shown.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  });
});
