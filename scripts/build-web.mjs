import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { runNode } from './lib/child.mjs';
import { inRoot } from './lib/workspace.mjs';

/**
 * Builds the web client into `apps/web/dist`, and puts a compressed file beside each that gets smaller by it:
 * done once here, it can be done as well as it can be.
 */
const web = inRoot('apps/web');
const vite = join(dirname(createRequire(join(web, 'package.json')).resolve('vite/package.json')), 'bin/vite.js');

const code = await runNode([vite, 'build', '--logLevel', 'warn'], {
  cwd: web,
  // React has another, slower build for whoever develops with it.
  env: { ...process.env, NODE_ENV: 'production' },
});
if (code !== 0) process.exit(1);

const dist = join(web, 'dist');
for (const name of readdirSync(dist, { recursive: true }).filter((name) => /\.(html|js|css|svg|json)$/.test(name))) {
  const path = join(dist, name);
  const plain = readFileSync(path);
  const smaller = {
    br: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }),
    gz: gzipSync(plain, { level: 9 }),
  };
  for (const [suffix, bytes] of Object.entries(smaller)) {
    if (bytes.length < plain.length * 0.9) writeFileSync(`${path}.${suffix}`, bytes);
  }
}
