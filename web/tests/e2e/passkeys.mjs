// Second factors on a real desk: Chromium's virtual authenticator makes and uses a passkey, an app's codes are computed
// here, a backup code works once, and who must have a factor is led to it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { totp } from '../../../tests/api/lib/factors.mjs';
import { withAuthenticator } from './lib/authenticator.mjs';
import { launch, newWindow } from './lib/browser.mjs';
import { startDesk } from './lib/desk.mjs';
import { wordsOf } from './lib/words.mjs';

const kAdmin = { email: 'root@desk.example', password: 'a long enough password' };
const words = wordsOf('en');
const t = words.text;

let desk;
let browser;
before(async () => {
  desk = await startDesk({ named: true, admin: kAdmin });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

const button = (page, id, values) => page.getByRole('button', { name: t(id, values), exact: true });

async function password(page, code) {
  await page.goto('/sign-in');
  await page.getByLabel(t('sign_in.email')).fill(kAdmin.email);
  await page.getByLabel(t('sign_in.password'), { exact: true }).fill(kAdmin.password);
  await button(page, 'sign_in.go').click();
  if (code === undefined) return;
  await page.getByLabel(t('sign_in.code')).fill(code);
  await button(page, 'sign_in.go').click();
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

/** The codes that the dialog shows; it is closed. */
async function backupCodes(page) {
  const dialog = page.getByRole('dialog', { name: t('backup.title') });
  await dialog.waitFor();
  const codes = await dialog.getByRole('listitem').allInnerTexts();
  await dialog.getByRole('button', { name: t('backup.kept') }).click();
  return codes.map((code) => code.trim());
}

test('a passkey: made, used to sign in, renamed, refused after its counter went back, removed', async () => {
  const page = await newWindow(browser, desk.base);
  const authenticator = await withAuthenticator(page);
  await password(page);
  await inside(page);
  await factors(page);
  await button(page, 'passkey.add').click();
  await page.getByLabel(t('passkey.name')).fill('work laptop');
  await button(page, 'passkey.go').click();
  const codes = await backupCodes(page);
  assert.equal(codes.length, 10);
  await page.getByText('work laptop').waitFor();
  const [credential] = await authenticator.credentials();
  assert.equal(credential.isResidentCredential, true);
  assert.equal(credential.rpId, 'localhost');

  await signOut(page);
  await button(page, 'sign_in.passkey').click();
  await inside(page);

  await factors(page);
  await button(page, 'passkey.rename', { name: 'work laptop' }).click();
  await page.getByLabel(t('passkey.name')).fill('old laptop');
  await button(page, 'common.save').click();
  await page.getByText('old laptop').waitFor();
  // The same authenticator is not asked to make a second one.
  await button(page, 'passkey.add').click();
  await button(page, 'passkey.go').click();
  await page.getByText(t('passkey.there')).waitFor();
  await button(page, 'common.cancel').click();

  await signOut(page);
  await authenticator.wind(1);
  await button(page, 'sign_in.passkey').click();
  await page.getByRole('alert').waitFor();
  assert.match(page.url(), /sign-in/);

  // The password alone no longer does; a backup code with it does.
  await password(page, codes[0]);
  await inside(page);
  await factors(page);
  await button(page, 'admin.remove', { name: 'old laptop' }).click();
  await button(page, 'admin.remove_yes').click();
  await page.getByText(t('passkey.none')).waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('an authenticator that does not know its owner makes no passkey', async () => {
  const page = await newWindow(browser, desk.base);
  const authenticator = await withAuthenticator(page, { verifies: false });
  await password(page);
  await inside(page);
  await factors(page);
  await button(page, 'passkey.add').click();
  await button(page, 'passkey.go').click();
  await page.getByText(t('passkey.none')).waitFor();
  assert.deepEqual(await authenticator.credentials(), []);
  await page.context().close();
});

test('an app: set up, asked for, its code good once; a backup code good once', async () => {
  const page = await newWindow(browser, desk.base);
  await password(page);
  await inside(page);
  await factors(page);
  await button(page, 'totp.add').click();
  const secret = (await page.getByTestId('totp-secret').innerText()).replaceAll(/\s/g, '');
  await page.getByRole('img', { name: t('totp.picture') }).waitFor();
  await page.getByLabel(t('totp.code'), { exact: false }).first().fill('000000');
  await button(page, 'totp.confirm').click();
  await page.getByRole('alert').first().waitFor();
  await page.getByLabel(t('totp.code'), { exact: false }).first().fill(totp(secret));
  await button(page, 'totp.confirm').click();
  await backupCodes(page);
  await page.getByText(t('totp.on')).waitFor();
  await button(page, 'backup.renew').click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('backup.renew') })
    .click();
  const codes = await backupCodes(page);

  await signOut(page);
  const next = totp(secret, 1);
  await password(page, next);
  await inside(page);
  await signOut(page);
  await password(page, next);
  await page.getByRole('alert').first().waitFor();
  await page.getByLabel(t('sign_in.code')).fill(codes[0].toLowerCase().replaceAll('-', ' '));
  await button(page, 'sign_in.go').click();
  await inside(page);
  await signOut(page);
  await password(page, codes[0]);
  await page.getByRole('alert').first().waitFor();
  await page.getByLabel(t('sign_in.code')).fill(codes[1]);
  await button(page, 'sign_in.go').click();
  await inside(page);
  await factors(page);
  await page.getByText(/\b8 codes/).waitFor();

  // Removed, and then asked for by the role: nothing but the way to enrol is left.
  await button(page, 'totp.remove').click();
  await button(page, 'admin.remove_yes').click();
  await button(page, 'totp.add').waitFor();
  await page.getByRole('combobox', { name: t('factor.policy_roles') }).click({ force: true });
  await page.getByRole('option', { name: t('role.admin') }).click();
  await page.getByText(t('factor.must')).waitFor();
  await page.goto('/dashboard');
  await page.getByText(t('factor.must')).waitFor();
  await button(page, 'totp.add').click();
  const again = (await page.getByTestId('totp-secret').innerText()).replaceAll(/\s/g, '');
  await page.getByLabel(t('totp.code'), { exact: false }).first().fill(totp(again));
  await button(page, 'totp.confirm').click();
  await backupCodes(page);
  await inside(page);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
