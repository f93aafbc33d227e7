/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The address of a running desk for `npm run dev` and `npm run preview`.
const desk = process.env.PROPOLIS_URL ?? 'http://127.0.0.1:8080';
const proxy = Object.fromEntries(
  ['/api', '/health', '/metrics'].map((path) => [path, { target: desk, changeOrigin: false }]),
);

// Pages that the server answers with one entry file each; everything else is the console.
const pages: [RegExp, string][] = [
  [/^\/portal(\/|$)/, '/portal.html'],
  [/^\/survey(\/|$)/, '/survey.html'],
  [/^\/page(\/|$)/, '/page.html'],
  [/^\/(sign-in|setup)(\/|$)/, '/sign-in.html'],
  [/^\/docs(\/|$)/, '/docs.html'],
];

function entryOf(url: string): string | undefined {
  const path = url.split(/[?#]/)[0] ?? '/';
  if (/\.\w+$/.test(path) || /^\/(@|src|node_modules|api|health|metrics|assets)/.test(path)) return undefined;
  return pages.find(([pattern]) => pattern.test(path))?.[1] ?? '/index.html';
}

type Middlewares = { use: (step: (req: { url?: string }, res: unknown, next: () => void) => void) => void };
const serveEntries = (server: { middlewares: Middlewares }) => {
  server.middlewares.use((req, _res, next) => {
    const entry = entryOf(req.url ?? '/');
    if (entry) req.url = entry;
    next();
  });
};

export default defineConfig({
  plugins: [
    // Files under src/portal, src/survey and src/page carry their own JSX pragma (Preact): the plugin is for the console.
    react({ include: /src\/(console|signin)\/.*\.tsx$/ }),
    { name: 'entries', configureServer: serveEntries, configurePreviewServer: serveEntries },
  ],
  resolve: { alias: { '@lib': at('./src/lib') } },
  server: { proxy },
  preview: { proxy },
  build: {
    target: ['chrome123', 'firefox121', 'safari17.5'],
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        console: at('./index.html'),
        portal: at('./portal.html'),
        survey: at('./survey.html'),
        page: at('./page.html'),
        'sign-in': at('./sign-in.html'),
        docs: at('./docs.html'),
      },
    },
  },
  // What the unit tests reach; components are tested in the browser (tests/e2e), which is not counted here.
  test: {
    include: ['tests/unit/**/*.test.ts'],
    environment: 'node',
    coverage: { provider: 'v8', include: ['src/**/*.{ts,tsx}'], reporter: ['text-summary'] },
  },
});
