// A small service, built as a release is, its patches, and clients that notice everything.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const program = process.env.PROPOLIS ?? fileURLToPath(new URL('../../build/propolis', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const compiler = process.env.CXX ?? 'clang++-19';
const kFlags = ['-O2', '-g1', '-fPIE', '-fno-omit-frame-pointer', '-fpatchable-function-entry=16,14', `-I${root}/src`];
const kRuntimeFlags = ['-std=c++23', '-O2', '-fPIE', '-fno-exceptions', '-fno-rtti', '-fno-threadsafe-statics', `-I${root}/src`];
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Runs all commands, as many at a time as there are processors. */
async function runAll(commands) {
  const waiting = [...commands];
  const work = async () => {
    for (let command = waiting.shift(); command !== undefined; command = waiting.shift()) await run(command[0], command.slice(1));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

/** How a file of a service is compiled. */
function compileCommand(source, output, more) {
  const language = source.endsWith('.c') ? [compiler.replace('clang++', 'clang'), '-std=gnu17'] : [compiler, '-std=c++23'];
  const flags = source.endsWith('/bare.cpp') ? kFlags.filter((flag) => !flag.startsWith('-fpatchable')) : kFlags;
  return [...language, ...flags, ...more, '-MD', '-c', source, '-o', output];
}

const isSource = (name) => /\.(c|cpp)$/.test(name) && !/_(test|fuzz)\.cpp$/.test(name);
const kept = new Map();

/** The objects of the runtime and of what every scenario shares, compiled once for all services of this process. */
function sharedObjects(runtime, host) {
  const key = `${runtime} ${host}`;
  if (!kept.has(key)) {
    const dir = mkdtempSync(join(tmpdir(), 'lp-shared-'));
    process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
    const commands = readdirSync(runtime).filter(isSource).map((name) => [compiler, ...kRuntimeFlags, '-c', join(runtime, name), '-o', join(dir, `runtime_${name}.o`)]);
    if (host) {
      const sources = [here('service/main.cpp'), ...readdirSync(here(host)).filter(isSource).map((name) => here(`${host}/${name}`))];
      commands.push(...sources.map((source, i) => compileCommand(source, join(dir, `host_${i}.o`), [`-I${here(host)}`])));
    }
    kept.set(key, runAll(commands).then(() => readdirSync(dir).filter((name) => name.endsWith('.o')).map((name) => join(dir, name))));
  }
  return kept.get(key);
}

/** Runs propolis in English; answers what it printed and how it ended. */
export async function propolis(...words) {
  try {
    const { stdout, stderr } = await run(program, words, { env: { ...process.env, LANG: 'C' }, maxBuffer: 1 << 26 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    if (typeof error.code !== 'number') throw error;
    return { code: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}

export async function done(...words) {
  const result = await propolis(...words);
  assert.equal(result.code, 0, `${words.join(' ')}: ${result.stderr}${result.stdout}`);
  return result.stdout;
}

/** A folder for one test file: the service's sources, its release and kit, keys. */
export class Workshop {
  #counter = 0;

  /**
   * `source`: of the service; `host`: a folder with what it shares with others; `runtime`: other sources of it, or none;
   * `options`: for the kit.
   */
  static async open({ define = [], source = here('service'), host = '', runtime = process.env.LIVEPATCH_RUNTIME ?? join(root, 'src/livepatch/runtime'), options = [] } = {}) {
    const shop = new Workshop();
    shop.dir = mkdtempSync(join(tmpdir(), 'lp-'));
    shop.source = join(shop.dir, 'source');
    shop.build = join(shop.dir, 'build');
    cpSync(source, shop.source, { recursive: true });
    shop.define = host ? [...define, `-I${here(host)}`] : define;
    shop.host = host;
    shop.runtime = runtime;
    shop.options = options;
    await shop.release();
    shop.secret = join(shop.dir, 'secret');
    shop.key = Buffer.from((await done('livepatch', 'key', shop.secret)).trim().replace('ed25519:', ''), 'base64');
    return shop;
  }

  /** Compiles and links the service; writes its kit. */
  async release() {
    rmSync(this.build, { recursive: true, force: true });
    mkdirSync(this.build);
    const compiled = readdirSync(this.source).filter(isSource).map((name) => {
      const output = join(this.build, `${name}.o`);
      return { file: join(this.source, name), output, words: compileCommand(join(this.source, name), output, this.define) };
    });
    const [shared] = await Promise.all([this.runtime ? sharedObjects(this.runtime, this.host) : [], runAll(compiled.map(({ words }) => words))]);
    this.shared = shared;
    this.program = join(this.build, 'service');
    await run(compiler, ['-pie', '-fuse-ld=lld', '-Wl,--build-id=sha1', '-Wl,-z,relro,-z,now', ...compiled.map(({ output }) => output), ...shared,
      '-o', this.program, '-lsodium', '-lpthread', '-ldl']);
    writeFileSync(join(this.build, 'compile_commands.json'),
      JSON.stringify(compiled.map(({ file, output, words }) => ({ directory: this.build, file, command: words.join(' '), output }))));
    this.kit = join(this.dir, 'kit');
    await done('livepatch', 'kit', this.kit, '--program', this.program, '--source', this.source, '--build', this.build, ...this.options);
  }

  /** A copy of the sources with edits: {file: [[from, to], ...]}, and with the files of `over` in their place. */
  edited(edits, over = '') {
    const tree = join(this.dir, `tree${++this.#counter}`);
    cpSync(this.source, tree, { recursive: true });
    if (over) cpSync(over, tree, { recursive: true });
    for (const [file, changes] of Object.entries(edits)) {
      const path = join(tree, file);
      let text = readFileSync(path, 'utf8');
      for (const [from, to] of changes) {
        assert.ok(text.includes(from), `${file} holds ${from}`);
        text = text.replaceAll(from, to);
      }
      writeFileSync(path, text);
    }
    return tree;
  }

  /** The command that makes a patch of edits. */
  async tryBuild(edits, options = [], over = '') {
    const patch = join(this.dir, `fix${++this.#counter}.patch`);
    const result = await propolis('livepatch', 'build', patch, '--kit', this.kit, '--old', this.source, '--new', this.edited(edits, over), '--id', `fix-${this.#counter}`, ...options);
    return { ...result, patch };
  }

  /** A signed patch of edits. */
  async patch(edits, options = []) {
    const result = await this.tryBuild(edits, options);
    assert.equal(result.code, 0, result.stderr);
    await done('livepatch', 'sign', result.patch, '--key', this.secret);
    return result.patch;
  }

  /** The version that every function tells, as a patch of that level. */
  version(number, options = []) {
    return this.patch({ 'version.h': [['kVersion = 1', `kVersion = ${number}`]] }, ['--level', String(number), ...options]);
  }

  close() {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** A running service with a folder of its own. */
export class Service {
  constructor(shop, folder) {
    this.shop = shop;
    this.folder = folder ?? mkdtempSync(join(shop.dir, 'run-'));
    writeFileSync(join(this.folder, 'key'), shop.key);
  }

  async start(...words) {
    this.log = '';
    this.child = spawn(this.shop.program, [this.folder, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = new Promise((resolve) => this.child.on('exit', (code, signal) => resolve({ code, signal })));
    this.child.stderr.on('data', (chunk) => (this.log += chunk));
    const first = await new Promise((resolve) => {
      let text = '';
      this.child.stdout.on('data', (chunk) => {
        text += chunk;
        if (text.includes('\n')) resolve(text.trim());
      });
      this.child.on('exit', () => resolve(text.trim()));
    });
    this.port = Number(/^port (\d+)$/.exec(first)?.[1]);
    this.first = first;
    return this;
  }

  command(name, ...words) {
    return propolis('livepatch', name, '--folder', this.folder, '--json', ...words);
  }

  async succeed(name, ...words) {
    const result = await this.command(name, ...words);
    assert.equal(result.code, 0, `${name}: ${result.stderr}${result.stdout} ${this.log}`);
    return JSON.parse(result.stdout);
  }

  async ask(line) {
    const client = await Client.open(this.port);
    const answer = await client.ask(line);
    client.close();
    return answer;
  }

  async stop(signal = 'SIGTERM') {
    this.child.kill(signal);
    return this.ended;
  }
}

/** One connection that is kept; a lost one is an error. */
export class Client {
  static open(port) {
    return new Promise((resolve, reject) => {
      const client = new Client();
      client.socket = connect(port, '127.0.0.1', () => resolve(client));
      client.socket.setNoDelay();
      client.text = '';
      client.waiting = [];
      client.socket.on('data', (chunk) => {
        client.text += chunk;
        for (let end = client.text.indexOf('\n'); end >= 0; end = client.text.indexOf('\n')) {
          client.waiting.shift().resolve(client.text.slice(0, end));
          client.text = client.text.slice(end + 1);
        }
      });
      const lost = (error) => {
        client.lost ??= error ?? new Error('the connection was dropped');
        for (const { reject: fail } of client.waiting) fail(error ?? new Error('the connection was dropped'));
        client.waiting = [];
        reject(error ?? new Error('no connection'));
      };
      client.socket.on('error', lost);
      client.socket.on('close', () => lost());
    });
  }

  ask(line) {
    return new Promise((resolve, reject) => {
      if (this.lost) return reject(this.lost);
      this.waiting.push({ resolve, reject });
      this.socket.write(`${line}\n`);
    });
  }

  close() {
    this.socket.destroy();
  }
}

/** Takes an answer of R apart: the versions that took part, without doubles, and what must be so in every version. */
export function parts(answer) {
  const words = answer.split(' ');
  return { versions: [...new Set(words.slice(0, 8))], id: Number(words[8]), counted: Number(words[9]), text: words[10], limit: words[11] };
}
