// Small mail clients for tests: SMTP out, IMAP in, an LMTP sink, and enough MIME to read what a desk sends.
// Only what a test needs of RFC 5321, 2033, 3501, 2045 and 2047; every wait has a limit.
import { execFile } from 'node:child_process';
import { createConnection, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = join(dirname(fileURLToPath(import.meta.url)), 'mailhost');

/** Starts Postfix and Dovecot in `dir`. The desk's LMTP port may start to listen later: Postfix tries again. */
export async function startMailhost(dir, lmtpPort, desks = ['desk@desk.example']) {
  const args = ['start', dir, '--lmtp-port', String(lmtpPort), ...desks.flatMap((desk) => ['--desk', desk])];
  const { stdout } = await run(script, args, { timeout: 60_000 });
  const env = Object.fromEntries(stdout.trim().split('\n').map((line) => line.split('=')));
  return {
    dir,
    smtpPort: Number(env.SMTP_PORT),
    imapPort: Number(env.IMAP_PORT),
    imapPassword: env.IMAP_PASSWORD,
    stop: () => run(script, ['stop', dir], { timeout: 60_000 }),
  };
}

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Reads a socket by lines or by counted bytes. */
class LineReader {
  constructor(socket, limitMs = 20_000) {
    this.socket = socket;
    this.buffer = Buffer.alloc(0);
    this.limitMs = limitMs;
    this.wake = () => {};
    socket.on('data', (chunk) => {
      this.buffer = Buffer.concat([this.buffer, chunk]);
      this.wake();
    });
    for (const event of ['error', 'close']) {
      socket.on(event, (error) => {
        this.ended = error instanceof Error ? error : new Error('connection closed');
        this.wake();
      });
    }
  }

  async more() {
    if (this.ended) throw this.ended;
    let timer;
    await new Promise((resolve, reject) => {
      this.wake = resolve;
      timer = setTimeout(() => reject(new Error('the mail server says nothing')), this.limitMs);
    }).finally(() => clearTimeout(timer));
  }

  async line() {
    for (;;) {
      const end = this.buffer.indexOf('\r\n');
      if (end >= 0) {
        const text = this.buffer.subarray(0, end).toString('latin1');
        this.buffer = this.buffer.subarray(end + 2);
        return text;
      }
      await this.more();
    }
  }

  async bytes(count) {
    while (this.buffer.length < count) await this.more();
    const data = this.buffer.subarray(0, count);
    this.buffer = this.buffer.subarray(count);
    return data;
  }
}

function connect(port) {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

const dotStuffed = (raw) => raw.replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..').replace(/(\r\n)?$/, '\r\n');

/** Sends one message by SMTP; answers the server's last reply. A refusal throws with the server's words. */
export async function sendMail(port, { from, to, raw }) {
  const socket = await connect(port);
  const reader = new LineReader(socket);
  const reply = async (expected) => {
    let text;
    do text = await reader.line();
    while (/^\d{3}-/.test(text));
    if (!text.startsWith(expected)) throw new Error(`SMTP: wanted ${expected}, got ${text}`);
    return text;
  };
  const say = (text, expected) => {
    socket.write(`${text}\r\n`);
    return reply(expected);
  };
  try {
    await reply('220');
    await say('EHLO customer.example', '250');
    await say(`MAIL FROM:<${from}>`, '250');
    for (const address of [to].flat()) await say(`RCPT TO:<${address}>`, '25');
    await say('DATA', '354');
    const last = await say(`${dotStuffed(raw)}.`, '250');
    socket.write('QUIT\r\n');
    return last;
  } finally {
    socket.end();
  }
}

const encodedWord = (text) =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;

/** A message as a person's mail program writes it. `inReplyTo` is the Message-ID answered, `references` the chain before it. */
export function composeMail({ from, name, to, subject, body, messageId, inReplyTo, references = [], attachments = [] }) {
  const id = messageId ?? `<${Date.now()}.${Math.random().toString(36).slice(2)}@customer.example>`;
  const head = [
    `From: ${name ? `${encodedWord(name)} ` : ''}<${from}>`,
    `To: <${to}>`,
    `Subject: ${encodedWord(subject)}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: ${id}`,
    ...(inReplyTo ? [`In-Reply-To: ${inReplyTo}`, `References: ${[...references, inReplyTo].join('\r\n ')}`] : []),
    'MIME-Version: 1.0',
  ];
  const lines = (text) => Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n');
  const text = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64', '', lines(body)];
  if (!attachments.length) return { id, raw: [...head, ...text].join('\r\n') };
  const edge = 'part-5b1f0c2e';
  const parts = attachments.flatMap(({ filename, type, content }) => [
    `--${edge}`, `Content-Type: ${type}`, `Content-Disposition: attachment; filename="${filename}"`,
    'Content-Transfer-Encoding: base64', '', lines(content),
  ]);
  const raw = [...head, `Content-Type: multipart/mixed; boundary="${edge}"`, '', `--${edge}`, ...text, ...parts, `--${edge}--`];
  return { id, raw: raw.join('\r\n') };
}

/** One mailbox over IMAP. */
export class Mailbox {
  constructor(host, address) {
    Object.assign(this, { host, address, tag: 0 });
  }

  async session(work) {
    const socket = await connect(this.host.imapPort);
    const reader = new LineReader(socket);
    const command = async (text) => {
      const tag = `a${++this.tag}`;
      socket.write(`${tag} ${text}\r\n`);
      const lines = [];
      for (;;) {
        let line = await reader.line();
        const literal = line.match(/\{(\d+)\}$/);
        if (literal) {
          lines.push({ line, data: await reader.bytes(Number(literal[1])) });
          line = await reader.line();
        }
        if (line.startsWith(`${tag} `)) {
          if (!line.startsWith(`${tag} OK`)) throw new Error(`IMAP: ${text.split(' ')[0]}: ${line}`);
          return lines;
        }
        lines.push({ line });
      }
    };
    try {
      await reader.line();
      await command(`LOGIN "${this.address}" "${this.host.imapPassword}"`);
      const answer = await work(command);
      socket.write('z LOGOUT\r\n');
      return answer;
    } finally {
      socket.end();
    }
  }

  /** Every message of the inbox, oldest first, parsed. */
  messages() {
    return this.session(async (command) => {
      const selected = await command('SELECT INBOX');
      const count = Number(selected.map(({ line }) => line.match(/^\* (\d+) EXISTS/)?.[1]).find(Boolean) ?? 0);
      if (!count) return [];
      const fetched = await command('FETCH 1:* BODY.PEEK[]');
      return fetched.filter(({ data }) => data).map(({ data }) => parseMail(data));
    });
  }

  /** Waits until a message satisfies `wanted`; the error names the subjects that did come. */
  async waitFor(wanted, what = 'a message', limitMs = 30_000) {
    const end = Date.now() + limitMs;
    let seen = [];
    while (Date.now() < end) {
      seen = await this.messages();
      const found = seen.find(wanted);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`${this.address}: ${what} did not come; there: ${seen.map((mail) => mail.subject).join(' | ') || 'nothing'}`);
  }
}

const decodeWords = (text) =>
  text
    .replace(/(=\?[^?]+\?[bq]\?[^?]*\?=)\s+(?==\?)/gi, '$1')
    .replace(/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi, (_, charset, kind, data) => {
      const bytes = kind.toLowerCase() === 'b' ? Buffer.from(data, 'base64') : quotedPrintable(data.replace(/_/g, ' '));
      return new TextDecoder(charset).decode(bytes);
    });

function quotedPrintable(text) {
  const plain = text.replace(/=\r?\n/g, '');
  return Buffer.from(plain.replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1');
}

/** Headers (lower-case names, the last value of each, `all` for repeated ones), text, html, attachments of a raw message. */
export function parseMail(data) {
  const raw = Buffer.from(data).toString('latin1');
  const part = parsePart(raw);
  const mail = { raw, headers: part.headers, all: part.all, text: '', html: '', attachments: [] };
  mail.subject = decodeWords(part.headers.subject ?? '');
  mail.messageId = part.headers['message-id'] ?? '';
  collect(part, mail, 0);
  return mail;
}

function parsePart(raw) {
  const gap = raw.search(/\r?\n\r?\n/);
  const head = gap < 0 ? raw : raw.slice(0, gap);
  const body = gap < 0 ? '' : raw.slice(gap).replace(/^\r?\n\r?\n/, '');
  const all = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/).map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { headers: Object.fromEntries(all), all, body };
}

function collect(part, mail, depth) {
  const type = part.headers['content-type'] ?? 'text/plain';
  const boundary = type.match(/boundary="?([^";]+)"?/i)?.[1];
  if (boundary && depth < 8) {
    const pieces = part.body.split(new RegExp(`(?:^|\\r?\\n)--${boundary.replace(/[^\w]/g, '\\$&')}(?:--)?[ \\t]*(?:\\r?\\n|$)`));
    for (const piece of pieces.slice(1)) if (piece.trim()) collect(parsePart(piece), mail, depth + 1);
    return;
  }
  const encoding = (part.headers['content-transfer-encoding'] ?? '').toLowerCase();
  const bytes = encoding === 'base64' ? Buffer.from(part.body, 'base64')
    : encoding === 'quoted-printable' ? quotedPrintable(part.body) : Buffer.from(part.body, 'latin1');
  const filename = (part.headers['content-disposition'] ?? '').match(/filename\*?="?([^";]+)"?/i)?.[1];
  const charset = type.match(/charset="?([^";\s]+)"?/i)?.[1] ?? 'utf-8';
  if (filename) mail.attachments.push({ filename, type: type.split(';')[0], bytes });
  else if (/^text\/html/i.test(type)) mail.html ||= new TextDecoder(charset).decode(bytes);
  else if (/^text\//i.test(type)) mail.text ||= new TextDecoder(charset).decode(bytes);
}

/** Every http(s) address in the text and the HTML of a message, without doubles. */
export function linksOf(mail) {
  const html = mail.html.replace(/&amp;/g, '&');
  return [...new Set(`${mail.text}\n${html}`.match(/https?:\/\/[^\s"'<>)\]]+/g) ?? [])];
}

/** An LMTP server that keeps what it is given; for testing the host without a desk. */
export async function startLmtpSink() {
  const kept = [];
  const server = createServer((socket) => {
    const reader = new LineReader(socket);
    const say = (text) => socket.write(`${text}\r\n`);
    (async () => {
      let to = [];
      let from = '';
      say('220 sink LMTP');
      for (;;) {
        const line = await reader.line();
        const verb = line.slice(0, 4).toUpperCase();
        if (verb === 'LHLO') say('250 sink');
        else if (verb === 'MAIL') { from = line.match(/<(.*?)>/)[1]; to = []; say('250 ok'); }
        else if (verb === 'RCPT') { to.push(line.match(/<(.*?)>/)[1]); say('250 ok'); }
        else if (verb === 'DATA') {
          say('354 go on');
          const lines = [];
          for (let text = await reader.line(); text !== '.'; text = await reader.line()) lines.push(text.replace(/^\.\./, '.'));
          kept.push({ from, to, mail: parseMail(Buffer.from(lines.join('\r\n'), 'latin1')) });
          for (const _ of to) say('250 kept');
        } else if (verb === 'QUIT') { say('221 bye'); socket.end(); return; }
        else say('250 ok');
      }
    })().catch(() => socket.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, kept, stop: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections?.(); }) };
}
