// The API's documentation at /docs: every operation, in each language, light and dark, wide and narrow; nothing for axe to
// find, nothing from elsewhere, nothing that the page's own policy refuses.
//   SHOTS=folder node --test tests/e2e/docs.mjs     keeps a picture of each
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, newWindow } from './lib/browser.mjs';
import { startDesk } from './lib/desk.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const words = (language) =>
  JSON.parse(readFileSync(new URL(`../../src/locales/docs/${language}.json`, import.meta.url), 'utf8'));

describe('the documentation', { concurrency: false }, () => {
  let browser;
  let desk;
  before(async () => {
    browser = await launch();
    desk = await startDesk();
  });
  after(async () => {
    await browser?.close();
    await desk?.stop();
  });

  const looks = [
    { width: 1440, dark: false, language: 'en' },
    { width: 1440, dark: true, language: 'es' },
    { width: 390, dark: false, language: 'pt' },
    { width: 390, dark: true, language: 'en' },
  ];
  for (const { width, dark, language } of looks) {
    test(`${width} wide, ${dark ? 'dark' : 'light'}, ${language}`, { timeout: 60_000 }, async () => {
      const page = await newWindow(browser, desk.base, { language, width, dark });
      const elsewhere = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(desk.base) && !request.url().startsWith('data:')) elsewhere.push(request.url());
      });
      await page.goto('/docs#openTicket');
      const ticket = page.locator('#openTicket');
      await ticket.waitFor();
      await assert.doesNotReject(() => ticket.getByText('/tickets', { exact: true }).waitFor());
      const said = words(language);
      assert.equal(await page.title(), said['docs.title']);
      await page.getByRole('heading', { level: 2, name: said['docs.basics'] }).waitFor();

      const document = await (await fetch(`${desk.base}/api/v1/openapi.json`)).json();
      const ids = Object.values(document.paths).flatMap((methods) =>
        Object.values(methods).map((one) => one.operationId),
      );
      const shown = await page.locator('article').evaluateAll((all) => all.map(({ id }) => id));
      assert.deepEqual(shown.sort(), ids.sort());
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, 'wider than the window');
      if (process.env.SHOTS)
        await page.screenshot({ path: join(process.env.SHOTS, `docs-${width}-${dark ? 'dark' : 'light'}.png`) });

      await page.getByRole('searchbox').fill('rating');
      await page.locator('#openTicket').waitFor({ state: 'detached' });
      assert.deepEqual(await page.locator('article').evaluateAll((all) => all.map(({ id }) => id)), [
        'ratePortalTicket',
      ]);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run(globalThis.document));
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${id}: ${nodes[0].target} ${nodes[0].failureSummary}`),
        [],
      );
      assert.deepEqual(elsewhere, []);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  }
});
