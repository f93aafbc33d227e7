// What the first screen of each entry costs on the wire; the build fails when one is over its bound: npm run size
// Counts what the page names (script, preloads, styles), what those import at once, and one language.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const assets = readdirSync(join(dist, 'assets'));
const bounds = {
  'index.html': 250,
  'portal.html': 60,
  'survey.html': 60,
  'page.html': 60,
  'docs.html': 60,
  'sign-in.html': 250,
};
let over = false;
for (const [page, bound] of Object.entries(bounds)) {
  const html = readFileSync(join(dist, page), 'utf8');
  const wanted = [...html.matchAll(/(?:src|href)="\/assets\/([^"]+)"/g)].map((match) => match[1]);
  const seen = new Set(wanted);
  for (const name of wanted) {
    if (!name.endsWith('.js')) continue;
    const text = readFileSync(join(dist, 'assets', name), 'utf8');
    for (const match of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
      if (seen.has(match[1])) continue;
      seen.add(match[1]);
      wanted.push(match[1]);
    }
  }
  const catalogues = assets
    .filter((name) => /^pt-.*\.js$/.test(name))
    .map((name) => readFileSync(join(dist, 'assets', name)));
  const own = catalogues.sort((a, b) => a.length - b.length)[
    /docs/.test(page) ? 0 : /portal|survey|page/.test(page) ? 1 : catalogues.length - 1
  ];
  const parts = [
    Buffer.from(html),
    ...[...seen].map((name) => readFileSync(join(dist, 'assets', name))),
    ...(own ? [own] : []),
  ];
  const sum = (size) => parts.reduce((all, part) => all + size(part), 0) / 1000;
  const gzip = sum((part) => gzipSync(part, { level: 9 }).length);
  const brotli = sum((part) => brotliCompressSync(part).length);
  over ||= gzip > bound;
  console.log(
    `${page.padEnd(14)} ${gzip.toFixed(0).padStart(4)} kB gzip ${brotli.toFixed(0).padStart(4)} kB brotli, bound ${bound} kB, ${parts.length} files`,
  );
}
process.exit(over ? 1 : 0);
