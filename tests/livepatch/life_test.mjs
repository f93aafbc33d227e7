// What happens around a switch: somebody holds it up, somebody kills the service or the one who asked, it starts again.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, Service, Workshop, parts, program } from './lib.mjs';

let shop;
let two;
before(async () => {
  shop = await Workshop.open();
  two = await shop.version(2);
});
after(() => shop?.close());

const versionOf = async (service) => parts(await service.ask('R')).versions.join();
const until = async (what, condition) => {
  for (let i = 0; i < 3000; ++i) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`${what} never came`);
};

test('a request that began on the old code ends on it, and is named while others are mended', async (t) => {
  const service = await new Service(shop).start('deadline=600000');
  t.after(() => service.stop());
  const client = await Client.open(service.port);
  const waiting = client.ask('W');
  await until('the request', async () => (await service.succeed('status')).requests === 1);
  const applying = service.succeed('apply', two);
  await until('the switch', async () => (await service.succeed('status')).state === 'switching');
  assert.equal(await versionOf(service), '2', 'whoever begins now runs the new code');
  const status = await service.succeed('status');
  assert.ok(status.holders.some((holder) => holder.kind === 'request' && holder.what === 'waits' && holder.since_ms >= 0), JSON.stringify(status));
  assert.equal((await service.command('revert')).code, 75, 'one switch at a time');
  await service.ask('G');
  assert.equal(await waiting, '1 1', 'both halves by the old code');
  assert.equal((await applying).state, 'settled');
  client.close();
});

test('past the deadline the switch is taken back', async (t) => {
  const service = await new Service(shop).start('deadline=50');
  t.after(() => service.stop());
  const client = await Client.open(service.port);
  const waiting = client.ask('W');
  await until('the request', async () => (await service.succeed('status')).requests === 1);
  const late = await service.command('apply', two);
  assert.equal(late.code, 75);
  assert.match(late.stderr, /taken back/);
  assert.equal(await versionOf(service), '1');
  await service.ask('G');
  assert.equal(await waiting, '1 1');
  assert.equal((await service.succeed('apply', two)).level, 2, 'later it works');
  client.close();
  await service.stop('SIGKILL');
});

test('a cumulative patch replaces the one before, and both can be taken back', async (t) => {
  const service = await new Service(shop).start();
  t.after(() => service.stop());
  await service.succeed('apply', two);
  // The next one mends one function only: the others go back to the release's own.
  const three = await shop.patch({ 'step.cpp': [['return kVersion;', 'return kVersion + 2;']] }, ['--level', '3', '--supersedes', 'two']);
  await service.succeed('apply', three);
  assert.equal(await versionOf(service), '1');
  const list = (await service.succeed('list')).patches;
  assert.deepEqual(list.map((patch) => [patch.level, patch.state]), [[3, 'active'], [2, 'resident']]);
  assert.deepEqual(list[0].functions, ['_ZN4work4StepEv']);
  await service.succeed('verify');
  await service.succeed('revert');
  assert.equal((await service.succeed('status')).level, 0);
});

test('coroutines that were suspended before go on, those of the patch go on after it is taken back', async (t) => {
  const service = await new Service(shop).start('deadline=600000');
  t.after(() => service.stop());
  const old = await service.ask('B');
  const applying = service.succeed('apply', two);
  await until('the switch', async () => (await service.succeed('status')).state === 'switching');
  const fresh = await service.ask('B');
  assert.equal(await service.ask(`F ${old}`), '1 1 1 1');
  await applying;
  const reverting = service.succeed('revert');
  await until('the switch', async () => (await service.succeed('status')).state === 'switching');
  assert.equal(await service.ask(`F ${fresh}`), '2 2 2 2');
  await reverting;
  assert.equal(await versionOf(service), '1');
});

test('a start applies again what was committed, before anybody is served', async (t) => {
  const service = await new Service(shop).start();
  await service.succeed('apply', two);
  await service.stop();
  await service.start();
  t.after(() => service.stop());
  assert.equal(await versionOf(service), '2', 'the first answer of all');
  assert.equal((await service.succeed('status')).level, 2);
  await service.succeed('revert');
  await service.stop();
  await service.start();
  assert.equal(await versionOf(service), '1');
});

test('killed in every state of the journal: all old or all new', async (t) => {
  const service = await new Service(shop).start();
  await service.succeed('apply', two);
  await service.succeed('revert');
  await service.stop('SIGKILL');
  const whole = readFileSync(join(service.folder, 'journal'), 'utf8').split('\n').slice(0, -1);
  assert.deepEqual(whole.map((line) => line.split(' ')[0]), ['LOADING', 'ARMED', 'COMMITTED', 'ACTIVE', 'ARMED', 'COMMITTED', 'ACTIVE']);
  for (let lines = 0; lines <= whole.length; ++lines) {
    // As if it had been killed while it wrote the next line.
    const torn = `${whole.slice(0, lines).join('\n')}${lines ? '\n' : ''}${(whole[lines] ?? '').slice(0, 20)}`;
    const folder = mkdtempSync(join(shop.dir, 'killed-'));
    cpSync(service.folder, folder, { recursive: true, filter: (path) => !path.endsWith('/agent') });
    writeFileSync(join(folder, 'journal'), torn);
    const again = await new Service(shop, folder).start();
    const expected = lines >= 3 && lines < 6 ? '2' : '1';
    assert.equal(await versionOf(again), expected, `after ${lines} lines`);
    await again.succeed('apply', two);
    assert.equal(await versionOf(again), '2', 'and it can be mended');
    await again.succeed('verify');
    await again.stop('SIGKILL');
  }
});

test('service and doctor killed at any moment', async () => {
  const service = new Service(shop);
  for (let round = 0; round < 8; ++round) {
    await service.start();
    const clients = await Promise.all([1, 2, 3].map(() => Client.open(service.port)));
    const seen = new Set();
    const asking = clients.map(async (client) => {
      try {
        for (;;) {
          const { versions } = parts(await client.ask('R'));
          assert.equal(versions.length, 1, `one version: ${versions}`);
          seen.add(versions[0]);
        }
      } catch (error) {
        if (error.code === 'ERR_ASSERTION') throw error;
      }
    });
    const doctor = spawn(program, ['livepatch', round % 2 ? 'revert' : 'apply', '--folder', service.folder, ...(round % 2 ? [] : [two])], { stdio: 'ignore' });
    const ended = new Promise((resolve) => doctor.on('exit', resolve));
    await new Promise((resolve) => setTimeout(resolve, 7 * round));
    if (round % 4 < 2) doctor.kill('SIGKILL');
    await ended;
    await service.stop('SIGKILL');
    await Promise.all(asking);
    const committed = readFileSync(join(service.folder, 'journal'), 'utf8').split('\n').filter((line) => line.startsWith('COMMITTED')).at(-1);
    await service.start();
    assert.equal(await versionOf(service), committed && !committed.startsWith('COMMITTED - ') ? '2' : '1');
    await service.stop();
  }
});

test('another build supersedes the patch', async (t) => {
  const service = await new Service(shop).start();
  await service.succeed('apply', two);
  await service.stop();
  const other = await Workshop.open({ define: ['-DOTHER', '-O1'] });
  t.after(() => other.close());
  other.key = shop.key;
  const next = await new Service(other, service.folder).start();
  t.after(() => next.stop());
  assert.equal(await versionOf(next), '1');
  assert.equal((await next.succeed('status')).superseded, true);
});

test('where the system forbids that memory becomes executable', async (t) => {
  const service = await new Service(shop).start('mdwe');
  if (service.first === 'no mdwe') return t.skip('this system cannot forbid it');
  t.after(() => service.stop());
  for (let i = 0; i < 5; ++i) {
    await service.succeed('apply', two);
    assert.equal(await versionOf(service), '2');
    await service.succeed('verify');
    await service.succeed('revert');
    assert.equal(await versionOf(service), '1');
  }
});

test('code is replaced by whole sealed pages and never written', async (t) => {
  const service = await new Service(shop).start();
  t.after(() => service.stop());
  await service.succeed('apply', two);
  const mappings = readFileSync(`/proc/${service.child.pid}/smaps`, 'utf8').split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/).filter((one) => / r-xp /.test(one));
  const sealed = mappings.filter((one) => one.includes('/memfd:livepatch'));
  assert.ok(sealed.length >= 3, 'the patch, stubs, and pages of the program');
  // A page that was written would be the process's own copy of it. (Dirty says something else: that the file's page was not
  // written back to the disk yet.)
  for (const mapping of mappings) assert.match(mapping, /^Anonymous: +0 kB$/m, mapping);
  assert.equal(mappings.filter((one) => one.includes(shop.program)).length > 1, true, 'the rest of the program is the file');
});

test('a folder that others may enter is refused', async () => {
  const folder = mkdtempSync(join(shop.dir, 'open-'));
  const service = new Service(shop, folder);
  execFileSync('chmod', ['755', folder]);
  await service.start();
  assert.match(service.first, /closed to others/);
});

test('the runtime needs no more than libc', () => {
  const objects = shop.shared.filter((path) => basename(path).startsWith('runtime_'));
  const main = join(shop.dir, 'plain.c');
  writeFileSync(main, '#include "livepatch/runtime/runtime.h"\nint main(void) {\n  livepatch_thread_enter("main");\n  livepatch_safe_point();\n  return livepatch_active() ? 1 : 0;\n}\n');
  const root = new URL('../../src', import.meta.url).pathname;
  execFileSync('clang-19', ['-std=c11', '-Wall', '-Werror', `-I${root}`, '-fPIE', '-pie', '-fuse-ld=lld', main, ...objects, '-o', join(shop.dir, 'plain')]);
  execFileSync(join(shop.dir, 'plain'));
});
