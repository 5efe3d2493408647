import { existsSync } from 'node:fs';
import { chmod, cp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../common/make-folder.js';
import { StartupError } from '../../common/startup-error.js';

const POSTGRES = 'postgres';
/** What belongs to a process, not to the data. */
const OF_A_PROCESS = /[\\/](server\.lock|postmaster\.opts)$/;

/**
 * Copies a data folder to where nothing is, with `finish` on the copy before it gets its name: a crash in the
 * middle leaves rubbish beside it, never half a copy that looks whole.
 * @throws StartupError when there is nothing to copy, something is in the way, or PostgreSQL was not stopped
 */
export async function copyDataFolder(
  from: string,
  to: string,
  finish: (copy: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  if (!existsSync(join(from, POSTGRES))) throw new StartupError(`There is no Parley database in ${from}`);
  if (existsSync(join(from, POSTGRES, 'postmaster.pid'))) {
    throw new StartupError(`The database in ${from} was not stopped in order: start the server and stop it once`);
  }
  if (existsSync(to)) throw new StartupError(`${to} is there already: move it away first`);
  makeFolder(dirname(to));
  const unfinished = `${to}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await cp(from, unfinished, { recursive: true, filter: (path) => !OF_A_PROCESS.test(path) });
  // PostgreSQL starts on nothing that others may read.
  await chmod(join(unfinished, POSTGRES), 0o700);
  await finish(unfinished);
  await rename(unfinished, to);
}
