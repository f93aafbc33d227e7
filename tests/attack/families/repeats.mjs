// The key that makes a request safe to repeat: it gives its first answer to who got it, for the same request, and to nobody else.
export const repeats = {
  name: 'repeats',
  async attack(field) {
    const { random, customers, staff, nobody } = field;
    const key = random.word(20);
    const headers = { 'Idempotency-Key': key };
    const body = { subject: `Once ${random.word()}`, body: 'And once only.' };
    const send = (client, more = {}) => field.ask(client, 'POST', '/portal/tickets', { body, headers, ...more });
    const { a_requester: hers, b_requester: strangers, a_approver: colleagues } = customers;
    // Many at once: one is done, all get its answer, or are told to come again.
    const many = await Promise.all(Array.from({ length: 6 }, () => send(hers)));
    const made = new Set(many.filter(({ status }) => status === 201).map(({ json }) => json.id));
    field.expect(made.size === 1, `one key made ${made.size} requests`, many[0]);
    for (const answer of many) field.expect(answer.status === 201 || answer.status === 409, 'a repetition', answer);
    // The same key by others is another key.
    for (const client of [strangers, colleagues]) {
      const answer = await send(client);
      field.expect(answer.status === 201 && !made.has(answer.json.id) && !answer.headers.has('idempotent-replayed'), 'an answer of somebody else', answer);
    }
    field.expect((await send(nobody)).status === 401, 'a kept answer without signing in');
    // Another request under the key is refused, not answered with the first.
    const changed = await field.ask(hers, 'POST', '/portal/tickets', { body: { ...body, subject: 'Another' }, headers });
    field.expect(changed.status === 409, 'another request under the same key', changed);
    const elsewhere = await field.ask(hers, 'POST', `/portal/tickets/${[...made][0]}/messages`, { body: { body: 'x' }, headers });
    field.expect(elsewhere.status === 409, 'another operation under the same key', elsewhere);
    for (const odd of ['', 'x'.repeat(201), "' OR 1=1--", '../x', 'x, y', '\t', 'ÿ']) {
      const answer = await field.ask(hers, 'POST', '/portal/tickets', { body, headers: { 'Idempotency-Key': odd } });
      field.expect([201, 409, 422].includes(answer.status), 'an odd key', answer);
    }
    // A secret that is shown once is not kept for a second time.
    const agent = staff.agent;
    const make = () => field.ask(agent, 'POST', '/keys', { body: { name: 'once', scopes: ['ticket.read'] }, headers: { 'Idempotency-Key': `k${key}` } });
    const [first, second] = [await make(), await make()];
    field.expect(!first.json?.secret || first.json.secret !== second.json?.secret, 'a secret was shown twice', { ...second, text: '' });
    for (const { json } of [first, second]) if (json?.id) await field.ask(agent, 'DELETE', `/keys/${json.id}`);
  },
};
