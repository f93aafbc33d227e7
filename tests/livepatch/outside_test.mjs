// Services that do not link the runtime are mended from outside, by ptrace: no call is interrupted, nobody is overtaken.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, Service, Workshop, done, program, propolis } from './lib.mjs';

const kCycles = Number(process.env.CYCLES ?? 200) / 10;
const kVersions = { 1: '41 41 one 3', 2: '42 42 two 3' };
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const outside = (verb, service, patch, deadline = 60000) =>
  propolis('livepatch', verb, '--pid', String(service.child.pid), '--keys', service.shop.keys, '--deadline', String(deadline), '--longest-stop', '5000', '--json', patch);

async function succeed(verb, service, patch) {
  const result = await outside(verb, service, patch);
  assert.equal(result.code, 0, `${verb}: ${result.stderr}${result.stdout}`);
  return verb === 'verify' ? undefined : JSON.parse(result.stdout);
}

async function openShop(define, options) {
  const shop = await Workshop.open({ source: here('outside'), runtime: null, define, options });
  shop.keys = join(shop.dir, 'keys');
  writeFileSync(shop.keys, `ed25519:${shop.key.toString('base64')}\n`);
  return shop;
}

const until = async (what, condition) => {
  for (let i = 0; i < 3000; ++i) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`${what} never came`);
};

for (const [kind, define, options] of [
  ['with room for a jump', [], []],
  ['without', ['-fpatchable-function-entry=0'], ['--overwrite']],
]) {
  describe(kind, () => {
    let shop;
    let service;
    let patch;
    before(async () => {
      shop = await openShop(define, options);
      patch = await shop.patch({ 'work.c': [['kVersion = 1', 'kVersion = 2']] }, ['--level', '2', ...options]);
      service = await new Service(shop).start();
    });
    after(async () => {
      await service?.stop('SIGKILL');
      shop?.close();
    });

    test(`${kCycles} cycles under load`, async (t) => {
      let running = true;
      const seen = new Set();
      const clients = Array.from({ length: 4 }, async () => {
        const client = await Client.open(service.port);
        while (running) {
          const [first, second, ...words] = (await client.ask('R')).split(' ');
          // Each function is one of both versions; several in one answer may be of different ones.
          assert.ok(['41', '42'].includes(first) && Object.values(kVersions).some((answer) => answer.endsWith(`${second} ${words.join(' ')}`)));
          seen.add(first);
        }
        client.close();
      });
      for (const client of clients) client.catch(() => {});
      const stops = [];
      try {
        for (let i = 0; i < kCycles; ++i) {
          service.child.kill('SIGUSR1');
          const applied = await succeed('apply', service, patch);
          assert.deepEqual([applied.state, applied.consistency], ['applied', 'function']);
          stops.push(applied.stopped_us);
          await succeed('verify', service, patch);
          assert.equal(await service.ask('R'), kVersions[2]);
          assert.equal((await succeed('revert', service, patch)).state, 'reverted');
          assert.equal(await service.ask('R'), kVersions[1]);
          await until('the signal', async () => (await service.ask('S')) === String(i + 1));
        }
      } finally {
        running = false;
      }
      await Promise.all(clients);
      assert.equal(await service.ask('E'), '0', 'no blocked call was interrupted');
      assert.equal(seen.size, 2);
      stops.sort((a, b) => a - b);
      t.diagnostic(`stopped for ${stops[stops.length >> 1]} µs in median, at most ${stops.at(-1)} µs`);
    });

    test('whoever is within a function keeps all as it is, and is named', async () => {
      const client = await Client.open(service.port);
      const waiting = client.ask('W');
      waiting.catch(() => {});
      await until('the thread', async () => (await service.ask('N')) === '1');
      const late = await outside('apply', service, patch, 100);
      assert.equal(late.code, 75, late.stderr);
      const [who] = JSON.parse(late.stdout).in_the_way;
      assert.equal(who.function, 'Waiting');
      assert.ok(who.stack.includes('WaitForGo') && who.stack.includes('Waiting') && who.stack.includes('Serve'), who.stack.join(' '));
      assert.equal(await service.ask('R'), kVersions[1], 'nothing was changed');
      await service.ask('G');
      assert.equal(await waiting, '1');
      assert.equal((await succeed('apply', service, patch)).state, 'applied');
      assert.equal((await succeed('apply', service, patch)).attempts, 0, 'twice is once');
      const again = client.ask('W');
      again.catch(() => {});
      await until('the thread', async () => (await service.ask('N')) === '1');
      assert.equal((await outside('revert', service, patch, 100)).code, 75, 'nor is it taken back under somebody');
      await service.ask('G');
      assert.equal(await again, '2');
      await succeed('revert', service, patch);
      client.close();
      assert.equal(await service.ask('E'), '0');
    });

    test('what is refused', async (t) => {
      const refused = async (result, why) => {
        assert.equal((await result).code, 1, (await result).stdout);
        assert.match((await result).stderr, why);
        assert.equal(await service.ask('R'), kVersions[1]);
      };
      await refused(outside('apply', service, (await shop.tryBuild({ 'work.c': [['kVersion = 1', 'kVersion = 3']] }, options)).patch), /signature/);
      await refused(outside('apply', { child: { pid: 0x3fffff }, shop }, patch), /no process/);
      if (process.getuid() === 0) {
        chmodSync(shop.dir, 0o755);
        copyFileSync(patch, join(shop.dir, 'readable.patch'));
        for (const name of ['readable.patch', 'keys']) chmodSync(join(shop.dir, name), 0o644);
        try {
          execFileSync('setpriv', ['--reuid=65534', '--clear-groups', '--regid=65534', program, 'livepatch', 'apply', '--pid', String(service.child.pid),
            '--keys', shop.keys, join(shop.dir, 'readable.patch')], { stdio: 'pipe', env: { ...process.env, LANG: 'C' } });
          assert.fail('another user may not');
        } catch (error) {
          assert.match(String(error.stderr), /may not be traced/);
        }
      }
      await t.test('another build', async () => {
        const other = await openShop([...define, '-DOTHER', '-O1'], options);
        try {
          const { patch: foreign } = await other.tryBuild({ 'work.c': [['kVersion = 1', 'kVersion = 2']] }, options);
          await done('livepatch', 'sign', foreign, '--key', shop.secret);
          await refused(outside('apply', service, foreign), /another build/);
        } finally {
          other.close();
        }
      });
    });
  });
}

test('a service with an agent is not mended behind its back', async (t) => {
  const shop = await Workshop.open();
  t.after(() => shop.close());
  shop.keys = join(shop.dir, 'keys');
  writeFileSync(shop.keys, `ed25519:${shop.key.toString('base64')}\n`);
  const service = await new Service(shop).start();
  t.after(() => service.stop());
  const result = await outside('apply', service, await shop.version(2));
  assert.equal(result.code, 1);
  assert.match(result.stderr, /its own agent/);
});
