/** @jsxImportSource preact */
import { preferredLanguage, registerCatalogues, setLanguage } from '@lib/i18n';
import { applyTheme, keptTheme } from '@lib/theme';
import { render } from 'preact';
import { App } from './app';
import './portal.css';
import './ticket.css';
import './pages.css';

async function start(): Promise<void> {
  applyTheme(keptTheme());
  registerCatalogues((language) => import(`../locales/portal/${language}.json`));
  await setLanguage(preferredLanguage());
  const root = document.getElementById('root');
  if (root) render(<App />, root);
}

start();
