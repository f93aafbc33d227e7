// Requests inside requests: two readers must never see two different messages. An ambiguous one is refused and its
// connection ends: what was hidden in it is never answered.
const kHidden = 'GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\nX-Hidden: 1\r\n\r\n';
const kGood = 'GET /api/v1/about HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
const post = (lines, body) => `POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
const chunked = `0\r\n\r\n${kHidden}`;
const length = Buffer.byteLength(chunked);

const kAmbiguous = {
  'CL.TE': post([`Content-Length: ${length}`, 'Transfer-Encoding: chunked'], chunked),
  'TE.CL': post(['Transfer-Encoding: chunked', 'Content-Length: 4'], `5c\r\n${kHidden}\r\n0\r\n\r\n`),
  'two lengths': post(['Content-Length: 0', `Content-Length: ${kHidden.length}`], kHidden),
  'a list of lengths': post([`Content-Length: 0, ${kHidden.length}`], kHidden),
  'a length with a sign': post(['Content-Length: +0'], kHidden),
  'a negative length': post(['Content-Length: -1'], kHidden),
  'a length in hex': post([`Content-Length: 0x${kHidden.length.toString(16)}`], kHidden),
  'a length beyond numbers': post(['Content-Length: 18446744073709551616'], kHidden),
  'xchunked': post(['Transfer-Encoding: xchunked'], chunked),
  'chunked twice': post(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], chunked),
  'chunked, identity': post(['Transfer-Encoding: chunked, identity'], chunked),
  'gzip, chunked': post(['Transfer-Encoding: gzip, chunked'], chunked),
  'folded coding': post(['Transfer-Encoding:\r\n chunked'], chunked),
  'a blank before the colon': post([`Content-Length : ${length}`, 'Transfer-Encoding: chunked'], chunked),
  'a tab before the coding': post([`Content-Length: ${length}`, 'Transfer-Encoding:\tchunked'], chunked),
  'a bare line feed': `POST /api/v1/session HTTP/1.1\nHost: localhost\nContent-Length: ${length}\nTransfer-Encoding: chunked\n\n${chunked}`,
  'a bare carriage return': post([`X: y\rTransfer-Encoding: chunked`, `Content-Length: ${length}`], chunked),
  'a zero byte': post([`Transfer-Encoding: chunked\0`, `Content-Length: ${length}`], chunked),
  'an obsolete fold': post(['X: y', ` Transfer-Encoding: chunked`, 'Content-Length: 0'], kHidden),
  'a chunk size with a sign': post(['Transfer-Encoding: chunked'], `+0\r\n\r\n${kHidden}`),
  'a chunk size beyond numbers': post(['Transfer-Encoding: chunked'], `fffffffffffffffff\r\n\r\n${kHidden}`),
  'a chunk size in 0x': post(['Transfer-Encoding: chunked'], `0x0\r\n\r\n${kHidden}`),
  'chunks ended by a line feed': post(['Transfer-Encoding: chunked'], `0\n\n${kHidden}`),
  'two hosts': `GET /api/v1/about HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n${kHidden}`,
  'no host': `GET /api/v1/about HTTP/1.1\r\n\r\n${kHidden}`,
  'HTTP/1.0 in chunks': `POST /api/v1/session HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`,
  'a body on GET': `GET /api/v1/about HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${kHidden.length}\r\n\r\n${kHidden}`,
  'HTTP/2 without asking': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'an upgrade': `GET /api/v1/about HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`,
  'HTTP/9.9': 'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n',
  'a request of no version': 'GET /\r\n\r\n',
  'CONNECT': 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n',
  'an expectation': post([`Expect: 200-maybe`, 'Content-Length: 2'], '{}'),
  'trailers that rule': post(['Transfer-Encoding: chunked', 'Trailer: Content-Length'], `2\r\n{}\r\n0\r\nContent-Length: 500\r\nHost: evil.example\r\n\r\n`),
};
// An upgrade may be left alone: the answer is the plain one. Chunks may end with a line feed where nobody is in between.
const kMayAnswer = new Set(['a body on GET', 'an upgrade', 'trailers that rule']);
// A tunnel that was refused leaves the connection as it was (RFC 9110 section 9.3.6).
const kMayGoOn = new Set(['CONNECT']);

export const smuggling = {
  name: 'smuggling',
  async attack(field) {
    const { random } = field;
    await field.each(random.deal('smuggling', Object.entries(kAmbiguous), 40), async ([what, bytes]) => {
      // In pieces or whole, and with a rightful request behind it, that closes the connection when it is reached.
      const answers = await field.raw(bytes + kGood, { from: '127.0.0.67' });
      const hidden = answers.find(({ body }) => body.includes('"openapi"'));
      field.expect(!hidden, `${what}: what was hidden was answered`);
      if (!kMayAnswer.has(what)) {
        const first = answers[0]?.status ?? 400;
        field.expect(first >= 400, `${what}: taken with ${first}`);
        if (!kMayGoOn.has(what)) field.expect(answers.length <= 1, `${what}: the connection went on, ${answers.map(({ status }) => status)}`);
      }
    });
  },
};
