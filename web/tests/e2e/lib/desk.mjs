// A real desk in a temporary folder: build/propolis init + serve, with mail in by LMTP and out by SMTP.
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, startMailhost } from '../../../../tests/mailhost/mail.mjs';
import { Api } from './api.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../../', import.meta.url));
export const program = process.env.PROPOLIS ?? join(root, 'build/propolis');
export const kDeskAddress = 'desk@desk.example';
const kReadyMs = 20_000;

/** A program that was built without its interface: web/dist is served in front of it. INTERFACE=preview asks for that. */
async function servePreview(port, desk) {
  const { preview } = await import('vite');
  const proxy = Object.fromEntries(['/api', '/health', '/metrics'].map((path) => [path, { target: desk }]));
  return preview({
    root: join(root, 'web'),
    preview: { port, strictPort: true, host: '127.0.0.1', proxy },
    logLevel: 'error',
  });
}

async function untilReady(base, child, log) {
  for (const end = Date.now() + kReadyMs; Date.now() < end; ) {
    if (child.exitCode !== null) throw new Error(`the desk ended with ${child.exitCode}:\n${log.join('')}`);
    const answer = await fetch(`${base}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the desk is not ready:\n${log.join('')}`);
}

/**
 * Starts a desk. `mail`: with a Postfix and a Dovecot of its own; 'folder': mails are files in `mailFolder` instead.
 * `demo`: filled with the demo's people and tickets.
 * `named`: its address has a name (localhost) and no number: passkeys want one.
 * `files` "soft:hard": how many files it may open. `admin` {email, password}: added on the command line before it starts. `env`: of its processes. `more`: further options of
 * `serve`, given its folder.
 */
export async function startDesk({
  mail = false,
  demo = false,
  named = false,
  admin,
  env = process.env,
  more = () => [],
  files,
} = {}) {
  if (!existsSync(program)) throw new Error(`${program} is not built: make build`);
  const dir = mkdtempSync(join(tmpdir(), 'propolis-e2e-'));
  chmodSync(dir, 0o711); // Postfix and Dovecot run as other users
  const port = await freePort();
  const inFront = process.env.INTERFACE === 'preview' ? await freePort() : undefined;
  const base = `http://${named ? 'localhost' : '127.0.0.1'}:${inFront ?? port}`;
  const withHost = mail === true;
  const lmtpPort = withHost ? await freePort() : undefined;
  const host = withHost ? await startMailhost(join(dir, 'mail'), lmtpPort) : undefined;
  const data = join(dir, 'desk');
  const mailFolder = mail === 'folder' ? join(dir, 'mails') : undefined;
  const log = [];
  let child;
  let front;
  const stop = async () => {
    await front?.close();
    if (child && child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    }
    await host?.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const init = await run(program, ['init', '--data', data, '--url', base, '--json', ...(demo ? ['--demo'] : [])], {
      env,
    });
    if (admin) {
      const added = run(program, [
        'user',
        'add',
        '--data',
        data,
        '--email',
        admin.email,
        '--role',
        'admin',
        '--password-stdin',
      ]);
      added.child.stdin.end(`${admin.password}\n`);
      await added;
    }
    const options = ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--url', base, ...more(dir)];
    if (withHost) {
      options.push(
        '--lmtp',
        `127.0.0.1:${lmtpPort}`,
        '--smtp',
        `127.0.0.1:${host.smtpPort}`,
        '--mail-address',
        kDeskAddress,
      );
    } else if (mail) {
      options.push('--mail-dir', mailFolder, '--mail-address', kDeskAddress);
    }
    const [command, ...before] = files ? ['prlimit', `--nofile=${files}`, program] : [program];
    child = spawn(command, [...before, ...options], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => log.push(String(chunk)));
    await untilReady(`http://127.0.0.1:${port}`, child, log);
    if (inFront) front = await servePreview(inFront, `http://127.0.0.1:${port}`);
    const setup = JSON.parse(init.stdout).setup_link;
    return { base, dir, data, host, mailFolder, log, setup, stop, port, pid: child.pid };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first administrator, made as a person would: by the one-time link that `init` printed. */
export async function firstAdmin(desk, { name, email, password }) {
  const api = new Api(desk.base);
  const token = new URL(desk.setup).hash.replace(/^#(token=)?/, '');
  await api.signedIn(api.post('/setup', { token, name, email, password }));
  api.password = password;
  return api;
}
