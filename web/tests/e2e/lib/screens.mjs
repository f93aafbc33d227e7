// Every screen, once: for the accessibility check and for the pictures. A screen is reached as a person reaches it.
const tab = (id) => async (page, words) => {
  const wanted = page.getByRole('tab', { name: words.pattern(id) });
  if (!(await wanted.isVisible())) await page.getByRole('button', { name: words.text('side.label') }).click();
  await wanted.click();
};
const act = (id) => async (page, words) => {
  await page
    .getByRole('main')
    .getByRole('button', { name: words.pattern('ticket.more') })
    .click();
  await page.getByRole('menuitem', { name: words.pattern(id) }).click();
  await page.getByRole('dialog').waitFor();
};
const hit = (key) => async (page) => {
  await page.keyboard.press(key);
  await page.getByRole('dialog').waitFor();
};

const kSections = [
  'organisations',
  'staff',
  'teams',
  'technologies',
  'calendars',
  'policies',
  'triage',
  'rules',
  'snippets',
  'articles',
  'keys',
  'audit',
];

/** `as`: whose window; '' for nobody's. `press`: what is pressed once the screen is there. */
export function screensOf(place, sections = kSections) {
  const ticket = `/q/desk_all/${place.ticket}`;
  return [
    { name: 'sign-in', as: '', path: '/sign-in' },
    { name: 'queue', as: 'agent', path: '/q/desk_all' },
    { name: 'queue-empty', as: 'agent', path: '/q/mentions' },
    { name: 'ticket', as: 'agent', path: ticket },
    {
      name: 'ticket-note',
      as: 'agent',
      path: ticket,
      press: (page, words) => page.getByRole('radio', { name: words.pattern('composer.note') }).check({ force: true }),
    },
    { name: 'ticket-customer', as: 'agent', path: ticket, press: tab('side.customer') },
    { name: 'ticket-clocks', as: 'agent', path: ticket, press: tab('side.clocks') },
    { name: 'ticket-evidence', as: 'agent', path: ticket, press: tab('side.evidence') },
    { name: 'ticket-knowledge', as: 'agent', path: ticket, press: tab('side.knowledge') },
    { name: 'ticket-history', as: 'agent', path: ticket, press: tab('side.history') },
    {
      name: 'act-assign',
      as: 'agent',
      path: ticket,
      press: async (page, words) => {
        await page
          .getByRole('main')
          .getByRole('button', { name: words.pattern('act.assign') })
          .click();
        await page.getByRole('dialog').waitFor();
      },
    },
    { name: 'act-work', as: 'agent', path: ticket, press: act('act.work') },
    { name: 'act-evidence', as: 'agent', path: ticket, press: act('act.evidence') },
    { name: 'act-promise', as: 'agent', path: ticket, press: act('act.promise') },
    { name: 'act-approval', as: 'agent', path: ticket, press: act('act.approval') },
    { name: 'help', as: 'agent', path: '/q/desk_all', press: hit('?') },
    { name: 'palette', as: 'agent', path: '/q/desk_all', press: hit('Control+k') },
    { name: 'search', as: 'agent', path: `/search?q=${encodeURIComponent(place.words)}` },
    { name: 'knowledge', as: 'manager', path: '/knowledge' },
    { name: 'dashboard', as: 'manager', path: '/dashboard' },
    ...sections.map((section) => ({ name: `admin-${section}`, as: 'admin', path: `/admin/${section}` })),
    { name: 'portal-sign-in', as: '', path: '/portal' },
    { name: 'portal-requests', as: 'customer', path: '/portal' },
    { name: 'portal-request', as: 'customer', path: `/portal/tickets/${place.request}` },
    { name: 'portal-new', as: 'customer', path: '/portal/new' },
    { name: 'portal-articles', as: 'customer', path: '/portal/articles' },
    ...(place.article ? [{ name: 'portal-article', as: 'customer', path: `/portal/articles/${place.article}` }] : []),
    ...(place.survey ? [{ name: 'survey', as: '', path: place.survey }] : []),
  ];
}

/** Opens a screen and waits until it stands still: no request under way, no placeholder. */
export async function open(page, screen, words) {
  await page.goto(screen.path);
  await page.getByRole('heading').first().waitFor({ state: 'attached' });
  await settle(page);
  if (screen.press) {
    await screen.press(page, words);
    await settle(page);
  }
}

async function settle(page) {
  // The stream of live events never ends, so "no request" is not asked of the browser; what is on the page is.
  await page
    .waitForFunction(() => !document.querySelector('.skeleton, .waiting, [aria-busy="true"]'), undefined, {
      timeout: 10_000,
    })
    .catch(() => undefined);
  await page.waitForTimeout(350);
}
