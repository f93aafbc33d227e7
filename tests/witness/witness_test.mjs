// The audit log's witness as the built program runs it: its copy is the desk's log, also when it is killed again and
// again; a desk that was put back to an earlier state, or whose log was rewritten, is found; the copy verifies alone.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../mailhost/mail.mjs';

const run = promisify(execFile);
const program = process.env.PROPOLIS ?? fileURLToPath(new URL('../../build/propolis', import.meta.url));
const kLate = 5; // seconds
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let dir, data, folder, port, witnessPort, key, logKey, witnessKey, desk, witness;

async function until(what, holds) {
  for (const end = Date.now() + 120_000; !(await holds()); await pause(50)) {
    assert.ok(Date.now() < end, `never: ${what}`);
  }
}

function start(args, line) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.log = '';
  child.stderr.on('data', (chunk) => (child.log += chunk));
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => String(chunk).includes(line) && resolve(child));
    child.on('exit', (code) => reject(new Error(`${args[0]} ended with ${code}: ${child.log}`)));
  });
}

async function stop(child, signal = 'SIGTERM') {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.on('exit', resolve));
  child.kill(signal);
  await gone;
}

const startDesk = async () =>
  (desk = await start(['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--mail-dir', join(dir, 'out'),
    '--witness', `http://127.0.0.1:${witnessPort}`, '--witness-key', witnessKey], 'propolis serves'));
const startWitness = async (late = kLate) =>
  (witness = await start(['witness', '--data', folder, '--listen', `127.0.0.1:${witnessPort}`, '--log-key', logKey,
    '--late', String(late), '--alarm-to', 'security@desk.example', '--mail-dir', join(dir, 'alarms')], 'propolis witness'));

async function open(count) {
  for (let i = 0; i < count; ++i) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/tickets`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ subject: `Ticket ${i}`, body: 'The tunnel is down.', requester: { email: 'ben@client.example' } }),
    });
    assert.equal(answer.status, 201);
  }
}

const status = async () => (await fetch(`http://127.0.0.1:${witnessPort}/status`)).json();
const alarms = () =>
  existsSync(join(folder, 'alarms.jsonl'))
    ? readFileSync(join(folder, 'alarms.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line).kind)
    : [];

/** All that the desk wrote has been signed and copied. */
async function followed() {
  const exported = join(dir, `export-${Math.random()}`);
  await run(program, ['audit', 'export', '--data', data, exported]);
  const lines = readFileSync(exported, 'utf8');
  const count = lines.split('\n').length - 1;
  await until(`${count} entries are with the witness`, async () => (await status()).held >= count);
  return lines;
}

before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'propolis-witness-'));
  data = join(dir, 'desk');
  folder = join(dir, 'witness');
  [port, witnessPort] = [await freePort(), await freePort()];
  const added = run(program, ['user', 'add', '--data', data, '--email', 'ana@desk.example', '--role', 'admin', '--password-stdin']);
  added.child.stdin.end('correct horse battery\n');
  await added;
  key = (await run(program, ['key', 'add', '--data', data, '--user', 'ana@desk.example', '--scope', '*'])).stdout.trim();
  logKey = (await run(program, ['audit', 'key', '--data', data])).stdout.trim();
  witnessKey = (await run(program, ['witness', 'key', '--data', folder])).stdout.trim();
});
after(async () => {
  await stop(desk);
  await stop(witness);
  rmSync(dir, { recursive: true, force: true });
});

test('the witness copies, signs, and its copy verifies alone', async () => {
  await startWitness(3600);
  await startDesk();
  await open(20);
  const exported = await followed();
  assert.ok(readFileSync(join(folder, 'log.jsonl'), 'utf8').startsWith(exported));
  const { stdout } = await run(program, ['audit', 'verify', join(folder, 'log.jsonl'), '--key', logKey]);
  assert.match(stdout, /sound/);
  // What the desk hands out carries the witness's signature.
  await until('a proof with both signatures', async () => {
    const proof = (await run(program, ['audit', 'proof', '--data', data, '3'])).stdout;
    return proof.includes('\u2014 propolis-audit ') && proof.includes('\u2014 propolis-witness ');
  });
  assert.match(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text(), /propolis_witness_held_entries \d\d/);
  assert.deepEqual(alarms(), []);
});

test('a witness that is killed again and again misses nothing', async (t) => {
  for (let i = 0; i < 15; ++i) {
    const opening = open(5);
    await pause(Math.random() * 400);
    await stop(witness, 'SIGKILL');
    await startWitness(3600);
    await opening;
  }
  const exported = await followed();
  assert.ok(readFileSync(join(folder, 'log.jsonl'), 'utf8').startsWith(exported));
  await run(program, ['audit', 'verify', join(folder, 'log.jsonl'), '--key', logKey]);
  assert.deepEqual(alarms(), []);
  t.diagnostic(`${exported.split('\n').length - 1} entries`);
});

test('silence, and a desk that was put back, raise alarms that are mailed', async () => {
  await stop(desk);
  cpSync(data, join(dir, 'earlier'), { recursive: true });
  await startDesk();
  await open(10);
  await followed();
  await stop(desk);
  await stop(witness);
  await startWitness();
  await until('the silence is noticed', () => alarms().includes('silent'));
  rmSync(data, { recursive: true });
  cpSync(join(dir, 'earlier'), data, { recursive: true });
  const kept = join(folder, 'checkpoint');
  // Nothing in the desk itself tells; what the witness holds does.
  await run(program, ['audit', 'verify', '--data', data]);
  await assert.rejects(run(program, ['audit', 'verify', '--data', data, '--checkpoint', kept]), { code: 3 });
  await startDesk();
  await until('the older state is noticed', () => alarms().includes('shorter'));
  await open(40); // another history, longer than the first
  await until('the other history is noticed', () => alarms().some((kind) => kind === 'fork' || kind === 'inconsistent'));
  assert.ok(readdirSync(join(folder, 'evidence')).length >= 1);
  assert.match(desk.log, /witness\.push/);
  await until('the alarms are mailed', () => existsSync(join(dir, 'alarms')) && readdirSync(join(dir, 'alarms')).length >= 3);
  const mails = readdirSync(join(dir, 'alarms')).map((name) => readFileSync(join(dir, 'alarms', name), 'utf8'));
  assert.ok(mails.every((mail) => mail.includes('Subject: Audit log alarm: ') && mail.includes('To: <security@desk.example>')));
  // The desk serves on whatever its witness says.
  assert.equal((await fetch(`http://127.0.0.1:${port}/health/ready`)).status, 200);
});

test('bad options say what is wrong', async () => {
  for (const [option, value, message] of [['--log-key', 'propolis-audit+00+AA', /no verifier key/], ['--late', '1', /--late/], ['--alarm-to', 'a@b.example', /--smtp/]]) {
    const options = { '--data': join(dir, 'other'), '--log-key': logKey, '--listen': '127.0.0.1:0', [option]: value };
    await assert.rejects(run(program, ['witness', ...Object.entries(options).flat()], { env: { ...process.env, LANG: 'en_US.UTF-8' } }),
      (failed) => failed.code !== 0 && message.test(failed.stderr));
  }
});
