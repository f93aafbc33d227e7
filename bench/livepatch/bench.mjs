// make bench ONLY=livepatch: what live patches cost. Each figure stands beside its counterpart of the same run;
// docs/performance.md explains it. CYCLES: how many switches (100).
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client, Service, Workshop, done, program, propolis } from '../../tests/livepatch/lib.mjs';

const run = promisify(execFile);
const kCycles = Number(process.env.CYCLES ?? 100);
const kClients = 8;
const kRounds = 9;
const kReleaseFlags = ['-std=c++23', '-O2', '-fPIE', '-fno-omit-frame-pointer', '-fstack-protector-strong'];
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const root = here('../..');

const sorted = (values) => [...values].sort((a, b) => a - b);
const median = (values) => sorted(values)[values.length >> 1];
const p95 = (values) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * 0.95))];
const line = (name, ...columns) => console.log(name.padEnd(44) + columns.map((column) => String(column).padStart(14)).join(''));

async function measureCalls() {
  const shop = await Workshop.open({ source: here('calls/old'), host: 'scenarios/host' });
  const service = await new Service(shop).start('deadline=600000');
  const other = await Client.open(service.port);
  const ask = async (what) => Number(await other.ask(what));
  const plain = await ask('plain');
  const padded = await ask('padded');
  const { patch } = await shop.tryBuild({}, [], here('calls/new'));
  await done('livepatch', 'sign', patch, '--key', shop.secret);
  const holder = await Client.open(service.port);
  const held = holder.ask('held');
  await other.ask('waiting 1');
  const switching = service.succeed('apply', patch);
  while ((await service.succeed('status')).state !== 'switching') await new Promise((resolve) => setTimeout(resolve, 2));
  const toNew = await ask('padded');
  await other.ask('go');
  const toOld = Number(await held);
  await switching;
  const redirected = await ask('padded');
  await service.succeed('revert');
  const reverted = await ask('padded');
  holder.close();
  other.close();
  await service.stop();
  shop.close();
  console.log('\na call');
  line('', 'ns', 'of plain');
  for (const [name, value] of [['plain', plain], ['with room for a jump', padded], ['redirected', redirected], ['through the stub to the new code', toNew],
    ['through the stub to the old code', toOld], ['taken back', reverted]]) line(`  ${name}`, value.toFixed(2), `${(value / plain).toFixed(2)} x`);
}

/** Switches while clients ask all the time; answers how long each command took and what it said. */
async function cycle(service, question, apply, revert) {
  let running = true;
  const clients = Array.from({ length: kClients }, async () => {
    const client = await Client.open(service.port);
    while (running) await client.ask(question);
    client.close();
  });
  const taken = [];
  const said = [];
  for (let i = 0; i < kCycles; ++i) {
    for (const act of [apply, revert]) {
      const begin = performance.now();
      const result = await act();
      taken.push(performance.now() - begin);
      said.push(result);
    }
  }
  running = false;
  await Promise.all(clients);
  return { taken, said };
}

async function measureSwitches() {
  const shop = await Workshop.open();
  const service = await new Service(shop).start();
  const patch = await shop.version(2);
  const epoch = await cycle(service, 'R', () => service.succeed('apply', patch), () => service.succeed('revert'));
  const within = epoch.said.map((status) => (status.arm_us + status.converge_us + status.finish_us) / 1000);
  await service.stop();
  shop.close();

  const outside = await Workshop.open({ source: here('../../tests/livepatch/outside'), runtime: null });
  const keys = join(outside.dir, 'keys');
  writeFileSync(keys, `ed25519:${outside.key.toString('base64')}\n`);
  const stranger = await new Service(outside).start();
  const foreign = await outside.patch({ 'work.c': [['kVersion = 1', 'kVersion = 2']] }, ['--level', '2']);
  const act = (verb) => async () => {
    const { stdout } = await propolis('livepatch', verb, '--pid', String(stranger.child.pid), '--keys', keys, '--json', foreign);
    return JSON.parse(stdout);
  };
  const ptrace = await cycle(stranger, 'R', act('apply'), act('revert'));
  await stranger.stop('SIGKILL');
  outside.close();

  console.log(`\n${2 * kCycles} switches, ${kClients} clients asking`);
  line('', 'median ms', 'p95 ms');
  const row = (name, values) => line(`  ${name}`, median(values).toFixed(2), p95(values).toFixed(2));
  row('by epochs: from command to converged', epoch.taken);
  row('by epochs: within the service', within);
  row('by epochs: threads stopped for', epoch.said.map((status) => status.stopped_us / 1000));
  row('by ptrace: from command to done', ptrace.taken);
  row('by ptrace: threads stopped for', ptrace.said.map((report) => report.stopped_us / 1000));
  line('  by ptrace: attempts until nobody was within', median(ptrace.said.map((report) => report.attempts)), Math.max(...ptrace.said.map((report) => report.attempts)));
}

async function textSize(path) {
  const { stdout } = await run('llvm-size-19', ['-A', path]);
  return Number(/^\.text\s+(\d+)/m.exec(stdout)[1]);
}

async function measureFlags() {
  const dir = mkdtempSync(join(tmpdir(), 'lp-bench-'));
  const variants = { without: [], with: ['-fpatchable-function-entry=16,14'] };
  for (const [name, flags] of Object.entries(variants)) {
    await run('clang++-19', [...kReleaseFlags, ...flags, '-pie', '-fuse-ld=lld', here('flags.cpp'), '-o', join(dir, name)]);
  }
  const times = { without: [], with: [] };
  for (let round = 0; round < kRounds; ++round) {
    for (const name of Object.keys(times)) times[name].push(Number((await run(join(dir, name), [])).stdout));
  }
  const best = (name) => Math.min(...times[name]);
  const sizes = { without: await textSize(join(dir, 'without')), with: await textSize(join(dir, 'with')) };
  const { functions } = JSON.parse(await done('livepatch', 'kit', join(dir, 'kit'), '--program', program, '--source', root, '--json'));
  const text = await textSize(program);
  rmSync(dir, { recursive: true, force: true });
  console.log('\nroom for jumps (-fpatchable-function-entry=16,14)');
  line('', 'without', 'with', 'more');
  const percent = (from, to) => `${(((to - from) / from) * 100).toFixed(1)} %`;
  line('  small functions: ms of processor, best of 9', best('without').toFixed(1), best('with').toFixed(1), percent(best('without'), best('with')));
  line('  small functions: bytes of code', sizes.without, sizes.with, percent(sizes.without, sizes.with));
  line(`  the desk: bytes of code, ${functions} functions`, text - 16 * functions, text, percent(text - 16 * functions, text));
}

console.log(`live patches: ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]} was the load of this machine when it began`);
await measureFlags();
await measureCalls();
await measureSwitches();
