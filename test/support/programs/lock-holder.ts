import { DataFolderInUseError, DataFolderLock } from '../../../apps/server/src/database/embedded/data-folder-lock.js';

/** Locks the folder given and keeps it until it is killed, or says that somebody else has it. */
const [dataDir = ''] = process.argv.slice(2);
try {
  DataFolderLock.acquire(dataDir);
  process.stdout.write('locked\n');
  setInterval(() => undefined, 60_000);
} catch (error) {
  if (!(error instanceof DataFolderInUseError)) throw error;
  process.stdout.write('in use\n');
}
