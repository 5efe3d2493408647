import { DataSource } from 'typeorm';
import { testConfig } from '../../../../test/support/config.js';
import { CuttingProxy } from '../../../../test/support/cutting-proxy.js';
import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { eventually } from '../../../../test/support/eventually.js';
import { newId } from '../common/id.js';
import type { Fact } from '../events/fact.js';
import { FactBus } from '../events/fact-bus.js';
import { LocalFanOut } from '../events/fan-out.driver.js';
import { createDataSource } from './data-source.js';
import { Outbox } from './outbox.js';
import { Transactions, type Tx } from './transactions.js';

const fact = (conversationId: string): Fact => ({
  type: 'conversation:left',
  audience: { userIds: [conversationId] },
  payload: { conversationId, seq: 1 },
});

describe('transactions', () => {
  let database: TestDatabase;
  let proxy: CuttingProxy;
  let dataSource: DataSource;
  let transactions: Transactions;
  let published: Fact[];

  async function open(url: string, poolSize: number): Promise<void> {
    const config = testConfig(url, { PARLEY_DATABASE_POOL: String(poolSize) });
    dataSource = await createDataSource(config, []).initialize();
    const bus = new FactBus(new LocalFanOut());
    published = [];
    bus.subscribe((change) => published.push(...change));
    transactions = new Transactions(dataSource, new Outbox(dataSource, bus));
  }

  beforeAll(async () => {
    database = await createDatabase();
    const { hostname, port } = new URL(database.url);
    proxy = await CuttingProxy.to(hostname, Number(port));
    await open(database.url, 10);
    await dataSource.query('CREATE TABLE marks (id uuid PRIMARY KEY, value integer NOT NULL DEFAULT 0)');
    await dataSource.destroy();
  });

  beforeEach(async () => {
    proxy.heal();
    const url = new URL(database.url);
    url.host = `127.0.0.1:${proxy.localPort}`;
    await open(url.href, 10);
  });

  afterEach(() => dataSource.destroy());

  afterAll(async () => {
    await proxy.close();
    await database.drop();
  });

  const mark = (tx: Tx, id: string) => tx.query('INSERT INTO marks (id) VALUES ($1)', [id]);
  const fail = (tx: Tx, sqlState: string) =>
    tx.query(`DO $$ BEGIN RAISE EXCEPTION 'on purpose' USING ERRCODE = '${sqlState}'; END $$`);

  async function isMarked(id: string): Promise<boolean> {
    return (await dataSource.query<unknown[]>('SELECT 1 FROM marks WHERE id = $1', [id])).length === 1;
  }

  it('publishes what was recorded, in order, after the commit', async () => {
    const [first, second] = [newId(), newId()];
    const result = await transactions.run(async (tx) => {
      tx.record(fact(first), fact(second));
      await mark(tx, first);
      expect(published).toEqual([]);
      return 'done';
    });
    expect(result).toBe('done');
    expect(published).toEqual([fact(first), fact(second)]);
    expect(await isMarked(first)).toBe(true);
  });

  it('stores and publishes nothing when the work throws', async () => {
    const id = newId();
    const work = transactions.run(async (tx) => {
      tx.record(fact(id));
      await mark(tx, id);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await isMarked(id)).toBe(false);
    expect(published).toEqual([]);
    expect(await dataSource.query('SELECT 1 FROM outbox WHERE facts::text LIKE $1', [`%${id}%`])).toEqual([]);
  });

  it('returns the rows of an UPDATE and a DELETE with RETURNING', async () => {
    const id = newId();
    await transactions.run((tx) => mark(tx, id));
    const rows = await transactions.run(async (tx) => [
      await tx.query('UPDATE marks SET value = 7 WHERE id = $1 RETURNING value', [id]),
      await tx.query('DELETE FROM marks WHERE id = $1 RETURNING value', [id]),
    ]);
    expect(rows).toEqual([[{ value: 7 }], [{ value: 7 }]]);
  });

  it.each(['40001', '40P01'])(
    'runs the work again after %s, and keeps the facts of the last run only',
    async (sqlState) => {
      const id = newId();
      let runs = 0;
      await transactions.run(async (tx) => {
        runs += 1;
        tx.record(fact(id));
        await mark(tx, id);
        if (runs < 3) await fail(tx, sqlState);
      });
      expect(runs).toBe(3);
      expect(published).toEqual([fact(id)]);
    },
  );

  it('lets both of two transactions through that deadlock', async () => {
    const [one, other] = [newId(), newId()];
    await transactions.run(async (tx) => {
      await mark(tx, one);
      await mark(tx, other);
    });
    let locked = 0;
    let bothLocked: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (bothLocked = resolve));
    const increment = (order: readonly string[]) =>
      transactions.run(async (tx) => {
        for (const id of order) {
          await tx.query('UPDATE marks SET value = value + 1 WHERE id = $1', [id]);
          if ((locked += 1) === 2) bothLocked();
          await both;
        }
      });
    await Promise.all([increment([one, other]), increment([other, one])]);
    expect(await dataSource.query('SELECT value FROM marks WHERE id IN ($1, $2)', [one, other])).toEqual([
      { value: 2 },
      { value: 2 },
    ]);
  });

  it('gives up on a conflict that does not go away', async () => {
    await expect(transactions.run((tx) => fail(tx, '40001'))).rejects.toMatchObject({ code: 'service_unavailable' });
  });

  it('does not run the work again after any other error', async () => {
    let runs = 0;
    const work = transactions.run(async (tx) => {
      runs += 1;
      await fail(tx, '23514');
    });
    await expect(work).rejects.toMatchObject({ code: '23514' });
    expect(runs).toBe(1);
  });

  it('refuses to commit when the work ignored the error of a statement', async () => {
    const id = newId();
    const work = transactions.run(async (tx) => {
      await mark(tx, id);
      await fail(tx, '23514').catch(() => undefined);
    });
    await expect(work).rejects.toThrow('its error was ignored');
    expect(await isMarked(id)).toBe(false);
  });

  it('answers service_unavailable when a statement takes too long, and goes on using the connection', async () => {
    await dataSource.destroy();
    await open(database.url, 1);
    const slow = transactions.run(async (tx) => {
      await tx.query(`SET LOCAL statement_timeout = 50`);
      await tx.query('SELECT pg_sleep(10)');
    });
    await expect(slow).rejects.toMatchObject({ code: 'service_unavailable' });
    await expect(transactions.run((tx) => tx.query('SELECT 1 AS one'))).resolves.toEqual([{ one: 1 }]);
  });

  it('works with a pool of one', async () => {
    await dataSource.destroy();
    await open(database.url, 1);
    const ids = Array.from({ length: 20 }, newId);
    await Promise.all(
      ids.map((id) =>
        transactions.run(async (tx) => {
          tx.record(fact(id));
          await mark(tx, id);
        }),
      ),
    );
    expect(published).toHaveLength(20);
  });

  it('runs the work again when its connection is ended before the commit', async () => {
    const id = newId();
    let runs = 0;
    await transactions.run(async (tx) => {
      runs += 1;
      tx.record(fact(id));
      await mark(tx, id);
      if (runs === 1) await terminate(tx);
    });
    expect(runs).toBe(2);
    expect(await isMarked(id)).toBe(true);
    expect(published).toEqual([fact(id)]);
  });

  it('survives that all its connections are ended again and again under load', async () => {
    const ids = Array.from({ length: 300 }, newId);
    const admin = await new DataSource({ type: 'postgres', url: database.url, poolSize: 1 }).initialize();
    let loading = true;
    const attack = async () => {
      for (let round = 0; loading && round < 10; round += 1) {
        await admin.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        );
      }
    };
    const load = Promise.all(
      ids.map((id) =>
        transactions.run(async (tx) => {
          tx.record(fact(id));
          await mark(tx, id);
        }),
      ),
    );
    await Promise.all([load.finally(() => (loading = false)), attack()]);
    await admin.destroy();
    expect(await dataSource.query('SELECT count(*) AS count FROM marks WHERE id = ANY ($1)', [ids])).toEqual([
      { count: 300 },
    ]);
    expect(new Set(published.map((known) => JSON.stringify(known))).size).toBe(300);
  });

  describe('whose connection breaks during the commit', () => {
    const write = (id: string, onRun: () => void = () => undefined) =>
      transactions.run(async (tx) => {
        onRun();
        tx.record(fact(id));
        await mark(tx, id);
      });

    it('finds out that it was committed', async () => {
      const id = newId();
      proxy.cutAt('COMMIT', 'after');
      await write(id);
      expect(published).toEqual([fact(id)]);
      expect(await isMarked(id)).toBe(true);
    });

    it('finds out that it was undone, and runs the work again', async () => {
      const id = newId();
      let runs = 0;
      proxy.cutAt('COMMIT', 'before');
      await write(id, () => (runs += 1));
      expect(runs).toBe(2);
      expect(published).toEqual([fact(id)]);
    });

    it('answers outcome_unknown when the database stays away, and leaves the facts to the sweep', async () => {
      const id = newId();
      const work = transactions.run(async (tx) => {
        tx.record(fact(id));
        await mark(tx, id);
        proxy.cutAt('COMMIT', 'after', { refuse: true });
      });
      await expect(work).rejects.toMatchObject({ code: 'outcome_unknown' });
      expect(published).toEqual([]);
      proxy.heal();
      expect(await isMarked(id)).toBe(true);
    });

    it('answers outcome_unknown when there are no facts to ask by', async () => {
      proxy.cutAt('COMMIT', 'after');
      await expect(transactions.run((tx) => mark(tx, newId()))).rejects.toMatchObject({ code: 'outcome_unknown' });
    });
  });

  it('leaves no connection checked out', async () => {
    await transactions.run((tx) => fail(tx, '23514')).catch(() => undefined);
    const { master } = dataSource.driver as unknown as { master: { totalCount: number; idleCount: number } };
    await eventually(() => expect(master.idleCount).toBe(master.totalCount));
  });

  async function terminate(tx: Tx): Promise<void> {
    const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await dataSource.query('SELECT pg_terminate_backend($1)', [row?.pid]);
  }
});
