// The desk that is attacked: two organisations with a secret word (canary) in each and one that only the desk may read, people
// of every role, and the judgement of every answer that anybody gets.
import { readdir, readFile, unlink } from 'node:fs/promises';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { newCustomer, newStaff } from '../../access/lib/callers.mjs';
import { fresh, prepare } from '../../api/lib/cases.mjs';
import { leakIn } from '../../api/lib/checks.mjs';
import { deliver } from '../../api/lib/lmtp.mjs';
import { World } from '../../api/lib/world.mjs';
import { parseMail } from '../../mailhost/mail.mjs';
import { answersIn, exchange, Peer } from './peer.mjs';

export const kRoles = ['agent', 'responder', 'approver', 'manager', 'security_officer', 'auditor', 'admin', 'service'];
// What attackers try to put into heads of answers and mails, and where they want copies to go.
export const kOwned = 'x-owned';
export const kThief = 'thief@evil.example';
const kMostFound = 20; // told of each family
const texts = (text) => ({ en: text, es: text, pt: text });

export class Tally {
  attempts = 0;
  seen = new Map();
  found = [];

  saw(what) {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }
}

export class Field {
  static async start(random) {
    const field = new Field();
    field.random = random;
    // As a login gives: fewer files than connections may come, and leave to ask for more.
    field.world = await World.start({ files: '1024:4096' });
    try {
      await field.#gather();
    } catch (error) {
      await field.world.stop();
      throw error;
    }
    return field;
  }

  async #gather() {
    const { world } = this;
    this.document = world.document;
    this.port = world.desk.port;
    this.agents = new Agent({ keepAlive: true, maxSockets: 16 });
    this.tally = new Tally();
    this.canaries = Object.fromEntries(['a', 'b', 'inside'].map((name) => [name, `kanari${name}${this.random.word(10)}`]));
    const resolved = await world.resolvedTicket();
    world.surveyToken = (await world.linkTo(world.contact.email, '/survey/')).match(/survey\/([\w-]+)/)[1];
    world.clock = (await world.admin.get(`/tickets/${world.ticket.id}/clocks`)).items[0].id.replace('/', '-');
    world.closed = resolved;
    const [a, b] = [world.contact.organisation, world.otherContact.organisation];
    this.nobody = this.peer(world.nobody, []);
    this.admin = this.peer(world.admin, ['a', 'b', 'inside']);
    this.staff = {};
    for (const role of kRoles) this.staff[role] = this.peer(await newStaff(world, role), ['a', 'b', 'inside']);
    this.customers = {};
    for (const [name, organisation] of [['a', a], ['b', b]]) {
      for (const role of ['requester', 'approver']) this.customers[`${name}_${role}`] = this.peer(await newCustomer(world, organisation, { roles: [role] }), [name]);
    }
    this.secrets = { a: await this.#plant('a'), b: await this.#plant('b') };
  }

  /** A canary in everything that an organisation has; the ids of those things. */
  async #plant(name) {
    const { world, canaries, customers } = this;
    const asker = customers[`${name}_requester`];
    const word = canaries[name];
    const opened = await asker.post('/portal/tickets', { subject: `Request ${word}`, body: `It fails: ${word}` });
    const at = `/tickets/${opened.id}`;
    await world.admin.patch(at, { assignee_id: world.agent.me.id });
    await world.agent.post(`${at}/messages`, { body: `We look at ${word}` });
    await world.agent.post(`${at}/notes`, { body: `Careful: ${canaries.inside}` });
    await world.agent.post(`${at}/work-records`, { action: 'Looked', result: canaries.inside });
    const form = new FormData();
    form.set('file', new Blob([word]), `${word}.log`);
    const file = await asker.must('POST', `/portal${at}/evidence`, { raw: form });
    const inner = await world.addFile(opened.id, { filename: `${canaries.inside}.log`, content: canaries.inside, fields: { public: 'false' } });
    const promise = await world.admin.post(`${at}/promises`, { kind: 'eta', at: new Date(Date.now() + 86_400_000).toISOString() });
    const approval = await world.agent.post(`${at}/approvals`, { summary: canaries.inside, resolution: canaries.inside });
    const article = await world.admin.post('/articles', { title: canaries.inside, body: canaries.inside, language: 'en', visibility: 'internal', state: 'published' });
    await world.admin.post('/snippets', { key: fresh('k').replace(' ', '-'), title: texts(canaries.inside), body: texts(canaries.inside) });
    return { ticket: opened.id, number: opened.number, organisation: asker.me.organisation.id, contact: asker.me.id, file: file.id, inner: inner.id, promise: promise.id, approval: approval.id, article: article.id };
  }

  /** Somebody's session as an attacker uses it. */
  peer(client, sees, from = '127.0.0.66') {
    return Peer.of(client, { sees, from, agent: this.agents });
  }

  /** The client that a case of tests/api acts as. */
  #actor(client) {
    const { world } = this;
    if (client === world.nobody) return this.nobody;
    if (client === world.customer) return this.peer(client, ['a']);
    return this.peer(client, ['a', 'b', 'inside']);
  }

  found(what, answer) {
    this.tally.saw('FOUND');
    if (this.tally.found.length < kMostFound) this.tally.found.push(answer ? `${what} <- ${answer.asked}: ${answer.status} ${answer.text.slice(0, 300)}` : what);
  }

  expect(holds, what, answer) {
    if (!holds) this.found(what, answer);
    return holds;
  }

  /** What must hold of every answer, whoever asked for whatever. */
  judge(answer, { sees = [], sent = '' } = {}) {
    const { status, text, headers } = answer;
    this.tally.saw(status === -1 ? 'cut' : String(status));
    if (status === -1) return answer;
    this.expect(status !== 0, 'no answer', answer);
    // 501 and 505 say what the desk does not speak; 503 must say when to come again.
    if (status >= 500 && status !== 501 && status !== 505) this.expect(status === 503 && headers.get('retry-after'), 'a failure of the server', answer);
    const leak = status >= 400 && leakIn(text);
    if (leak) this.expect(`${answer.asked} ${sent}`.includes(leak), `the insides (${leak})`, answer);
    const all = `${text}\n${[...headers].join('\n')}`;
    for (const [name, word] of Object.entries(this.canaries)) {
      if (!sees.includes(name)) this.expect(!all.includes(word), `the canary of ${name}`, answer);
    }
    if (text) this.expect(headers.get('x-content-type-options') === 'nosniff', 'no nosniff', answer);
    this.expect(!headers.has(kOwned), 'a header of the attacker', answer);
    return answer;
  }

  /** One attempt by HTTP, judged. */
  async ask(client, method, path, options = {}) {
    ++this.tally.attempts;
    const answer = await client.ask(method, path, options);
    return this.judge(answer, { sees: client.sees, sent: JSON.stringify(options.body ?? '') });
  }

  /** One attempt with bytes of one's own, judged; the answers. */
  async raw(bytes, { from, sees = [] } = {}) {
    ++this.tally.attempts;
    const text = await exchange(this.port, bytes, { from });
    if (text === undefined) {
      this.found(`the connection was never closed: ${String(bytes).slice(0, 200)}`);
      return [];
    }
    const answers = answersIn(text);
    if (!answers.length) this.tally.saw('cut');
    for (const { status, head, body } of answers) {
      const headers = new Headers(head.split('\r\n').slice(1).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
      this.judge({ asked: String(bytes).slice(0, 200), status, headers, text: body }, { sees, sent: String(bytes) });
    }
    return answers;
  }

  /** One mail by LMTP; whether it was taken. */
  async mail(from, raw, { to = 'desk@desk.example' } = {}) {
    ++this.tally.attempts;
    const taken = await deliver(this.world.lmtp, { from, to, raw, limitMs: 60_000 });
    this.tally.saw(taken ? 'taken' : 'refused');
    return taken;
  }

  /** A thing for an operation of the document, and how it is rightly asked for; undefined when it could not be made. */
  async ready(operation) {
    try {
      const known = await prepare(this.world, operation);
      return { ...known, client: this.#actor(known.client) };
    } catch (error) {
      this.tally.saw('not made');
      this.expect(!/: 5\d\d /.test(error.message), `making what ${operation.id} needs: ${error.message}`);
      return undefined;
    }
  }

  /** `act` on each of `items`, some at once. */
  async each(items, act, atOnce = 4) {
    const waiting = [...items];
    const worker = async () => {
      while (waiting.length) await act(waiting.shift());
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }

  /** Looks through the mails that went out, and removes them: each holds what its reader may meet, and no line of an attacker. */
  async readMails() {
    const { outbox } = this.world;
    const ours = Object.fromEntries(Object.entries(this.customers).map(([name, { email }]) => [email, name[0]]));
    for (const name of (await readdir(outbox).catch(() => [])).filter((one) => one.endsWith('.eml'))) {
      const mail = parseMail(await readFile(join(outbox, name)));
      const { to = '', cc = '', bcc = '' } = mail.headers;
      this.expect(!(kOwned in mail.headers), `a mail with a header of the attacker: ${mail.raw.slice(0, 600)}`);
      this.expect(/^[\x20-\x7e]*$/.test(`${to}${cc}${bcc}`.replace(/[\t\r\n]/g, '')), `a mail to an address that deceives: ${mail.raw.slice(0, 300)}`);
      this.expect(!`${to} ${cc} ${bcc}`.includes(kThief), `a mail to the thief: ${mail.raw.slice(0, 600)}`);
      const whole = [mail.raw, mail.subject, mail.text, mail.html].join('\n');
      if (to.includes('@customer.example')) {
        this.expect(!whole.includes(this.canaries.inside), `a mail of the inside to ${to}`);
        const [, sees] = Object.entries(ours).find(([email]) => to.includes(email)) ?? [];
        for (const other of ['a', 'b'].filter((one) => sees && one !== sees)) this.expect(!whole.includes(this.canaries[other]), `the canary of ${other} in a mail to ${to}`);
      }
      await unlink(join(outbox, name)).catch(() => undefined);
    }
  }

  /** Takes back what a person may have only so many of. */
  async tidy() {
    const { methods } = await this.world.admin.get('/me/reach').catch(() => ({ methods: [] }));
    for (const { id, kind } of methods ?? []) if (kind === 'webhook') await this.world.admin.ask('DELETE', `/me/contact-methods/${id}`);
  }

  stop() {
    this.agents.destroy();
    return this.world.stop();
  }
}
