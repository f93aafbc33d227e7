// What browsers are told with every kind of answer, and the session's cookie, also behind a proxy that ends TLS.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDesk } from '../../web/tests/e2e/lib/desk.mjs';

const kAdmin = { email: 'ana@desk.example', password: 'a long enough password' };
const kTls = { 'X-Forwarded-Proto': 'https' };

let desk;
before(async () => {
  desk = await startDesk({ admin: kAdmin, more: () => ['--trusted-proxy', '127.0.0.1'] });
});
after(() => desk?.stop());

const ask = (path, { method = 'GET', headers = {}, body } = {}) => {
  const json = body && { 'Content-Type': 'application/json' };
  return fetch(desk.base + path, { method, headers: { ...json, ...headers }, body: body && JSON.stringify(body), redirect: 'manual' });
};

/** A script that the console's page loads. */
async function script() {
  const [, path] = (await (await ask('/')).text()).match(/src="(\/[^"]+\.js)"/);
  return path;
}

describe('every answer', { concurrency: false }, () => {
  const kPaths = ['/', '/portal', '/docs', '/api/v1/about', '/api/v1/openapi.json', '/api/v1/tickets', '/api/v1/nothing', '/nothing.js', '/mark.svg', '/health/ready', '/metrics', '/%zz'];

  test('tells browsers to run, frame and guess nothing that it is not', async () => {
    for (const path of [...kPaths, await script()]) {
      const { headers } = await ask(path, { headers: { Origin: 'https://elsewhere.example' } });
      const policy = headers.get('content-security-policy') ?? '';
      for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) assert.ok(policy.includes(part), `${path}: ${part} in ${policy}`);
      assert.doesNotMatch(policy, /unsafe|\*|http:/, path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
      assert.equal(headers.get('referrer-policy'), 'no-referrer', path);
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin', path);
      assert.equal(headers.get('access-control-allow-origin'), null, path);
      const type = headers.get('content-type') ?? '';
      assert.match(type, /^(application\/(problem\+)?json|(text\/(html|plain|javascript)|image\/svg\+xml);.*charset=utf-8)/i, path);
      if (type.startsWith('text/html')) assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin', path);
    }
  });

  test('that nothing changed leaves the policy of what is kept as it was', async () => {
    for (const path of ['/', '/portal', await script()]) {
      const first = await ask(path);
      const again = await ask(path, { headers: { 'If-None-Match': first.headers.get('etag') } });
      assert.equal(again.status, 304, path);
      const policy = again.headers.get('content-security-policy');
      assert.ok(policy === null || policy === first.headers.get('content-security-policy'), `${path}: ${policy}`);
    }
  });

  test('asks for TLS from then on when it came by TLS, and only then', async () => {
    for (const path of kPaths) {
      assert.equal((await ask(path)).headers.get('strict-transport-security'), null, path);
      const asked = (await ask(path, { headers: kTls })).headers.get('strict-transport-security') ?? '';
      const [, age] = asked.match(/^max-age=(\d+); includeSubDomains$/) ?? [];
      assert.ok(Number(age) >= 365 * 86_400, `${path}: ${asked}`);
    }
  });
});

describe('the cookie of a session', { concurrency: false }, () => {
  async function signIn(headers) {
    const answer = await ask('/api/v1/session', { method: 'POST', headers, body: kAdmin });
    assert.equal(answer.status, 200);
    const cookies = answer.headers.getSetCookie();
    assert.equal(cookies.length, 1);
    const [pair, ...attributes] = cookies[0].split('; ');
    const [name, token] = pair.split('=');
    return { name, token, attributes, text: await answer.text() };
  }
  const session = (headers) => ask('/api/v1/session', { headers });

  test('under TLS is this very host\'s, and taken by no other name', async () => {
    const { name, token, attributes, text } = await signIn(kTls);
    assert.equal(name, '__Host-propolis_session');
    for (const one of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/']) assert.ok(attributes.includes(one), `${one} in ${attributes}`);
    assert.ok(!attributes.some((one) => one.startsWith('Domain')), String(attributes));
    assert.ok(name.length + token.length < 4096);
    assert.ok(!text.includes(token), 'the token is told beside the cookie');
    assert.equal((await session({ ...kTls, Cookie: `${name}=${token}` })).status, 200);
    assert.equal((await session({ ...kTls, Cookie: `propolis_session=${token}` })).status, 401);
  });

  test('without TLS has its plain name, because no browser would take the other', async () => {
    const { name, token, attributes } = await signIn({});
    assert.equal(name, 'propolis_session');
    assert.ok(!attributes.includes('Secure'));
    assert.equal((await session({ Cookie: `${name}=${token}` })).status, 200);
  });

  test('is new at every sign-in, and the one before is good for nothing', async () => {
    const first = await signIn(kTls);
    const second = await signIn({ ...kTls, Cookie: `${first.name}=${first.token}` });
    assert.notEqual(second.token, first.token);
    assert.equal((await session({ ...kTls, Cookie: `${first.name}=${first.token}` })).status, 401);
    assert.equal((await session({ ...kTls, Cookie: `${second.name}=${second.token}` })).status, 200);
  });

  test('alone changes nothing, and is taken back at sign-out', async () => {
    const { name, token, text } = await signIn(kTls);
    const headers = { ...kTls, Cookie: `${name}=${token}` };
    const signOut = (more) => ask('/api/v1/session', { method: 'DELETE', headers: { ...headers, ...more } });
    assert.equal((await signOut({})).status, 403);
    assert.equal((await signOut({ 'X-Propolis-CSRF': 'guessed' })).status, 403);
    assert.equal((await session(headers)).status, 200);
    const answer = await signOut({ 'X-Propolis-CSRF': JSON.parse(text).csrf });
    assert.equal(answer.status, 204);
    assert.match(answer.headers.get('set-cookie'), /^__Host-propolis_session=;.*Max-Age=0/);
    assert.equal((await session(headers)).status, 401);
  });
});
