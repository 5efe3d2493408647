import type { DataSource } from 'typeorm';
import { testConfig } from '../../../../test/support/config.js';
import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { prepared, preparedAsValues } from './connection.js';
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

  it('gives columns as values, and times as the API shows them, where that is asked for', async () => {
    const sql = preparedAsValues(
      'some_values',
      `SELECT at, 9007199254740991::bigint AS counter, ARRAY['a']::text[] AS list, NULL::text AS nothing
         FROM unnest($1::timestamptz[]) AS at`,
    );
    const times = [
      ['2026-11-23 10:15:00+00', '2026-11-23T10:15:00.000Z'],
      ['2026-11-23 10:15:00.1+00', '2026-11-23T10:15:00.100Z'],
      ['2026-11-23 12:15:00.123999+02', '2026-11-23T10:15:00.123Z'],
      ['1969-12-31 23:59:59.999999+00', '1969-12-31T23:59:59.999Z'],
    ];
    const rows: unknown[][] = await dataSource.query(sql, [times.map(([stored]) => stored)]);
    expect(rows).toEqual(times.map(([, shown]) => [shown, 9007199254740991, ['a'], null]));
    const dates: { at: Date }[] = await dataSource.query('SELECT unnest($1::timestamptz[]) AS at', [
      times.map(([stored]) => stored),
    ]);
    expect(dates.slice(0, 3).map(({ at }) => at.toISOString())).toEqual(rows.slice(0, 3).map(([at]) => at));
  });

  it('is not waited for without end', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.connect();
    await expect(dataSource.query('SELECT 1')).rejects.toThrow('timeout exceeded');
    await runner.release();
  });
});
