import { resolve } from 'node:path';
import { StartupError } from './common/startup-error.js';
import { readEnv, type Env } from './config/env.js';
import { createDataSource } from './database/data-source.js';
import { copyDataFolder } from './database/embedded/data-copy.js';
import { renewEpoch } from './database/epoch.js';
import { openDatabase } from './database/open-database.js';
import { toConfig } from './config/config.js';
import { runProgram } from './program.js';

/**
 * Process entry of `npm run restore -- FOLDER`: makes the data folder of a backup, with another epoch, so that
 * clients forget what they have. With an external database, which pg_restore has filled, it only gives the epoch.
 */
runProgram(async ([folder]) => {
  const env = readEnv(process.env);
  if (env.DATABASE_URL !== undefined) {
    await giveNewEpoch(env);
    return 'The database has another epoch: clients will begin anew.';
  }
  if (folder === undefined) throw new StartupError('Where from? npm run restore -- FOLDER');
  const dataDir = resolve(env.PARLEY_DATA_DIR);
  await copyDataFolder(resolve(folder), dataDir, (copy) => giveNewEpoch({ ...env, PARLEY_DATA_DIR: copy }));
  return `Restored ${resolve(folder)} to ${dataDir}: start the server, and clients will begin anew.`;
});

async function giveNewEpoch(env: Env): Promise<void> {
  const database = await openDatabase(env, new AbortController().signal);
  const dataSource = createDataSource(toConfig(env, database.url), []);
  try {
    await dataSource.initialize();
    await renewEpoch(dataSource);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await database.close();
  }
}
