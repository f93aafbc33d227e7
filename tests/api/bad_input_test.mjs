// Bad input on every operation of the OpenAPI document: a clear problem document in the reader's language, naming the
// field, and nothing stored. Then the right input, whose answer must be what the document describes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { pathOf, prepare as prepareIn } from './lib/cases.mjs';
import { checkAnswer, checkProblem, checkSane, wordsOf } from './lib/checks.mjs';
import { Client } from './lib/client.mjs';
import { World } from './lib/world.mjs';
import { kHostile, kUnknownId, kUnseen, wrongBodies, wrongQueries } from './lib/wrong.mjs';

const kAtOnce = 8;
const kLanguages = ['en', 'es', 'pt'];
const kMalformed = ['not-an-id', "' OR 1=1 --", '..%2f..%2fetc%2fpasswd', '%00', '%ff%fe', '\u202e', '-1', '99999999999999999999', 'x'.repeat(3000), '١٢٣'];
const kLists = ['/articles', '/calendars', '/contacts', '/escalation-policies', '/keys', '/models', '/organisations', '/policies', '/rotas', '/snippets', '/teams', '/technologies', '/triage/policy', '/triage/rules'];

let world;
let document;
before(async () => {
  world = await World.start();
  document = world.document;
  const resolved = await world.resolvedTicket();
  const [clock] = (await world.admin.get(`/tickets/${world.ticket.id}/clocks`)).items;
  world.clock = clock.id.replace('/', '-');
  world.surveyToken = (await world.linkTo(world.contact.email, '/survey/')).match(/survey\/([\w-]+)/)[1];
  world.closed = resolved;
});
after(() => world?.stop());

/** Runs `act` on each of `items`, some at once; the first failure is thrown after the others ended. */
async function forAll(items, act) {
  const waiting = [...items];
  const failures = [];
  const worker = async () => {
    while (waiting.length) {
      try {
        await act(waiting.shift());
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: kAtOnce }, worker));
  if (failures.length) {
    const some = failures.slice(0, 12).map((error) => error.message.split('\n')[0].slice(0, 700));
    throw new Error(`${failures.length} wrong answers:\n${some.join('\n')}`, { cause: failures[0] });
  }
}

/** What a refused request must not change: the acts that were done, and every list of what the desk is made of. */
async function stored() {
  const acts = (await world.admin.get('/audit?limit=100')).items;
  const done = acts.filter(({ outcome, actor }) => outcome === 'done' && actor.kind !== 'system').map(({ seq, act }) => `${seq} ${act}`);
  // When a key was last used is noted by using it.
  const lists = await Promise.all(kLists.map(async (path) => JSON.stringify(await world.admin.get(path), (name, value) => (name === 'last_used_at' ? undefined : value))));
  const staff = (await world.admin.get('/staff')).items.map(({ on_shift, open_tickets, ...rest }) => rest);
  const draft = await world.agent.get(`/tickets/${world.ticket.id}/draft`);
  const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { newest: done[0], lists: Object.fromEntries(kLists.map((path, i) => [path, hash(lists[i])])), staff: hash(JSON.stringify(staff)), draft };
}

const lacking = (permission) =>
  [world.reader, world.officer, world.agent, world.customer].find(({ me }) => !me.permissions.includes(permission));

const permitsCustomer = ({ permission, customers }) => !permission || (customers && world.stranger.me.permissions.includes(permission));

const prepare = (operation) => prepareIn(world, operation);

const send = (client, operation, path, rest = {}) => client.ask(operation.method, path, rest);

async function checkDoor(operation, { client, path, body, strange, form }) {
  const rest = form ? { raw: fileForm() } : operation.body ? { body } : {};
  if (!operation.anyone) {
    checkProblem(document, await send(world.nobody, operation, path, rest), { status: 401 });
    const forged = new Client(world.base, { name: 'a forged key', headers: { Authorization: 'Bearer pk_forged' } });
    checkProblem(document, await send(forged, operation, path, rest), { status: 401 });
  }
  if (operation.permission) {
    checkProblem(document, await send(lacking(operation.permission), operation, path, rest), { status: [403, 404] });
  }
  if (operation.permission && !operation.customers) {
    checkProblem(document, await send(world.customer, operation, path, rest), { status: [403, 404] });
  }
  if (strange) {
    const status = permitsCustomer(operation) ? 404 : [403, 404];
    checkProblem(document, await send(world.stranger, operation, path, rest), { status: strange === true ? status : strange });
  }
  if (operation.method !== 'GET' && client.headers.Cookie && !operation.anyone) {
    const { Cookie } = client.headers;
    const other = new Client(world.base, { name: 'another site', headers: { Cookie } });
    checkProblem(document, await send(other, operation, path, rest), { status: 403 });
  }
}

async function checkIds(operation, { client, values, path: right, body, form }) {
  const rest = form ? { raw: fileForm() } : operation.body ? { body } : {};
  const query = right.includes('?') ? right.slice(right.indexOf('?')) : '';
  await forAll(operation.ids, async (name) => {
    const unknown = await send(client, operation, pathOf(operation, { ...values, [name]: kUnknownId }) + query, rest);
    checkProblem(document, unknown, { status: 404 });
    for (const bad of kMalformed) {
      const path = operation.path.replace(/\{(\w+)\}/g, (_, other) => (other === name ? bad : encodeURIComponent(values[other]))) + query;
      const answer = await send(client, operation, path, rest);
      checkProblem(document, answer, { status: [400, 404, 414, 422] });
    }
  });
}

async function checkQuery(operation, { client, path }) {
  if (!operation.query.length) return;
  const [base, given] = path.split('?');
  const ask = (query) => send(client, operation, `${base}?${[given, query].filter(Boolean).join('&')}`);
  const wrong = operation.query.flatMap((parameter) =>
    wrongQueries(parameter, document)
      .filter(() => !given?.includes(`${parameter.name}=`))
      .map((one) => ({ ...one, field: parameter.name })),
  );
  await forAll(wrong, async ({ query, field }) => checkProblem(document, await ask(query), { status: 422, field }));
  checkProblem(document, await ask('no_such=1'), { status: 422, field: 'no_such' });
  const [{ name }] = operation.query;
  checkProblem(document, await ask(given ? given : `${name}=1&${name}=2`), { status: 422, field: name });
  for (const { name: any } of operation.query) checkSane(await ask(given ? '' : `${any}=%ff%00%e2%80%ae`));
}

async function checkFields(operation, { client, path, body }) {
  const told = new Set();
  await forAll(wrongBodies(document, operation.body, body), async ({ why, field, body: wrong }) => {
    const first = !told.has(why);
    told.add(why);
    const texts = new Set();
    for (const language of first ? kLanguages : ['en']) {
      const answer = await send(client, operation, path, { body: wrong, headers: { 'Accept-Language': language } });
      checkProblem(document, answer, { status: 422, field, language });
      texts.add(wordsOf(answer));
    }
    if (first) assert.equal(texts.size, kLanguages.length, `${operation.id}, ${why}: the same words in two languages: ${[...texts]}`);
  });
}

async function checkForms(operation, { client, path, body }) {
  const json = { type: 'application/json' };
  const wrong = async (status, options) => checkProblem(document, await send(client, operation, path, options), { status });
  const text = JSON.stringify(body);
  await wrong(415, { raw: text, type: 'text/plain' });
  await wrong(415, { raw: 'subject=x', type: 'application/x-www-form-urlencoded' });
  for (const raw of ['', '{', `${text}x`, `${text}${text}`, 'null', '[]', '"x"', '5', '{"a":NaN}', "{'a':1}", `[`.repeat(20_000), '{"a":'.repeat(5_000)]) {
    await wrong([400, 422], { raw, ...json });
  }
  const bytes = Buffer.from(text);
  await wrong([400, 422], { raw: Buffer.concat([bytes.subarray(0, -1), Buffer.from(',"no_such":"\xff\xc0\xaf"}', 'latin1')]), ...json });
  await wrong([400, 422], { raw: Buffer.from(text, 'utf16le'), ...json });
  await wrong([400, 422], { raw: `${text.slice(0, -1)},"no_such":"\\ud800"}`, ...json });
  await wrong(413, { raw: JSON.stringify({ ...body, no_such: 'x'.repeat(2 << 20) }), ...json });
}

async function checkVersion(operation, { client, path, body }) {
  const ask = (version) => send(client, operation, path, { body, headers: { 'If-Match': version } });
  checkProblem(document, await ask('"999999"'), { status: 412 });
  for (const version of ['"x"', '1.5', '""', 'W/"1"x']) {
    checkProblem(document, await ask(version), { status: 422, field: 'If-Match' });
  }
}

/** Markup and characters that deceive: refused by name, or taken without what cannot be seen. */
async function checkHostile(operation) {
  const schema = document.resolve(operation.body);
  const texts = Object.entries(schema.properties).filter(([, member]) => member.type === 'string' && !member.enum && !member.format);
  for (const [name] of texts) {
    const { client, path, body } = await prepare(operation);
    const answer = await send(client, operation, path, { body: { ...body, [name]: kHostile } });
    if (answer.status >= 300) {
      checkProblem(document, answer, { status: [401, 403, 404, 409, 422], field: answer.status === 422 ? name : undefined });
    } else if (answer.json) {
      checkAnswer(document, operation, answer);
      const walk = (value, at) => {
        if (typeof value === 'string') {
          assert.doesNotMatch(value, kUnseen, `${answer.asked}: ${at} still deceives`);
          if (at.endsWith('html')) assert.doesNotMatch(value, /<script|<[^>]*\son\w+=/i, `${answer.asked}: ${at}`);
        } else if (value && typeof value === 'object') {
          for (const [key, member] of Object.entries(value)) walk(member, `${at}/${key}`);
        }
      };
      walk(answer.json, '');
    }
  }
}

function fileForm(fields = {}, filename = 'a.log', content = 'a line\n') {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([content]), filename);
  return form;
}

async function checkUpload(operation, { client, path }) {
  const ask = (options) => send(client, operation, path, options);
  const wrong = async (status, field, options) => checkProblem(document, await ask(options), { status, field });
  const type = 'multipart/form-data; boundary=edge';
  const part = (disposition, content = 'x') => `--edge\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
  await wrong(415, undefined, { body: { file: 'x' } });
  await wrong([400, 415, 422], undefined, { raw: 'x', type: 'multipart/form-data' });
  await wrong([400, 422], undefined, { raw: '', type });
  await wrong([400, 422], undefined, { raw: part('name="file"; filename="a"'), type });
  await wrong([400, 422], undefined, { raw: `--edge\r\nX: y\r\n\r\nz\r\n--edge--\r\n`, type });
  await wrong(422, 'file', { raw: `${part('name="note"')}--edge--\r\n`, type });
  await wrong(422, 'file', { raw: `${part('name="file"; filename="a"').repeat(2)}--edge--\r\n`, type });
  await wrong(422, 'file', { raw: `${part('name="other"; filename="a"')}--edge--\r\n`, type });
  await wrong(422, 'no_such', { raw: fileForm({ no_such: 'x' }) });
  await wrong(422, 'source', { raw: fileForm({ source: 'x'.repeat(201) }) });
  await wrong(422, 'note', { raw: fileForm({ note: 'x'.repeat(2001) }) });
  await wrong(422, 'public', { raw: fileForm({ public: 'maybe' }) });
}

async function checkHostileFilenames(operation, { client, path }) {
  for (const name of ['../../../etc/passwd', '..\\..\\boot.ini', kHostile, '', '.', 'CON', 'a'.repeat(5000), 'x\r\nSet-Cookie: y=1.log']) {
    const answer = await send(client, operation, path, { raw: fileForm({}, name) });
    checkSane(answer);
    if (answer.status >= 300) {
      checkProblem(document, answer, { status: [400, 422] });
      continue;
    }
    checkAnswer(document, operation, answer);
    const { filename, id } = answer.json;
    assert.match(filename, /^[^/\\\r\n"]{1,255}$/, answer.asked);
    assert.ok(filename !== '.' && filename !== '..', answer.asked);
    assert.doesNotMatch(filename, kUnseen, answer.asked);
    const file = await world.admin.ask('GET', `/evidence/${id}/content`);
    assert.equal(file.text, 'a line\n');
    assert.match(file.headers.get('content-disposition'), /^attachment;/);
    assert.equal(file.headers.get('set-cookie'), null);
  }
}

async function firstBytes(client, path) {
  const stop = new AbortController();
  const answer = await fetch(`${world.base}/api/v1${path}`, { headers: client.headers, signal: stop.signal });
  const media = answer.headers.get('content-type').split(';')[0];
  stop.abort();
  return { status: answer.status, media };
}

const { operations } = await (async () => {
  const { readFileSync } = await import('node:fs');
  const { Document } = await import('./lib/openapi.mjs');
  return new Document(JSON.parse(readFileSync(new URL('../../api/openapi.json', import.meta.url))));
})();

describe('every operation', { concurrency: false }, () => {
  test('the committed document is the one that is served', () => {
    const of = (list) => list.map(({ id }) => id).sort();
    assert.deepEqual(of(document.operations), of(operations));
  });

  for (const { id } of operations) {
    test(id, { timeout: 60_000 }, async () => {
      const operation = document.operations.find((one) => one.id === id);
      const ready = await prepare(operation);
      const before = await stored();
      await checkDoor(operation, ready);
      await checkIds(operation, ready);
      await checkQuery(operation, ready);
      if (operation.body) {
        await checkFields(operation, ready);
        await checkForms(operation, ready);
      }
      if (operation.versioned) await checkVersion(operation, ready);
      if (ready.form) await checkUpload(operation, ready);
      assert.deepEqual(await stored(), before, `${id}: something refused was stored`);

      if (ready.stream) {
        assert.deepEqual(await firstBytes(ready.client, ready.path), { status: operation.status, media: operation.media });
      } else if (ready.only !== 'bad') {
        const right = { ...(operation.body && { body: ready.body }), ...(ready.form && { raw: fileForm({ source: 'console' }) }) };
        checkAnswer(document, operation, await send(ready.client, operation, ready.path, right));
        if (ready.form) await checkHostileFilenames(operation, ready);
        else if (operation.body) await checkHostile(operation);
      } else if (operation.body) {
        checkProblem(document, await send(ready.client, operation, ready.path, { body: ready.body }), { status: [401, 422] });
      }
    });
  }

  test('a method that a path has not', async () => {
    const methods = Map.groupBy ? Map.groupBy(operations, ({ path }) => path) : operations.reduce((all, one) => all.set(one.path, [...(all.get(one.path) ?? []), one]), new Map());
    for (const [path, known] of methods) {
      const has = known.map(({ method }) => method);
      const other = ['DELETE', 'PUT', 'POST', 'GET'].find((method) => !has.includes(method));
      if (!other) continue;
      const answer = await world.admin.ask(other, path.replace(/\{\w+\}/g, kUnknownId));
      // Another path's parameter may take a fixed word for an id.
      checkProblem(document, answer, { status: [404, 405] });
      if (answer.status === 405) for (const method of has) assert.ok(answer.headers.get('allow').includes(method), answer.asked);
    }
  });

  test('a path that is not there', async () => {
    for (const language of kLanguages) {
      const answer = await world.admin.ask('GET', '/no/such/path', { headers: { 'Accept-Language': language } });
      checkProblem(document, answer, { status: 404, language });
    }
  });
});
