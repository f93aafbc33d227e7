// Sessions: none can be given to a victim beforehand, none outlives its sign-out, and no token is guessed from another.
import { newStaff } from '../../access/lib/callers.mjs';
import { Peer } from '../lib/peer.mjs';

const cookieOf = (answer) => answer.headers.getSetCookie().find((one) => one.startsWith('propolis_session='));
const valueOf = (cookie) => cookie.split(';')[0].split('=')[1];

export const sessions = {
  name: 'sessions',
  async attack(field) {
    const { world, random, nobody } = field;
    const { email, password } = await newStaff(world, 'agent');
    const from = `127.1.${random.int(256)}.${1 + random.int(250)}`;
    const visitor = new Peer(world.base, { from });
    const signIn = (headers) => field.ask(visitor, 'POST', '/session', { body: { email, password }, headers });
    // A cookie that was planted does not become a session; nor does that of somebody else.
    const planted = 'A'.repeat(43);
    const answer = await signIn({ Cookie: `propolis_session=${planted}` });
    const cookie = cookieOf(answer);
    if (!field.expect(answer.status === 200 && cookie, 'signing in fails', answer)) return;
    field.expect(valueOf(cookie) !== planted, 'a planted session was taken', { ...answer, text: '' });
    field.expect(/; HttpOnly/i.test(cookie) && /; SameSite=(Lax|Strict)/i.test(cookie) && /; Path=\//.test(cookie) && !/; Domain=/i.test(cookie), `the cookie: ${cookie.replace(/=[^;]*/, '=…')}`);
    field.expect(valueOf(cookie).length >= 43, 'a short token');
    const as = (value, extra = {}) => new Peer(world.base, { name: 'a session', from, headers: { Cookie: `propolis_session=${value}`, ...extra }, sees: ['a', 'b', 'inside'] });
    const first = valueOf(cookie);
    field.expect((await field.ask(as(planted), 'GET', '/tickets')).status === 401, 'the planted session opens');
    // Signing in again from the same browser gives another session and ends the first.
    const again = await signIn({ Cookie: `propolis_session=${first}` });
    const second = valueOf(cookieOf(again) ?? '=');
    field.expect(second && second !== first, 'the session stayed the same over a sign-in');
    field.expect((await field.ask(as(first), 'GET', '/tickets')).status === 401, 'the session before a new sign-in goes on');
    field.expect(again.json?.csrf !== answer.json.csrf, 'the token against other sites stayed the same');
    // Two cookies of the name, the token in other places and forms.
    const other = random.word();
    for (const headers of [{ Cookie: `propolis_session=${other}; propolis_session=${other}` }, { Authorization: `Bearer ${second}` }, { 'X-Session': second }, { Cookie: `PROPOLIS_SESSION=${second}` }]) {
      const opened = await field.ask(Object.assign(as(''), { headers }), 'GET', '/tickets');
      field.expect(opened.status === 401, 'a session by another way', opened);
    }
    field.expect((await field.ask(nobody, 'GET', `/tickets?propolis_session=${second}`)).status === 401, 'a session in the query');
    // Signed out is signed out.
    const csrf = { 'X-Propolis-CSRF': again.json?.csrf };
    const out = await field.ask(as(second, csrf), 'DELETE', '/session');
    field.expect(out.status === 204, 'signing out fails', out);
    field.expect((await field.ask(as(second), 'GET', '/tickets')).status === 401, 'a session goes on after signing out');
    field.tokens = [...(field.tokens ?? []), first, second].slice(-200);
    // Tokens of others: near ones, cut ones, digests, empty ones.
    const { Cookie } = field.admin.headers;
    const real = valueOf(Cookie);
    const guesses = [real.slice(0, -1), `${real}A`, real.toUpperCase(), [...real].reverse().join(''), `${real.slice(0, -1)}${real.endsWith('A') ? 'Q' : 'A'}`, '', '%00', `${real}%00`, "' OR 1=1--", Buffer.from(real).toString('hex')];
    for (const guess of guesses) {
      const opened = await field.ask(as(guess), 'GET', '/tickets');
      field.expect(opened.status === 401, 'a token that was not given out', opened);
    }
  },
};
