/** @jsxImportSource preact */
import { preferredLanguage, registerCatalogues, setLanguage } from '@lib/i18n';
import { applyTheme, keptTheme } from '@lib/theme';
import { render } from 'preact';
import { Docs } from './docs';
import './docs.css';

async function start(): Promise<void> {
  applyTheme(keptTheme());
  registerCatalogues((language) => import(`../locales/docs/${language}.json`));
  await setLanguage(preferredLanguage());
  const root = document.getElementById('root');
  if (root) render(<Docs />, root);
}

start();
