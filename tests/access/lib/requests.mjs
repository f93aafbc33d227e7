// What is asked of each row of the table: a request that is right in all but who sends it. Most are those of the tests of
// bad input; here is what differs, and the variants (operation:variant) where the thing decides and not the role alone.
import { cases, fresh, pathOf } from '../../api/lib/cases.mjs';
import { addPasskey, enrolTotp, Passkey, totp } from '../../api/lib/factors.mjs';
import { inAnHour, tomorrow } from '../../api/lib/world.mjs';

const onMade = (_, made) => ({ id: made.id });
const newKeyOf = (client) => client.post('/keys', { name: fresh('key'), scopes: ['key.manage'] });
const newRota = (w) => cases.getRota.make(w);
const oneself = (by) => ({ from: inAnHour(), to: tomorrow(), in: by.me?.id, reason: 'I take over' });
const person = (more) => ({ name: fresh('Person'), email: `${fresh('somebody').replace(' ', '-')}@desk.example`, languages: ['en'], zone: 'UTC', ...more });
const newStaff = (w) => w.admin.post('/staff', person({ roles: ['agent'] }));
const internalFile = (w) => w.addFile(w.ticket.id, { fields: { public: 'false' } });
const dropTotp = (by) => by.ask('DELETE', '/session/totp');

// `own`: the thing is made by the caller herself when she may act on it; else by the agent.
// `anew`: each caller is somebody new, because the act ends her session.
const special = {
  signIn: {
    make: async (w) => {
      const somebody = person({ roles: ['agent'], password: 'a long enough password' });
      await w.admin.post('/staff', somebody);
      return somebody;
    },
    body: (_, { email, password }) => ({ email, password }),
  },
  signInWithPasskey: {
    make: async (w) => ({ key: (await addPasskey(w.agent)).key, request: await w.nobody.post('/session/passkey/request') }),
    body: (_, { key, request }) => key.answer(request),
  },
  signOut: { anew: true },
  endSession: { own: true, make: (w, by) => w.signInAgain(by), at: onMade },
  startTotp: { own: true, make: (_, by) => dropTotp(by) },
  confirmTotp: {
    own: true,
    make: async (_, by) => {
      await dropTotp(by);
      return by.post('/session/totp');
    },
    body: (_, { secret }) => ({ code: totp(secret) }),
  },
  removeTotp: { own: true, make: (_, by) => enrolTotp(by) },
  renewBackupCodes: { own: true, make: (_, by) => enrolTotp(by) },
  addPasskey: {
    own: true,
    make: (_, by) => by.post('/session/passkeys/request'),
    body: (w, made) => new Passkey(w.base).made(made, 'a key'),
  },
  renamePasskey: { own: true, make: (_, by) => addPasskey(by), at: onMade },
  removePasskey: { own: true, make: (_, by) => addPasskey(by), at: onMade },
  stepUp: { anew: true, body: (_w, _made, by) => ({ password: by.password ?? 'none' }) },
  createKey: { body: () => ({ name: fresh('key'), scopes: ['key.manage'] }) },
  endKey: { own: true, make: (_, by) => newKeyOf(by), at: onMade },
  'endKey:of_another': { make: (w) => newKeyOf(w.agent), at: onMade },
  changeSession: { body: () => ({ language: 'en' }) },
  putSecondFactorPolicy: { body: () => ({ roles: [] }) },
  addStaff: { body: () => person({ roles: [] }) },
  'addStaff:with_role': { body: () => person({ roles: ['agent'] }) },
  changeStaff: { make: newStaff, at: onMade, body: () => ({ capacity: 4 }) },
  'changeStaff:role': { make: newStaff, at: onMade, body: () => ({ roles: ['responder'] }) },
  'changeStaff:address': { make: newStaff, at: onMade, body: () => ({ email: person({}).email }) },
  'changeStaff:sent_home': { make: newStaff, at: onMade, body: () => ({ active: false }) },
  'addRotaOverride:oneself': { make: newRota, at: onMade, body: (_w, _made, by) => oneself(by) },
  'endRotaOverride:own': {
    own: true,
    make: async (w, by) => {
      const { id } = await newRota(w);
      const { overrides } = await by.post(`/rotas/${id}/overrides`, oneself(by));
      return { id, override: overrides[0].id };
    },
    at: (_, made) => made,
  },
  // Each has her own; one that is somebody else's way is no way at all. Ways are bounded, so each is taken back.
  addOwnContactMethod: { anew: true },
  removeOwnContactMethod: {
    own: true,
    make: async (_, by) => (await by.post('/me/contact-methods', { kind: 'webhook', label: 'chat', address: 'https://chat.example/hook' })).method,
    at: onMade,
  },
  // Only who took it may hand it back.
  handBackPage: {
    own: true,
    make: async (w, by) => by.post(`/pages/${(await cases.getPage.make(w)).id}/acknowledge`),
    at: onMade,
  },
  'getEvidence:internal': { make: internalFile, at: onMade },
  'downloadEvidence:internal': { make: internalFile, at: onMade },
  'getPortalArticle:internal': { at: (w) => ({ id: w.internalArticle.id }) },
  postMessage: { body: () => ({ body: 'We are looking.' }) },
  'postMessage:with_promise': { body: () => ({ body: 'We are looking.', promise: { kind: 'next_update', at: inAnHour() } }) },
  'decideDueDate:withdraw_own': {
    own: true,
    make: async (w, by) => {
      const { id } = await w.openTicket();
      return by.post(`/tickets/${id}/due-dates`, { clock: 'resolution', due_at: tomorrow(), reason: 'The part comes tomorrow' });
    },
    body: () => ({ decision: 'withdraw' }),
  },
  'decideApproval:withdraw_own': {
    own: true,
    make: async (w, by) => {
      const { id } = await w.openTicket();
      await by.post(`/tickets/${id}/work-records`, { action: 'Looked', result: 'Found it' });
      return by.post(`/tickets/${id}/approvals`, { summary: 'A new key', resolution: 'Use the new key.' });
    },
    body: () => ({ decision: 'withdraw' }),
  },
};

export class Row {
  constructor(row, operation) {
    const usual = cases[operation.id];
    Object.assign(this, { operation, name: row.name, cells: row.cells }, usual, special[operation.id], row.variant && special[row.name]);
    if (!usual) throw new Error(`${operation.id} has no request: give it a case in tests/api/lib/cases.mjs`);
    if (row.variant && !special[row.name]) throw new Error(`${row.name} is no variant of lib/requests.mjs`);
  }

  /** The thing that is acted on, for `by` when it is to be her own. */
  thing(world, by) {
    return this.make?.(world, by);
  }

  send(world, by, made, ids = this.at?.(world, made)) {
    const { operation } = this;
    const query = this.query ? `?${new URLSearchParams(this.query(world, made))}` : '';
    const path = pathOf(operation, ids) + query;
    if (this.stream) return openStream(world, by, path);
    const options = this.form ? { raw: fileForm() } : operation.body ? { body: this.body(world, made, by) } : {};
    return by.ask(operation.method, path, options);
  }
}

function fileForm() {
  const form = new FormData();
  form.set('file', new Blob(['a line\n']), 'a.log');
  return form;
}

/** A stream has no end: its head is the answer. */
async function openStream(world, by, path) {
  const stop = new AbortController();
  const response = await fetch(`${world.base}/api/v1${path}`, { headers: { 'Accept-Language': 'en', ...by.headers }, signal: stop.signal });
  const media = (response.headers.get('content-type') ?? '').split(';')[0];
  const text = response.ok ? '' : await response.text();
  if (response.ok) stop.abort();
  return { asked: `${by.name}: GET ${path}`, status: response.status, headers: response.headers, media, text,
    json: media.endsWith('json') ? JSON.parse(text) : undefined };
}
