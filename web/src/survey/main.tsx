/** @jsxImportSource preact */
import { preferredLanguage, registerCatalogues, setLanguage } from '@lib/i18n';
import { applyTheme, keptTheme } from '@lib/theme';
import { render } from 'preact';
import { Survey } from './survey';
import '../portal/portal.css';
import '../portal/ticket.css';
import '../portal/pages.css';

async function start(): Promise<void> {
  applyTheme(keptTheme());
  registerCatalogues((language) => import(`../locales/portal/${language}.json`));
  await setLanguage(preferredLanguage());
  const root = document.getElementById('root');
  const token = decodeURIComponent(location.pathname.split('/')[2] ?? '');
  const asked = Number(new URLSearchParams(location.search).get('score'));
  const score = Number.isInteger(asked) && asked >= 1 && asked <= 5 ? asked : undefined;
  if (root) render(<Survey token={token} linked={score} />, root);
}

start();
