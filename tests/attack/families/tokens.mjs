// Tokens of other makes: JSON Web Tokens of every confusion, keys and cookies that are almost right. The desk issues none that
// say something themselves: a bearer is a random key that it looks up, so that nothing but a key that was made opens anything.
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });

function* forged({ admin }, random) {
  const claims = { sub: admin.me.id, email: admin.me.email, name: admin.me.name, roles: ['admin'], iss: admin.base, aud: 'propolis', iat: 0, exp: 4102444800, jti: random.word() };
  const jwt = (head, key) => {
    const text = `${encode({ typ: 'JWT', ...head })}.${encode(claims)}`;
    return `${text}.${key ? createHmac('sha256', key).update(text).digest('base64url') : ''}`;
  };
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) yield jwt({ alg });
  for (const key of ['secret', '', 'propolis', pair.publicKey.export({ type: 'spki', format: 'pem' })]) yield jwt({ alg: 'HS256' }, key || '\0');
  yield jwt({ alg: 'HS256', kid: '../../../../dev/null' }, '\0');
  yield jwt({ alg: 'HS256', kid: "x' UNION SELECT 'k'--" }, 'k');
  const text = `${encode({ alg: 'RS256', typ: 'JWT', jwk: pair.publicKey.export({ format: 'jwk' }), jku: 'http://127.0.0.1:1/jwks', x5u: 'http://127.0.0.1:1/x' })}.${encode(claims)}`;
  yield `${text}.${sign('sha256', Buffer.from(text), pair.privateKey).toString('base64url')}`;
  yield `${text}.`;
  yield JSON.stringify({ payload: encode(claims), signatures: [] });
  yield 'x'.repeat(6000);
}

export const tokens = {
  name: 'tokens',
  async attack(field) {
    const { random, nobody, admin, world } = field;
    for (const token of forged(field, random)) {
      for (const headers of [{ Authorization: `Bearer ${token}` }, { Cookie: `propolis_session=${token}` }, { Authorization: token || 'x' }]) {
        const answer = await field.ask(nobody, 'GET', random.pick(['/tickets', '/staff', '/audit']), { headers });
        field.expect(answer.status === 401, 'a forged token opens', answer);
      }
      for (const path of ['/portal/session', '/setup']) {
        const body = path === '/setup' ? { token: token.slice(0, 100) || 'x', name: 'Eve', email: 'eve@evil.example', password: 'a long enough password' } : { token: token.slice(0, 100) || 'x' };
        const answer = await field.ask(nobody, 'POST', path, { body });
        field.expect(answer.status >= 400 && !answer.headers.getSetCookie().length, 'a forged link opens', answer);
      }
    }
    // Almost a key.
    const key = world.reader.headers.Authorization.slice(7);
    const others = [key.slice(0, -1), `${key}x`, key.toUpperCase(), key.toLowerCase() === key ? `${key} ` + 'x' : key.toLowerCase(), key.replace('_', '-'), `${key}\t`, ` ${key.slice(1)}`, key.split('_')[0]];
    for (const other of others.filter((one) => one.trim() !== key)) {
      const answer = await field.ask(nobody, 'GET', '/staff', { headers: { Authorization: `Bearer ${other}` } });
      field.expect(answer.status === 401, 'what is almost a key opens', answer);
    }
    for (const Authorization of [`Basic ${Buffer.from(`${admin.me.email}:propolis demo desk`).toString('base64')}`, `Digest username="${admin.me.email}"`, `Negotiate x`, `bearer ${key}x`, `Bearer ${key}, Bearer ${key}`]) {
      const answer = await field.ask(nobody, 'GET', '/staff', { headers: { Authorization } });
      field.expect(answer.status === 401, 'another scheme opens', answer);
    }
    // A key and a session together are never more than the key; a session without its token writes nothing.
    const both = await field.ask(nobody, 'POST', '/teams', { body: { name: random.word() }, headers: { ...world.reader.headers, Cookie: admin.headers.Cookie, 'X-Propolis-CSRF': admin.headers['X-Propolis-CSRF'] } });
    field.expect(both.status === 403, 'a session lends a key its rights', both);
  },
};
