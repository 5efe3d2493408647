import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { runNode } from './child.mjs';
import { keepLockFor } from './setup-lock.mjs';
import { inRoot, readText, SetupError } from './workspace.mjs';

/** Folder and the first file of the output. The settings of the compiler are in each folder's `tsconfig.build.json`. */
const TARGETS = [
  { directory: 'libs/contracts', entry: 'index.js' },
  { directory: 'apps/server', entry: 'main.js' },
  { directory: 'libs/client', entry: 'index.js', program: 'scripts/build-client.mjs', includes: 'libs/contracts' },
];

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
function fingerprint({ directory, program, includes }) {
  const inputs = [...SHARED_INPUTS, `${directory}/package.json`, `${directory}/tsconfig.build.json`];
  if (program !== undefined) inputs.push(program);
  const hash = createHash('sha256');
  const folders = includes === undefined ? [directory] : [directory, includes];
  for (const path of [...inputs, ...folders.flatMap((folder) => listSources(`${folder}/src`))]) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(inRoot(path)))
      .update('\0');
  }
  return hash.digest('hex');
}

function listSources(directory) {
  const entries = readdirSync(inRoot(directory), { withFileTypes: true });
  return entries
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? listSources(`${directory}/${entry.name}`) : `${directory}/${entry.name}`,
    )
    .filter((path) => path.endsWith('.ts') && !path.endsWith('spec.ts'));
}
