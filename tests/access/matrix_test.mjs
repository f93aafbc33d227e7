// Every operation of the API, by every kind of caller, against table.txt.
//
// A deny must be a deny of access: all who are refused ask for the very thing, in the very way, that the first who may
// (or, for what is one's own, the one whose it is) then gets. So a request that is wrong for another reason cannot pass for a deny, and one that a refused caller had
// carried out after all (a promise settled, a key ended) is no longer there for the one who may.
// An allow must be the success that the document declares for the operation. `422` stands for the few that only a token can
// open which nobody has here: the answer then names that token, which is looked at after the door.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { checkAnswer, checkProblem } from '../api/lib/checks.mjs';
import { Document } from '../api/lib/openapi.mjs';
import { World } from '../api/lib/world.mjs';
import { kUnknownId } from '../api/lib/wrong.mjs';
import { Callers, newCaller } from './lib/callers.mjs';
import { Row } from './lib/requests.mjs';
import { parseTable, readTable } from './lib/table.mjs';

const table = readTable();
const committed = new Document(JSON.parse(readFileSync(new URL('../../api/openapi.json', import.meta.url))));
const kOutside = ['nobody', 'stranger', 'colleague', 'customer', 'approver_there'];

/** What the table lacks and what it has too much, for a list of operations. */
function misfits({ rows }, operations) {
  const known = new Set(operations.map(({ id }) => id));
  const named = new Set(rows.filter(({ variant }) => !variant).map(({ operation }) => operation));
  return {
    missing: [...known].filter((id) => !named.has(id)),
    gone: rows.filter(({ operation }) => !known.has(operation)).map(({ name }) => name),
  };
}

let world;
let callers;
before(async () => {
  world = await World.start({ proxied: true });
  // The one who asked is a requester and nothing else.
  const { version } = (await world.admin.get(`/organisations/${world.contact.organisation}/contacts?limit=200`)).items.find(({ id }) => id === world.contact.id);
  await world.admin.patch(`/contacts/${world.contact.id}`, { roles: ['requester'] }, { 'If-Match': `"${version}"` });
  await world.resolvedTicket();
  const [clock] = (await world.admin.get(`/tickets/${world.ticket.id}/clocks`)).items;
  world.clock = clock.id.replace('/', '-');
  world.surveyToken = (await world.linkTo(world.contact.email, '/survey/')).match(/survey\/([\w-]+)/)[1];
  callers = await Callers.of(world, table.callers);
});
after(() => world?.stop());

const callerOf = (row, kind) => (row.anew && !kind.startsWith('key_') ? newCaller(world, kind) : callers.of(kind, row.operation));

/** The same request for a thing that is not there: to an outsider it must look like one that is not hers. */
async function checkNotTold(row, by, made, refused) {
  const ids = row.at?.(world, made) ?? {};
  const id = row.operation.ids.find((name) => name === 'id');
  if (!id) return;
  const unknown = await row.send(world, by, made, { ...ids, id: kUnknownId });
  const said = ({ status, json: { request_id: _, ...problem } }) => ({ status, problem });
  assert.deepEqual(said(unknown), said(refused), `${refused.asked}: tells that the thing is there`);
}

/** The newest thing that anybody did. */
async function newestAct() {
  const { items } = await world.admin.get('/audit?limit=200');
  const done = items.find(({ outcome, actor }) => outcome === 'done' && actor.kind !== 'system');
  return `${done.seq} ${done.act}`;
}

async function checkCell(row, kind, made) {
  const wanted = row.cells[kind];
  const by = await callerOf(row, kind);
  const thing = made ?? (await row.thing(world, by));
  const answer = await row.send(world, by, thing);
  if (wanted === 'yes') {
    if (!row.stream) return checkAnswer(world.document, row.operation, answer);
    return assert.deepEqual([answer.status, answer.media], [row.operation.status, row.operation.media], answer.asked);
  }
  checkProblem(world.document, answer, { status: Number(wanted), field: wanted === '422' ? 'token' : undefined });
  if (kOutside.includes(kind) && wanted !== '422') await checkNotTold(row, by, thing, answer);
}

describe('the table', () => {
  test('has a row for every operation of the document, and none for one that is gone', () => {
    assert.deepEqual(misfits(table, committed.operations), { missing: [], gone: [] });
  });

  test('would not pass with a row too few or too many', () => {
    const [head, one, two] = ['operation a b', 'about yes yes', 'gone 401 403'];
    assert.deepEqual(misfits(parseTable([head, one, two].join('\n')), [{ id: 'about' }, { id: 'fresh' }]), { missing: ['fresh'], gone: ['gone'] });
    for (const wrong of ['about yes', 'about yes maybe', `${one}\n${one}`]) assert.throws(() => parseTable(`${head}\n${wrong}`), wrong);
  });

  test('lets somebody do each thing, and refuses somebody each thing that is not for all', () => {
    for (const { name, cells } of table.rows) {
      const said = Object.values(cells);
      assert.ok(said.includes('yes') || said.includes('422') || name === 'getPortalArticle:internal', `${name} is for nobody`);
      const { anyone } = committed.operations.find(({ id }) => id === name.split(':')[0]);
      assert.equal(cells.nobody, anyone ? (said.includes('422') ? '422' : 'yes') : '401', `${name}, asked by nobody`);
    }
  });
});

describe('every operation', { concurrency: false }, () => {
  test('the committed document is the one that is served', () => {
    const of = ({ operations }) => operations.map(({ id }) => id).sort();
    assert.deepEqual(of(world.document), of(committed));
  });

  for (const { name, operation: id, variant, cells } of table.rows) {
    test(name, { timeout: 120_000 }, async () => {
      const row = new Row({ name, variant, cells }, world.document.operations.find((one) => one.id === id));
      const asked = table.callers.filter((kind) => cells[kind] !== '-');
      const denied = asked.filter((kind) => cells[kind] !== 'yes');
      const [first, ...others] = asked.filter((kind) => cells[kind] === 'yes');
      const shared = await row.thing(world, world.agent);
      for (const kind of denied) await callerOf(row, kind); // a key is made when it is first needed
      const before = await newestAct();
      for (const kind of denied) await checkCell(row, kind, shared);
      if (!row.anew) assert.equal(await newestAct(), before, 'somebody who was refused did something');
      if (row.own) checkAnswer(world.document, row.operation, await row.send(world, world.agent, shared));
      if (first) await checkCell(row, first, row.own ? undefined : shared);
      for (const kind of others) await checkCell(row, kind);
    });
  }
});
