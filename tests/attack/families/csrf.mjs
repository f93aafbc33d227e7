// Orders from another site: with the victim's cookie and without her token, in every form that a browser sends unasked.
import { goneThrough } from '../lib/sweep.mjs';

const kPlainTypes = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=e', 'text/plain; charset=utf-8', 'text/plain;application/json', 'application/json, text/plain', undefined];
const kSites = [{ Origin: 'https://evil.example' }, { Origin: 'null' }, { Origin: 'http://localhost.evil.example' }, { Referer: 'https://evil.example/' }, { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }, {}];
const kTokens = [undefined, '', 'undefined', 'null', '0', '*', 'x'.repeat(24)];

export const csrf = {
  name: 'csrf',
  async attack(field) {
    const { random, document, admin, customers, world } = field;
    const writes = document.operations.filter((one) => one.method !== 'GET' && !one.anyone && goneThrough(one));
    await field.each(random.deal('csrf', writes, 40), async (operation) => {
      const ready = await field.ready(operation);
      const { Cookie } = ready?.client.headers ?? {};
      if (!Cookie) return;
      const token = random.pick([...kTokens, random.pick([admin, customers.b_requester]).headers['X-Propolis-CSRF']]);
      if (token === ready.client.headers['X-Propolis-CSRF']) return;
      const foreign = Object.assign(field.peer(ready.client, ready.client.sees), { headers: { Cookie, ...(token !== undefined && { 'X-Propolis-CSRF': token }) } });
      const body = JSON.stringify(ready.body ?? {});
      const type = random.pick(kPlainTypes);
      const answer = await field.ask(foreign, operation.method, ready.path, { raw: operation.body || operation.form ? body : undefined, type, headers: random.pick(kSites) });
      field.expect([403, 415, -1].includes(answer.status), 'an order from another site was not refused', answer);
      // The token in the query or the body instead of the header.
      const own = ready.client.headers['X-Propolis-CSRF'];
      const beside = Object.assign(field.peer(ready.client, ready.client.sees), { headers: { Cookie } });
      const elsewhere = await field.ask(beside, operation.method, `${ready.path}${ready.path.includes('?') ? '&' : '?'}X-Propolis-CSRF=${own}`, { raw: operation.body ? body : undefined, type: 'application/json' });
      field.expect([403, -1].includes(elsewhere.status), 'a token in the query was taken', elsewhere);
    });
    // Signing in is an order too: a form of another site cannot give it.
    for (const type of kPlainTypes) {
      const answer = await field.ask(field.nobody, 'POST', '/session', { raw: JSON.stringify({ email: admin.me.email, password: 'propolis demo desk' }), type });
      field.expect(answer.status === 415 && !answer.headers.getSetCookie().length, 'a sign-in by a form', answer);
    }
    // No other origin may read an answer, or ask before it writes.
    for (const Origin of ['https://evil.example', 'null', world.base.replace('localhost', 'localhost.evil.example')]) {
      for (const [method, path] of [['OPTIONS', '/tickets'], ['GET', '/session'], ['OPTIONS', '/session']]) {
        const answer = await field.ask(admin, method, path, { headers: { Origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type,x-propolis-csrf' } });
        field.expect(!answer.headers.has('access-control-allow-origin'), 'another origin may read', answer);
      }
    }
    // What only reads changes nothing: no operation of GET has a body or asks for a token, and none signs out.
    await field.ask(admin, 'GET', '/session?_method=DELETE');
    await field.ask(admin, 'GET', '/session', { headers: { 'X-HTTP-Method-Override': 'DELETE' } });
    const still = await field.ask(admin, 'GET', '/session');
    field.expect(still.status === 200, 'a reading request ended the session', still);
  },
};
