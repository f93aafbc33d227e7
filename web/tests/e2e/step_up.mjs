// A key's whole life on a real desk: registered, signed in with, asked for again before a sensitive act, lost, and replaced
// by way of a backup code. The desk's clock is moved, Chromium's authenticator is virtual.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { totp } from '../../../tests/api/lib/factors.mjs';
import { withAuthenticator } from './lib/authenticator.mjs';
import { launch, newWindow } from './lib/browser.mjs';
import { startDesk } from './lib/desk.mjs';
import { DeskTime } from './lib/time.mjs';
import { wordsOf } from './lib/words.mjs';

const kAdmin = { email: 'root@desk.example', password: 'a long enough password' };
const kStaleMs = 360_000; // more than the five minutes for which a step-up holds, and whole steps of an app's codes
const t = wordsOf('en').text;

let time;
let desk;
let browser;
before(async () => {
  time = new DeskTime();
  desk = await startDesk({ named: true, admin: kAdmin, env: time.env() });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await desk?.stop();
  time?.end();
});

const later = () => time.set(time.now() + kStaleMs);
const button = (page, id, values) => page.getByRole('button', { name: t(id, values), exact: true });
const stepUp = (page) => page.getByRole('dialog', { name: t('step_up.title') });

async function signIn(page, code) {
  await page.goto('/sign-in');
  await page.getByLabel(t('sign_in.email')).fill(kAdmin.email);
  await page.getByLabel(t('sign_in.password'), { exact: true }).fill(kAdmin.password);
  await button(page, 'sign_in.go').click();
  if (code !== undefined) {
    await page.getByLabel(t('sign_in.code')).fill(code);
    await button(page, 'sign_in.go').click();
  }
  await inside(page);
}

const inside = (page) => page.getByRole('button', { name: t('shell.person_of', { name: kAdmin.email }) }).waitFor();

async function signOut(page) {
  await page.getByRole('button', { name: t('shell.person_of', { name: kAdmin.email }) }).click();
  await page.getByRole('menuitem', { name: t('shell.sign_out') }).click();
  await page.waitForURL('**/sign-in');
}

async function factors(page) {
  await page.goto('/admin/factors');
  await page.getByRole('heading', { name: t('admin.factors') }).waitFor();
}

async function keptCodes(page) {
  const dialog = page.getByRole('dialog', { name: t('backup.title') });
  await dialog.waitFor();
  const codes = await dialog.getByRole('listitem').allInnerTexts();
  await dialog.getByRole('button', { name: t('backup.kept') }).click();
  return codes.map((code) => code.trim());
}

async function addPasskey(page, name) {
  await button(page, 'passkey.add').click();
  await page.getByLabel(t('passkey.name')).fill(name);
  await button(page, 'passkey.go').click();
}

async function renewCodes(page) {
  await button(page, 'backup.renew').click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('backup.renew') })
    .click();
}

test('a key is registered, signs in, steps up, is lost and replaced', async () => {
  const page = await newWindow(browser, desk.base);
  const authenticator = await withAuthenticator(page);
  await signIn(page);

  // Before she has any factor her password does.
  await factors(page);
  later();
  await addPasskey(page, 'blue key');
  await page.waitForFunction(() => document.activeElement?.type === 'password'); // one types at once
  await page.keyboard.type('not her password');
  await button(page, 'step_up.go').click();
  await stepUp(page).getByRole('alert').first().waitFor();
  await stepUp(page).getByLabel(t('step_up.password')).fill(kAdmin.password);
  await button(page, 'step_up.go').click();
  const first = await keptCodes(page);
  await page.getByText('blue key').waitFor();
  await signOut(page);
  await button(page, 'sign_in.passkey').click();
  await inside(page);

  // Just signed in: nothing is asked. Later: a refusal when she turns it down, the act when she shows her key.
  await factors(page);
  await renewCodes(page);
  const second = await keptCodes(page);
  assert.notDeepEqual(second, first);
  later();
  await renewCodes(page);
  await stepUp(page)
    .getByRole('button', { name: t('common.cancel') })
    .click();
  await stepUp(page).waitFor({ state: 'detached' });
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('backup.renew') })
    .click();
  await stepUp(page)
    .getByRole('button', { name: t('step_up.passkey') })
    .click();
  const codes = await keptCodes(page);
  assert.equal(codes.length, 10);
  assert.notDeepEqual(codes, second);

  // The key is lost. A backup code beside the password lets her in, another one steps up, and a new key takes over.
  await authenticator.lose();
  await signOut(page);
  await signIn(page, codes[0]);
  await factors(page);
  later();
  await button(page, 'admin.remove', { name: 'blue key' }).click();
  await button(page, 'admin.remove_yes').click();
  await stepUp(page).getByLabel(t('step_up.backup_code')).fill(codes[1]);
  await button(page, 'step_up.go').click();
  await page.getByText(t('passkey.none')).waitFor();
  await addPasskey(page, 'green key');
  await keptCodes(page);
  await page.getByText('green key').waitFor();
  await signOut(page);
  await button(page, 'sign_in.passkey').click();
  await inside(page);

  // An app's code does as well.
  await factors(page);
  await button(page, 'totp.add').click();
  const secret = (await page.getByTestId('totp-secret').innerText()).replaceAll(/\s/g, '');
  const code = () => totp(secret, Math.round(time.shift / 30_000));
  await page.getByLabel(t('totp.code'), { exact: false }).first().fill(code());
  await button(page, 'totp.confirm').click();
  await page.getByText(t('totp.on')).waitFor();
  later();
  await button(page, 'totp.remove').click();
  await button(page, 'admin.remove_yes').click();
  await stepUp(page).getByLabel(t('step_up.code')).fill(code());
  await button(page, 'step_up.go').click();
  await button(page, 'totp.add').waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
