// What must hold of every answer.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const catalogues = Object.fromEntries(
  ['en', 'es', 'pt'].map((language) => [
    language,
    JSON.parse(readFileSync(new URL(`../../../locales/${language}.json`, import.meta.url))),
  ]),
);
const ids = new Set(Object.keys(catalogues.en));
// The insides of the program: SQL, source files, addresses, folders, the names of C++.
const kLeak = /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM) \w|[Ss][Qq][Ll]ite|constraint failed|std::|\.(cpp|h):\d|0x[0-9a-f]{6,}|\/tmp\/|\/home\/|\/var\/|what\(\)|terminate called|backtrace|[Bb]oost/;

/** What of the insides of the program stands in a text, if anything does. */
export const leakIn = (text) => kLeak.exec(text)?.[0];

/** Whatever was asked: never a failure of the server, and nothing of its insides. */
export function checkSane(answer) {
  assert.ok(answer.status < 500, `${answer.asked}: ${answer.status} ${answer.text}`);
  if (answer.status >= 400) assert.doesNotMatch(answer.text, kLeak, `${answer.asked}: ${answer.text}`);
}

/** A problem document for people: of that status, naming `field` when given. */
export function checkProblem(document, answer, { status, field, language = 'en' }) {
  const said = `${answer.status} ${answer.text.slice(0, 500)} <- ${answer.asked}`;
  checkSane(answer);
  assert.ok([status].flat().includes(answer.status), `wanted ${status}: ${said}`);
  assert.equal(answer.media, 'application/problem+json', said);
  assert.deepEqual(document.misfits(answer.json, { $ref: '#/components/schemas/Problem' }), [], said);
  assert.equal(answer.json.status, answer.status, said);
  assert.ok(answer.json.detail, said);
  assert.equal(answer.headers.get('content-language'), language, said);
  const told = [answer.json.detail, ...(answer.json.errors ?? []).map(({ message }) => message)];
  for (const text of told) {
    assert.ok(text.length > 3, said);
    assert.doesNotMatch(text, /\{\w+\}/, `a placeholder is left: ${said}`);
    for (const [word] of text.matchAll(/\b[a-z_]+(\.[a-z_0-9]+)+\b/g)) assert.ok(!ids.has(word), `${word} is a catalogue id: ${said}`);
  }
  if (field !== undefined) {
    const named = (answer.json.errors ?? []).map((error) => error.field);
    assert.ok(named.some((name) => name === field || name.startsWith(`${field}/`)), `${field} is not named: ${said}`);
  }
}

/** What people read of a problem. */
export const wordsOf = ({ json }) => [json.detail, ...(json.errors ?? []).map(({ message }) => message)].join('\n');

/** The success that the document declares for an operation, in the declared form. */
export function checkAnswer(document, operation, answer) {
  const said = `${answer.asked}: ${answer.status} ${answer.text.slice(0, 600)}`;
  assert.equal(answer.status, operation.status, said);
  if (operation.media) {
    if (operation.media !== '*/*') assert.equal(answer.media, operation.media, said);
    if (answer.json !== undefined) assert.deepEqual(document.misfits(answer.json, operation.answer), [], said);
  } else {
    assert.equal(answer.text, '', said);
  }
}
