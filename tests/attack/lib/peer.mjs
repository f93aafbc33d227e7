// Attackers: callers that have an address of their own (of 127/8), so that what slows them down slows nobody else, and
// raw bytes on a connection.
import { request } from 'node:http';
import { connect } from 'node:net';
import { Client } from '../../api/lib/client.mjs';

export const kNoAnswerMs = 60_000;

/** A client of tests/api whose requests come from `from`. `sees`: the canaries that it may meet. */
export class Peer extends Client {
  constructor(base, { from = '127.0.0.66', sees = [], agent, ...rest } = {}) {
    super(base, rest);
    Object.assign(this, { from, sees, agent });
  }

  /** The session or key of `client`, used from another address. */
  static of(client, more = {}) {
    return Object.assign(new Peer(client.base, { name: client.name, headers: client.headers, ...more }), { me: client.me, email: client.email });
  }

  /** As Client.ask; no answer within the limit is the status 0. `at`: a path that stands instead of the API's. */
  async ask(method, path, { body, raw, type, headers = {}, at, bytes = false } = {}) {
    const all = { 'Accept-Language': 'en', ...this.headers, ...headers };
    let payload = body === undefined ? raw : JSON.stringify(body);
    if (payload instanceof FormData) {
      const form = new Response(payload);
      all['Content-Type'] = form.headers.get('content-type');
      payload = Buffer.from(await form.arrayBuffer());
    } else if (type || body !== undefined) {
      all['Content-Type'] = type ?? all['Content-Type'] ?? 'application/json';
    }
    if (payload !== undefined) all['Content-Length'] = Buffer.byteLength(payload);
    else if (method !== 'GET' && method !== 'HEAD') all['Content-Length'] = 0;
    const { hostname, port } = new URL(this.base);
    const target = at ?? `/api/v1${path}`;
    const asked = `${this.name}: ${method} ${target} ${String(payload ?? '').slice(0, 200)}`;
    return new Promise((resolve) => {
      const began = performance.now();
      const end = (status, said = {}, text = '') => {
        clearTimeout(timer);
        const media = (said['content-type'] ?? '').split(';')[0];
        const lines = new Headers();
        for (const [name, value] of Object.entries(said)) for (const one of [value].flat()) lines.append(name, one);
        resolve({ asked, status, headers: lines, media, text, json: media.endsWith('json') && text ? JSON.parse(text) : undefined, ms: performance.now() - began });
      };
      const sent = request({ host: hostname, port, family: 4, method, path: target, headers: all, localAddress: this.from, agent: this.agent }, (answer) => {
        const pieces = [];
        answer.on('data', (piece) => pieces.push(piece)).on('error', (error) => end(0, {}, String(error)));
        answer.on('end', () => end(answer.statusCode, answer.headers, Buffer.concat(pieces).toString(bytes ? 'latin1' : 'utf8')));
      });
      const timer = setTimeout(() => sent.destroy(new Error('no answer')), kNoAnswerMs);
      // The desk may answer and close before it has read a body that is too large.
      sent.on('error', (error) => end(error.code === 'EPIPE' || error.code === 'ECONNRESET' ? -1 : 0, {}, String(error)));
      if (payload !== undefined) sent.write(payload);
      sent.end();
    });
  }
}

/** A connection from an address of its own, that never throws. */
export function dial(port, from = '127.0.0.66') {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.over = new Promise((resolve) => socket.on('close', resolve));
  socket.text = '';
  return socket.on('error', () => undefined).on('data', (chunk) => (socket.text += chunk.toString('latin1')));
}

/** Sends bytes and reads until the desk closes the connection: all that it said, or undefined when it never closed. */
export async function exchange(port, bytes, { from } = {}) {
  const socket = dial(port, from);
  socket.write(Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes, 'latin1'));
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(() => resolve('late'), 2 * kNoAnswerMs)));
  const ended = await Promise.race([socket.over, late]);
  clearTimeout(timer);
  socket.destroy();
  return ended === 'late' ? undefined : socket.text;
}

/** The answers in what a connection said, one behind another by their lengths: [{status, head, body}]. */
export function answersIn(text) {
  const answers = [];
  for (let at = 0; text.startsWith('HTTP/1.', at); ) {
    const gap = text.indexOf('\r\n\r\n', at);
    const head = text.slice(at, gap < 0 ? undefined : gap);
    const length = /^content-length: *(\d+)\r?$/im.exec(head)?.[1];
    const status = Number(head.slice(9, 12));
    const begin = gap < 0 ? text.length : gap + 4;
    const end = length !== undefined ? begin + Number(length) : status === 100 || status === 204 || status === 304 ? begin : text.length;
    answers.push({ status, head, body: text.slice(begin, end) });
    at = end;
  }
  return answers;
}
