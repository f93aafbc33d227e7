// What cannot be mended in a running program is refused, with a reason, and nothing is touched.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, copyFileSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Service, Workshop, done, parts, propolis } from './lib.mjs';

let shop;
before(async () => {
  shop = await Workshop.open();
});
after(() => shop?.close());

const kBuildRefusals = [
  ['a new member of a class', { 'work.h': [['  int burst = 20;', '  int burst = 20;\n  int extra = 1;']] }, /work::Settings: its layout changes/],
  ['a new virtual function', { 'work.h': [['  int width = 3;', '  int width = 3;\n  virtual int More() const { return 1; }']] }, /(virtual functions change|its layout changes)/],
  ['a first value', { 'work.cpp': [['int first_value = 7;', 'int first_value = 8;']] }, /first_value: its first value changes/],
  ['a coroutine body', { 'work.cpp': [['co_yield i * 10 + Step();', 'co_yield i * 10 + Step() + Step() - Step();']] }, /body of a coroutine/],
  ['a new variable of each thread', { 'work.cpp': [['thread_local long own_counter = 0;', 'thread_local long own_counter = 0;\nthread_local long other = 3;'], ['return ++own_counter * 10', 'return ++own_counter + other++ * 0 * 10']] }, /variable of each thread/],
  ['a loop that never returns', { 'main.cpp': [['client = accept(listener, nullptr, nullptr);', 'client = accept4(listener, nullptr, nullptr, 1);']] }, /never returns/],
  ['a function without a pad', { 'bare.cpp': [['return 5;', 'return 6;']] }, /no room for a jump/],
];

test('what is refused when the patch is made', async (t) => {
  writeFileSync(join(shop.source, 'bare.cpp'), '// The one file without pads.\nint Bare();\nint Bare() { return 5; }\n');
  await shop.release();
  for (const [name, edits, why] of kBuildRefusals) {
    await t.test(name, async () => {
      const result = await shop.tryBuild(edits);
      assert.equal(result.code, 1, result.stdout);
      assert.match(result.stderr, why);
    });
  }
});

test('what does not change code makes no patch', async () => {
  const result = await shop.tryBuild({ 'step.cpp': [['namespace work {', '// nothing new\nnamespace work {']] });
  assert.equal(result.code, 1);
  assert.match(result.stderr, /Nothing that runs has changed/);
});

test('an old source that is not the release is refused', async () => {
  const wrong = shop.edited({ 'step.cpp': [['return kVersion;', 'return kVersion + 5;']] });
  const mended = shop.edited({ 'step.cpp': [['return kVersion;', 'return kVersion + 6;']] });
  const result = await propolis('livepatch', 'build', join(shop.dir, 'wrong.patch'), '--kit', shop.kit, '--old', wrong, '--new', mended, '--id', 'x');
  assert.equal(result.code, 1);
  assert.match(result.stderr, /does not compile to what the release holds/);
});

test('a copy that the compiler inlined elsewhere must be given too', async () => {
  // Shared is inlined into both files; only one of them is given.
  const at = { source: shop.source };
  writeFileSync(join(at.source, 'shared.h'), '#pragma once\n#include <cstdlib>\ninline long Shared(long x) { return std::labs(x) * 3 + 1; }\nusing Function = long (*)(long);\n');
  for (const name of ['one', 'two']) {
    writeFileSync(join(at.source, `${name}.cpp`), `#include "shared.h"\nlong ${name}(long x);\nFunction pointer_${name}();\nlong ${name}(long x) { return Shared(x) + Shared(x + 2); }\nFunction pointer_${name}() { return Shared; }\n`);
  }
  await shop.release();
  const tree = shop.edited({ 'shared.h': [['* 3 + 1', '* 5 + 1']] });
  const objects = {};
  for (const [which, folder] of [['old', at.source], ['new', tree]]) {
    objects[which] = join(shop.dir, `one.${which}.o`);
    execFileSync(process.env.CXX ?? 'clang++-19', ['-std=c++23', '-O2', '-g2', '-fPIE', '-fno-omit-frame-pointer', '-fpatchable-function-entry=16,14', '-fstandalone-debug',
      '-ffunction-sections', '-fdata-sections', '-c', join(folder, 'one.cpp'), '-o', objects[which]]);
  }
  const result = await propolis('livepatch', 'build', join(shop.dir, 'part.patch'), '--kit', shop.kit, '--old-object', objects.old, '--new-object', objects.new, '--id', 'part');
  assert.equal(result.code, 1, result.stdout);
  assert.match(result.stderr, /two\(long\) holds a copy of it/);
  // Given whole, it is a patch.
  assert.equal((await shop.tryBuild({ 'shared.h': [['* 3 + 1', '* 5 + 1']] })).code, 0);
});

test('what a service refuses', async (t) => {
  const good = await shop.version(3);
  const service = await new Service(shop).start();
  t.after(() => service.stop());
  const refused = async (patch, why) => {
    const result = await service.command('apply', patch);
    assert.equal(result.code, 1, result.stdout);
    assert.match(result.stderr, why);
    assert.deepEqual(parts(await service.ask('R')).versions, ['1']);
    assert.deepEqual(JSON.parse((await service.command('list')).stdout).patches, [], 'nothing was loaded');
  };

  await t.test('no signature', async () => {
    await refused((await shop.tryBuild({ 'version.h': [['= 1', '= 2']] })).patch, /signature/);
  });
  await t.test('another key', async () => {
    const { patch } = await shop.tryBuild({ 'version.h': [['= 1', '= 2']] });
    const other = join(shop.dir, 'other');
    await done('livepatch', 'key', other);
    await done('livepatch', 'sign', patch, '--key', other);
    await refused(patch, /signature/);
  });
  await t.test('every byte counts', async () => {
    const bytes = readFileSync(good);
    for (const at of [30, Math.floor(bytes.length / 2), bytes.length - 100]) {
      const bent = Buffer.from(bytes);
      bent[at] ^= 1;
      const path = join(shop.dir, 'bent.patch');
      writeFileSync(path, bent);
      await refused(path, /signature|no patch|damaged/);
    }
  });
  await t.test('expired', async () => {
    await refused(await shop.version(2, ['--expires', '2020-01-01T00:00:00Z']), /expired/);
  });
  await t.test('another build', async () => {
    const kit = shop.kit;
    const other = await Workshop.open({ define: ['-DOTHER', '-O1'] });
    t.after(() => other.close());
    shop.kit = kit;
    const { patch } = await other.tryBuild({ 'version.h': [['= 1', '= 2']] });
    await done('livepatch', 'sign', patch, '--key', shop.secret);
    await refused(patch, /another build/);
  });
  await t.test('code that is not as the release has it', async () => {
    const address = entryOf('_ZN4work4MakeEv', service);
    const original = peek(service.child.pid, address + 6n, 1);
    poke(service.child.pid, address + 6n, Buffer.from([original[0] ^ 0x40]));
    const result = await service.command('apply', good);
    poke(service.child.pid, address + 6n, original);
    assert.equal(result.code, 1);
    assert.match(result.stderr, /not in memory as the release has it/);
    assert.deepEqual(JSON.parse((await service.command('list')).stdout).patches, []);
  });
  await t.test('a probe that fails', async () => {
    const patch = await shop.patch({ 'version.h': [['= 1', '= 2']], 'step.cpp': [['}  // namespace work', '}  // namespace work\n\nextern "C" int Probe();\nextern "C" int Probe() { return work::Make() == 2 ? 42 : 7; }']] }, ['--level', '2', '--probe', 'Probe']);
    const result = await service.command('apply', patch);
    assert.equal(result.code, 1);
    assert.match(result.stderr, /probe answered 42/, 'it ran the new code');
    assert.deepEqual(parts(await service.ask('R')).versions, ['1'], 'nobody else did');
  });
  await t.test('a lower level', async () => {
    await service.succeed('apply', good);
    const lower = await service.command('apply', await shop.version(2));
    assert.equal(lower.code, 1);
    assert.match(lower.stderr, /level 2 is not above level 3/);
    assert.deepEqual(parts(await service.ask('R')).versions, ['3']);
  });
  await t.test('memory that was changed is noticed', async () => {
    assert.equal((await service.command('verify')).code, 0);
    const address = entryOf('_ZN4work4MakeEv', service);
    poke(service.child.pid, address, Buffer.from([0x66, 0x90]));
    const found = await service.command('verify');
    assert.equal(found.code, 3);
    assert.match(found.stdout, /not as it must be/);
    poke(service.child.pid, address, Buffer.from([0xeb, 0xf0]));
    assert.equal((await service.command('verify')).code, 0);
  });
  await t.test('another user', { skip: process.getuid() !== 0 && 'only root can become somebody else' }, async () => {
    for (const path of [shop.dir, service.folder]) chmodSync(path, 0o755);
    chmodSync(join(service.folder, 'agent'), 0o777);
    const copy = join(shop.dir, 'ask.mjs');
    copyFileSync(new URL('stranger.mjs', import.meta.url), copy);
    const said = execFileSync('setpriv', ['--reuid=65534', '--clear-groups', '--regid=65534', process.execPath, copy, join(service.folder, 'agent')]).toString();
    assert.equal(said, 'closed without a word\n');
  });
});

/** Where a function is in the running service. */
function entryOf(name, service) {
  const line = execFileSync('llvm-nm-19', [shop.program]).toString().split('\n').find((one) => one.endsWith(` ${name}`));
  const maps = readFileSync(`/proc/${service.child.pid}/maps`, 'utf8').split('\n');
  const base = maps.find((one) => one.endsWith(shop.program)).split('-')[0];
  return BigInt(`0x${base}`) + BigInt(`0x${line.split(' ')[0]}`);
}

function peek(pid, address, size) {
  const file = openSync(`/proc/${pid}/mem`, 'r');
  const bytes = Buffer.alloc(size);
  readSync(file, bytes, 0, size, address);
  closeSync(file);
  return bytes;
}

function poke(pid, address, bytes) {
  const file = openSync(`/proc/${pid}/mem`, 'r+');
  writeSync(file, bytes, 0, bytes.length, Number(address));
  closeSync(file);
}
