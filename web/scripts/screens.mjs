// Pictures of every screen into docs/screens: 1440x900 and 390x844, light and dark, in a palette so that they stay small.
//   node scripts/screens.mjs [word...]     only screens whose name has one of the words
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Api } from '../tests/e2e/lib/api.mjs';
import { launch, newWindow } from '../tests/e2e/lib/browser.mjs';
import { startDesk } from '../tests/e2e/lib/desk.mjs';
import { makeScene, signEveryoneIn } from '../tests/e2e/lib/scene.mjs';
import { open, screensOf } from '../tests/e2e/lib/screens.mjs';
import { kPassword } from '../tests/e2e/lib/seed.mjs';
import { wordsOf } from '../tests/e2e/lib/words.mjs';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('../../docs/screens/', import.meta.url));
const kAdmin = { email: 'rosa@desk.example', password: kPassword };
const kLargestBytes = 200_000;
const kSizes = [
  [1440, 900],
  [390, 844],
];
const only = process.argv.slice(2);
const words = wordsOf('es');
const wanted = (name) => only.length === 0 || only.some((word) => name.includes(word));

async function picture(page, screen, name) {
  await open(page, screen, words);
  const path = `${folder}${name}.png`;
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  await run('pngquant', ['--force', '--skip-if-larger', '--speed', '1', '--strip', '--output', path, '--', path]).catch((error) => {
    if (error.code !== 98 && error.code !== 99) throw error; // it would not become smaller
  });
}

const browser = await launch();
let desk;
const failed = [];
try {
  desk = await startDesk({ mail: true, demo: process.env.DEMO !== '0', admin: kAdmin });
  const admin = new Api(desk.base);
  await admin.signIn(kAdmin.email, kAdmin.password);
  const scene = await makeScene(desk, admin);
  const states = await signEveryoneIn(() => newWindow(browser, desk.base, { language: 'es' }), scene, words);
  mkdirSync(folder, { recursive: true });
  if (only.length === 0) for (const old of readdirSync(folder)) if (old.endsWith('.png')) rmSync(folder + old);
  for (const [width, height] of kSizes) {
    for (const dark of [false, true]) {
      const pages = {};
      for (const screen of screensOf(scene.place).filter((one) => wanted(one.name))) {
        const options = { language: 'es', width, height, dark, state: states[screen.as] };
        pages[screen.as] ??= await newWindow(browser, desk.base, options);
        const name = `${screen.name}-${width}-${dark ? 'dark' : 'light'}`;
        await picture(pages[screen.as], screen, name).catch((error) => failed.push(`${name}: ${error.message.split('\n')[0]}`));
      }
      for (const page of Object.values(pages)) await page.context().close();
    }
  }
} finally {
  await browser.close();
  await desk?.stop();
}
const sizes = readdirSync(folder).filter((name) => name.endsWith('.png')).map((name) => [name, statSync(folder + name).size]);
for (const [name, size] of sizes) if (size > kLargestBytes) failed.push(`${name} has ${size} bytes`);
for (const line of failed) console.error(line);
console.log(`${sizes.length} pictures, ${Math.round(sizes.reduce((sum, [, size]) => sum + size, 0) / 1000)} kB in docs/screens`);
process.exit(failed.length > 0 ? 1 : 0);
