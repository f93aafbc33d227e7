// Connections that are kept busy with nothing: heads and bodies that come a byte at a time, answers that nobody reads,
// streams in numbers. They hold places only for a while, and only those of their own address.
import { dial } from '../lib/peer.mjs';

const kStep = 500; // milliseconds between two bytes
const kEndsWithinMs = 240_000; // the desk's own limits are seconds; a loaded machine has time
const kMany = 300;
const kPerAddress = 256;
const kAddresses = 5;
const kLargestBody = 1 << 20;
const kHoarders = 130; // from each of two addresses: together more than the 256 MiB that the desk has for all
const kBody = Buffer.alloc(kLargestBody - 4096, ' ');

const open = new Set();

/** A connection that says `head`, then goes on with one byte of `more` at a time until the desk has enough of it. */
function drip(field, from, head, more = 'X') {
  ++field.tally.attempts;
  const socket = dial(field.port, from);
  socket.write(head);
  const timer = setInterval(() => socket.writable && socket.write(more), kStep);
  open.add(socket);
  socket.over.then(() => {
    clearInterval(timer);
    open.delete(socket);
  });
  return socket;
}

/** More connections than one address may have, and from all of these addresses together more than a process has files by default. */
async function crowd(field, addresses, head) {
  const crowds = addresses.map((from) => Array.from({ length: kMany }, () => dial(field.port, from)));
  field.tally.attempts += crowds.flat().length;
  for (const socket of crowds.flat()) socket.write(head);
  // As many as may be are open when one more is refused: the desk closes those beyond the limit itself.
  const refused = (sockets) => sockets.filter((socket) => socket.closed || socket.destroyed).length;
  const settled = () => crowds.every((sockets) => refused(sockets) >= kMany - kPerAddress);
  for (const end = performance.now() + kEndsWithinMs; !settled() && performance.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 100));
  field.expect(settled(), `${kMany} connections from one address were all kept`);
  const { status } = await field.nobody.ask('GET', '/about');
  field.expect(status === 200, `another address is refused meanwhile: ${status}`);
  for (const socket of crowds.flat()) socket.destroy();
}

/**
 * Bodies of which everything has come but the end: all that the desk sets aside for bodies, if it let them.
 * What shows is whether the honest are still served.
 */
function hoard(field, from) {
  const head = `POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${kLargestBody}\r\n\r\n`;
  for (let i = 0; i < kHoarders; ++i) {
    const socket = drip(field, from, head, ' ');
    socket.hoards = true;
    socket.write(kBody);
  }
}

/** Files of a stranger's: refused before they come, or the disk would be hers to fill. */
async function files(field, from) {
  const path = `/api/v1${field.random.pick(['/tickets', '/portal/tickets'])}/${field.secrets.a.ticket}/evidence`;
  for (const more of ['', 'Cookie: propolis_session=x\r\n', 'Authorization: Bearer pk_x\r\n', 'Expect: 100-continue\r\n']) {
    const answers = await field.raw(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${more}Content-Type: multipart/form-data; boundary=e\r\nContent-Length: 100000000\r\n\r\n`, { from });
    field.expect(answers[0]?.status === 401, `a stranger's file is waited for: ${answers[0]?.status}`);
  }
}

export const slow = {
  name: 'slow',
  async attack(field) {
    const { random, customers } = field;
    const from = `127.2.${random.int(256)}.${1 + random.int(250)}`;
    const host = 'Host: localhost\r\n';
    for (let i = 0; i < 12; ++i) {
      drip(field, from, '');
      drip(field, from, 'GET /api/v1/about HTTP/1.1\r\n', 'X-A: b\r\n'); // a head without an end, line by line
      drip(field, from, `POST /api/v1/session HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 900000\r\n\r\n`, '');
    }
    for (const coding of ['Content-Length: 900000', 'Transfer-Encoding: chunked']) {
      const more = coding.startsWith('C') ? ' ' : '1\r\n \r\n';
      for (let i = 0; i < 12; ++i) drip(field, from, `POST /api/v1/session HTTP/1.1\r\n${host}Content-Type: application/json\r\n${coding}\r\n\r\n`, more);
    }
    for (const net of [9, 10]) hoard(field, `127.${net}.${random.int(256)}.${1 + random.int(250)}`);
    await files(field, from);
    // Answers that nobody reads: asked for again and again on connections that take nothing.
    for (let i = 0; i < 6; ++i) {
      ++field.tally.attempts;
      const socket = dial(field.port, from);
      socket.pause();
      socket.write(`GET /api/v1/openapi.json HTTP/1.1\r\n${host}\r\n`.repeat(200));
      open.add(socket);
      socket.over.then(() => open.delete(socket));
    }
    const addresses = Array.from({ length: kAddresses }, (_, i) => `127.3.${random.int(256)}.${1 + i}`);
    await crowd(field, addresses, random.pick(['', 'GET', `GET /api/v1/about HTTP/1.1\r\n${host}`]));
    await crowd(field, addresses.slice(0, 1), `GET /api/v1/events HTTP/1.1\r\n${host}Cookie: ${customers.a_requester.headers.Cookie}\r\n\r\n`);
    // Mail that does not go on.
    for (let i = 0; i < 5; ++i) {
      ++field.tally.attempts;
      const socket = dial(field.world.lmtp, from);
      socket.write('LHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<desk@desk.example>\r\nDATA\r\n');
      setTimeout(() => socket.destroy(), 30_000).unref();
    }
  },
  /** What dripped on is closed by the desk, not by us; who reads again finds an end, not all the answers. */
  async end(field) {
    // So much came of these that they may take minutes; that a drop now and then is not enough, the small ones show.
    for (const socket of open) if (socket.hoards) socket.destroy();
    for (const end = performance.now() + kEndsWithinMs; [...open].some((socket) => !socket.isPaused()) && performance.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 250));
    const dripping = [...open].filter((socket) => !socket.isPaused());
    field.expect(!dripping.length, `${dripping.length} slow connections were never closed`);
    for (const socket of open) socket.destroy();
  },
};
