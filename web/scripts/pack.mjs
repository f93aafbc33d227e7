// Packs a built interface into one file that the server embeds: node scripts/pack.mjs DIST OUT
//
// Format: "PPACK01\n", the size of the index (32 bits, little endian), the index (JSON), then the bytes. Index:
// {"files":[{"path","type","etag","immutable","variants":[{"encoding","offset","length"}]}]}; offsets count from the end of the
// index; the best variant comes first; encoding is "br", "gzip" or "" (as it is).
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.ogg': 'audio/ogg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const compressible = new Set(['.css', '.html', '.js', '.json', '.mjs', '.svg', '.txt', '.wasm', '.webmanifest']);

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
}

function variantsOf(bytes, extension) {
  const variants = [{ encoding: '', bytes }];
  if (compressible.has(extension) && bytes.length > 256) {
    const gzip = gzipSync(bytes, { level: 9 });
    const br = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
    if (gzip.length < bytes.length) variants.unshift({ encoding: 'gzip', bytes: gzip });
    if (br.length < bytes.length) variants.unshift({ encoding: 'br', bytes: br });
  }
  return variants;
}

const [dist, out] = process.argv.slice(2);
if (!dist || !out) throw new Error('usage: node scripts/pack.mjs DIST OUT');

const files = [];
const blobs = [];
let offset = 0;
for (const path of walk(dist)) {
  const extension = extname(path);
  const type = types[extension];
  if (!type) continue; // source maps and whatever else is not for browsers
  const bytes = readFileSync(path);
  const name = `/${relative(dist, path).split(sep).join('/')}`;
  const variants = variantsOf(bytes, extension).map((variant) => {
    const place = { encoding: variant.encoding, offset, length: variant.bytes.length };
    blobs.push(variant.bytes);
    offset += variant.bytes.length;
    return place;
  });
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 20)}"`;
  files.push({ path: name, type, etag, immutable: /^\/assets\/.*-[\w-]{8}\.\w+$/.test(name), variants });
}
const index = Buffer.from(JSON.stringify({ files }));
const size = Buffer.alloc(4);
size.writeUInt32LE(index.length);
writeFileSync(out, Buffer.concat([Buffer.from('PPACK01\n'), size, index, ...blobs]));
