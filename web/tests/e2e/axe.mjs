// axe over every screen of console, portal and survey: light and dark, 1440 and 390 wide. Nothing may be found, of any
// severity; nothing may stick out sideways; the content security policy may refuse nothing.
//   ONLY=portal node --test tests/e2e/axe.mjs     screens whose name has that word
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { launch, newWindow } from './lib/browser.mjs';
import { startDesk } from './lib/desk.mjs';
import { makeScene, signEveryoneIn } from './lib/scene.mjs';
import { open, screensOf, settle } from './lib/screens.mjs';
import { wordsOf } from './lib/words.mjs';

const language = 'es';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// A screen is opened once and looked at in each of these. Colours are all that a theme changes.
const kLooks = [
  { width: 1440, height: 900, theme: 'light' },
  { width: 1440, height: 900, theme: 'dark', only: ['color-contrast', 'link-in-text-block'] },
  { width: 390, height: 844, theme: 'dark', only: ['color-contrast', 'link-in-text-block'] },
  { width: 390, height: 844, theme: 'light' },
];

/** What axe found, one line each. */
async function findings(page, within, only) {
  const violations = await page.evaluate(
    async ([place, rules]) => {
      const options = { resultTypes: ['violations'], elementRef: false, iframes: false, preload: false };
      const run = rules ? { ...options, runOnly: { type: 'rule', values: rules } } : options;
      return (await globalThis.axe.run(place ?? document, run)).violations;
    },
    [within, only],
  );
  return violations.flatMap((found) =>
    found.nodes.map(
      (node) =>
        `${found.impact} ${found.id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim() ?? found.help}`,
    ),
  );
}

async function look(page, screen) {
  const found = [];
  for (const { width, height, theme, only } of kLooks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: theme });
    await settle(page);
    const lines = await findings(page, screen.within, only);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (beyond > 0) lines.push(`${beyond} px stick out to the right`);
    found.push(...lines.map((line) => `${screen.name} ${width} ${theme}: ${line}`));
  }
  return found;
}

test('axe finds nothing on any screen', { timeout: 1_200_000 }, async (context) => {
  const browser = await launch();
  context.after(() => browser.close());
  const desk = await startDesk({ mail: 'folder', demo: true });
  context.after(() => desk.stop());
  const scene = await makeScene(desk, language);
  const states = await signEveryoneIn(() => newWindow(browser, desk.base, { language }), desk, scene);
  const screens = screensOf(scene.place, language).filter((one) => one.name.includes(process.env.ONLY ?? ''));
  const found = [];
  /** The screens of one kind of person, in a window of hers. */
  const lookAs = async (who) => {
    const page = await newWindow(browser, desk.base, { language, state: states[who] });
    page.context().setDefaultTimeout(60_000); // a busy machine is no finding
    await page.addInitScript(axe);
    for (const screen of screens.filter((one) => one.as === who)) {
      try {
        await page.setViewportSize(kLooks[0]);
        await open(page, screen, wordsOf(language, screen.part));
        found.push(...(await look(page, screen)));
      } catch (error) {
        found.push(`${screen.name}: ${error.message.split('\n').slice(0, 3).join(' ')}`);
      }
      found.push(...page.problems.splice(0).map((line) => `${screen.name}: ${line}`));
    }
    await page.context().close();
  };
  // Two windows at a time, one for each core; the agent has half of all screens.
  const others = [...new Set(screens.map((one) => one.as))].filter((who) => who !== 'agent');
  const rest = async () => {
    for (const who of others) await lookAs(who);
  };
  await Promise.all([lookAs('agent'), rest()]);
  assert.deepEqual(found, []);
});
