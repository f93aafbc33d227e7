// Members that nobody asked for: what the desk sets itself cannot be set by putting it into a body, in any spelling.
import { goneThrough } from '../lib/sweep.mjs';

const kExtra = {
  id: '0190a0a0-0000-7000-8000-000000000001', number: 'PR-1', roles: ['admin'], role: 'admin', permissions: ['staff.write'], is_admin: true, admin: true, kind: 'staff', actor: { kind: 'system' }, organisation_id: '0190a0a0-0000-7000-8000-000000000001', organisation: 'x', owner: 'x',
  created_at: '2001-01-01T00:00:00Z', updated_at: '2001-01-01T00:00:00Z', version: 999, state: 'closed', public: true, visibility: 'public', internal: false, verified: true, assurance: 'verified', decided_by: 'x', approved: true, seq: 1, tlp: 'clear',
  __proto__x: { admin: true }, 'constructor': { prototype: { admin: true } }, $where: '1', 'roles[]': 'admin', ID: 'x', Roles: ['admin'], 'organisation_id ': 'x',
};

export const assignment = {
  name: 'assignment',
  async attack(field) {
    const { document, random, customers } = field;
    const writes = document.operations.filter((one) => one.body && goneThrough(one));
    await field.each(random.deal('assignment', writes, 30), async (operation) => {
      const ready = await field.ready(operation);
      if (!ready) return;
      const known = Object.keys(document.resolve(operation.body).properties);
      for (const [name, value] of random.shuffled(Object.entries(kExtra)).filter(([one]) => !known.includes(one)).slice(0, 3)) {
        const answer = await field.ask(ready.client, operation.method, ready.path, { body: { ...ready.body, [name]: value } });
        field.expect(answer.status >= 400 || answer.status === -1, `${name} was taken`, answer);
      }
      // The same name twice: one reader takes the first, another the last.
      const [name] = Object.keys(ready.body ?? {});
      if (!name) return;
      const text = JSON.stringify(ready.body);
      const twice = await field.ask(ready.client, operation.method, ready.path, { raw: `${text.slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(ready.body[name])}}`, type: 'application/json' });
      field.expect(twice.status >= 400 || twice.status === -1, `${name} twice was taken`, twice);
    });
    // Nobody makes herself more than she is.
    for (const [name, client] of Object.entries({ ...customers, agent: field.staff.agent, auditor: field.staff.auditor, service: field.staff.service })) {
      for (const body of [{ roles: ['admin'] }, { permissions: ['staff.write'] }, { email: 'marta.lindqvist@desk.example' }, { organisation_id: field.secrets.b.organisation }, { preferences: { roles: ['admin'] } }, { kind: 'staff' }]) await field.ask(client, 'PATCH', '/session', { body });
      const me = await field.ask(client, 'GET', '/session');
      field.expect(me.json?.email === client.me.email && JSON.stringify(me.json.roles) === JSON.stringify(client.me.roles) && JSON.stringify(me.json.permissions) === JSON.stringify(client.me.permissions), `${name} is another than before`, me);
      if (client.me.kind !== 'staff') continue;
      const up = await field.ask(client, 'PATCH', `/staff/${client.me.id}`, { body: { roles: ['admin'] } });
      field.expect(up.status === 403, `${name} grants herself a role`, up);
      const key = await field.ask(client, 'POST', '/keys', { body: { name: 'x', scopes: ['staff.write', 'user.grant'] } });
      field.expect(key.status >= 400, `${name} makes a key that may more than she`, key);
    }
  },
};
