// What each resource of the API does and refuses, on a real desk: reading, changing, who may, what state allows.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fresh } from './lib/cases.mjs';
import { checkProblem } from './lib/checks.mjs';
import { Client } from './lib/client.mjs';
import { addPasskey, enrolTotp, fromBase32, Passkey, totp } from './lib/factors.mjs';
import { inAnHour, kPixel, tomorrow, until, World } from './lib/world.mjs';
import { kUnknownId } from './lib/wrong.mjs';

let world;
let admin;
let agent;
let customer;
let stranger;
before(async () => {
  world = await World.start();
  ({ admin, agent, customer, stranger } = world);
});
after(() => world?.stop());

const problem = (answer, wanted) => checkProblem(world.document, answer, wanted);
const refused = async (client, method, path, body, status, field) =>
  problem(await client.ask(method, path, body === undefined ? {} : { body }), { status, field });
const entries = async (id) => (await admin.get(`/tickets/${id}/entries`)).items;
const stateOf = async (id) => (await admin.get(`/tickets/${id}`)).state;

/** Every item of a list in pages; no page may be longer than asked. */
async function whole(client, path, limit = 7) {
  const items = [];
  let cursor;
  do {
    const glue = path.includes('?') ? '&' : '?';
    const page = await client.get(`${path}${glue}limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    assert.ok(page.items.length <= limit, `${path}: ${page.items.length} items`);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}

const distinct = (items) => new Set(items.map(({ id }) => id)).size;

describe('tickets', { concurrency: false }, () => {
  test('are read by id and by number', async () => {
    const byId = await admin.get(`/tickets/${world.ticket.id}`);
    assert.equal(byId.number, world.ticket.number);
    assert.deepEqual((await admin.get(`/tickets/${byId.number}`)).id, byId.id);
    assert.equal(byId.assignee.id, agent.me.id);
  });

  test('lists come in pages, without doubles, in the order asked for', async () => {
    const keys = {
      created: ({ created_at }) => created_at,
      updated: ({ updated_at }) => updated_at,
      priority: ({ priority }) => priority,
    };
    const all = await whole(admin, '/tickets?sort=created', 50);
    assert.ok(all.length > 200);
    const open = await whole(admin, '/tickets?view=desk_open', 200);
    assert.equal(distinct(all), all.length);
    for (const [sort, key] of Object.entries(keys)) {
      for (const sign of ['', '-']) {
        const items = await whole(admin, `/tickets?sort=${sign}${sort}`, 61);
        // The orders of what is to be done leave out what has ended.
        const expected = sort === 'priority' ? open.length : all.length;
        assert.deepEqual([items.length, distinct(items)], [expected, expected], sort);
        const found = items.map(key);
        const sorted = [...found].sort();
        // Which way is which is for the list to say: the other sign must be the other way.
        assert.ok([sorted.join(), sorted.reverse().join()].includes(found.join()), `${sign}${sort} is in no order`);
      }
      const [up, down] = [await admin.get(`/tickets?sort=${sort}&limit=1`), await admin.get(`/tickets?sort=-${sort}&limit=1`)];
      assert.notEqual(key(up.items[0]), key(down.items[0]), `${sort} and -${sort} begin alike`);
    }
  });

  test('filters give those that fit, all of them, and nothing else', async () => {
    const all = await whole(admin, '/tickets', 200);
    const [{ organisation, assignee }] = all.filter((one) => one.organisation && one.assignee);
    const filters = {
      'state=open': ({ state }) => state === 'open',
      'state=open,waiting_customer': ({ state }) => ['open', 'waiting_customer'].includes(state),
      'priority=P1,P2': ({ priority }) => ['P1', 'P2'].includes(priority),
      'kind=incident': ({ kind }) => kind === 'incident',
      'channel=mail': ({ channel }) => channel === 'mail',
      'language=es': ({ language }) => language === 'es',
      [`organisation=${organisation.id}`]: (one) => one.organisation?.id === organisation.id,
      [`assignee=${assignee.id}`]: (one) => one.assignee?.id === assignee.id,
      [`requester=${encodeURIComponent(world.contact.email)}`]: (one) => one.requester.email === world.contact.email,
      [`state=closed&priority=P3`]: ({ state, priority }) => state === 'closed' && priority === 'P3',
    };
    for (const [query, fits] of Object.entries(filters)) {
      const found = await whole(admin, `/tickets?${query}`, 200);
      assert.deepEqual(found.map(({ id }) => id).sort(), all.filter(fits).map(({ id }) => id).sort(), query);
      assert.ok(found.length > 0, `${query}: the demo has none`);
    }
    const moment = all.map(({ updated_at }) => updated_at).sort()[Math.floor(all.length / 2)];
    const since = await whole(admin, `/tickets?updated_since=${encodeURIComponent(moment)}`, 200);
    assert.equal(since.length, all.filter(({ updated_at }) => updated_at >= moment).length);
  });

  test('each queue counts what it lists', async () => {
    for (const client of [admin, agent]) {
      for (const { key, count } of (await client.get('/views')).items) {
        const listed = await whole(client, `/tickets?view=${encodeURIComponent(key)}`, 200);
        assert.equal(listed.length, count, `${client.name}: ${key}`);
      }
    }
  });

  test('a change over another that was not read is refused and not made', async () => {
    const { id } = await world.openTicket();
    const read = await admin.ask('GET', `/tickets/${id}`);
    const version = read.headers.get('etag');
    const change = (subject) => admin.ask('PATCH', `/tickets/${id}`, { body: { subject }, headers: { 'If-Match': version } });
    assert.equal((await change('First')).status, 200);
    problem(await change('Second'), { status: 412 });
    assert.equal((await admin.get(`/tickets/${id}`)).subject, 'First');
  });

  test('what they refer to must be there', async () => {
    const { id } = await world.openTicket();
    for (const field of ['technology_id', 'team_id', 'assignee_id', 'organisation_id']) {
      await refused(admin, 'PATCH', `/tickets/${id}`, { [field]: kUnknownId }, 422, field);
    }
    const body = { subject: 'x', body: 'x', requester: { email: 'x@customer.example' } };
    for (const field of ['technology_id', 'organisation_id']) await refused(admin, 'POST', '/tickets', { ...body, [field]: kUnknownId }, 422, field);
    await refused(customer, 'POST', '/portal/tickets', { subject: 'x', body: 'x', technology_id: kUnknownId }, 422, 'technology_id');
  });

  test('move only where their state allows', async () => {
    const { id } = await world.openTicket();
    const move = (body) => agent.ask('POST', `/tickets/${id}/transitions`, { body });
    const no = async (body, status, field) => problem(await move(body), { status, field });
    await no({ to: 'new' }, 409);
    await no({ to: 'closed' }, 409);
    await no({ to: 'resolved' }, 409);
    await no({ to: 'in_approval' }, 409);
    await no({ to: 'scheduled' }, 422, 'until');
    await no({ to: 'scheduled', until: '2020-01-01T00:00:00Z' }, 422, 'until');
    await no({ to: 'scheduled', until: '2099-01-01T00:00:00Z' }, 422, 'until');
    await no({ to: 'merged' }, 422, 'into');
    await no({ to: 'merged', into: 'PR-99999-X' }, 422, 'into');
    await no({ to: 'merged', into: id }, 422, 'into');
    assert.ok(['new', 'open'].includes(await stateOf(id)));
    assert.equal((await move({ to: 'waiting_customer' })).json.state, 'waiting_customer');
    await no({ to: 'waiting_customer' }, 409);
    assert.equal((await move({ to: 'scheduled', until: tomorrow() })).json.state, 'scheduled');
    assert.equal((await move({ to: 'spam' })).json.state, 'spam');
    await no({ to: 'waiting_customer' }, 409);
    assert.equal((await move({ to: 'open' })).json.state, 'open');
  });

  test('a merged ticket points at the other, which takes what comes', async () => {
    const [from, into] = [await world.openTicket({ subject: 'Twice' }), await world.openTicket({ subject: 'Once' })];
    const foreign = await stranger.post('/portal/tickets', { subject: 'Elsewhere', body: 'x' });
    await refused(agent, 'POST', `/tickets/${from.id}/transitions`, { to: 'merged', into: foreign.id }, 422, 'into');
    await agent.post(`/tickets/${from.id}/transitions`, { to: 'merged', into: into.number });
    const merged = await admin.get(`/tickets/${from.id}`);
    assert.equal(merged.state, 'merged');
    assert.equal(merged.merged_into.number, into.number);
    await refused(agent, 'POST', `/tickets/${from.id}/messages`, { body: 'x' }, 409);
    await refused(agent, 'POST', `/tickets/${from.id}/transitions`, { to: 'open' }, 409);
    await customer.post(`/portal/tickets/${from.id}/messages`, { body: 'One more thing.' });
    assert.ok((await entries(into.id)).some(({ body_text }) => body_text === 'One more thing.'));
  });

  test('one change to many says for each what became of it', async () => {
    const [one, two] = [await world.openTicket(), await world.openTicket()];
    const { results } = await admin.post('/tickets/bulk', { ids: [one.id, kUnknownId, two.id], change: { impact: 1 } });
    assert.deepEqual(results.map(({ ok }) => ok), [true, false, true]);
    assert.equal((await admin.get(`/tickets/${two.id}`)).impact, 1);
  });

  test('a customer has no way to the desk\'s own resources', async () => {
    for (const path of ['/views', '/staff', '/audit', '/organisations', '/contacts', '/policies', '/calendars', '/triage/policy', '/reports/dashboard', '/snippets', '/keys']) {
      await refused(customer, 'GET', path, undefined, [403, 404]);
    }
    await refused(customer, 'PATCH', `/tickets/${world.ticket.id}`, { subject: 'x' }, [403, 404]);
    await refused(customer, 'POST', `/tickets/${world.ticket.id}/notes`, { body: 'x' }, [403, 404]);
  });
});

describe('the conversation', { concurrency: false }, () => {
  test('a note stays inside, a reply goes to the customer', async () => {
    const { id } = await world.openTicket();
    await agent.post(`/tickets/${id}/notes`, { body: 'Between us.' });
    await agent.post(`/tickets/${id}/calls`, { direction: 'in', contact_made: true, body: 'She called.' });
    await agent.post(`/tickets/${id}/messages`, { body: 'Dear Ana.' });
    const texts = (await customer.get(`/portal/tickets/${id}`)).conversation.map(({ body_text }) => body_text);
    assert.ok(texts.includes('Dear Ana.'));
    assert.ok(!texts.includes('Between us.') && !texts.includes('She called.'), String(texts));
  });

  test('a reply moves the ticket only by a state that needs nothing more said', async () => {
    const { id } = await world.openTicket();
    const before = (await entries(id)).length;
    for (const set_state of ['merged', 'scheduled', 'resolved', 'in_approval']) {
      await refused(agent, 'POST', `/tickets/${id}/messages`, { body: 'x', set_state }, 422, 'set_state');
    }
    await refused(agent, 'POST', `/tickets/${id}/messages`, { body: 'x', set_state: 'closed' }, 409);
    assert.equal((await entries(id)).length, before);
    await agent.post(`/tickets/${id}/messages`, { body: 'x', set_state: 'waiting_customer' });
    assert.equal(await stateOf(id), 'waiting_customer');
    await customer.post(`/portal/tickets/${id}/messages`, { body: 'Here.' });
    assert.equal(await stateOf(id), 'open');
  });

  test('a reply and its promise are made together or not at all', async () => {
    const { id } = await world.openTicket();
    const before = (await entries(id)).length;
    const reply = (promise) => agent.ask('POST', `/tickets/${id}/messages`, { body: { body: 'Soon.', promise } });
    problem(await reply({ kind: 'never', at: inAnHour() }), { status: 422, field: 'promise/kind' });
    problem(await reply({ kind: 'eta', at: '2020-01-01T00:00:00Z' }), { status: 422, field: 'promise/at' });
    assert.equal((await entries(id)).length, before);
    assert.equal((await reply({ kind: 'eta', at: inAnHour() })).status, 201);
    assert.equal((await admin.get(`/tickets/${id}`)).promises[0].kind, 'eta');
  });

  test('a file of another ticket cannot be attached', async () => {
    const { id } = await world.openTicket();
    await refused(agent, 'POST', `/tickets/${id}/messages`, { body: 'x', attachment_ids: [world.evidence.id] }, 422, 'attachment_ids/0');
    const own = await world.addFile(id);
    await agent.post(`/tickets/${id}/messages`, { body: 'See the file.', attachment_ids: [own.id] });
  });

  test('a draft is one\'s own, whole, and gone once it is sent', async () => {
    const { id } = await world.openTicket();
    const draft = { kind: 'note', body: 'Half a thought', cc: ['boss@customer.example'] };
    await agent.must('PUT', `/tickets/${id}/draft`, { body: draft });
    const { saved_at, ...kept } = await agent.get(`/tickets/${id}/draft`);
    assert.deepEqual(kept, draft);
    assert.ok(saved_at);
    assert.equal((await admin.get(`/tickets/${id}/draft`)).body, '');
    await agent.post(`/tickets/${id}/notes`, { body: 'A thought' });
    assert.equal((await agent.get(`/tickets/${id}/draft`)).body, '');
  });

  test('the timeline comes in pages, both ways', async () => {
    const { id } = await world.openTicket();
    for (let i = 0; i < 6; i += 1) await agent.post(`/tickets/${id}/notes`, { body: `Note ${i}` });
    const up = await whole(admin, `/tickets/${id}/entries?order=asc`, 3);
    const down = await whole(admin, `/tickets/${id}/entries?order=desc`, 3);
    assert.deepEqual(up.map(({ seq }) => seq), [...down].reverse().map(({ seq }) => seq));
    const notes = await whole(admin, `/tickets/${id}/entries?kind=note`, 2);
    assert.deepEqual(notes.map(({ body_text }) => body_text), Array.from({ length: 6 }, (_, i) => `Note ${i}`));
  });

  test('a key used twice does the act once, and never another act', async () => {
    const headers = { 'Idempotency-Key': fresh('key') };
    const body = { subject: fresh('Once'), body: 'x', requester: { email: 'x@customer.example' } };
    const [first, second] = [await admin.ask('POST', '/tickets', { body, headers }), await admin.ask('POST', '/tickets', { body, headers })];
    assert.equal(second.status, 201);
    assert.equal(second.headers.get('idempotent-replayed'), 'true');
    assert.deepEqual(second.json, first.json);
    problem(await admin.ask('POST', '/tickets', { body: { ...body, subject: 'Other' }, headers }), { status: 409 });
    for (const key of ['', 'x'.repeat(201)]) {
      problem(await admin.ask('POST', '/tickets', { body, headers: { 'Idempotency-Key': key } }), { status: 422, field: 'Idempotency-Key' });
    }
    // Another person's key of the same name is another key.
    assert.equal((await agent.ask('POST', '/tickets', { body, headers })).headers.get('idempotent-replayed'), null);
  });
});

describe('evidence', { concurrency: false }, () => {
  test('comes back byte by byte, with its fingerprint and every hand it went through', async () => {
    const { id } = await world.openTicket();
    const content = new Uint8Array(300_000).map((_, i) => (i * 31) % 256);
    const file = await world.addFile(id, { content, filename: 'disk.img', fields: { public: 'true', source: 'EDR' } });
    const sha256 = createHash('sha256').update(content).digest('hex');
    assert.equal(file.sha256, sha256);
    assert.equal(file.size, content.length);
    const answer = await fetch(`${world.base}/api/v1/evidence/${file.id}/content`, { headers: customer.headers });
    assert.equal(createHash('sha256').update(new Uint8Array(await answer.arrayBuffer())).digest('hex'), sha256);
    assert.equal(answer.headers.get('digest'), `sha-256=${sha256}`);
    const { custody, intact } = await admin.get(`/evidence/${file.id}`);
    assert.deepEqual(custody.map(({ act }) => act), ['collected', 'verified', 'exported']);
    assert.equal(intact, true);
  });

  test('that is internal is not there for a customer, nor any of another organisation', async () => {
    const { id } = await world.openTicket();
    const internal = await world.addFile(id, { fields: { public: 'false' } });
    for (const path of [`/evidence/${internal.id}`, `/evidence/${internal.id}/content`]) {
      await refused(customer, 'GET', path, undefined, 404);
      await refused(stranger, 'GET', path, undefined, 404);
    }
    assert.deepEqual((await customer.get(`/portal/tickets/${id}`)).evidence, []);
  });

  test('is taken until the ticket has ended for good', async () => {
    const { id } = await world.resolvedTicket();
    await world.addFile(id);
    await customer.post(`/portal/tickets/${id}/confirm`, { works: true });
    const form = new FormData();
    form.set('file', new Blob(['late']), 'late.log');
    problem(await agent.ask('POST', `/tickets/${id}/evidence`, { raw: form }), { status: 409 });
  });
});

describe('images inside mails', { concurrency: false }, () => {
  test('are shown with the message, to those who may read it', async () => {
    const path = `/tickets/${world.image.id}/entries/${world.image.seq}/images/${world.image.image}`;
    for (const client of [admin, customer]) {
      const answer = await fetch(`${world.base}/api/v1${path}`, { headers: client.headers });
      assert.equal(answer.headers.get('content-type'), 'image/png');
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(Buffer.from(await answer.arrayBuffer()).toString('base64'), kPixel);
    }
    await refused(stranger, 'GET', path, undefined, 404);
    await refused(world.nobody, 'GET', path, undefined, 401);
    const { conversation } = await customer.get(`/portal/tickets/${world.image.id}`);
    assert.ok(conversation[0].body_html.includes(path), conversation[0].body_html);
  });
});

describe('approvals', { concurrency: false }, () => {
  test('need work to be shown, and a second person', async () => {
    const { id } = await world.openTicket();
    const ask = { summary: 'A new key', resolution: 'Use it.' };
    await refused(agent, 'POST', `/tickets/${id}/approvals`, ask, 409);
    await agent.post(`/tickets/${id}/work-records`, { action: 'Looked', result: 'Found' });
    await refused(agent, 'POST', `/tickets/${id}/approvals`, { ...ask, approver_id: agent.me.id }, 422, 'approver_id');
    await refused(agent, 'POST', `/tickets/${id}/approvals`, { ...ask, approver_id: kUnknownId }, 422, 'approver_id');
    const approval = await agent.post(`/tickets/${id}/approvals`, ask);
    assert.equal(await stateOf(id), 'in_approval');
    await refused(agent, 'POST', `/tickets/${id}/approvals`, ask, 409);
    await refused(agent, 'POST', `/approvals/${approval.id}/decision`, { decision: 'approve' }, 403);
    await refused(admin, 'POST', `/approvals/${approval.id}/decision`, { decision: 'reject' }, 422, 'reason');
    await refused(admin, 'POST', `/approvals/${approval.id}/decision`, { decision: 'withdraw' }, 403);
    await refused(customer, 'GET', `/approvals/${approval.id}`, undefined, [403, 404]);
    await admin.post(`/approvals/${approval.id}/decision`, { decision: 'reject', reason: 'Not tested' });
    assert.equal(await stateOf(id), 'open');
    await refused(admin, 'POST', `/approvals/${approval.id}/decision`, { decision: 'approve' }, 409);
  });

  test('whoever handles the ticket does not decide, whatever her role', async () => {
    const { ticket, approval } = await world.askedApproval();
    await admin.patch(`/tickets/${ticket.id}`, { assignee_id: admin.me.id });
    await refused(admin, 'POST', `/approvals/${approval.id}/decision`, { decision: 'approve' }, 403);
  });

  test('given, the resolution goes to the customer, who has the last word', async () => {
    const { id } = await world.resolvedTicket();
    const portal = await customer.get(`/portal/tickets/${id}`);
    assert.ok(portal.conversation.some(({ body_text }) => body_text === 'Use the new key.'));
    assert.ok(portal.may.confirm);
    await refused(stranger, 'POST', `/portal/tickets/${id}/confirm`, { works: true }, 404);
    await refused(customer, 'POST', `/portal/tickets/${id}/confirm`, { works: false }, 422, 'comment');
    await customer.post(`/portal/tickets/${id}/confirm`, { works: false, comment: 'Still down.' });
    assert.equal(await stateOf(id), 'open');
    await refused(customer, 'POST', `/portal/tickets/${id}/confirm`, { works: true }, 409);
    await refused(customer, 'POST', `/portal/tickets/${id}/rating`, { score: 5 }, 409);
  });

  test('after the end, a customer\'s word opens a new, linked ticket', async () => {
    const { id, number } = await world.resolvedTicket();
    await customer.post(`/portal/tickets/${id}/confirm`, { works: true, score: 5 });
    assert.equal(await stateOf(id), 'closed');
    await customer.post(`/portal/tickets/${id}/messages`, { body: 'It is back.' });
    const { items } = await admin.get('/tickets?sort=-created&limit=1');
    const newest = await admin.get(`/tickets/${items[0].id}`);
    assert.ok(newest.links.some((link) => link.number === number && link.kind === 'follow_up'), JSON.stringify(newest.links));
  });
});

describe('promises', { concurrency: false }, () => {
  test('lie ahead, move only with a reason, and are settled once', async () => {
    const { id } = await world.openTicket();
    await refused(agent, 'POST', `/tickets/${id}/promises`, { kind: 'eta', at: '2020-01-01T00:00:00Z' }, 422, 'at');
    await refused(agent, 'POST', `/tickets/${id}/promises`, { kind: 'eta', at: tomorrow(), until: inAnHour() }, 422, 'until');
    const promise = await agent.post(`/tickets/${id}/promises`, { kind: 'eta', at: inAnHour() });
    await refused(agent, 'PATCH', `/promises/${promise.id}`, { at: tomorrow() }, 422, 'reason');
    const moved = await agent.patch(`/promises/${promise.id}`, { at: tomorrow(), reason: 'Parts are late' });
    assert.ok(Date.parse(moved.at) > Date.parse(promise.at));
    assert.equal((await customer.get(`/portal/tickets/${id}`)).eta.at, moved.at);
    const [now] = (await admin.get(`/tickets/${id}`)).promises.filter(({ outcome }) => outcome === 'open');
    await agent.patch(`/promises/${now.id}`, { outcome: 'kept', reason: 'Done' });
    await refused(agent, 'PATCH', `/promises/${now.id}`, { at: inAnHour(), reason: 'x' }, 409);
    const { promises } = await customer.get(`/portal/tickets/${id}`);
    assert.deepEqual(promises, { kept: 1, total: 1, history: [{ kind: 'eta', at: moved.at, by: agent.me.name, outcome: 'kept', moved: 1 }] });
  });
});

describe('people and customers', { concurrency: false }, () => {
  const zone = 'UTC';

  test('a person of the desk: added, changed, sent home', async () => {
    const email = `${fresh('person').replace(' ', '-')}@desk.example`;
    const body = { name: 'Noa', email, languages: ['en'], zone, roles: ['agent'], password: 'a very long password' };
    const { id, version } = await admin.post('/staff', body);
    await refused(admin, 'POST', '/staff', body, 422, 'email');
    await refused(admin, 'POST', '/staff', { ...body, email: `x${email}`, roles: ['customer'] }, 422, 'roles');
    await refused(admin, 'POST', '/staff', { ...body, email: `x${email}`, password: 'short' }, 422, 'password');
    await refused(admin, 'POST', '/staff', { ...body, email: `x${email}`, team_ids: [kUnknownId] }, 422, 'team_ids');
    const noa = await world.nobody.ask('POST', '/session', { body: { email, password: body.password } });
    assert.equal(noa.status, 200);
    await admin.patch(`/staff/${id}`, { capacity: 3 }, { 'If-Match': `"${version}"` });
    problem(await admin.ask('PATCH', `/staff/${id}`, { body: { capacity: 4 }, headers: { 'If-Match': `"${version}"` } }), { status: 412 });
    await admin.patch(`/staff/${id}`, { active: false });
    const cookie = noa.headers.getSetCookie()[0].split(';')[0];
    problem(await world.nobody.ask('GET', '/tickets', { headers: { Cookie: cookie } }), { status: 401 });
    problem(await world.nobody.ask('POST', '/session', { body: { email, password: body.password } }), { status: 401 });
  });

  test('nobody raises herself, and an agent changes nobody', async () => {
    await refused(agent, 'PATCH', `/staff/${agent.me.id}`, { roles: ['admin'] }, 403);
    await refused(agent, 'POST', '/staff', { name: 'x', email: 'x@desk.example', languages: ['en'], zone, roles: ['admin'] }, 403);
    await refused(admin, 'PATCH', `/staff/${admin.me.id}`, { active: false }, [403, 409, 422]);
  });

  test('an API key does what it is for, no more, until it ends', async () => {
    await refused(agent, 'POST', '/keys', { name: 'x', scopes: ['audit.read'] }, 422, 'scopes/0');
    await refused(agent, 'POST', '/keys', { name: 'x', scopes: ['no.such'] }, 422, 'scopes/0');
    const key = await agent.post('/keys', { name: 'x', scopes: ['ticket.read'] });
    const headers = { Authorization: `Bearer ${key.secret}` };
    assert.equal((await world.nobody.ask('GET', '/tickets', { headers })).status, 200);
    problem(await world.nobody.ask('POST', `/tickets/${world.ticket.id}/notes`, { body: { body: 'x' }, headers }), { status: 403 });
    assert.ok(!(await agent.get('/keys')).items.some((one) => 'secret' in one));
    const other = await admin.post('/keys', { name: 'x', scopes: ['ticket.read'] });
    await refused(agent, 'DELETE', `/keys/${other.id}`, undefined, 404);
    await agent.must('DELETE', `/keys/${key.id}`);
    problem(await world.nobody.ask('GET', '/tickets', { headers }), { status: 401 });
  });

  test('organisations, their contacts and contracts', async () => {
    const name = fresh('Óptica Ñandú');
    const { id } = await admin.post('/organisations', { name, zone, languages: ['es'], domains: ['optica.example'] });
    await refused(admin, 'POST', '/organisations', { name, zone, languages: ['es'] }, 422, 'name');
    await refused(admin, 'POST', '/organisations', { name: fresh('O'), zone, languages: ['es'], domains: ['not a domain'] }, 422, 'domains');
    assert.ok((await admin.get('/organisations?q=optica%20nandu')).items.some((one) => one.id === id));
    assert.equal(distinct(await whole(admin, '/organisations', 2)), (await whole(admin, '/organisations', 200)).length);

    for (let i = 0; i < 5; i += 1) await admin.post(`/organisations/${id}/contacts`, { name: `Same Name`, emails: [`c${i}@optica.example`] });
    assert.equal(distinct(await whole(admin, `/organisations/${id}/contacts`, 2)), 5);
    await refused(admin, 'POST', `/organisations/${id}/contacts`, { name: 'x', emails: ['c1@optica.example'] }, 422, 'emails/0');
    await refused(admin, 'POST', `/organisations/${id}/contacts`, { name: 'x', emails: ['nobody'] }, 422, 'emails/0');
    await refused(admin, 'POST', `/organisations/${id}/contacts`, { name: 'x', emails: [], portal: true }, 422);
    assert.equal((await admin.get('/contacts?q=c3%40optica')).items.length, 1);

    const terms = { name: 'c', policy_id: world.policy.id, calendar_id: world.calendar.id, starts_on: '2031-01-01' };
    await refused(admin, 'POST', `/organisations/${id}/contracts`, { ...terms, ends_on: '2030-01-01' }, 422, 'ends_on');
    await refused(admin, 'POST', `/organisations/${id}/contracts`, { ...terms, starts_on: '2031-02-30' }, 422, 'starts_on');
    await refused(admin, 'POST', `/organisations/${id}/contracts`, { ...terms, policy_id: kUnknownId }, 422, 'policy_id');
    const contract = await admin.post(`/organisations/${id}/contracts`, terms);
    assert.equal((await admin.patch(`/contracts/${contract.id}`, { ends_on: '2032-01-01' })).ends_on, '2032-01-01');
  });

  test('teams and technologies', async () => {
    const name = fresh('Team');
    const team = await admin.post('/teams', { name, member_ids: [agent.me.id], technology_ids: [world.technology.id] });
    await refused(admin, 'POST', '/teams', { name }, 422, 'name');
    await refused(admin, 'POST', '/teams', { name: fresh('Team'), member_ids: [kUnknownId] }, 422, 'member_ids');
    await refused(agent, 'PATCH', `/teams/${team.id}`, { name: 'x' }, 403);
    assert.ok((await admin.get(`/staff/${agent.me.id}`)).teams.some(({ id }) => id === team.id));
    await refused(admin, 'POST', '/technologies', { name: 'a/b', level: 'domain' }, 422, 'name');
    await refused(admin, 'POST', '/technologies', { name: 'x', parent_id: world.technology.id }, 422);
    await refused(admin, 'POST', '/technologies', { name: 'x', parent_id: kUnknownId }, 422, 'parent_id');
  });
});

describe('the desk\'s rules', { concurrency: false }, () => {
  test('calendars and policies make versions; what makes no sense is refused', async () => {
    const monday = (windows) => ({ name: fresh('Calendar'), zone: 'UTC', week: [{ day: 'mon', windows }] });
    const calendar = await admin.post('/calendars', monday([{ from: '09:00', to: '17:00' }]));
    const changed = await admin.patch(`/calendars/${calendar.id}`, { zone: 'Europe/Madrid' }, { 'If-Match': `"${calendar.version}"` });
    assert.equal(changed.version, calendar.version + 1);
    problem(await admin.ask('PATCH', `/calendars/${calendar.id}`, { body: { zone: 'UTC' }, headers: { 'If-Match': `"${calendar.version}"` } }), { status: 412 });
    for (const windows of [[{ from: '17:00', to: '09:00' }], [{ from: '25:00', to: '26:00' }], [{ from: '09:00', to: '12:00' }, { from: '11:00', to: '13:00' }]]) {
      await refused(admin, 'POST', '/calendars', monday(windows), 422, 'week');
    }
    const target = { priority: 'P1', clock: 'resolution', seconds: 3600 };
    await refused(admin, 'POST', '/policies', { name: fresh('Policy'), targets: [target, target] }, 422, 'targets');
    await refused(agent, 'POST', '/policies', { name: fresh('Policy'), targets: [target] }, 403);
  });

  test('triage: a rule counts as soon as it is there, and no longer once it is gone', async () => {
    const words = [fresh('zyzzyva').replace(' ', '')];
    const text = { subject: `The ${words[0]} is down`, body: 'x' };
    const rule = await admin.post('/triage/rules', { name: fresh('rule'), words, weight: 0.99, kind: 'vulnerability' });
    assert.match(JSON.stringify(await admin.post('/triage/try', text)), /vulnerability/);
    await admin.must('DELETE', `/triage/rules/${rule.id}`);
    assert.doesNotMatch(JSON.stringify(await admin.post('/triage/try', text)), /vulnerability/);
    await refused(admin, 'POST', '/triage/rules', { name: fresh('rule'), words, weight: 0.5 }, 422, 'kind');
    await refused(admin, 'POST', '/triage/rules', { name: fresh('rule'), words, weight: 1, kind: 'fault' }, 422, 'weight');
    const { version, ...policy } = await admin.get('/triage/policy');
    const upside = { ...policy, matrix: [...policy.matrix].reverse() };
    await refused(admin, 'PUT', '/triage/policy', upside, 422, 'matrix');
    problem(await admin.ask('PUT', '/triage/policy', { body: policy, headers: { 'If-Match': `"${version + 7}"` } }), { status: 412 });
    await refused(agent, 'PUT', '/triage/policy', policy, 403);
  });

  test('snippets have keys that can be typed, each once', async () => {
    const texts = { en: 'a', es: 'b', pt: 'c' };
    const key = fresh('key').replace(' ', '-');
    await admin.post('/snippets', { key, title: texts, body: texts });
    await refused(admin, 'POST', '/snippets', { key, title: texts, body: texts }, 422, 'key');
    await refused(admin, 'POST', '/snippets', { key: 'Not a key!', title: texts, body: texts }, 422, 'key');
    await refused(agent, 'POST', '/snippets', { key: `${key}x`, title: texts, body: texts }, 403);
  });
});

describe('knowledge', { concurrency: false }, () => {
  test('customers read what is published for them, and only that', async () => {
    const article = (more) => admin.post('/articles', { title: fresh('Article'), body: 'x', language: 'en', visibility: 'public', ...more });
    const [draft, internal, open] = [await article({ state: 'draft' }), await article({ state: 'published', visibility: 'internal' }), await article({ state: 'published' })];
    const listed = (await whole(customer, '/portal/articles')).map(({ id }) => id);
    assert.ok(listed.includes(open.id) && !listed.includes(draft.id) && !listed.includes(internal.id));
    for (const { id } of [draft, internal]) {
      await refused(customer, 'GET', `/portal/articles/${id}`, undefined, 404);
      await refused(customer, 'GET', `/articles/${id}`, undefined, [403, 404]);
    }
    for (const query of ['state=draft', 'visibility=internal']) {
      assert.deepEqual((await customer.get(`/portal/articles?${query}`)).items.filter(({ id }) => id === draft.id || id === internal.id), []);
    }
    await refused(customer, 'POST', '/articles', { title: 'x', body: 'x', language: 'en' }, 403);
    const changed = await admin.patch(`/articles/${open.id}`, { title: 'Other' }, { 'If-Match': `"${open.version}"` });
    assert.equal(changed.version, open.version + 1);
    problem(await admin.ask('PATCH', `/articles/${open.id}`, { body: { title: 'x' }, headers: { 'If-Match': `"${open.version}"` } }), { status: 412 });
  });

  test('what is written is found, by those who may', async () => {
    const word = fresh('quetzalcoatlus').replace(' ', '');
    const { id } = await world.openTicket({ subject: `About the ${word}` });
    await agent.post(`/tickets/${id}/notes`, { body: `internal${word}` });
    const find = async (client, q) => (await client.get(`/search?q=${q}`)).items;
    await until('the note is found', async () => (await find(admin, `internal${word}`)).length > 0);
    assert.ok((await find(customer, word)).length > 0);
    assert.deepEqual(await find(customer, `internal${word}`), []);
    assert.deepEqual(await find(stranger, word), []);
  });
});

describe('reports', { concurrency: false }, () => {
  test('figures, and their tables as CSV', async () => {
    const dashboard = await admin.get('/reports/dashboard');
    assert.ok(Object.keys(dashboard).length > 5);
    for (const table of ['weeks', 'by_team', 'by_technology', 'by_organisation', 'csat_scores']) {
      const { text, media } = await admin.ask('GET', `/reports/dashboard.csv?table=${table}`);
      assert.equal(media, 'text/csv');
      const [head, ...rows] = text.trim().split(/\r?\n/);
      assert.ok(head.split(',').length > 1 && rows.length > 0, table);
    }
    await refused(admin, 'GET', '/reports/dashboard.csv?table=no', undefined, 422, 'table');
    await refused(admin, 'GET', `/reports/dashboard?from=${tomorrow()}&to=${inAnHour()}`, undefined, 422, 'from');
    await refused(agent, 'GET', '/reports/dashboard', undefined, 403);
  });
});

/** A reader of server-sent events: `next(fits)` waits for an event. */
async function follow(client, { after: last } = {}) {
  const stop = new AbortController();
  const headers = { ...client.headers, ...(last !== undefined && { 'Last-Event-ID': String(last) }) };
  const answer = await fetch(`${world.base}/api/v1/events`, { headers, signal: stop.signal });
  assert.equal(answer.status, 200);
  const seen = [];
  let lastId;
  (async () => {
    let text = '';
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let gap = text.indexOf('\n\n'); gap >= 0; gap = text.indexOf('\n\n')) {
        const fields = text.slice(0, gap).split('\n').map((line) => line.split(/: ?(.*)/s));
        text = text.slice(gap + 2);
        const { id, event, data } = Object.fromEntries(fields);
        if (id) lastId = Number(id);
        if (data) seen.push({ id: Number(id), event, ...JSON.parse(data) });
      }
    }
  })().catch(() => undefined);
  return { seen, lastId: () => lastId, next: (fits) => until('an event', () => seen.find(fits)), close: () => stop.abort() };
}

describe('live', { concurrency: false }, () => {
  test('what was missed comes after Last-Event-ID, once, in order', async () => {
    const first = await follow(admin);
    await until('the start', () => first.lastId());
    const { number, id } = await world.openTicket();
    await first.next((one) => one.kind === 'ticket.created' && one.ticket?.number === number);
    first.close();
    const last = first.seen.at(-1).id;
    for (const body of ['one', 'two', 'three']) await agent.post(`/tickets/${id}/notes`, { body });
    const second = await follow(admin, { after: last });
    const third = await follow(admin, { after: last });
    for (const reader of [second, third]) {
      await until('three notes', () => reader.seen.filter((one) => one.kind === 'entry.added' && one.ticket.number === number).length >= 3);
      const ids = reader.seen.map((one) => one.id);
      assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => a - b));
      assert.ok(ids[0] > last);
      reader.close();
    }
  });

  test('what is too long ago, or unknown, asks to fetch everything again', async () => {
    const reader = await follow(admin, { after: 99_999_999 });
    await until('an answer', () => reader.lastId() ?? reader.seen[0]);
    const { number } = await world.openTicket();
    await reader.next((one) => one.event === 'reset' || one.ticket?.number === number);
    reader.close();
  });

  test('a customer hears of her own organisation\'s public matters', async () => {
    const [hers, other] = [await follow(customer), await follow(stranger)];
    await until('the start', () => hers.lastId() && other.lastId());
    const { id, number } = await world.openTicket();
    await agent.post(`/tickets/${id}/notes`, { body: 'Inside' });
    await agent.post(`/tickets/${id}/messages`, { body: 'Outside' });
    await until('the message', () => hers.seen.filter((one) => one.kind === 'entry.added' && one.ticket.number === number).length >= 2);
    assert.ok(!other.seen.some((one) => one.ticket?.number === number));
    hers.close();
    other.close();
  });

  test('who has a ticket open, and who is typing', async () => {
    const { id, number } = await world.openTicket();
    const [staff, outside] = [await follow(admin), await follow(customer)];
    await until('the start', () => staff.lastId() && outside.lastId());
    const path = `/tickets/${id}/presence`;
    const there = async () => (await admin.get(path)).items.map(({ staff: who, doing }) => [who.name, doing]);
    assert.deepEqual(await there(), []);
    const before = (await entries(id)).length;
    await agent.must('POST', path, { body: { doing: 'viewing' } });
    await staff.next((one) => one.kind === 'presence.changed' && one.ticket.number === number && one.ticket.id === id);
    assert.deepEqual(await there(), [[agent.me.name, 'viewing']]);
    await agent.must('POST', path, { body: { doing: 'typing' } });
    await admin.must('POST', path, { body: { doing: 'viewing' } });
    assert.deepEqual(await there(), [[agent.me.name, 'typing'], [admin.me.name, 'viewing']]);
    await agent.must('POST', path, { body: { doing: 'gone' } });
    assert.deepEqual(await there(), [[admin.me.name, 'viewing']]);
    await refused(customer, 'GET', path, undefined, [403, 404]);
    await refused(customer, 'POST', path, { doing: 'viewing' }, [403, 404]);
    assert.equal((await entries(id)).length, before);
    assert.ok(!outside.seen.some(({ kind }) => kind === 'presence.changed'));
    staff.close();
    outside.close();
  });
});

describe('paging', { concurrency: false }, () => {
  test('a ticket that becomes P1 calls whoever the desk names; the link in her mail takes it, and an answer ends it', async () => {
    const called = world.officer;
    const steps = [{ after: 0, targets: [{ kind: 'person', id: called.me.id }] }];
    const policy = await admin.post('/escalation-policies', { name: fresh('Night'), steps, is_default: true });
    const { id } = await world.openTicket();
    const at = `/tickets/${id}`;
    await admin.patch(at, { team_id: null, priority_override: { priority: 'P1', reason: 'Production is down' } });
    const newest = async () => (await admin.get(`${at}/pages`)).items[0];
    const calling = await until('the page to call', async () => {
      const page = await newest();
      return page?.lines.some(({ act }) => act === 'step') && page;
    });
    await admin.patch(`/escalation-policies/${policy.id}`, { is_default: false });
    assert.equal(calling.cause, 'priority');
    const token = (await world.linkTo(called.me.email, '/page/')).split('/page/')[1];
    const link = `/page-links/${token}`;
    assert.equal((await world.nobody.get(link)).state, 'calling');
    assert.equal((await newest()).state, 'calling', 'opening the link changes nothing');
    assert.equal((await world.nobody.post(link, { act: 'acknowledge' })).mine, true);
    assert.equal((await newest()).acknowledged_by.id, called.me.id);
    await refused(agent, 'POST', `/pages/${calling.id}/hand-back`, { note: 'Not hers' }, 409);
    await agent.post(`${at}/messages`, { body: 'We are at it.' });
    const ended = await until('the end of the page', async () => {
      const page = await newest();
      return page.state === 'ended' && page;
    });
    assert.deepEqual(ended.lines.map(({ act }) => act), ['started', 'step', 'acknowledged', 'answered']);
  });

  test('a way that may not be called is refused, and the log says so without its address', async () => {
    const { method } = await agent.post('/me/contact-methods', { kind: 'webhook', label: 'Inside', address: 'http://127.0.0.1:9/a-secret-path' });
    const { id } = await agent.post('/me/reach/test', { method_id: method.id });
    const failed = await until('the delivery', async () =>
      (await agent.get('/me/deliveries')).items.find((one) => one.id === id && one.state === 'failed'));
    assert.equal(failed.attempts.length, 1);
    assert.doesNotMatch(JSON.stringify(failed), /a-secret-path|127\.0\.0\.1/);
  });
});

describe('what is done is written down', { concurrency: false }, () => {
  test('the audit log names who did what, and who was refused', async () => {
    const { id, number } = await world.openTicket();
    await agent.post(`/tickets/${id}/notes`, { body: 'x' });
    await refused(world.officer, 'POST', `/tickets/${id}/notes`, { body: 'x' }, 403);
    const { items } = await world.officer.get(`/audit?ticket=${number}`);
    assert.ok(items.some(({ act, actor }) => act === 'ticket.note' && actor.id === agent.me.id));
    const pages = await whole(admin, `/audit?actor=${agent.me.id}`, 20);
    assert.equal(new Set(pages.map(({ seq }) => seq)).size, pages.length);
    assert.ok(pages.every(({ actor }) => actor.id === agent.me.id));
    await refused(agent, 'GET', '/audit', undefined, 403);
  });

  test('a broken cursor is refused, not taken for the beginning', async () => {
    for (const path of ['/tickets', '/articles', '/audit', '/contacts', '/organisations', `/organisations/${world.contact.organisation}/contacts`, '/search?q=x']) {
      await refused(admin, 'GET', `${path}${path.includes('?') ? '&' : '?'}cursor=bm9ib2R5`, undefined, 422, 'cursor');
    }
    await refused(customer, 'GET', '/portal/tickets?cursor=bm9ib2R5', undefined, 422, 'cursor');
    await refused(customer, 'GET', '/portal/tickets?state=nope', undefined, 422, 'state');
    await refused(admin, 'GET', `/tickets/${world.ticket.id}/entries?order=nope`, undefined, 422, 'order');
  });
});

describe('second factors', { concurrency: false }, () => {
  const password = 'a long enough password';
  const signIn = (email, code) => world.nobody.ask('POST', '/session', { body: { email, password, ...(code && { code }) } });
  const newPerson = async (roles = ['agent']) => {
    const email = `${fresh('factor').replace(' ', '-')}@desk.example`;
    const { id } = await admin.post('/staff', { name: fresh('Factor'), email, languages: ['en'], zone: 'UTC', roles, password });
    return { id, email, client: Object.assign(Client.fromSession(world.base, await signIn(email)), { password }) };
  };

  test('an app: password, then a code that is good once', async () => {
    const { email, client } = await newPerson();
    const { secret, codes } = await enrolTotp(client);
    assert.equal(codes.length, 10);
    problem(await signIn(email), { status: 422, field: 'code' });
    problem(await signIn(email, '000000'), { status: 422, field: 'code' });
    const next = totp(secret, 1);
    const session = Client.fromSession(world.base, await signIn(email, next));
    problem(await signIn(email, next), { status: 422, field: 'code' });
    Client.fromSession(world.base, await signIn(email, codes[0]));
    problem(await signIn(email, codes[0]), { status: 422, field: 'code' });
    assert.deepEqual(await session.get('/session/factors'), { totp: true, passkeys: [], backup_codes: 9 });
    const acts = (await admin.get('/audit?limit=50')).items.filter(({ actor }) => actor.name === session.me.name).map(({ act }) => act);
    assert.ok(acts.includes('factor.totp_add') && acts.includes('factor.backup_code_use'), acts.join());
  });

  test('no key changes what its owner signs in with', async () => {
    for (const scopes of [['staff.read', 'staff.write'], ['*']]) {
      const { secret } = await admin.post('/keys', { name: 'takes over', scopes });
      const key = new Client(world.base, { headers: { Authorization: `Bearer ${secret}` } });
      for (const body of [{ password: 'another long password' }, { email: 'else@desk.example' }]) {
        problem(await key.ask('PATCH', `/staff/${admin.me.id}`, { body }), { status: 403 });
      }
    }
  });

  test('a person sees where she is signed in, and ends it there', async () => {
    const { email, client } = await newPerson();
    const other = Client.fromSession(world.base, await signIn(email));
    const third = Client.fromSession(world.base, await signIn(email));
    const { items } = await client.get('/sessions');
    assert.deepEqual(items.map(({ current }) => current), [false, false, true]);
    for (const one of items) assert.match(`${one.address} ${one.agent}`, /^127\.0\.0\.1 \S+/);
    const [own] = (await third.get('/sessions')).items.filter(({ current }) => current);
    assert.equal((await agent.ask('DELETE', `/sessions/${own.id}`)).status, 404, 'somebody else sees and ends nothing of hers');
    assert.equal((await client.ask('DELETE', `/sessions/${own.id}`)).status, 204);
    assert.equal((await third.ask('GET', '/session')).status, 401);
    assert.equal((await other.ask('DELETE', '/sessions')).status, 204);
    assert.equal((await client.ask('GET', '/session')).status, 401);
    assert.equal((await other.get('/sessions')).items.length, 1);
  });

  test('a passkey signs in alone, and once for each challenge', async () => {
    const { id, email, client } = await newPerson();
    const { key } = await addPasskey(client, 'blue key');
    const ask = () => world.nobody.post('/session/passkey/request');
    const answer = key.answer(await ask());
    const session = Client.fromSession(world.base, await world.nobody.ask('POST', '/session/passkey', { body: answer }));
    assert.equal(session.me.id, id);
    problem(await world.nobody.ask('POST', '/session/passkey', { body: answer }), { status: 401 });
    problem(await world.nobody.ask('POST', '/session/passkey', { body: { ...key.answer(await ask()), user_handle: 'AAAA' } }), { status: 401 });
    problem(await signIn(email), { status: 422, field: 'code' });
    const stolen = new Passkey('https://desk.evil.example');
    problem(await client.ask('POST', '/session/passkeys', { body: stolen.made(await client.post('/session/passkeys/request'), 'x') }), { status: 422 });
    const [{ id: passkey, name }] = (await session.get('/session/factors')).passkeys;
    assert.equal(name, 'blue key');
    await refused(agent, 'DELETE', `/session/passkeys/${passkey}`, undefined, 404);
    assert.equal((await session.ask('DELETE', `/session/passkeys/${passkey}`)).status, 204);
    problem(await world.nobody.ask('POST', '/session/passkey', { body: key.answer(await ask()) }), { status: 401 });
  });

  test('a role that must have one may do nothing until it has, and keeps its last', async () => {
    const { email, client } = await newPerson(['approver']);
    await admin.ask('PUT', '/second-factor-policy', { body: { roles: ['approver'] } });
    try {
      assert.equal((await client.get('/session')).must_enrol, true);
      await refused(client, 'GET', '/tickets', undefined, 403);
      const { codes } = await enrolTotp(client);
      assert.equal((await client.get('/session')).must_enrol, false);
      await client.get('/tickets');
      await refused(client, 'DELETE', '/session/totp', undefined, 409);
      const { id } = client.me;
      assert.equal((await admin.ask('DELETE', `/staff/${id}/factors`)).status, 204);
      problem(await client.ask('GET', '/session'), { status: 401 });
      const again = Client.fromSession(world.base, await signIn(email, codes[1]));
      assert.equal(again.me.must_enrol, true);
    } finally {
      await admin.ask('PUT', '/second-factor-policy', { body: { roles: [] } });
    }
  });

  test('lie sealed in the store, as all that the desk must read back', async () => {
    const { client } = await newPerson();
    const word = `word-${randomBytes(12).toString('hex')}`;
    const { secret } = await enrolTotp(client);
    await admin.post('/gateways', { name: `Gate ${word}`, url: 'https://sms.example/send', body: '{{text}} {{secret}}', secret: `gate-${word}` });
    const hook = await client.post('/me/contact-methods', { kind: 'webhook', label: `Chat ${word}`, address: `https://chat.example/hook-${word}` });
    assert.equal(hook.method.address, 'https://chat.example');
    const kept = (await readdir(world.desk.data)).filter((name) => name.startsWith('desk.sqlite'));
    const bytes = Buffer.concat(await Promise.all(kept.map((name) => readFile(join(world.desk.data, name)))));
    assert.ok(bytes.includes(`Chat ${word}`) && bytes.includes(`Gate ${word}`), 'the search finds what lies open');
    for (const sealed of [fromBase32(secret), `gate-${word}`, hook.secret, `hook-${word}`]) assert.ok(!bytes.includes(sealed), String(sealed));
    assert.equal((await stat(join(world.desk.data, 'secrets.key'))).mode & 0o777, 0o600);
  });

  test('step up the session by what she has, and slow down who guesses', async () => {
    const { client } = await newPerson();
    const show = (body) => client.askOnce('POST', '/session/step-up', { body });
    problem(await show({}), { status: 422, field: 'password' });
    problem(await show({ password: 'not hers at all' }), { status: 422, field: 'password' });
    assert.equal((await show({ password })).status, 204);
    const { key } = await addPasskey(client);
    problem(await show({ password }), { status: 422, field: 'code' });
    const request = () => world.nobody.post('/session/passkey/request');
    const answer = key.answer(await request());
    assert.equal((await show({ passkey: answer })).status, 204);
    problem(await show({ passkey: answer }), { status: 401 });
    const another = await addPasskey((await newPerson()).client);
    problem(await show({ passkey: another.key.answer(await request()) }), { status: 401 });
    const { secret } = await enrolTotp(client);
    assert.equal((await show({ code: totp(secret, 1) })).status, 204);
    let guess;
    for (let i = 0; i < 20 && guess?.status !== 429; ++i) guess = await show({ code: '000000' });
    problem(guess, { status: 429 });
  });

  test('belong to who sits there, not to a program', async () => {
    for (const [method, path] of [['GET', '/session/factors'], ['POST', '/session/totp'], ['POST', '/session/passkeys/request']]) {
      problem(await world.reader.ask(method, path), { status: 403 });
    }
    await refused(agent, 'PUT', '/second-factor-policy', { roles: [] }, 403);
    await refused(admin, 'DELETE', `/staff/${admin.me.id}/factors`, undefined, 403);
  });
});
