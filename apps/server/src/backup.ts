import { resolve } from 'node:path';
import { StartupError } from './common/startup-error.js';
import { readEnv } from './config/env.js';
import { copyDataFolder } from './database/embedded/data-copy.js';
import { DataFolderLock } from './database/embedded/data-folder-lock.js';
import { runProgram } from './program.js';

/** Process entry of `npm run backup -- FOLDER`: copies the data folder of a server that is stopped. */
runProgram(async ([folder]) => {
  const env = readEnv(process.env);
  if (env.DATABASE_URL !== undefined) {
    throw new StartupError('The database is your own: pg_dump --format=custom --file=FILE "$DATABASE_URL"');
  }
  if (folder === undefined) throw new StartupError('Where to? npm run backup -- FOLDER');
  const dataDir = resolve(env.PARLEY_DATA_DIR);
  const lock = DataFolderLock.acquire(dataDir);
  try {
    await copyDataFolder(dataDir, resolve(folder));
  } finally {
    lock.release();
  }
  return `Copied ${dataDir} to ${resolve(folder)}. Passwords and the signing secret are in it: keep it safe.`;
});
