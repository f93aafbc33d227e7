// The demo desk with somebody signed in for each kind of person, and what to show on each screen.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linksOf, parseMail } from '../../../../tests/mailhost/mail.mjs';
import { Api } from './api.mjs';

export const kDemoPassword = 'propolis demo desk';
export const kPeople = {
  agent: 'ines.prado@desk.example',
  approver: 'rui.salgado@desk.example',
  admin: 'marta.lindqvist@desk.example',
};
/** A contact whose organisation writes in that language. */
const kCustomerDomain = { en: 'harrowpike', es: 'paramoalto', pt: 'portoalvorada' };

/** The newest link like `wanted` in the mails that the desk wrote to somebody, once there are more than `before`. */
async function mailedLink(desk, to, wanted, before = 0) {
  const name = to.replace(/[^\w@.-]/g, '_');
  for (const end = Date.now() + 40_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const mails = mailsTo(desk, name);
    for (const file of mails.slice(before).reverse()) {
      const link = linksOf(parseMail(readFileSync(join(desk.mailFolder, file)))).find((one) => one.includes(wanted));
      if (link) return link;
    }
  }
  throw new Error(`no mail with ${wanted} came to ${to}`);
}

function mailsTo(desk, name) {
  try {
    return readdirSync(desk.mailFolder)
      .filter((file) => file.endsWith(`${name}.eml`))
      .sort();
  } catch {
    return []; // the folder comes with the first mail
  }
}

export async function signIn(desk, email, language) {
  const api = new Api(desk.base);
  await api.signIn(email, kDemoPassword);
  await api.patch('/session', { language });
  return api;
}

async function allTickets(api) {
  const tickets = [];
  let cursor = '';
  do {
    const page = await api.get(`/tickets?view=desk_all&limit=200${cursor && `&cursor=${cursor}`}`);
    tickets.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return tickets;
}

/** Approves what waits for one of them: its customer is mailed the resolution and asked how it went. */
async function approveOne(people) {
  for (const api of people) {
    const [waiting] = (await api.get('/tickets?view=to_approve')).items;
    if (!waiting) continue;
    const { approval } = await api.get(`/tickets/${waiting.number}`);
    await api.post(`/approvals/${approval.id}/decision`, { decision: 'approve' });
    return waiting;
  }
  throw new Error('the demo has nothing to approve');
}

/** What the person has open, with a work record: an approval may be asked for it. */
async function workedOn(api, tickets) {
  const found = [];
  for (const one of tickets.filter((ticket) => ticket.state === 'open' && ticket.assignee?.id === api.session.id)) {
    const records = (await api.get(`/tickets/${one.number}/entries?kind=work_record`)).items;
    if (records.length > 0) found.push(one);
  }
  return found;
}

const askApproval = (api, number) =>
  api.post(`/tickets/${number}/approvals`, {
    summary: 'The same change on the active node',
    resolution: 'The tunnel holds on both nodes with the new proposal. Please check one branch and confirm.',
  });

/** The agent is called for that ticket: the link in her mail. */
async function pageSomebody(desk, api, number) {
  const targets = [{ kind: 'person', id: api.agent.session.id }];
  const policy = await api.admin.post('/escalation-policies', { name: 'The agent', steps: [{ after: 0, targets }] });
  await api.admin.post(`/tickets/${number}/pages`, { note: 'The customer is on the line.', policy_id: policy.id });
  return new URL(await mailedLink(desk, kPeople.agent, '/page/')).pathname;
}

/** `desk`: a demo with a mail folder. Answers the sign-ins and the places of `screensOf`. */
export async function makeScene(desk, language) {
  const api = {};
  for (const [who, email] of Object.entries(kPeople)) api[who] = await signIn(desk, email, language);
  const tickets = await allTickets(api.admin);
  const surveyed = await approveOne([api.approver, api.admin]);
  const inState = (state, from = tickets) => from.find((one) => one.state === state && one.number !== surveyed.number);
  const [shown, other] = await workedOn(api.agent, tickets);
  await askApproval(api.agent, shown.number);
  const survey = await mailedLink(desk, surveyed.requester.email, '/survey/');
  const theirs = tickets.filter((one) => one.requester.email.includes(kCustomerDomain[language]));
  const customer = inState('resolved', theirs).requester;
  const customers = theirs.filter((one) => one.requester.email === customer.email);
  const states = [
    'new',
    'open',
    'waiting_customer',
    'waiting_third_party',
    'scheduled',
    'resolved',
    'closed',
    'merged',
    'spam',
  ];
  const paged = inState('new') ?? other;
  const page = await pageSomebody(desk, api, paged.number);
  await api.admin.post('/models', { target: 'kind' });
  const articles = (await api.admin.get('/articles?limit=50')).items;
  return {
    api,
    customer,
    place: {
      ticket: shown.number,
      open: other.number,
      paged: paged.number,
      page,
      states: Object.fromEntries(states.map((state) => [state, inState(state)?.number]).filter(([, number]) => number)),
      requests: Object.fromEntries(
        ['open', 'waiting_customer', 'resolved', 'closed']
          .map((state) => [state, inState(state, customers)?.number])
          .filter(([, number]) => number),
      ),
      article: articles.find((one) => one.visibility === 'public' && one.language === language)?.id,
      words: 'siem',
      survey: new URL(survey).pathname,
      rated: `${new URL(survey).pathname}?score=4`,
    },
    /** Her way into the portal: a new mailed link each time. */
    portalLink: async () => {
      const before = mailsTo(desk, customer.email).length;
      await new Api(desk.base).post('/portal/sign-in', { email: customer.email, language });
      return mailedLink(desk, customer.email, '/portal#t=', before);
    },
  };
}

/** What a browser window needs to be each of them: the sessions of the API, as cookies. */
export async function signEveryoneIn(browserWindow, desk, scene) {
  const states = {};
  const { hostname } = new URL(desk.base);
  for (const [who, api] of Object.entries(scene.api)) {
    const [name, value] = api.cookie.split('=');
    const cookie = {
      name,
      value,
      domain: hostname,
      path: '/',
      expires: -1,
      httpOnly: true,
      secure: false,
      sameSite: 'Lax',
    };
    states[who] = { cookies: [cookie], origins: [] };
  }
  const page = await browserWindow();
  await page.goto(await scene.portalLink());
  await page.getByRole('main').getByRole('list').first().waitFor();
  states.customer = await page.context().storageState();
  await page.context().close();
  return states;
}
