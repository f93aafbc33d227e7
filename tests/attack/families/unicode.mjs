// Characters that deceive: names that look like others, text that turns round, letters that become dangerous when they are
// normalised, bytes that are no UTF-8.
import { newStaff } from '../../access/lib/callers.mjs';
import { kUnseen } from '../../api/lib/wrong.mjs';
import { Peer } from '../lib/peer.mjs';
import { sweep, textsOf } from '../lib/sweep.mjs';

const kPayloads = [
  '\u202etxt.exe', '\u2066a\u2069\u202d', 'x\u200bx', '\ufeffx', 'a\u0301'.repeat(40), '\u{e0041}\u{e0042}x', '\u00adx', 'x\u0000y', '\u0007\u001b[31mred', '\u2028x\u2029', '\u{1f468}\u200d\u{1f469}', '\u3000', 'ℌ', '\uff1cscript\uff1e', '\u2024\u2024\uff0f',
  'ﬃ', 'İ', 'ß', 'ſ', '\u212a', '\u037e', '\ufe64b\ufe65', 'Ⅷ', '١٢٣', '\uffff', '\ud83d\ude00', '\u180e', '\u115f', '\u2062', '\u061c', `x${'\u0336'.repeat(100)}`,
];
const kBytes = ['\xc0\xaf', '\xe0\x80\xaf', '\xf0\x80\x80\xaf', '\xc0\x80', '\xed\xa0\x80', '\xed\xbf\xbf', '\xf4\x90\x80\x80', '\xff', '\xfe', '\xf8\x88\x80\x80\x80', '\xe2\x82', '\x80', '\xc3'];

export const unicode = {
  name: 'unicode',
  async attack(field) {
    const { random, customers, nobody, admin, world } = field;
    const look = (answer) => {
      if (answer.status >= 300 || !answer.json) return;
      for (const [at, text] of textsOf(answer.json)) field.expect(!kUnseen.test(text), `${at} deceives`, answer);
    };
    await sweep(field, 'unicode', 40, kPayloads, look);
    for (const bytes of random.deal('bytes', kBytes, 5)) {
      const raw = Buffer.concat([Buffer.from('{"subject":"x'), Buffer.from(bytes, 'latin1'), Buffer.from('","body":"y"}')]);
      const answer = await field.ask(customers.a_requester, 'POST', '/portal/tickets', { raw, type: 'application/json' });
      field.expect([400, 422].includes(answer.status), 'bytes that are no text were taken', answer);
      const escaped = [...Buffer.from(bytes, 'latin1')].map((byte) => `%${byte.toString(16)}`).join('');
      for (const path of [`/search?q=x${escaped}`, `/tickets/${escaped}`, `/portal/tickets/${escaped}`]) await field.ask(admin, 'GET', path);
      await field.mail(customers.a_requester.email, Buffer.from(`From: <${customers.a_requester.email}>\r\nTo: <desk@desk.example>\r\nSubject: x${bytes}\r\n\r\nx${bytes}\r\n`, 'latin1').toString('latin1'));
    }
    // Addresses that are read as hers when they are folded count as hers: disguises give no more tries of her password.
    const { email: hers } = await newStaff(world, 'agent');
    const disguises = [hers, hers.toUpperCase(), hers.replace('k', '\u212a'), hers.replace('s', '\u017f'), `${hers}\u200b`, `\u202e${hers}`, ` ${hers}`, `${hers}\t`, hers.replace('@', '\ufeff@')];
    let held = false;
    const answers = [];
    for (let i = 0; i < 30 && !held; ++i) {
      const visitor = new Peer(world.base, { name: 'a disguise', from: `127.8.${random.int(256)}.${1 + random.int(250)}` });
      answers.push(await field.ask(visitor, 'POST', '/session', { body: { email: disguises[i % disguises.length], password: 'a wrong password' } }));
      held = i > disguises.length && answers.at(-1).status === 429;
    }
    field.expect(held, 'disguises of one address give more tries', answers.at(-1));
    // What only looks like hers is somebody else's.
    for (const email of [hers.replace('a', '\u0430'), hers.replace('@', '\uff20'), hers.replace('.', '\u3002'), `${hers}.`]) {
      const answer = await field.ask(new Peer(world.base, { from: '127.8.0.1' }), 'POST', '/session', { body: { email, password: 'a long enough password' } });
      field.expect(answer.status >= 400, `${email} is taken for ${hers}`, answer);
    }
    const to = customers.a_requester.email;
    for (const email of [to.replace('a', '\u0430'), to.replace('s', '\u017f'), `${to}\r\nBcc: thief@evil.example`, `${to},thief@evil.example`, `${to} <thief@evil.example>`, `"${to}"@evil.example`, `thief@evil.example(${to})`]) {
      await field.ask(nobody, 'POST', '/portal/sign-in', { body: { email } });
    }
  },
};
