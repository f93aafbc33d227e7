// The agent's main job by keyboard alone: sign in, find a ticket, answer, note, act. Every stop is seen, none is a trap.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, newWindow } from './lib/browser.mjs';
import { startDesk } from './lib/desk.mjs';
import { kDemoPassword, kPeople, signIn } from './lib/scene.mjs';
import { wordsOf } from './lib/words.mjs';

const words = wordsOf('en');
const t = words.text;
const kMostStops = 250;

/** What has the focus: its name, whether it is on the page, and whether the focus shows on it or on what it labels. */
const focused = (page) =>
  page.evaluate(() => {
    const on = document.activeElement;
    if (!on || on === document.body) return undefined;
    const shows = (element) => {
      const style = getComputedStyle(element);
      return (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none';
    };
    const box = on.getBoundingClientRect();
    const around = on.closest('label, .search-box, .palette-find, .mantine-Input-wrapper, .drop');
    return {
      name: `${on.localName} ${on.getAttribute('aria-label') ?? on.textContent?.trim().slice(0, 40)}`,
      seen: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0,
      marked: shows(on) || Boolean(around && shows(around)),
      inDialog: Boolean(on.closest('[role=dialog]')),
    };
  });

/** Presses Tab until the focus leaves the page; answers every stop. */
async function walk(page) {
  const stops = [];
  for (let presses = 0; presses < kMostStops; presses++) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    if (!stop) return stops;
    stops.push(stop);
  }
  throw new Error(`${kMostStops} stops and no end; the last: ${stops.slice(-5).map((one) => one.name)}`);
}

async function reach(page, name) {
  for (let presses = 0; presses < 60; presses++) {
    if ((await focused(page))?.name.includes(name)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches ${name}`);
}

const focusIs = (page, role, name) =>
  page.waitForFunction(
    ([wanted]) =>
      (document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent)?.includes(wanted),
    [name, role],
  );

test('the main job by keyboard alone', { timeout: 300_000 }, async (context) => {
  const browser = await launch();
  context.after(() => browser.close());
  const desk = await startDesk({ demo: true });
  context.after(() => desk.stop());
  await signIn(desk, kPeople.agent, 'en');
  const page = await newWindow(browser, desk.base, { language: 'en' });
  const keys = page.keyboard;

  await page.goto('/q/my_open');
  await page.getByLabel(t('field.email')).waitFor();
  await keys.type(kPeople.agent);
  await keys.press('Tab');
  await keys.type(kDemoPassword);
  await keys.press('Enter');
  await page.waitForURL('**/q/my_open');
  await page.locator('.rowline').first().waitFor();

  await keys.press('Tab');
  assert.equal((await focused(page)).name, `a ${t('shell.skip')}`);
  await keys.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'content');

  await keys.press('j');
  await keys.press('j');
  await keys.press('o');
  await page.waitForURL(/\/q\/my_open\/PR-/);
  await page.locator('.entry').first().waitFor();

  await keys.press('r');
  await focusIs(page, 'textbox', t('composer.reply_label'));
  await keys.type('We found the cause and test the change now.');
  await keys.press('Control+Enter');
  await focusIs(page, 'button', t('common.undo'));
  await keys.press('Enter');
  await focusIs(page, 'textbox', t('composer.reply_label'));
  await keys.press('Control+Enter');
  await focusIs(page, 'button', t('common.undo'));
  await reach(page, t('composer.now'));
  await keys.press('Enter');
  await page.getByRole('article').filter({ hasText: 'We found the cause and test the change now.' }).waitFor();

  await page.getByRole('textbox', { name: t('composer.reply_label') }).waitFor();
  await page.evaluate(() => document.activeElement?.blur());
  await keys.press('n');
  await focusIs(page, 'textbox', t('composer.note_label'));
  await keys.type('Same pattern as last week.');
  await keys.press('Control+Enter');
  await page.getByRole('article').filter({ hasText: 'Same pattern as last week.' }).waitFor();
  // The composer takes the focus back once its answer is there, which may be after the note is seen.
  for (let calm = 0; calm < 5; calm++) {
    const writing = await page.evaluate(() => document.activeElement?.matches('textarea, input') ?? false);
    if (writing) {
      await keys.press('Escape');
      calm = -1;
    }
    await page.waitForTimeout(100);
  }

  for (const key of ['a', 'e', '?', 'Control+k']) {
    await keys.press(key);
    await page.getByRole('dialog').waitFor();
    for (let presses = 0; presses < 15; presses++) {
      await keys.press('Tab');
      const stop = await focused(page);
      assert.ok(stop?.inDialog, `${key}: the focus stays in the dialog, and is not on ${stop?.name}`);
      assert.ok(stop.seen && stop.marked, `${key}: the focus on ${stop.name} is seen`);
    }
    await keys.press('Escape');
    await keys.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  await keys.press('m');
  await page.getByRole('menu').waitFor();
  await keys.press('ArrowDown');
  await keys.press('Enter');
  await page.getByRole('dialog').waitFor();
  await keys.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  for (const path of [page.url(), '/dashboard', '/admin/staff', '/search?q=siem']) {
    await page.goto(path);
    await page.getByRole('main').first().waitFor();
    await page.waitForTimeout(500);
    const stops = await walk(page);
    assert.ok(stops.length > 5, `${path} has stops`);
    assert.deepEqual(
      stops.filter((stop) => !stop.seen || !stop.marked).map((stop) => stop.name),
      [],
      `every focus on ${path} is seen`,
    );
  }
  assert.deepEqual(page.problems, []);
});
