// For each operation of the document: who does it rightly, to what, with which body. What is not listed here is an error,
// so that a new operation gets its case. All members are functions of the world; `made` is what `make` answered, for acts
// that can be done only once to a thing.
import { addPasskey, enrolTotp, Passkey } from './factors.mjs';
import { inAnHour, kPassword, tomorrow } from './world.mjs';

const texts = (word) => ({ en: `${word} en`, es: `${word} es`, pt: `${word} pt` });
let count = 0;
export const fresh = (word) => `${word} ${++count}`;

const admin = (w) => w.admin;
const agent = (w) => w.agent;
const customer = (w) => w.customer;
const nobody = (w) => w.nobody;
const onTicket = (w) => ({ id: w.ticket.id });
const onMade = (_, made) => ({ id: made.id });
const newTicket = (w) => w.openTicket();
const read = (by = admin) => ({ by });
const readTicket = { by: admin, at: onTicket, strange: true };
const readPortal = { by: customer, at: onTicket, strange: true };
const newSnippet = (w) => w.admin.post('/snippets', { key: fresh('k').replace(' ', '-'), title: texts('t'), body: texts('b') });
const newRule = (w) => w.admin.post('/triage/rules', { name: fresh('rule'), words: [fresh('zebra')], weight: 0.5, kind: 'fault' });
const newModel = (w) => w.admin.post('/models', { target: 'kind' });
const newArticle = (w) => w.admin.post('/articles', { title: fresh('a'), body: 'b', language: 'en' });
const newCalendar = (w) => w.admin.post('/calendars', week(fresh('c')));
const newPolicy = (w) => w.admin.post('/policies', policy(fresh('p')));
const newTeam = (w) => w.admin.post('/teams', { name: fresh('team') });
const newTechnology = (w) => w.admin.post('/technologies', { name: fresh('technology'), level: 'domain' });
const newOrganisation = (w) => w.admin.post('/organisations', organisation());
const newContact = (w) => w.admin.post(`/organisations/${w.contact.organisation}/contacts`, { name: fresh('c'), emails: [] });
const newStaff = (w) => w.admin.post('/staff', person());
const newKey = (w) => w.admin.post('/keys', { name: fresh('key'), scopes: ['staff.read'] });
const newPromise = async (w) => w.admin.post(`/tickets/${(await w.openTicket()).id}/promises`, { kind: 'eta', at: tomorrow() });
const newApproval = async (w) => (await w.askedApproval()).approval;
const newDueDate = async (w) => w.agent.post(`/tickets/${(await w.openTicket()).id}/due-dates`, { clock: 'resolution', due_at: tomorrow(), reason: 'The vendor sends the part tomorrow' });
// A ticket and the place of a second message of the customer on it.
const newSpoken = async (w) => {
  const { id } = await w.openTicket();
  await w.customer.post(`/portal/tickets/${id}/messages`, { body: 'The printer is dead too.' });
  const { items } = await w.admin.get(`/tickets/${id}/entries?kind=message&order=desc&limit=1`);
  return { id, seq: items[0].seq };
};
const newPair = async (w) => ({ id: (await w.openTicket()).id, into: (await w.openTicket()).id });
const newResolved = (w) => w.resolvedTicket();
const newContract = (w) => w.admin.post(`/organisations/${w.contact.organisation}/contracts`, contract(w));

const newRota = (w) => w.admin.post('/rotas', rota(w));
const newOverride = async (w) => {
  const { id } = await newRota(w);
  const { overrides } = await w.admin.post(`/rotas/${id}/overrides`, override(w));
  return { id, override: overrides[0].id };
};
const feedToken = async (w) => new URL((await w.admin.post('/me/on-call-feed')).url).searchParams.get('token');

const newEscalation = (w) => w.admin.post('/escalation-policies', escalation(w.agent));
const newPage = async (w) => {
  const { id } = await newEscalation(w);
  return w.admin.post(`/tickets/${(await w.openTicket()).id}/pages`, { note: 'Please look', policy_id: id });
};
const newTakenPage = async (w) => w.admin.post(`/pages/${(await newPage(w)).id}/acknowledge`);
// The officer is called by this alone: the newest link in her mail is the page's.
const pageToken = async (w) => {
  const { id } = await w.admin.post('/escalation-policies', escalation(w.officer));
  await w.admin.post(`/tickets/${(await w.openTicket()).id}/pages`, { note: 'Please look', policy_id: id });
  return { token: (await w.linkTo(w.officer.me.email, '/page/')).split('/page/')[1] };
};

const escalation = (person) => ({ name: fresh('escalation'), steps: [{ after: 0, targets: [{ kind: 'person', id: person.me.id }] }], repeats: 1, pause: 600 });
const method = () => ({ kind: 'webhook', label: fresh('chat'), address: 'https://chat.example/hook' });
const newMethod = async (w, by = w.admin) => (await by.post('/me/contact-methods', method())).method;
const gateway = () => ({ name: fresh('sms'), url: 'https://sms.example/send?to={{to}}', headers: [{ name: 'Authorization', value: 'Bearer {{secret}}' }], body: '{"text":"{{text}}"}', secret: 'a secret' });
const newGateway = (w) => w.admin.post('/gateways', gateway());
const layer = (w) => ({ name: 'First line', rotation: { unit: 'week', length: 1, start: '2026-03-02T09:00' }, people: [w.agent.me.id, w.admin.me.id], restrictions: [{ days: ['mon'], from: '20:00', to: '08:00' }] });
const rota = (w) => ({ name: fresh('rota'), zone: 'Europe/Madrid', layers: [layer(w)] });
const override = (w) => ({ from: inAnHour(), to: tomorrow(), in: w.admin.me.id, out: w.agent.me.id, reason: 'Holiday' });
const week = (name) => ({ name, zone: 'Europe/Madrid', week: [{ day: 'mon', windows: [{ from: '09:00', to: '17:00' }] }] });
const policy = (name) => ({ name, targets: [{ priority: 'P1', clock: 'first_response', seconds: 900 }] });
const organisation = () => ({ name: fresh('Organisation'), zone: 'America/Guayaquil', languages: ['es'] });
const person = () => ({ name: fresh('Person'), email: `${fresh('person').replace(' ', '-')}@desk.example`, languages: ['en'], zone: 'UTC', roles: ['agent'] });
const contract = (w) => ({ name: fresh('contract'), policy_id: w.policy.id, calendar_id: w.calendar.id, starts_on: '2031-01-01', ends_on: '2031-12-31' });
const skill = (w) => ({ technology_id: w.technology.id, level: 2 });

export const cases = {
  about: read(nobody),
  openapi: read(nobody),
  getSession: read(),
  listArticles: read(), listAudit: read(), listCalendars: read(), listContacts: read(), listKeys: read(),
  listOrganisations: read(), listPolicies: read(), listSnippets: read(), listStaff: read(), listStaffNames: read(),
  getCertifications: read(),
  listTeams: read(), listTechnologies: read(), listTickets: read(), listTriageRules: read(), listViews: read(),
  getTriagePolicy: read(), getDashboard: read(),
  getDrift: { by: admin, query: () => ({ weeks: '4' }) },
  getDashboardCsv: { by: admin, query: () => ({ table: 'by_team' }) },
  followEvents: { by: admin, stream: true },
  search: { by: admin, query: () => ({ q: 'tunnel' }) },
  listPortalArticles: read(customer), listPortalTechnologies: read(customer), listPortalTickets: read(customer),

  getTicket: readTicket, listEntries: readTicket, listClocks: readTicket, getRouting: readTicket, listHistory: readTicket,
  listEvidence: readTicket, getDraft: readTicket, listPresence: readTicket,
  explainClock: { by: admin, at: (w) => ({ id: w.ticket.id, clock: w.clock }) },
  getPortalTicket: readPortal,
  getInlineImage: { by: admin, at: (w) => w.image, strange: true },
  getArticle: { by: admin, at: (w) => ({ id: w.publicArticle.id }) },
  getPortalArticle: { by: customer, at: (w) => ({ id: w.publicArticle.id }) },
  getCalendar: { by: admin, at: (w) => ({ id: w.calendar.id }) },
  getPolicy: { by: admin, at: (w) => ({ id: w.policy.id }) },
  getStaff: { by: admin, at: (w) => ({ id: w.agent.me.id }) },
  listSkills: { by: admin, at: (w) => ({ id: w.agent.me.id }) },
  getOrganisation: { by: admin, at: (w) => ({ id: w.contact.organisation }) },
  listContactsOfOrganisation: { by: admin, at: (w) => ({ id: w.contact.organisation }) },
  listContracts: { by: admin, at: (w) => ({ id: w.contact.organisation }) },
  getEvidence: { by: admin, at: (w) => ({ id: w.evidence.id }), strange: true },
  downloadEvidence: { by: admin, at: (w) => ({ id: w.evidence.id }), strange: true },
  getApproval: { by: admin, make: newApproval, at: onMade, strange: true },
  getSurvey: { by: nobody, at: (w) => ({ token: w.surveyToken }) },

  openTicket: {
    by: admin,
    body: (w) => ({ subject: 'No mail', body: 'None since 9.', requester: { email: w.contact.email, name: 'Ana' } }),
  },
  updateTicket: { by: admin, make: newTicket, at: onMade, strange: true, body: () => ({ subject: 'Still no mail', impact: 2, urgency: 2 }) },
  changeTickets: { by: admin, body: (w) => ({ ids: [w.ticket.id], change: { impact: 2 } }) },
  moveTicket: { by: admin, make: newTicket, at: onMade, strange: true, body: () => ({ to: 'waiting_customer', reason: 'We need the logs' }) },
  routeTicket: { by: admin, make: newTicket, at: onMade, strange: true },
  markRead: { by: admin, at: onTicket, strange: true },
  postMessage: { by: agent, at: onTicket, strange: true, body: () => ({ body: 'We are looking.', cc: ['boss@customer.example'], promise: { kind: 'next_update', at: inAnHour() } }) },
  addNote: { by: agent, at: onTicket, strange: true, body: (w) => ({ body: 'Looks like the last update.', mentions: [w.admin.me.id] }) },
  logCall: { by: agent, at: onTicket, strange: true, body: () => ({ direction: 'out', contact_made: true, seconds: 90, body: 'She will send the logs.' }) },
  addWorkRecord: { by: agent, at: onTicket, strange: true, body: () => ({ action: 'Restarted', result: 'It runs', ok: true }) },
  saveDraft: { by: agent, at: onTicket, strange: true, body: () => ({ kind: 'reply', body: 'Dear Ana', cc: ['boss@customer.example'] }) },
  dropDraft: { by: agent, at: onTicket, strange: true },
  sayPresence: { by: agent, at: onTicket, strange: true, body: () => ({ doing: 'typing' }) },
  addEvidence: { by: agent, at: onTicket, strange: true, form: true },
  addPortalEvidence: { by: customer, at: onTicket, strange: true, form: true },
  makePromise: { by: agent, make: newTicket, at: onMade, strange: true, body: () => ({ kind: 'eta', at: tomorrow() }) },
  changePromise: { by: admin, make: newPromise, at: onMade, strange: true, body: () => ({ at: inAnHour(), reason: 'It goes faster' }) },
  previewMerge: { by: agent, make: newPair, at: onMade, strange: true, query: (_, made) => ({ into: made.into }) },
  previewSplit: { by: agent, make: newSpoken, at: onMade, strange: true, query: (_, made) => ({ seq: made.seq }) },
  splitTicket: { by: agent, make: newSpoken, at: onMade, strange: true, body: (_, made) => ({ seq: made.seq, subject: 'The printer' }) },
  askDueDate: { by: agent, make: newTicket, at: onMade, strange: true, body: () => ({ clock: 'resolution', due_at: tomorrow(), reason: 'The vendor sends the part tomorrow' }) },
  // Who may decide nothing is told so before the due time is looked up.
  decideDueDate: { by: admin, make: newDueDate, at: onMade, strange: 403, body: () => ({ decision: 'reject', reason: 'The part is here' }) },
  askApproval: {
    by: agent,
    make: async (w) => {
      const ticket = await w.openTicket();
      await w.agent.post(`/tickets/${ticket.id}/work-records`, { action: 'Looked', result: 'Found' });
      return ticket;
    },
    at: onMade, strange: true, body: () => ({ summary: 'A new key', resolution: 'Use it.' }),
  },
  // Who may decide nothing is told so before the approval is looked up.
  decideApproval: { by: admin, make: newApproval, at: onMade, strange: 403, body: () => ({ decision: 'reject', reason: 'Not tested' }) },

  openPortalTicket: { by: customer, body: () => ({ subject: 'No mail', body: 'None since 9.', asked_urgency: 2 }) },
  postPortalMessage: { by: customer, at: onTicket, strange: true, body: () => ({ body: 'It is worse now.' }) },
  confirmPortalTicket: { by: customer, make: newResolved, at: onMade, strange: true, body: () => ({ works: true, score: 5 }) },
  ratePortalTicket: { by: customer, make: newResolved, at: onMade, strange: true, body: () => ({ score: 4, comment: 'Good' }) },
  markPortalTicketRead: { by: customer, at: onTicket, strange: true },
  sendPortalLink: { by: nobody, body: () => ({ email: 'unknown@customer.example' }) },
  startPortalSession: { by: nobody, body: () => ({ token: 'not-a-token' }), only: 'bad' },
  answerSurvey: { by: nobody, at: (w) => ({ token: w.surveyToken }), body: () => ({ score: 3 }) },

  addArticle: { by: admin, body: () => ({ title: fresh('Title'), body: 'How to.', language: 'es', tags: ['vpn'] }) },
  changeArticle: { by: admin, make: newArticle, at: onMade, body: () => ({ title: fresh('Title') }) },
  addCalendar: { by: admin, body: () => ({ ...week(fresh('Calendar')), exceptions: [{ date: '2027-01-04', closed: true, name: 'Moving' }], holidays: [{ yearly: '12-25', name: 'Christmas' }] }) },
  changeCalendar: { by: admin, make: newCalendar, at: onMade, body: () => ({ name: fresh('Calendar') }) },
  addPolicy: { by: admin, body: () => ({ ...policy(fresh('Policy')), pauses: [{ clock: 'resolution', states: ['waiting_customer'] }], steps: [{ clock: 'first_response', percent: 80 }] }) },
  changePolicy: { by: admin, make: newPolicy, at: onMade, body: () => ({ steps: [{ clock: 'first_response', before_seconds: 300 }] }) },
  getPolicyRules: read(),
  putPolicyRules: { by: admin, body: (w) => ({ rules: [{ name: fresh('Rule'), organisation_ids: [w.contact.organisation], kinds: ['incident'], technology_ids: [w.technology.id], channels: ['phone'], policy_id: w.policy.id, calendar_id: w.calendar.id }] }) },
  simulate: { by: admin, body: (w) => ({ from: '2026-01-01T00:00:00Z', to: '2026-12-31T00:00:00Z', policy_id: w.policy.id, calendar_id: w.calendar.id, organisation_id: w.contact.organisation, policy: policy(fresh('Policy')), calendar: week(fresh('Calendar')) }) },
  addTeam: { by: admin, body: () => ({ name: fresh('Team') }) },
  changeTeam: { by: admin, make: newTeam, at: onMade, body: () => ({ name: fresh('Team') }) },
  addTechnology: { by: admin, body: () => ({ name: fresh('Technology'), level: 'domain' }) },
  changeTechnology: { by: admin, make: newTechnology, at: onMade, body: () => ({ keywords: ['zebra'] }) },
  addOrganisation: { by: admin, body: () => ({ ...organisation(), security_contacts: [{ name: 'Sol', phone: '+593 2 555 0101', email: 'sol@customer.example' }], domains: [`${fresh('d').replace(' ', '')}.example`] }) },
  changeOrganisation: { by: admin, make: newOrganisation, at: onMade, body: () => ({ industry: 'Water' }) },
  addContact: { by: admin, at: (w) => ({ id: w.contact.organisation }), body: () => ({ name: fresh('Contact'), emails: [`${fresh('contact').replace(' ', '-')}@customer.example`] }) },
  changeContact: { by: admin, make: newContact, at: onMade, body: () => ({ name: fresh('Contact') }) },
  addContract: { by: admin, at: (w) => ({ id: w.contact.organisation }), body: contract },
  changeContract: { by: admin, make: newContract, at: onMade, body: () => ({ ends_on: '2032-12-31' }) },
  addSnippet: { by: admin, body: () => ({ key: fresh('key').replace(' ', '-'), title: texts('Title'), body: texts('Body') }) },
  changeSnippet: { by: admin, make: newSnippet, at: onMade, body: () => ({ title: texts('New title') }) },
  deleteSnippet: { by: admin, make: newSnippet, at: onMade },
  addStaff: { by: admin, body: person },
  changeStaff: { by: admin, make: newStaff, at: onMade, body: () => ({ capacity: 4 }) },
  saveSkill: { by: admin, make: newStaff, at: onMade, body: skill },
  dropSkill: {
    by: admin,
    make: async (w) => {
      const { id } = await w.admin.post('/staff', person());
      return { id, skill: (await w.admin.post(`/staff/${id}/skills`, skill(w))).id };
    },
    at: (_, made) => made,
  },
  createKey: { by: admin, body: () => ({ name: fresh('key'), scopes: ['ticket.read'] }) },
  endKey: { by: admin, make: newKey, at: onMade },
  listSessions: read(agent),
  endOtherSessions: { by: agent },
  endSession: { by: agent, make: (w) => w.signInAgain(w.agent), at: onMade },
  getFactors: read(agent),
  startTotp: { by: agent, make: (w) => w.agent.ask('DELETE', '/session/totp') },
  confirmTotp: { by: agent, make: (w) => w.agent.post('/session/totp'), body: () => ({ code: '000000' }), only: 'bad' },
  removeTotp: { by: agent, make: (w) => enrolTotp(w.agent) },
  renewBackupCodes: { by: agent, make: (w) => enrolTotp(w.agent) },
  askForPasskey: { by: agent },
  addPasskey: {
    by: agent,
    make: (w) => w.agent.post('/session/passkeys/request'),
    body: (w, made) => new Passkey(w.base).made(made, 'a key'),
  },
  renamePasskey: { by: agent, make: (w) => addPasskey(w.agent), at: onMade, body: () => ({ name: 'blue key' }) },
  removePasskey: { by: agent, make: (w) => addPasskey(w.agent), at: onMade },
  askForPasskeyAnswer: { by: nobody },
  signInWithPasskey: {
    by: nobody,
    make: (w) => w.nobody.post('/session/passkey/request'),
    body: (w, made) => ({ ...new Passkey(w.base).answer(made), user_handle: 'bm9ib2R5' }),
    only: 'bad',
  },
  stepUp: { by: (w) => w.officer, body: () => ({ password: kPassword }) },
  getSecondFactorPolicy: read(),
  putSecondFactorPolicy: { by: admin, body: () => ({ roles: ['auditor'] }) },
  forgetFactors: { by: admin, make: newStaff, at: onMade },
  putTriagePolicy: { by: admin, body: ({ triage }) => ({ ...triage, version: undefined }) },
  addTriageRule: { by: admin, body: () => ({ name: fresh('rule'), words: [fresh('yak')], weight: 0.4, kind: 'fault' }) },
  changeTriageRule: { by: admin, make: newRule, at: onMade, body: () => ({ weight: 0.6 }) },
  deleteTriageRule: { by: admin, make: newRule, at: onMade },
  listModels: read(),
  getClassificationAccuracy: { by: admin, query: () => ({ weeks: '4' }) },
  trainModel: { by: admin, body: () => ({ target: 'kind' }) },
  activateModel: { by: admin, make: newModel, at: onMade, body: () => ({ threshold: 0.7 }) },
  dropModel: { by: admin, make: newModel, at: onMade },
  tryTriage: { by: admin, body: () => ({ subject: 'VPN down', body: 'Nobody can work' }) },

  importHolidays: { by: admin, make: newCalendar, at: onMade, body: () => ({ ics: 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261224\nSUMMARY:Eve\nEND:VEVENT\nEND:VCALENDAR\n' }) },
  listRotas: read(), listHolidayCountries: read(),
  listHolidays: { by: admin, query: () => ({ country: 'ES', region: 'AN', year: 2026 }) },
  getRota: { by: admin, make: newRota, at: onMade },
  getRotaSchedule: { by: admin, make: newRota, at: onMade, query: () => ({ from: '2026-03-02T00:00:00Z', to: '2026-03-16T00:00:00Z' }) },
  addRota: { by: admin, body: rota },
  changeRota: { by: admin, make: newRota, at: onMade, body: (w) => ({ layers: [layer(w)] }) },
  deleteRota: { by: admin, make: newRota, at: onMade },
  addRotaOverride: { by: admin, make: newRota, at: onMade, body: override },
  endRotaOverride: { by: admin, make: newOverride, at: (_, made) => made },
  makeRotaFeed: { by: admin, make: newRota, at: onMade },
  endRotaFeed: { by: admin, make: newRota, at: onMade },
  makeOwnOnCallFeed: { by: admin },
  endOwnOnCallFeed: { by: admin },
  getOnCallFeed: { by: nobody, make: async (w) => ({ token: await feedToken(w) }), query: (_, made) => made },

  listEscalationPolicies: read(), listPages: read(),
  getEscalationPolicy: { by: admin, make: newEscalation, at: onMade },
  addEscalationPolicy: { by: admin, body: (w) => escalation(w.agent) },
  changeEscalationPolicy: { by: admin, make: newEscalation, at: onMade, body: (w) => ({ steps: escalation(w.admin).steps, repeats: 2 }) },
  deleteEscalationPolicy: { by: admin, make: newEscalation, at: onMade },
  getOnCallLoad: { by: admin, query: () => ({ from: '2026-03-02T00:00:00Z', to: '2026-03-16T00:00:00Z' }) },
  getOnCallLoadCsv: { by: admin, query: () => ({ from: '2026-03-02T00:00:00Z', to: '2026-03-16T00:00:00Z' }) },
  getOwnReach: read(), getPushKey: read(), listOwnDeliveries: read(), listDeliveries: read(), listGateways: read(), getOutgoingHttp: read(),
  changeOwnReach: { by: admin, body: () => ({ rules: [{ kind: 'page', after: 5 }], quiet: { from: '22:00', to: '07:00' } }) },
  addOwnContactMethod: { by: admin, body: () => method() },
  removeOwnContactMethod: { by: admin, make: newMethod, at: onMade },
  testOwnReach: { by: admin, body: () => ({}) },
  addGateway: { by: admin, body: gateway },
  changeGateway: { by: admin, make: newGateway, at: onMade, body: () => ({ url: 'https://sms.example/other', body: '{{text}}' }) },
  deleteGateway: { by: admin, make: newGateway, at: onMade },
  putOutgoingHttp: { by: admin, body: () => ({ networks: ['10.1.2.0/24'] }) },
  getPage: { by: admin, make: newPage, at: onMade },
  listTicketPages: readTicket,
  startPage: { by: admin, make: async (w) => ({ ...(await w.openTicket()), policy: (await newEscalation(w)).id }), at: onMade, strange: true, body: (_, made) => ({ note: 'Please look', policy_id: made.policy }) },
  acknowledgePage: { by: admin, make: newPage, at: onMade },
  handBackPage: { by: admin, make: newTakenPage, at: onMade, body: () => ({ note: 'Not my system' }) },
  getPageByLink: { by: nobody, make: pageToken, at: (_, made) => made },
  answerPageByLink: { by: nobody, make: pageToken, at: (_, made) => made, body: () => ({ act: 'acknowledge' }) },

  signIn: { by: nobody, body: () => ({ email: 'nobody@desk.example', password: 'wrong password here' }), only: 'bad' },
  setUp: { by: nobody, body: () => ({ token: 'not-a-token', name: 'Eve', email: 'eve@desk.example', password: 'a long enough password' }), only: 'bad' },
  changeSession: { by: admin, body: () => ({ preferences: { theme: 'dark' } }) },
  signOut: { by: admin, only: 'bad' }, // ends the session of whoever asks
};

/** The path of an operation with its parameters put in. */
export const pathOf = (operation, values) =>
  operation.path.replace(/\{(\w+)\}/g, (_, name) => {
    if (values?.[name] === undefined) throw new Error(`${operation.id}: no ${name}`);
    return encodeURIComponent(values[name]);
  });

/** One thing of the operation's kind to be done to, and everything that is needed for asking. */
export async function prepare(world, operation) {
  const known = cases[operation.id];
  if (!known) throw new Error(`${operation.id} is new: give it a case in lib/cases.mjs`);
  const made = known.make ? await known.make(world) : undefined;
  const values = known.at?.(world, made);
  const query = known.query ? `?${new URLSearchParams(known.query(world, made))}` : '';
  return { ...known, client: known.by(world), values, path: pathOf(operation, values) + query, body: known.body?.(world, made) };
}
