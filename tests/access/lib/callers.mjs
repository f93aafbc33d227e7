// One caller of each kind that the table names. All are new people with one role each, so that a cell speaks of the role
// and of nothing else that somebody may be.
import { Client } from '../../api/lib/client.mjs';

const kPassword = 'a long enough password';
let count = 0;

/** A person of the desk with exactly these roles, signed in. */
export async function newStaff(world, role) {
  const email = `access-${++count}@desk.example`;
  await world.admin.post('/staff', { name: `The ${role}`, email, languages: ['en'], zone: 'UTC', roles: [role], password: kPassword });
  const answer = await world.nobody.ask('POST', '/session', { body: { email, password: kPassword } });
  return Object.assign(Client.fromSession(world.base, answer), { email, password: kPassword });
}

/** A contact of that organisation, signed in to the portal. */
export async function newCustomer(world, organisation, { roles = ['requester'] } = {}) {
  const email = `access-${++count}@customer.example`;
  const person = { name: `The ${roles[0]} ${count}`, emails: [email], roles, portal: true, language: 'en' };
  await world.admin.post(`/organisations/${organisation}/contacts`, person);
  return Object.assign(await world.signCustomerIn(email), { email });
}

const makers = {
  nobody: (world) => new Client(world.base),
  stranger: (world) => newCustomer(world, world.otherContact.organisation, { roles: ['approver'] }),
  colleague: (world) => newCustomer(world, world.contact.organisation),
  approver_there: (world) => newCustomer(world, world.contact.organisation, { roles: ['approver'] }),
};
const kRoles = ['agent', 'responder', 'approver', 'manager', 'security_officer', 'auditor', 'admin', 'service'];

/** Somebody new of that kind. */
export function newCaller(world, kind) {
  if (kRoles.includes(kind)) return newStaff(world, kind);
  if (kind === 'customer') return newCustomer(world, world.contact.organisation);
  return makers[kind](world);
}

export class Callers {
  #keys = new Map();
  #people = {};

  static async of(world, kinds) {
    const callers = new Callers();
    callers.world = world;
    for (const kind of kinds.filter((one) => !one.startsWith('key_'))) {
      callers.#people[kind] = kind === 'customer' ? world.customer : await newCaller(world, kind);
      callers.#people[kind].name = kind;
    }
    return callers;
  }

  /** A key of the lead, who holds every permission of the desk, with these scopes. */
  async #key(scopes) {
    const known = scopes.join();
    if (!this.#keys.has(known)) {
      const { secret } = await this.world.admin.post('/keys', { name: `access ${this.#keys.size}`, scopes });
      const key = new Client(this.world.base, { headers: { Authorization: `Bearer ${secret}` } });
      this.#keys.set(known, Object.assign(key, { me: await key.get('/session') }));
    }
    return this.#keys.get(known);
  }

  async of(kind, operation) {
    if (!kind.startsWith('key_')) return this.#people[kind];
    const held = this.world.admin.me.permissions;
    const enough = held.includes(operation.permission) ? [operation.permission] : ['technology.read'];
    const scopes = kind === 'key_enough' ? enough : held.filter((one) => one !== operation.permission);
    const key = await this.#key(operation.permission ? scopes : enough);
    key.name = kind;
    return key;
  }
}
