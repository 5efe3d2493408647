import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { runNode } from './child.mjs';
import { keepLockFor } from './setup-lock.mjs';
import { inRoot, readText, SetupError } from './workspace.mjs';

/**
 * Folder and the first file of the output; what goes into it, files and whole folders, below the folder and
 * elsewhere. The settings of the compiler are in each folder's `tsconfig.build.json`.
 */
const TARGETS = [
  { directory: 'libs/contracts', entry: 'index.js' },
  { directory: 'apps/server', entry: 'main.js' },
  { directory: 'libs/client', entry: 'index.js', program: 'scripts/build-client.mjs', others: ['libs/contracts/src'] },
  {
    directory: 'apps/web',
    entry: 'index.html',
    program: 'scripts/build-web.mjs',
    own: ['package.json', 'tsconfig.json', 'vite.config.ts', 'index.html', 'public', 'src'],
    others: ['libs/contracts/src', 'libs/client/src'],
  },
];

const OWN = ['package.json', 'tsconfig.build.json', 'src'];

/** What every target depends on, besides its own folder: the compiler and its settings. */
const SHARED_INPUTS = ['package-lock.json', 'tsconfig.json'];

/** The targets whose output is missing or was made from other sources. Costs a few milliseconds. */
export function listStale() {
  return TARGETS.filter((target) => {
    const { dist, stamp } = outputOf(target);
    return readText(stamp) !== fingerprint(target) || !existsSync(inRoot(dist, target.entry));
  });
}

/** Builds `targets` (all of them unless given) at the same time. */
export async function build(targets = TARGETS) {
  process.stdout.write(`  Building ${targets.map(({ directory }) => directory).join(', ')} ...\n`);
  await Promise.all(targets.map(buildOne));
}

async function buildOne(target) {
  const { dist, stamp } = outputOf(target);
  const sources = fingerprint(target);
  rmSync(inRoot(dist), { recursive: true, force: true });
  // `nest build server` makes the same by the same settings, but takes longer and a newer Node.
  const compiler = ['node_modules/typescript/bin/tsc', '-p', `${target.directory}/tsconfig.build.json`];
  const program = target.program === undefined ? compiler : [target.program];
  const code = await runNode(program, { onStart: keepLockFor });
  if (code !== 0) throw new SetupError(`${target.directory} could not be built`);
  writeFileSync(inRoot(stamp), sources);
}

function outputOf({ directory }) {
  return { dist: `${directory}/dist`, stamp: `${directory}/dist/.parley-build` };
}

/** A digest of everything that goes into the output: contents, not times, which a checkout changes. */
function fingerprint({ directory, program, own = OWN, others = [] }) {
  const inputs = [...SHARED_INPUTS, ...own.map((path) => `${directory}/${path}`), ...others];
  if (program !== undefined) inputs.push(program);
  const hash = createHash('sha256');
  for (const path of inputs.flatMap(listFiles)) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(inRoot(path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** The file itself, or what is in the folder, without tests. */
function listFiles(path) {
  if (!statSync(inRoot(path)).isDirectory()) return /spec\.tsx?$/.test(path) ? [] : [path];
  return readdirSync(inRoot(path))
    .sort()
    .flatMap((name) => listFiles(`${path}/${name}`));
}
