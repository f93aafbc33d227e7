// Other people's things: every id of the other organisation, and of the inside, in every path and query of every operation,
// as every customer, and without signing in. The table of tests/access says who may; here nothing may come out, whatever is asked.
import { pathOf } from '../../api/lib/cases.mjs';
import { hit, goneThrough } from '../lib/sweep.mjs';

/** Things that `owner` has and the other organisation must not meet. */
const things = ({ secrets }, owner) => Object.entries(secrets[owner]).map(([kind, id]) => ({ kind, id: String(id) }));
const disguised = (random, id) => random.pick([id, id, id, id.toUpperCase(), `${id}%20`, `${id}/`, `${id}%2f..`, `%20${id}`, `{${id}}`, `${id}.json`, `${id};x`]);

export const idor = {
  name: 'idor',
  async attack(field) {
    const { random, document, customers, nobody, world, secrets } = field;
    const callers = [
      ...Object.entries(customers).map(([name, client]) => ({ client, other: name[0] === 'a' ? 'b' : 'a' })),
      { client: nobody, other: 'a' }, { client: nobody, other: 'b' },
      { client: field.peer(world.reader, []), other: 'a' },
    ];
    const operations = document.operations.filter((one) => goneThrough(one) && one.ids.length && one.method === 'GET');
    const pairs = operations.flatMap((operation) => callers.flatMap(({ client, other }) => things(field, other).map((thing) => ({ operation, client, thing }))));
    await field.each(random.deal('idor', pairs, 250), async ({ operation, client, thing }) => {
      const values = Object.fromEntries(operation.ids.map((name) => [name, { seq: '1', clock: 'resolution-1', image: '0', skill: thing.id, override: thing.id }[name] ?? thing.id]));
      const query = operation.query.length && random.int(3) === 0 ? `?${new URLSearchParams({ [random.pick(operation.query).name]: thing.id })}` : '';
      const path = pathOf(operation, values).replace(encodeURIComponent(thing.id), disguised(random, thing.id));
      await field.ask(client, 'GET', path + query);
    });
    // Writes: refused, and the thing stands as it stood.
    const before = (await field.admin.get(`/tickets/${secrets.b.ticket}/entries?limit=100`)).items.length;
    const writes = document.operations.filter((one) => goneThrough(one) && one.ids.length && one.method !== 'GET' && !one.anyone);
    for (const operation of random.deal('idor writes', writes, 25)) {
      const ready = await field.ready(operation).catch(() => undefined);
      if (!ready) continue;
      const { kind, id } = random.pick(things(field, 'b'));
      const values = { ...ready.values, id };
      const client = random.pick([customers.a_requester, customers.a_approver, nobody]);
      const body = operation.body ? { body: ready.body } : {};
      const answer = await field.ask(client, operation.method, pathOf(operation, values), body);
      field.expect(answer.status >= 400 || answer.status === -1, `${kind} of another was changed`, answer);
    }
    field.expect((await field.admin.get(`/tickets/${secrets.b.ticket}/entries?limit=100`)).items.length === before, 'something was written on a request of another organisation');
    // Ids of others inside bodies of one's own.
    const places = document.operations.filter((one) => one.customers || one.permission === 'portal.use').filter((one) => one.body && goneThrough(one));
    for (const operation of random.deal('idor bodies', places, 4)) {
      const member = random.pick(Object.keys(document.resolve(operation.body).properties));
      await hit(field, { operation, kind: 'body', at: [member] }, random.pick(things(field, 'b')).id);
    }
    for (const { client, other } of callers.slice(0, 4)) {
      for (const q of [field.canaries[other], `number:${secrets[other].number}`, secrets[other].number, 'kanari*', 'from:customer.example']) {
        const answer = await client.ask('GET', `/search?${new URLSearchParams({ q, limit: '100' })}`);
        ++field.tally.attempts;
        // A search says how it read the question: what was asked is no news.
        const { query: _, ...told } = answer.json ?? {};
        field.judge({ ...answer, text: JSON.stringify(told) }, { sees: client.sees });
      }
      for (const path of ['/portal/tickets?limit=100', '/portal/articles', '/search?q=kanari&limit=100', '/session', '/tickets', '/contacts', '/organisations', '/audit']) await field.ask(client, 'GET', path);
    }
  },
};
