import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { testConfig } from '../../../../test/support/config.js';
import { CuttingProxy } from '../../../../test/support/cutting-proxy.js';
import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { CONNECTION_OPTIONS, prepared, preparedAsValues } from './connection.js';
import { createDataSource } from './data-source.js';
import { isConnectionLost } from './database-errors.js';
import { Pools } from './pools.js';

const LIMITS = `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
  current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('jit') AS jit`;

const run = promisify(execFile);
const CONNECTION = new URL('../../dist/database/connection.js', import.meta.url).href;

/** Asks something, and looks whether what waits for the answer is old at birth. */
const PROGRAM = `
  import { Client } from 'pg';
  const isOld = new Function('it', 'return !%InYoungGeneration(it)');
  const { CONNECTION_OPTIONS } = await import('${CONNECTION}');

  async function isOldAtBirth(client) {
    await client.connect();
    const answer = client.query('SELECT 1');
    const isOldNow = isOld(client._activeQuery.callback);
    await answer;
    await client.end();
    return isOldNow;
  }

  const connectionString = process.env.OF_THE_TEST;
  console.log(JSON.stringify({
    ours: await isOldAtBirth(new CONNECTION_OPTIONS.Client({ ...CONNECTION_OPTIONS, connectionString })),
    plain: await isOldAtBirth(new Client({ connectionString })),
  }));
`;

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

  it('is broken off when it owes an answer and says nothing', async () => {
    const { hostname, port } = new URL(database.url);
    const proxy = await CuttingProxy.to(hostname, Number(port));
    const connectionString = Object.assign(new URL(database.url), { port: proxy.localPort }).href;
    const pool = new Pool({ ...CONNECTION_OPTIONS, connectionString, max: 1, silentMaxMs: 500 } as object);
    pool.on('error', () => undefined);
    await pool.query('SELECT 1');
    proxy.silence();
    const error: unknown = await pool.query('SELECT 1').catch((reason: unknown) => reason);
    expect(error).toEqual(new Error('Query read timeout'));
    expect(isConnectionLost(error)).toBe(true);
    expect((await pool.query('SELECT 2 AS number')).rows).toEqual([{ number: 2 }]);
    await pool.end();
    await proxy.close();
  });

  it('is not silent while it gives one answer after the other', async () => {
    const options = { ...CONNECTION_OPTIONS, connectionString: database.url, silentMaxMs: 1_500 };
    const client = new CONNECTION_OPTIONS.Client(options);
    await client.connect();
    const answers = await Promise.all([1, 2, 3, 4].map((number) => client.query(`SELECT ${number}, pg_sleep(0.5)`)));
    expect(answers.map(({ rowCount }) => rowCount)).toEqual([1, 1, 1, 1]);
    await client.end();
  });

  it('tells by the stack of an error who asked', async () => {
    const client = new CONNECTION_OPTIONS.Client({ ...CONNECTION_OPTIONS, connectionString: database.url });
    async function askWrongly(): Promise<unknown> {
      return await client.query('SELECT nothing');
    }
    await client.connect();
    const error: unknown = await askWrongly().catch((reason: unknown) => reason);
    expect((error as Error).stack).toContain('askWrongly');
    await client.end();
  });

  it('makes nothing for a query where V8 looks for garbage rarely', async () => {
    const options = ['--allow-natives-syntax', '--input-type=module', '--eval', PROGRAM];
    const env = { ...process.env, OF_THE_TEST: database.url };
    const { stdout } = await run(process.execPath, options, { cwd: new URL('.', import.meta.url), env });
    expect(JSON.parse(stdout)).toEqual({ ours: false, plain: true });
  });
});
