// Messages to a browser, from the switch in her settings to the button of the notification, on a real desk. What stands
// between the two, the browser maker's service, is played here: it gives the subscription, gets the desk's requests,
// reads them as the browser would (RFC 8291), and hands them to the browser's own worker by the DevTools protocol.
import assert from 'node:assert/strict';
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { launch, newWindow } from './lib/browser.mjs';
import { startDesk } from './lib/desk.mjs';
import { kDemoPassword, kPeople, signIn } from './lib/scene.mjs';
import { wordsOf } from './lib/words.mjs';

const words = wordsOf('en');
const t = words.text;
const kLimitMs = 60_000;

/** Waits for an answer that is not undefined or false. */
async function until(what, ask) {
  for (const end = Date.now() + kLimitMs; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const found = await ask();
    if (found) return found;
  }
  throw new Error(`in vain: ${what}`);
}

class PushService {
  #keys = createECDH('prime256v1');
  #auth = randomBytes(16);
  messages = [];
  status = 201;

  async start() {
    this.#keys.generateKeys();
    this.server = createServer(async (request, response) => {
      const parts = [];
      for await (const part of request) parts.push(part);
      if (this.status === 201) this.messages.push(JSON.parse(this.#read(Buffer.concat(parts))));
      response.writeHead(this.status).end();
    });
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }
  stop = () => this.server.close();

  get subscription() {
    const { port } = this.server.address();
    return {
      endpoint: `http://127.0.0.1:${port}/push`,
      keys: { p256dh: this.#keys.getPublicKey('base64url'), auth: this.#auth.toString('base64url') },
    };
  }

  #read(body) {
    const salt = body.subarray(0, 16);
    const sender = body.subarray(21, 21 + body[20]);
    const derive = (secret, by, info, size) => Buffer.from(hkdfSync('sha256', secret, by, info, size));
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.#keys.getPublicKey(), sender]);
    const secret = derive(this.#keys.computeSecret(sender), this.#auth, info, 32);
    const key = derive(secret, salt, 'Content-Encoding: aes128gcm\0', 16);
    const cipher = createDecipheriv('aes-128-gcm', key, derive(secret, salt, 'Content-Encoding: nonce\0', 12));
    const record = body.subarray(21 + body[20]);
    cipher.setAuthTag(record.subarray(-16));
    const text = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()]);
    return text.subarray(0, text.lastIndexOf(2)).toString();
  }
}

let desk;
let browser;
let service;
before(async () => {
  service = await new PushService().start();
  desk = await startDesk({ demo: true, named: true });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await desk?.stop();
  service?.stop();
});

/** A page for a ticket that calls her alone; its id. */
async function call(admin, person) {
  const policy = await admin.post('/escalation-policies', {
    name: `Her alone, ${randomBytes(4).toString('hex')}`,
    steps: [{ after: 0, targets: [{ kind: 'person', id: person }] }],
    repeats: 0,
    pause: 600,
  });
  const paged = (await admin.get('/pages?live=true')).items.map((page) => page.ticket.id);
  const open = (await admin.get('/tickets?view=desk_open')).items.find(({ id }) => !paged.includes(id));
  return (await admin.post(`/tickets/${open.id}/pages`, { note: 'Please look', policy_id: policy.id })).id;
}

async function openSettings(page) {
  await page.goto('/on-call');
  await page.getByRole('button', { name: t('reach.title') }).click();
  const dialog = page.getByRole('dialog', { name: t('reach.title') });
  await dialog.getByRole('button', { name: t('reach.add_way') }).waitFor();
  return dialog;
}

test('a browser subscribes, shows a page, takes it by its button, and is forgotten when it is gone', async () => {
  const admin = await signIn(desk, kPeople.admin, 'en');
  const agent = await signIn(desk, kPeople.agent, 'en');
  await admin.request('PUT', '/outgoing-http', { networks: ['127.0.0.0/8'] });

  const page = await newWindow(browser, desk.base);
  await page.context().grantPermissions(['notifications'], { origin: desk.base });
  await page.addInitScript((subscription) => {
    PushManager.prototype.subscribe = async (options) => {
      globalThis.subscribedWith = options;
      return { toJSON: () => subscription };
    };
  }, service.subscription);
  await page.goto('/sign-in');
  await page.getByLabel(t('sign_in.email')).fill(kPeople.agent);
  await page.getByLabel(t('sign_in.password'), { exact: true }).fill(kDemoPassword);
  await page.getByRole('button', { name: t('sign_in.go'), exact: true }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));

  const dialog = await openSettings(page);
  await dialog.getByRole('button', { name: t('reach.push') }).click();
  await dialog.getByText(t('reach.this_browser'), { exact: true }).waitFor();
  const { key } = await agent.get('/me/push-key');
  assert.deepEqual(await page.evaluate(() => globalThis.subscribedWith), {
    userVisibleOnly: true,
    applicationServerKey: key,
  });
  await dialog.getByRole('button', { name: t('common.save') }).click();
  await dialog.waitFor({ state: 'detached' });
  const { rules, methods } = await agent.get('/me/reach');
  assert.deepEqual(
    methods.map(({ kind }) => kind),
    ['push'],
  );
  assert.ok(rules.some((rule) => rule.kind === 'page' && rule.method_id === methods[0].id));

  const called = await call(admin, agent.session.id);
  const message = await until('the message', () => service.messages[0]);
  assert.match(message.body, /^[A-Z]+-\d+/);

  const devtools = await page.context().newCDPSession(page);
  const registered = new Promise((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0]) resolve(registrations[0].registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  await devtools.send('ServiceWorker.deliverPushMessage', {
    origin: desk.base,
    registrationId: await registered,
    data: JSON.stringify(message),
  });
  const notifications = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      return (await registration.getNotifications()).map(({ title, body, actions }) => ({ title, body, actions }));
    });
  const [shown] = await until('the notification', async () => {
    const all = await notifications();
    return all.length > 0 && all;
  });
  assert.equal(shown.title, message.title);
  assert.equal(shown.body, message.body);

  const worker = page.context().serviceWorkers()[0];
  await worker.evaluate(async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification, action: 'take' }));
  });
  const taken = await until('the page taken', async () => {
    const found = await admin.get(`/pages/${called}`);
    return found.state === 'acknowledged' && found;
  });
  assert.equal(taken.acknowledged_by.id, agent.session.id);
  await until('the notification that says so', async () =>
    (await notifications()).some(({ title }) => title === message.take.taken),
  );

  service.status = 410;
  await call(admin, agent.session.id);
  await until('the way gone', async () => (await agent.get('/me/reach')).methods.length === 0);
  const again = await openSettings(page);
  await again.getByRole('button', { name: t('reach.push') }).waitFor();
  assert.deepEqual(page.problems, []);
});
