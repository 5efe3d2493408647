import type { DataSource } from 'typeorm';
import { testConfig } from '../../../../test/support/config.js';
import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { eventually } from '../../../../test/support/eventually.js';
import { newId } from '../common/id.js';
import type { Change, Fact } from '../events/fact.js';
import { FactBus } from '../events/fact-bus.js';
import { LocalFanOut } from '../events/fan-out.driver.js';
import { createDataSource } from './data-source.js';
import { Outbox } from './outbox.js';
import { Transactions } from './transactions.js';

const fact = (conversationId: string): Fact => ({
  type: 'conversation:left',
  audience: { userIds: [conversationId] },
  payload: { conversationId, seq: 1 },
});

/** What one node publishes, and how to stop it. */
interface Node {
  outbox: Outbox;
  bus: FactBus;
  dataSource: DataSource;
  published: Change[];
  stop(): Promise<void>;
}

describe('the outbox', () => {
  let database: TestDatabase;
  const nodes: Node[] = [];

  async function startNode({ poolSize = 5 } = {}): Promise<Node> {
    const config = testConfig(database.url, { PARLEY_DATABASE_POOL: String(poolSize) });
    const dataSource = await createDataSource(config, []).initialize();
    const bus = new FactBus(new LocalFanOut());
    const published: Change[] = [];
    bus.subscribe((change) => published.push(change));
    const outbox = new Outbox(dataSource, bus);
    outbox.onModuleInit();
    const node = {
      outbox,
      bus,
      dataSource,
      published,
      stop: async () => {
        await outbox.onApplicationShutdown();
        await dataSource.destroy();
      },
    };
    nodes.push(node);
    return node;
  }

  /** A committed transaction whose process died before it published: a row that is due at once. */
  async function leaveBehind(node: Node, facts: readonly object[]): Promise<string> {
    const id = newId();
    await node.dataSource.query('INSERT INTO outbox (id, facts, due_at) VALUES ($1, $2, clock_timestamp())', [
      id,
      JSON.stringify(facts),
    ]);
    return id;
  }

  async function rowsOf(node: Node): Promise<string[]> {
    const rows: { id: string }[] = await node.dataSource.query('SELECT id FROM outbox');
    return rows.map((row) => row.id);
  }

  beforeEach(async () => {
    database = await createDatabase();
  });

  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()));
    await database.drop();
  });

  it('forgets a row soon after its facts were published', async () => {
    const node = await startNode();
    const id = newId();
    await new Transactions(node.dataSource, node.outbox).run(async (tx) => {
      tx.record(fact(id));
      await tx.query('SELECT 1');
    });
    expect(node.published).toEqual([[fact(id)]]);
    await eventually(async () => expect(await rowsOf(node)).toEqual([]));
    expect(node.published).toHaveLength(1);
  });

  it('publishes what a crash left behind, in order, and forgets it', async () => {
    const node = await startNode();
    const [first, second, third] = [newId(), newId(), newId()];
    await leaveBehind(node, [fact(first), fact(second)]);
    await leaveBehind(node, [fact(third)]);
    await eventually(async () => {
      expect(node.published).toEqual([[fact(first)], [fact(second)], [fact(third)]]);
      expect(await rowsOf(node)).toEqual([]);
    });
  });

  it('lets a row that is not due to its writer', async () => {
    const node = await startNode();
    const [fresh, due] = [newId(), newId()];
    await node.dataSource.query('INSERT INTO outbox (id, facts) VALUES ($1, $2)', [
      newId(),
      JSON.stringify([fact(fresh)]),
    ]);
    await leaveBehind(node, [fact(due)]);
    await eventually(() => expect(node.published.length).toBeGreaterThan(0));
    expect(node.published).toEqual([[fact(due)]]);
    await eventually(() => expect(node.published).toEqual([[fact(due)], [fact(fresh)]]));
  });

  it('publishes each row that was left behind on one of several nodes only', async () => {
    const [one, other, third] = [await startNode(), await startNode(), await startNode()];
    const ids = Array.from({ length: 250 }, newId);
    await one.dataSource.query(
      `INSERT INTO outbox (id, facts, due_at)
       SELECT gen_random_uuid(), facts, clock_timestamp() FROM jsonb_array_elements($1::jsonb) AS facts`,
      [JSON.stringify(ids.map((id) => [fact(id)]))],
    );
    await eventually(async () => expect(await rowsOf(one)).toEqual([]));
    const published = [one, other, third].flatMap((node) => node.published.flat());
    expect(published).toHaveLength(250);
    expect(new Set(published.map((known) => known.audience)).size).toBe(250);
  });

  it('loads appended messages by whoever registered for it, with a pool of one', async () => {
    const node = await startNode({ poolSize: 1 });
    const conversationId = newId();
    const range = { type: 'appended', conversationId, fromSeq: 1, toSeq: 3 };
    node.outbox.registerRangeLoader(async (asked) => {
      expect(asked).toEqual(range);
      await node.dataSource.query('SELECT 1');
      return [[fact(conversationId)]];
    });
    await leaveBehind(node, [range]);
    await eventually(() => expect(node.published).toEqual([[fact(conversationId)]]));
  });

  it('publishes the others when one row cannot be loaded, and keeps that one', async () => {
    const node = await startNode();
    const id = newId();
    node.outbox.registerRangeLoader(() => Promise.reject(new Error('on purpose')));
    const broken = await leaveBehind(node, [{ type: 'appended', conversationId: newId(), fromSeq: 1, toSeq: 1 }]);
    const sound = await leaveBehind(node, [fact(id)]);
    await eventually(async () => {
      expect(node.published).toEqual([[fact(id)]]);
      expect(await rowsOf(node)).not.toContain(sound);
    });
    expect(await rowsOf(node)).toEqual([broken]);
  });

  it('leaves the row to the sweep when publishing throws, and the writer hears nothing of it', async () => {
    const node = await startNode();
    const id = newId();
    const publish = node.bus.publish.bind(node.bus);
    node.bus.publish = () => {
      node.bus.publish = publish;
      throw new Error('on purpose');
    };
    const transactions = new Transactions(node.dataSource, node.outbox);
    await expect(
      transactions.run((tx) => {
        tx.record(fact(id));
        return Promise.resolve('committed');
      }),
    ).resolves.toBe('committed');
    expect(node.published).toEqual([]);
    await eventually(() => expect(node.published).toEqual([[fact(id)]]));
  });

  it('forgets what was published before it stops', async () => {
    const [node, witness] = [await startNode(), await startNode()];
    await new Transactions(node.dataSource, node.outbox).run((tx) => {
      tx.record(fact(newId()));
      return Promise.resolve();
    });
    await nodes.shift()?.stop();
    expect(await rowsOf(witness)).toEqual([]);
  });
});
