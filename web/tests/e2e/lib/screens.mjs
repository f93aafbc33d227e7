// Every screen, once: for the accessibility check and for the pictures. A screen is reached as a person reaches it.
const dialog = (page) => page.getByRole('dialog').first().waitFor();
const mainButton = (page, words, id) =>
  page
    .getByRole('main')
    .getByRole('button', { name: words.pattern(id) })
    .first();

const tab = (id) => async (page, words) => {
  const wanted = page.getByRole('tab', { name: words.pattern(id) });
  if (!(await wanted.isVisible())) await page.getByRole('button', { name: words.text('side.label') }).click();
  await wanted.click();
};
const act = (id) => async (page, words) => {
  await mainButton(page, words, 'ticket.more').click();
  await page.getByRole('menuitem', { name: words.pattern(id) }).click();
  await dialog(page);
};
const hit = (key) => async (page) => {
  await page.keyboard.press(key);
  await dialog(page);
};
const click = (id) => async (page, words) => {
  await mainButton(page, words, id).click();
  await dialog(page);
};

const kSections = [
  'organisations',
  'staff',
  'teams',
  'technologies',
  'calendars',
  'policies',
  'certifications',
  'escalation',
  'gateways',
  'triage',
  'rules',
  'models',
  'snippets',
  'articles',
  'factors',
  'keys',
  'audit',
];
const kAddable = kSections.filter((name) => !['certifications', 'factors', 'models', 'triage', 'audit'].includes(name));

const kTabs = ['triage', 'customer', 'clocks', 'evidence', 'knowledge', 'history'];
const kActs = ['state', 'work', 'evidence', 'promise', 'approval', 'call', 'page', 'triage', 'override', 'merge'];

const kDoubtful = {
  en: 'Please find the file attached. The password: Vq7-81zz-e2. You should have read the manual, {{first_name}}.',
  es: 'Le envío el archivo adjunto. Contraseña: Vq7-81zz-e2. Debería haber leído el manual, {{first_name}}.',
  pt: 'Segue o arquivo em anexo. Senha: Vq7-81zz-e2. Você deveria ter lido o manual, {{first_name}}.',
};

async function write(page, words, kind, text) {
  await page.getByRole('radio', { name: words.pattern(`composer.${kind}`) }).check({ force: true });
  await page.getByRole('textbox', { name: words.text(`composer.${kind}_label`) }).fill(text);
}

async function select(page, words) {
  await page.getByRole('button', { name: words.text('list.selecting') }).click();
  const boxes = page.getByRole('region', { name: words.text('list.label') }).getByRole('checkbox');
  for (let row = 0; row < 3; row++) await boxes.nth(row).click({ force: true });
}

/**
 * `as`: whose window; '' for nobody's. `press`: what is pressed once the screen is there. `within`: what is new on it
 * then; the rest was there before.
 */
export function screensOf(place, language = 'en') {
  const ticket = `/q/desk_all/${place.ticket}`;
  const open = `/q/desk_all/${place.open}`;
  const agent = (name, path, press, within) => ({ name, as: 'agent', path, press, within });
  const admin = (name, path, press, within) => ({ name, as: 'admin', path, press, within });
  const floats = '#floats';
  const customer = (name, path, press) => ({ name, as: 'customer', path, press, part: 'portal/' });
  return [
    { name: 'sign-in', as: '', path: '/sign-in' },
    agent('queue', '/q/desk_open'),
    agent('queue-mine', '/q/my_open'),
    agent('queue-empty', '/q/mentions'),
    agent('queue-select', '/q/desk_open', select),
    agent(
      'queue-bulk',
      '/q/desk_open',
      async (page, words) => {
        await select(page, words);
        await page.getByRole('button', { name: words.pattern('bulk.change') }).click();
        await dialog(page);
      },
      floats,
    ),
    agent('ticket', ticket),
    ...Object.entries(place.states).map(([state, number]) =>
      agent(`ticket-${state.replaceAll('_', '-')}`, `/q/desk_all/${number}`),
    ),
    ...kTabs.slice(1).map((name) => agent(`side-${name}`, ticket, tab(`side.${name}`), '.side')),
    agent('side-triage', open, tab('side.triage'), '.side'),
    agent(
      'composer-note',
      open,
      (page, words) => write(page, words, 'note', 'Checked the backup device. @'),
      '.composer',
    ),
    agent('composer-warnings', open, (page, words) => write(page, words, 'reply', kDoubtful[language]), '.composer'),
    agent('act-assign', open, click('act.assign'), floats),
    ...kActs.map((name) => agent(`act-${name}`, open, act(`act.${name}`), floats)),
    { name: 'act-decide', as: 'approver', path: ticket, press: click('approval.decide'), within: floats },
    agent(
      'ticket-menu',
      open,
      async (page, words) => {
        await mainButton(page, words, 'ticket.more').click();
        await page.getByRole('menu').waitFor();
      },
      floats,
    ),
    agent('ticket-open-new', '/q/desk_open', hit('c'), floats),
    agent('help', '/q/desk_open', hit('?'), floats),
    agent('palette', '/q/desk_open', hit('Control+k'), floats),
    agent(
      'preferences',
      '/q/desk_open',
      async (page, words) => {
        await page.getByRole('button', { name: words.pattern('shell.person_of') }).click();
        await page.getByRole('menuitem', { name: words.text('prefs.title') }).click();
        await dialog(page);
      },
      floats,
    ),
    agent('search', `/search?q=${encodeURIComponent(place.words)}`),
    agent('search-none', '/search?q=zzzxxyy'),
    agent('knowledge', '/knowledge'),
    agent('on-call', '/on-call', (page) => page.getByRole('button', { name: /^Security on call/ }).click()),
    agent('on-call-weeks', '/on-call', async (page, words) => {
      await page.getByRole('button', { name: /^Security on call/ }).click();
      await page.getByRole('button', { name: words.text('oncall.four_weeks') }).click();
    }),
    agent('on-call-list', '/on-call', (page, words) => page.getByText(words.text('oncall.as_list')).click()),
    agent('on-call-take-over', '/on-call', click('oncall.take_over'), floats),
    admin('on-call-change', '/on-call', click('oncall.change'), floats),
    admin('on-call-override', '/on-call', click('oncall.override'), floats),
    agent('on-call-paged', '/on-call', (page, words) =>
      page
        .getByRole('button', { name: words.pattern('page.what_happened') })
        .first()
        .click(),
    ),
    agent('on-call-reach', '/on-call', click('reach.title'), floats),
    agent('ticket-paged', `/q/desk_all/${place.paged}`),
    agent('on-call-feed', '/on-call', click('oncall.feed_mine'), floats),
    agent('missing', '/nowhere'),
    agent('ticket-missing', '/q/desk_open/PR-999999'),
    admin('dashboard', '/dashboard'),
    ...kSections.map((name) => admin(`admin-${name}`, `/admin/${name}`)),
    ...kAddable.map((name) => admin(`admin-${name}-add`, `/admin/${name}`, click('admin.add'), floats)),
    admin('admin-models-use', '/admin/models', click('model.change'), floats),
    admin('admin-factors-passkey', '/admin/factors', click('passkey.add'), floats),
    admin('admin-factors-app', '/admin/factors', click('totp.add'), floats),
    admin(
      'admin-calendars-year',
      '/admin/calendars',
      async (page, words) => {
        await page.getByRole('button', { name: words.text('calendar.year', { name: 'Office, Quito' }) }).click();
        await dialog(page);
      },
      floats,
    ),
    { name: 'portal-sign-in', as: '', path: '/portal' },
    customer('portal-requests', '/portal'),
    ...Object.entries(place.requests).map(([state, number]) =>
      customer(`portal-request-${state.replaceAll('_', '-')}`, `/portal/tickets/${number}`),
    ),
    customer('portal-new', '/portal/new'),
    customer('portal-new-errors', '/portal/new', (page, words) =>
      page.getByRole('button', { name: words.text('new.send') }).click(),
    ),
    customer('portal-articles', '/portal/articles'),
    ...(place.article ? [customer('portal-article', `/portal/articles/${place.article}`)] : []),
    customer('portal-missing', '/portal/nowhere'),
    { name: 'page-link', as: '', path: place.page },
    { name: 'survey', as: '', path: place.survey },
    { name: 'survey-rated', as: '', path: place.rated },
  ];
}

/** Opens a screen and waits until it stands still: no request under way, no placeholder. `words` of the screen's part. */
export async function open(page, screen, words) {
  await page.goto(screen.path);
  await page.getByRole('heading').first().waitFor({ state: 'attached' });
  await settle(page);
  if (screen.press) {
    await screen.press(page, words);
    await settle(page);
  }
}

/** The stream of live events never ends, so "no request" is not asked of the browser; what is on the page is. */
export async function settle(page) {
  await page
    .waitForFunction(() => !document.querySelector('.skeleton, .waiting, [aria-busy="true"]'), undefined, {
      timeout: 10_000,
    })
    .catch(() => undefined);
  await page
    .waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running'), undefined, {
      timeout: 3_000,
    })
    .catch(() => undefined);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}
