// The main job, from the customer's mail to the manager's figures, in a real browser with a real mail host, in each language.
//   node --test tests/e2e/story.mjs            all three languages
//   LANGUAGES=es node --test tests/e2e/story.mjs
//   SHOTS=. node --test tests/e2e/story.mjs    a picture of each window when a step fails
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { composeMail, linksOf, Mailbox, sendMail } from '../../../tests/mailhost/mail.mjs';
import { Api } from './lib/api.mjs';
import { launch, newWindow } from './lib/browser.mjs';
import { Console } from './lib/console.mjs';
import { firstAdmin, kDeskAddress, startDesk } from './lib/desk.mjs';
import { kPassword, seed } from './lib/seed.mjs';
import { texts } from './lib/texts.mjs';
import { wordsOf } from './lib/words.mjs';

const languages = (process.env.LANGUAGES ?? 'en,es,pt').split(',');
const kAna = 'ana@customer.example';
const kZone = 'America/Guayaquil';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** `at` as a datetime-local field wants it, in the zone of the story's browser windows. */
const localInput = (at) => new Date(at).toLocaleString('sv-SE', { timeZone: kZone }).slice(0, 16).replace(' ', 'T');

async function until(what, found, limitMs = 20_000) {
  let last;
  for (const end = Date.now() + limitMs; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 200))) {
    last = await found();
    if (last) return last;
  }
  throw new Error(`not in time: ${what}`);
}

for (const language of languages) {
  describe(`the story in ${language}`, { concurrency: false }, () => {
    const say = texts[language];
    const words = wordsOf(language);
    const portalWords = wordsOf(language, 'portal/');
    const evidence = {
      name: 'edge400-log.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('12:41 admin login from 203.0.113.7\n'),
    };
    let desk;
    let people;
    let admin;
    let ines; // Inês's console
    let tomas;
    let ana; // Ana's browser: portal and survey
    let inbox;
    let first; // Ana's first mail
    let number;
    let id;
    let failed = false;

    const ticket = () => admin.get(`/tickets/${id}`);
    /** A step of the story: once one failed, the rest would only repeat its failure. */
    const step = (name, act) =>
      test(name, { timeout: 120_000 }, async (context) => {
        if (failed) return context.skip('an earlier step failed');
        try {
          await act();
        } catch (error) {
          failed = true;
          for (const page of [ines?.page, tomas?.page, ana])
            if (page?.problems.length) context.diagnostic(page.problems.join('; '));
          if (process.env.SHOTS) {
            const windows = { ines: ines?.page, tomas: tomas?.page, ana };
            for (const [who, page] of Object.entries(windows))
              await page?.screenshot({ path: `${process.env.SHOTS}/${language}-${who}.png` }).catch(() => {});
          }
          throw error;
        }
      });
    const signedIn = async (email) => {
      const page = await newWindow(browser, desk.base, { language, zone: kZone });
      const console_ = new Console(page, words);
      await console_.signIn(email);
      return console_;
    };

    before(async () => {
      desk = await startDesk({ mail: true });
      inbox = new Mailbox(desk.host, kAna);
    });
    after(async () => {
      if (failed && process.env.KEEP_LOG) process.stderr.write(desk.log.join('').slice(-8000));
      for (const page of [ines?.page, tomas?.page, ana]) await page?.context().close();
      await desk?.stop();
    });

    step('the first administrator sets the desk up', async () => {
      admin = await firstAdmin(desk, { name: 'Rosa Admin', email: 'rosa@desk.example', password: kPassword });
      people = await seed(admin, language);
    });

    step('a mail about a breach appears live in the console of the certified engineer', async () => {
      ines = await signedIn('ines@desk.example');
      await ines.page.goto('/q/my_open');
      await ines.page.locator('nav:visible').first().waitFor();
      await ines.page.evaluate(() => {
        window.notReloaded = true;
      });
      first = composeMail({ from: kAna, name: 'Ana Paredes', to: kDeskAddress, subject: say.subject, body: say.body });
      await sendMail(desk.host.smtpPort, { from: kAna, to: kDeskAddress, raw: first.raw });
      await ines.row(say.subject).waitFor();
      assert.equal(await ines.page.evaluate(() => window.notReloaded), true, 'the page was not loaded again');
      const list = await admin.get('/tickets?view=desk_all');
      assert.equal(list.items.length, 1);
      ({ number, id } = list.items[0]);
    });

    step('organisation, contact, channel, clocks, triage, priority and routing are right', async () => {
      const seen = await ticket();
      assert.match(seen.number, /^PR-\d+-[0-9A-Z]$/);
      assert.equal(seen.organisation.name, people.organisation.name);
      assert.equal(seen.contact.email, kAna);
      assert.equal(seen.contact.name, 'Ana Paredes');
      assert.equal(seen.channel, 'mail');
      assert.equal(seen.language, language);
      assert.equal(seen.classification.by, 'machine');
      assert.ok(['incident', 'event'].includes(seen.classification.kind.value), seen.classification.kind.value);
      assert.equal(seen.technology.name, 'Basalt Edge 400');
      assert.equal(seen.priority, 'P1');
      const running = Object.fromEntries(
        seen.clocks.filter((clock) => clock.state === 'running').map((clock) => [clock.kind, clock]),
      );
      assert.equal(running.first_response?.target_seconds, 15 * 60);
      assert.equal(running.resolution?.target_seconds, 240 * 60);
      assert.equal(seen.assignee.name, 'Inês Prado');
      const routing = await admin.get(`/tickets/${id}/routing`);
      const diego = routing.ranking.find((one) => one.staff.name === 'Diego Salas');
      assert.equal(diego.eligible, false, 'an expired certificate does not count');
      assert.equal(diego.facts.find((fact) => fact.criterion === 'certified').ok, false);
    });

    step('she opens it and sees why it is hers', async () => {
      await ines.row(say.subject).click();
      await ines.page.getByRole('heading', { name: say.subject }).waitFor();
      const pane = ines.pane();
      await pane.getByText('P1', { exact: true }).first().waitFor();
      await pane.getByText('Inês Prado').first().waitFor();
      await ines.page.getByText('Basalt Edge 400').first().waitFor();
      await ines.page.getByRole('region', { name: ines.t('clock.label') }).waitFor();
      await ines.page.getByText(people.organisation.name).first().waitFor();
    });

    step('she answers and promises when it will be solved', async () => {
      await ines.reply(say.reply, localInput(Date.now() + 3 * 3600_000));
      const seen = await until('the promise', async () => {
        const now = await ticket();
        return now.promises.length > 0 && now;
      });
      assert.equal(seen.promises[0].kind, 'eta');
      assert.equal(seen.clocks.find((clock) => clock.kind === 'first_response').state, 'met');
    });

    step('the customer gets the answer by mail, threaded, in her language', async () => {
      const mail = await inbox.waitFor((one) => one.text.includes(say.reply.slice(0, 30)), 'the answer');
      assert.match(mail.headers.from, new RegExp(kDeskAddress.replace('.', '\\.')));
      assert.equal(mail.headers['in-reply-to'], first.id);
      assert.ok(mail.headers.references.includes(first.id));
      assert.ok(mail.subject.includes(number), mail.subject);
      assert.match(mail.html, new RegExp(`<html[^>]* lang="${language}"`));
      assert.ok(mail.html.includes(say.reply.slice(0, 30)));
      const links = linksOf(mail).filter((link) => !link.startsWith('http://www.w3.org'));
      assert.ok(links.length > 0, 'it links to the portal');
      for (const link of links) assert.ok(link.startsWith(`${desk.base}/`), `a link leads elsewhere: ${link}`);
    });

    step('her answer by mail lands in the same ticket', async () => {
      const answered = await inbox.waitFor((one) => one.text.includes(say.reply.slice(0, 30)));
      const quoted = answered.text
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n');
      const mail = composeMail({
        from: kAna,
        name: 'Ana Paredes',
        to: kDeskAddress,
        subject: `Re: ${answered.subject}`,
        body: `${say.answer}\n\n${quoted}`,
        inReplyTo: answered.messageId,
        references: (answered.headers.references ?? '').split(/\s+/).filter(Boolean),
      });
      await sendMail(desk.host.smtpPort, { from: kAna, to: kDeskAddress, raw: mail.raw });
      await ines.page.getByText(say.answer).first().waitFor();
      const entries = await admin.get(`/tickets/${id}/entries?kind=message`);
      const last = entries.items.filter((entry) => entry.author.kind === 'customer').at(-1);
      assert.ok(last.body_text.includes(say.answer));
      assert.ok(!last.body_text.includes(say.reply), 'the quoted text is kept apart');
      assert.equal((await admin.get('/tickets?view=desk_all')).items.length, 1);
    });

    step('she records the work and adds evidence', async () => {
      for (const action of [say.work, say.check]) {
        await ines.act('act.work');
        await ines.field('work.action').fill(action);
        await ines.field('work.before').fill('permit any any');
        await ines.field('work.after').fill('deny 203.0.113.7');
        await ines.field('work.result').fill(say.result);
        await ines.submit();
        await ines.page.getByText(action).first().waitFor();
      }
      await ines.act('act.evidence');
      await ines.dialog().locator('input[type=file]').setInputFiles(evidence);
      await ines.field('evidence.source').fill(say.source);
      await ines.field('evidence.public').check();
      await ines.submit();
      await ines.page.getByText(evidence.name).first().waitFor();
      const { items } = await admin.get(`/tickets/${id}/evidence`);
      assert.equal(items.length, 1);
      assert.match(items[0].sha256, /^[0-9a-f]{64}$/);
      assert.equal(items[0].custody[0].act, 'collected');
    });

    step('she asks approval and may not approve it herself', async () => {
      await ines.act('act.approval');
      await ines.field('approval.summary').fill(say.summary);
      await ines.field('approval.resolution').fill(say.resolution);
      await ines.submit('approval.ask');
      const seen = await until('the approval', async () => {
        const now = await ticket();
        return now.approval && now;
      });
      assert.equal(seen.state, 'in_approval');
      const own = new Api(desk.base);
      await own.signIn('ines@desk.example', kPassword);
      const mine = (await own.get(`/tickets/${id}`)).approval;
      assert.equal(mine.may_decide, false);
      await ines.page.getByText(mine.why_not).first().waitFor();
      await assert.rejects(
        own.post(`/approvals/${mine.id}/decision`, { decision: 'approve' }),
        (error) => error.status === 403 || error.status === 409,
      );
    });

    step('a colleague approves', async () => {
      tomas = await signedIn('tomas@desk.example');
      await tomas.page.goto('/q/to_approve');
      await tomas.row(say.subject).click();
      await tomas.page.getByText(say.summary).first().waitFor();
      await tomas.button('approval.decide', tomas.pane()).first().click();
      await tomas.dialog().waitFor();
      await tomas.submit('approval.approve');
      await until('the resolution', async () => (await ticket()).state === 'resolved');
    });

    step('the customer gets the solution by mail and opens the portal by a mailed link', async () => {
      await inbox.waitFor((one) => one.text.includes(say.resolution.slice(0, 30)), 'the solution');
      ana = await newWindow(browser, desk.base, { language, zone: kZone, width: 390, height: 844 });
      await ana.goto('/portal');
      await ana.getByLabel(portalWords.text('sign_in.email')).fill(kAna);
      await ana.getByRole('button', { name: portalWords.text('sign_in.send') }).click();
      await ana.getByRole('heading', { name: portalWords.text('sign_in.sent') }).waitFor();
      const mail = await inbox.waitFor(
        (one) => linksOf(one).some((link) => link.includes('/portal#t=')),
        'the sign-in link',
      );
      await ana.goto(linksOf(mail).find((link) => link.includes('/portal#t=')));
      await ana.getByRole('link', { name: new RegExp(number) }).click();
      await ana.getByRole('heading', { level: 1, name: say.subject }).waitFor();
      assert.ok(!ana.url().includes('#'), 'the token is not kept in the address');
    });

    step('she sees what was done and what was promised, and confirms', async () => {
      await ana.getByRole('heading', { name: portalWords.text('headline.to_confirm') }).waitFor();
      for (const action of [say.work, say.check]) await ana.getByText(action).first().waitFor();
      await ana
        .getByRole('link', { name: new RegExp(evidence.name.replace('.', '\\.')) })
        .first()
        .waitFor();
      await ana.getByText(portalWords.text('promise.eta'), { exact: true }).first().waitFor();
      await ana.getByText(portalWords.text('who.level', { name: 'Inês Prado', level: 3 })).waitFor();
      const shown = await ana.getByRole('main').innerText();
      for (const state of ['resolved', 'in_approval', 'waiting_customer'])
        assert.ok(!shown.includes(state), `internal state on the page: ${state}`);
      await ana.getByRole('button', { name: portalWords.text('confirm.works') }).click();
      await ana.getByRole('button', { name: portalWords.text('confirm.works') }).waitFor({ state: 'detached' });
      assert.deepEqual(ana.problems, []);
    });

    step(
      'a scanner that follows the survey link does not vote; the customer’s click does, with her comment',
      async () => {
        const mail = await inbox.waitFor((one) => linksOf(one).some((link) => link.includes('/survey/')), 'the survey');
        const links = linksOf(mail).filter((link) => link.includes('/survey/') && link.includes('score='));
        assert.equal(links.length, 5);
        for (const link of links) assert.equal((await fetch(link)).status, 200);
        assert.equal((await ticket()).survey, undefined);
        await ana.goto(links.find((link) => link.includes('score=5')));
        await ana.getByText(portalWords.pattern('survey.kept')).waitFor();
        assert.equal((await ticket()).survey.score, 5);
        await ana.getByLabel(portalWords.pattern('rate.why')).fill(say.comment);
        await ana.getByRole('button', { name: portalWords.text('rate.send') }).click();
        await ana.getByRole('heading', { name: portalWords.text('survey.thanks') }).waitFor();
        assert.equal((await ticket()).survey.comment, say.comment);
        assert.deepEqual(ana.problems, []);
      },
    );

    step('the manager sees it on the dashboard', async () => {
      const marta = await signedIn('marta@desk.example');
      try {
        await marta.page.goto('/dashboard');
        await marta.page.getByText(say.comment).waitFor();
        const api = new Api(desk.base);
        await api.signIn('marta@desk.example', kPassword);
        const figures = await api.get('/reports/dashboard');
        assert.equal(figures.opened, 1);
        assert.equal(figures.resolved, 1);
        assert.equal(figures.csat, 5);
        assert.equal(figures.csat_answers, 1);
        assert.equal(figures.sla_kept, 100);
        marta.wellBehaved();
      } finally {
        await marta.page.context().close();
      }
    });

    step('no console window met an error', async () => {
      ines.wellBehaved();
      tomas.wellBehaved();
    });
  });
}
