// The same at once: what may be done once is done once, whoever comes together with whom.
import { Peer } from '../lib/peer.mjs';

const kAtOnce = 8;
const together = (act) => Promise.all(Array.from({ length: kAtOnce }, (_, i) => act(i)));
const done = (answers) => answers.filter(({ status }) => status >= 200 && status < 300);

export const races = {
  name: 'races',
  async attack(field) {
    const { world, random, admin, customers, nobody } = field;
    // One approval: one decision.
    const { ticket, approval } = await world.askedApproval();
    const decided = await together((i) => field.ask(i % 2 ? admin : field.staff.approver, 'POST', `/approvals/${approval.id}/decision`, { body: i % 3 ? { decision: 'approve' } : { decision: 'reject', reason: 'Not tested' } }));
    field.expect(done(decided).length === 1, `${done(decided).length} decisions of one approval`, decided[0]);
    const entries = (await admin.get(`/tickets/${ticket.id}/entries?limit=100`)).items;
    const resolutions = entries.filter(({ kind }) => /resolution/.test(kind)).length;
    field.expect(resolutions <= 1, `${resolutions} resolutions of one approval`);
    // One link: one session.
    const { email } = customers.a_approver;
    const before = new Set((await world.mails()).map(({ messageId }) => messageId));
    await field.ask(nobody, 'POST', '/portal/sign-in', { body: { email } });
    let token;
    for (const end = performance.now() + 20_000; !token && performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
      token = (await world.mails()).filter((mail) => !before.has(mail.messageId) && mail.headers.to?.includes(email)).map((mail) => /#t=([\w-]+)/.exec(mail.text)?.[1]).find(Boolean);
    }
    // Links are rationed by mailbox: then there is none to be used twice.
    if (token) {
      const opened = await together(() => field.ask(new Peer(world.base, { name: 'a link' }), 'POST', '/portal/session', { body: { token } }));
      field.expect(done(opened).length === 1, `${done(opened).length} sessions of one link`, { ...opened[0], text: '' });
      field.tokens = [...(field.tokens ?? []), token];
    } else field.tally.saw('no link');
    // One version: one change.
    const opened = await world.openTicket();
    const { version } = await admin.get(`/tickets/${opened.id}`);
    const changed = await together((i) => field.ask(admin, 'PATCH', `/tickets/${opened.id}`, { body: { subject: `Changed ${i}` }, headers: { 'If-Match': `"${version}"` } }));
    field.expect(done(changed).length === 1, `${done(changed).length} changes of one version`, changed[0]);
    for (const answer of changed) field.expect([200, 412].includes(answer.status), 'a change of an old version', answer);
    // One word of the customer on one solution; one name; one address.
    const resolved = await world.resolvedTicket();
    const said = await together(() => field.ask(field.peer(world.customer, ['a']), 'POST', `/portal/tickets/${resolved.id}/confirm`, { body: { works: true, score: 5 } }));
    field.expect(done(said).length <= 1, `${done(said).length} confirmations of one solution`, said[0]);
    const person = { name: 'Twin', email: `${random.word()}@desk.example`, languages: ['en'], zone: 'UTC', roles: ['agent'] };
    const added = await together(() => field.ask(admin, 'POST', '/staff', { body: person }));
    field.expect(done(added).length === 1, `${done(added).length} people of one address`, added[0]);
    // Messages at once all stay, in one order.
    const messages = await together((i) => field.ask(admin, 'POST', `/tickets/${opened.id}/notes`, { body: { body: `Note ${i}` } }));
    field.expect(done(messages).length === kAtOnce, 'a note was refused', messages[0]);
    const seqs = (await admin.get(`/tickets/${opened.id}/entries?limit=100`)).items.map(({ seq }) => seq);
    field.expect(new Set(seqs).size === seqs.length, 'two entries have one place');
  },
};
