/** @jsxImportSource preact */
import { preferredLanguage, registerCatalogues, setLanguage } from '@lib/i18n';
import { applyTheme, keptTheme } from '@lib/theme';
import { render } from 'preact';
import { AnswerPage } from './page';
import '../portal/portal.css';
import '../portal/ticket.css';
import '../portal/pages.css';

async function start(): Promise<void> {
  applyTheme(keptTheme());
  registerCatalogues((language) => import(`../locales/portal/${language}.json`));
  await setLanguage(preferredLanguage());
  const root = document.getElementById('root');
  if (root) render(<AnswerPage token={decodeURIComponent(location.pathname.split('/')[2] ?? '')} />, root);
}

start();
