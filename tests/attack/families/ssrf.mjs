// Requests that the desk is made to send: no address that people give may lead to the desk's own machine or network. Every
// form of such an address is tried; a trap on this machine hears of any connection. An administrator allows one address of
// a helper that redirects to the trap: it must be called (so calls are really made), and its redirects must not be followed.
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { newStaff } from '../../access/lib/callers.mjs';
import { until } from '../../api/lib/world.mjs';

const kHelper = '127.0.0.2';
const kAtOnce = 8; // ways that one person may have, with one to spare

let trap;
let helper;
let caught = [];
let redirected = 0;

async function listen(server, host) {
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  server.unref();
  return server.address().port;
}

async function setTraps() {
  trap = createServer((socket) => {
    caught.push(socket.remoteAddress);
    socket.destroy();
  });
  trap.port = await listen(trap, '::').catch(() => listen(trap, '0.0.0.0'));
  helper = createHttp((_, answer) => {
    ++redirected;
    answer.writeHead(307, { Location: `http://127.0.0.1:${trap.port}/redirected` }).end();
  });
  helper.port = await listen(helper, kHelper);
}

const addressesOf = (port) => [
  ...['127.0.0.1', '127.1', '127.0.1', '0', '0.0.0.0', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '017700000001', '127.0.0.1.', '127.127.127.127', 'localhost', 'LOCALHOST', 'localhost.', 'ip6-localhost',
    '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[fe80::1%25lo]', '①②⑦.⓪.⓪.①', '127。0。0。1', 'localhost%00.example',
    hostname(), `${kHelper.replace('.2', '.3')}`].flatMap((host) => [`http://${host}:${port}/`, `https://${host}:${port}/`]),
  'http://169.254.169.254/latest/meta-data/', 'http://[fd00:ec2::254]/latest/', 'http://100.100.100.200/', 'http://10.0.0.1/', 'http://192.168.0.1/', 'http://172.16.0.1/', 'http://metadata.google.internal/',
  `https://user@127.0.0.1:${port}/`, `https://example.com@127.0.0.1:${port}/`, `https://127.0.0.1:${port}#@example.com/`, `https://example.com\\@127.0.0.1:${port}/`, `https://127.0.0.1:${port}\\.example.com/`,
  `file:///etc/passwd`, `gopher://127.0.0.1:${port}/_x`, `dict://127.0.0.1:${port}/x`, `ftp://127.0.0.1:${port}/`, `ldap://127.0.0.1:${port}/`, `http:127.0.0.1:${port}`, `//127.0.0.1:${port}/`, `https:///127.0.0.1:${port}/`,
  `http://127.0.0.1:${port}/\r\nX: y`, ` http://127.0.0.1:${port}/`, `http://127.0.0.1:${port}/?{{text}}`,
];

/** Adds ways to reach somebody, has each tried, waits until each was; the URLs that were taken. */
async function callAll(field, somebody, urls) {
  const tried = [];
  for (const address of urls) {
    const { json } = await field.ask(somebody, 'POST', '/me/contact-methods', { body: { kind: 'webhook', label: 'x', address } });
    if (!json?.method) continue;
    const sent = await field.ask(somebody, 'POST', '/me/reach/test', { body: { method_id: json.method.id } });
    if (sent.status === 202) tried.push({ address, method: json.method.id });
  }
  await until('the desk to have tried', async () => {
    const { json } = await somebody.ask('GET', '/me/deliveries');
    return json?.items.filter(({ attempts }) => attempts.length).length >= tried.length;
  }, 120_000);
  return tried;
}

export const ssrf = {
  name: 'ssrf',
  async attack(field) {
    if (!trap) await setTraps();
    const { world, random, admin } = field;
    const somebody = field.peer(await newStaff(world, 'agent'), ['a', 'b', 'inside']);
    const urls = random.deal('ssrf', addressesOf(trap.port), kAtOnce);
    await field.ask(admin, 'PUT', '/outgoing-http', { body: { networks: [`${kHelper}/32`] } });
    const before = redirected;
    await callAll(field, somebody, [`http://${kHelper}:${helper.port}/`, ...urls]);
    field.expect(redirected > before, 'the helper was not called: nothing was tried');
    await field.ask(admin, 'PUT', '/outgoing-http', { body: { networks: [] } });
    // SMS services: their addresses are judged in the same place; here only that they are refused or stored as they are.
    for (const url of random.shuffled(addressesOf(trap.port)).slice(0, 4)) {
      const { json } = await field.ask(admin, 'POST', '/gateways', { body: { name: random.word(), url, headers: [], body: '{{text}}', secret: 'a secret' } });
      if (json?.id) await field.ask(admin, 'DELETE', `/gateways/${json.id}`);
    }
    // What is written in a request is never fetched: a picture, a link, a stylesheet.
    const link = `http://127.0.0.1:${trap.port}/picture.png`;
    await field.ask(field.customers.a_requester, 'POST', '/portal/tickets', { body: { subject: link, body: `![x](${link}) <img src="${link}"> ${link}` } });
    const { email } = field.customers.a_requester;
    await field.mail(email, [`From: <${email}>`, 'To: <desk@desk.example>', `Subject: ${link}`, `List-Unsubscribe: <${link}>`, `Disposition-Notification-To: <x@[127.0.0.1]>`, 'MIME-Version: 1.0', 'Content-Type: text/html', '', `<img src="${link}"><link rel=stylesheet href="${link}">`, ''].join('\r\n'));
    field.expect(!caught.length, `the desk called the trap: ${caught.join()}; with one of ${urls.join(' ')}`);
    caught = [];
  },
  async end(field) {
    field.expect(!caught.length, `the desk called the trap later: ${caught.join()}`);
    helper?.closeAllConnections();
    helper?.close();
    trap?.close();
  },
};
