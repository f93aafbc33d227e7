// The desk itself, as it is shipped, is mended and taken back while agents work: no error, no lost connection.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { done, program, propolis } from './lib.mjs';

const kCycles = Number(process.env.CYCLES ?? 200);
const kClients = 64;
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

let dir;
let desk;
before(() => {
  dir = mkdtempSync(join(tmpdir(), 'lp-desk-'));
});
after(async () => {
  desk?.kill();
  rmSync(dir, { recursive: true, force: true });
});

/** A request over a connection that is kept. */
function ask(agent, port, method, path, key, body) {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = { Authorization: `Bearer ${key}`, ...(text && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }) };
    const sent = request({ agent, port, host: '127.0.0.1', method, path, headers }, (answer) => {
      let got = '';
      answer.on('data', (chunk) => (got += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: got }));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.on('socket', (socket) => agent.used.add(socket));
    sent.end(text);
  });
}

test('the desk is mended while it serves', async (t) => {
  const data = join(dir, 'desk');
  const adding = spawn(program, ['user', 'add', '--data', data, '--email', 'ana@desk.example', '--role', 'admin', '--password-stdin'], { stdio: ['pipe', 'ignore', 'inherit'] });
  adding.stdin.end('correct horse battery\n');
  await new Promise((resolve) => adding.on('exit', resolve));
  const key = (await done('key', 'add', '--data', data, '--user', 'ana@desk.example', '--scope', '*')).trim();
  mkdirSync(join(data, 'livepatch'), { mode: 0o700 });
  writeFileSync(join(data, 'livepatch', 'keys'), await done('livepatch', 'key', join(dir, 'secret')));

  const kit = join(dir, 'kit');
  await done('livepatch', 'kit', kit, '--program', program, '--source', root, '--build', dirname(program));
  const mended = join(dir, 'mended');
  cpSync(join(root, 'src'), join(mended, 'src'), { recursive: true });
  const file = join(mended, 'src/store/sqlite/engine.cpp');
  const old = readFileSync(file, 'utf8');
  assert.ok(old.includes('health.engine = "sqlite"'));
  writeFileSync(file, old.replace('health.engine = "sqlite"', 'health.engine = "sqlite, mended"'));
  const patch = join(dir, 'fix.patch');
  const built = await propolis('livepatch', 'build', patch, '--kit', kit, '--old', root, '--new', mended, '--id', 'PP-1', '--json');
  assert.equal(built.code, 0, built.stderr);
  await done('livepatch', 'sign', patch, '--key', join(dir, 'secret'));

  desk = spawn(program, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--mail-dir', join(dir, 'mail')], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  desk.stderr.on('data', (chunk) => (log += chunk));
  const port = await new Promise((resolve, reject) => {
    let text = '';
    desk.stdout.on('data', (chunk) => {
      text += chunk;
      const found = /propolis serves http:\/\/127\.0\.0\.1:(\d+)/.exec(text);
      if (found) resolve(Number(found[1]));
    });
    desk.on('exit', () => reject(new Error(`the desk ended: ${log}`)));
  });

  let running = true;
  let tickets = 0;
  let reads = 0;
  let sockets = 0;
  const health = new Set();
  const client = async (number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    agent.used = new Set();
    while (running) {
      const opened = await ask(agent, port, 'POST', '/api/v1/tickets', key, { subject: `Client ${number}`, body: 'VPN', requester: { email: `c${number}@client.example` } });
      assert.equal(opened.status, 201, opened.body);
      tickets += 1;
      const read = await ask(agent, port, 'GET', `/api/v1/tickets/${JSON.parse(opened.body).number}`, key);
      assert.equal(read.status, 200, read.body);
      const ready = await ask(agent, port, 'GET', '/health/ready', key);
      assert.equal(ready.status, 200);
      health.add(JSON.parse(ready.body).engine);
      reads += 2;
    }
    sockets += agent.used.size;
    agent.destroy();
  };
  const clients = Array.from({ length: kClients }, (_, number) => client(number));
  const converged = [];
  try {
    for (let i = 0; i < kCycles; ++i) {
      const applied = JSON.parse(await done('livepatch', 'apply', '--data', data, '--json', patch));
      assert.equal(applied.level, 1);
      assert.equal(applied.stopped_us, 0);
      converged.push(applied.converge_us);
      await done('livepatch', 'verify', '--data', data);
      await done('livepatch', 'revert', '--data', data, '--json');
    }
  } finally {
    running = false;
  }
  await Promise.all(clients);
  assert.equal(sockets, kClients, 'every client still has the one connection it began with');
  assert.equal(health.size, 2, [...health].join());
  converged.sort((a, b) => a - b);
  t.diagnostic(`${tickets} tickets, ${reads} reads, ${2 * kCycles} switches; converged in median ${converged[converged.length >> 1]} µs, at most ${converged.at(-1)} µs`);
});
