// Pictures of the console's screens: `node dev/shots.mjs BASE_URL OUT_DIR`. With EMAIL and PASSWORD it signs in first.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [base = 'http://127.0.0.1:4199', out = 'shots', only = ''] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const context = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'shots-')), {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  timeout: 60_000,
  bypassCSP: true,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const page = await context.newPage();
page.on(
  'console',
  (message) =>
    ['error', 'warning'].includes(message.type()) && console.log(`[${message.type()}] ${message.text().slice(0, 300)}`),
);
page.on('pageerror', (error) => console.log(`[page] ${error.message}`));

if (process.env.EMAIL) {
  await page.goto(`${base}/sign-in`);
  await page.fill('input[type=email]', process.env.EMAIL);
  await page.fill('input[type=password]', process.env.PASSWORD ?? '');
  await page.click('button[type=submit]');
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

const first = async () => {
  const link = page.locator('.rows .row').nth(1);
  await link.click();
  await page.waitForSelector('.timeline .entry', { timeout: 8000 }).catch(() => undefined);
};
const view = process.env.VIEW ?? 'desk_open';
const screens = [
  ['console', `/q/${view}`, first],
  [
    'note',
    `/q/${view}`,
    async () => {
      await first();
      await page.keyboard.press('n');
      await page.keyboard.type('standby held for 5 min. The active node is next: same change, no restart.');
    },
  ],
  [
    'warnings',
    `/q/${view}`,
    async () => {
      await first();
      await page.keyboard.press('r');
      await page.keyboard.type(
        'Ana, el nodo de respaldo ya levanta el túnel. Lo que ustedes configuraron mal era el grupo DH. Clave nueva: Vq7-81zz-e2. Va adjunto.',
      );
    },
  ],
  ['list', `/q/${view}`, async () => undefined],
  [
    'palette',
    `/q/${view}`,
    async () => {
      await page.keyboard.press('Control+k');
      await page.waitForSelector('.palette-item');
    },
  ],
  [
    'help',
    `/q/${view}`,
    async () => {
      await page.keyboard.press('?');
      await page.waitForSelector('.help-grid');
    },
  ],
  [
    'work',
    `/q/${view}`,
    async () => {
      await first();
      await page.click('[aria-label="All acts"]');
      await page.getByRole('menuitem', { name: 'Add work record' }).click();
      await page.waitForSelector('.dialog');
    },
  ],
  [
    'clocks',
    `/q/${view}`,
    async () => {
      await first();
      await page.click('#tab-clocks');
      await page.waitForTimeout(400);
    },
  ],
  [
    'evidence',
    `/q/${view}`,
    async () => {
      await first();
      await page.click('#tab-evidence');
      await page.waitForTimeout(400);
    },
  ],
  ['search', '/search?q=ipsec', async () => undefined],
  [
    'dashboard',
    '/dashboard',
    async () => {
      await page.waitForSelector('.tiles');
      await page.waitForTimeout(500);
    },
  ],
  ...[
    'organisations',
    'staff',
    'technologies',
    'calendars',
    'policies',
    'triage',
    'rules',
    'snippets',
    'articles',
    'keys',
    'audit',
    'teams',
  ].map((section) => [`admin-${section}`, `/admin/${section}`, async () => undefined]),
  ['sign-in', '/sign-in', async () => undefined],
];
const sizes = { wide: [1440, 900], phone: [390, 844] };
let bad = 0;
for (const [name, path, act] of screens) {
  if (only && !only.split(',').includes(name)) continue;
  for (const [size, [width, height]] of Object.entries(sizes)) {
    if (size === 'phone' && ['help', 'work', 'clocks', 'evidence'].includes(name)) continue;
    await page.setViewportSize({ width, height });
    for (const theme of ['light', 'dark']) {
      if (theme === 'dark' && !['console', 'note', 'dashboard', 'sign-in', 'admin-triage'].includes(name)) continue;
      await page.emulateMedia({ colorScheme: theme });
      try {
        await page.goto(base + path, { waitUntil: 'domcontentloaded' });
        await page.waitForSelector('.app, .gate', { timeout: 15_000 });
        await page.waitForTimeout(900);
        await act();
        await page.waitForTimeout(500);
        await page.screenshot({ path: join(out, `${name}-${size}-${theme}.png`) });
        await page.addScriptTag({ path: axe });
        const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        for (const one of found.violations) {
          bad++;
          console.log(
            `${name} ${size} ${theme}: ${one.impact} ${one.id}: ${one.nodes
              .slice(0, 3)
              .map((node) => node.target.join(' '))
              .join(' | ')} :: ${(one.nodes[0].any[0] ?? one.nodes[0].all[0] ?? one.nodes[0].none[0])?.message ?? ''}`,
          );
        }
      } catch (error) {
        console.log(`${name} ${size} ${theme}: ${String(error).slice(0, 300)}`);
      }
    }
  }
}
console.log(`axe violations: ${bad}`);
await context.close();
