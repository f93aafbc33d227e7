// The cases of the public suites (docs/livepatch-scenarios.md) as small programs of our own: a folder each, `old` and the
// changes to it, and in `steps` what must be seen:
//   start OPTIONS       how the service is started (without it: with a deadline that never comes)
//   ask LINE = ANSWER   on one connection
//   begin NAME LINE     asks on another one, without waiting;  end NAME = ANSWER
//   apply CHANGE, revert, verify, restart (killed and started again)
//   applying CHANGE, reverting   until the switch is under way and somebody holds it;  switched: and through
//   holders KIND        somebody of this kind is named
//   late CHANGE|revert  not through before the deadline, and taken back
//   refused CHANGE = WHY   by the service;  unmade CHANGE = WHY   when the patch is made
//   load N LINE = ANSWER | ANSWER   N connections ask all the time until `unload`;  cycle N CHANGE   applied and reverted
//   many N              that many services of the program, and all of the following in each of them
//   notextrel           the program holds no relocations in its code
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, Service, Workshop, done } from './lib.mjs';

const kFolder = fileURLToPath(new URL('scenarios', import.meta.url));
const kNeverLate = 'deadline=600000';
const names = readdirSync(kFolder).filter((name) => existsSync(join(kFolder, name, 'steps')));
const only = process.env.SCENARIO?.split(',');

/** One service of a scenario, and who talks to it. */
class Player {
  #begun = new Map();
  #client;
  #clients = [];
  #running = false;
  #switching;

  constructor(shop, patches) {
    this.shop = shop;
    this.patches = patches;
    this.service = new Service(shop);
  }

  async start(...options) {
    await this.service.start(...options);
    this.options = options;
  }

  async ask(line, answer) {
    this.#client ??= await Client.open(this.service.port);
    assert.equal((await this.#client.ask(line)).trim(), answer, line);
  }

  async begin(name, line) {
    const client = await Client.open(this.service.port);
    const answer = client.ask(line).then((text) => text.trim());
    answer.catch(() => {}).then(() => client.close());
    this.#begun.set(name, answer);
  }

  async end(name, answer) {
    assert.equal(await this.#begun.get(name), answer, name);
  }

  async apply(change) {
    await this.service.succeed('apply', await this.patches(change));
  }

  async revert() {
    await this.service.succeed('revert');
  }

  async verify() {
    await this.service.succeed('verify');
  }

  async restart() {
    this.#client = undefined;
    await this.service.stop('SIGKILL');
    await this.service.start(...this.options);
  }

  async applying(change) {
    await this.#until('apply', await this.patches(change));
  }

  async reverting() {
    await this.#until('revert');
  }

  async #until(...words) {
    this.#switching = this.service.succeed(...words);
    this.#switching.catch(() => {});
    while ((await this.service.succeed('status')).state !== 'switching') await new Promise((resolve) => setTimeout(resolve, 2));
  }

  async switched() {
    assert.equal((await this.#switching).state, 'settled');
  }

  async holders(kind) {
    const { holders } = await this.service.succeed('status');
    assert.ok(holders.some((holder) => holder.kind === kind), JSON.stringify(holders));
  }

  async late(change) {
    const result = await (change === 'revert' ? this.service.command('revert') : this.service.command('apply', await this.patches(change)));
    assert.equal(result.code, 75, result.stderr);
  }

  async refused(change, why) {
    const result = await this.service.command('apply', await this.patches(change));
    assert.equal(result.code, 1, result.stdout);
    assert.ok(result.stderr.includes(why), result.stderr);
  }

  load(count, line, answers) {
    this.#running = true;
    const seen = answers.split(' | ');
    this.#clients = Array.from({ length: Number(count) }, async () => {
      const client = await Client.open(this.service.port);
      while (this.#running) assert.ok(seen.includes((await client.ask(line)).trim()), line);
      client.close();
    });
    for (const client of this.#clients) client.catch(() => {});
  }

  async unload() {
    this.#running = false;
    await Promise.all(this.#clients);
  }

  async cycle(count, change) {
    for (let i = 0; i < Number(count); ++i) {
      await this.apply(change);
      await this.verify();
      await this.revert();
    }
  }

  notextrel() {
    assert.doesNotMatch(execFileSync('llvm-readelf-19', ['-d', this.shop.program]).toString(), /TEXTREL/);
  }
}

/** `word word rest = expected` as arguments. */
function parse(line) {
  const [, verb, rest] = /^(\S+) ?(.*)$/.exec(line);
  const split = rest.indexOf(' = ');
  const [words, expected] = split < 0 ? [rest.replace(/ =$/, ''), []] : [rest.slice(0, split), [rest.slice(split + 3)]];
  if (verb === 'ask') return [verb, words, ...expected];
  if (verb === 'begin' || verb === 'load') {
    const count = 1;
    const parts = words.split(' ');
    return [verb, ...parts.slice(0, count), parts.slice(count).join(' '), ...expected];
  }
  return [verb, ...words.split(' ').filter((word) => word !== ''), ...expected];
}

async function play(name, t) {
  const folder = join(kFolder, name);
  const flags = existsSync(join(folder, 'flags')) ? readFileSync(join(folder, 'flags'), 'utf8').trim().split(/\s+/) : [];
  const shop = await Workshop.open({ source: join(folder, 'old'), host: 'scenarios/host', define: flags });
  t.after(() => shop.close());
  const made = new Map();
  const build = (change) => shop.tryBuild({}, ['--level', String(made.size + 1)], join(folder, change));
  const patches = async (change) => {
    if (!made.has(change)) {
      const { code, patch, stderr } = await build(change);
      assert.equal(code, 0, stderr);
      await done('livepatch', 'sign', patch, '--key', shop.secret);
      made.set(change, patch);
    }
    return made.get(change);
  };
  let players = [new Player(shop, patches)];
  t.after(() => Promise.all(players.map((player) => player.service.stop('SIGKILL'))));
  const steps = readFileSync(join(folder, 'steps'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#')).map(parse);
  const options = steps[0][0] === 'start' ? steps.shift().slice(1) : [kNeverLate];
  if (steps[0][0] === 'many') {
    players = Array.from({ length: Number(steps.shift()[1]) }, () => new Player(shop, patches));
  }
  for (const player of players) await player.start(...options);
  if (players.some((player) => player.service.first.startsWith('no '))) return t.skip(players[0].service.first);
  for (const [verb, ...words] of steps) {
    try {
      if (verb === 'unmade') {
        const { code, stderr } = await build(words[0]);
        assert.equal(code, 1);
        assert.ok(stderr.includes(words[1]), stderr);
      } else {
        for (const player of players) await player[verb](...words);
      }
    } catch (error) {
      error.message = `${name}: ${verb} ${words.join(' ')}: ${error.message} ${players[0].service.log}`;
      throw error;
    }
  }
}

test('the cases of the public suites', { concurrency: availableParallelism() }, async (t) => {
  await Promise.all(names.filter((name) => !only || only.includes(name)).map((name) => t.test(name, (inner) => play(name, inner))));
});
