import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/baseline.layer.css';
import '@mantine/core/styles/global.layer.css';
import '@mantine/core/styles/ScrollArea.layer.css';
import '@mantine/core/styles/UnstyledButton.layer.css';
import '@mantine/core/styles/VisuallyHidden.layer.css';
import '@mantine/core/styles/Paper.layer.css';
import '@mantine/core/styles/Popover.layer.css';
import '@mantine/core/styles/CloseButton.layer.css';
import '@mantine/core/styles/Overlay.layer.css';
import '@mantine/core/styles/ModalBase.layer.css';
import '@mantine/core/styles/Modal.layer.css';
import '@mantine/core/styles/Menu.layer.css';
import '@mantine/core/styles/Input.layer.css';
import '@mantine/core/styles/Combobox.layer.css';
import '@mantine/core/styles/Pill.layer.css';
import '@mantine/core/styles/PillsInput.layer.css';
import '../tokens.css';
import '../base.css';
import './styles/mantine.css';
import './styles/shell.css';
import './styles/list.css';
import './styles/ticket.css';
import './styles/side.css';
import './styles/forms.css';
import { whenSignedOut } from '@lib/api';
import { preferredLanguage, registerCatalogues, setLanguage } from '@lib/i18n';
import { applyTheme, keptTheme } from '@lib/theme';
import { createTheme, MantineProvider, Portal } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { client } from './data';
import { router } from './router';
import { openSession } from './session';
import { Problem } from './shell/Problem';

const theme = createTheme({
  cursorType: 'pointer',
  respectReducedMotion: true,
  defaultRadius: 'sm',
  components: { Portal: Portal.extend({ defaultProps: { target: '#floats' } }) },
});

function signIn(): void {
  const here = location.pathname + location.search;
  location.assign(here === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`);
}

async function start(): Promise<void> {
  const element = document.getElementById('root');
  if (!element) return;
  const root = createRoot(element);
  applyTheme(keptTheme());
  registerCatalogues((language) => import(`../locales/${language}.json`));
  whenSignedOut(signIn);
  try {
    const session = await openSession();
    if (session.kind === 'customer') {
      location.replace('/portal');
      return;
    }
  } catch (error) {
    if ((error as { status?: number }).status === 401) return;
    await setLanguage(preferredLanguage());
    root.render(<Problem error={error} />);
    return;
  }
  root.render(
    // Mantine's own inline styles are left out: its variables come from a file, so that the page needs no inline style.
    <MantineProvider theme={theme} withCssVariables={false} withGlobalClasses={false} forceColorScheme="light">
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

void start();
