// What judges the desk's answers finds what there is to be found: an attack that could not fail would prove nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellsOf, look } from './families/csv.mjs';
import { families } from './families/all.mjs';
import { runs } from './families/markup.mjs';
import { Field, kOwned, Tally } from './lib/field.mjs';
import { answersIn } from './lib/peer.mjs';
import { put } from './lib/places.mjs';
import { Random } from './lib/random.mjs';
import { Document } from '../api/lib/openapi.mjs';
import { readFileSync } from 'node:fs';

const document = new Document(JSON.parse(readFileSync(new URL('../../api/openapi.json', import.meta.url))));

/** What is found in an answer that differs from a good one by this. */
function found(more, seen = {}) {
  const field = Object.assign(new Field(), { tally: new Tally(), canaries: { a: 'kanaria', b: 'kanarib', inside: 'kanariinside' } });
  field.judge({ asked: 'GET /x', status: 200, text: 'ok', headers: new Headers({ 'X-Content-Type-Options': 'nosniff', ...more.head }), ...more }, seen);
  return field.tally.found.length;
}

test('a good answer is good', () => {
  assert.equal(found({}), 0);
  assert.equal(found({ text: 'kanaria' }, { sees: ['a'] }), 0);
  assert.equal(found({ status: 503, head: { 'Retry-After': '2' } }), 0);
  assert.equal(found({ status: 422, text: 'SELECT x' }, { sent: 'SELECT x' }), 0);
});

test('each thing that must not be is found', () => {
  assert.equal(found({ status: 500 }), 1);
  assert.equal(found({ status: 503 }), 1);
  assert.equal(found({ status: 0 }), 1);
  assert.equal(found({ text: 'x kanarib x' }, { sees: ['a'] }), 1);
  assert.equal(found({ head: { 'X-Name': 'kanariinside' } }, { sees: ['a'] }), 1);
  assert.equal(found({ status: 422, text: 'near "x": SELECT id FROM ticket' }), 1);
  assert.equal(found({ head: { [kOwned]: '1' } }), 1);
  assert.equal(found({ headers: new Headers() }), 1);
});

test('markup that runs is told from markup that shows', () => {
  for (const html of ['<script>x</script>', '<img src="x" onerror="y">', '<a href=" javascript:x">', '<p style="x">', '<svg>', '<img/src=x onerror=y>', '<a\nhref=javascript:x>', '<!-- x -->']) assert.ok(runs(html), html);
  for (const html of ['<p title="&lt;img src=x onerror=alert(1)&gt;">x</p>', '<a href="https://x.example/?on=1">onload=1</a>', 'a &lt;script&gt;']) assert.equal(runs(html), undefined, html);
});

test('cells of an export are read as a spreadsheet reads them', () => {
  assert.deepEqual(cellsOf('a,"b ""c"", d"\r\n1,"x\ny"\r\n'), [['a', 'b "c", d'], ['1', 'x\ny']]);
  const field = Object.assign(new Field(), { tally: new Tally() });
  const answer = { status: 200, media: 'text/csv', headers: new Headers({ 'Content-Disposition': 'attachment; filename="x.csv"' }), text: 'name,count\r\n"=1+1",-5\r\n' };
  look(field, answer);
  assert.equal(field.tally.found.length, 1);
});

test('answers on one connection are told apart', () => {
  const text = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n\r\ny';
  assert.deepEqual(answersIn(text).map(({ status, body }) => [status, body]), [[400, 'x'], [204, ''], [200, 'y']]);
});

test('every place of a body can be filled, and each comes up', () => {
  const operation = document.operations.find(({ id }) => id === 'openTicket');
  const body = { subject: 's', requester: { email: 'a@b.example' } };
  assert.deepEqual(put(document, operation.body, body, ['requester', 'name'], 'evil'), { subject: 's', requester: { email: 'a@b.example', name: 'evil' } });
  const random = new Random(7);
  const list = Array.from({ length: 30 }, (_, i) => i);
  assert.deepEqual([...random.deal('x', list, 12), ...random.deal('x', list, 18)].sort((a, b) => a - b), list);
  assert.deepEqual(new Random(7).shuffled(list), new Random(7).shuffled(list));
});

test('each family has a name of its own', () => assert.equal(new Set(families.map(({ name }) => name)).size, families.length));
