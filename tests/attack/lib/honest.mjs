// People who go on with their work while the desk is attacked: every request of theirs must succeed.
import { fresh } from '../../api/lib/cases.mjs';
import { Client } from '../../api/lib/client.mjs';
import { newCustomer, newStaff } from '../../access/lib/callers.mjs';

const kPauseMs = 150;
const kLimitMs = 60_000;

export class Honest {
  times = [];
  failures = [];
  #over = false;

  static async start(world) {
    const honest = new Honest();
    honest.world = world;
    honest.agent = await newStaff(world, 'agent');
    honest.customer = await newCustomer(world, world.contact.organisation);
    honest.work = honest.#work();
    return honest;
  }

  async #timed(what, act) {
    const began = performance.now();
    let timer;
    const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`no answer in ${kLimitMs / 1000} s`)), kLimitMs)));
    try {
      return await Promise.race([act(), late]);
    } catch (error) {
      this.failures.push(`${what}: ${error.message} ${error.cause ?? ''}`);
      return undefined;
    } finally {
      clearTimeout(timer);
      this.times.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, kPauseMs));
    }
  }

  async #work() {
    const { agent, customer, world } = this;
    for (let day = 0; !this.#over; ++day) {
      const opened = await this.#timed('opens', () => customer.post('/portal/tickets', { subject: fresh('Honest'), body: 'It does not work.' }));
      if (!opened) continue;
      await this.#timed('reads her list', () => customer.get('/portal/tickets'));
      await this.#timed('reads the queue', () => agent.get('/tickets?limit=25'));
      await this.#timed('searches', () => agent.get('/search?q=tunnel'));
      await this.#timed('answers', () => agent.post(`/tickets/${opened.id}/messages`, { body: 'We are looking.' }));
      await this.#timed('reads the answer', async () => {
        const { json, text } = await customer.ask('GET', `/portal/tickets/${opened.id}`);
        if (!JSON.stringify(json ?? '').includes('We are looking.')) throw new Error(`the answer is not there: ${text.slice(0, 200)}`);
      });
      await this.#timed('loads the console', async () => {
        const page = await fetch(`${world.base}/`);
        if (page.status !== 200 || !(await page.text()).includes('<script')) throw new Error(`the page: ${page.status}`);
      });
      if (day % 20 === 0) {
        await this.#timed('signs in', async () => {
          const { email, password } = agent;
          Client.fromSession(world.base, await world.nobody.ask('POST', '/session', { body: { email, password } }));
        });
      }
    }
  }

  async stop() {
    this.#over = true;
    await this.work;
  }

  /** The time within which `share` of the requests were answered, in milliseconds. */
  within(share) {
    const sorted = [...this.times].sort((a, b) => a - b);
    return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  }
}
