// The mail host alone: SMTP -> Postfix -> LMTP sink, SMTP -> Postfix -> Dovecot -> IMAP, refusals, nothing left behind.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { composeMail, Mailbox, parseMail, sendMail, startLmtpSink, startMailhost } from './mail.mjs';

const dir = mkdtempSync(join(tmpdir(), 'mailhost-'));
let sink;
let host;

before(async () => {
  sink = await startLmtpSink();
  host = await startMailhost(dir, sink.port);
});

after(async () => {
  await host?.stop();
  await sink?.stop();
  assert.equal(existsSync(dir), false, 'the folder is removed');
});

async function until(found, limitMs = 15_000) {
  for (const end = Date.now() + limitMs; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (found()) return found();
  }
  throw new Error('not in time');
}

test('mail to the desk reaches the LMTP port with text, dots and attachment whole', async () => {
  const body = 'Túnel caído desde las 12:50.\n.\n..dos puntos\nação';
  const attachments = [{ filename: 'log.txt', type: 'text/plain', content: 'deny\n' }];
  const { id, raw } = composeMail({ from: 'ana@customer.example', name: 'Ana Peñafiel', to: 'desk@desk.example', subject: 'Túnel caído', body, attachments });
  await sendMail(host.smtpPort, { from: 'ana@customer.example', to: 'desk@desk.example', raw });
  const { from, to, mail } = await until(() => sink.kept[0]);
  assert.equal(from, 'ana@customer.example');
  assert.deepEqual(to, ['desk@desk.example']);
  assert.equal(mail.messageId, id);
  assert.equal(mail.subject, 'Túnel caído');
  assert.equal(mail.text, body);
  assert.equal(mail.attachments[0].bytes.toString(), 'deny\n');
});

test('a sub-address of the desk reaches the desk too', async () => {
  const { id, raw } = composeMail({ from: 'ana@customer.example', to: 'desk+PR-1@desk.example', subject: 'Re', body: 'x' });
  await sendMail(host.smtpPort, { from: 'ana@customer.example', to: 'desk+PR-1@desk.example', raw });
  const kept = await until(() => sink.kept.find(({ mail }) => mail.messageId === id));
  assert.deepEqual(kept.to, ['desk+PR-1@desk.example']);
});

test('mail to customers and staff is read back over IMAP', async () => {
  for (const address of ['bruno@customer.example', 'ines@desk.example']) {
    const { id, raw } = composeMail({ from: 'desk@desk.example', to: address, subject: 'Olá, Inês', body: 'Resolução', inReplyTo: '<a@b.example>', references: ['<r@b.example>'] });
    await sendMail(host.smtpPort, { from: 'desk@desk.example', to: address, raw });
    const mail = await new Mailbox(host, address).waitFor((one) => one.messageId === id);
    assert.equal(mail.subject, 'Olá, Inês');
    assert.equal(mail.text, 'Resolução');
    assert.equal(mail.headers['in-reply-to'], '<a@b.example>');
    assert.equal(mail.headers.references, '<r@b.example> <a@b.example>');
  }
});

test('a mailbox refuses a wrong password', async () => {
  await assert.rejects(new Mailbox({ ...host, imapPassword: 'wrong' }, 'ana@customer.example').messages(), /IMAP: LOGIN/);
});

test('no other domain is taken', async () => {
  const { raw } = composeMail({ from: 'ana@customer.example', to: 'x@elsewhere.example', subject: 's', body: 'b' });
  await assert.rejects(sendMail(host.smtpPort, { from: 'ana@customer.example', to: 'x@elsewhere.example', raw }), /554|550|Relay/);
});

test('quoted-printable, encoded words in pieces and nested parts are read', () => {
  const raw = ['Subject: =?utf-8?Q?T=C3=BAnel?= =?utf-8?Q?_ca=C3=ADdo?=', 'Content-Type: multipart/alternative; boundary="a.b"', '', '--a.b',
    'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable', '', 'resoluci=C3=B3n larga=', ' y seguida', '--a.b',
    'Content-Type: text/html; charset=iso-8859-1', '', '<p>\xe1</p>', '--a.b--'].join('\r\n');
  const mail = parseMail(Buffer.from(raw, 'latin1'));
  assert.equal(mail.subject, 'Túnel caído');
  assert.equal(mail.text, 'resolución larga y seguida');
  assert.equal(mail.html, '<p>á</p>');
});
