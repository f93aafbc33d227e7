// A desk whose process is killed (SIGKILL) again and again while programs open tickets by the API and by mail, each trying
// again until it was told that it worked, as a client and a mail server do. Afterwards everything that was acknowledged is
// there, nothing is there twice, and `propolis doctor` finds the desk sound.
//   SEED=7 tests/kill/run    repeats the kills of a run, as far as the machine's own timing allows
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deliver } from '../api/lib/lmtp.mjs';
import { composeMail, freePort, parseMail } from '../mailhost/mail.mjs';

const run = promisify(execFile);
const program = process.env.PROPOLIS ?? fileURLToPath(new URL('../../build/propolis', import.meta.url));
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
console.log(`seed ${seed}`);

const kEach = 200; // tickets by each way
const kClients = 4;
const kKills = 10; // at least, by each way
const kWithFile = 5; // every fifth mail brings a file
const kDesk = 'desk@desk.example';
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(start) {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const random = randomFrom(seed);

class Desk {
  kills = 0;
  stopping = false;

  async prepare() {
    this.dir = mkdtempSync(join(tmpdir(), 'propolis-kill-'));
    this.data = join(this.dir, 'desk');
    [this.port, this.lmtp] = [await freePort(), await freePort()];
    this.base = `http://127.0.0.1:${this.port}`;
    const added = run(program, ['user', 'add', '--data', this.data, '--email', 'ana@desk.example', '--role', 'admin', '--password-stdin']);
    added.child.stdin.end('correct horse battery\n');
    await added;
    this.key = (await run(program, ['key', 'add', '--data', this.data, '--user', 'ana@desk.example', '--scope', '*'])).stdout.trim();
  }

  async start() {
    this.log = '';
    const options = ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`, '--lmtp', `127.0.0.1:${this.lmtp}`,
      '--mail-dir', join(this.dir, 'out'), '--mail-address', kDesk];
    this.child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (chunk) => (this.log += chunk));
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    for (const end = Date.now() + 15_000; !this.log.includes('propolis serves'); await pause(5)) {
      assert.equal(this.child.exitCode, null, `the desk does not start again:\n${this.log}`);
      assert.ok(Date.now() < end, `the desk is not ready:\n${this.log}`);
    }
  }

  async stop(signal = 'SIGTERM') {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill(signal);
    await this.ended;
  }

  /** Kills and starts again each time another few acts were acknowledged, until `done`. */
  async killWhile(acknowledged, done) {
    let kills = 0;
    let next = 4 + Math.floor(random() * 16);
    while (!done()) {
      if (acknowledged() < next) {
        await pause(1);
        continue;
      }
      await pause(random() * 6);
      await this.stop('SIGKILL');
      kills += 1;
      next = acknowledged() + 4 + Math.floor(random() * 22);
      await this.start();
    }
    return kills;
  }

  async ask(method, path, body, headers = {}) {
    const response = await fetch(`${this.base}/api/v1${path}`, {
      method, signal: AbortSignal.timeout(5000), body: body && JSON.stringify(body),
      headers: { Authorization: `Bearer ${this.key}`, ...(body && { 'Content-Type': 'application/json' }), ...headers },
    });
    return { status: response.status, json: await response.json() };
  }

  /** Until it is told 201: no answer and "try later" mean the same to a client, "no" means the test is wrong. */
  async insist(path, body, key) {
    for (;;) {
      const answer = await this.ask('POST', path, body, { 'Idempotency-Key': key }).catch(() => undefined);
      if (answer?.status === 201) return answer.json;
      if (answer && answer.status < 500) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.json)}`);
      await pause(2 + random() * 20);
    }
  }
}

const desk = new Desk();
before(() => desk.prepare());
after(async () => {
  await desk.stop('SIGKILL');
  rmSync(desk.dir, { recursive: true, force: true });
});

/** Runs `act` for each number, by several clients at once. */
async function byClients(act) {
  const jobs = Array.from({ length: kEach }, (_, i) => i);
  await Promise.all(Array.from({ length: kClients }, async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await act(job);
  }));
}

async function everyTicket() {
  const tickets = [];
  for (let cursor = ''; cursor !== undefined; ) {
    const { json } = await desk.ask('GET', `/tickets?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    tickets.push(...json.items);
    cursor = json.next_cursor;
  }
  return tickets;
}

const bySubject = (tickets) => Map.groupBy?.(tickets, ({ subject }) => subject) ??
  tickets.reduce((all, one) => all.set(one.subject, [...(all.get(one.subject) ?? []), one]), new Map());

async function entriesOf(ticket, kind) {
  return (await desk.ask('GET', `/tickets/${ticket.id}/entries?kind=${kind}`)).json.items;
}

test('tickets and notes by the API', { timeout: 60_000 }, async () => {
  await desk.start();
  const opened = new Map();
  let acknowledged = 0;
  let working = true;
  const work = byClients(async (i) => {
    const ticket = await desk.insist('/tickets', { subject: `By API ${i}`, body: 'Nothing works.', requester: { email: `c${i}@customer.example` } }, `open-${i}`);
    acknowledged += 1;
    const note = await desk.insist(`/tickets/${ticket.id}/notes`, { body: `Note ${i}` }, `note-${i}`);
    acknowledged += 1;
    opened.set(`By API ${i}`, { ticket, note });
  }).finally(() => (working = false));
  const [kills] = await Promise.all([desk.killWhile(() => acknowledged, () => !working), work]);
  console.log(`${kills} kills while ${kEach} tickets and ${kEach} notes came by the API`);
  assert.ok(kills >= kKills, `only ${kills} kills`);

  const stored = bySubject(await everyTicket());
  assert.equal(opened.size, kEach);
  for (const [subject, { ticket, note }] of opened) {
    const found = stored.get(subject) ?? [];
    assert.deepEqual(found.map(({ number }) => number), [ticket.number], `${subject}: acknowledged ${ticket.number}`);
    const notes = await entriesOf(ticket, 'note');
    assert.deepEqual(notes.map(({ id, body_text }) => [id, body_text]), [[note.id, note.body_text]], subject);
  }
});

test('tickets by mail', { timeout: 60_000 }, async () => {
  let acknowledged = 0;
  let working = true;
  const work = byClients(async (i) => {
    const attachments = i % kWithFile === 0 ? [{ filename: 'edge.log', type: 'text/plain', content: `line ${i}\n`.repeat(500) }] : [];
    const from = `m${i}@customer.example`;
    const { raw } = composeMail({ from, to: kDesk, subject: `By mail ${i}`, body: 'No mail.', messageId: `<kill-${i}@customer.example>`, attachments });
    while (!(await deliver(desk.lmtp, { from, to: kDesk, raw: raw.replace(/\r?\n/g, '\r\n') }))) await pause(2 + random() * 20);
    acknowledged += 1;
  }).finally(() => (working = false));
  const [kills] = await Promise.all([desk.killWhile(() => acknowledged, () => !working), work]);
  console.log(`${kills} kills while ${kEach} tickets came by mail`);
  assert.ok(kills >= kKills, `only ${kills} kills`);

  const tickets = await everyTicket();
  const stored = bySubject(tickets);
  for (let i = 0; i < kEach; i += 1) {
    const found = stored.get(`By mail ${i}`) ?? [];
    assert.equal(found.length, 1, `By mail ${i}: ${found.length} tickets`);
    assert.equal((await entriesOf(found[0], 'message')).length, 1, `By mail ${i}: its message`);
    if (i % kWithFile === 0) {
      const { items } = (await desk.ask('GET', `/tickets/${found[0].id}/evidence`)).json;
      assert.equal(items.length, 1, `By mail ${i}: its file`);
      const file = await fetch(`${desk.base}/api/v1/evidence/${items[0].id}/content`, { headers: { Authorization: `Bearer ${desk.key}` } });
      assert.equal(await file.text(), `line ${i}\n`.repeat(500));
    }
  }
  assert.equal(new Set(tickets.map(({ number }) => number)).size, 2 * kEach, 'numbers');
});

test('each mail was answered once, by letters that are told apart', { timeout: 30_000 }, async () => {
  // A letter may leave twice when the desk dies between handing it over and noting that; then with the same Message-ID.
  const letters = () => readdirSync(join(desk.dir, 'out')).filter((name) => name.endsWith('.eml') && !name.startsWith('.'))
    .map((name) => parseMail(readFileSync(join(desk.dir, 'out', name))))
    .filter(({ headers }) => /^\S*m\d+@customer\.example|<m\d+@customer\.example>/.test(headers.to ?? ''));
  const byReader = () => {
    const all = new Map();
    for (const { headers, messageId } of letters()) all.set(headers.to, (all.get(headers.to) ?? new Set()).add(messageId));
    return all;
  };
  for (const end = Date.now() + 20_000; byReader().size < kEach && Date.now() < end; ) await pause(100);
  const answered = byReader();
  assert.equal(answered.size, kEach);
  for (const [reader, ids] of answered) assert.equal(ids.size, 1, `${reader} got ${[...ids]}`);
});

test('the desk is sound', { timeout: 30_000 }, async () => {
  await desk.stop();
  const { stdout } = await run(program, ['doctor', '--data', desk.data]);
  assert.match(stdout, /sound/);
  const tickets = (await run(program, ['export', '--data', desk.data], { maxBuffer: 64 << 20 })).stdout.trim().split('\n');
  assert.equal(tickets.length, 2 * kEach);
});
