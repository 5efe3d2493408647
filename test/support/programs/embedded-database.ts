import { DataFolderLock } from '../../../apps/server/src/database/embedded/data-folder-lock.js';
import { EmbeddedPostgres } from '../../../apps/server/src/database/embedded/embedded-postgres.js';

/** Runs the embedded PostgreSQL of the folder given, as a server would, until it is killed. */
const [dataDir = ''] = process.argv.slice(2);
const lock = DataFolderLock.acquire(dataDir);
const postgres = await EmbeddedPostgres.start({ dataDir, maxConnections: 10 });
process.stdout.write(`url ${postgres.url}\n`);
setInterval(() => undefined, 60_000);
process.once('SIGTERM', () => {
  void postgres.stop().then(() => {
    lock.release();
    process.exit(0);
  });
});
