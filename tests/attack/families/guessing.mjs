// Guesses: who has an account, what her password is, what a token is. Answers to known and unknown people are the same, and
// take no time that tells them apart; wrong tries are slowed down wherever they come from.
import { newStaff } from '../../access/lib/callers.mjs';
import { Peer } from '../lib/peer.mjs';

const kPairs = 3;
// Found only when each of this many tries with one kind of name took this many times as long as any with the other:
// 20 against 20, all on one side, is no luck, whatever else the machine does.
const kSamples = 20;
const kGross = 3;

const times = { known: [], unknown: [] };
const said = ({ status, json }) => JSON.stringify({ status, ...json, request_id: undefined });

async function signIns(field) {
  const { world, random } = field;
  const known = await newStaff(world, 'agent');
  for (let i = 0; i < kPairs; ++i) {
    const from = `127.5.${random.int(256)}.${1 + random.int(250)}`;
    const visitor = new Peer(world.base, { from, name: 'a guesser' });
    const password = `wrong ${random.word(12)}`;
    const pair = random.shuffled([['known', known.email], ['unknown', `${random.word()}@desk.example`]]);
    const answers = {};
    for (const [kind, email] of pair) {
      answers[kind] = await field.ask(visitor, 'POST', '/session', { body: { email, password } });
      times[kind].push(answers[kind].ms);
    }
    field.expect(answers.known.status === 401 && said(answers.known) === said(answers.unknown), 'the answer tells who has an account', answers.known);
  }
  // One address against many people, then many addresses against one: both are made to wait.
  const from = `127.6.${random.int(256)}.${1 + random.int(250)}`;
  const visitor = new Peer(world.base, { from, name: 'a sprayer' });
  let held = false;
  for (let i = 0; i < 40 && !held; ++i) held = (await field.ask(visitor, 'POST', '/session', { body: { email: `${random.word()}@desk.example`, password: 'a wrong password' } })).status === 429;
  field.expect(held, 'one address may try one person after another');
  const victim = `${random.word()}@desk.example`;
  held = false;
  for (let i = 0; i < 20 && !held; ++i) {
    const other = new Peer(world.base, { from: `127.7.${random.int(256)}.${1 + random.int(250)}`, name: 'one of many' });
    held = (await field.ask(other, 'POST', '/session', { body: { email: victim, password: 'a wrong password' } })).status === 429;
  }
  field.expect(held, 'many addresses may try one person again and again');
}

export const guessing = {
  name: 'guessing',
  async attack(field) {
    const { random, nobody, customers, world } = field;
    await signIns(field);
    // A link is promised to everybody in the same words.
    const links = [];
    for (const email of [customers.a_approver.email, `${random.word()}@customer.example`, 'marta.lindqvist@desk.example']) {
      const visitor = new Peer(world.base, { from: `127.11.${random.int(256)}.${1 + random.int(250)}`, name: 'a visitor' });
      links.push(await field.ask(visitor, 'POST', '/portal/sign-in', { body: { email } }));
    }
    field.expect(new Set(links.map(said)).size === 1, 'the answer tells who is a customer', links[0]);
    const token = () => random.pick([random.word(43), 'A'.repeat(43), '', '0', "' OR 1=1--", `${random.word(20)}%00`, '../x']);
    for (let i = 0; i < 6; ++i) {
      for (const path of [`/surveys/${encodeURIComponent(token() || 'x')}`, `/page-links/${encodeURIComponent(token() || 'x')}`, `/feeds/on-call.ics?token=${encodeURIComponent(token())}`]) {
        const answer = await field.ask(nobody, 'GET', path);
        field.expect(answer.status >= 400, 'a token that was not given out', answer);
      }
      const opened = await field.ask(nobody, 'POST', '/portal/session', { body: { token: token() || 'x' } });
      field.expect(opened.status >= 400 && !opened.headers.getSetCookie().length, 'a link that was not sent', opened);
      const set = await field.ask(nobody, 'POST', '/setup', { body: { token: token() || 'x', name: 'Eve', email: `${random.word()}@evil.example`, password: 'a long enough password' } });
      field.expect(set.status >= 400 && !set.headers.getSetCookie().length, 'an administrator by a guess', set);
    }
  },
  async end(field) {
    const sorted = Object.fromEntries(Object.entries(times).map(([kind, all]) => [kind, [...all].sort((a, b) => a - b)]));
    const half = (list) => list[Math.floor(list.length / 2)] ?? 0;
    field.tally.saw(`known ${Math.round(half(sorted.known))} ms, unknown ${Math.round(half(sorted.unknown))} ms`);
    const apart = (slow, fast) => slow.length >= kSamples && slow[0] > kGross * fast.at(-1);
    field.expect(!apart(sorted.known, sorted.unknown) && !apart(sorted.unknown, sorted.known), 'the time tells who has an account');
  },
};
