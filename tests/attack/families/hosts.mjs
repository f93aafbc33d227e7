// What a request says of itself: the host that it wants, the method that it means, the place behind a proxy. None of it may
// come into links, answers that others get from a cache, or decisions.
import { until } from '../../api/lib/world.mjs';

const kEvil = 'evil.example';
const kSaid = ['X-Forwarded-Host', 'X-Forwarded-Server', 'X-Host', 'X-Original-Host', 'Forwarded', 'X-HTTP-Host-Override', 'X-Forwarded-Scheme', 'X-Forwarded-Proto', 'X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Prefix', 'X-Forwarded-Port', 'Origin', 'Referer', 'Via'];
const kOverrides = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', '_method'];

export const hosts = {
  name: 'hosts',
  async attack(field) {
    const { random, nobody, customers, world, admin, secrets } = field;
    // Links in mails are the desk's own.
    const { email } = customers.b_approver;
    const headers = Object.fromEntries(random.shuffled(kSaid).slice(0, 8).map((name) => [name, name === 'Forwarded' ? `host=${kEvil}` : kEvil]));
    await field.ask(nobody, 'POST', '/portal/sign-in', { body: { email }, headers: { Host: kEvil, ...headers } });
    await field.ask(nobody, 'POST', '/portal/sign-in', { body: { email: customers.a_approver.email }, headers: { Host: `localhost:${field.port}@${kEvil}`, ...headers } });
    const made = await field.ask(admin, 'POST', '/me/on-call-feed', { headers: { Host: kEvil, ...headers } });
    field.expect(!made.text.includes(kEvil), 'a link to the host that was asked for', { ...made, text: '' });
    for (const Host of [kEvil, `${kEvil}:80`, 'localhost:99999', '[::1]', 'a'.repeat(300), 'localhost/../x', 'localhost\\x', 'x y', "localhost'><script>"]) {
      for (const at of ['/', '/api/v1/about', '/portal', '/tickets/x', '//evil.example/']) {
        const answer = await field.ask(nobody, 'GET', '', { at, headers: { Host, ...headers } });
        field.expect(!`${answer.text}${[...answer.headers]}`.includes(kEvil) || at.includes(kEvil), 'the host comes back', answer);
        field.expect(!answer.headers.has('location') || at.endsWith('/'), 'sends people elsewhere', answer);
      }
    }
    // A cache must not keep what is one person's, nor what a header made.
    for (const [client, path] of [[admin, '/session'], [admin, '/tickets'], [customers.a_requester, '/portal/tickets'], [admin, `/tickets/${secrets.a.ticket}`], [customers.a_requester, '/search?q=x'], [admin, `/evidence/${secrets.a.file}/content`], [nobody, '/session']]) {
      const answer = await field.ask(client, 'GET', path, { headers });
      field.expect(/no-store|private/.test(answer.headers.get('cache-control') ?? ''), 'a cache may keep it', { ...answer, text: '' });
    }
    for (const at of ['/x.css', '/assets/x.js', '/api/v1/session/x.css', '/api/v1/session;x.css', '/api/v1/session%00.css', '/api/v1/session%0ax.css', '/api/v1/portal/tickets/x.png', '/session.js']) {
      const answer = await field.ask(customers.a_requester, 'GET', '', { at });
      field.expect(!answer.text.includes(customers.a_requester.email) || /no-store/.test(answer.headers.get('cache-control') ?? ''), 'what is hers looks like a file', { ...answer, text: '' });
    }
    // The method is the one of the request line.
    const before = await field.admin.get(`/tickets/${secrets.a.ticket}`);
    for (const override of kOverrides) {
      for (const method of ['GET', 'POST', 'HEAD']) {
        for (const meant of ['DELETE', 'PATCH', 'PUT']) await field.ask(admin, method, `/tickets/${secrets.a.ticket}?${override}=${meant}`, { headers: { [override]: meant } });
      }
    }
    field.expect((await field.admin.get(`/tickets/${secrets.a.ticket}`)).version === before.version, 'a ticket was changed by a method in a header');
    for (const method of ['TRACE', 'TRACK', 'CONNECT', 'PROPFIND', 'DEBUG', 'get', 'GETX', 'PURGE', 'MOVE']) {
      const answers = await field.raw(`${method} /api/v1/session HTTP/1.1\r\nHost: localhost\r\nX-Echo: owned-echo\r\nConnection: close\r\n\r\n`);
      for (const { status, body } of answers) field.expect(status >= 400 && !body.includes('owned-echo'), `${method} is answered with ${status}`);
    }
    // X-Forwarded-For of nobody's proxy: figures and inner routes stay where they are, tries are counted for who really asks.
    for (const where of ['127.0.0.1', '::1', 'localhost', '10.0.0.1']) await field.ask(nobody, 'GET', '/tickets', { headers: { 'X-Forwarded-For': where, 'X-Real-IP': where, Forwarded: `for=${where}`, 'X-Client-Cert': 'x', 'X-Remote-User': 'marta.lindqvist@desk.example' } });
    const letters = await until('the links', async () => {
      const all = (await world.mails()).filter((mail) => mail.text.includes('#t='));
      return all.length && all;
    }, 120_000).catch(() => []);
    for (const mail of letters) {
      const links = mail.raw.match(/https?:\/\/[^\s"<>]+/g) ?? [];
      for (const link of links) field.expect(!link.includes(kEvil), `a link in a mail leads to ${link.slice(0, 60)}`);
    }
  },
};
