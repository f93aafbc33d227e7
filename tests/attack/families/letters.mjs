// Mail: forged senders and threads, lines put into heads, loops, and more of everything than a mail has.
import { kOwned, kThief } from '../lib/field.mjs';

const kMostOfALoop = 3;
// Who writes is answered that it came; who is only named by him is sent nothing.
const kOutsider = 'outsider@elsewhere.example';

const letter = (lines, body = 'x') => [...lines, '', body, ''].join('\r\n');

async function intoOthers(field) {
  const { random, customers, admin, secrets } = field;
  const { number, ticket } = secrets.a;
  const entries = (await admin.get(`/tickets/${ticket}/entries?limit=100`)).items;
  const ours = entries.map(({ message_id: id }) => id).filter(Boolean);
  const stranger = customers.b_requester.email;
  const forms = [
    [`From: <${stranger}>`, `Subject: Re: [${number}] x`], [`From: <${stranger}>`, `Subject: ${number}`, `Reply-To: <${kThief}>`], [`From: <${kOutsider}>`, `Subject: Re: ${number}`],
    [`From: "${customers.a_requester.email}" <${kOutsider}>`, `Subject: [${number}]`], [`From: <${kOutsider}>`, `Sender: <${customers.a_requester.email}>`, `Subject: [${number}]`],
    [`From: <${kOutsider}>, <${customers.a_requester.email}>`, `Subject: [${number}]`], [`From: <${stranger}>`, `Subject: x`, ...ours.slice(0, 1).map((id) => `In-Reply-To: ${id}`), `References: <a@b.example> ${ours.join(' ')}`],
    [`From: <${customers.a_requester.email}>`, `Cc: <${kThief}>`, `Subject: [${number}]`], [`From: <${stranger}>`, `To: <desk+${number}@desk.example>`, 'Subject: x'],
  ];
  const [head] = random.deal('forged', forms, 1);
  await field.mail(random.pick([stranger, kOutsider]), letter([...head, 'To: <desk@desk.example>', `Message-ID: <${random.word()}@evil.example>`], 'Send me everything.'), { to: random.pick(['desk@desk.example', `desk+${number}@desk.example`]) });
  await field.ask(admin, 'POST', `/tickets/${ticket}/messages`, { body: { body: `Here it is: ${field.canaries.a}` } });
  const { cc = [], requester } = await admin.get(`/tickets/${ticket}`);
  field.expect(!JSON.stringify([cc, requester]).includes(kThief) && !JSON.stringify([cc, requester]).includes(stranger) && !JSON.stringify([cc, requester]).includes(kOutsider), `an outsider takes part: ${JSON.stringify(cc)}`);
  for (const client of [customers.b_requester, customers.b_approver]) {
    const answer = await field.ask(client, 'GET', `/portal/tickets/${ticket}`);
    field.expect(answer.status === 404, 'a forged mail opened another\'s request', answer);
  }
}

async function loops(field) {
  const { random, customers, admin } = field;
  const { email } = customers.b_requester;
  const subject = `Loop ${random.word()}`;
  const kinds = [['Auto-Submitted: auto-replied'], ['Precedence: bulk'], ['X-Auto-Response-Suppress: All', 'Auto-Submitted: auto-generated'], ['List-Id: <x.customer.example>'], Array.from({ length: 60 }, (_, i) => `Received: from a${i} by b${i}; Mon, 02 Mar 2026 09:00:00 +0000`), ['Return-Path: <>', 'Content-Type: text/plain']];
  const head = random.pick(kinds);
  for (let i = 0; i < 6; ++i) await field.mail(head[0].startsWith('Return-Path') ? '' : email, letter([`From: <${email}>`, 'To: <desk@desk.example>', `Subject: ${subject}`, `Message-ID: <${random.word()}@customer.example>`, ...head], 'I am not here.'));
  const { items } = await admin.get('/tickets?sort=-created&limit=50');
  const numbers = items.filter((one) => one.subject === subject).map(({ number }) => number);
  const answers = (await field.world.mails()).filter((mail) => numbers.some((number) => mail.subject.includes(number)));
  field.expect(answers.length <= kMostOfALoop, `${answers.length} answers to a machine that answers`);
  // The desk's own mail coming back.
  const own = (await field.world.mails())[0];
  if (own) for (let i = 0; i < 3; ++i) await field.mail('desk@desk.example', own.raw);
}

export const letters = {
  name: 'letters',
  async attack(field) {
    const { random, customers, admin } = field;
    await intoOthers(field);
    await loops(field);
    const { email } = customers.b_requester;
    const base = [`From: <${email}>`, 'To: <desk@desk.example>'];
    const odd = [
      [...base, `Subject: ${'x'.repeat(100_000)}`], [...base, ...Array.from({ length: 5_000 }, (_, i) => `X-${i}: y`)], [...base, `X: ${'y '.repeat(200_000)}`], [...base, 'Subject: x\r', `${kOwned}: 1`], ['From: ', 'To: '], [': x', 'no colon', '\x00'],
      ['From: <@>', 'Subject: x'], [`From: ${'<'.repeat(2_000)}a@b.example`, 'Subject: x'], [...base, 'Subject: =?utf-8?B?////?=', 'Date: Mon, 99 Foo 99999 99:99:99 +9999'], [...base, 'Message-ID: <' + 'x'.repeat(5_000)], [...base, `Subject: x\u0085Bcc: ${kThief}`],
      [...base, 'Message-ID: <same@customer.example>', 'Subject: the same'], [...base, `Content-Type: message/delivery-status`, 'Subject: failed'], [...base, 'Content-Type: multipart/report; report-type=delivery-status; boundary=e'],
      ['From: <desk@desk.example>', 'Subject: from yourself'], ['From: <marta.lindqvist@desk.example>', 'Subject: from staff', `Cc: <${kThief}>`], [...base, 'Authentication-Results: desk.example; dmarc=pass; spf=pass; dkim=pass', 'Subject: I vouch for myself'], [...base, `X-Propolis-Ticket: ${field.secrets.a.number}`, 'Subject: x'],
    ];
    for (const head of random.deal('odd letters', odd, 5)) await field.mail(email, letter(head, random.pick(['x', '.', '..\r\n.x', '-- \r\nx', '\0', 'x'.repeat(50_000)])));
    // Envelopes: commands where an address stands.
    for (const from of [`a@b.example> SIZE=1`, `a@b.example>\r\nRCPT TO:<${kThief}`, '', `${'x'.repeat(3_000)}@b.example`, '@evil:a@b.example']) await field.mail(from, letter(base));
    for (const to of [kThief, 'desk@evil.example', `desk%evil.example@desk.example`, 'desk@desk.example> NOTIFY=NEVER', `|sh@desk.example`, '/etc/passwd@desk.example', 'root']) await field.mail(email, letter(base), { to });
    const { status } = await field.ask(admin, 'GET', '/tickets?limit=1');
    field.expect(status === 200, 'the desk is gone');
    field.expect(await field.mail(email, letter([...base, 'Subject: After all this', `Message-ID: <${random.word()}@customer.example>`]), { to: 'desk@desk.example' }), 'an honest mail is refused');
  },
};
