// A demo desk with its people signed in, and one of everything that a path can name.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, linksOf, parseMail } from '../../mailhost/mail.mjs';
import { startDesk } from '../../../web/tests/e2e/lib/desk.mjs';
import { Client } from './client.mjs';
import { addPasskey } from './factors.mjs';
import { deliver } from './lmtp.mjs';
import { Document } from './openapi.mjs';

export const kPassword = 'propolis demo desk';
// One red pixel.
export const kPixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';
const kLead = 'marta.lindqvist@desk.example';
export const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
export const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();

/** Waits until `found` answers something. */
export async function until(what, found, limitMs = 15_000) {
  for (const end = Date.now() + limitMs; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const last = await found();
    if (last) return last;
  }
  throw new Error(`not in time: ${what}`);
}

export class World {
  #followed = new Set(); // sign-in links, good once
  #addresses; // how many customers came from one of their own

  /**
   * `files`: how many open files the desk is given, "soft:hard"; as many as the test when left out. `proxied`: each customer
   * signs in from a network address of her own, as through a proxy that the desk trusts; from one alone, a desk takes
   * twenty in an hour.
   */
  static async start({ files, proxied } = {}) {
    const world = new World();
    if (proxied) world.#addresses = 0;
    world.lmtp = await freePort();
    world.desk = await startDesk({
      demo: true,
      named: true,
      files,
      more: (dir) => ['--mail-dir', join(dir, 'out'), '--mail-address', 'desk@desk.example', '--lmtp', `127.0.0.1:${world.lmtp}`, ...(proxied ? ['--trusted-proxy', '127.0.0.1'] : [])],
    });
    world.outbox = join(world.desk.dir, 'out');
    world.base = world.desk.base;
    world.nobody = new Client(world.base);
    world.document = new Document(await world.nobody.get('/openapi.json'));
    try {
      await world.#signEverybodyIn();
      await world.#gather();
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  stop() {
    return this.desk.stop();
  }

  async signIn(email) {
    const answer = await this.nobody.ask('POST', '/session', { body: { email, password: kPassword } });
    return Object.assign(Client.fromSession(this.base, answer), { password: kPassword });
  }

  /** Somebody signs in once more, in another browser: that session, as she sees it. */
  async signInAgain(somebody) {
    const before = (await somebody.get('/sessions')).items.map(({ id }) => id);
    if (somebody.me.kind === 'customer') await this.signCustomerIn(somebody.me.email);
    else await this.#signInByPasskey(somebody);
    return (await somebody.get('/sessions')).items.find(({ id }) => !before.includes(id));
  }

  async #signInByPasskey(somebody) {
    const { key } = await addPasskey(somebody);
    const answer = await this.nobody.ask('POST', '/session/passkey', { body: key.answer(await this.nobody.post('/session/passkey/request')) });
    return Client.fromSession(this.base, answer);
  }

  async mails() {
    const names = await readdir(this.outbox).catch(() => []);
    const files = names.filter((name) => name.endsWith('.eml')).sort();
    return Promise.all(files.map(async (name) => parseMail(await readFile(join(this.outbox, name)))));
  }

  /** The newest link to `path` in a mail to `address`, unless it was followed already. */
  linkTo(address, path) {
    return until(`a mail to ${address} with a link to ${path}`, async () => {
      const letters = (await this.mails()).filter((mail) => mail.headers.to?.includes(address));
      return letters.reverse().flatMap(linksOf).find((link) => link.includes(path) && !this.#followed.has(link));
    });
  }

  async signCustomerIn(email) {
    const headers = this.#addresses === undefined ? {} : { 'X-Forwarded-For': `10.0.0.${++this.#addresses}` };
    await this.nobody.must('POST', '/portal/sign-in', { body: { email }, headers });
    const link = await this.linkTo(email, '/portal#t=');
    this.#followed.add(link);
    const token = link.split('#t=')[1];
    return Client.fromSession(this.base, await this.nobody.ask('POST', '/portal/session', { body: { token } }));
  }

  async #signEverybodyIn() {
    this.admin = await this.signIn(kLead);
    this.staff = (await this.admin.get('/staff')).items;
    const only = (role) => this.staff.find(({ roles }) => roles.length === 1 && roles[0] === role);
    this.agent = await this.signIn(only('agent').email);
    this.officer = await this.signIn(only('security_officer').email);
    this.organisations = (await this.admin.get('/organisations')).items;
    const customers = [];
    for (const { id } of this.organisations) {
      const { items } = await this.admin.get(`/organisations/${id}/contacts`);
      const contact = items.find(({ portal, emails }) => portal && emails.length > 0);
      if (contact && customers.length < 2) customers.push({ id: contact.id, email: contact.emails[0], organisation: id });
    }
    [this.contact, this.otherContact] = customers;
    this.customer = await this.signCustomerIn(this.contact.email);
    this.stranger = await this.signCustomerIn(this.otherContact.email);
    const key = await this.admin.post('/keys', { name: 'reader', scopes: ['staff.read'] });
    this.reader = new Client(this.base, { name: 'a key that reads staff', headers: { Authorization: `Bearer ${key.secret}` } });
    this.reader.me = await this.reader.get('/session');
  }

  async #gather() {
    const first = async (path) => (await this.admin.get(path)).items[0];
    this.calendar = await first('/calendars');
    this.policy = await first('/policies');
    this.team = await first('/teams');
    this.technology = (await this.admin.get('/technologies')).items.find(({ level }) => level === 'product');
    this.contract = await first(`/organisations/${this.contact.organisation}/contracts`);
    this.triage = await this.admin.get('/triage/policy');
    this.publicArticle = await this.admin.post('/articles', { title: 'How to reset a token', body: 'Ask **us**.', language: 'en', visibility: 'public', state: 'published' });
    this.internalArticle = await this.admin.post('/articles', { title: 'The desk only', body: 'Not for customers.', language: 'en', visibility: 'internal', state: 'published' });
    this.ticket = await this.openTicket();
    this.evidence = await this.addFile(this.ticket.id);
    this.image = await this.#receiveImage();
    this.promise = await this.admin.post(`/tickets/${this.ticket.id}/promises`, { kind: 'eta', at: tomorrow() });
  }

  /** A mail whose HTML shows an image: where that image is. */
  async #receiveImage() {
    const edge = 'edge-7c1d';
    const raw = [`From: <${this.contact.email}>`, 'To: <desk@desk.example>', 'Subject: A screenshot', 'Message-ID: <image@customer.example>',
      'MIME-Version: 1.0', `Content-Type: multipart/related; boundary=${edge}`, '', `--${edge}`, 'Content-Type: text/html', '',
      '<p>Look: <img src="cid:shot@customer"></p>', `--${edge}`, 'Content-Type: image/png', 'Content-ID: <shot@customer>',
      'Content-Transfer-Encoding: base64', '', kPixel, `--${edge}--`, ''].join('\r\n');
    await deliver(this.lmtp, { from: this.contact.email, to: 'desk@desk.example', raw });
    const [ticket] = await until('the mail', async () => {
      const { items } = await this.admin.get('/tickets?sort=-created&limit=1');
      return items[0].subject === 'A screenshot' && items;
    });
    const [message] = (await this.admin.get(`/tickets/${ticket.id}/entries`)).items;
    const [, number, seq, image] = message.body_html.match(/src="\/api\/v1\/tickets\/([^/]+)\/entries\/(\d+)\/images\/([^"]+)"/);
    return { id: number, seq, image };
  }

  /** A request by the customer, by default handled by the agent. */
  async openTicket({ subject = 'No tunnel to the branch', assignee = this.agent.me.id } = {}) {
    const opened = await this.customer.post('/portal/tickets', { subject, body: 'Since this morning.' });
    await this.admin.patch(`/tickets/${opened.id}`, { assignee_id: assignee });
    return opened;
  }

  /** One file, added by `by` and seen by the customer unless told otherwise. */
  async addFile(ticket, { by = this.admin, filename = 'edge.log', content = 'a line\n', fields = { public: 'true' } } = {}) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob([content]), filename);
    return by.must('POST', `/tickets/${ticket}/evidence`, { raw: form });
  }

  /** A ticket of which a second person was asked to approve the resolution. */
  async askedApproval() {
    const ticket = await this.openTicket();
    await this.agent.post(`/tickets/${ticket.id}/work-records`, { action: 'Looked', result: 'Found it' });
    const approval = await this.agent.post(`/tickets/${ticket.id}/approvals`, { summary: 'A new key', resolution: 'Use the new key.' });
    return { ticket, approval };
  }

  /** A ticket that the desk resolved. */
  async resolvedTicket() {
    const { ticket, approval } = await this.askedApproval();
    await this.admin.post(`/approvals/${approval.id}/decision`, { decision: 'approve' });
    const { state } = await this.admin.get(`/tickets/${ticket.id}`);
    if (state !== 'resolved') throw new Error(`the approved ticket is ${state}`);
    return ticket;
  }
}
