import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { run } from './child.mjs';
import { keepLockFor } from './setup-lock.mjs';
import { inRoot, readText, SetupError } from './workspace.mjs';

const STAMP = ['node_modules', '.parley-install'];
const PLATFORM = `${process.platform}-${process.arch}`;

/** Whether `node_modules` is what `package-lock.json` says. Costs a millisecond when nothing has changed. */
export function isInstalled() {
  const lock = readText('package-lock.json');
  const stamp = stampOf(lock);
  const found = readText(...STAMP);
  if (found === stamp) return true;
  if (found !== null && !found.startsWith(PLATFORM)) return false;
  if (!wasInstalledByHand(lock)) return false;
  writeFileSync(inRoot(...STAMP), stamp);
  return true;
}

/** Installs exactly what `package-lock.json` says. */
export async function install() {
  process.stdout.write('  Installing the dependencies ...\n');
  // NODE_ENV=production would leave out what the build needs.
  const options = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await runNpm(['ci', ...options]);
  if (code !== 0) throw new SetupError(`The dependencies could not be installed: npm ci ended with code ${code}`);
  writeFileSync(inRoot(...STAMP), stampOf(readText('package-lock.json')));
}

// Not the age of the files: a fresh clone makes the lock file younger than an older, right install.
function stampOf(lock) {
  return `${PLATFORM} ${createHash('sha256').update(lock).digest('hex')}`;
}

/** Compares with what npm wrote down at the end of its last install. */
function wasInstalledByHand(lock) {
  const hidden = readText('node_modules', '.package-lock.json');
  if (hidden === null) return false;
  const { packages: installed } = JSON.parse(hidden);
  return Object.entries(JSON.parse(lock).packages).every(([path, wanted]) => {
    if (!path.includes('node_modules/') || wanted.link) return true;
    // What is optional may be for another platform.
    if (installed[path] === undefined) return Boolean(wanted.optional || wanted.devOptional);
    return installed[path].version === wanted.version && installed[path].integrity === wanted.integrity;
  });
}

function runNpm(args) {
  const options = { onStart: keepLockFor };
  const cli = process.env['npm_execpath'];
  if (cli !== undefined && /npm-cli\.[cm]?js$/.test(cli)) return run(process.execPath, [cli, ...args], options);
  return process.platform === 'win32' ? run('npm.cmd', args, { ...options, shell: true }) : run('npm', args, options);
}
