// Plays the scenarios of this folder: README.md says what their lines mean.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import { Api } from '../../web/tests/e2e/lib/api.mjs';
import { DeskTime } from '../../web/tests/e2e/lib/time.mjs';
import { firstAdmin, kDeskAddress, program, startDesk } from '../../web/tests/e2e/lib/desk.mjs';
import { kPassword, seed } from '../../web/tests/e2e/lib/seed.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const kBegin = '2026-03-02T14:00Z'; // a Monday
const kUnits = { s: 1, m: 60, h: 3600, d: 86400 };
const kEventuallyMs = 30_000;
const kLeeway = 30; // what a number of seconds may differ by: real time goes on during a scenario

/** Whether `actual` has what `expected` asks for, else where it does not. */
function missing(expected, actual, path = '') {
  const where = path || 'the answer';
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return `${where} is not a list`;
    if (expected.length === 0 && actual.length > 0) return `${where} is not empty`;
    for (const one of expected)
      if (!actual.some((each) => missing(one, each) === undefined)) return `${where} has no ${JSON.stringify(one)}`;
    return undefined;
  }
  if (expected !== null && typeof expected === 'object') {
    if (actual === null || typeof actual !== 'object') return `${where} is not an object`;
    for (const [name, value] of Object.entries(expected)) {
      const problem = missing(value, actual[name], path ? `${path}.${name}` : name);
      if (problem) return problem;
    }
    return undefined;
  }
  if (typeof expected === 'string' && expected.startsWith('~'))
    return typeof actual === 'string' && actual.includes(expected.slice(1))
      ? undefined
      : `${where} is ${JSON.stringify(actual)}, without ${expected.slice(1)}`;
  if (typeof expected === 'string' && expected.startsWith('≈'))
    return Math.abs(actual - Number(expected.slice(1))) < kLeeway
      ? undefined
      : `${where} is ${JSON.stringify(actual)}, not about ${expected.slice(1)}`;
  return expected === actual ? undefined : `${where} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
}

/** Steps with the line they begin at; indented lines belong to the step above. */
function stepsOf(text) {
  const steps = [];
  text.split('\n').forEach((line, at) => {
    if (!line.trim() || line.startsWith('#')) return;
    if (/^\s/.test(line)) steps.at(-1).text += ` ${line.trim()}`;
    else steps.push({ line: at + 1, text: line.trim() });
  });
  return steps;
}

class Player {
  constructor(desk, time, admin) {
    this.desk = desk;
    this.time = time;
    this.admin = admin;
    this.kept = {};
  }

  async play(text) {
    const words = text.replace(/\{(\w+)\}/g, (whole, name) => this.kept[name] ?? whole);
    const [verb] = words.split(/\s/, 1);
    const rest = words.slice(verb.length).trim();
    if (verb === 'at') return this.moveTo(Date.parse(rest));
    if (verb === 'advance') {
      const [, amount, unit] = /^(\d+)([smhd])$/.exec(rest);
      return this.moveTo(this.time.now() + Number(amount) * kUnits[unit] * 1000);
    }
    if (verb === 'as') {
      this.who = rest;
      return this.signIn();
    }
    if (verb === 'mail') return this.mail(...rest.split('|').map((part) => part.trim()));
    if (verb === 'keep') {
      const [, path, name] = /^(\S+) as (\w+)$/.exec(rest);
      this.kept[name] = path.split('.').reduce((value, key) => value?.[key], this.answer.body);
      return assert.notEqual(this.kept[name], undefined, `the answer has no ${path}`);
    }
    if (/^(GET|POST|PATCH|PUT|DELETE)$/.test(verb)) {
      const [, path, body] = /^(\S+)\s*(.*)$/.exec(rest);
      this.request = { method: verb, path, body: body ? JSON.parse(body) : undefined };
      return this.ask();
    }
    if (verb === 'eventually') return this.eventually(rest);
    return this.expect(words);
  }

  async signIn() {
    this.api = new Api(this.desk.base);
    await this.api.signIn(`${this.who === 'admin' ? 'rosa' : this.who}@desk.example`, kPassword);
  }

  /** Her session may have ended meanwhile. */
  async moveTo(at) {
    this.time.set(at);
    if (this.who) await this.signIn();
  }

  async ask() {
    const { method, path, body } = this.request;
    this.answer = await this.api.answer(method, path, body);
  }

  expect(text) {
    const [, status, body] = /^(\d{3})\s*(.*)$/.exec(text);
    const got = JSON.stringify(this.answer.body)?.slice(0, 4000);
    assert.equal(this.answer.status, Number(status), got);
    if (body) assert.equal(missing(JSON.parse(body), this.answer.body), undefined, got);
  }

  async eventually(text) {
    for (const end = Date.now() + kEventuallyMs; ; await new Promise((resolve) => setTimeout(resolve, 250))) {
      try {
        return this.expect(text);
      } catch (error) {
        if (Date.now() > end) throw error;
      }
      await this.ask();
    }
  }

  /** A mail as the mail server hands it over. */
  async mail(from, subject, body) {
    const date = new Date(this.time.now()).toUTCString().replace('GMT', '+0000');
    const id = `${this.time.now()}.${subject.length}@customer.example`;
    const lines = [`From: ${from}`, `To: ${kDeskAddress}`, `Subject: ${subject}`, `Date: ${date}`, `Message-ID: <${id}>`];
    const child = spawn(program, ['mail', 'deliver', '--data', this.desk.data, '--json'], { env: this.time.env() });
    const said = { stdout: '', stderr: '' };
    for (const name of Object.keys(said)) child[name].on('data', (chunk) => (said[name] += chunk));
    child.stdin.end([...lines, '', body, ''].join('\r\n'));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    assert.equal(code, 0, said.stdout + said.stderr);
    this.answer = { status: 250, body: JSON.parse(said.stdout) };
  }
}

describe('scenarios', { concurrency: 2 }, () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt') && name.includes(process.env.ONLY ?? ''));
  for (const name of names.sort()) {
    test(name.replace('.txt', ''), { timeout: 180_000 }, async () => {
      const time = new DeskTime(Date.parse(kBegin));
      const desk = await startDesk({ env: time.env() });
      try {
        const admin = await firstAdmin(desk, { name: 'Rosa Admin', email: 'rosa@desk.example', password: kPassword });
        const player = new Player(desk, time, admin);
        const people = await seed(admin, 'en');
        for (const [who, { id }] of Object.entries(people)) player.kept[who] = id;
        for (const step of stepsOf(readFileSync(join(folder, name), 'utf8'))) {
          try {
            await player.play(step.text);
          } catch (error) {
            error.message = `${name}:${step.line}: ${step.text}\n${error.message}`;
            throw error;
          }
        }
      } finally {
        await desk.stop();
        time.end();
      }
    });
  }
});
