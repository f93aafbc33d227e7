// Lines put into heads: of HTTP answers (paths, queries, header values, file names) and of the mails that go out.
import { kOwned, kThief } from '../lib/field.mjs';
import { sweep } from '../lib/sweep.mjs';

const kBreaks = ['\r\n', '\n', '\r', '\u2028', '\u0085', '\u560d\u560a', '\u0000\r\n', '\r\n\r\n', '\r\n ', '\v', '\f'];
const kLines = [`${kOwned}: 1`, `Bcc: ${kThief}`, `Cc: ${kThief}`, `To: ${kThief}`, `Set-Cookie: propolis_session=owned`, `Subject: x\r\n\r\n<script>`, `Reply-To: ${kThief}`];

const form = (filename, fields = {}) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set('file', new Blob(['a line\n'], { type: 'text/plain' }), filename);
  return body;
};

export const headers = {
  name: 'headers',
  async attack(field) {
    const { random, customers, admin, secrets } = field;
    const injected = () => `x${random.pick(kBreaks)}${random.pick(kLines)}`;
    const payloads = Array.from({ length: 24 }, injected);
    await sweep(field, 'headers', 30, payloads);

    for (const payload of payloads.slice(0, 8)) {
      const inUrl = encodeURIComponent(payload);
      for (const at of [`/${inUrl}`, `/portal/${inUrl}`, `/api/v1/${inUrl}`, `/api/v1/tickets?cursor=${inUrl}`, `/assets/${inUrl}`, `//evil.example/%2f..${inUrl}`]) {
        const answer = await field.ask(admin, 'GET', '', { at });
        field.expect(!answer.headers.get('location')?.includes('evil'), 'sends people elsewhere', answer);
        field.expect(!answer.headers.getSetCookie().join().includes('owned'), 'sets an attacker\'s cookie', answer);
      }
      // Bytes that a client of good manners would not send.
      await field.raw(`GET /api/v1/about HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: ${payload.replace(/[^\x00-\xff]/g, '?')}\r\nAccept-Language: ${payload.replace(/[^\x00-\xff]/g, '?')}\r\nConnection: close\r\n\r\n`);
      const sent = await field.ask(customers.a_requester, 'POST', `/portal/tickets/${secrets.a.ticket}/evidence`, { raw: form(payload) });
      if (sent.json?.id) {
        const file = await field.ask(admin, 'GET', `/evidence/${sent.json.id}/content`);
        field.expect(/^attachment;/.test(file.headers.get('content-disposition') ?? ''), 'a file is no attachment', file);
        field.expect(!file.headers.getSetCookie().length, 'a file sets a cookie', file);
      }
    }
    // Into mails: as subject, name, copy, and by what came in.
    const opened = await field.ask(customers.a_requester, 'POST', '/portal/tickets', { body: { subject: injected(), body: injected() } });
    const id = opened.json?.id ?? secrets.a.ticket;
    await field.ask(admin, 'POST', `/tickets/${id}/messages`, { body: { body: injected(), cc: [`boss@customer.example\r\nBcc: ${kThief}`] } });
    await field.ask(admin, 'POST', `/tickets/${id}/messages`, { body: { body: injected() } });
    await field.ask(admin, 'POST', '/tickets', { body: { subject: injected(), body: injected(), requester: { email: customers.a_requester.email, name: injected() } } });
    const word = (text) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
    const { email } = customers.a_requester;
    for (const line of random.shuffled(kLines).slice(0, 3)) {
      const evil = `x${random.pick(kBreaks)}${line}`;
      await field.mail(email, [`From: ${word(evil)} <${email}>`, 'To: <desk@desk.example>', `Subject: ${word(evil)}`, `Message-ID: <${random.word()}@customer.example>`,
        `References: <a@b.example>${word(evil)}`, '', evil.replace(/\r(?!\n)|(?<!\r)\n/g, '\r\n'), ''].join('\r\n'));
    }
  },
};
