// A service under load is patched and taken back again and again: no error, no lost connection, no answer by two versions.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Client, Service, Workshop, parts } from './lib.mjs';

const kCycles = Number(process.env.CYCLES ?? 200);
const kClients = 12;

let shop;
let service;
before(async () => {
  shop = await Workshop.open();
  service = await new Service(shop).start();
});
after(async () => {
  await service?.stop();
  shop?.close();
});

test(`${kCycles} cycles under load`, async () => {
  const patch = await shop.version(2);
  let running = true;
  const seen = { 1: 0, 2: 0, mixed: 0 };
  const ids = new Set();
  const counts = new Set();
  let answers = 0;
  let spanned = 0;
  const work = async () => {
    const client = await Client.open(service.port);
    while (running) {
      const answer = parts(await client.ask('R'));
      answers += 1;
      seen[answer.versions.length === 1 ? answer.versions[0] : 'mixed'] += 1;
      assert.ok(!ids.has(answer.id) && !counts.has(answer.counted), 'the variables of the program stay single');
      ids.add(answer.id);
      counts.add(answer.counted);
      assert.deepEqual([answer.text, answer.limit], ['four', '37']);
    }
    client.close();
  };
  // Begun by one thread, finished by another, suspended for longer than a switch of idle threads takes.
  const suspend = async () => {
    const [first, second] = [await Client.open(service.port), await Client.open(service.port)];
    while (running) {
      const number = await first.ask('B');
      await new Promise((resolve) => setTimeout(resolve, 2));
      const versions = new Set((await second.ask(`F ${number}`)).split(' '));
      assert.equal(versions.size, 1, `one version throughout: ${[...versions]}`);
      spanned += 1;
    }
    first.close();
    second.close();
  };
  const clients = [...Array.from({ length: kClients }, work), suspend(), suspend()];
  const converged = [];
  try {
    for (let i = 0; i < kCycles; ++i) {
      const applied = await service.succeed('apply', patch);
      assert.equal(applied.level, 2);
      assert.equal(applied.stopped_us, 0);
      converged.push(applied.converge_us);
      assert.equal((await service.succeed('revert')).level, 0);
    }
  } finally {
    running = false;
  }
  await Promise.all(clients);
  assert.equal(seen.mixed, 0, 'no answer by two versions');
  assert.ok(seen[1] > 0 && seen[2] > 0, 'both versions answered');
  assert.ok(spanned > 0);
  // No memory is ever writable and executable.
  const maps = readFileSync(`/proc/${service.child.pid}/maps`, 'utf8').split('\n');
  assert.deepEqual(maps.filter((line) => / .w.?x/.test(line) || / rwx/.test(line)), []);
  converged.sort((a, b) => a - b);
  console.log(`${answers} answers, ${spanned} suspended requests, ${2 * kCycles} switches; converged in median ` +
    `${converged[converged.length >> 1]} µs, p95 ${converged[Math.floor(converged.length * 0.95)]} µs, at most ${converged.at(-1)} µs`);
});
