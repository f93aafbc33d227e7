// Pictures of every screen into docs/screens: 1440x900 and 390x844, light and dark, in a palette so that they stay small.
//   node scripts/screens.mjs [word...]     only screens whose name has one of the words
//   LANGUAGES=es,pt OUT=folder SIZES=1440 THEMES=light node scripts/screens.mjs
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launch, newWindow } from '../tests/e2e/lib/browser.mjs';
import { startDesk } from '../tests/e2e/lib/desk.mjs';
import { makeScene, signEveryoneIn } from '../tests/e2e/lib/scene.mjs';
import { open, screensOf } from '../tests/e2e/lib/screens.mjs';
import { wordsOf } from '../tests/e2e/lib/words.mjs';

const run = promisify(execFile);
const own = fileURLToPath(new URL('../../docs/screens/', import.meta.url));
const folder = process.env.OUT ? `${process.env.OUT}/` : own;
const kLargestBytes = 200_000;
const list = (name, all) => process.env[name]?.split(',') ?? all;
const languages = list('LANGUAGES', ['en']);
const sizes = [
  [1440, 900],
  [390, 844],
].filter(([width]) => list('SIZES', ['1440', '390']).includes(String(width)));
const themes = list('THEMES', ['light', 'dark']);
const only = process.argv.slice(2);
const wanted = (name) => only.length === 0 || only.some((word) => name.includes(word));
const problems = [];

async function picture(page, screen, words, name) {
  await open(page, screen, words);
  const path = `${folder}${name}.png`;
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  await run('pngquant', ['--force', '--skip-if-larger', '--strip', '--output', path, '--', path]).catch((error) => {
    if (error.code !== 98 && error.code !== 99) throw error; // it would not become smaller
  });
  const { size } = statSync(path);
  if (size > kLargestBytes) problems.push(`${name} has ${size} bytes`);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (beyond > 0) problems.push(`${name}: ${beyond} px stick out to the right`);
}

async function everyPicture(browser, language) {
  const desk = await startDesk({ mail: 'folder', demo: true });
  try {
    const scene = await makeScene(desk, language);
    const states = await signEveryoneIn(() => newWindow(browser, desk.base, { language }), desk, scene);
    for (const [width, height] of sizes) {
      for (const theme of themes) {
        const pages = {};
        for (const screen of screensOf(scene.place, language).filter((one) => wanted(one.name))) {
          const options = { language, width, height, dark: theme === 'dark', state: states[screen.as] };
          pages[screen.as] ??= await newWindow(browser, desk.base, options);
          const page = pages[screen.as];
          const name = [screen.name, width, theme, ...(languages.length > 1 ? [language] : [])].join('-');
          await picture(page, screen, wordsOf(language, screen.part), name).catch(async (error) => {
            problems.push(`${name}: ${error.message.split('\n').slice(0, 3).join(' ')}`);
            await page.screenshot({ path: `${folder}${name}.png` }).catch(() => undefined);
          });
          problems.push(...page.problems.splice(0).map((line) => `${name}: ${line}`));
        }
        for (const page of Object.values(pages)) await page.context().close();
      }
    }
  } finally {
    await desk.stop();
  }
}

mkdirSync(folder, { recursive: true });
if (folder === own && only.length === 0) {
  for (const old of readdirSync(folder)) if (old.endsWith('.png')) rmSync(folder + old);
}
const browser = await launch();
try {
  for (const language of languages) await everyPicture(browser, language);
} finally {
  await browser.close();
}
for (const line of problems) console.error(line);
console.log(`${readdirSync(folder).filter((name) => name.endsWith('.png')).length} pictures in ${folder}`);
process.exit(problems.length > 0 ? 1 : 0);
