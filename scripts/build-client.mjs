import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from './lib/child.mjs';
import { inRoot } from './lib/workspace.mjs';

/**
 * Builds @parley/client to be packed: `npm pack` in libs/client calls it. The package carries the
 * contracts with it, in `dist/contracts`, so that it depends on nothing that is not published.
 */
const dist = inRoot('libs/client/dist');
const build = join(dist, '.build');

rmSync(dist, { recursive: true, force: true });
const code = await runNode([
  inRoot('node_modules/typescript/bin/tsc'),
  '-p',
  inRoot('libs/client/tsconfig.build.json'),
]);
if (code !== 0) process.exit(1);
cpSync(join(build, 'client/src'), dist, { recursive: true });
cpSync(join(build, 'contracts/src'), join(dist, 'contracts'), { recursive: true });
rmSync(build, { recursive: true });
for (const name of readdirSync(dist).filter((name) => /\.(js|d\.ts)$/.test(name))) {
  const path = join(dist, name);
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll("'@parley/contracts'", "'./contracts/index.js'"));
}
