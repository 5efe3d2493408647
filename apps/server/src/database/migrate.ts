import { setTimeout as delay } from 'node:timers/promises';
import { DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { StartupError } from '../common/startup-error.js';
import { MIGRATIONS } from './migrations.js';

/** "parley" in ASCII: the key of the lock under which one server at a time migrates. */
const MIGRATION_LOCK = '123611713398137';
const LOCK_EVERY_MS = 50;
const OLDEST_SUPPORTED = 150_000;

/**
 * Brings the database at `url` to the newest schema. Any number of servers may call this at once:
 * one migrates while the others wait for an advisory lock. The session that holds it is the one that
 * migrates, so there is no migrating without the lock, and it is released when its server dies.
 * @throws StartupError when PostgreSQL is older than 15.
 */
export async function migrate(url: string): Promise<void> {
  await onMigrations(url, (executor) => executor.executePendingMigrations());
}

/** Undoes every migration, the newest first. For tests: it leaves an empty database. */
export async function undoMigrations(url: string): Promise<void> {
  await onMigrations(url, async (executor) => {
    const executed = await executor.getExecutedMigrations();
    for (let count = executed.length; count > 0; count -= 1) await executor.undoLastMigration();
  });
}

async function onMigrations(url: string, work: (executor: MigrationExecutor) => Promise<unknown>): Promise<void> {
  const dataSource = await openMigrationSession(url).initialize();
  try {
    const runner = dataSource.createQueryRunner();
    await requireVersion(runner);
    await lock(runner);
    await prepareTable(runner);
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'each';
    await work(executor);
  } finally {
    // Closes the session, and the lock with it.
    await dataSource.destroy();
  }
}

/** A session without limits of time: a migration may rewrite a large table. */
function openMigrationSession(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    applicationName: 'parley-migrate',
    poolSize: 1,
    extra: {
      connectionTimeoutMillis: 10_000,
      options: '-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0',
    },
  });
}

/**
 * NOTE: asks again and again instead of waiting inside PostgreSQL. A session that waits there has a
 * snapshot open, and CREATE INDEX CONCURRENTLY in a migration would wait for it for ever.
 */
async function lock(runner: QueryRunner): Promise<void> {
  for (;;) {
    const rows = (await runner.query('SELECT pg_try_advisory_lock($1) AS locked', [MIGRATION_LOCK])) as {
      locked: boolean;
    }[];
    if (rows[0]?.locked === true) return;
    await delay(LOCK_EVERY_MS);
  }
}

const CREATE = `
  CREATE TABLE migrations (
    id serial CONSTRAINT migrations_id_pk PRIMARY KEY,
    "timestamp" bigint NOT NULL,
    name character varying NOT NULL
  )`;
const COMMENT = `COMMENT ON INDEX migrations_id_pk IS 'which migrations were executed, the newest first'`;

/**
 * TypeORM makes its list of migrations itself when there is none, with a name of its own for the key and
 * no comment; databases that were made so are given ours.
 *
 * NOTE: looks first, because even a CREATE … IF NOT EXISTS needs rights that a server with nothing to
 * migrate may do without.
 */
async function prepareTable(runner: QueryRunner): Promise<void> {
  const rows = (await runner.query(
    `SELECT conname AS name FROM pg_constraint WHERE conrelid = to_regclass('migrations') AND contype = 'p'`,
  )) as { name: string }[];
  const name = rows[0]?.name;
  if (name === 'migrations_id_pk') return;
  // Several statements in one query are one transaction.
  if (name === undefined) await runner.query(`${CREATE}; ${COMMENT}`);
  else await runner.query(`ALTER TABLE migrations RENAME CONSTRAINT "${name}" TO migrations_id_pk; ${COMMENT}`);
}

async function requireVersion(runner: QueryRunner): Promise<void> {
  const rows = (await runner.query('SHOW server_version_num')) as { server_version_num: string }[];
  if (Number(rows[0]?.server_version_num) < OLDEST_SUPPORTED)
    throw new StartupError('Parley needs PostgreSQL 15 or newer');
}
