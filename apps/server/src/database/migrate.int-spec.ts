import { Client } from 'pg';
import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { migrate, undoMigrations } from './migrate.js';
import { MIGRATIONS } from './migrations.js';

/** Everything the schema consists of, but for TypeORM's list of migrations, so that two can be compared. */
const SCHEMA = `
  SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS part
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'
  UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migrations'
  UNION ALL SELECT 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
             WHERE connamespace = 'public'::regnamespace AND conrelid <> coalesce(to_regclass('migrations'), 0)
  UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
   ORDER BY 1`;

describe('migrations', () => {
  let database: TestDatabase;
  let client: Client;

  beforeEach(async () => {
    database = await createDatabase({ empty: true });
    client = new Client({ connectionString: database.url });
    await client.connect();
  });

  afterEach(async () => {
    await client.end();
    await database.drop();
  });

  async function schema(): Promise<string[]> {
    const { rows } = await client.query<{ part: string }>(SCHEMA);
    return rows.map((row) => row.part);
  }

  async function executed(): Promise<string[]> {
    const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
    return rows.map((row) => row.name);
  }

  async function keyOfList(): Promise<unknown[]> {
    const { rows } = await client.query<{ name: string; comment: string | null }>(
      `SELECT i.relname AS name, obj_description(i.oid, 'pg_class') AS comment
         FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = 'migrations'::regclass`,
    );
    return rows;
  }

  it('go up, down to nothing, and up to the same schema again', async () => {
    await migrate(database.url);
    const first = await schema();
    await undoMigrations(database.url);
    expect(await schema()).toEqual([]);
    await migrate(database.url);
    expect(await schema()).toEqual(first);
  });

  it('change nothing when there is nothing to do', async () => {
    await migrate(database.url);
    const before = await executed();
    await migrate(database.url);
    expect(await executed()).toEqual(before);
    expect(before).toEqual(MIGRATIONS.map((migration) => migration.name));
  });

  it('give the list of migrations that TypeORM made our name for its key, and keep what it lists', async () => {
    await migrate(database.url);
    const [fresh, before] = [await keyOfList(), await executed()];
    await client.query('ALTER TABLE migrations RENAME CONSTRAINT migrations_id_pk TO "PK_8c82d7f526340ab734260ea46be"');
    await client.query('COMMENT ON INDEX "PK_8c82d7f526340ab734260ea46be" IS NULL');
    await migrate(database.url);
    expect(await keyOfList()).toEqual(fresh);
    expect(fresh).toEqual([{ name: 'migrations_id_pk', comment: expect.stringMatching(/./) as string }]);
    expect(await executed()).toEqual(before);
  });

  it('run once when ten servers start on an empty database at the same moment', async () => {
    await Promise.all(Array.from({ length: 10 }, () => migrate(database.url)));
    expect(await executed()).toHaveLength(MIGRATIONS.length);
  });

  it('go on when the server that was migrating dies', async () => {
    // Holds the lock as a dead server would: until its session ends.
    await client.query('SELECT pg_advisory_lock($1)', ['123611713398137']);
    const waiting = migrate(database.url);
    await client.end();
    await waiting;
    client = new Client({ connectionString: database.url });
    await client.connect();
    expect(await executed()).toHaveLength(MIGRATIONS.length);
  });
});
