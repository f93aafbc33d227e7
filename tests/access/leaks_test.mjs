// Nothing is told past the table: words that only some may read are put into every kind of thing, then everybody reads
// everything that the API has, searches, follows the events and gets the mails; nobody may meet a word that is not hers.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fresh } from '../api/lib/cases.mjs';
import { Client } from '../api/lib/client.mjs';
import { deliver } from '../api/lib/lmtp.mjs';
import { tomorrow, until, World } from '../api/lib/world.mjs';
import { newCustomer, newStaff } from './lib/callers.mjs';
import { crawl } from './lib/crawl.mjs';
import { follow } from './lib/follow.mjs';

let world;
let admin;
let agent;
let people; // asker, copied, approver_there; colleague and stranger have no part in it
let streams;
let things;

// One nonsense word for each place, so that what leaks says from where.
const word = Object.fromEntries(
  ['subject', 'body', 'reply', 'action', 'resolution', 'publicfile', 'publiccontent', 'answer', 'config', 'command', 'note', 'call', 'secretfile', 'secretcontent', 'filenote',
    'source', 'summary', 'rejected', 'draft', 'why', 'override', 'article', 'snippet', 'unpublished', 'spam', 'other'].map((place) => [place, `zq${place}vx`]),
);
const kPublic = ['subject', 'body', 'reply', 'action', 'publicfile', 'publiccontent', 'answer'].map((place) => word[place]);
const kInternal = ['config', 'command', 'note', 'call', 'secretfile', 'secretcontent', 'filenote', 'source', 'summary', 'rejected', 'draft', 'why',
  'override', 'article', 'snippet', 'unpublished', 'spam'].map((place) => word[place]);
// Only after a second person approved it; here she did not.
kInternal.push(word.resolution);
const texts = (text) => ({ en: text, es: text, pt: text });

async function tellTheStory() {
  const { asker, stranger, copied } = people;
  const opened = await asker.post('/portal/tickets', { subject: `Tunnel ${word.subject}`, body: `It fails ${word.body}` });
  const at = `/tickets/${opened.id}`;
  await admin.patch(at, { assignee_id: agent.me.id });
  await agent.post(`${at}/messages`, { body: `We look ${word.reply}`, cc: [copied.email] });
  await asker.post(`/portal${at}/messages`, { body: `Thanks ${word.answer}` });
  await agent.post(`${at}/notes`, { body: `Careful ${word.note}`, mentions: [admin.me.id] });
  await agent.post(`${at}/calls`, { direction: 'in', contact_made: true, seconds: 60, body: word.call });
  await agent.post(`${at}/work-records`, { action: `Restarted ${word.action}`, before: word.config, after: word.config, command: word.command, result: word.config, ok: true });
  await agent.must('PUT', `${at}/draft`, { body: { kind: 'reply', body: word.draft } });
  const publicFile = await world.addFile(opened.id, { by: agent, filename: `${word.publicfile}.log`, content: word.publiccontent });
  const secretFile = await world.addFile(opened.id, {
    by: agent, filename: `${word.secretfile}.log`, content: word.secretcontent, fields: { public: 'false', note: word.filenote, source: word.source },
  });
  await admin.patch(at, { priority_override: { priority: 'P2', reason: word.override } });
  await agent.post(`${at}/promises`, { kind: 'eta', at: tomorrow() });
  await agent.post(`${at}/transitions`, { to: 'waiting_third_party', reason: word.why });
  await agent.post(`${at}/transitions`, { to: 'open' });
  const approval = await agent.post(`${at}/approvals`, { summary: word.summary, resolution: word.resolution });
  await admin.post(`/approvals/${approval.id}/decision`, { decision: 'reject', reason: word.rejected });
  const article = await admin.post('/articles', { title: word.article, body: word.article, language: 'en', visibility: 'internal', state: 'published' });
  const draft = await admin.post('/articles', { title: word.unpublished, body: word.unpublished, language: 'en', visibility: 'public', state: 'draft' });
  await admin.post('/snippets', { key: fresh('k').replace(' ', '-'), title: texts(word.snippet), body: texts(word.snippet) });
  const spam = await asker.post('/portal/tickets', { subject: word.spam, body: word.spam });
  await agent.post(`/tickets/${spam.id}/transitions`, { to: 'spam' });
  const other = await stranger.post('/portal/tickets', { subject: word.other, body: word.other });
  return { opened, spam, other, publicFile, secretFile, approval, article, draft };
}

before(async () => {
  world = await World.start();
  ({ admin, agent } = world);
  const here = world.contact.organisation;
  people = {
    asker: await newCustomer(world, here),
    copied: await newCustomer(world, here),
    colleague: await newCustomer(world, here),
    approver_there: await newCustomer(world, here, { roles: ['approver'] }),
    stranger: await newCustomer(world, world.otherContact.organisation, { roles: ['approver'] }),
  };
  for (const [name, client] of Object.entries(people)) client.name = name;
  streams = Object.fromEntries(await Promise.all(Object.entries({ ...people, admin }).map(async ([name, client]) => [name, await follow(client)])));
  const { items: old } = await admin.get('/tickets?sort=-created&limit=3');
  const story = await tellTheStory();
  const clock = (await admin.get(`/tickets/${story.opened.id}/clocks`)).items[0].id.replace('/', '-');
  const rota = (await admin.get('/rotas')).items[0];
  const ids = [story.opened, story.spam, story.other, ...old].flatMap(({ id, number }) => [id, number]);
  things = {
    ...story,
    id: [...ids, world.image.id, ...[story.publicFile, story.secretFile, story.approval, story.article, story.draft, rota].map(({ id }) => id), here, agent.me.id, people.asker.me.id],
    clock: [clock], seq: ['1', world.image.seq], image: [world.image.image], token: ['no-such-token'],
  };
});
after(() => {
  for (const stream of Object.values(streams ?? {})) stream.close();
  return world?.stop();
});

/** Words and names of things that this person must never meet. */
function forbiddenTo(name) {
  const { opened, spam, other, secretFile, approval, article, draft } = things;
  const takesPart = ['asker', 'copied', 'approver_there'].includes(name);
  return [
    ...kInternal, spam.number, spam.id, secretFile.id, secretFile.sha256, approval.id, article.id, draft.id,
    ...(takesPart ? [] : [...kPublic, opened.number, opened.id]),
    ...(name === 'stranger' ? [] : [word.other, other.number, other.id]),
  ];
}

function searches() {
  const { opened, spam, other } = things;
  const words = [...Object.values(word), ...Object.values(word).map((one) => `"${one}"`), 'zq*'];
  const filters = [opened, spam, other].flatMap(({ number }) => [number, `number:${number}`]);
  filters.push('from:customer.example', 'state:open', 'is:open', 'is:unassigned', 'is:breached', 'has:evidence', 'has:approval', 'state:spam', 'has:evidence zq*', 'before:2100-01-01');
  return [...words, ...filters].flatMap((q) => ['', 'relevance'].map((sort) => new URLSearchParams({ q, limit: '100', ...(sort && { sort }) }).toString()));
}

const queries = () => ({
  search: searches(),
  listTickets: ['limit=200&sort=-created', 'state=spam&limit=200'],
  listPortalTickets: ['limit=200', 'limit=200&state=closed'],
  listPortalArticles: ['limit=200', 'state=draft', 'visibility=internal', `q=${word.article}`],
  listArticles: ['limit=200&state=draft', 'limit=200'],
  getDashboardCsv: ['table=by_team'],
  getRotaSchedule: ['from=2026-03-02T00:00:00Z&to=2026-03-16T00:00:00Z'],
  listHolidays: ['country=ES&year=2026'],
  getOnCallFeed: ['token=no-such-token'],
  listAudit: ['limit=100'],
});

describe('what can be read', { concurrency: false }, () => {
  test('the desk itself reads every word: the crawl finds what is there', async () => {
    await until('the index', async () => (await admin.get(`/search?q=${word.unpublished}`)).items.length > 0);
    const all = [...(await crawl(admin, world.document.operations, things, queries())), ...(await crawl(agent, world.document.operations, things, queries()))];
    const text = all.map((one) => one.text).join('\n');
    for (const [place, each] of Object.entries(word)) assert.ok(text.includes(each), `${place}: nobody of the desk finds ${each}`);
  });

  for (const name of ['asker', 'copied', 'approver_there', 'colleague', 'stranger', 'nobody']) {
    test(`${name}: no word, number or id that is not hers`, async () => {
      const client = people[name] ?? world.nobody;
      const all = await crawl(client, world.document.operations, things, queries());
      for (const { text, asked, status } of all) {
        for (const each of forbiddenTo(name)) assert.ok(!text.includes(each), `${asked} told ${each}: ${status} ${text.slice(0, 800)}`);
      }
      if (!['asker', 'copied', 'approver_there'].includes(name)) return;
      const text = all.map((one) => one.text).join('\n');
      for (const each of kPublic) assert.ok(text.includes(each), `${name} does not find ${each}, which is hers`);
    });
  }

  test('a search counts only what it may show, and tells a customer no state of the inside', async () => {
    const seen = new Set(['asker', 'copied', 'approver_there']);
    for (const [name, client] of Object.entries(people)) {
      for (const query of searches()) {
        const { items, total, next_cursor: next } = await client.get(`/search?${query}`);
        if (!next) assert.equal(total.value, items.length, `${name}: ${query} counts ${total.value} and shows ${items.length}`);
        for (const item of items) {
          assert.equal(item.state, undefined, `${name}: ${query} tells the state ${item.state}`);
          if (item.type !== 'article') assert.ok((await client.ask('GET', `/portal/tickets/${item.id}`)).status === 200, `${name}: ${query} shows what the portal hides`);
        }
        if (!seen.has(name) && query.includes(word.subject)) assert.equal(total.value, 0, `${name}: ${query}`);
      }
    }
  });

  test('what watches the desk from outside reads figures, no words', async () => {
    for (const path of ['/metrics', '/health/ready', '/health/live']) {
      const text = await (await fetch(world.base + path)).text();
      assert.ok(text.length > 0, path);
      const names = [things.opened.number, things.opened.id, people.asker.email, ...Object.values(word)];
      for (const each of names) assert.ok(!text.includes(each), `${path} told ${each}`);
    }
  });

  test('a key finds only what its scopes read', async () => {
    const keyOf = async (...scopes) => {
      const { secret } = await admin.post('/keys', { name: fresh('key'), scopes });
      return new Client(world.base, { name: scopes.join(), headers: { Authorization: `Bearer ${secret}` } });
    };
    const tickets = await keyOf('ticket.read');
    assert.deepEqual((await tickets.get(`/search?q=${word.article}`)).items, []);
    assert.equal((await tickets.get(`/search?q=${word.note}`)).items.length, 1);
    assert.equal((await (await keyOf('article.read')).ask('GET', `/search?q=${word.article}`)).status, 403);
  });
});

describe('what is told as it happens', { concurrency: false }, () => {
  const ofHers = async () => {
    const last = {};
    for (const [name, client] of Object.entries(people)) last[name] = (await client.post('/portal/tickets', { subject: 'The last', body: 'Word' })).number;
    return last;
  };

  test('each hears of what she takes part in, and of nothing else', async () => {
    const last = await ofHers();
    for (const [name, stream] of Object.entries(streams)) await stream.hears(name === 'admin' ? last.stranger : last[name]);
    for (const name of Object.keys(people)) {
      const { number, id } = things.spam; // before it was, it was a request like any other
      const heardBefore = ['asker', 'approver_there'].includes(name) ? [number, id] : [];
      for (const each of forbiddenTo(name).filter((one) => !heardBefore.includes(one))) {
        assert.ok(!streams[name].text.includes(each), `${name} heard ${each}:\n${streams[name].text}`);
      }
      assert.doesNotMatch(streams[name].text, /presence|approval|staff\.|survey\.low|mail\.delivery|rota\./, `${name} heard of the inside`);
    }
    for (const name of ['asker', 'copied', 'approver_there']) assert.ok(streams[name].text.includes(things.opened.number), `${name} heard nothing`);
    for (const each of [things.opened, things.spam, things.other]) assert.ok(streams.admin.text.includes(each.number));
  });

  test('nor when she comes back and asks for what she missed', async () => {
    const last = await ofHers();
    for (const [name, client] of Object.entries(people)) {
      const again = await follow(client, { after: streams[name].start });
      await again.hears(last[name]);
      for (const each of forbiddenTo(name)) assert.ok(!again.text.includes(each), `${name} heard ${each}`);
      again.close();
    }
  });

  test('a stream ends with the right to it', async () => {
    const somebody = await newStaff(world, 'agent');
    const left = await newStaff(world, 'agent');
    const customer = await newCustomer(world, world.contact.organisation);
    const key = await agent.post('/keys', { name: fresh('key'), scopes: ['ticket.read'] });
    const program = new Client(world.base, { name: 'key', headers: { Authorization: `Bearer ${key.secret}` } });
    const open = { somebody: await follow(somebody), left: await follow(left), customer: await follow(customer), program: await follow(program), admin: await follow(admin) };
    await admin.patch(`/staff/${somebody.me.id}`, { active: false });
    await left.ask('DELETE', '/session');
    await admin.patch(`/contacts/${customer.me.id}`, { portal: false });
    await agent.ask('DELETE', `/keys/${key.id}`);
    for (const name of ['somebody', 'left', 'customer', 'program']) await open[name].ends();
    const { number } = await people.asker.post('/portal/tickets', { subject: 'After', body: 'It' });
    await open.admin.hears(number);
    for (const name of ['somebody', 'left', 'customer', 'program']) assert.ok(!open[name].text.includes(number), name);
    open.admin.close();
  });
});

describe('what is sent out', { concurrency: false }, () => {
  const lettersTo = async (address) => (await world.mails()).filter((mail) => mail.raw.toLowerCase().includes(`to: <${address}>`) || mail.headers.to?.includes(address) || mail.headers.cc?.includes(address));
  const said = (mail) => [mail.raw, mail.subject, mail.text, mail.html, ...mail.attachments.map(({ filename, content }) => `${filename} ${content}`)].join('\n');

  test('a mail to a customer holds nothing of the inside, and goes to nobody else', async () => {
    const { asker, copied, colleague, stranger } = people;
    await until('the reply', async () => (await lettersTo(copied.email)).some((mail) => said(mail).includes(word.reply)));
    for (const mail of await world.mails()) {
      for (const each of kInternal) assert.ok(!said(mail).includes(each), `a mail to ${mail.headers.to} holds ${each}`);
    }
    for (const { email } of [colleague, stranger]) {
      for (const mail of await lettersTo(email)) {
        for (const each of [...kPublic, things.opened.number]) assert.ok(!said(mail).includes(each), `${email} was sent ${each}`);
      }
    }
    assert.ok((await lettersTo(asker.email)).some((mail) => said(mail).includes(word.reply)));
  });

  test('who forges a customer\'s address and puts himself in copy gets no answer', async () => {
    const { opened } = things;
    const raw = (number, from) => [`From: <${from}>`, 'To: <desk@desk.example>', 'Cc: <thief@evil.example>', `Subject: Re: [${number}]`, `Message-ID: <${fresh('forged').replace(' ', '-')}@evil.example>`, '', 'And?', ''].join('\r\n');
    const size = async () => (await admin.get(`/tickets/${opened.id}/entries`)).items.length;
    const had = await size();
    assert.ok(await deliver(world.lmtp, { from: people.asker.email, to: 'desk@desk.example', raw: raw(opened.number, people.asker.email) }));
    assert.ok(await deliver(world.lmtp, { from: people.stranger.email, to: 'desk@desk.example', raw: raw(opened.number, people.stranger.email) }));
    await until('the forged mail', async () => (await size()) > had);
    const { cc } = await admin.get(`/tickets/${opened.id}`);
    assert.ok(!cc.includes('thief@evil.example') && !cc.includes(people.stranger.email), `takes part: ${cc}`);
    await agent.post(`/tickets/${opened.id}/messages`, { body: `Here it is: ${word.config}zz` });
    await until('the answer', async () => (await lettersTo(people.asker.email)).some((mail) => said(mail).includes(`${word.config}zz`)));
    for (const mail of await world.mails()) {
      const goes = `${mail.headers.to} ${mail.headers.cc}`;
      if (said(mail).includes(`${word.config}zz`)) assert.ok(!goes.includes('thief@evil.example') && !goes.includes(people.stranger.email), goes);
    }
  });

  test('a calendar link shows turns to who holds it, until it is ended', async () => {
    const own = new URL((await agent.post('/me/on-call-feed')).url).searchParams.get('token');
    const feed = (token) => world.nobody.ask('GET', `/feeds/on-call.ics?token=${token}`);
    const text = (await feed(own)).text;
    assert.match(text, /^BEGIN:VCALENDAR/);
    for (const each of [...Object.values(word), things.opened.number, '@customer.example']) assert.ok(!text.includes(each), each);
    assert.equal((await feed(`${own}x`)).status, 404);
    assert.equal((await agent.ask('DELETE', '/me/on-call-feed')).status, 204);
    assert.equal((await feed(own)).status, 404);
  });
});
