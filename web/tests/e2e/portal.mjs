// The portal when things go wrong, and by keyboard alone. The API is answered here, so that lines can break on purpose.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';
import { launch, newWindow } from './lib/browser.mjs';
import { wordsOf } from './lib/words.mjs';

const words = wordsOf('en', 'portal/');
const t = words.text;
const inMinutes = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString();

const session = {
  kind: 'customer',
  id: 'ana',
  name: 'Ana Paredes',
  email: 'ana@customer.example',
  language: 'en',
  zone: 'UTC',
  roles: ['customer'],
  permissions: [],
  csrf: 'token',
  organisation: { id: 'o', name: 'Páramo Alto' },
  teams: [],
  preferences: {},
};
const ticket = {
  id: 't1',
  number: 'PR-100-K',
  subject: '<img src=x onerror=window.hit=1> Tunnel down',
  status: 'to_confirm',
  priority: 'P1',
  opened_at: inMinutes(-100),
  updated_at: inMinutes(-5),
  requester: 'Ana Paredes',
  unread: false,
  steps: ['received', 'classified', 'investigated', 'confirm', 'closed'].map((key, at) => ({
    key,
    at: at < 3 ? inMinutes(-90 + at) : undefined,
    state: at < 3 ? 'done' : at === 3 ? 'now' : 'ahead',
  })),
  promises: {
    kept: 1,
    total: 1,
    history: [{ kind: 'eta', at: inMinutes(-5), by: 'Inês Prado', outcome: 'kept', moved: 1 }],
  },
  specialist: { name: 'Inês Prado', level: 3 },
  cc: [],
  assurance: 'authenticated',
  actions: [{ at: inMinutes(-10), text: '<b>bold</b> step', ok: true }],
  conversation: [
    {
      id: 'm1',
      seq: 1,
      kind: 'message',
      at: inMinutes(-100),
      author: { kind: 'customer', id: 'ana', name: 'Ana Paredes' },
      visibility: 'public',
      body_text: 'The tunnel fell at noon',
      data: { evidence: ['f1'] },
    },
  ],
  evidence: [
    { id: 'f1', filename: 'ike.log', size: 4100, media_type: 'text/plain', collected_at: inMinutes(-99) },
    { id: 'f2', filename: 'other.log', size: 10, media_type: 'text/plain', collected_at: inMinutes(-9) },
  ],
  may: { answer: true, confirm: true, rate: true },
};

let browser;
let server;
let base;
before(async () => {
  server = await preview({
    root: fileURLToPath(new URL('../../', import.meta.url)),
    preview: { port: 0, host: '127.0.0.1', proxy: {} },
    logLevel: 'error',
  });
  base = `http://127.0.0.1:${server.httpServer.address().port}`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** A window whose API calls `answers` decides: 'METHOD /path' -> value, [status, value], function, or 'lost'. */
async function portal(answers, options = {}) {
  const page = await newWindow(browser, base, options);
  page.calls = [];
  const all = {
    'GET /about': {
      name: 'propolis',
      version: '1',
      language: 'en',
      desk_name: 'Support',
      mail_address: 'desk@desk.example',
    },
    'GET /session': session,
    'GET /portal/tickets': { items: [ticket] },
    'GET /portal/tickets/PR-100-K': ticket,
    'GET /portal/technologies': { items: [] },
    'GET /portal/articles': { items: [] },
    ...answers,
  };
  await page.route('**/api/v1/**', async (route) => {
    const request = route.request();
    const name = `${request.method()} ${new URL(request.url()).pathname.replace('/api/v1', '')}`;
    page.calls.push({ name, headers: request.headers(), body: request.postData() });
    let answer = all[name];
    if (typeof answer === 'function') answer = answer(page.calls.filter((call) => call.name === name).length);
    if (answer === 'lost') return route.abort('connectionfailed');
    const [status, value] = Array.isArray(answer)
      ? answer
      : answer === undefined
        ? [404, { status: 404, title: name }]
        : [200, answer];
    return route.fulfill({
      status,
      contentType: status < 400 ? 'application/json' : 'application/problem+json',
      body: JSON.stringify(value),
    });
  });
  page.close_ = () => page.context().close();
  return page;
}

test('an old link says so, offers a new one, and answers the same for every address', async () => {
  const page = await portal({
    'POST /portal/session': [401, { status: 401, title: 'no' }],
    'POST /portal/sign-in': [202, {}],
  });
  await page.goto('/portal#t=old');
  await page.getByText(t('sign_in.spent')).waitFor();
  assert.equal(new URL(page.url()).hash, '');
  await page.getByRole('button', { name: t('sign_in.send') }).click();
  await page.getByText(t('sign_in.wrong')).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'email');
  await page.keyboard.type('nobody@elsewhere.example');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: t('sign_in.sent') }).waitFor();
  assert.equal(JSON.parse(page.calls.at(-1).body).email, 'nobody@elsewhere.example');
  await page.close_();
});

test('a mailed link followed while the portal is open signs in', async () => {
  let signedIn = false;
  const page = await portal({
    'GET /session': () => (signedIn ? session : [401, { status: 401, title: 'no' }]),
    'POST /portal/session': () => {
      signedIn = true;
      return session;
    },
  });
  await page.goto('/portal');
  await page.getByRole('heading', { name: t('sign_in.title') }).waitFor();
  await page.goto('/portal#t=fresh');
  await page.getByRole('link', { name: /PR-100-K/ }).waitFor();
  assert.equal(new URL(page.url()).hash, '');
  assert.equal(page.calls.filter((call) => call.name === 'POST /portal/session').length, 1);
  await page.close_();
});

test('markup in a subject or an action stays text', async () => {
  const page = await portal({});
  await page.goto('/portal/tickets/PR-100-K');
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), ticket.subject);
  await page.getByText('<b>bold</b> step').waitFor();
  assert.equal(await page.evaluate(() => window.hit), undefined);
  await page.close_();
});

test('a message shows the files that came with it', async () => {
  const page = await portal({});
  await page.goto('/portal/tickets/PR-100-K');
  const said = page.getByRole('listitem').filter({ hasText: 'The tunnel fell at noon' });
  await said.getByRole('link', { name: /ike\.log/ }).waitFor();
  assert.equal(await said.getByRole('link').count(), 1);
  await page.close_();
});

test('a message sent into a broken line is kept and goes once, with the same key', async () => {
  let alive = false;
  const page = await portal({ 'POST /portal/tickets/t1/messages': () => (alive ? [201, {}] : 'lost') });
  await page.goto('/portal/tickets/PR-100-K');
  await page.getByLabel(t('talk.answer')).fill('It works in two branches');
  await page.getByRole('button', { name: t('talk.send'), exact: true }).click();
  await page.getByText(t('problem.offline')).waitFor();
  await page.reload();
  assert.equal(await page.getByLabel(t('talk.answer')).inputValue(), 'It works in two branches');
  await page.getByRole('button', { name: t('talk.send'), exact: true }).click();
  await page.getByText(t('problem.offline')).waitFor();
  alive = true;
  await page.getByRole('button', { name: t('talk.send'), exact: true }).click();
  await page.waitForFunction(() => document.querySelector('#answer').value === '');
  const sent = page.calls.filter((call) => call.name.endsWith('/messages'));
  assert.equal(sent.length, 3);
  assert.equal(sent[1].headers['idempotency-key'], sent[2].headers['idempotency-key']);
  assert.equal(sent[2].headers['x-propolis-csrf'], 'token');
  await page.close_();
});

test('without the server the last reading stays, and says that it is old', async () => {
  const page = await portal({ 'GET /portal/tickets/PR-100-K': (n) => (n === 1 ? ticket : 'lost') });
  await page.goto('/portal/tickets/PR-100-K');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.getByText(t('ticket.stale')).waitFor();
  await page.getByText('<b>bold</b> step').waitFor();
  await page.close_();
});

test('a file that fails can be tried again, and shows its way', async () => {
  const page = await portal({
    'POST /portal/tickets/t1/evidence': (n) => (n === 1 ? [413, { status: 413, title: 'too large' }] : [201, {}]),
  });
  await page.goto('/portal/tickets/PR-100-K');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: t('talk.file') }).click();
  await (await chooser).setFiles({ name: 'log.txt', mimeType: 'text/plain', buffer: Buffer.alloc(2000, 'x') });
  await page.getByText(t('problem.too_large')).waitFor();
  await page.getByRole('button', { name: t('act.retry') }).click();
  await page.getByText(words.pattern('upload.done')).first().waitFor();
  await page.close_();
});

test('confirming and rating by keyboard alone', async () => {
  const closed = {
    ...ticket,
    status: 'closed',
    may: { answer: false, confirm: false, rate: false },
    survey: { score: 4 },
  };
  const page = await portal({ 'POST /portal/tickets/t1/confirm': closed });
  await page.goto('/portal/tickets/PR-100-K');
  await page.getByRole('heading', { level: 1 }).waitFor();
  const reach = async (wanted) => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(
        () => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent,
      );
      if (name === wanted) return;
    }
    throw new Error(`Tab never reaches: ${wanted}`);
  };
  await reach(t('rate.score', { score: 1, word: t('rate.1') }));
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByText(t('rate.thanks', { score: 4, word: t('rate.4') })).waitFor();
  assert.deepEqual(JSON.parse(page.calls.find((call) => call.name.endsWith('/confirm')).body), {
    works: true,
    score: 4,
  });
  await page.close_();
});

test('"still failing" asks what, and says it to support', async () => {
  const page = await portal({
    'POST /portal/tickets/t1/confirm': {
      ...ticket,
      status: 'investigating',
      may: { answer: true, confirm: false, rate: false },
    },
  });
  await page.goto('/portal/tickets/PR-100-K');
  await page.getByRole('button', { name: t('confirm.still') }).click();
  await page.keyboard.type('Branch three has no link');
  await page.getByRole('button', { name: t('confirm.still_send') }).click();
  await page.getByRole('heading', { name: t('headline.investigating_by', { name: 'Inês' }) }).waitFor();
  assert.deepEqual(JSON.parse(page.calls.find((call) => call.name.endsWith('/confirm')).body), {
    works: false,
    comment: 'Branch three has no link',
  });
  await page.close_();
});

test('the form follows the matter, finds what is missing, and sends all of it as one request', async () => {
  const page = await portal(
    {
      'POST /portal/tickets': [201, { ...ticket, status: 'received' }],
      'GET /portal/technologies': { items: [{ id: 'k', name: 'Basalt Edge 400' }] },
    },
    { width: 360, height: 700 },
  );
  await page.goto('/portal/new');
  await page.getByRole('radio', { name: words.pattern('matter.event') }).check();
  await page.getByText(t('new.event_advice')).waitFor();
  await page.getByRole('button', { name: t('new.send') }).click();
  await page.getByText(t('new.subject_missing')).waitFor();
  await page.getByLabel(t('new.technology')).selectOption({ label: 'Basalt Edge 400' });
  await page.getByLabel(words.pattern('new.subject', true)).fill('Odd sign-in');
  await page.getByLabel(words.pattern('new.text', true)).fill('Somebody signed in at night.');
  await page.getByLabel(t('ask.where_of', { product: 'Basalt Edge 400' })).fill('Quito');
  await page.getByRole('radio', { name: t('urgency.2') }).check();
  await page.getByRole('button', { name: t('new.send') }).click();
  await page.getByRole('heading', { level: 1, name: ticket.subject }).waitFor();
  assert.deepEqual(JSON.parse(page.calls.find((call) => call.name === 'POST /portal/tickets').body), {
    subject: 'Odd sign-in',
    body: `Somebody signed in at night.\n\n${t('ask.where')}: Quito`,
    kind: 'event',
    technology_id: 'k',
    asked_urgency: 2,
  });
  assert.equal(
    await page.evaluate(() => document.documentElement.scrollWidth > innerWidth),
    false,
    'nothing sticks out at 360 px',
  );
  await page.close_();
});

test('the language changes at once and is kept', async () => {
  const page = await portal({ 'PATCH /session': { ...session, language: 'pt' } });
  await page.goto('/portal');
  await page.getByRole('button', { name: 'Português' }).click();
  await page.getByRole('heading', { name: wordsOf('pt', 'portal/').text('list.title') }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'pt');
  assert.equal(JSON.parse(page.calls.find((call) => call.name === 'PATCH /session').body).language, 'pt');
  await page.close_();
});

test('the survey waits for the page to be seen, and sends one vote', async () => {
  const page = await portal({
    'GET /surveys/tok': { ticket: { number: 'PR-100-K', subject: 'Tunnel down' }, language: 'en' },
    'POST /surveys/tok': (n) => ({
      ticket: { number: 'PR-100-K', subject: 'Tunnel down' },
      language: 'en',
      score: n ? 2 : 2,
    }),
  });
  await page.goto('/survey/tok?score=2');
  await page.getByText(words.pattern('survey.kept')).waitFor();
  assert.equal(page.calls.filter((call) => call.name === 'POST /surveys/tok').length, 1);
  await page.close_();
});
