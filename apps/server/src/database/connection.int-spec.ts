import type { DataSource } from 'typeorm';
import { testConfig } from '../../../../test/support/config.js';
import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { prepared } from './connection.js';
import { createDataSource } from './data-source.js';
import { Pools } from './pools.js';

const LIMITS = `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
  current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('jit') AS jit`;

describe('every connection of a running server', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let pools: Pools;

  beforeAll(async () => {
    database = await createDatabase();
    const config = testConfig(database.url, { PARLEY_DATABASE_POOL: '1' });
    dataSource = await createDataSource(config, []).initialize();
    pools = new Pools(config);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await pools.onApplicationShutdown();
    await database.drop();
  });

  it('is bound by limits of time', async () => {
    const limits = { statement: '5s', lock: '2s', idle: '10s', jit: 'off' };
    expect(await dataSource.query(LIMITS)).toEqual([limits]);
    expect((await pools.messaging.query(LIMITS)).rows).toEqual([limits]);
    expect((await pools.health.query(LIMITS)).rows).toEqual([limits]);
  });

  it('reads counters as numbers', async () => {
    expect(await dataSource.query('SELECT 9007199254740991::bigint AS counter')).toEqual([
      { counter: 9007199254740991 },
    ]);
  });

  it('keeps the queries that are marked for it prepared, and no others', async () => {
    const square = prepared('square_of', 'SELECT $1::int * $1::int AS square');
    expect(await dataSource.query(square, [3])).toEqual([{ square: 9 }]);
    expect(await dataSource.query(square, [4])).toEqual([{ square: 16 }]);
    await dataSource.query('SELECT $1::int AS itself', [5]);
    expect(await dataSource.query('SELECT name, statement FROM pg_prepared_statements')).toEqual([
      { name: 'square_of', statement: square },
    ]);
  });

  it('is not waited for without end', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.connect();
    await expect(dataSource.query('SELECT 1')).rejects.toThrow('timeout exceeded');
    await runner.release();
  });
});
