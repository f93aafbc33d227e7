// What a person does in the console, by roles and accessible names.
import assert from 'node:assert/strict';
import { kPassword } from './seed.mjs';

export class Console {
  constructor(page, words) {
    this.page = page;
    this.words = words;
  }

  t = (id, args) => this.words.text(id, args);

  button = (id, scope = this.page) => scope.getByRole('button', { name: this.words.pattern(id) });

  async signIn(email, password = kPassword) {
    await this.page.goto('/sign-in');
    await this.page.getByLabel(this.t('field.email')).fill(email);
    await this.page.getByLabel(this.t('sign_in.password'), { exact: true }).fill(password);
    await this.page.getByLabel(this.t('sign_in.password'), { exact: true }).press('Enter');
    await this.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  }

  row = (subject) => this.page.getByRole('link', { name: new RegExp(subject.slice(0, 24)) });
  pane = () => this.page.getByRole('main');
  dialog = () => this.page.getByRole('dialog');

  async act(id) {
    await this.button('ticket.more', this.pane()).click();
    await this.page.getByRole('menuitem', { name: new RegExp(this.t(id)) }).click();
    await this.dialog().waitFor();
  }

  field = (id) => this.dialog().getByLabel(this.t(id));

  async submit(id = 'common.save') {
    const dialog = this.dialog();
    const send = dialog.getByRole('button', { name: this.words.pattern(id) }).and(dialog.locator('[type=submit]'));
    await send.click();
    await dialog.waitFor({ state: 'detached' });
  }

  async reply(text, promiseAt) {
    const composer = this.page.getByRole('region', { name: this.t('composer.label') });
    await composer.getByLabel(this.t('composer.reply_label')).fill(text);
    if (promiseAt) {
      await this.button('composer.promise', composer).click();
      await composer.getByLabel(this.t('promise.kind')).selectOption('eta');
      await composer.getByLabel(this.t('promise.at')).fill(promiseAt);
    }
    // A warning is answered as she would: seen, and set aside.
    const aside = this.button('warning.aside', composer);
    for (let n = await aside.count(); n > 0; n = await aside.count()) await aside.first().click();
    await this.button('composer.send', composer).click();
    await this.button('composer.now').click();
    await composer.getByLabel(this.t('composer.reply_label')).waitFor();
  }

  /** No script error, no failed request on this page so far. */
  wellBehaved() {
    assert.deepEqual(this.page.problems, []);
  }
}
