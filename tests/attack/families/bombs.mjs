// Little that becomes much: compressed bodies and attachments, depth, width, huge numbers, patterns that take their time.
import { gzipSync, deflateRawSync } from 'node:zlib';
import { kNoAnswerMs } from '../lib/peer.mjs';
import { goneThrough, hit } from '../lib/sweep.mjs';

const nested = (open, close, depth, core = '1') => open.repeat(depth) + core + close.repeat(depth);
const kJson = [
  nested('[', ']', 100_000), nested('{"a":', '}', 100_000), `[${'1,'.repeat(300_000)}1]`, `{"subject":${'9'.repeat(200_000)}}`, '{"subject":1e999999999}', '{"subject":-0.0e-999999}',
  `{${Array.from({ length: 30_000 }, (_, i) => `"k${i}":1`).join()}}`, `{${'"subject":"x",'.repeat(20_000)}"body":"y"}`, `{"subject":"${'\\u0000'.repeat(50_000)}"}`, `{"subject":"${'\\ud800'.repeat(1000)}"}`, `{"subject":"${'e\u0301'.repeat(100_000)}"}`,
  `"${'x'.repeat(900_000)}`, `{"__proto__":${nested('{"a":', '}', 900)}}`,
];
// What makes a backtracking matcher, a parser of markup or a normaliser work in squares.
const kSlow = [
  `${'a'.repeat(50_000)}!`, `${'@'.repeat(30_000)}`, `${'('.repeat(20_000)}`, `${'*'.repeat(40_000)}`, `${'_a'.repeat(20_000)}`, `${'['.repeat(40_000)}`, `${'![['.repeat(15_000)}`, `${'> '.repeat(20_000)}x`, `${'- '.repeat(10_000)}x`, `${'`'.repeat(40_000)}x`,
  `${'<a '.repeat(20_000)}`, `${'<div>'.repeat(15_000)}`, `${'&'.repeat(60_000)}`, `${'<!--'.repeat(15_000)}`, `${'http://'.repeat(10_000)}`, `${'a.'.repeat(30_000)}`, `${'\u0301'.repeat(40_000)}`, `${'\ufdfa'.repeat(20_000)}`, `${'1.'.repeat(30_000)}`, `${' \t'.repeat(40_000)}x`,
  `${'[a](b'.repeat(10_000)}`, `${'|-'.repeat(20_000)}\n${'|-'.repeat(20_000)}`, `${'On x wrote:\n> '.repeat(5_000)}`, `${'~~'.repeat(20_000)}`, `${'"'.repeat(30_000)}`,
];

/** A stored zip whose only member says that it is a terabyte of zeros. */
function zipBomb() {
  const data = deflateRawSync(Buffer.alloc(8 << 20));
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(8, 8);
  head.writeUInt32LE(data.length, 18);
  head.writeUInt32LE(0xffffffff, 22);
  head.writeUInt16LE(5, 26);
  return Buffer.concat([head, Buffer.from('a.log'), data]);
}

function mimeDepth(depth) {
  const open = Array.from({ length: depth }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join('');
  return `${open}Content-Type: text/plain\r\n\r\nx\r\n`;
}
const kLetters = {
  'deep parts': () => mimeDepth(2_000),
  'deep messages': () => 'Content-Type: message/rfc822\r\n\r\n'.repeat(3_000) + 'Subject: x\r\n\r\ny',
  'many parts': () => `Content-Type: multipart/mixed; boundary=e\r\n\r\n${'--e\r\n\r\nx\r\n'.repeat(30_000)}--e--`,
  'many files': () => `Content-Type: multipart/mixed; boundary=e\r\n\r\n${'--e\r\nContent-Disposition: attachment; filename=a\r\n\r\nx\r\n'.repeat(3_000)}--e--`,
  'a zip': () => `Content-Type: application/zip; name=a.zip\r\nContent-Disposition: attachment; filename=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${zipBomb().toString('base64').replace(/.{76}/g, '$&\r\n')}`,
  'markup': () => `Content-Type: text/html\r\n\r\n${'<div>'.repeat(60_000)}`,
  'tables': () => `Content-Type: text/html\r\n\r\n${'<table><tr><td>'.repeat(20_000)}`,
  'attributes': () => `Content-Type: text/html\r\n\r\n<p ${'a=b '.repeat(60_000)}>x`,
  'entities': () => `Content-Type: text/html\r\n\r\n${'&amp;'.repeat(100_000)}`,
  'quotes': () => `Content-Type: text/plain\r\n\r\n${'>'.repeat(900)}x\r\n`.repeat(1) + `${'> '.repeat(400)}x\r\n`.repeat(400),
  'words': () => `Subject: ${'=?utf-8?q?=41?= '.repeat(8_000)}\r\n\r\nx`,
  'parameters': () => `Content-Type: text/plain; ${Array.from({ length: 5_000 }, (_, i) => `name*${i}*=x`).join(';\r\n ')}\r\n\r\nx`,
  'comments': () => `To: ${'('.repeat(30_000)}x\r\n\r\nx`,
  'addresses': () => `Cc: ${Array.from({ length: 10_000 }, (_, i) => `a${i}@b.example`).join(',\r\n ')}\r\n\r\nx`,
  'references': () => `References: ${'<a@b.example>\r\n '.repeat(10_000)}<c@d.example>\r\n\r\nx`,
  'charsets': () => `Content-Type: text/plain; charset=${'x'.repeat(10_000)}\r\n\r\nx`,
  'yes, utf-7': () => 'Content-Type: text/html; charset=utf-7\r\n\r\n+ADw-script+AD4-alert(1)+ADw-/script+AD4-',
};

export const bombs = {
  name: 'bombs',
  async attack(field) {
    const { random, document, customers, nobody, admin } = field;
    // A compressed body is not taken: it is read as what it is, or refused.
    const zeros = gzipSync(Buffer.alloc(64 << 20));
    for (const [client, path] of [[nobody, '/session'], [customers.a_requester, '/portal/tickets']]) {
      for (const coding of ['gzip', 'deflate', 'br', 'gzip, gzip', 'zstd']) {
        const answer = await field.ask(client, 'POST', path, { raw: zeros, type: 'application/json', headers: { 'Content-Encoding': coding } });
        field.expect([400, 413, 415, 422, -1].includes(answer.status), 'a compressed body was taken', answer);
      }
    }
    const writes = document.operations.filter((one) => one.body && goneThrough(one));
    await field.each(random.deal('bombs', writes, 12), async (operation) => {
      const ready = await field.ready(operation);
      if (!ready) return;
      const answer = await field.ask(ready.client, operation.method, ready.path, { raw: random.pick(kJson), type: 'application/json' });
      field.expect(answer.status >= 400 || answer.status === -1, 'a bomb was taken', answer);
    });
    // Long texts where long ones are allowed, and as questions.
    const long = writes.flatMap((operation) => Object.entries(document.resolve(operation.body).properties)
      .filter(([, member]) => document.resolve(member).type === 'string' && document.resolve(member).maxLength >= 1000).map(([name]) => ({ operation, kind: 'body', at: [name] })));
    for (const place of random.deal('long', long, 4)) {
      const { maxLength } = document.resolve(document.resolve(place.operation.body).properties[place.at[0]]);
      const answer = await hit(field, place, random.pick(kSlow).slice(0, maxLength));
      if (answer) field.expect(answer.ms < kNoAnswerMs, 'a text that takes its time', answer);
    }
    for (const text of random.deal('slow texts', kSlow, 3)) {
      await field.ask(customers.a_requester, 'POST', '/portal/tickets', { body: { subject: text.slice(0, 300), body: text.slice(0, 100_000) } });
      await field.ask(admin, 'GET', `/search?${new URLSearchParams({ q: text.slice(0, 1000) })}`);
    }
    for (const name of ['limit', 'weeks']) for (const value of ['9'.repeat(400), '1e308', '-1', '0', '4294967297', '9223372036854775808', 'NaN']) await field.ask(admin, 'GET', `/${name === 'limit' ? 'tickets' : 'reports/drift'}?${name}=${value}`);
    // Ranges and codings of answers.
    await field.ask(nobody, 'GET', '', { at: '/', headers: { Range: `bytes=${Array.from({ length: 1000 }, (_, i) => `${i}-`).join()}`, 'Accept-Encoding': 'gzip;q=0.'.repeat(100) } });
    await field.ask(nobody, 'GET', '', { at: '/', headers: { 'Accept-Language': 'en;q=0.1,'.repeat(900), Cookie: 'a=b; '.repeat(900) } });
    const { email } = customers.a_requester;
    for (const [what, make] of random.deal('letters of bombs', Object.entries(kLetters), 3)) {
      await field.mail(email, `From: <${email}>\r\nTo: <desk@desk.example>\r\nMessage-ID: <${random.word()}@customer.example>\r\nMIME-Version: 1.0\r\n${what === 'words' ? '' : `Subject: ${what}\r\n`}${make()}\r\n`);
    }
    const body = new FormData();
    body.set('file', new Blob([zipBomb()], { type: 'application/zip' }), 'a.zip');
    await field.ask(customers.a_requester, 'POST', `/portal/tickets/${field.secrets.a.ticket}/evidence`, { raw: body });
    const edge = 'e'.repeat(70);
    await field.ask(customers.a_requester, 'POST', `/portal/tickets/${field.secrets.a.ticket}/evidence`, { raw: `--${edge}\r\nContent-Disposition: form-data; name="note"\r\n\r\n1\r\n`.repeat(6_000), type: `multipart/form-data; boundary=${edge}` });
  },
};
