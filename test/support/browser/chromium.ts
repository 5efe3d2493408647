import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A Chromium that starts on this machine. */
export interface Chromium {
  path: string;
  /** What it needs in its environment. */
  env: Record<string, string>;
}

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/parley/', import.meta.url));

/**
 * Finds a Chromium: the one that `CHROMIUM_PATH` names, else that of a package, which is the same everywhere and
 * starts faster, else an installed one. Or why there is none.
 */
export function findChromium(): Chromium | { missing: string } {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    const chromium = { path: named, env: {} };
    return starts(chromium) ? chromium : { missing: `the Chromium at CHROMIUM_PATH (${named}) does not start` };
  }
  const packaged = findPackaged();
  if (!('missing' in packaged)) return packaged;
  const installed = INSTALLED.map((path) => ({ path, env: {} })).find((one) => existsSync(one.path) && starts(one));
  return installed ?? { missing: `${packaged.missing}; and no Chromium or Chrome is installed` };
}

/** The one in `@sparticuz/chromium`: for Linux on x64, with the libraries and fonts that a bare system has not. */
function findPackaged(): Chromium | { missing: string } {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { missing: '@sparticuz/chromium has none for this platform' };
  }
  try {
    const folder = unpack();
    const chromium = {
      path: join(folder, 'chromium'),
      env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
    };
    return starts(chromium) ? chromium : { missing: 'the Chromium of @sparticuz/chromium does not start' };
  } catch (error) {
    return { missing: `the Chromium of @sparticuz/chromium cannot be unpacked (${String(error)})` };
  }
}

/** Unpacks it once for each version. Of several workers that do so at once the first one's counts. */
function unpack(): string {
  const manifest = packageJson();
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const folder = join(CACHE, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, 'unpacking-'));
  // The package unpacks into the temporary folder of its process, and its libraries only where it takes that for
  // the machine which it was made for.
  const program = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: dirname(manifest),
    env: { ...process.env, TMPDIR: draft, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  writeFileSync(join(draft, 'fonts.conf'), fontsConf(folder));
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

function packageJson(): string {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const [root = ''] = entry.split(/(?<=[\\/]@sparticuz[\\/]chromium)[\\/]/);
  return join(root, 'package.json');
}

/** The fonts of the system, where it has any, and those of the package: without one nothing has a height. */
function fontsConf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(folder, 'fonts', 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

function starts({ path, env }: Chromium): boolean {
  const options = { env: { ...process.env, ...env }, timeout: 20_000 };
  return spawnSync(path, ['--version'], options).status === 0;
}
