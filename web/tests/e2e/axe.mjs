// axe over every screen of console, portal and survey: light and dark, 1440 and 390 wide. Nothing may be found, of any severity.
//   ONLY=portal node --test tests/e2e/axe.mjs     screens whose name has that word
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { Api } from './lib/api.mjs';
import { launch, newWindow } from './lib/browser.mjs';
import { startDesk } from './lib/desk.mjs';
import { makeScene, signEveryoneIn } from './lib/scene.mjs';
import { open, screensOf } from './lib/screens.mjs';
import { kPassword } from './lib/seed.mjs';
import { wordsOf } from './lib/words.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const kAdmin = { email: 'rosa@desk.example', password: kPassword };
const words = wordsOf('es');

/** What axe found, one line each. */
async function findings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations.flatMap((found) =>
    found.nodes.map(
      (node) =>
        `${found.impact} ${found.id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim() ?? found.help}`,
    ),
  );
}

describe('nothing for axe to find', { concurrency: false }, () => {
  let browser;
  let desk;
  let scene;
  let states;
  before(async () => {
    browser = await launch();
    desk = await startDesk({ mail: true, admin: kAdmin });
    const admin = new Api(desk.base);
    await admin.signIn(kAdmin.email, kAdmin.password);
    scene = await makeScene(desk, admin);
    states = await signEveryoneIn(() => newWindow(browser, desk.base, { language: 'es' }), scene, words);
  });
  after(async () => {
    await browser?.close();
    await desk?.stop();
  });

  for (const width of [1440, 390]) {
    for (const dark of [false, true]) {
      test(`${width} wide, ${dark ? 'dark' : 'light'}`, { timeout: 600_000 }, async () => {
        const found = [];
        const pages = {};
        for (const screen of screensOf(scene.place)) {
          if (process.env.ONLY && !screen.name.includes(process.env.ONLY)) continue;
          pages[screen.as] ??= await newWindow(browser, desk.base, {
            language: 'es',
            width,
            height: width === 390 ? 844 : 900,
            dark,
            state: states[screen.as],
            bypassCSP: true, // axe comes from outside the page
          });
          const page = pages[screen.as];
          try {
            await open(page, screen, words);
            found.push(...(await findings(page)).map((line) => `${screen.name}: ${line}`));
            const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            if (beyond > 0) found.push(`${screen.name}: ${beyond} px stick out to the right`);
          } catch (error) {
            found.push(`${screen.name}: ${error.message.split('\n')[0]}`);
          }
          found.push(...page.problems.splice(0).map((line) => `${screen.name}: ${line}`));
        }
        for (const page of Object.values(pages)) await page.context().close();
        assert.deepEqual(found, []);
      });
    }
  }
});
