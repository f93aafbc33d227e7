// Chromium as Debian packages it, one for a whole run.
import { chromium } from 'playwright-core';

const kFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: kFlags,
    timeout: 60_000, // a first cold start takes long
  });
}

/** A window of its own: no cookie shared with another. Script errors and refused requests are kept in `problems`. */
export async function newWindow(
  browser,
  base,
  { language = 'en', width = 1440, height = 900, dark = false, zone, state, bypassCSP } = {},
) {
  const context = await browser.newContext({
    baseURL: base,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: { en: 'en-US', es: 'es-EC', pt: 'pt-BR' }[language],
    timezoneId: zone,
    acceptDownloads: true,
    storageState: state,
    bypassCSP,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      page.problems.push(message.text());
  });
  page.on('response', (response) => {
    if (response.status() >= 500)
      page.problems.push(`${response.status()} ${response.request().method()} ${response.url()}`);
  });
  return page;
}
